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

mod access;
mod access_property;
mod access_rows;
mod account;
mod architecture;
mod audit;
mod away;
mod browser;
mod clocks;
mod command;
mod command_account;
mod command_audit;
mod command_config;
mod command_documents;
mod command_health;
mod command_serve;
mod comparison;
mod contract;
mod deadline;
mod demonstration;
mod documents;
mod export;
mod feed;
mod full;
mod groups;
mod health;
mod http;
mod inference;
mod limits;
mod lists;
mod lookup;
mod polling;
mod progress;
mod refusal;
mod schema;
mod search;
mod seed;
mod sign_in;
mod statements;
mod storage;
mod support;
mod token;
mod visibility;
mod walk;

use libtest_mimic::Arguments;

fn main() {
    let arguments = Arguments::from_args();
    let cases = [
        access_property::cases(),
        access_rows::cases(),
        account::cases(),
        audit::cases(),
        comparison::cases(),
        away::cases(),
        browser::cases(),
        clocks::cases(),
        contract::cases(),
        deadline::cases(),
        demonstration::cases(),
        documents::cases(),
        export::cases(),
        feed::cases(),
        full::all_cases(),
        groups::cases(),
        health::cases(),
        http::cases(),
        inference::cases(),
        limits::cases(),
        lists::cases(),
        lookup::cases(),
        polling::cases(),
        progress::cases(),
        refusal::cases(),
        search::cases(),
        seed::cases(),
        sign_in::cases(),
        statements::cases(),
        storage::cases(),
        token::cases(),
        visibility::cases(),
        walk::cases(),
    ];
    let plain = [
        access::cases(),
        architecture::cases(),
        command::cases(),
        command_account::cases(),
        command_audit::cases(),
        command_config::cases(),
        command_documents::cases(),
        command_health::cases(),
        command_serve::cases(),
        full::plain_cases(),
        limits::plain_cases(),
        schema::cases(),
    ];
    let trials = support::trials(&cases.concat(), &plain.concat());
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::clean_up();
    conclusion.exit();
}
