//! HTTP: the router, the GraphQL endpoint, the playground, and serving until told to stop. The only place besides `cli` that
//! speaks axum.

mod address;
mod body;
mod caller;
mod event_stream;
mod export;
mod file;
mod graphiql;
mod graphql;
mod health;
mod json;
mod key_set;
mod media_type;
mod metrics;
mod origin;
mod parameters;
mod probe;
mod request_id;
mod security_headers;
mod server;
mod socket;

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
pub use caller::{Gate, Surface};
pub use metrics::Metrics;
pub use origin::{Origins, OriginsError};
pub use probe::{LIVE, ProbeError, READY, own_url, probe};
pub use server::{ServeError, Terms, bind, raise_descriptors, serve, serve_on};

/// Workbooks are compressed already.
const COMPRESSED: NotForContentType = NotForContentType::const_new("application/vnd.openxmlformats");

/// Everything that the service answers.
///
/// A panic ends its request with a bare 500 and is told to the log; the process and its other requests live on.
pub fn router(gate: Gate) -> Router {
    let playground = if gate.surface.graphiql { graphiql::routes() } else { Router::new() };
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
