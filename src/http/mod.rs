//! HTTP: the router, the GraphQL endpoint, the playground, and serving until told to stop. The only place besides `cli` that
//! speaks axum.

mod graphiql;
mod graphql;
mod media_type;
mod request_id;
mod server;

use axum::Router;

use crate::graphql::Endpoint;

pub use server::{ServeError, bind, serve};

/// Everything that the service answers.
pub fn router(endpoint: Endpoint) -> Router {
    Router::new().merge(graphql::routes(endpoint)).merge(graphiql::routes()).layer(axum::middleware::from_fn(request_id::assign))
}
