//! The light of the public beside that of the office, and which of the two audiences an event is told to.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // Null until the service has told it once, which is no news.
        connection
            .execute_unprepared(
                "ALTER TABLE task_standing ADD COLUMN public_light text CONSTRAINT task_standing_public_light_check
                 CHECK (public_light IN ('BLUE', 'GREEN', 'YELLOW', 'RED', 'GREY'))",
            )
            .await?;
        // Whatever was told so far was told to those inside as well.
        connection.execute_unprepared("ALTER TABLE progress_event ADD COLUMN inside boolean NOT NULL DEFAULT TRUE").await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("ALTER TABLE progress_event DROP COLUMN inside").await?;
        connection.execute_unprepared("ALTER TABLE task_standing DROP COLUMN public_light").await.map(|_| ())
    }
}
