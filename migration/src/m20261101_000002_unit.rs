//! Units, the other names they are known by, and the members of collective units.

use sea_orm_migration::prelude::*;

use crate::definition::{
    check, create_table, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key, text, unique, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("unit")
                .col(uuid("id"))
                .col(uuid("jurisdiction_id"))
                .col(text("name"))
                .col(text("kind"))
                .col(integer("position"))
                .primary_key(&mut primary_key("unit_pkey", &["id"]))
                .index(&mut unique("unit_name_unique", &["jurisdiction_id", "name"]))
                // Lets other tables demand a unit of a given jurisdiction.
                .index(&mut unique("unit_jurisdiction_unique", &["id", "jurisdiction_id"]))
                .foreign_key(&mut foreign_key("unit_jurisdiction_fkey", ("unit", &["jurisdiction_id"]), ("jurisdiction", &["id"])))
                .check(not_blank("unit_name_check", "name"))
                .check(one_of(
                    "unit_kind_check",
                    "kind",
                    &[
                        "GOVERNMENT",
                        "DEPARTMENT",
                        "BRANCH",
                        "PUBLIC_INSTITUTION",
                        "COORDINATING_BODY",
                        "TOWN",
                        "SUBDISTRICT",
                        "STATE_OWNED_ENTERPRISE",
                        "MASS_ORGANISATION",
                        "LOCALITY",
                        "COLLECTIVE",
                    ],
                ))
                .take(),
        )
        .await?;
        create_table(
            manager,
            Table::create()
                .table("unit_alias")
                .col(uuid("id"))
                .col(uuid("unit_id"))
                .col(uuid("jurisdiction_id"))
                .col(text("name"))
                .col(integer("position"))
                .primary_key(&mut primary_key("unit_alias_pkey", &["id"]))
                .index(&mut unique("unit_alias_name_unique", &["jurisdiction_id", "name"]))
                .foreign_key(
                    foreign_key(
                        "unit_alias_unit_fkey",
                        ("unit_alias", &["unit_id", "jurisdiction_id"]),
                        ("unit", &["id", "jurisdiction_id"]),
                    )
                    .on_delete(ForeignKeyAction::Cascade),
                )
                .check(not_blank("unit_alias_name_check", "name"))
                .take(),
        )
        .await?;
        manager.create_index(index("unit_alias_unit_index", "unit_alias", &["unit_id"])).await?;
        create_table(
            manager,
            Table::create()
                .table("unit_member")
                .col(uuid("collective_id"))
                .col(uuid("member_id"))
                .col(integer("position"))
                .primary_key(&mut primary_key("unit_member_pkey", &["collective_id", "member_id"]))
                .foreign_key(
                    foreign_key("unit_member_collective_fkey", ("unit_member", &["collective_id"]), ("unit", &["id"]))
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(&mut foreign_key("unit_member_member_fkey", ("unit_member", &["member_id"]), ("unit", &["id"])))
                .check(check("unit_member_self_check", "collective_id <> member_id"))
                .take(),
        )
        .await?;
        manager.create_index(index("unit_member_member_index", "unit_member", &["member_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["unit_member", "unit_alias", "unit"]).await
    }
}
