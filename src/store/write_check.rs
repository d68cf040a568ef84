//! Proving that the database stores writes.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entity::write_check;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::time::timeout;

use super::{Database, StoreError, commits::fresh_name};

/// How long a check waits for its turn to write.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much a check writes. `SQLite` needs new pages for it, as a change does: overwriting a row would succeed in a full database.
const FILLER: usize = 8192;

impl Database {
    /// Writes a row and commits it. Succeeds as well where the check does not get its turn, but others have committed meanwhile.
    ///
    /// # Errors
    /// Nothing can be written now.
    pub async fn check_writing(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let begun = Instant::now();
        match timeout(PATIENCE, self.write_check(now)).await {
            Ok(checked) => checked,
            Err(_) if self.announcer.wrote_since(begun) => Ok(()),
            Err(_) => Err(StoreError::NoTurn),
        }
    }

    async fn write_check(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let id = fresh_name();
        let row = write_check::ActiveModel { id: Set(id.clone()), checked_at: Set(now.into()), filler: Set("x".repeat(FILLER)) };
        write_check::Entity::insert(row).exec_without_returning(&transaction).await?;
        // After the insert, so that the old row does not make the room for the new one.
        write_check::Entity::delete_many().filter(write_check::Column::Id.ne(id)).exec(&transaction).await?;
        transaction.commit().await
    }
}
