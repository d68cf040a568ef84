//! Whether the process lives, and whether it can answer: for whoever starts it, and whoever sends requests to it.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::{Value, json};

use super::{
    caller::Gate,
    probe::{LIVE, READY},
};
use crate::graphql::SchemaVersion;

pub(super) fn routes(gate: Gate) -> Router {
    Router::new().route(LIVE, get(live)).route(READY, get(ready)).with_state(gate)
}

const NOW: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// A process that can say so lives. Whether its database does is not its life: restarting it would not bring that back.
async fn live() -> Response {
    ([NOW], Json(json!({ "status": "LIVE" }))).into_response()
}

/// Says of each thing that requests need whether it is there, and of none why not: that is in the log.
async fn ready(State(gate): State<Gate>) -> Response {
    let health = gate.endpoint.health().await;
    let word = |good: bool, bad: &'static str| Value::from(if good { "OK" } else { bad });
    let migrations = match health.migrations {
        Some(SchemaVersion::Current) => "OK",
        Some(SchemaVersion::Behind) => "BEHIND",
        Some(SchemaVersion::Ahead) => "AHEAD",
        None => "UNKNOWN",
    };
    let checks = json!({
        "database": word(health.database, "AWAY"),
        "migrations": migrations,
        "events": word(health.events, "AWAY"),
        "writes": match health.writes {
            Some(good) => word(good, "FAILED"),
            None => Value::from("UNKNOWN"),
        },
    });
    let (status, word) = if health.is_ready() { (StatusCode::OK, "READY") } else { (StatusCode::SERVICE_UNAVAILABLE, "NOT_READY") };
    (status, [NOW], Json(json!({ "status": word, "checks": checks }))).into_response()
}
