//! The integration suite: one binary, every test through the real router, on `SQLite` and on `PostgreSQL`.
//!
//! `MINSHENG_TEST_DATABASES=sqlite` (or `postgres`) runs one of them alone; `MINSHENG_TEST_POSTGRES_URL` names a server to use
//! instead of a private throw-away one.

#![allow(missing_docs, reason = "a test says what it shows by its name")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests talk to the terminal")]

mod architecture;
mod command;
mod contract;
mod http;
mod lists;
mod lookup;
mod schema;
mod search;
mod seed;
mod sign_in;
mod statements;
mod storage;
mod support;
mod visibility;
mod walk;

use libtest_mimic::Arguments;

fn main() {
    let arguments = Arguments::from_args();
    let cases = [
        contract::cases(),
        http::cases(),
        lists::cases(),
        lookup::cases(),
        search::cases(),
        seed::cases(),
        sign_in::cases(),
        statements::cases(),
        storage::cases(),
        visibility::cases(),
        walk::cases(),
    ];
    let plain = [architecture::cases(), command::cases(), schema::cases()];
    let trials = support::trials(&cases.concat(), &plain.concat());
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::clean_up();
    conclusion.exit();
}
