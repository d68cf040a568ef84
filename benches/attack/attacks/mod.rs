//! The attacks. Each is what one client, or one attacker with many addresses, could send; each runs until it is dropped.

mod connections;
mod export;
mod memory;
mod price;
mod sign_in;
mod subscription;

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{task::JoinSet, time::sleep};

use crate::{client::Answer, honest::Errand, scene::Scene};

/// An attack.
pub struct Attack {
    pub name: &'static str,
    pub what: &'static str,
    /// What honest clients do meanwhile.
    pub errand: Errand,
    /// Begins it.
    pub run: fn(Target) -> Running,
}

/// An attack that runs.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Whom it is against.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub scene: Arc<Scene>,
    /// Ids of twenty tasks.
    pub tasks: Arc<Vec<String>>,
    pub tally: Arc<Tally>,
}

/// Counts the outcomes of the requests of the attacker.
#[derive(Debug, Default)]
pub struct Tally {
    answered: AtomicU64,
    refused: AtomicU64,
    broken: AtomicU64,
}

/// These counts at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub answered: u64,
    pub refused: u64,
    pub broken: u64,
}

pub const ATTACKS: [Attack; 11] = [
    Attack {
        name: "counts-8",
        what: "100 counts, searches or comparisons in a request, over 8 connections from one address",
        errand: Errand::Read,
        run: |target| Box::pin(price::counts(target, 8)),
    },
    Attack {
        name: "counts-90",
        what: "the same over 90 connections",
        errand: Errand::Read,
        run: |target| Box::pin(price::counts(target, 90)),
    },
    Attack {
        name: "unread",
        what: "90 clients at one address ask for the largest answer and never read it",
        errand: Errand::Read,
        run: |target| Box::pin(memory::unread(target)),
    },
    Attack {
        name: "large",
        what: "49 of the largest answers at once, to one address that reads them",
        errand: Errand::Read,
        run: |target| Box::pin(memory::large(target)),
    },
    Attack {
        name: "heads",
        what: "200 connections from one address send heads of 1.9 MB that do not end",
        errand: Errand::Read,
        run: |target| Box::pin(memory::heads(target)),
    },
    Attack {
        name: "replays",
        what: "250 subscriptions on 10 sockets of one address, each from the first of 2000 events on, again and again",
        errand: Errand::Read,
        run: |target| Box::pin(subscription::replays(target, 25)),
    },
    Attack {
        name: "replay",
        what: "the same with 1 subscription on each of the 10 sockets",
        errand: Errand::Read,
        run: |target| Box::pin(subscription::replays(target, 1)),
    },
    Attack {
        name: "sign-in",
        what: "wrong passwords for known names from random networks over 60 connections, while their owners sign in",
        errand: Errand::SignIn,
        run: |target| Box::pin(sign_in::guesses(target)),
    },
    Attack {
        name: "exports",
        what: "16 long exports at once from one address, while others export a ledger",
        errand: Errand::Export,
        run: |target| Box::pin(export::exports(target)),
    },
    Attack {
        name: "idle",
        what: "1500 connections from one address that say nothing, opened again when they are closed",
        errand: Errand::Read,
        run: |target| Box::pin(connections::idle(target)),
    },
    Attack {
        name: "sockets",
        what: "1500 WebSockets from one address that do nothing",
        errand: Errand::Read,
        run: |target| Box::pin(connections::sockets(target)),
    },
];

/// The address of an attacker who has only one.
const ATTACKER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 66));

/// How long an attacker waits who was refused. One that does not wait at all has only its own time to lose.
const RESPITE: Duration = Duration::from_millis(100);

impl Tally {
    fn answer(&self, answer: &Answer) {
        match answer.status {
            None => self.break_off(),
            Some(429 | 503) => self.refuse(),
            Some(_) if answer.is_limited() => self.refuse(),
            Some(_) => self.receive(),
        }
    }

    fn receive(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn break_off(&self) {
        self.broken.fetch_add(1, Ordering::Relaxed);
    }

    pub fn seen(&self) -> Seen {
        let [answered, refused, broken] = [&self.answered, &self.refused, &self.broken].map(|count| count.load(Ordering::Relaxed));
        Seen { answered, refused, broken }
    }
}

/// Does something on so many connections at once, again and again. Whoever is refused waits a moment, and goes on.
async fn again<F: Future<Output = Answer> + Send>(target: Target, connections: usize, ask: impl Fn(usize) -> F + Send + Clone + 'static) {
    let mut all = JoinSet::new();
    for number in 0..connections {
        let (tally, ask) = (Arc::clone(&target.tally), ask.clone());
        all.spawn(async move {
            for count in 0_usize.. {
                let answer = ask(number + count).await;
                tally.answer(&answer);
                if answer.status != Some(200) {
                    sleep(RESPITE).await;
                }
            }
        });
    }
    // Dropping the set ends them.
    while all.join_next().await.is_some() {}
}
