//! How the loaders of a request gather: a batch is run when every resolver that can go on has gone on.
//!
//! A loader would by default wait a millisecond on another thread, which is most of a small request's time and still leaves it to
//! chance what the batch contains. Here batches are queued, and one task drives the request and its batches in turn: first the
//! request as far as it gets, so that all siblings have asked, then the batches. The number of statements of a request is
//! therefore the same whatever the length of its lists.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use async_graphql::runtime::Timer;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{BoxFuture, poll_fn, ready},
    stream::FuturesUnordered,
    task::{FutureObj, Spawn, SpawnError},
};
use tokio::task::coop::unconstrained;

/// Batches that wait to be run.
#[derive(Clone, Default)]
pub struct Queue(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Queue {
    /// Runs `request` together with the batches that its resolvers ask for.
    pub async fn drive<F: Future>(&self, request: F) -> F::Output {
        let mut request = pin!(request);
        let mut batches = FuturesUnordered::new();
        let call = Arc::new(Call::default());
        let waker = Waker::from(Arc::clone(&call));
        // The runtime's budget would have the request stop half way, and each further attempt within the same turn stop at once.
        unconstrained(poll_fn(|context: &mut Context<'_>| {
            call.pass_on_to(context.waker());
            loop {
                // A long list stops half way and calls for itself: batches wait until it has gone all the way.
                while call.answer() {
                    if let Poll::Ready(answer) = request.as_mut().poll(&mut Context::from_waker(&waker)) {
                        return Poll::Ready(answer);
                    }
                }
                // Batches run in rounds: what siblings ask for while a round lasts is gathered for the next one, so that it does
                // not depend on which statement is faster how many there are.
                if batches.is_empty() {
                    batches.extend(self.take());
                }
                match batches.poll_next_unpin(context) {
                    // Something was loaded: whoever waited for it can go on and ask for more.
                    Poll::Ready(Some(())) => {}
                    Poll::Ready(None) | Poll::Pending if call.is_pending() => {}
                    Poll::Ready(None) | Poll::Pending => return Poll::Pending,
                }
            }
        }))
        .await
    }

    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether the request called for being run on, and whom to pass the call on to.
struct Call {
    pending: AtomicBool,
    outer: Mutex<Option<Waker>>,
}

impl Default for Call {
    fn default() -> Self {
        Self { pending: AtomicBool::new(true), outer: Mutex::default() }
    }
}

impl Call {
    fn pass_on_to(&self, waker: &Waker) {
        let mut outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner);
        if !outer.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *outer = Some(waker.clone());
        }
    }

    fn is_pending(&self) -> bool {
        self.pending.load(Ordering::Acquire)
    }

    /// Takes the call, if there was one.
    fn answer(&self) -> bool {
        self.pending.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.pending.store(true, Ordering::Release);
        let outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(outer) = outer {
            outer.wake();
        }
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
