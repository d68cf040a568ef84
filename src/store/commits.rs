//! News of commits: how a process learns that this or another one has written something that others wait for.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use chrono::{DateTime, Utc};
use entity::{Timestamp, audit_event, audit_head};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::OnConflict,
    sqlx::postgres::{PgListener, PgPoolOptions},
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Database, StoreError, transaction::Transaction};
use crate::access::policy::{Outdated, outdating};

/// The channel of `PostgreSQL` by which replicas wake each other. It says only that there is something to read. The tables have the event,
/// and who may see it.
const CHANNEL: &str = "minsheng_news";

/// The knowledge of this process about commits. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Announcer(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    /// How many commits of this process others may wait for.
    commits: watch::Sender<u64>,
    /// The latest time that any change in the database has, in microseconds, as far as this process has read.
    last_change: AtomicI64,
    /// When this process committed anything last.
    last_commit: Mutex<Option<Instant>>,
}

impl Announcer {
    pub(super) fn announce(&self) {
        self.0.commits.send_modify(|commits| *commits = commits.wrapping_add(1));
    }

    /// Notes that the database stores committed changes.
    pub(super) fn wrote(&self) {
        *self.0.last_commit.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether anything was committed since `begun`.
    pub(super) fn wrote_since(&self, begun: Instant) -> bool {
        self.0.last_commit.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at >= begun)
    }

    /// Notes the time of a change that is committed.
    pub(super) fn changed_at(&self, at: Timestamp) {
        self.0.last_change.fetch_max(at.microseconds(), Ordering::AcqRel);
    }
}

/// Tells the other processes on the same `PostgreSQL` once the transaction has committed. On `SQLite` they have to look.
pub(super) async fn notify(transaction: &Transaction) -> Result<(), StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
    }
    Ok(())
}

/// How far things have come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of the last audit event. Every write except seeds leaves one.
    pub last_write: i64,
    /// The revision of the visible data: a new name whenever data that anybody sees may have changed.
    pub revision: String,
    /// Another name whenever the trusted documents have changed.
    pub documents: String,
}

/// A name that nothing had before. One that counts would come back after an older backup was restored, for something else.
#[expect(clippy::disallowed_methods, reason = "names how far things have come, not a row")]
pub(super) fn fresh_name() -> String {
    Uuid::now_v7().to_string()
}

/// Sets a new revision, for a writer without an event.
pub(super) async fn rename_revision(transaction: &Transaction) -> Result<(), StoreError> {
    let named = audit_head::ActiveModel {
        id: Set(1),
        sequence: Set(0),
        hash: Set(String::new()),
        revision: Set(fresh_name()),
        documents: Set(String::new()),
        changed_at: Set(DateTime::UNIX_EPOCH.into()),
    };
    let known = OnConflict::column(audit_head::Column::Id).update_column(audit_head::Column::Revision).to_owned();
    audit_head::Entity::insert(named).on_conflict(known).exec_without_returning(transaction).await?;
    Ok(())
}

/// Hears when another process on the same `PostgreSQL` has committed something.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// Waits until there is something to look for.
    ///
    /// # Errors
    /// The connection is lost: later notifications are not heard.
    pub async fn heard(&mut self) -> Result<(), StoreError> {
        self.0.try_recv().await.map_err(StoreError::Connect)?.map(|_| ()).ok_or(StoreError::Away)
    }
}

impl Database {
    /// Sees every commit of this process that others may wait for.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.announcer.0.commits.subscribe()
    }

    /// Listens on its own connection, so it holds no connection that serves requests. `None` where the database tells nothing of itself,
    /// as `SQLite`.
    ///
    /// # Errors
    /// No connection can be opened.
    pub async fn listener(&self) -> Result<Option<Listener>, StoreError> {
        if self.reader().get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let options = self.reader().get_postgres_connection_pool().connect_options();
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None).connect_lazy_with((*options).clone());
        let mut listener = PgListener::connect_with(&pool).await.map_err(StoreError::Connect)?;
        // Another connection is another listener, so no caller counts this process as hearing others while it has no connection.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await.map_err(StoreError::Connect)?;
        Ok(Some(Listener(listener)))
    }

    /// How far things have come.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "asks for numbers and names that tell nobody anything")]
    pub async fn progress(&self) -> Result<Progress, StoreError> {
        let head = audit_head::Entity::find().one(self.reader()).await?;
        if let Some(head) = &head {
            self.announcer.changed_at(head.changed_at);
        }
        Ok(head.map_or_else(Progress::default, |head| Progress {
            last_write: head.sequence,
            revision: head.revision,
            documents: head.documents,
        }))
    }

    /// The time as of which state is read when a clock says `now`. It is never before the last change that this process has read, because
    /// the clock of the process that made the change may be ahead.
    #[must_use]
    pub fn as_of(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let last_change = DateTime::from_timestamp_micros(self.announcer.0.last_change.load(Ordering::Acquire));
        last_change.map_or(now, |last_change| last_change.max(now))
    }

    /// Whether an action between two numbers may have changed the identity or the view of an account.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "asks whether to look again, and tells nobody why")]
    pub async fn standing_changed(&self, after: i64, until: i64) -> Result<bool, StoreError> {
        let changed: Option<i64> = audit_event::Entity::find()
            .select_only()
            .column(audit_event::Column::Sequence)
            .filter(audit_event::Column::Sequence.gt(after))
            .filter(audit_event::Column::Sequence.lte(until))
            .filter(audit_event::Column::Action.is_in(outdating(Outdated::Standing)))
            // What was refused changed nothing, except where a refresh token that came twice ended its session.
            .filter(audit_event::Column::Changes.ne("{}"))
            .limit(1)
            .into_tuple()
            .one(self.reader())
            .await?;
        Ok(changed.is_some())
    }
}
