//! What memory and time a file takes, by its rows: a ledger and the list of all tasks, on the embedded database, through the router.
//! `cargo bench --bench export`
//!
//! Each line is a process of its own, because the most memory that a process has had is known, and not when. Read the ratios.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

use std::{
    env, fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use axum::{body::Body, http::Request};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::JurisdictionKind;
use futures_util::StreamExt as _;
use minsheng::{
    domain::notices::seed::{SeedJurisdiction, SeedNotice, SeedProject},
    service::{
        Clock, Service,
        notices::seed::{Source, check},
    },
    store::Database,
};
use tower::ServiceExt as _;

/// How many tasks the annex has.
const ROWS: [i32; 3] = [100, 1_000, 10_000];

/// What is asked for.
const FILES: [(&str, &str); 4] = [
    ("ledger.csv", "/export/ledger.csv?jurisdiction=large&year=2020"),
    ("ledger.xlsx", "/export/ledger.xlsx?jurisdiction=large&year=2020"),
    (
        "tasks.csv",
        "/export/query.csv?query=%7Btasks(filter%3A%7Bjurisdiction%3A%5B%22large%22%5D%7D%2Cfirst%3A100)%7Bnodes%7Bid%20title%20summary%20leadUnits%7Bname%7D%7D%7D%7D",
    ),
    (
        "tasks.xlsx",
        "/export/query.xlsx?query=%7Btasks(filter%3A%7Bjurisdiction%3A%5B%22large%22%5D%7D%2Cfirst%3A100)%7Bnodes%7Bid%20title%20summary%20leadUnits%7Bname%7D%7D%7D%7D",
    ),
];

/// How a process is told which file of which database it is to ask for.
const ASKED: &str = "MINSHENG_BENCH_EXPORT";

#[tokio::main]
async fn main() {
    if let Ok(asked) = env::var(ASKED) {
        let (file, address) = asked.split_once(' ').expect("a database and an address");
        return ask(Path::new(file), address).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    println!("| file | rows | bytes | time | memory at rest | most memory | ÷ at rest | more than for {} rows |", ROWS[0]);
    println!("|---|---|---|---|---|---|---|---|");
    let files: Vec<_> = ROWS.iter().map(|rows| folder.path().join(format!("{rows}.db"))).collect();
    for (rows, file) in ROWS.iter().zip(&files) {
        let database = Database::open_file(file).await.expect("it opens");
        database.migrate().await.expect("migrated");
        load(&database, *rows).await;
        database.close().await.expect("it closes");
    }
    for (name, address) in FILES {
        let mut least = None;
        for (rows, file) in ROWS.iter().zip(&files) {
            let asked = format!("{} {address}", file.display());
            let told = Command::new(env::current_exe().expect("this program")).env(ASKED, asked).output().expect("it runs");
            let told = String::from_utf8(told.stdout).expect("a text");
            let figures: Vec<u64> = told.split_whitespace().map(|figure| figure.parse().expect("a figure")).collect();
            let [bytes, millis, rest, most] = figures.try_into().expect("four figures");
            let used = most - rest;
            let least: u64 = *least.get_or_insert(used);
            let (time, ratio) = (Duration::from_millis(millis), most as f64 / rest as f64);
            let more = used.cast_signed() - least.cast_signed();
            println!("| {name} | {rows} | {bytes} | {time:.1?} | {rest} KiB | {most} KiB | {ratio:.2} | {more} KiB |");
        }
    }
}

/// Asks for a file, forgets it piece by piece, and says what that took.
async fn ask(file: &Path, address: &str) {
    let database = Database::open_file(file).await.expect("it opens");
    let service = Service::new(database, Clock::of_the_machine()).expect("a service");
    let router = http::router(Gate::new(Endpoint::new(service, Limits::default()), Proxies::default()));
    let get = async |address: &str| {
        let request = Request::get(address).body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert!(response.status().is_success(), "{}", response.status());
        let mut pieces = response.into_body().into_data_stream();
        let mut bytes = 0;
        while let Some(piece) = pieces.next().await {
            bytes += piece.expect("a piece").len();
        }
        bytes
    };
    // What everything needs that is asked for the first time.
    get("/export/notice.csv?jurisdiction=yanzhou&year=2024").await;
    let rest = status("VmRSS");
    let begun = Instant::now();
    let bytes = get(address).await;
    println!("{bytes} {} {rest} {}", begun.elapsed().as_millis(), status("VmHWM"));
}

/// A figure of this process as the system keeps it, in KiB; 0 where it keeps none.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim_matches(|character: char| !character.is_ascii_digit()).parse().unwrap_or_default()
}

/// The five notices, and one whose annex has so many tasks.
async fn load(database: &Database, rows: i32) {
    let mut seed = check(&Source::Embedded).expect("the seeds are sound");
    seed.jurisdictions.push(SeedJurisdiction {
        code: "large".into(),
        name: "大市".into(),
        name_english: "Large".into(),
        kind: JurisdictionKind::District,
        division_code: None,
        parent: Some("jining".into()),
    });
    let original = seed.notices.first().expect("a notice").clone();
    let tasks: Vec<_> = original.projects.iter().flat_map(|project| &project.tasks).cloned().collect();
    let numbered = |number: i32, task: &minsheng::domain::notices::seed::SeedTask| minsheng::domain::notices::seed::SeedTask {
        number,
        ..task.clone()
    };
    let tasks = (1..=rows).zip(tasks.iter().cycle()).map(|(number, task)| numbered(number, task)).collect();
    let projects = vec![SeedProject { number: 1, title: "项目".into(), tasks }];
    seed.notices.push(SeedNotice {
        jurisdiction: "large".into(),
        year: 2020,
        document_number: None,
        issuer: None,
        supervisor: None,
        projects,
        ..original
    });
    database.load_seed(&seed).await.expect("loaded");
}
