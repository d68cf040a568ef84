//! What a point buys: for every root field of the schema, the processor time of its dearest plain form, by the points that it costs; and the
//! same for forms that were used to attack the service. On the embedded database, with many times the data of the demo.
//! `cargo bench --bench price`; `MINSHENG_BENCH_TIMES` sets how many times the data. The clock stands at a day of April 2024.
//!
//! It prints the table of `docs/PERFORMANCE.md`, and fails where a root field has no case or a point buys more than five times the median.
//! The ratios are what to read: times are of one machine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

mod changes;
mod events;
#[path = "../support/multiplied.rs"]
mod multiplied;
mod reads;

use std::{collections::BTreeSet, env, fs, time::Instant};

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::{DateTime, Utc};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::Role;
use minsheng::{
    access::{password::Password, viewer::Viewer},
    domain::audit::Occasion,
    graphql::sdl,
    service::{
        Call, Clock, Service,
        notices::seed::{Source, check},
        people::account::{InitialPassword, NewAccount},
    },
    store::Database,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// How much processor time a case is measured for, in ticks of a hundredth of a second, and how often at most.
const TICKS: u64 = 60;
const MOST_RUNS: u32 = 200;
/// How much more than the median a point may buy.
const BAR: f64 = 5.0;
/// The day on which everything happens: notices of 2024 are at work.
const TODAY: &str = "2024-04-15T02:00:00Z";
const PASSWORD: &str = "wisteria-quilt-57-Ngong";
const SIGN_IN: &str =
    "mutation($u: String!, $p: String!) { signIn(input: { username: $u, password: $p }) { session { accessToken } errors { code } } }";

/// A case: what is asked, and whether by an office instead of the public.
struct Case {
    name: &'static str,
    query: String,
    by_office: bool,
}

struct Measured {
    name: &'static str,
    /// For one request, or for one event of a subscription.
    points: f64,
    /// Milliseconds of the processor, for one request.
    millis: f64,
}

impl Measured {
    fn each(&self) -> f64 {
        self.millis / self.points
    }
}

fn main() {
    minsheng::cli::runtime().expect("a runtime").block_on(measure());
}

async fn measure() {
    let times = env::var("MINSHENG_BENCH_TIMES").map_or(50, |times| times.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::open_file(&folder.path().join("price.db")).await.expect("it opens");
    database.migrate().await.expect("migrated");
    database.load_seed(&check(&Source::Embedded).expect("the seeds are sound")).await.expect("loaded");
    let today: DateTime<Utc> = TODAY.parse().expect("a time");
    let service = Service::new(database.clone(), Clock::telling(move || today)).expect("a service").as_demonstration(true);
    service.invent_progress(&operator(&service), &|_, _| ()).await.expect("a year");
    database.load_seed(&multiplied::multiplied(times)).await.expect("loaded");
    make_office(&service, "bench-office", "jining").await;
    let limits = Limits { objects: 1_000_000, query_seconds: 300, account_points: 0, ..Limits::default() };
    let router = http::router(Gate::new(Endpoint::new(service.clone(), limits), Proxies::default()));
    let signed_in = post(&router, None, &json!({ "query": SIGN_IN, "variables": { "u": "bench-office", "p": PASSWORD } })).await;
    let token = signed_in["data"]["signIn"]["session"]["accessToken"].as_str().expect("a token").to_owned();
    let ids = reads::ids(&router).await;

    let cases = reads::cases(&ids);
    let (mut measured, mut broken) = (Vec::new(), Vec::new());
    for case in &cases {
        match run(&router, case, &token).await {
            Ok(done) => measured.push(done),
            Err(errors) => broken.push(format!("{}: {errors}", case.name)),
        }
    }
    assert!(broken.is_empty(), "these cases were not answered:\n{}", broken.join("\n"));
    let mut feed = events::Feed::open(&router, &Value::Null).await;
    measured.extend(changes::Changes::new(&router, &service, &token).measure().await);
    let first = feed.next().await.expect("an event")["data"]["progressEvents"]["id"].clone();
    drop(feed);
    measured.push(events::measure(&router, &service, &first).await);
    let named: BTreeSet<&str> = measured.iter().map(|measured| measured.name).collect();
    let missing: Vec<String> = root_fields().into_iter().filter(|field| !named.contains(field.as_str())).collect();
    assert!(missing.is_empty(), "these root fields have no case: {missing:?}");
    let of_fields: Vec<&Measured> = measured.iter().filter(|measured| !measured.name.contains(' ')).collect();
    let mut each: Vec<f64> = of_fields.iter().map(|measured| measured.each()).collect();
    each.sort_by(f64::total_cmp);
    let median = each[each.len() / 2];
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    println!("{} tasks, profile {profile}, {} cores", 96 * times, std::thread::available_parallelism().map_or(0, usize::from));
    println!("\n| field | points | CPU of a request, ms | CPU of a point, ms | ÷ median |");
    println!("|---|---:|---:|---:|---:|");
    for measured in &measured {
        let Measured { name, points, millis } = measured;
        println!("| {name} | {points:.1} | {millis:.1} | {:.2} | {:.2} |", measured.each(), measured.each() / median);
    }
    let dear: Vec<&str> = measured.iter().filter(|measured| measured.each() > BAR * median).map(|measured| measured.name).collect();
    println!("\nmedian: {median:.2} ms; dearer than {BAR} × the median: {dear:?}");
    if !dear.is_empty() {
        std::process::exit(1);
    }
}

/// Measures a case, or says what is wrong with it.
async fn run(router: &Router, case: &Case, token: &str) -> Result<Measured, Value> {
    let body = json!({ "query": case.query, "extensions": { "cost": true } });
    let token = case.by_office.then_some(token);
    // Once for what is made when it is first wanted.
    let answer = post(router, token, &body).await;
    if let Some(errors) = answer.get("errors") {
        return Err(errors.clone());
    }
    let points = answer["extensions"]["cost"]["points"].as_f64().expect("points");
    let (before, begun, mut runs) = (ticks(), Instant::now(), 0_u32);
    let mut used = 0;
    while used < TICKS && runs < MOST_RUNS {
        post(router, token, &body).await;
        runs += 1;
        used = ticks() - before;
    }
    eprint_progress(case.name, runs, begun);
    Ok(Measured { name: case.name, points, millis: used as f64 * 10.0 / f64::from(runs) })
}

#[allow(clippy::print_stderr, reason = "a long benchmark says where it is")]
fn eprint_progress(name: &str, runs: u32, begun: Instant) {
    eprintln!("{name}: {runs} runs in {:.1?}", begun.elapsed());
}

/// The processor time of this process, in hundredths of a second, as the system keeps it.
fn ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("a system that tells");
    // The name in brackets may hold spaces; user and system time are the 14th and 15th figure of all.
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    rest.split_whitespace().skip(11).take(2).map(|figure| figure.parse::<u64>().expect("a figure")).sum()
}

/// The root fields of queries, changes and subscriptions.
fn root_fields() -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for definition in parse_schema(sdl()).expect("a schema").definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let TypeKind::Object(object) = definition.node.kind
            && ["Query", "Mutation", "Subscription"].contains(&definition.node.name.node.as_str())
        {
            fields.extend(object.fields.into_iter().map(|field| field.node.name.node.to_string()));
        }
    }
    assert!(fields.len() > 50);
    fields
}

/// An office that has a password already.
async fn make_office(service: &Service, username: &str, jurisdiction: &str) {
    let new = NewAccount {
        username: username.into(),
        role: Role::Office,
        jurisdiction: jurisdiction.into(),
        unit: None,
        external_subject: None,
        password: InitialPassword::Given(Password::new(PASSWORD)),
    };
    service.create_account(&operator(service), new).await.expect("an account");
}

fn operator(service: &Service) -> Call {
    let occasion = Occasion { at: service.now(), request_id: "bench".into(), address: None };
    Call { viewer: Viewer::Operator, occasion, user_agent: None, jurisdictions: None }
}

async fn post(router: &Router, token: Option<&str>, body: &Value) -> Value {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(body.to_string())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    serde_json::from_slice(&bytes).expect("JSON")
}
