//! The public keys of this installation, for whoever verifies its access tokens by themselves (RFC 7517).

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use super::caller::Gate;

pub(crate) fn routes(gate: Gate) -> Router {
    Router::new().route("/.well-known/jwks.json", get(key_set)).with_state(gate)
}

/// A key is published before it first signs, and read again here by whoever meets one that they do not know: a minute old is new
/// enough.
const FRESH: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));

async fn key_set(State(gate): State<Gate>) -> Response {
    let product = &gate.endpoint.product;
    let Some(keys) = product.key_set() else { return StatusCode::NOT_FOUND.into_response() };
    if product.is_away() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match keys.await {
        Ok(keys) => ([FRESH], Json(keys)).into_response(),
        Err(error) => {
            product.suspect();
            tracing::error!(?error, "the public keys could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
