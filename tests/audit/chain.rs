//! The chain: nobody changes it, many writers make one, and what was done to it past the service is found.

use std::{collections::BTreeSet, sync::Arc};

use entity::{AccountId, Role, audit_event};
use minsheng::{
    domain::audit::Author,
    service::audit::{Breach, Verified},
};
use sea_orm::{ConnectionTrait as _, DbErr, IdenStatic as _, Iterable as _, RuntimeErr};
use serde_json::json;

use super::busy_day;
use crate::{
    refusal::last_number,
    support::{app::App, backend::Backend},
};

const RULE: &str = "audit_event_is_append_only";

async fn verified(app: &App) -> Verified {
    app.service.verify_audit(|_, _| {}).await.expect("it can be verified")
}

/// Whether the database refused a statement by the rule, which `SQLite` names in the message and `PostgreSQL` beside it.
async fn refused_by_the_rule(app: &App, statement: &str) -> bool {
    match app.raw.execute_unprepared(statement).await {
        Ok(_) => false,
        Err(DbErr::Exec(RuntimeErr::SqlxError(error))) => {
            let error = error.as_database_error().expect("an error of the database");
            error.constraint() == Some(RULE) || error.message().contains(RULE)
        }
        Err(error) => panic!("{statement}: {error}"),
    }
}

pub async fn nobody_changes_or_removes_an_event(app: App) {
    app.actor("root", Role::Admin, "jining").await;
    let number = last_number(&app).await;
    let before = rows(&app).await;
    let mut statements = vec![
        "UPDATE audit_event SET reason = 'x'",
        "UPDATE audit_event SET sequence = sequence",
        "UPDATE audit_event SET hash = hash WHERE sequence = 1",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE sequence = 1",
        "INSERT INTO audit_event SELECT * FROM audit_event WHERE sequence = 1 ON CONFLICT (sequence) DO UPDATE SET reason = 'x'",
    ];
    match app.backend {
        Backend::Postgres => statements.extend([
            "TRUNCATE audit_event",
            "TRUNCATE audit_event, audit_head CASCADE",
            "WITH gone AS (DELETE FROM audit_event RETURNING sequence) SELECT count(*) FROM gone",
            "MERGE INTO audit_event USING audit_head ON audit_event.sequence = audit_head.sequence WHEN MATCHED THEN DELETE",
        ]),
        Backend::Sqlite => statements
            .extend(["UPDATE OR REPLACE audit_event SET sequence = 1 WHERE sequence = 2", "UPDATE OR IGNORE audit_event SET reason = 'x'"]),
    }
    let mut allowed = Vec::new();
    for statement in statements {
        if !refused_by_the_rule(&app, statement).await {
            allowed.push(statement);
        }
    }
    assert!(allowed.is_empty(), "not refused: {allowed:#?}");
    assert_eq!(rows(&app).await, before);
    assert_eq!(verified(&app).await.sound, number);
    // The service writes on.
    let failing = "mutation { signIn(input: { username: \"nobody\", password: \"wrong\" }) { errors { code } } }";
    app.post(failing, json!({})).await;
    assert_eq!(verified(&app).await.sound, number + 1);
}

/// `SQLite` removes what is in the way of a replacement without running the triggers of removal.
pub async fn nobody_replaces_an_event(app: App) {
    if app.backend != Backend::Sqlite {
        return;
    }
    app.actor("root", Role::Admin, "jining").await;
    let columns: Vec<&str> = audit_event::Column::iter().map(|column| column.as_str()).collect();
    let all = columns.join(", ");
    let before = rows(&app).await;
    for instead in [all.replace("reason", "'x'"), all.replacen("sequence", "sequence + 1000", 1)] {
        for replace in ["REPLACE", "INSERT OR REPLACE"] {
            let statement = format!("{replace} INTO audit_event ({all}) SELECT {instead} FROM audit_event WHERE sequence = 1");
            assert!(refused_by_the_rule(&app, &statement).await, "not refused: {statement}");
        }
    }
    assert_eq!(rows(&app).await, before);
}

/// The hashes of all events.
async fn rows(app: &App) -> Vec<String> {
    crate::refusal::texts(app, "SELECT hash || previous_hash || coalesce(reason, '') FROM audit_event ORDER BY sequence").await
}

