//! Events of this process and of others: one bus a process tells its subscribers that there is something to read. They read the event, and
//! who may see it, from the database. No statements, no GraphQL, no HTTP.

mod look_out;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::store::{Database, Progress};

/// How far things have come, as far as this process has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The number of the last event.
    pub last_event: i64,
    /// Rises whenever the standing of an account may have changed: each subscriber must then be verified again.
    pub standing: u64,
}

/// How long ago the last look may be for the bus to be taken for alive: it looks once a second.
const ALIVE: Duration = Duration::from_secs(5);

/// The longest age at which the last look counts as certain: without notifications there is a look once a second.
const CERTAIN: Duration = Duration::from_secs(3);

/// The bus of a process. Clones share it.
///
/// It looks out only while there is a subscriber. It ends by itself after the last subscriber, or with the runtime.
#[derive(Clone, Debug)]
pub struct Bus(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    database: Database,
    /// The channel to subscribers, while the bus looks out.
    telling: Mutex<Option<Telling>>,
    /// The state at the last look, and its time.
    sight: Mutex<Option<Sight>>,
    /// Whether other processes are heard, or there is nothing to hear of them.
    hears: AtomicBool,
}

/// The state at the last look.
#[derive(Clone, Debug)]
struct Sight {
    at: Instant,
    /// How many commits this process had made before it looked.
    commits: u64,
    /// Whether others were heard by then: their later commits are announced.
    heard: bool,
    progress: Progress,
}

/// Nothing has been seen yet where it is `None`.
type Telling = Arc<watch::Sender<Option<News>>>;

impl Bus {
    /// The bus over a database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Arc::new(Shared { database, telling: Mutex::default(), sight: Mutex::default(), hears: AtomicBool::new(false) }))
    }

    /// Follows the events from now on.
    #[must_use]
    pub fn follow(&self) -> Following {
        let mut telling = self.0.telling.lock().unwrap_or_else(PoisonError::into_inner);
        let told = if let Some(telling) = telling.as_ref() {
            telling.subscribe()
        } else {
            let begun: Telling = Arc::default();
            let told = begun.subscribe();
            *telling = Some(Arc::clone(&begun));
            tokio::spawn(look_out::look_out(Arc::clone(&self.0), begun));
            told
        };
        Following(told)
    }

    /// Whether the bus looks out, and its looks succeed.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.0.sight().is_some_and(|sight| sight.at.elapsed() < ALIVE)
    }

    /// The revision of the visible data, if it is certain. It is certain if nothing was committed here since the last look, others are
    /// heard, and the look was a moment ago. Everything else is doubt, and `None`.
    ///
    /// A commit of another process is heard a moment after it, and on `SQLite` seen a second later at most.
    #[must_use]
    pub fn revision(&self) -> Option<String> {
        let sight = self.0.sight()?;
        let certain = sight.heard
            && self.0.hears.load(Ordering::Acquire)
            && sight.at.elapsed() < CERTAIN
            && sight.commits == *self.0.database.commits().borrow();
        certain.then(|| format!("{} {}", sight.progress.revision, sight.progress.documents))
    }

    /// The revision of the visible data at the last look, whether or not it is certain now.
    #[must_use]
    pub fn seen_revision(&self) -> Option<String> {
        self.0.sight().map(|sight| sight.progress.revision)
    }

    /// The name of the trusted documents, as far as has been seen.
    #[must_use]
    pub fn documents(&self) -> Option<String> {
        self.0.sight().map(|sight| sight.progress.documents)
    }
}

impl Shared {
    fn sight(&self) -> Option<Sight> {
        self.sight.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn see(&self, sight: Option<Sight>) {
        *self.sight.lock().unwrap_or_else(PoisonError::into_inner) = sight;
    }

    /// Another process has committed something: until it has been looked, nothing is certain.
    fn doubt(&self) {
        if let Some(sight) = self.sight.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            sight.heard = false;
        }
    }

    /// Ends the looking out if nobody follows any more. The lock keeps a caller at this moment from following a channel that has ended.
    fn retire(&self, telling: &Telling) -> bool {
        let mut current = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        let nobody = telling.receiver_count() == 0;
        if nobody {
            *current = None;
        }
        nobody
    }
}

/// A subscriber.
#[derive(Clone, Debug)]
pub struct Following(watch::Receiver<Option<News>>);

impl Following {
    /// The latest numbers, once the first look has succeeded. Several changes while nobody asks are told as one.
    pub async fn news(&mut self) -> News {
        loop {
            let seen = *self.0.borrow_and_update();
            if let Some(news) = seen {
                return news;
            }
            self.changed().await;
        }
    }

    /// How far things have come, as far as has been seen, without taking note of it.
    #[must_use]
    pub fn seen(&self) -> News {
        self.0.borrow().unwrap_or_default()
    }

    /// Waits until there is news that was not asked for yet.
    pub async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            // The process is stopping: there will be no more.
            std::future::pending::<()>().await;
        }
    }
}
