//! A queue for places that many clients share. Clients are served in turn, so that nobody waits behind all that another has asked for.
//!
//! One client may hold only some of the places. The rest stay free for others, so a second client does not even wait for a place to
//! become free. No library that was found has such a share: `mea::admission::FairShare` gives a client that is alone all places.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Places, and the clients that wait for one.
#[derive(Debug)]
pub struct Fair<K: Copy + Eq + Hash>(Arc<Mutex<State<K>>>);

impl<K: Copy + Eq + Hash> Clone for Fair<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// A place. It is free again once this is dropped.
#[derive(Debug)]
pub struct Turn<K: Copy + Eq + Hash> {
    /// `None` where nothing has to be given back.
    of: Option<(Fair<K>, K)>,
}

#[derive(Debug)]
struct State<K: Copy + Eq + Hash> {
    free: usize,
    /// How many places one client holds at most.
    share: usize,
    lines: HashMap<K, Line<K>>,
    /// The clients that wait, each once, in the order in which they are served next.
    order: VecDeque<K>,
}

/// What a client holds and waits for. A client that does neither has no line.
#[derive(Debug)]
struct Line<K: Copy + Eq + Hash> {
    held: usize,
    waiting: VecDeque<oneshot::Sender<Turn<K>>>,
}

impl<K: Copy + Eq + Hash> Fair<K> {
    /// So many places, of which one client holds at most its `share`.
    #[must_use]
    pub fn new(places: usize, share: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: places, share: share.max(1), lines: HashMap::new(), order: VecDeque::new() })))
    }

    /// Waits for a place. A client's requests are served in the order in which they came, and clients in turn.
    pub async fn wait(&self, client: K) -> Turn<K> {
        let receiver = {
            let mut state = self.lock();
            if state.take(client) {
                return Turn { of: Some((self.clone(), client)) };
            }
            state.queue(client)
        };
        // A waiter is dropped unserved only with the queue itself.
        receiver.await.unwrap_or(Turn { of: None })
    }

    /// A place, if the client can have one now.
    #[must_use]
    pub fn try_now(&self, client: K) -> Option<Turn<K>> {
        self.lock().take(client).then(|| Turn { of: Some((self.clone(), client)) })
    }

    fn lock(&self) -> MutexGuard<'_, State<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> State<K> {
    /// Takes a place, if one is free and within the share of the client. Whoever waits then waits for its own share.
    fn take(&mut self, client: K) -> bool {
        let held = self.lines.get(&client).map_or(0, |line| line.held);
        if self.free == 0 || held >= self.share {
            return false;
        }
        self.free = self.free.saturating_sub(1);
        let line = self.lines.entry(client).or_insert_with(Line::empty);
        line.held = line.held.saturating_add(1);
        true
    }

    fn queue(&mut self, client: K) -> oneshot::Receiver<Turn<K>> {
        let (sender, receiver) = oneshot::channel();
        let line = self.lines.entry(client).or_insert_with(Line::empty);
        if line.waiting.is_empty() {
            self.order.push_back(client);
        }
        line.waiting.push_back(sender);
        receiver
    }

    fn give_back(&mut self, client: K) {
        self.free = self.free.saturating_add(1);
        if let Some(line) = self.lines.get_mut(&client) {
            line.held = line.held.saturating_sub(1);
            if line.is_idle() {
                self.lines.remove(&client);
            }
        }
    }

    /// Gives free places to those who wait.
    fn serve(&mut self, queue: &Fair<K>) {
        // Clients that hold their share are passed over; once all that wait were, nobody can be served.
        let mut passed = 0_usize;
        while self.free > 0 && passed < self.order.len() {
            let Some(client) = self.order.pop_front() else { return };
            let Some(line) = self.lines.get_mut(&client) else { continue };
            if line.held >= self.share {
                self.order.push_back(client);
                passed = passed.saturating_add(1);
                continue;
            }
            passed = 0;
            while let Some(waiter) = line.waiting.pop_front() {
                match waiter.send(Turn { of: Some((queue.clone(), client)) }) {
                    Ok(()) => {
                        self.free = self.free.saturating_sub(1);
                        line.held = line.held.saturating_add(1);
                        break;
                    }
                    // Nobody waits for it any more. It was never counted, and must not be given back: the lock is held here.
                    Err(mut unwanted) => unwanted.of = None,
                }
            }
            if !line.waiting.is_empty() {
                self.order.push_back(client);
            } else if line.is_idle() {
                self.lines.remove(&client);
            }
        }
    }
}

impl<K: Copy + Eq + Hash> Line<K> {
    fn empty() -> Self {
        Self { held: 0, waiting: VecDeque::new() }
    }

    fn is_idle(&self) -> bool {
        self.held == 0 && self.waiting.is_empty()
    }
}

impl<K: Copy + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        if let Some((queue, client)) = self.of.take() {
            let mut state = queue.lock();
            state.give_back(client);
            state.serve(&queue);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::BoxFuture};

    use super::*;

    type Waiting = BoxFuture<'static, Turn<&'static str>>;

    /// A wait that has begun.
    fn begin(queue: &Fair<&'static str>, client: &'static str) -> Waiting {
        let queue = queue.clone();
        let mut waiting = async move { queue.wait(client).await }.boxed();
        assert!((&mut waiting).now_or_never().is_none(), "{client} waits");
        waiting
    }

    fn served(waiting: &mut Waiting) -> Option<Turn<&'static str>> {
        waiting.now_or_never()
    }

    #[test]
    fn whoever_asks_once_is_next_whatever_another_has_asked_before() {
        let queue = Fair::new(1, 1);
        let first = queue.try_now("crowd").expect("a place");
        let mut crowd: Vec<_> = (0..90).map(|_| begin(&queue, "crowd")).collect();
        let mut one = begin(&queue, "one");
        drop(first);
        // The crowd was first in the queue of clients; its next wait comes after the other client.
        let turn = served(crowd.first_mut().expect("a wait")).expect("the first that waited");
        assert!(served(&mut one).is_none());
        drop(turn);
        let turn = served(&mut one).expect("the other client, before 89 waits");
        assert!(crowd.iter_mut().skip(1).all(|wait| served(wait).is_none()));
        drop(turn);
        assert!(served(crowd.get_mut(1).expect("a wait")).is_some());
    }

    #[test]
    fn a_client_leaves_places_to_others() {
        let queue = Fair::new(3, 2);
        let held = [queue.try_now("crowd"), queue.try_now("crowd")];
        assert!(held.iter().all(Option::is_some));
        let mut third = begin(&queue, "crowd");
        let other = queue.try_now("one");
        assert!(other.is_some(), "a place was left");
        assert!(queue.try_now("two").is_none());
        drop(other);
        assert!(served(&mut third).is_none(), "a place that is free is not for who holds its share");
        drop(held);
        assert!(served(&mut third).is_some());
    }

    #[test]
    fn whoever_leaves_the_queue_keeps_nothing() {
        let queue = Fair::new(1, 1);
        let first = queue.try_now("a").expect("a place");
        let (gone, mut next) = (begin(&queue, "b"), begin(&queue, "c"));
        drop(gone);
        drop(first);
        let turn = served(&mut next).expect("the next that still waits");
        // Served, but dropped before it looked.
        let never_looked = begin(&queue, "d");
        drop(turn);
        drop(never_looked);
        assert!(queue.try_now("e").is_some());
        let state = queue.lock();
        assert_eq!((state.free, state.lines.len(), state.order.len()), (1, 0, 0), "nothing is kept of who has gone");
    }
}
