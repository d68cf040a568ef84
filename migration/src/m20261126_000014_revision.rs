//! Names of what there is to be seen, and of the documents that are trusted, so that a process knows without looking whether either has
//! changed; and those documents.

use sea_orm_migration::prelude::*;

use crate::definition::{big_integer, big_integer_null, check, create_table, drop_tables, not_blank, primary_key, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // In the row that every writer updates in any case.
        connection.execute_unprepared("ALTER TABLE audit_head ADD COLUMN revision text NOT NULL DEFAULT ''").await?;
        connection.execute_unprepared("ALTER TABLE audit_head ADD COLUMN documents text NOT NULL DEFAULT ''").await?;
        create_table(
            manager,
            Table::create()
                .table("trusted_document")
                .col(text("hash"))
                .col(text("name"))
                .col(text("document"))
                .col(big_integer("registered_at"))
                .col(big_integer_null("retired_at"))
                .primary_key(&mut primary_key("trusted_document_pkey", &["hash"]))
                .check(check("trusted_document_hash_check", "length(hash) = 64"))
                .check(not_blank("trusted_document_document_check", "document"))
                .check(check("trusted_document_retired_check", "retired_at >= registered_at"))
                .take(),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["trusted_document"]).await?;
        let connection = manager.get_connection();
        connection.execute_unprepared("ALTER TABLE audit_head DROP COLUMN documents").await?;
        connection.execute_unprepared("ALTER TABLE audit_head DROP COLUMN revision").await.map(|_| ())
    }
}
