//! The latest time that any change has, beside the name that each change gives to what is seen: clocks of processes differ, and state is never
//! read as of a time before it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // In the row that every writer updates in any case.
        connection.execute_unprepared("ALTER TABLE audit_head ADD COLUMN changed_at bigint NOT NULL DEFAULT 0").await?;
        let changes = "SELECT max(at) FROM audit_event WHERE outcome = 'SUCCEEDED'";
        connection.execute_unprepared(&format!("UPDATE audit_head SET changed_at = coalesce(({changes}), 0)")).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("ALTER TABLE audit_head DROP COLUMN changed_at").await.map(|_| ())
    }
}
