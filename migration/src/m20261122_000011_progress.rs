//! What is reported and reviewed: reports, the figures in force, blockers, allocations, plans, how a task stands, meetings.

use sea_orm_migration::prelude::*;

use crate::definition::{
    big_integer, big_integer_null, boolean, check, create_table, date, date_null, drop_tables, foreign_key, index, integer, not_blank,
    one_of, primary_key, text, text_null, unique, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 11] = [
    "blocker",
    "acceptance_milestone",
    "acceptance_figure",
    "acceptance",
    "report_transition",
    "report_milestone",
    "report_figure",
    "progress_report",
    "allocation",
    "task_standing",
    "milestone",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_plan(manager).await?;
        create_allocation(manager).await?;
        create_report(manager).await?;
        create_report_parts(manager).await?;
        create_acceptance(manager).await?;
        create_blocker(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &TABLES).await
    }
}

async fn create_plan(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("milestone")
            .col(uuid("id"))
            .col(uuid("task_id"))
            .col(integer("position"))
            .col(text("title"))
            .col(date("due_on"))
            // In ten-thousandths of the whole.
            .col(big_integer_null("planned_share"))
            // A milestone that a report names stays when the plan drops it.
            .col(boolean("retired"))
            .primary_key(&mut primary_key("milestone_pkey", &["id"]))
            .index(&mut unique("milestone_task_unique", &["id", "task_id"]))
            .foreign_key(&mut foreign_key("milestone_task_fkey", ("milestone", &["task_id"]), ("task", &["id"])))
            .check(not_blank("milestone_title_check", "title"))
            .check(check("milestone_planned_share_check", "planned_share BETWEEN 0 AND 10000"))
            .take(),
    )
    .await?;
    manager.create_index(index("milestone_task_index", "milestone", &["task_id", "position"])).await?;
    create_table(
        manager,
        Table::create()
            .table("task_standing")
            .col(uuid("task_id"))
            // Of the office's and the lead's changes below.
            .col(integer("version"))
            // Of any change to the task, its reports included: whoever has checked something knows by it whether it still holds.
            .col(integer("revision"))
            .col(date_null("starts_on"))
            .col(date_null("due_on"))
            .col(date_null("extended_to"))
            .col(text_null("extension_reason"))
            .col(date_null("suspended_on"))
            .col(text_null("suspension_reason"))
            .col(date_null("claimed_on"))
            .col(text_null("claim_note"))
            .col(date_null("accepted_on"))
            .col(date_null("in_force_on"))
            .col(text_null("closing_note"))
            .col(text_null("return_reason"))
            // The light that was told last, to tell when it changes.
            .col(text_null("light"))
            .col(big_integer_null("changed_at"))
            .col(text_null("changed_by"))
            .primary_key(&mut primary_key("task_standing_pkey", &["task_id"]))
            .foreign_key(&mut foreign_key("task_standing_task_fkey", ("task_standing", &["task_id"]), ("task", &["id"])))
            .check(check("task_standing_version_check", "version >= 0 AND revision > 0"))
            .check(check("task_standing_extension_check", "(extended_to IS NULL) = (extension_reason IS NULL)"))
            .check(check("task_standing_suspension_check", "(suspended_on IS NULL) = (suspension_reason IS NULL)"))
            .check(check("task_standing_closing_check", "accepted_on IS NULL OR claimed_on IS NOT NULL"))
            .check(check("task_standing_in_force_check", "(accepted_on IS NULL) = (in_force_on IS NULL)"))
            .check(one_of("task_standing_light_check", "light", &["BLUE", "GREEN", "YELLOW", "RED", "GREY"]))
            .take(),
    )
    .await
}

async fn create_allocation(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("allocation")
            .col(uuid("id"))
            .col(uuid("target_id"))
            .col(uuid("unit_id"))
            .col(integer("position"))
            .col(big_integer("value"))
            .primary_key(&mut primary_key("allocation_pkey", &["id"]))
            .index(&mut unique("allocation_unit_unique", &["target_id", "unit_id"]))
            .foreign_key(&mut foreign_key("allocation_target_fkey", ("allocation", &["target_id"]), ("target", &["id"])))
            .foreign_key(&mut foreign_key("allocation_unit_fkey", ("allocation", &["unit_id"]), ("unit", &["id"])))
            .check(check("allocation_value_check", "value >= 0"))
            .take(),
    )
    .await?;
    manager.create_index(index("allocation_unit_index", "allocation", &["unit_id"])).await
}

