//! Targets: the quantified commitments of a task, with their parts.

use sea_orm_migration::prelude::*;

use crate::definition::{
    check, create_table, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key, text, unique, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("target")
                .col(uuid("id"))
                .col(uuid("task_id"))
                .col(integer("position"))
                .col(text("label"))
                .col(ColumnDef::new("value").big_integer().not_null())
                .col(text("unit"))
                .col(text("comparator"))
                .col(text("kind"))
                .col(uuid_null("part_of_id"))
                .col(uuid_null("indicator_id"))
                .primary_key(&mut primary_key("target_pkey", &["id"]))
                .index(&mut unique("target_label_unique", &["task_id", "label"]))
                .index(&mut unique("target_task_unique", &["id", "task_id"]))
                .foreign_key(
                    foreign_key("target_task_fkey", ("target", &["task_id"]), ("task", &["id"])).on_delete(ForeignKeyAction::Cascade),
                )
                // The whole that a target is part of is a target of the same task.
                .foreign_key(
                    foreign_key("target_part_of_fkey", ("target", &["part_of_id", "task_id"]), ("target", &["id", "task_id"]))
                        .on_delete(ForeignKeyAction::Cascade),
                )
                // A target meets others under an indicator only when it counts the same kind of thing in the same unit.
                // Correcting the unit of an indicator corrects that of its targets.
                .foreign_key(
                    foreign_key(
                        "target_indicator_fkey",
                        ("target", &["indicator_id", "unit", "kind"]),
                        ("indicator", &["id", "unit", "kind"]),
                    )
                    .on_update(ForeignKeyAction::Cascade),
                )
                .check(not_blank("target_label_check", "label"))
                .check(check("target_value_check", "value >= 0"))
                .check(not_blank("target_unit_check", "unit"))
                .check(one_of("target_comparator_check", "comparator", &["EXACTLY", "AT_LEAST", "ABOUT", "AT_MOST"]))
                .check(one_of("target_kind_check", "kind", &["INCREMENT", "LEVEL", "COVERAGE", "RATE", "AMOUNT"]))
                .check(check("target_part_of_check", "part_of_id <> id"))
                .take(),
        )
        .await?;
        manager.create_index(index("target_part_of_index", "target", &["part_of_id"])).await?;
        manager.create_index(index("target_indicator_index", "target", &["indicator_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["target"]).await
    }
}
