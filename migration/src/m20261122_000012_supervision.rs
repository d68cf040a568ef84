//! What a supervision office sets and records: duties of its own, settings, rule sets, meetings, holidays; and what happened.

use sea_orm_migration::prelude::*;

use crate::definition::{
    big_integer, boolean, check, create_table, date, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key, text,
    text_null, unique, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const EVENTS: [&str; 11] = [
    "REPORT_SUBMITTED",
    "REPORT_ACCEPTED",
    "REPORT_RETURNED",
    "REPORT_REOPENED",
    "LIGHT_CHANGED",
    "DUTY_OVERDUE",
    "BLOCKER_RAISED",
    "BLOCKER_RESOLVED",
    "COMPLETION_CLAIMED",
    "COMPLETION_RETURNED",
    "TASK_CLOSED",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        // Where a letter names no cadence, its supervising office sets one.
        connection
            .execute_unprepared(
                "ALTER TABLE reporting_duty ADD COLUMN origin text NOT NULL DEFAULT 'NOTICE'
                 CONSTRAINT reporting_duty_origin_check CHECK (origin IN ('NOTICE', 'OFFICE'))",
            )
            .await?;
        connection.execute_unprepared("ALTER TABLE reporting_duty ADD COLUMN retired boolean NOT NULL DEFAULT FALSE").await?;
        create_setting(manager).await?;
        create_rule_set(manager).await?;
        create_meeting(manager).await?;
        create_holiday(manager).await?;
        create_progress_event(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["event_watch", "progress_event", "holiday", "holiday_year", "meeting", "rule_set", "notice_setting"])
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared("ALTER TABLE reporting_duty DROP COLUMN retired").await?;
        connection.execute_unprepared("ALTER TABLE reporting_duty DROP COLUMN origin").await.map(|_| ())
    }
}

async fn create_setting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("notice_setting")
            .col(uuid("notice_id"))
            .col(integer("version"))
            .col(boolean("accepts_weekly"))
            .col(boolean("moved_by_holidays"))
            .primary_key(&mut primary_key("notice_setting_pkey", &["notice_id"]))
            .foreign_key(&mut foreign_key("notice_setting_notice_fkey", ("notice_setting", &["notice_id"]), ("notice", &["id"])))
            .check(check("notice_setting_version_check", "version > 0"))
            .take(),
    )
    .await
}

async fn create_rule_set(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("rule_set")
            .col(uuid("id"))
            .col(uuid("jurisdiction_id"))
            .col(text("code"))
            .col(integer("version"))
            .col(date("in_force_from"))
            // The bands, as JSON in the form that the domain reads and checks.
            .col(text("definition"))
            .col(big_integer("adopted_at"))
            .col(text_null("adopted_by"))
            .primary_key(&mut primary_key("rule_set_pkey", &["id"]))
            .index(&mut unique("rule_set_version_unique", &["jurisdiction_id", "code", "version"]))
            .foreign_key(&mut foreign_key("rule_set_jurisdiction_fkey", ("rule_set", &["jurisdiction_id"]), ("jurisdiction", &["id"])))
            .check(check("rule_set_version_check", "version > 0"))
            .take(),
    )
    .await
}

async fn create_meeting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("meeting")
            .col(uuid("id"))
            .col(uuid("notice_id"))
            .col(text("kind"))
            .col(date("held_on"))
            .col(text("summary"))
            .col(big_integer("recorded_at"))
            .col(uuid_null("recorder_id"))
            .col(text_null("recorder_username"))
            .primary_key(&mut primary_key("meeting_pkey", &["id"]))
            .foreign_key(&mut foreign_key("meeting_notice_fkey", ("meeting", &["notice_id"]), ("notice", &["id"])))
            .check(one_of("meeting_kind_check", "kind", &["DISPATCH", "MEETING"]))
            .check(not_blank("meeting_summary_check", "summary"))
            .take(),
    )
    .await?;
    manager.create_index(index("meeting_notice_index", "meeting", &["notice_id", "held_on"])).await
}

async fn create_holiday(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("holiday_year")
            .col(integer("year"))
            .col(text("document_number"))
            .primary_key(&mut primary_key("holiday_year_pkey", &["year"]))
            .check(not_blank("holiday_year_document_number_check", "document_number"))
            .take(),
    )
    .await?;
    create_table(
        manager,
        Table::create()
            .table("holiday")
            .col(date("day"))
            .col(integer("year"))
            // Null on a day of a weekend that is worked instead.
            .col(text_null("name"))
            .col(text_null("name_english"))
            .primary_key(&mut primary_key("holiday_pkey", &["day"]))
            .foreign_key(&mut foreign_key("holiday_year_fkey", ("holiday", &["year"]), ("holiday_year", &["year"])))
            .check(check("holiday_name_check", "(name IS NULL) = (name_english IS NULL)"))
            .take(),
    )
    .await
}

async fn create_progress_event(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("progress_event")
            // Writers take turns, so numbers are committed in their order and without a gap that could fill later.
            .col(big_integer("sequence"))
            .col(uuid("id"))
            .col(big_integer("at"))
            .col(text("kind"))
            .col(uuid("task_id"))
            .col(uuid("jurisdiction_id"))
            // Whether whoever sees the notice sees it; else it is internal to the jurisdiction.
            .col(boolean("published"))
            .col(uuid_null("report_id"))
            .col(uuid_null("blocker_id"))
            .col(uuid_null("unit_id"))
            .col(uuid_null("duty_id"))
            .col(text_null("period"))
            .col(text_null("light"))
            .col(text_null("light_before"))
            .primary_key(&mut primary_key("progress_event_pkey", &["sequence"]))
            .index(&mut unique("progress_event_id_unique", &["id"]))
            // A duty is overdue once.
            .index(&mut unique("progress_event_overdue_unique", &["duty_id", "task_id", "unit_id", "period"]))
            .foreign_key(&mut foreign_key("progress_event_task_fkey", ("progress_event", &["task_id"]), ("task", &["id"])))
            .foreign_key(&mut foreign_key(
                "progress_event_jurisdiction_fkey",
                ("progress_event", &["jurisdiction_id"]),
                ("jurisdiction", &["id"]),
            ))
            .check(one_of("progress_event_kind_check", "kind", &EVENTS))
            .check(check("progress_event_overdue_check", "(kind = 'DUTY_OVERDUE') = (duty_id IS NOT NULL)"))
            .take(),
    )
    .await?;
    manager.create_index(index("progress_event_jurisdiction_index", "progress_event", &["jurisdiction_id", "sequence"])).await?;
    // Until when the passing of time was looked at for what it brought about.
    create_table(
        manager,
        Table::create()
            .table("event_watch")
            .col(integer("id"))
            .col(big_integer("watched_until"))
            .primary_key(&mut primary_key("event_watch_pkey", &["id"]))
            .check(check("event_watch_single_check", "id = 1"))
            .take(),
    )
    .await
}
