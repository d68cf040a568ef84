//! HTTP: the router, requests and answers, files, who sent a request, the playground and measurements.

mod address;
mod body;
pub(crate) mod caller;
mod export;
mod file;
mod graphiql;
pub(crate) mod graphql;
mod health;
pub(crate) mod json;
mod key_set;
pub(crate) mod media_type;
mod metrics;
mod origin;
pub(crate) mod parameters;
mod probe;
mod request_id;
mod security_headers;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
};

pub use address::{Proxies, ProxiesError};
pub(crate) use caller::unproved_answer;
pub use caller::{Gate, Surface};
pub use metrics::Metrics;
pub use origin::{Origins, OriginsError};
pub use probe::{LIVE, ProbeError, READY, own_url, probe};

/// Workbooks are compressed already.
const COMPRESSED: NotForContentType = NotForContentType::const_new("application/vnd.openxmlformats");

/// Everything that the endpoint answers.
///
/// A panic ends its request with a bare 500 and is told to the log; the process and its other requests live on.
pub fn router(gate: Gate) -> Router {
    let playground = if gate.surface.graphiql { graphiql::routes(gate.endpoint.product.playground()) } else { Router::new() };
    let metrics = gate.metrics.clone();
    let router = Router::new()
        .merge(key_set::routes(gate.clone()))
        .merge(health::routes(gate.clone()))
        .merge(export::routes(gate.clone()))
        .merge(graphql::routes(gate))
        .merge(playground)
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(COMPRESSED)))
        .layer(from_fn(security_headers::add))
        .layer(from_fn(request_id::assign));
    match metrics {
        Some(metrics) => router.layer(from_fn_with_state(metrics, metrics::count)),
        None => router,
    }
}
