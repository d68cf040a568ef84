//! The annex of a notice: projects, their tasks, the topics of a task and the units assigned to it.

use sea_orm_migration::prelude::*;

use crate::definition::{
    check, create_table, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key, text, text_null, unique, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_table(
            manager,
            Table::create()
                .table("project")
                .col(uuid("id"))
                .col(uuid("notice_id"))
                .col(integer("number"))
                .col(text("title"))
                .primary_key(&mut primary_key("project_pkey", &["id"]))
                .index(&mut unique("project_number_unique", &["notice_id", "number"]))
                .index(&mut unique("project_notice_unique", &["id", "notice_id"]))
                .foreign_key(
                    foreign_key("project_notice_fkey", ("project", &["notice_id"]), ("notice", &["id"]))
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .check(check("project_number_check", "number > 0"))
                .check(not_blank("project_title_check", "title"))
                .take(),
        )
        .await?;
        create_task(manager).await?;
        create_task_topic(manager).await?;
        create_assignment(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["assignment", "task_topic", "task", "project"]).await
    }
}

async fn create_task(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("task")
            .col(uuid("id"))
            .col(uuid("notice_id"))
            .col(uuid("project_id"))
            .col(integer("number"))
            .col(text_null("label"))
            .col(text("title"))
            .col(text_null("summary"))
            .primary_key(&mut primary_key("task_pkey", &["id"]))
            .index(&mut unique("task_number_unique", &["notice_id", "number"]))
            // A task belongs to the notice of its project.
            .foreign_key(
                foreign_key("task_project_fkey", ("task", &["project_id", "notice_id"]), ("project", &["id", "notice_id"]))
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .check(check("task_number_check", "number > 0"))
            .check(not_blank("task_title_check", "title"))
            .take(),
    )
    .await?;
    manager.create_index(index("task_project_index", "task", &["project_id"])).await
}

async fn create_task_topic(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("task_topic")
            .col(uuid("task_id"))
            .col(uuid("topic_id"))
            .col(integer("position"))
            .primary_key(&mut primary_key("task_topic_pkey", &["task_id", "topic_id"]))
            .foreign_key(
                foreign_key("task_topic_task_fkey", ("task_topic", &["task_id"]), ("task", &["id"])).on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(&mut foreign_key("task_topic_topic_fkey", ("task_topic", &["topic_id"]), ("topic", &["id"])))
            .take(),
    )
    .await?;
    manager.create_index(index("task_topic_topic_index", "task_topic", &["topic_id"])).await
}

async fn create_assignment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("assignment")
            .col(uuid("id"))
            .col(uuid("task_id"))
            .col(uuid("unit_id"))
            .col(text("role"))
            .col(integer("position"))
            .primary_key(&mut primary_key("assignment_pkey", &["id"]))
            .index(&mut unique("assignment_unit_unique", &["task_id", "unit_id"]))
            .foreign_key(
                foreign_key("assignment_task_fkey", ("assignment", &["task_id"]), ("task", &["id"])).on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(&mut foreign_key("assignment_unit_fkey", ("assignment", &["unit_id"]), ("unit", &["id"])))
            .check(one_of("assignment_role_check", "role", &["LEAD", "SUPPORTING"]))
            .take(),
    )
    .await?;
    manager.create_index(index("assignment_unit_index", "assignment", &["unit_id"])).await
}
