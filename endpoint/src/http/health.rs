//! Whether the process lives, and whether it can answer: for whoever starts it, and whoever sends requests to it.

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::{Map, Value, json};

use super::{
    caller::Gate,
    probe::{LIVE, READY},
};

pub(crate) fn routes(gate: Gate) -> Router {
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
    let checks: Map<String, Value> = health.0.iter().map(|check| (check.name.to_owned(), check.state.into())).collect();
    let (status, word) = if health.is_ready() { (StatusCode::OK, "READY") } else { (StatusCode::SERVICE_UNAVAILABLE, "NOT_READY") };
    (status, [NOW], Json(json!({ "status": word, "checks": checks }))).into_response()
}
