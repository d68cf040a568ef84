//! What lets a spent refresh token come again within a few seconds, and what finds the networks that somebody has signed in from.

use sea_orm_migration::prelude::*;

use crate::definition::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("ALTER TABLE refresh_token ADD COLUMN spent_network text").await?;
        connection.execute_unprepared("ALTER TABLE refresh_token ADD COLUMN successor_salt text").await?;
        // Few rows have a salt at any time, so the sweep that erases old salts reads few rows.
        connection
            .execute_unprepared("CREATE INDEX refresh_token_salt_index ON refresh_token (spent_at) WHERE successor_salt IS NOT NULL")
            .await?;
        manager.create_index(index("session_network_index", "session", &["network", "created_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("DROP INDEX session_network_index").await?;
        connection.execute_unprepared("DROP INDEX refresh_token_salt_index").await?;
        connection.execute_unprepared("ALTER TABLE refresh_token DROP COLUMN successor_salt").await?;
        connection.execute_unprepared("ALTER TABLE refresh_token DROP COLUMN spent_network").await.map(|_| ())
    }
}
