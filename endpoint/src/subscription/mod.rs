//! Following events: a stream of answers, one for each event that whoever asks may know of at that moment.
//!
//! The engine's own streams would run the operation once and trust for ever whoever started it. Here the operation is run anew for
//! each event, with loaders of its own, for whoever proves to be asking by then. Each event costs what the operation costs.

mod flight;
mod follower;
mod shared;

use std::{sync::Arc, time::Instant};

use async_graphql::Response;
use futures_util::{
    StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use serde_json::value::RawValue;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use crate::{
    answer::{Answer, error},
    asked::{Asked, Spending},
    client::{Clients, Running},
    engine::batch::Queue,
    limit::{self, Limits},
    product::{BoxError, Context, Engine, Feed, Following, Opening, Product, Step, Unproved},
};
use follower::{Follower, Proof, Replay};
pub(crate) use shared::{Feeds, Operation};

/// Finds out again who asks. Whoever cannot prove it any more is served no longer.
pub type Prover = Arc<dyn Fn() -> BoxFuture<'static, Result<Asked, Unproved>> + Send + Sync>;

/// What a subscription tells.
#[derive(Debug)]
pub enum Notification {
    /// An event.
    Event {
        /// Its id, by which a client that connects again says what it received last.
        id: String,
        /// The answer as JSON. Others who follow the same may be told the same text.
        answer: Arc<RawValue>,
    },
    /// An answer that is of no event: why it is not told any longer, or the answer to a query.
    Answer(Box<Answer>),
}

/// What is counted for as long as somebody follows.
pub(crate) type Place = (OwnedSemaphorePermit, Running);

/// What a follower works with.
pub(crate) struct Means {
    pub source: Source,
    pub clients: Clients,
    pub feeds: Arc<Feeds>,
    pub following: Box<dyn Following>,
    /// How many points an event costs.
    pub points: u64,
    pub place: Place,
}

/// Where answers come from.
#[derive(Clone)]
pub(crate) struct Source {
    pub product: Arc<dyn Product>,
    pub engine: Arc<dyn Engine>,
    pub limits: Limits,
}

/// The product has no events.
#[derive(Debug, thiserror::Error)]
#[error("the product has no events")]
struct NoFeed;

impl Source {
    fn feed(&self) -> Result<&dyn Feed, BoxError> {
        self.product.feed().ok_or_else(|| NoFeed.into())
    }

    /// Runs the operation once, within the limits of any other. `None` where there is nothing to tell.
    async fn run(&self, operation: &Operation, asked: Asked, step: Step) -> Option<Response> {
        let (limits, language) = (self.limits, asked.language);
        let queue = Queue::default();
        let context = Context { asked, spending: Spending::free(limits), queue: queue.clone() };
        let request = self.product.prepare(operation.request(), context).data(step);
        let mut stream = self.engine.execute_stream(request);
        let mut response = match timeout(limits.query_time(), queue.drive(stream.next())).await {
            Ok(told) => told?,
            Err(_) => return Some(limit::out_of_time(&limits, language)),
        };
        error::complete(&mut response, &limits, language);
        Some(response)
    }
}

/// Begins to follow, or says why not.
pub(crate) async fn open(
    mut means: Means,
    operation: Arc<Operation>,
    asked: Asked,
    prover: Prover,
    last_event_id: Option<String>,
) -> Result<BoxStream<'static, Notification>, Answer> {
    let (limits, language) = (means.source.limits, asked.language);
    let opening = Arc::new(Opening::new(last_event_id));
    let step = Step::Opening(Arc::clone(&opening));
    if let Some(refused) = means.source.run(&operation, asked.clone(), step).await {
        return Err(Answer::refused(refused));
    }
    let Some(wanted) = opening.wanted() else { return Err(Answer::refused(limit::out_of_time(&limits, language))) };
    // The first proof is taken for older than anything seen, so that what changed before it was looked out is not missed.
    let Ok(news) = timeout(limits.query_time(), means.following.news()).await else {
        return Err(Answer::refused(error::unavailable(language)));
    };
    let (position, replay) = match wanted.after {
        Some(after) => (after, Replay::of(&limits, news.last_event)),
        None => match last_event(&means.source).await {
            Ok(last) => (last, Replay::none()),
            Err(error) => {
                tracing::error!(?error, "cannot begin to follow events");
                return Err(Answer::refused(error::unavailable(language)));
            }
        },
    };
    let proof = Proof { asked, standing: news.standing.wrapping_sub(1), at: Instant::now() };
    let follower = Follower::new(means, operation, prover, proof, wanted.scope, position, replay);
    Ok(stream::unfold(follower, |mut follower| async move { follower.next().await.map(|told| (told, follower)) }).boxed())
}

async fn last_event(source: &Source) -> Result<i64, BoxError> {
    source.feed()?.last_event().await
}
