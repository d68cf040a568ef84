//! The value from which a rate or a level starts, so that its completion runs from there.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // What is counted from the start of the year starts at nothing.
        connection
            .execute_unprepared(
                "ALTER TABLE target ADD COLUMN baseline bigint CONSTRAINT target_baseline_check
                 CHECK (baseline IS NULL OR (baseline >= 0 AND kind IN ('RATE', 'LEVEL')))",
            )
            .await
            .map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("ALTER TABLE target DROP COLUMN baseline").await.map(|_| ())
    }
}
