//! Connections that must not be used again.
//!
//! `SQLite` ends a transaction by itself after some errors: a full disk, a failed read, no memory. The driver does not notice, and takes every
//! later transaction for a part of the one that is gone. A connection that had any error is therefore closed (ADR 0023).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::sqlx::{Connection, pool::PoolConnectionMetadata, sqlite::SqlitePoolOptions};

/// When a connection of a pool had an error last. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Discard(Arc<Mutex<Option<Instant>>>);

impl Discard {
    /// Notes an error. The pool does not tell which of its connections had it, so all that are open now are closed before their next use.
    pub(super) fn note_error(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection may be used: it was opened after the last error, and the driver knows of no transaction on it.
    ///
    /// A rollback is only queued when a transaction is dropped. The pool waits for it before the connection becomes idle, so one that failed
    /// shows here.
    pub(super) fn keeps<C: Connection>(&self, connection: &C, metadata: &PoolConnectionMetadata) -> bool {
        !connection.is_in_transaction() && self.is_newer(metadata.age)
    }

    fn is_newer(&self, age: Duration) -> bool {
        let error = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        error.is_none_or(|error| age < error.elapsed())
    }

    /// Closes connections of a pool that must not be used again.
    pub(super) fn guard(&self, pool: SqlitePoolOptions) -> SqlitePoolOptions {
        let discard = self.clone();
        pool.before_acquire(move |connection, metadata| {
            let keeps = discard.keeps(connection, &metadata);
            Box::pin(async move { Ok(keeps) })
        })
    }
}
