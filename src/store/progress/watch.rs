//! Until when the passing of time was looked at.

use chrono::{DateTime, Utc};
use entity::{Timestamp, event_watch};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, sea_query::OnConflict};

use crate::store::{Database, StoreError, Writer};

/// The one row.
const ID: i32 = 1;

impl Database {
    /// Until when the passing of time was looked at; `None` where it never was.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn watched_until(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        watched_until(self.reader()).await
    }
}

impl Writer {
    /// The instant until which changes were watched, as this transaction finds it.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn watched_until(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        watched_until(&self.transaction).await
    }

    /// Notes that it was looked at until then.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn set_watched_until(&self, until: DateTime<Utc>) -> Result<(), StoreError> {
        let row = event_watch::ActiveModel { id: Set(ID), watched_until: Set(until.into()) };
        let known = OnConflict::column(event_watch::Column::Id).update_column(event_watch::Column::WatchedUntil).to_owned();
        event_watch::Entity::insert(row).on_conflict(known).exec_without_returning(&self.transaction).await?;
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a time that tells nobody anything")]
async fn watched_until<C: ConnectionTrait>(connection: &C) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = event_watch::Entity::find_by_id(ID).one(connection).await?;
    Ok(row.map(|row| Timestamp::into(row.watched_until)))
}
