//! 常住人口: how many people live in a jurisdiction, by year and with the source, so that places of different sizes can be compared.

use sea_orm_migration::prelude::*;

use crate::definition::{big_integer, check, create_table, drop_tables, foreign_key, integer, not_blank, primary_key, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("population")
                .col(uuid("jurisdiction_id"))
                .col(integer("year"))
                .col(big_integer("residents"))
                .col(text("source"))
                .col(text("source_english"))
                .primary_key(&mut primary_key("population_pkey", &["jurisdiction_id", "year"]))
                .foreign_key(&mut foreign_key(
                    "population_jurisdiction_fkey",
                    ("population", &["jurisdiction_id"]),
                    ("jurisdiction", &["id"]),
                ))
                .check(check("population_residents_check", "residents > 0"))
                .check(not_blank("population_source_check", "source"))
                .check(not_blank("population_source_english_check", "source_english"))
                .take(),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["population"]).await
    }
}
