//! What an operator asks of a process: whether it lives, whether it can answer, and what it measured.

use axum::{body::Body, http::StatusCode};
use endpoint::Metrics;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{cases, support::app::App};

cases![
    each_thing_that_requests_need_is_named,
    a_schema_of_another_program_is_not_ready,
    what_is_measured_has_few_names,
    health_tells_nobody_more,
];

async fn each_thing_that_requests_need_is_named(app: App) {
    let live = app.get("/livez", &[]).await;
    assert_eq!((live.status, live.body), (StatusCode::OK, json!({ "status": "LIVE" })));
    let ready = app.get("/readyz", &[]).await;
    let good = json!({ "status": "READY", "checks": { "database": "OK", "migrations": "OK", "events": "OK", "writes": "OK" } });
    assert_eq!((ready.status, ready.body), (StatusCode::OK, good));
    assert_eq!(ready.headers["cache-control"], "no-store");
}

async fn a_schema_of_another_program_is_not_ready(app: App) {
    let told = |body: &Value| body["checks"]["migrations"].clone();
    app.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_the_future', 0)").await.expect("a step");
    let ready = app.get("/readyz", &[]).await;
    assert_eq!((ready.status, told(&ready.body)), (StatusCode::SERVICE_UNAVAILABLE, json!("AHEAD")));
    assert_eq!((&ready.body["status"], &ready.body["checks"]["database"]), (&json!("NOT_READY"), &json!("OK")));
    app.execute("DELETE FROM seaql_migrations WHERE version LIKE 'm2999%' OR version LIKE '%_000012_%'").await.expect("steps back");
    // An answer counts for a second; another process asks for itself.
    let behind = app.replica().get("/readyz", &[]).await;
    assert_eq!((behind.status, told(&behind.body)), (StatusCode::SERVICE_UNAVAILABLE, json!("BEHIND")));
    app.execute("DROP TABLE seaql_migrations").await.expect("no steps");
    let none = app.replica().get("/readyz", &[]).await;
    assert_eq!((none.status, told(&none.body)), (StatusCode::SERVICE_UNAVAILABLE, json!("BEHIND")), "{}", none.text);
}

async fn health_tells_nobody_more(app: App) {
    app.execute("DROP TABLE seaql_migrations").await.expect("a broken database");
    let ready = app.get("/readyz", &[]).await;
    assert!(!ready.text.contains("seaql") && !ready.text.contains("SELECT"), "{}", ready.text);
    assert_eq!(app.get("/metrics", &[]).await.status, StatusCode::NOT_FOUND, "measurements are not for the public");
}

/// What a collector is told.
pub async fn collected(app: &App, metrics: &Metrics) -> String {
    let endpoint = endpoint::Endpoint::new(app.service.clone(), endpoint::Limits::default());
    let request = axum::http::Request::get("/metrics").body(Body::empty()).expect("a request");
    let response = metrics.clone().router(endpoint).oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("a text")
}

async fn what_is_measured_has_few_names(app: App) {
    let metrics = Metrics::default();
    let gate = app.gate().measured_by(metrics.clone());
    let app = app.behind(gate);
    for index in 0..50 {
        app.data(&format!("query Q{index} {{ a{index}: topics {{ code }} }}"), json!({})).await;
        app.post(&format!("{{ nothing{index} }}"), json!({})).await;
        app.post(&format!("query Q{index} {{ topics {{ code }} jurisdiction(code: \"jining\") {{ name }} }}"), json!({})).await;
        app.post("{ accounts(first: 1) { totalCount } }", json!({})).await;
    }
    app.post("{{{", json!({})).await;
    app.post("mutation { signOut { ended } }", json!({})).await;
    let text = collected(&app, &metrics).await;
    for line in [
        "minsheng_operation_duration_seconds_count{kind=\"query\",operation=\"topics\",outcome=\"OK\"} 50",
        "minsheng_operation_duration_seconds_count{kind=\"query\",operation=\"several\",outcome=\"OK\"} 50",
        "minsheng_operation_duration_seconds_count{kind=\"query\",operation=\"none\",outcome=\"GRAPHQL_VALIDATION_FAILED\"} 50",
        "minsheng_operation_duration_seconds_count{kind=\"query\",operation=\"accounts\",outcome=\"UNAUTHENTICATED\"} 50",
        "minsheng_operation_duration_seconds_count{kind=\"none\",operation=\"none\",outcome=\"GRAPHQL_PARSE_FAILED\"} 1",
        "minsheng_operation_duration_seconds_count{kind=\"mutation\",operation=\"signOut\",outcome=\"UNAUTHENTICATED\"} 1",
        "minsheng_http_responses_total{status=\"200\"} 202",
        "minsheng_refusals_unrecorded_total{action=\"SIGN_OUT\",cause=\"NOT_SIGNED_IN\"} 1",
        "minsheng_subscription_events_total{step=\"told\"} 0",
        "minsheng_subscription_events_total{step=\"evaluated\"} 0",
        "minsheng_subscriptions_open 0",
        "minsheng_ready{check=\"database\"} 1",
        "minsheng_ready{check=\"migrations\"} 1",
        "minsheng_ready{check=\"events\"} 1",
        "minsheng_ready{check=\"writes\"} 1",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
    assert!(text.contains("minsheng_database_connections{purpose=\"read\",state=\"idle\"}"), "{text}");
    assert!(!text.contains("Q1") && !text.contains("nothing1") && text.ends_with("# EOF\n"), "{text}");
}
