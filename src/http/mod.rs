//! HTTP: the router, the GraphQL endpoint, the playground, and serving until told to stop. The only place besides `cli` that
//! speaks axum.

mod address;
mod caller;
mod event_stream;
mod graphiql;
mod graphql;
mod key_set;
mod media_type;
mod origin;
mod request_id;
mod server;
mod socket;

use axum::Router;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

pub use address::{Proxies, ProxiesError};
pub use caller::Gate;
pub use server::{ServeError, bind, serve};

/// Everything that the service answers.
///
/// A panic ends its request with a bare 500 and is told to the log; the process and its other requests live on.
pub fn router(gate: Gate) -> Router {
    Router::new()
        .merge(key_set::routes(gate.clone()))
        .merge(graphql::routes(gate))
        .merge(graphiql::routes())
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn(request_id::assign))
}
