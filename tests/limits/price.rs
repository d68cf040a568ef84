//! What a request costs follows what it has done, and what one client has done keeps nobody else waiting.

use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use endpoint::Limits;
use futures_util::future::join_all;
use serde_json::json;
use tokio::task::yield_now;

use crate::{
    cases,
    support::{
        app::{App, Reply, generous},
        backend::Backend,
    },
};

cases![
    work_costs_points,
    a_request_that_owes_points_waits,
    a_request_runs_three_statements_at_once,
    whoever_asks_once_does_not_wait_for_a_crowd,
    each_page_of_a_file_costs_like_a_request,
];

async fn ask_from(app: &App, address: &str, query: &str) -> Reply {
    let request = Request::post("/graphql").header("content-type", "application/json");
    let body = json!({ "query": query, "extensions": { "cost": true } }).to_string();
    app.send_from(address.parse::<IpAddr>().expect("an address"), request.body(Body::from(body)).expect("a request")).await
}

async fn points(app: &App, query: &str) -> u64 {
    let reply = ask_from(app, "192.0.2.1", query).await;
    assert!(reply.body.get("errors").is_none(), "{}", reply.text);
    reply.body["extensions"]["cost"]["points"].as_u64().expect("points")
}

/// A root field so many times.
fn times(count: usize, field: &str) -> String {
    let fields = (0..count).map(|place| format!("a{place}: {field}")).collect::<Vec<_>>().join(" ");
    format!("{{ {fields} }}")
}

async fn twenty_ids(app: &App) -> String {
    let data = app.data("{ tasks(first: 20) { nodes { id } } }", json!({})).await;
    let ids: Vec<String> = data["tasks"]["nodes"].as_array().expect("tasks").iter().map(|task| task["id"].to_string()).collect();
    ids.join(", ")
}

async fn work_costs_points(app: App) {
    let page = points(&app, "{ tasks(first: 1) { nodes { id } } }").await;
    let counted = points(&app, "{ tasks(first: 1) { totalCount nodes { id } } }").await;
    let searched = points(&app, "{ tasks(first: 1, filter: { text: \"建设\" }) { totalCount nodes { id } } }").await;
    let judged = points(&app, "{ tasks(first: 1, filter: { light: [RED] }) { totalCount nodes { id } } }").await;
    assert!(page < counted && counted < searched && searched < judged, "{page} {counted} {searched} {judged}");
    let states = points(&app, "{ tasks(first: 100) { nodes { state { light } } } }").await;
    assert!(states > points(&app, "{ tasks(first: 100) { nodes { title summary } } }").await, "each row is judged");
    // Who asks for thirty at once pays for thirty, whatever is selected of them.
    let ids = twenty_ids(&app).await;
    for field in [
        format!("compareTasks(ids: [{ids}]) {{ on }}"),
        "tasks(filter: { text: \"建设\" }) { totalCount }".to_owned(),
        "reports { totalCount }".to_owned(),
    ] {
        let (one, thirty) = (points(&app, &times(1, &field)).await, points(&app, &times(30, &field)).await);
        assert!(one > 2 && thirty >= 30 * (one - 1), "{field}: {one} and {thirty}");
    }
}

async fn a_request_that_owes_points_waits(app: App) {
    // Thirty points at once, one a second.
    let app = app.within(Limits { address_points: 60, ..generous() });
    let ids = twenty_ids(&app).await;
    let reply = ask_from(&app, "192.0.2.9", &times(10, &format!("compareTasks(ids: [{ids}]) {{ on }}"))).await;
    let paid = reply.body["extensions"]["cost"]["points"].as_u64().expect("points");
    assert!(paid > 60, "{paid}");
    let refused = ask_from(&app, "192.0.2.9", "{ __typename }").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait = refused.body["errors"][0]["extensions"]["retryAfter"].as_u64().expect("seconds");
    // All that it owes, less what came back while it ran; an allowance alone would be back within half a minute.
    assert!(wait > 30 && wait <= paid.min(300), "{wait} of {paid}");
    assert_eq!(ask_from(&app, "192.0.2.10", "{ __typename }").await.status, StatusCode::OK, "another client");
}

