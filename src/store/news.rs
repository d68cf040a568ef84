//! News of commits: how a process learns that this or another one has written something that others wait for.

use std::sync::Arc;

use entity::{audit_event, audit_head};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sqlx::postgres::{PgListener, PgPoolOptions},
};
use tokio::sync::watch;

use super::{Database, StoreError};
use crate::access::standing;

/// The channel of `PostgreSQL` by which replicas wake each other. It says only that there is something to look for: what it is, and
/// who may see it, is in the tables.
const CHANNEL: &str = "minsheng_news";

/// Where commits of this process are told.
#[derive(Clone, Debug, Default)]
pub(super) struct Announcer(Arc<watch::Sender<()>>);

impl Announcer {
    pub(super) fn announce(&self) {
        self.0.send_replace(());
    }
}

/// Tells the other processes on the same `PostgreSQL` once the transaction has committed. On `SQLite` they have to look.
pub(super) async fn notify(transaction: &DatabaseTransaction) -> Result<(), StoreError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("NOTIFY {CHANNEL}")).await?;
    }
    Ok(())
}

/// Hears when another process on the same `PostgreSQL` has committed something.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// Waits until there is something to look for. That is also the case when the connection was lost and is there again: what was
    /// told in between was not heard.
    ///
    /// # Errors
    /// The connection is lost, and no other can be opened.
    pub async fn heard(&mut self) -> Result<(), StoreError> {
        self.0.try_recv().await.map(|_| ()).map_err(StoreError::Connect)
    }
}

impl Database {
    /// Sees every commit of this process that others may wait for.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<()> {
        self.announcer.0.subscribe()
    }

    /// Listens on a connection of its own, so that none of those that serve requests is held. `None` where the database tells nothing
    /// of itself, as `SQLite`.
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
        listener.listen(CHANNEL).await.map_err(StoreError::Connect)?;
        Ok(Some(Listener(listener)))
    }

    /// The number of the last audit event: whoever wrote anything has written one.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "asks for a number that tells nobody anything")]
    pub async fn last_write(&self) -> Result<i64, StoreError> {
        let head: Option<i64> =
            audit_head::Entity::find().select_only().column(audit_head::Column::Sequence).into_tuple().one(self.reader()).await?;
        Ok(head.unwrap_or_default())
    }

    /// Whether anything was written after one number and up to another that may have changed who somebody is or what they may see.
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
            .filter(audit_event::Column::Action.is_in(standing::actions()))
            // What was refused changed nothing, except where a refresh token that came twice ended its session.
            .filter(audit_event::Column::Changes.ne("{}"))
            .limit(1)
            .into_tuple()
            .one(self.reader())
            .await?;
        Ok(changed.is_some())
    }
}
