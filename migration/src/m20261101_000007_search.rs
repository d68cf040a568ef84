//! Text search: the normalised text of each subject, and an inverted index over its grams.
//!
//! `grams` is a list of tokens separated by spaces, the same on both databases. PostgreSQL indexes it as an array with GIN, which
//! needs no extension; `SQLite` with FTS5, which finds rows by an integer key and is kept in step by triggers.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::definition::{create_table, drop_tables, one_of, primary_key, text, unique, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let mut table = Table::create()
            .table("search_entry")
            .col(uuid("subject_id"))
            .col(text("subject"))
            .col(text("text"))
            .col(text("grams"))
            .check(one_of("search_entry_subject_check", "subject", &["UNIT", "INDICATOR", "NOTICE", "PROJECT", "TASK"]))
            .take();
        if sqlite {
            table
                .col(ColumnDef::new("rowid_alias").integer().not_null().primary_key().auto_increment())
                .index(&mut unique("search_entry_subject_unique", &["subject_id"]));
        } else {
            table.primary_key(&mut primary_key("search_entry_pkey", &["subject_id"]));
        }
        create_table(manager, table).await?;
        let connection = manager.get_connection();
        for statement in if sqlite { SQLITE_UP } else { POSTGRES_UP } {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            manager.get_connection().execute_unprepared("DROP TABLE search_gram").await?;
        }
        drop_tables(manager, &["search_entry"]).await
    }
}

const POSTGRES_UP: &[&str] = &["CREATE INDEX search_entry_grams_index ON search_entry USING gin (string_to_array(grams, ' '))"];

const SQLITE_UP: &[&str] = &[
    "CREATE VIRTUAL TABLE search_gram USING fts5(
        grams, content = 'search_entry', content_rowid = 'rowid_alias', tokenize = 'ascii', detail = 'none', columnsize = 0
    )",
    "CREATE TRIGGER search_entry_inserted AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_gram (rowid, grams) VALUES (new.rowid_alias, new.grams);
    END",
    "CREATE TRIGGER search_entry_deleted AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_gram (search_gram, rowid, grams) VALUES ('delete', old.rowid_alias, old.grams);
    END",
    "CREATE TRIGGER search_entry_updated AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_gram (search_gram, rowid, grams) VALUES ('delete', old.rowid_alias, old.grams);
        INSERT INTO search_gram (rowid, grams) VALUES (new.rowid_alias, new.grams);
    END",
];
