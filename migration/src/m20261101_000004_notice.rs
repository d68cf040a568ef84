//! Notices with what their letters say: whom they are sent to, and who owes which report.

use sea_orm_migration::prelude::*;

use crate::definition::{
    check, create_table, drop_tables, foreign_key, index, integer, integer_null, not_blank, one_of, primary_key, text, text_null, unique,
    uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_notice(manager).await?;
        create_table(
            manager,
            Table::create()
                .table("notice_recipient")
                .col(uuid("notice_id"))
                .col(text("role"))
                .col(integer("position"))
                .col(text("name"))
                .primary_key(&mut primary_key("notice_recipient_pkey", &["notice_id", "role", "position"]))
                .foreign_key(
                    foreign_key("notice_recipient_notice_fkey", ("notice_recipient", &["notice_id"]), ("notice", &["id"]))
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .check(one_of("notice_recipient_role_check", "role", &["ADDRESSEE", "CARBON_COPY"]))
                .check(not_blank("notice_recipient_name_check", "name"))
                .take(),
        )
        .await?;
        create_table(
            manager,
            Table::create()
                .table("reporting_duty")
                .col(uuid("id"))
                .col(uuid("notice_id"))
                .col(integer("position"))
                .col(text("kind"))
                .col(text("cadence"))
                .col(text("obligor"))
                .col(text("description"))
                .col(text("description_english"))
                .col(integer_null("grace_days"))
                .primary_key(&mut primary_key("reporting_duty_pkey", &["id"]))
                .index(&mut unique("reporting_duty_unique", &["notice_id", "kind", "cadence", "obligor"]))
                .foreign_key(
                    foreign_key("reporting_duty_notice_fkey", ("reporting_duty", &["notice_id"]), ("notice", &["id"]))
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .check(one_of("reporting_duty_kind_check", "kind", &["PROGRESS_REPORT", "LEDGER_UPDATE", "DISPATCH", "MEETING"]))
                .check(one_of("reporting_duty_cadence_check", "cadence", &["WEEKLY", "TEN_DAY", "MONTHLY", "QUARTERLY"]))
                .check(one_of("reporting_duty_obligor_check", "obligor", &["LEAD_UNITS", "SUPPORTING_UNITS", "LEADERS"]))
                .check(check("reporting_duty_grace_days_check", "grace_days BETWEEN 0 AND 90"))
                .take(),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reporting_duty", "notice_recipient", "notice"]).await
    }
}

async fn create_notice(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("notice")
            .col(uuid("id"))
            .col(uuid("jurisdiction_id"))
            .col(integer("year"))
            .col(text("title"))
            .col(text_null("document_number"))
            .col(text("state"))
            .col(integer("version"))
            .col(uuid_null("issuer_id"))
            .col(uuid_null("supervisor_id"))
            .col(text_null("adoption_method"))
            .col(text_null("adoption_meeting"))
            .col(ColumnDef::new("issued_on").date().null())
            .col(text_null("disclosure"))
            .primary_key(&mut primary_key("notice_pkey", &["id"]))
            .foreign_key(&mut foreign_key("notice_jurisdiction_fkey", ("notice", &["jurisdiction_id"]), ("jurisdiction", &["id"])))
            // Who issues and who supervises are units of the notice's own jurisdiction.
            .foreign_key(&mut foreign_key(
                "notice_issuer_fkey",
                ("notice", &["issuer_id", "jurisdiction_id"]),
                ("unit", &["id", "jurisdiction_id"]),
            ))
            .foreign_key(&mut foreign_key(
                "notice_supervisor_fkey",
                ("notice", &["supervisor_id", "jurisdiction_id"]),
                ("unit", &["id", "jurisdiction_id"]),
            ))
            .check(check("notice_year_check", "year BETWEEN 1949 AND 2200"))
            .check(not_blank("notice_title_check", "title"))
            .check(one_of("notice_state_check", "state", &["DRAFT", "ISSUED", "WITHDRAWN"]))
            .check(check("notice_version_check", "version > 0"))
            .check(one_of("notice_adoption_method_check", "adoption_method", &["DEPUTY_VOTE", "CONGRESS_REVIEW", "PARTY_COMMITTEE_REVIEW"]))
            .check(one_of("notice_disclosure_check", "disclosure", &["PROACTIVE", "ON_REQUEST", "WITHHELD"]))
            .check(check("notice_issued_on_check", "state <> 'DRAFT' OR issued_on IS NULL"))
            .check(check("notice_adoption_check", "adoption_meeting IS NULL OR adoption_method IS NOT NULL"))
            .take(),
    )
    .await?;
    // A jurisdiction has one notice a year, and a number names one; one that was withdrawn makes room for its successor.
    manager
        .create_index(
            Index::create()
                .name("notice_document_number_unique")
                .table("notice")
                .col("document_number")
                .unique()
                .and_where(Expr::col("state").ne("WITHDRAWN"))
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("notice_year_unique")
                .table("notice")
                .col("jurisdiction_id")
                .col("year")
                .unique()
                .and_where(Expr::col("state").ne("WITHDRAWN"))
                .take(),
        )
        .await?;
    manager.create_index(index("notice_year_index", "notice", &["year"])).await
}