pub async fn the_chain_of_a_busy_day_holds(app: App) {
    busy_day(&app).await;
    let number = last_number(&app).await;
    assert!(number > 60, "{number}");
    let mut told = Vec::new();
    let verified = app.service.verify_audit(|end, of| told.push((end.sequence, of))).await.expect("it can be verified");
    assert_eq!((verified.sound, verified.breach), (number, None));
    assert_eq!(verified.end, app.database.audit_end().await.expect("the end"));
    assert_eq!(told, (1..=number).map(|sequence| (sequence, number)).collect::<Vec<_>>());
    assert_eq!(app.number("SELECT count(*) FROM audit_event WHERE outcome = 'FAILED'").await, 0);
}

pub async fn fifty_writers_make_one_chain(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let unit = app.actor("unit", Role::Unit, "yanzhou").await;
    let number = last_number(&app).await;
    let bearers = [admin.bearer().to_owned(), unit.bearer().to_owned()];
    drop((admin, unit));
    let app = Arc::new(app);
    let writers: Vec<_> = (0..50)
        .map(|writer| {
            let (app, bearers) = (Arc::clone(&app), bearers.clone());
            tokio::spawn(async move {
                let create = format!(
                    "mutation {{ createAccount(input: {{ username: \"made-{writer}\", role: DEPUTY, jurisdiction: \"yanzhou\", externalSubject: \"{writer}\" }}) {{ errors {{ code }} }} }}"
                );
                let (bearer, mutation) = match writer % 5 {
                    0 => (Some(0), create),
                    1 => (Some(1), create),
                    2 => (Some(1), "mutation { endSession(input: { id: \"nonsense\" }) { ended } }".to_owned()),
                    3 => {
                        let input = format!("username: \"nobody-{writer}\", password: \"wrong\"");
                        (None, format!("mutation {{ signIn(input: {{ {input} }}) {{ errors {{ code }} }} }}"))
                    }
                    _ => (Some(1), "mutation { createApiKey(input: { name: \"key\", expiresAt: \"2027-01-01T00:00:00Z\" }) { errors { code } } }".to_owned()),
                };
                let bearer = bearer.map(|bearer: usize| format!("Bearer {}", bearers[bearer]));
                let headers: Vec<(&str, &str)> = bearer.as_deref().map(|bearer| ("authorization", bearer)).into_iter().collect();
                let reply = app.post_with(&mutation, json!({}), &headers).await;
                assert_ne!(reply.body["errors"][0]["extensions"]["code"], "INTERNAL", "{}", reply.text);
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("it was answered");
    }
    let verified = verified(&app).await;
    assert_eq!((verified.sound, verified.breach), (number + 50, None));
    assert_eq!(
        app.number(
            "SELECT count(*) FROM audit_event WHERE outcome = 'SUCCEEDED' AND action = 'CREATE_ACCOUNT' AND actor_username = 'root'"
        )
        .await,
        10
    );
    assert_eq!(app.number("SELECT count(*) FROM audit_event WHERE action = 'CREATE_API_KEY' AND outcome = 'SUCCEEDED'").await, 10);
}

/// Past the service, and past what the database refuses; `restore` brings back what was.
async fn break_in(app: &App) {
    let drop = match app.backend {
        Backend::Sqlite => {
            let triggers =
                crate::refusal::texts(app, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'").await;
            triggers.iter().map(|trigger| ["DROP TRIGGER ", trigger.as_str(), ";"].concat()).collect()
        }
        Backend::Postgres => format!("DROP TRIGGER {RULE} ON audit_event"),
    };
    app.execute(&drop).await.expect("dropped");
    app.execute("CREATE TABLE kept_event AS SELECT * FROM audit_event").await.expect("kept");
    app.execute("CREATE TABLE kept_head AS SELECT * FROM audit_head").await.expect("kept");
}

async fn restore(app: &App) {
    for table in ["event", "head"] {
        app.execute(&format!("DELETE FROM audit_{table}")).await.expect("emptied");
        app.execute(&format!("INSERT INTO audit_{table} SELECT * FROM kept_{table}")).await.expect("restored");
    }
    assert!(only_unguarded(verified(app).await.breach), "restored");
}

/// Whether the chain holds, and nothing is wrong but that the triggers are gone.
fn only_unguarded(breach: Option<Breach>) -> bool {
    matches!(breach, Some(Breach::Unguarded { .. }))
}

async fn breach_after(app: &App, statements: &[&str]) -> Option<Breach> {
    for statement in statements {
        app.execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let breach = verified(app).await.breach;
    restore(app).await;
    breach
}

/// The number of a change that was made, in the middle of the chain.
async fn a_change(app: &App) -> i64 {
    app.number("SELECT min(sequence) FROM audit_event WHERE action = 'CHANGE_ACCOUNT' AND outcome = 'SUCCEEDED'").await
}

pub async fn an_altered_column_is_found(app: App) {
    busy_day(&app).await;
    break_in(&app).await;
    let sequence = a_change(&app).await;
    let altered = Some(Breach::Altered { sequence });
    let alterations = [
        ("sequence", "sequence + 1000", Some(Breach::Missing { sequence })),
        ("id", "(SELECT id FROM jurisdiction WHERE code = 'jining')", altered),
        ("at", "at + 1", altered),
        ("action", "'CREATE_ACCOUNT'", altered),
        ("outcome", "'DENIED'", altered),
        ("reason", "'x'", altered),
        ("reason", "''", altered),
        ("actor_id", "(SELECT id FROM account WHERE username = 'root')", altered),
        ("actor_username", "'root'", altered),
        ("actor_username", "NULL", altered),
        ("actor_role", "'ADMIN'", altered),
        ("credential", "'API_KEY'", altered),
        ("subject", "'SESSION'", altered),
        ("subject_id", "(SELECT id FROM account WHERE username = 'root')", altered),
        ("jurisdiction_id", "NULL", altered),
        ("jurisdiction_id", "(SELECT id FROM jurisdiction WHERE code = 'jining-etdz')", altered),
        ("changes", "'{}'", altered),
        ("changes", "changes || ' '", altered),
        ("request_id", "''", altered),
        ("address", "NULL", altered),
        ("address", "'203.0.113.9'", altered),
        ("previous_hash", "hash", altered),
        ("hash", "previous_hash", altered),
    ];
    let columns: BTreeSet<&str> = audit_event::Column::iter().map(|column| column.as_str()).collect();
    assert_eq!(alterations.iter().map(|(column, ..)| *column).collect::<BTreeSet<_>>(), columns, "every column is altered");
    for (column, value, expected) in alterations {
        let statement = format!("UPDATE audit_event SET {column} = {value} WHERE sequence = {sequence}");
        assert_eq!(breach_after(&app, &[&statement]).await, expected, "{statement}");
    }
}

pub async fn an_event_of_nobody_is_not_made_one_of_somebody(app: App) {
    busy_day(&app).await;
    break_in(&app).await;
    let nobody = app.number("SELECT min(sequence) FROM audit_event WHERE actor_id IS NULL AND subject_id IS NULL").await;
    for value in [
        "actor_id = (SELECT id FROM account WHERE username = 'root'), actor_role = 'ADMIN', actor_username = 'root'",
        "subject = 'ACCOUNT', subject_id = (SELECT id FROM account WHERE username = 'root')",
        // Nor by halves: the filter by actor goes by the id alone.
        "actor_id = (SELECT id FROM account WHERE username = 'root'), actor_role = 'ADMIN'",
        "actor_username = 'root'",
    ] {
        let statement = format!("UPDATE audit_event SET {value} WHERE sequence = {nobody}");
        assert_eq!(breach_after(&app, &[&statement]).await, Some(Breach::Altered { sequence: nobody }), "{statement}");
    }
}

/// What cannot be read any more is found like anything else, with its number: no failure keeps the rest from being verified.
pub async fn what_is_altered_beyond_reading_is_found(app: App) {
    busy_day(&app).await;
    break_in(&app).await;
    let sequence = a_change(&app).await;
    for value in ["action = 'FORGED'", "actor_role = 'EMPEROR'", "subject = 'MOON'"] {
        app.execute(&format!("UPDATE audit_event SET {value} WHERE sequence = {sequence}")).await.expect("altered");
        match app.service.verify_audit(|_, _| {}).await {
            Ok(verified) => assert_eq!(verified.breach, Some(Breach::Altered { sequence }), "{value}"),
            Err(error) => panic!("{value}: verifying fails instead of telling: {error:?}"),
        }
        restore(&app).await;
    }
}

pub async fn what_was_removed_is_missed(app: App) {
    busy_day(&app).await;
    break_in(&app).await;
    let last = last_number(&app).await;
    let middle = a_change(&app).await;
    for (statement, expected) in [
        ("DELETE FROM audit_event WHERE sequence = 1".to_owned(), Breach::Missing { sequence: 1 }),
        (format!("DELETE FROM audit_event WHERE sequence = {middle}"), Breach::Missing { sequence: middle }),
        (format!("DELETE FROM audit_event WHERE sequence < {middle}"), Breach::Missing { sequence: 1 }),
        (format!("DELETE FROM audit_event WHERE sequence = {last}"), Breach::End { sequence: last }),
        (format!("DELETE FROM audit_event WHERE sequence >= {middle}"), Breach::End { sequence: last }),
        ("DELETE FROM audit_event".to_owned(), Breach::End { sequence: last }),
        ("DELETE FROM audit_head".to_owned(), Breach::End { sequence: 0 }),
        ("UPDATE audit_head SET sequence = sequence + 1".to_owned(), Breach::End { sequence: last + 1 }),
        ("UPDATE audit_head SET sequence = sequence - 1".to_owned(), Breach::End { sequence: last - 1 }),
        ("UPDATE audit_head SET hash = ''".to_owned(), Breach::End { sequence: last }),
        (
            format!("UPDATE audit_head SET sequence = {last} - 1, hash = (SELECT hash FROM audit_event WHERE sequence = {last} - 1)"),
            Breach::End { sequence: last - 1 },
        ),
        // The ones after it moved up to close the gap.
        (
            format!(
                "DELETE FROM audit_event WHERE sequence = {last} - 1; UPDATE audit_event SET sequence = {last} - 1 WHERE sequence = {last}"
            ),
            Breach::Altered { sequence: last - 1 },
        ),
    ] {
        assert_eq!(breach_after(&app, &[&statement]).await, Some(expected), "{statement}");
    }
}

pub async fn an_exchange_and_a_forgery_are_found(app: App) {
    busy_day(&app).await;
    break_in(&app).await;
    let (middle, last) = (a_change(&app).await, last_number(&app).await);
    let exchange = [
        format!("UPDATE audit_event SET sequence = 1000000 WHERE sequence = {middle}"),
        format!("UPDATE audit_event SET sequence = {middle} WHERE sequence = {middle} + 1"),
        format!("UPDATE audit_event SET sequence = {middle} + 1 WHERE sequence = 1000000"),
    ];
    let exchanged = breach_after(&app, &exchange.each_ref().map(String::as_str)).await;
    assert_eq!(exchanged, Some(Breach::Altered { sequence: middle }));

    // A row with all that belongs to it, its hash included, at the end of the chain.
    let mut links = app.database.audit_links(last - 1, 1).await.expect("a link");
    let mut forged = links.remove(0).expect("readable").event;
    forged.sequence += 1;
    forged.id = entity::AuditEventId::generate();
    forged.actor = Some(Author { id: AccountId(uuid::Uuid::max()), username: "mallory".to_owned(), role: Role::Admin });
    let end = app.database.audit_end().await.expect("the end");
    let hash = forged.hash(&end.hash);
    let id = match app.backend {
        Backend::Sqlite => format!("x'{}'", forged.id.0.simple()),
        Backend::Postgres => format!("'{}'", forged.id.0),
    };
    let nobody = if app.backend == Backend::Sqlite { format!("x'{}'", "f".repeat(32)) } else { format!("'{}'", uuid::Uuid::max()) };
    let insert = |previous: &str, hash: &str| {
        format!(
            "INSERT INTO audit_event SELECT sequence + 1, {id}, at, action, outcome, reason, {nobody}, 'mallory', 'ADMIN', credential, subject, subject_id, jurisdiction_id, changes, request_id, address, '{previous}', '{hash}' FROM audit_event WHERE sequence = {last}"
        )
    };
    for (what, previous, hash) in [("chained", end.hash.as_str(), hash.as_str()), ("not chained", "", "")] {
        let breach = breach_after(&app, &[&insert(previous, hash)]).await;
        assert_eq!(breach, Some(Breach::End { sequence: last }), "{what}");
    }
    // The same with the end moved on, but not to it.
    let moved = breach_after(&app, &[&insert("", &hash), "UPDATE audit_head SET sequence = sequence + 1"]).await;
    assert_eq!(moved, Some(Breach::Altered { sequence: last + 1 }));

    // An event rewritten with the hash that it then has: the next one knows better.
    let mut links = app.database.audit_links(middle - 1, 1).await.expect("a link");
    let link = links.remove(0).expect("readable");
    let mut event = link.event;
    event.changes.replace_range(.., "{}");
    let rewritten =
        format!("UPDATE audit_event SET changes = '{{}}', hash = '{}' WHERE sequence = {middle}", event.hash(&link.previous_hash));
    assert_eq!(breach_after(&app, &[&rewritten]).await, Some(Breach::Altered { sequence: middle + 1 }));

    // All rewritten to its end is not found by the chain alone, but by the end that was noted elsewhere.
    let mut links = app.database.audit_links(last - 1, 1).await.expect("a link");
    let link = links.remove(0).expect("readable");
    let mut event = link.event;
    event.request_id.replace_range(.., "forged");
    let hash = event.hash(&link.previous_hash);
    for statement in [
        format!("UPDATE audit_event SET request_id = 'forged', hash = '{hash}' WHERE sequence = {last}"),
        format!("UPDATE audit_head SET hash = '{hash}'"),
    ] {
        app.execute(&statement).await.expect("rewritten");
    }
    let verified = verified(&app).await;
    assert!(only_unguarded(verified.breach) && verified.sound == last, "{verified:?}");
    assert_ne!(verified.end, end);
}

pub async fn a_missing_or_altered_trigger_is_noticed(app: App) {
    app.create("root", Role::Admin, "jining").await;
    assert_eq!(verified(&app).await.breach, None);
    let drop = |name: &str| format!("DROP TRIGGER {name}");
    let mut cases: Vec<(String, String)> = Vec::new();
    if app.backend == Backend::Sqlite {
        let all = "FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event' ORDER BY name";
        let names = crate::refusal::texts(&app, &format!("SELECT name {all}")).await;
        let texts = crate::refusal::texts(&app, &format!("SELECT sql {all}")).await;
        assert_eq!(names.len(), 3);
        for (name, text) in names.iter().zip(texts) {
            let weaker = text.replace(&format!("RAISE(ABORT, 'constraint failed: {RULE}')"), "RAISE(IGNORE)");
            assert_ne!(weaker, text);
            cases.push((drop(name), text.clone()));
            cases.push((format!("{}; {weaker}", drop(name)), format!("{}; {text}", drop(name))));
        }
    } else {
        let create =
            |when: &str| format!("CREATE TRIGGER {RULE} BEFORE {when} ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION {RULE}()");
        let whole = create("UPDATE OR DELETE OR TRUNCATE");
        let drop = format!("DROP TRIGGER {RULE} ON audit_event");
        let source = crate::refusal::texts(&app, &format!("SELECT pg_get_functiondef('{RULE}'::regproc)")).await.swap_remove(0);
        let weaker = source.replace("EXCEPTION 'audit", "NOTICE 'audit");
        assert_ne!(weaker, source);
        cases.push((drop.clone(), whole.clone()));
        cases.push((format!("{drop}; {}", create("UPDATE OR TRUNCATE")), format!("{drop}; {whole}")));
        cases.push((format!("ALTER TABLE audit_event DISABLE TRIGGER {RULE}"), format!("ALTER TABLE audit_event ENABLE TRIGGER {RULE}")));
        cases.push((weaker, source));
    }
    for (weaken, mend) in cases {
        app.execute(&weaken).await.unwrap_or_else(|error| panic!("{weaken}: {error}"));
        assert!(only_unguarded(verified(&app).await.breach), "{weaken}");
        app.execute(&mend).await.unwrap_or_else(|error| panic!("{mend}: {error}"));
        assert_eq!(verified(&app).await.breach, None, "{mend}");
    }
}

pub async fn an_emptied_chain_is_noticed_also_after_it_was_begun_anew(app: App) {
    app.create("root", Role::Admin, "jining").await;
    break_in(&app).await;
    for statement in ["DELETE FROM audit_event", "UPDATE audit_head SET sequence = 0, hash = ''"] {
        app.execute(statement).await.expect("emptied");
    }
    assert_eq!(verified(&app).await.breach, Some(Breach::Emptied));
    app.execute("DELETE FROM audit_head").await.expect("emptied");
    assert_eq!(verified(&app).await.breach, Some(Breach::Emptied));
    // The service writes on from nothing, and its chain is sound.
    app.sign_in("root").await;
    app.create("second", Role::Admin, "jining").await;
    let verified = verified(&app).await;
    assert_eq!((verified.breach, verified.sound), (Some(Breach::Emptied), 2));
}
