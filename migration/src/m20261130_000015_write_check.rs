//! A table that is written to prove that the database stores what is written.

use sea_orm_migration::prelude::*;

use crate::definition::{big_integer, create_table, drop_tables, primary_key, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("write_check")
                .col(text("id"))
                .col(big_integer("checked_at"))
                .col(text("filler"))
                .primary_key(&mut primary_key("write_check_pkey", &["id"]))
                .take(),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["write_check"]).await
    }
}
