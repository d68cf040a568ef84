//! Events that subscriptions follow.
//!
//! The endpoint runs the operation once to find out what is wanted ([`Step::Opening`]), and then once for each event ([`Step::Event`]),
//! each time for whoever proves to be asking by then. The root field of a subscription reads the step from its context.

use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::BoxFuture;

use super::{BoxError, Opaque};
use crate::asked::Asked;

/// An event.
#[derive(Clone)]
pub struct Event {
    /// Its number. Later events have higher ones.
    pub sequence: i64,
    /// Its id as callers see it, by which a client that connects again says what it received last.
    pub id: String,
    /// The event.
    pub value: Arc<dyn Any + Send + Sync>,
}

/// Which events somebody wants, as the root field has found out.
#[derive(Clone)]
pub struct Wanted {
    /// After the event with this number; `None`: from now on.
    pub after: Option<i64>,
    /// What is wanted.
    pub scope: Arc<dyn Opaque>,
}

/// Why the operation is run.
#[derive(Clone)]
pub enum Step {
    /// To find out what is wanted.
    Opening(Arc<Opening>),
    /// To tell of this event.
    Event(Event),
}

/// What is found out when somebody begins to follow.
#[derive(Default)]
pub struct Opening {
    /// The last event that the transport says was received. It counts in place of an argument, which a client that connects again by
    /// itself repeats as it was.
    pub last_event_id: Option<String>,
    wanted: Mutex<Option<Wanted>>,
}

impl Opening {
    pub(crate) fn new(last_event_id: Option<String>) -> Self {
        Self { last_event_id, wanted: Mutex::default() }
    }

    /// Says what is wanted.
    pub fn want(&self, wanted: Wanted) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some(wanted);
    }

    /// What was found out.
    pub(crate) fn wanted(&self) -> Option<Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How far things have come, as far as this process has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The number of the last event.
    pub last_event: i64,
    /// Rises whenever somebody's rights may have changed: who follows has to be asked again who they are.
    pub standing: u64,
}

/// Whoever follows, and learns that there is something to read.
pub trait Following: Send + Sync {
    /// How far things have come, once that has been seen at all.
    fn news(&mut self) -> BoxFuture<'_, News>;

    /// How far things have come, as far as has been seen, without taking note of it.
    fn seen(&self) -> News;

    /// Waits until there is news that was not asked for yet.
    fn changed(&mut self) -> BoxFuture<'_, ()>;
}

/// Where events are read.
pub trait Feed: Send + Sync {
    /// Follows what happens from now on.
    fn follow(&self) -> Box<dyn Following>;

    /// The name of all that there was to be seen when it was looked last. Those who follow the same share answers under it.
    fn seen_revision(&self) -> Option<String>;

    /// The number of the last event.
    fn last_event(&self) -> BoxFuture<'_, Result<i64, BoxError>>;

    /// The events after one number and up to another that are for whoever asks, so many at most.
    fn events(
        &self,
        asked: Asked,
        scope: Arc<dyn Opaque>,
        after: i64,
        until: i64,
        most: u64,
    ) -> BoxFuture<'static, Result<Vec<Event>, BoxError>>;
}
