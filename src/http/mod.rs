//! HTTP: the router, the GraphQL endpoint, the playground, and serving until told to stop. The only place besides `cli` that
//! speaks axum.

mod graphiql;
mod graphql;
mod media_type;
mod request_id;
mod server;

use axum::Router;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::graphql::Endpoint;

pub use server::{ServeError, bind, serve};

/// Everything that the service answers.
///
/// A panic ends its request with a bare 500 and is told to the log; the process and its other requests live on.
pub fn router(endpoint: Endpoint) -> Router {
    Router::new()
        .merge(graphql::routes(endpoint))
        .merge(graphiql::routes())
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn(request_id::assign))
}