async fn a_request_runs_three_statements_at_once(app: App) {
    let app = Arc::new(app);
    let over = Arc::new(AtomicBool::new(false));
    let busy = {
        let (app, over) = (Arc::clone(&app), Arc::clone(&over));
        tokio::spawn(async move {
            // Only the server knows what it is doing; a file is read by this process, whose pool tells how much is in use.
            let statement = "SELECT count(*) FROM pg_stat_activity \
                             WHERE application_name = 'minsheng' AND state = 'active' AND datname = current_database()";
            let (mut most, mut looked) = (0, 0);
            while !over.load(Ordering::Relaxed) {
                let now = match app.backend {
                    Backend::Postgres => app.number(statement).await,
                    Backend::Sqlite => i64::try_from(app.database.connections()[0].busy).expect("a few"),
                };
                (most, looked) = (most.max(now), looked + 1);
                yield_now().await;
            }
            (most, looked)
        })
    };
    let query = times(30, "tasks(filter: { text: \"建设\" }) { totalCount nodes { id } }");
    for _ in 0..3 {
        app.data(&query, json!({})).await;
    }
    over.store(true, Ordering::Relaxed);
    let (most, looked) = busy.await.expect("it looked");
    assert!(looked > 3, "{looked}");
    // A file has four readers, of which the service keeps one: a connection that was just given back may still count.
    let bound = if app.backend == Backend::Postgres { 3 } else { 4 };
    assert!((1..=bound).contains(&most), "{most}");
}

async fn whoever_asks_once_does_not_wait_for_a_crowd(app: App) {
    let app = Arc::new(app);
    let ended = Arc::new(Mutex::new(Vec::new()));
    app.forget_statements();
    let crowd: Vec<_> = (0..12)
        .map(|_| {
            let (app, ended) = (Arc::clone(&app), Arc::clone(&ended));
            tokio::spawn(async move {
                let query = times(30, "tasks(filter: { text: \"建设\" }) { totalCount nodes { id } }");
                let reply = ask_from(&app, "198.51.100.1", &query).await;
                assert!(reply.body.get("errors").is_none(), "{}", reply.text);
                ended.lock().unwrap().push("crowd");
            })
        })
        .collect();
    // Until the crowd is at it.
    while app.statements().is_empty() {
        yield_now().await;
    }
    let reply = ask_from(&app, "198.51.100.2", "{ topics { code } }").await;
    assert!(reply.body.get("errors").is_none(), "{}", reply.text);
    ended.lock().unwrap().push("one");
    for asked in join_all(crowd).await {
        asked.expect("an answer");
    }
    // Hundreds of statements were asked for before; those requests that were being worked on may have ended, the others not.
    let ended = ended.lock().unwrap();
    let place = ended.iter().position(|who| *who == "one").expect("it ended");
    assert!(place <= 6, "{ended:?}");
}

async fn each_page_of_a_file_costs_like_a_request(app: App) {
    let query = "{ tasks(first: 20) { nodes { id title state { light } } } }";
    let page = points(&app, query).await;
    assert!(page > 1);
    // Twice as much a minute as may be used at once.
    let at_once = 6 * page + 10;
    let limits = Limits { address_points: u32::try_from(2 * at_once).expect("a number"), page_size: 20, ..generous() };
    let app = app.within(limits);
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", "text/csv");
    let body = json!({ "query": query }).to_string();
    let file = app.send_from([192, 0, 2, 9].into(), request.body(Body::from(body)).expect("a request")).await;
    assert_eq!((file.status, file.text.lines().count()), (StatusCode::OK, 97), "five pages, and the headings");
    let left = ask_from(&app, "192.0.2.9", "{ budget { address { left } } }").await.body["data"]["budget"]["address"]["left"].clone();
    let left = left.as_u64().expect("points");
    assert!(left <= at_once - 3 * page, "{left} of {at_once}, at {page} a page");
}
