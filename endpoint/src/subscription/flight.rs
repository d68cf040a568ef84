//! Work that several ask for at the same moment and that is done once: the first starts it, the others wait for what comes of it.
//!
//! Each piece of work runs in a task of its own, so that nobody waits for a client that reads slowly. A result is kept for a few
//! seconds, for those who come a little later. What is kept is bounded in number and in bytes.

use std::{
    collections::{HashMap, VecDeque},
    future::Future,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use tracing::Instrument as _;

/// How long a result may be handed out after the work began.
const KEPT: Duration = Duration::from_secs(5);

/// How many results are kept.
const MOST: usize = 1_000;

/// How many bytes all results may have that are kept.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How much a result weighs, in bytes. `None` where it must not be kept: only those get it who were waiting.
pub type Weight = Option<usize>;

/// The work panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// The work in progress, and what came of work that was done a moment ago. Clones share it.
pub struct Flights<K, V>(Arc<Mutex<Kept<K, V>>>);

struct Kept<K, V> {
    flights: HashMap<K, Flight<V>>,
    /// Their keys in the order in which they began.
    order: VecDeque<(K, u64)>,
    bytes: usize,
    begun: u64,
}

struct Flight<V> {
    number: u64,
    since: Instant,
    bytes: usize,
    landing: Landing<V>,
}

type Landing<V> = Shared<BoxFuture<'static, Result<V, Broken>>>;

impl<K, V> Clone for Flights<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Kept { flights: HashMap::new(), order: VecDeque::new(), bytes: 0, begun: 0 })))
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// What comes of the work under `key`, which is started if nobody has started it.
    ///
    /// # Errors
    /// The work panicked.
    pub async fn share<F>(&self, key: K, work: impl FnOnce() -> F, weigh: impl FnOnce(&V) -> Weight + Send + 'static) -> Result<V, Broken>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let landing = {
            let mut kept = self.kept();
            kept.forget_old(Instant::now());
            match kept.flights.get(&key) {
                Some(flight) => flight.landing.clone(),
                None => self.take_off(&mut kept, key, work(), weigh),
            }
        };
        landing.await
    }

    fn take_off<F>(&self, kept: &mut Kept<K, V>, key: K, work: F, weigh: impl FnOnce(&V) -> Weight + Send + 'static) -> Landing<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        kept.begun = kept.begun.wrapping_add(1);
        let number = kept.begun;
        let (flights, landed) = (self.clone(), key.clone());
        let task = tokio::spawn(work.in_current_span());
        let landing = async move {
            let done = task.await.map_err(|_| Broken);
            flights.kept().land(&landed, number, done.as_ref().ok().and_then(weigh));
            done
        };
        let landing: Landing<V> = landing.boxed().shared();
        let flight = Flight { number, since: Instant::now(), bytes: 0, landing: landing.clone() };
        kept.order.push_back((key.clone(), number));
        kept.flights.insert(key, flight);
        kept.forget_too_many();
        landing
    }

    fn kept(&self) -> MutexGuard<'_, Kept<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash, V> Kept<K, V> {
    /// Notes the weight of a result, or drops it where it must not be kept.
    fn land(&mut self, key: &K, number: u64, weight: Weight) {
        match weight {
            Some(bytes) => {
                if let Some(flight) = self.flights.get_mut(key).filter(|flight| flight.number == number) {
                    flight.bytes = bytes;
                    self.bytes = self.bytes.saturating_add(bytes);
                }
                self.forget_too_many();
            }
            None => self.forget(key, number),
        }
    }

    fn forget(&mut self, key: &K, number: u64) {
        if self.flights.get(key).is_some_and(|flight| flight.number == number)
            && let Some(flight) = self.flights.remove(key)
        {
            self.bytes = self.bytes.saturating_sub(flight.bytes);
        }
    }

    fn forget_old(&mut self, now: Instant) {
        while let Some((key, number)) = self.order.front() {
            let flight = self.flights.get(key).filter(|flight| flight.number == *number);
            if flight.is_some_and(|flight| now.saturating_duration_since(flight.since) < KEPT) {
                break;
            }
            self.forget_first();
        }
    }

    fn forget_too_many(&mut self) {
        while self.order.len() > MOST || self.bytes > MOST_BYTES {
            if !self.forget_first() {
                break;
            }
        }
    }

    /// Drops the oldest. Those who wait for it still get it.
    fn forget_first(&mut self) -> bool {
        let Some((key, number)) = self.order.pop_front() else { return false };
        self.forget(&key, number);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    fn counting(count: &Arc<AtomicUsize>) -> impl Future<Output = usize> + Send + 'static {
        let count = Arc::clone(count);
        async move { count.fetch_add(1, Ordering::SeqCst).saturating_add(1) }
    }

    #[tokio::test]
    async fn work_is_done_once_for_each_key() {
        let flights = Flights::default();
        let count = Arc::new(AtomicUsize::new(0));
        let asked = join_all((0..100).map(|_| flights.share("a", || counting(&count), |_| Some(1)))).await;
        assert!(asked.iter().all(|done| *done == Ok(1)), "{asked:?}");
        assert_eq!(flights.share("b", || counting(&count), |_| Some(1)).await, Ok(2), "another key");
        assert_eq!(flights.share("a", || counting(&count), |_| Some(1)).await, Ok(1), "it is kept for those who come later");
    }

    #[tokio::test]
    async fn what_must_not_be_kept_reaches_only_those_who_wait() {
        let flights = Flights::default();
        let count = Arc::new(AtomicUsize::new(0));
        assert_eq!(flights.share("a", || counting(&count), |_| None).await, Ok(1));
        assert_eq!(flights.share("a", || counting(&count), |_| None).await, Ok(2));
        assert_eq!(flights.kept().flights.len(), 0);
    }

    #[tokio::test]
    async fn whoever_leaves_stops_nobody_else() {
        let flights: Flights<&str, u8> = Flights::default();
        let go = Arc::new(Notify::new());
        let gate = Arc::clone(&go);
        let mut first = Box::pin(flights.share(
            "a",
            || async move {
                gate.notified().await;
                7
            },
            |_| Some(1),
        ));
        assert!(futures_util::poll!(&mut first).is_pending());
        let second = flights.share("a", || async { 8 }, |_| Some(1));
        drop(first);
        go.notify_one();
        assert_eq!(second.await, Ok(7));
    }

    #[tokio::test]
    async fn a_panic_reaches_nobody_and_is_not_kept() {
        let flights: Flights<&str, u8> = Flights::default();
        let panics = async { if true { panic!("on purpose") } else { 0 } };
        assert_eq!(flights.share("a", || panics, |_| Some(1)).await, Err(Broken));
        assert_eq!(flights.share("a", || async { 1 }, |_| Some(1)).await, Ok(1));
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded_in_number_and_bytes() {
        let flights = Flights::default();
        for key in 0..MOST + 50 {
            flights.share(key, || async { 0_u8 }, |_| Some(1)).await.expect("done");
        }
        let counted = |kept: MutexGuard<'_, Kept<usize, u8>>| (kept.flights.len(), kept.order.len(), kept.bytes);
        assert_eq!(counted(flights.kept()), (MOST, MOST, MOST));
        for key in 0..20 {
            flights.share(key, || async { 0_u8 }, |_| Some(MOST_BYTES / 4)).await.expect("done");
        }
        let kept = flights.kept();
        assert!(kept.bytes <= MOST_BYTES && kept.flights.len() <= 4, "{} bytes, {} results", kept.bytes, kept.flights.len());
    }

    #[tokio::test]
    async fn what_is_old_is_forgotten() {
        let flights = Flights::default();
        let count = Arc::new(AtomicUsize::new(0));
        flights.share("a", || counting(&count), |_| Some(1)).await.expect("done");
        let later = Instant::now().checked_add(KEPT).expect("a time");
        flights.kept().forget_old(later);
        let counted = |kept: MutexGuard<'_, Kept<&str, usize>>| (kept.flights.len(), kept.bytes);
        assert_eq!(counted(flights.kept()), (0, 0));
        assert_eq!(flights.share("a", || counting(&count), |_| Some(1)).await, Ok(2));
    }
}
