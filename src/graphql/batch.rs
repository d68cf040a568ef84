//! How the loaders of a request gather: a batch is run when every resolver that can go on has gone on.
//!
//! A loader would by default wait a millisecond on another thread, which is most of a small request's time and still leaves it to
//! chance what the batch contains. Here batches are queued, and one task drives the request and its batches in turn: first the
//! request as far as it gets, so that all siblings have asked, then the batches. The number of statements of a request is
//! therefore the same whatever the length of its lists.

use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use async_graphql::runtime::Timer;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, poll_fn, ready},
    stream::FuturesUnordered,
    task::{FutureObj, Spawn, SpawnError},
};

/// Batches that wait to be run.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Queue {
    /// Runs `request` together with the batches that its resolvers ask for.
    pub async fn drive<F: Future>(&self, request: F) -> F::Output {
        let mut request = pin!(request);
        let mut batches = FuturesUnordered::new();
        poll_fn(|context: &mut Context<'_>| {
            loop {
                if let Poll::Ready(answer) = request.as_mut().poll(context) {
                    return Poll::Ready(answer);
                }
                batches.extend(self.take());
                match batches.poll_next_unpin(context) {
                    // Something was loaded: whoever waited for it can go on and ask for more.
                    Poll::Ready(Some(())) => {}
                    Poll::Ready(None) | Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }

    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Queue {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
        Ok(())
    }
}

/// The wait before a batch is run: none, since the queue already waits for exactly long enough.
pub struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        ready(()).boxed()
    }
}
