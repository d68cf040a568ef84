//! The catalogue: topics and the indicators that make targets comparable.

use sea_orm_migration::prelude::*;

use crate::definition::{create_table, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key, text, unique, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("topic")
                .col(uuid("id"))
                .col(text("code"))
                .col(text("name"))
                .col(text("name_english"))
                .col(integer("position"))
                .primary_key(&mut primary_key("topic_pkey", &["id"]))
                .index(&mut unique("topic_code_unique", &["code"]))
                .index(&mut unique("topic_name_unique", &["name"]))
                .check(not_blank("topic_code_check", "code"))
                .check(not_blank("topic_name_check", "name"))
                .check(not_blank("topic_name_english_check", "name_english"))
                .take(),
        )
        .await?;
        create_table(
            manager,
            Table::create()
                .table("indicator")
                .col(uuid("id"))
                .col(text("code"))
                .col(text("name"))
                .col(text("name_english"))
                .col(text("description"))
                .col(text("description_english"))
                .col(uuid("topic_id"))
                .col(text("unit"))
                .col(text("kind"))
                .col(text("aggregation"))
                .col(ColumnDef::new("higher_is_better").boolean().not_null())
                .col(integer("position"))
                .primary_key(&mut primary_key("indicator_pkey", &["id"]))
                .index(&mut unique("indicator_code_unique", &["code"]))
                .index(&mut unique("indicator_name_unique", &["name"]))
                // Lets a target demand an indicator that counts the same kind of thing in the same unit.
                .index(&mut unique("indicator_measure_unique", &["id", "unit", "kind"]))
                .foreign_key(&mut foreign_key("indicator_topic_fkey", ("indicator", &["topic_id"]), ("topic", &["id"])))
                .check(not_blank("indicator_code_check", "code"))
                .check(not_blank("indicator_name_check", "name"))
                .check(not_blank("indicator_name_english_check", "name_english"))
                .check(not_blank("indicator_unit_check", "unit"))
                .check(one_of("indicator_kind_check", "kind", &["INCREMENT", "LEVEL", "COVERAGE", "RATE", "AMOUNT"]))
                .check(one_of("indicator_aggregation_check", "aggregation", &["SUM", "LATEST"]))
                .take(),
        )
        .await?;
        manager.create_index(index("indicator_topic_index", "indicator", &["topic_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["indicator", "topic"]).await
    }
}
