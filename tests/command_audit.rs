//! `minsheng audit verify`, against what whoever owns the database can do to it.

use std::fs;

use minsheng::store::Database;
use sea_orm::ConnectionTrait as _;

use crate::{command::refusal, command_account::Desk, plain_cases};

plain_cases![
    what_was_done_to_the_audit_is_found,
    a_chain_that_was_made_anew_is_found_by_its_end,
    every_chain_goes_on_from_the_empty_one,
    the_database_refuses_to_change_the_audit
];

impl Desk {
    /// A copy on which these statements were run, past the service.
    fn altered(&self, name: &str, statements: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(format!("{name}.db"));
        fs::copy(self.folder.path().join("own.db"), &file).expect("a copy");
        let copy = Self { folder, url: format!("sqlite:{}", file.display()) };
        for statement in statements {
            copy.execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        copy
    }

    fn execute(&self, statement: &str) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let connection = sea_orm::Database::connect(&self.url).await.expect("it opens");
            let done = connection.execute_unprepared(statement).await.map(|_| ()).map_err(|error| error.to_string());
            connection.close().await.expect("closed");
            done
        })
    }
}

/// What must be gone before anybody can alter the audit.
const WITHOUT_TRIGGERS: [&str; 2] = ["DROP TRIGGER audit_event_is_append_only_update", "DROP TRIGGER audit_event_is_append_only_delete"];

/// As the schema made them, for whoever wants nobody to notice.
const TRIGGERS_AGAIN: [&str; 2] = [
    "CREATE TRIGGER audit_event_is_append_only_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'constraint failed: audit_event_is_append_only'); END",
    "CREATE TRIGGER audit_event_is_append_only_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'constraint failed: audit_event_is_append_only'); END",
];

/// A database with a chain of six events.
fn six_events() -> Desk {
    let desk = Desk::new().with_admin();
    for name in ["second", "third", "fourth", "fifth"] {
        desk.done(&["account", "create", name, "--role", "leader", "--jurisdiction", "yanzhou"]);
    }
    desk.done(&["account", "lock", "third", "--reason", "left"]);
    desk
}

fn what_was_done_to_the_audit_is_found() {
    let desk = six_events();
    let end = desk.end_of_the_chain();
    let (number, hash) = end.split_once(':').expect("a number and a hash");
    assert_eq!((number, hash.len()), ("6", 64), "{end}");
    assert!(desk.done(&["audit", "verify", "--expect", &end]).ends_with(&format!("{end}\n")));
    for (name, statement, expected) in [
        ("altered", "UPDATE audit_event SET action = 'SIGN_IN' WHERE sequence = 3", ["第 3 条", "broken at 3", "altered"]),
        ("excused", "UPDATE audit_event SET outcome = 'DENIED' WHERE sequence = 6", ["第 6 条", "broken at 6", "altered"]),
        ("detailed", "UPDATE audit_event SET changes = '{}' WHERE sequence = 1", ["第 1 条", "broken at 1", "altered"]),
        ("later", "UPDATE audit_event SET at = at + 1 WHERE sequence = 2", ["第 2 条", "broken at 2", "altered"]),
        ("hashed", "UPDATE audit_event SET hash = upper(hash) WHERE sequence = 4", ["第 4 条", "broken at 4", "altered"]),
        ("middle", "DELETE FROM audit_event WHERE sequence = 4", ["第 4 条", "broken at 4", "missing"]),
        ("first", "DELETE FROM audit_event WHERE sequence = 1", ["第 1 条", "broken at 1", "missing"]),
        ("last", "DELETE FROM audit_event WHERE sequence = 6", ["末尾", "does not end", "(6)"]),
        ("rest", "DELETE FROM audit_event WHERE sequence > 2", ["末尾", "does not end", "(6)"]),
        ("all", "DELETE FROM audit_event", ["末尾", "does not end", "(6)"]),
        ("moved", "UPDATE audit_event SET sequence = 7 WHERE sequence = 6", ["第 6 条", "broken at 6", "missing"]),
        (
            "renumbered",
            "DELETE FROM audit_event WHERE sequence = 4; UPDATE audit_event SET sequence = sequence - 1 WHERE sequence > 4",
            ["第 4 条", "broken at 4", "altered"],
        ),
        (
            "added",
            "INSERT INTO audit_event SELECT 7, randomblob(16), at, action, outcome, reason, actor_id, actor_username, actor_role, credential, subject, subject_id, jurisdiction_id, changes, request_id, address, hash, hash FROM audit_event WHERE sequence = 6",
            ["末尾", "does not end", "(6)"],
        ),
        ("noted", "UPDATE audit_head SET sequence = 5", ["末尾", "does not end", "(5)"]),
        ("forgotten", "DELETE FROM audit_head", ["末尾", "does not end", "(0)"]),
    ] {
        let copy = desk.altered(name, &[&WITHOUT_TRIGGERS[..], &[statement]].concat());
        let line = refusal(&copy.run(&["audit", "verify"]));
        assert!(expected.iter().all(|part| line.contains(part)), "{name}: {line}");
        refusal(&copy.run(&["audit", "verify", "--expect", &end]));
    }
    // The database itself was not touched, and what is added later goes on from what was noted.
    desk.done(&["account", "unlock", "third"]);
    assert!(desk.done(&["audit", "verify", "--expect", &end]).contains("\n7:"));
}

