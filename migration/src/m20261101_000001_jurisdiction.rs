//! Jurisdictions: the tree of government levels.

use sea_orm_migration::prelude::*;

use crate::definition::{
    check, create_table, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key, text, text_null, unique, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("jurisdiction")
                .col(uuid("id"))
                .col(text("code"))
                .col(text("name"))
                .col(text("name_english"))
                .col(text("kind"))
                .col(text_null("division_code"))
                .col(uuid_null("parent_id"))
                .col(integer("position"))
                .primary_key(&mut primary_key("jurisdiction_pkey", &["id"]))
                .index(&mut unique("jurisdiction_code_unique", &["code"]))
                .index(&mut unique("jurisdiction_name_unique", &["name"]))
                .index(&mut unique("jurisdiction_division_code_unique", &["division_code"]))
                .foreign_key(&mut foreign_key("jurisdiction_parent_fkey", ("jurisdiction", &["parent_id"]), ("jurisdiction", &["id"])))
                .check(not_blank("jurisdiction_code_check", "code"))
                .check(not_blank("jurisdiction_name_check", "name"))
                .check(not_blank("jurisdiction_name_english_check", "name_english"))
                .check(one_of("jurisdiction_kind_check", "kind", &["CITY", "DISTRICT", "COUNTY", "COUNTY_LEVEL_CITY", "DEVELOPMENT_ZONE"]))
                .check(check("jurisdiction_division_code_check", "length(division_code) = 6"))
                .check(check("jurisdiction_parent_check", "parent_id <> id"))
                .take(),
        )
        .await?;
        manager.create_index(index("jurisdiction_parent_index", "jurisdiction", &["parent_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["jurisdiction"]).await
    }
}