async fn create_report(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("progress_report")
            .col(uuid("id"))
            .col(uuid("task_id"))
            .col(uuid("unit_id"))
            .col(text("period"))
            .col(date("starts_on"))
            .col(date("ends_on"))
            .col(text("state"))
            .col(integer("version"))
            .col(text("narrative"))
            .col(big_integer_null("stated_percent"))
            // What its reviewer should look at, as JSON.
            .col(text("warnings"))
            .col(boolean("demonstration"))
            .col(big_integer("created_at"))
            .col(big_integer("changed_at"))
            .col(big_integer_null("first_submitted_at"))
            .col(big_integer_null("submitted_at"))
            .col(uuid_null("author_id"))
            .col(text_null("author_username"))
            .primary_key(&mut primary_key("progress_report_pkey", &["id"]))
            // One report per task, unit and period: two posts at once cannot both make one.
            .index(&mut unique("progress_report_period_unique", &["task_id", "unit_id", "period"]))
            .index(&mut unique("progress_report_task_unique", &["id", "task_id"]))
            .foreign_key(&mut foreign_key("progress_report_task_fkey", ("progress_report", &["task_id"]), ("task", &["id"])))
            .foreign_key(&mut foreign_key("progress_report_unit_fkey", ("progress_report", &["unit_id"]), ("unit", &["id"])))
            .check(one_of("progress_report_state_check", "state", &["DRAFT", "SUBMITTED", "ACCEPTED", "RETURNED"]))
            .check(check("progress_report_version_check", "version > 0"))
            .check(check("progress_report_days_check", "starts_on <= ends_on"))
            .check(check("progress_report_submitted_check", "(first_submitted_at IS NULL) = (submitted_at IS NULL)"))
            .check(check("progress_report_draft_check", "(state = 'DRAFT') = (first_submitted_at IS NULL)"))
            .take(),
    )
    .await?;
    manager.create_index(index("progress_report_unit_index", "progress_report", &["unit_id", "state"])).await
}

async fn create_report_parts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("report_figure")
            .col(uuid("report_id"))
            .col(uuid("target_id"))
            .col(integer("position"))
            .col(big_integer("value"))
            .col(big_integer_null("previous_value"))
            .col(text_null("explanation"))
            .primary_key(&mut primary_key("report_figure_pkey", &["report_id", "target_id"]))
            .foreign_key(&mut foreign_key("report_figure_report_fkey", ("report_figure", &["report_id"]), ("progress_report", &["id"])))
            .foreign_key(&mut foreign_key("report_figure_target_fkey", ("report_figure", &["target_id"]), ("target", &["id"])))
            .check(check("report_figure_value_check", "value >= 0"))
            .take(),
    )
    .await?;
    create_table(
        manager,
        Table::create()
            .table("report_milestone")
            .col(uuid("report_id"))
            .col(uuid("milestone_id"))
            .primary_key(&mut primary_key("report_milestone_pkey", &["report_id", "milestone_id"]))
            .foreign_key(&mut foreign_key(
                "report_milestone_report_fkey",
                ("report_milestone", &["report_id"]),
                ("progress_report", &["id"]),
            ))
            .foreign_key(&mut foreign_key(
                "report_milestone_milestone_fkey",
                ("report_milestone", &["milestone_id"]),
                ("milestone", &["id"]),
            ))
            .take(),
    )
    .await?;
    create_table(
        manager,
        Table::create()
            .table("report_transition")
            .col(uuid("report_id"))
            .col(integer("number"))
            .col(big_integer("at"))
            .col(text("kind"))
            .col(text_null("reason"))
            .col(uuid_null("actor_id"))
            // Null where the notice's setting accepted it.
            .col(text_null("actor_username"))
            .primary_key(&mut primary_key("report_transition_pkey", &["report_id", "number"]))
            .foreign_key(&mut foreign_key(
                "report_transition_report_fkey",
                ("report_transition", &["report_id"]),
                ("progress_report", &["id"]),
            ))
            .check(check("report_transition_number_check", "number > 0"))
            .check(one_of("report_transition_kind_check", "kind", &["SUBMIT", "ACCEPT", "RETURN", "REOPEN"]))
            .check(check("report_transition_reason_check", "(kind IN ('RETURN', 'REOPEN')) <= (reason IS NOT NULL)"))
            .take(),
    )
    .await
}