fn a_chain_that_was_made_anew_is_found_by_its_end() {
    let desk = six_events();
    let end = desk.end_of_the_chain();
    // Whoever removes the last event and notes the end before it leaves a sound chain, only not the one that there was.
    let shorter = desk.altered(
        "shorter",
        &[
            &WITHOUT_TRIGGERS[..],
            &[
                "DELETE FROM audit_event WHERE sequence = 6",
                "UPDATE audit_head SET sequence = 5, hash = (SELECT hash FROM audit_event WHERE sequence = 5)",
            ],
            &TRIGGERS_AGAIN,
        ]
        .concat(),
    );
    // Whoever knows how events are hashed can hash all of them anew.
    let anew = desk.altered("anew", &WITHOUT_TRIGGERS);
    hash_anew(&anew);
    for trigger in TRIGGERS_AGAIN {
        anew.execute(trigger).expect("a trigger");
    }
    for copy in [&shorter, &anew] {
        assert_ne!(copy.end_of_the_chain(), end);
        let line = refusal(&copy.run(&["audit", "verify", "--expect", &end]));
        assert!(line.contains("整条链被换过") && line.contains("exchanged"), "{line}");
    }
    // A chain without events is sound, but there are accounts, and each was made with an event.
    let emptied = ["DELETE FROM audit_event", "UPDATE audit_head SET sequence = 0, hash = ''"];
    let emptied = desk.altered("emptied", &[&WITHOUT_TRIGGERS[..], &emptied, &TRIGGERS_AGAIN].concat());
    let line = refusal(&emptied.run(&["audit", "verify"]));
    assert!(line.contains("清空") && line.contains("emptied"), "{line}");
    let unguarded = desk.altered("unguarded", &WITHOUT_TRIGGERS);
    let line = refusal(&unguarded.run(&["audit", "verify", "--expect", &end]));
    assert!(line.contains("触发器") && line.contains("audit_event_is_append_only_update that guards it is missing"), "{line}");
    let (_, hash) = end.split_once(':').expect("a number and a hash");
    for (expected, said) in [
        (format!("5:{hash}"), "exchanged"),
        (format!("7:{hash}"), "exchanged"),
        (format!("6:{}", "0".repeat(64)), "exchanged"),
        ("6".to_owned(), "NUMBER:HASH"),
        (format!("six:{hash}"), "NUMBER:HASH"),
        (String::new(), "NUMBER:HASH"),
    ] {
        let line = refusal(&desk.run(&["audit", "verify", "--expect", &expected]));
        assert!(line.contains(said), "{expected}: {line}");
    }
}

fn every_chain_goes_on_from_the_empty_one() {
    let desk = Desk::new();
    let beginning = desk.end_of_the_chain();
    assert_eq!(beginning, "0:");
    desk.done(&["audit", "verify", "--expect", &beginning]);
    let desk = desk.with_admin();
    desk.done(&["audit", "verify", "--expect", &beginning]);
}

/// Excuses an event and hashes it and those after it as the service would have.
fn hash_anew(desk: &Desk) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let links = runtime.block_on(async {
        let database = Database::open(&desk.url).await.expect("it opens");
        let links: Vec<_> = database.audit_links(0, 100).await.expect("links").into_iter().map(|link| link.expect("readable")).collect();
        database.close().await.expect("closed");
        links
    });
    let mut previous = String::new();
    for mut link in links {
        let number = link.event.sequence;
        if number == 3 {
            link.event.reason = Some("EXCUSED".to_owned());
        }
        let hash = link.event.hash(&previous);
        let reason = link.event.reason.map_or_else(|| "NULL".to_owned(), |reason| format!("'{reason}'"));
        desk.execute(&format!(
            "UPDATE audit_event SET reason = {reason}, previous_hash = '{previous}', hash = '{hash}' WHERE sequence = {number};
             UPDATE audit_head SET hash = '{hash}'"
        ))
        .expect("altered");
        previous = hash;
    }
}

fn the_database_refuses_to_change_the_audit() {
    let desk = six_events();
    let end = desk.end_of_the_chain();
    for statement in [
        "UPDATE audit_event SET action = 'SIGN_IN' WHERE sequence = 3",
        "UPDATE audit_event SET hash = hash",
        "DELETE FROM audit_event WHERE sequence = 3",
        "DELETE FROM audit_event",
        // An insertion that removes what is in its way, by its number or by its id.
        "REPLACE INTO audit_event SELECT * FROM audit_event WHERE sequence = 3",
        "INSERT OR REPLACE INTO audit_event SELECT 7, id, at, action, outcome, reason, actor_id, actor_username, actor_role, credential, subject, subject_id, jurisdiction_id, changes, request_id, address, previous_hash, hash FROM audit_event WHERE sequence = 3",
    ] {
        let error = desk.execute(statement).expect_err(statement);
        assert!(error.contains("audit_event_is_append_only"), "{error}");
    }
    assert_eq!(desk.end_of_the_chain(), end);
}
