//! What executes operations.

use std::sync::Arc;

use async_graphql::{Executor, ObjectType, Request, Response, SchemaBuilder, SubscriptionType};
use futures_util::{future::BoxFuture, stream::BoxStream};

use crate::limit::Limits;

/// What executes operations: a schema of `async-graphql`, whatever its roots are.
pub trait Engine: Send + Sync {
    /// Executes a query or mutation.
    fn execute(&self, request: Request) -> BoxFuture<'_, Response>;

    /// Executes a subscription.
    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response>;
}

impl<E: Executor> Engine for E {
    fn execute(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(Executor::execute(self, request))
    }

    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response> {
        Executor::execute_stream(self, request, None)
    }
}

/// The engine over a schema, set as the endpoint relies on: it nests no deeper than the limit, and suggests no names, because a
/// suggestion would name what the caller may not know of.
#[must_use]
pub fn engine<Q, M, S>(builder: SchemaBuilder<Q, M, S>, limits: &Limits) -> Arc<dyn Engine>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    // Ours is told first, and counts the same.
    let levels = usize::try_from(limits.nesting).unwrap_or(usize::MAX);
    Arc::new(builder.disable_suggestions().limit_recursive_depth(levels).finish())
}