async fn create_acceptance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("acceptance")
            .col(uuid("id"))
            .col(uuid("report_id"))
            .col(uuid("task_id"))
            .col(uuid("unit_id"))
            .col(date("ends_on"))
            .col(big_integer_null("stated_percent"))
            .col(boolean("demonstration"))
            .col(big_integer("accepted_at"))
            // When the report was reopened; until then the figures are in force.
            .col(big_integer_null("ended_at"))
            .primary_key(&mut primary_key("acceptance_pkey", &["id"]))
            .foreign_key(&mut foreign_key(
                "acceptance_report_fkey",
                ("acceptance", &["report_id", "task_id"]),
                ("progress_report", &["id", "task_id"]),
            ))
            .foreign_key(&mut foreign_key("acceptance_unit_fkey", ("acceptance", &["unit_id"]), ("unit", &["id"])))
            .take(),
    )
    .await?;
    manager.create_index(index("acceptance_task_index", "acceptance", &["task_id", "accepted_at"])).await?;
    // A report counts once, however many want to accept it.
    manager
        .get_connection()
        .execute_unprepared("CREATE UNIQUE INDEX acceptance_report_unique ON acceptance (report_id) WHERE ended_at IS NULL")
        .await?;
    create_table(
        manager,
        Table::create()
            .table("acceptance_figure")
            .col(uuid("acceptance_id"))
            .col(uuid("target_id"))
            .col(big_integer("value"))
            .primary_key(&mut primary_key("acceptance_figure_pkey", &["acceptance_id", "target_id"]))
            .foreign_key(&mut foreign_key(
                "acceptance_figure_acceptance_fkey",
                ("acceptance_figure", &["acceptance_id"]),
                ("acceptance", &["id"]),
            ))
            .foreign_key(&mut foreign_key("acceptance_figure_target_fkey", ("acceptance_figure", &["target_id"]), ("target", &["id"])))
            .check(check("acceptance_figure_value_check", "value >= 0"))
            .take(),
    )
    .await?;
    create_table(
        manager,
        Table::create()
            .table("acceptance_milestone")
            .col(uuid("acceptance_id"))
            .col(uuid("milestone_id"))
            .primary_key(&mut primary_key("acceptance_milestone_pkey", &["acceptance_id", "milestone_id"]))
            .foreign_key(&mut foreign_key(
                "acceptance_milestone_acceptance_fkey",
                ("acceptance_milestone", &["acceptance_id"]),
                ("acceptance", &["id"]),
            ))
            .foreign_key(&mut foreign_key(
                "acceptance_milestone_milestone_fkey",
                ("acceptance_milestone", &["milestone_id"]),
                ("milestone", &["id"]),
            ))
            .take(),
    )
    .await
}

async fn create_blocker(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("blocker")
            .col(uuid("id"))
            .col(uuid("task_id"))
            .col(uuid("report_id"))
            .col(integer("position"))
            .col(text("description"))
            .col(text_null("needs"))
            .col(uuid_null("needed_from_id"))
            .col(date_null("needed_by"))
            .col(text("state"))
            .col(integer("version"))
            // Null while its report is a draft.
            .col(big_integer_null("raised_at"))
            .col(big_integer_null("resolved_at"))
            .col(text_null("resolution"))
            .primary_key(&mut primary_key("blocker_pkey", &["id"]))
            .foreign_key(&mut foreign_key(
                "blocker_report_fkey",
                ("blocker", &["report_id", "task_id"]),
                ("progress_report", &["id", "task_id"]),
            ))
            .foreign_key(&mut foreign_key("blocker_needed_from_fkey", ("blocker", &["needed_from_id"]), ("unit", &["id"])))
            .check(not_blank("blocker_description_check", "description"))
            .check(one_of("blocker_state_check", "state", &["OPEN", "RESOLVED", "WITHDRAWN"]))
            .check(check("blocker_resolution_check", "(state = 'RESOLVED') = (resolved_at IS NOT NULL)"))
            .take(),
    )
    .await?;
    manager.create_index(index("blocker_task_index", "blocker", &["task_id", "state"])).await?;
    manager.create_index(index("blocker_report_index", "blocker", &["report_id"])).await
}
