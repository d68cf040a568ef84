//! What an event costs on the embedded database where many of the public follow: how many statements are run, and how much
//! processor time it takes, if all ask the same and if each asks under a name of its own. `cargo bench --bench following`
//!
//! Figures are of one run on one machine; the ratios are what to read. Processor time is read from `/proc`, and is missing elsewhere.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{Request, header},
};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::{Action, StatusLight};
use futures_util::StreamExt as _;
use minsheng::{
    access::{policy, viewer::Viewer},
    domain::{
        audit::Occasion,
        progress::event::{NewEvent, Scene},
    },
    service::{
        Clock, Service,
        notices::seed::{Source, check},
    },
    store::{Database, Record, StatementObserver, Visible},
};
use serde_json::json;
use tower::ServiceExt as _;

const EVENTS: usize = 5;
/// Under which name it is asked makes it another operation, whose answers nobody shares.
const FEED: &str = "subscription NAME { progressEvents(jurisdiction: \"jining\") { id kind at light
  task { number title leadUnits { name } standing { version } project { title notice { year jurisdiction { name } } } } } }";

fn main() {
    minsheng::cli::runtime().expect("a runtime").block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut database = Database::open_file(&folder.path().join("bench.db")).await.expect("it opens");
    database.migrate().await.expect("migrated");
    database.load_seed(&check(&Source::Embedded).expect("the seeds are sound")).await.expect("loaded");
    let statements = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&statements);
    let observer: StatementObserver = Arc::new(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    database.observe(&observer);
    let clock = Clock::of_the_machine();
    let service = Service::new(database.clone(), clock.clone()).expect("a service");
    // Unshared evaluations wait for each other for long.
    let limits = Limits { address_points: 0, account_points: 0, query_seconds: 300, ..Limits::default() };
    let router = http::router(Gate::new(Endpoint::new(service, limits), Proxies::default()));
    let scene = scene(&database, &clock).await;
    println!("{:<28} {:>20} {:>22} {:>14}", "followers", "statements an event", "processor ms an event", "last told ms");
    for (what, count, same) in
        [("one", 1, true), ("each by its own name", 100, false), ("all the same", 100, true), ("all the same", 1_000, true)]
    {
        let mut all = Vec::new();
        for follower in 0..count {
            all.push(follow(&router, if same { 0 } else { follower }).await);
        }
        let (asked, spent, mut late) = (statements.load(Ordering::Relaxed), processor(), Duration::ZERO);
        for _ in 0..EVENTS {
            let begun = Instant::now();
            emit(&database, scene, &clock).await;
            let told = all.iter_mut().map(next);
            futures_util::future::join_all(told).await;
            late = late.max(begun.elapsed());
        }
        let asked = (statements.load(Ordering::Relaxed) - asked) / EVENTS;
        let spent = spent.zip(processor()).map_or_else(String::new, |(before, after)| {
            format!("{:.1}", after.saturating_sub(before).as_secs_f64() * 1_000.0 / f64::from(u32::try_from(EVENTS).expect("few")))
        });
        let what = format!("{count}, {what}");
        println!("{what:<28} {asked:>20} {spent:>22} {:>14}", late.as_millis());
    }
}

async fn follow(router: &Router, name: usize) -> BodyDataStream {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, "text/event-stream");
    let request = request.body(Body::from(json!({ "query": FEED.replace("NAME", &format!("F{name}")) }).to_string())).expect("a request");
    let mut stream = router.clone().oneshot(request).await.expect("an answer").into_body().into_data_stream();
    let opened = stream.next().await.expect("it is open").expect("bytes");
    assert!(opened.starts_with(b": open"), "{opened:?}");
    stream
}

/// Waits for the next event of a stream, past signs of life.
async fn next(stream: &mut BodyDataStream) {
    loop {
        let sent = stream.next().await.expect("it goes on").expect("bytes");
        if !sent.starts_with(b":") {
            assert!(sent.starts_with(b"event: next") && !sent.windows(8).any(|part| part == b"\"errors\""), "{sent:?}");
            return;
        }
    }
}

async fn scene(database: &Database, clock: &Clock) -> Scene {
    let visible = Visible::new(database.clone(), Viewer::Operator);
    let jurisdiction_id = visible.jurisdictions().await.expect("a tree").by_code("yanzhou").expect("a jurisdiction").id;
    let notice = visible.notice_of_year(jurisdiction_id, 2024).await.expect("it is read").expect("a notice");
    let task = visible.task_by_number(notice.id, 1).await.expect("it is read").expect("a task");
    Scene { at: clock.now(), task_id: task.id, jurisdiction_id }
}

async fn emit(database: &Database, scene: Scene, clock: &Clock) {
    let permit = policy::authorise(&Viewer::Operator, Action::WatchTime, &[]).expect("the operator may");
    let mut writer = database.writing(permit).await.expect("a writer");
    writer.emit(&[NewEvent::light_changed(scene, None, StatusLight::Red)]).await.expect("it is written");
    let occasion = Occasion { at: clock.now(), request_id: "bench".into(), address: None };
    writer.commit(&occasion, Record::done()).await.expect("it is committed");
}

/// How much processor time the process has taken.
fn processor() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program is in brackets and may hold anything; the times are the 12th and 13th fields after it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    // Linux tells them in hundredths of a second on every architecture that this runs on.
    Some(Duration::from_millis((ticks()? + ticks()?) * 10))
}
