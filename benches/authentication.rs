//! What it costs to know who is asking: the same query of the public, of a signed-in account, and by an API key, on the embedded
//! database; and what signing in costs besides. `cargo bench --bench authentication`
//!
//! Times are medians of one run on one machine; the ratios are what to read.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use minsheng::{
    service::{Call, Clock, Service, notices::seed},
    store::Database,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const RUNS: usize = 300;
const SIGN_INS: usize = 20;
const OVERVIEW: &str = include_str!("../tests/contract/01-overview.graphql");
const SMALL: &str = "{ viewer { actions } }";

fn main() {
    minsheng::cli::runtime().expect("a runtime").block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::open_file(&folder.path().join("bench.db")).await.expect("it opens");
    database.migrate().await.expect("migrated");
    seed::load(&database, &seed::Source::Embedded).await.expect("loaded");
    let service = Service::new(database, Clock::of_the_machine()).expect("a service").as_demonstration(true);
    let operator = Call {
        viewer: minsheng::access::viewer::Viewer::Operator,
        occasion: minsheng::domain::audit::Occasion { at: service.now(), request_id: "bench".into(), address: None },
        user_agent: None,
        jurisdictions: None,
    };
    let password = service.prepare_demonstration(&operator).await.expect("accounts").password;
    let router = http::router(Gate::new(Endpoint::new(service, Limits::default()), Proxies::default()));
    let sign_in = json!({
        "query": "mutation($p: String!) { signIn(input: { username: \"jining-office\", password: $p }) { session { accessToken } } }",
        "variables": { "p": password.reveal() },
    });
    let signed_in = post(&router, None, &sign_in).await;
    let token = signed_in["data"]["signIn"]["session"]["accessToken"].as_str().expect("a token").to_owned();
    let key = json!({
        "query": "mutation($e: DateTime!) { createApiKey(input: { name: \"bench\", expiresAt: $e }) { secret } }",
        "variables": { "e": operator.occasion.at.checked_add_signed(chrono::TimeDelta::days(1)).expect("a time").to_rfc3339() },
    });
    let key = post(&router, Some(&token), &key).await["data"]["createApiKey"]["secret"].as_str().expect("a key").to_owned();

    println!("{:<10} {:>12} {:>12} {:>12} {:>14} {:>10}", "query", "public", "session", "api key", "session ÷", "api key ÷");
    for (name, query) in [("small", SMALL), ("overview", OVERVIEW)] {
        let body = json!({ "query": query });
        let public = median(RUNS, async || drop(post(&router, None, &body).await)).await;
        let session = median(RUNS, async || drop(post(&router, Some(&token), &body).await)).await;
        let by_key = median(RUNS, async || drop(post(&router, Some(&key), &body).await)).await;
        let ratio = |time: Duration| time.as_secs_f64() / public.as_secs_f64();
        println!("{name:<10} {public:>12.1?} {session:>12.1?} {by_key:>12.1?} {:>14.1} {:>10.1}", ratio(session), ratio(by_key));
    }
    let signing_in = median(SIGN_INS, async || drop(post(&router, None, &sign_in).await)).await;
    println!("signing in {signing_in:.1?}");
}

async fn post(router: &Router, bearer: Option<&str>, body: &Value) -> Value {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(bearer) = bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let response = router.clone().oneshot(request.body(Body::from(body.to_string())).expect("a request")).await.expect("an answer");
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer
}

async fn median(runs: usize, mut run: impl AsyncFnMut()) -> Duration {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let began = Instant::now();
        run().await;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times.get(runs.div_ceil(2)).copied().unwrap_or_default()
}
