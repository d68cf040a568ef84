//! Who asks.

use std::{any::Any, sync::Arc};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::BoxError;

/// A value of the product. The endpoint compares it and hands it back, and never looks into it.
pub trait Opaque: Any + Send + Sync {
    /// Whether another value is the same.
    fn is_same(&self, other: &dyn Opaque) -> bool;
}

impl<T: PartialEq + Any + Send + Sync> Opaque for T {
    fn is_same(&self, other: &dyn Opaque) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>() == Some(self)
    }
}

/// What a request presents.
#[derive(Clone, Copy, Debug)]
pub enum Credentials<'a> {
    /// Nothing: the public asks.
    None,
    /// A bearer token.
    Bearer(&'a str),
    /// A ticket for a file at an address, presented at a time.
    Ticket {
        /// The ticket.
        ticket: &'a str,
        /// The address without it.
        address: &'a str,
        /// When it was presented.
        at: DateTime<Utc>,
    },
}

/// Who asks, as the product has found out.
#[derive(Clone)]
pub struct Identity {
    /// The account, whose allowance the request uses; none for the public.
    pub account: Option<Uuid>,
    /// The account as the log names it.
    pub name: Option<String>,
    /// When what was presented ceases to prove it.
    pub until: Option<DateTime<Utc>>,
    /// Who that is to the product. Those who are the same see the same.
    pub viewer: Arc<dyn Opaque>,
}

impl Identity {
    /// Who that is to the product, of its own type.
    #[must_use]
    pub fn viewer<T: Any>(&self) -> Option<&T> {
        let viewer: &dyn Any = &*self.viewer;
        viewer.downcast_ref()
    }
}

/// Why somebody who presented something is not believed.
#[derive(Debug, thiserror::Error)]
pub enum Unproved {
    /// What was presented proves nothing. The reason is for the log; the caller learns only that it does not count.
    #[error("{0}")]
    Invalid(String),
    /// Whether it does cannot be found out now.
    #[error("the identity cannot be checked now")]
    Unavailable(#[source] BoxError),
}
