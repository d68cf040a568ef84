//! How long a request can hold a core before it is refused: requests of up to a megabyte that are made to cost, through the whole path
//! from bytes to validation. `cargo bench --bench refusal`
//!
//! Times are the best of several, of one machine. Whatever takes longer than 50 ms fails. Only what is refused counts: what is run is
//! bounded by the time of an operation.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

#[path = "refusal/cases.rs"]
mod cases;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use minsheng::{
    graphql::{Endpoint, Limits},
    http::{self, Gate, Proxies},
    service::{Clock, Service},
    store::Database,
};
use serde_json::Value;
use tower::ServiceExt as _;

const RUNS: usize = 5;
const LONGEST: Duration = Duration::from_millis(50);

fn main() -> ExitCode {
    minsheng::cli::runtime().expect("a runtime").block_on(measure())
}

async fn measure() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::open_file(&folder.path().join("bench.db")).await.expect("it opens");
    database.migrate().await.expect("migrated");
    let service = Service::new(database, Clock::of_the_machine()).expect("a service");
    let limits = Limits::default();
    let router = http::router(Gate::new(Endpoint::new(service, limits), Proxies::default()));
    let [bytes, document, tokens] = [limits.body_bytes, limits.document_bytes, limits.tokens].map(|limit| limit as usize);
    println!("{:<40} {:>9} {:>7} {:>28} {:>10}", "request", "bytes", "status", "code", "time");
    let mut too_long = 0;
    for case in cases::cases(bytes, document, tokens) {
        assert!(case.body.len() <= bytes, "{} has {} bytes", case.name, case.body.len());
        let mut best = Duration::MAX;
        let (mut status, mut code) = (StatusCode::OK, String::new());
        for _ in 0..RUNS {
            let (took, answered, with) = post(&router, &case.body).await;
            best = best.min(took);
            (status, code) = (answered, with);
        }
        let refused = status != StatusCode::OK;
        let mark = if refused && best > LONGEST { "  too long" } else { "" };
        too_long += usize::from(!mark.is_empty());
        println!("{:<40} {:>9} {:>7} {:>28} {:>10.1?}{mark}", case.name, case.body.len(), status.as_u16(), code, best);
    }
    if too_long == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn post(router: &Router, body: &str) -> (Duration, StatusCode, String) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    let began = Instant::now();
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let took = began.elapsed();
    let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let extensions = answer.pointer("/errors/0/extensions");
    let code = extensions.and_then(|extensions| extensions.get("limit").or_else(|| extensions.get("code"))).and_then(Value::as_str);
    (took, status, code.unwrap_or_default().to_owned())
}
