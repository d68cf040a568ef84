//! The audit chain: events that the database lets nobody change or remove, and the end that the next one builds on.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::definition::{
    big_integer, check, create_table, drop_tables, index, integer, not_blank, one_of, primary_key, text, text_null, unique, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the database says to whoever tries, and the name of the triggers.
const RULE: &str = "audit_event_is_append_only";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_audit_event(manager).await?;
        create_table(
            manager,
            Table::create()
                .table("audit_head")
                .col(integer("id"))
                .col(big_integer("sequence"))
                .col(text("hash"))
                .primary_key(&mut primary_key("audit_head_pkey", &["id"]))
                .check(check("audit_head_single_check", "id = 1"))
                .check(check("audit_head_sequence_check", "sequence >= 0"))
                .take(),
        )
        .await?;
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        for statement in if sqlite { for_sqlite() } else { for_postgres() } {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_head", "audit_event"]).await?;
        if manager.get_database_backend() != DatabaseBackend::Sqlite {
            manager.get_connection().execute_unprepared(&format!("DROP FUNCTION {RULE}()")).await?;
        }
        Ok(())
    }
}

async fn create_audit_event(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("audit_event")
            .col(big_integer("sequence"))
            .col(uuid("id"))
            .col(big_integer("at"))
            .col(text("action"))
            .col(text("outcome"))
            .col(text_null("reason"))
            .col(uuid_null("actor_id"))
            .col(text_null("actor_username"))
            .col(text_null("actor_role"))
            .col(text("credential"))
            .col(text_null("subject"))
            .col(uuid_null("subject_id"))
            .col(uuid_null("jurisdiction_id"))
            .col(text("changes"))
            .col(text("request_id"))
            .col(text_null("address"))
            .col(text("previous_hash"))
            .col(text("hash"))
            .primary_key(&mut primary_key("audit_event_pkey", &["sequence"]))
            .index(&mut unique("audit_event_id_unique", &["id"]))
            .check(check("audit_event_sequence_check", "sequence > 0"))
            .check(not_blank("audit_event_action_check", "action"))
            .check(one_of("audit_event_outcome_check", "outcome", &["SUCCEEDED", "DENIED", "REJECTED", "FAILED"]))
            .check(one_of("audit_event_credential_check", "credential", &["NONE", "SESSION", "API_KEY", "EXTERNAL", "COMMAND"]))
            .check(check("audit_event_actor_check", "(actor_id IS NULL) = (actor_role IS NULL)"))
            .check(check("audit_event_subject_check", "(subject IS NULL) = (subject_id IS NULL)"))
            .take(),
    )
    .await?;
    manager.create_index(index("audit_event_jurisdiction_index", "audit_event", &["jurisdiction_id", "sequence"])).await?;
    manager.create_index(index("audit_event_actor_index", "audit_event", &["actor_id", "sequence"])).await?;
    manager.create_index(index("audit_event_subject_index", "audit_event", &["subject_id", "sequence"])).await
}

fn for_sqlite() -> Vec<String> {
    // REPLACE removes the row that is in its way without firing a trigger for that, so it is met before it inserts.
    let in_the_way = " WHEN EXISTS (SELECT 1 FROM audit_event WHERE sequence = NEW.sequence OR id = NEW.id)";
    [("UPDATE", ""), ("DELETE", ""), ("INSERT", in_the_way)]
        .map(|(write, when)| {
            format!(
                "CREATE TRIGGER {RULE}_{} BEFORE {write} ON audit_event{when}
                 BEGIN SELECT RAISE(ABORT, 'constraint failed: {RULE}'); END",
                write.to_lowercase()
            )
        })
        .to_vec()
}

fn for_postgres() -> Vec<String> {
    vec![
        format!(
            "CREATE FUNCTION {RULE}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'audit events are never changed or removed' USING ERRCODE = 'check_violation', CONSTRAINT = '{RULE}'; END $$"
        ),
        format!("CREATE TRIGGER {RULE} BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION {RULE}()"),
    ]
}
