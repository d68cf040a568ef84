//! The triggers that keep anybody from changing or removing events.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::store::{Database, StoreError};

/// The name of the rule, by which the triggers are called.
const RULE: &str = "audit_event_is_append_only";

/// The answer of `PostgreSQL` about a trigger before a statement that updates, deletes or truncates. The trigger must be on for everybody
/// and always fire.
const ON_POSTGRES: &str = "SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = pg_trigger.tgfoid
     WHERE tgrelid = 'audit_event'::regclass AND tgname = 'audit_event_is_append_only' AND proname = 'audit_event_is_append_only'
       AND tgtype = 58 AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND tgattr::text = ''
       AND regexp_replace(trim(prosrc, E' \\n'), '\\s+', ' ', 'g') = 'BEGIN RAISE EXCEPTION ''audit events are never changed or removed'' USING ERRCODE = ''check_violation'', CONSTRAINT = ''audit_event_is_append_only''; END'";

/// The triggers of `SQLite`, without the white space between their words.
fn on_sqlite() -> [(&'static str, String); 3] {
    let in_the_way = " WHEN EXISTS (SELECT 1 FROM audit_event WHERE sequence = NEW.sequence OR id = NEW.id)";
    let trigger = |name, write, when| {
        let text = format!(
            "CREATE TRIGGER {name} BEFORE {write} ON audit_event{when} BEGIN SELECT RAISE(ABORT, 'constraint failed: {RULE}'); END"
        );
        (name, text)
    };
    [
        trigger("audit_event_is_append_only_update", "UPDATE", ""),
        trigger("audit_event_is_append_only_delete", "DELETE", ""),
        trigger("audit_event_is_append_only_insert", "INSERT", in_the_way),
    ]
}

impl Database {
    /// The first trigger that is not there as the schema made it.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn missing_audit_guard(&self) -> Result<Option<&'static str>, StoreError> {
        let ask = |statement: &str| Statement::from_string(self.reader().get_database_backend(), statement);
        if self.reader().get_database_backend() == DbBackend::Postgres {
            let row = self.reader().query_one_raw(ask(ON_POSTGRES)).await?;
            let found: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
            return Ok((found == 0).then_some(RULE));
        }
        let rows =
            self.reader().query_all_raw(ask("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let text: String = row.try_get_by_index(0)?;
            found.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        Ok(on_sqlite().into_iter().find(|(_, text)| !found.contains(text)).map(|(name, _)| name))
    }

    /// Whether there is an account without an event. Each was made together with an event, so events were removed. The accounts of the
    /// demo share one event, which has no subject.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn has_account_without_event(&self) -> Result<bool, StoreError> {
        let statement = "SELECT count(*) FROM account WHERE NOT EXISTS
             (SELECT 1 FROM audit_event WHERE subject = 'ACCOUNT' AND subject_id = account.id AND outcome = 'SUCCEEDED')
             AND NOT EXISTS (SELECT 1 FROM audit_event WHERE subject IS NULL AND action = 'CREATE_ACCOUNT' AND outcome = 'SUCCEEDED')";
        let row = self.reader().query_one_raw(Statement::from_string(self.reader().get_database_backend(), statement)).await?;
        let found: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        Ok(found > 0)
    }
}
