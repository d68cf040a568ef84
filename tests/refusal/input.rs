//! Right callers with wrong input: told what is wrong, nothing changed, one event.

use chrono::TimeDelta;
use entity::AuditOutcome;
use minsheng::access::root_field::MUTATIONS;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Scene, Watch, right_caller,
    scene::{action, bare, with},
    work_rows,
};
use crate::support::{actor::PASSWORD, app::App, global};

/// Who asks, on whose, with what else than the right input, and the faults that this has.
type Row = (&'static str, &'static str, Value, &'static [&'static str]);

fn wrong_input(mutation: &str, scene: &Scene<'_>) -> Vec<Row> {
    let long = "长".repeat(201);
    match mutation {
        "createAccount" => vec![
            ("admin", "target", json!({ "username": "" }), &["USERNAME_LENGTH"]),
            ("admin", "target", json!({ "username": "x".repeat(900_000) }), &["USERNAME_LENGTH"]),
            ("admin", "target", json!({ "username": "two words" }), &["USERNAME_CHARACTER"]),
            ("admin", "target", json!({ "username": "nul\0" }), &["USERNAME_CHARACTER"]),
            ("admin", "target", json!({ "username": "ＴＡＲＧＥＴ" }), &["USERNAME_TAKEN"]),
            // Also by an account that whoever asks does not see.
            ("office", "target", json!({ "username": "Admin" }), &["USERNAME_TAKEN"]),
            ("admin", "target", json!({ "jurisdiction": "nowhere" }), &["UNKNOWN_JURISDICTION"]),
            ("office", "target", json!({ "jurisdiction": "nul\0" }), &["UNKNOWN_JURISDICTION"]),
            ("admin", "target", json!({ "role": "UNIT" }), &["UNIT_REQUIRED"]),
            ("admin", "target", json!({ "unit": scene.unit("yanzhou") }), &["UNIT_UNEXPECTED"]),
            ("office", "target", json!({ "role": "UNIT", "unit": scene.unit("taibai-lake") }), &["UNIT_MISMATCH"]),
            ("admin", "target", json!({ "role": "UNIT", "unit": "nonsense" }), &["UNIT_MISMATCH"]),
            ("admin", "target", json!({ "role": "UNIT", "unit": global("unit", Uuid::max()) }), &["UNIT_MISMATCH"]),
            ("admin", "target", json!({ "externalSubject": " " }), &["EXTERNAL_SUBJECT"]),
            ("admin", "target", json!({ "externalSubject": long }), &["EXTERNAL_SUBJECT"]),
            (
                "admin",
                "target",
                json!({ "username": "a", "jurisdiction": "nowhere", "role": "UNIT", "externalSubject": "nul\0" }),
                &["USERNAME_LENGTH", "UNKNOWN_JURISDICTION", "UNIT_REQUIRED", "EXTERNAL_SUBJECT"],
            ),
        ],
        "changeAccount" => vec![
            ("admin", "target", json!({ "username": "a" }), &["USERNAME_LENGTH"]),
            ("office", "target", json!({ "username": "right\u{202e}left" }), &["USERNAME_CHARACTER"]),
            ("office", "target", json!({ "username": "OFFICE" }), &["USERNAME_TAKEN"]),
            ("office", "target", json!({ "unit": scene.unit("taibai-lake") }), &["UNIT_MISMATCH"]),
            ("admin", "target", json!({ "unit": global("task", Uuid::max()) }), &["UNIT_MISMATCH"]),
            ("admin", "target", json!({ "role": "LEADER", "unit": scene.unit("yanzhou") }), &["UNIT_UNEXPECTED"]),
            ("office", "deputy", json!({ "role": "UNIT" }), &["UNIT_REQUIRED"]),
            ("office", "target", json!({ "externalSubject": "" }), &["EXTERNAL_SUBJECT"]),
            (
                "admin",
                "target",
                json!({ "username": "two words", "unit": scene.unit("jining"), "externalSubject": "nul\0" }),
                &["USERNAME_CHARACTER", "UNIT_MISMATCH", "EXTERNAL_SUBJECT"],
            ),
        ],
        "transferAccount" => vec![
            ("admin", "target", json!({ "jurisdiction": "nowhere" }), &["UNKNOWN_JURISDICTION"]),
            ("office", "target", json!({ "unit": null }), &["UNIT_REQUIRED"]),
            ("office", "target", json!({ "unit": scene.unit("jining") }), &["UNIT_MISMATCH"]),
            ("city-office", "target", json!({ "jurisdiction": "taibai-lake" }), &["UNIT_MISMATCH"]),
            ("admin", "deputy", json!({}), &["UNIT_UNEXPECTED"]),
            ("office", "target", json!({ "jurisdiction": "", "unit": null }), &["UNKNOWN_JURISDICTION", "UNIT_REQUIRED"]),
        ],
        "lockAccount" => ["", " \n ", "\0\u{200b}", &long]
            .map(|reason| -> Row { ("office", "target", json!({ "reason": reason }), &["REASON"]) })
            .to_vec(),
        "createApiKey" => vec![
            ("unit", "target", json!({ "name": " " }), &["NAME"]),
            ("unit", "target", json!({ "name": "\u{202e}\n" }), &["NAME"]),
            ("unit", "target", json!({ "name": "名".repeat(101) }), &["NAME"]),
            ("unit", "target", json!({ "expiresAt": "2026-11-22T10:00:00+08:00" }), &["EXPIRY"]),
            ("unit", "target", json!({ "expiresAt": "2027-11-24T10:00:00+08:00" }), &["EXPIRY"]),
            ("unit", "target", json!({ "name": "\0", "expiresAt": "1970-01-01T00:00:00Z" }), &["NAME", "EXPIRY"]),
        ],
        "changePassword" => vec![
            ("unit", "target", json!({ "currentPassword": "not-the-password-1" }), &["PASSWORD_WRONG"]),
            ("unit", "target", json!({ "newPassword": PASSWORD }), &["PASSWORD_UNCHANGED"]),
            ("unit", "target", json!({ "newPassword": "a1-\0-Quartz-Ibis" }), &["PASSWORD_HOLDS_CONTROL_CHARACTER"]),
            // Also where the password is temporary, which is when it has to be changed.
            ("temporary", "target", json!({}), &["PASSWORD_WRONG"]),
        ],
        // There is nothing to get wrong, or a wrong id is of nothing, an old version stale, and wrong credentials are denied, which
        // have tests of their own.
        "signOut" | "signOutEverywhere" | "resetPassword" | "unlockAccount" | "revokeApiKey" | "endSession" | "signIn"
        | "refreshSession" => Vec::new(),
        work => work_rows::wrong_input(work, scene),
    }
}

pub async fn wrong_input_is_told_and_changes_nothing(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over(&scene).await;
    for (mutation, _) in MUTATIONS {
        for (caller, owner, wrong, faults) in wrong_input(mutation, &scene) {
            let (input, _) = scene.input(mutation, owner);
            // To ask for a change of one's password with a wrong one counts as an attempt.
            let counted: &[&str] = if mutation == "changePassword" { &["sign_in_throttle"] } else { &[] };
            let event = watch.faulted(caller, mutation, &with(input, &wrong), faults, counted).await;
            assert_eq!(event.outcome, AuditOutcome::Rejected, "{mutation} with {wrong}");
            if mutation == "changePassword" {
                app.pass(TimeDelta::seconds(5));
            }
        }
    }
}

/// The mutations that say which version they build on.
const VERSIONED: [(&str, &str); 17] = [
    ("changeAccount", "target"),
    ("lockAccount", "target"),
    ("resetPassword", "target"),
    ("transferAccount", "target"),
    ("unlockAccount", "locked"),
    ("acceptCompletion", "claimed"),
    ("allocateTarget", "running"),
    ("changeReporting", "notice"),
    ("claimCompletion", "claimable"),
    ("extendTask", "running"),
    ("resolveBlocker", "blocker of submitted"),
    ("resumeTask", "suspended"),
    ("returnCompletion", "claimed"),
    ("reviewProgress", "submitted"),
    ("savePlan", "running"),
    ("submitProgress", "submitted"),
    ("suspendTask", "running"),
];

pub async fn an_old_version_is_told(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over_many(&scene).await;
    for (mutation, owner) in VERSIONED {
        let (input, _) = scene.input(mutation, owner);
        let caller = right_caller(mutation).0;
        let now = scene.work.known(owner).map_or_else(|| scene.things[owner].version, |(_, version)| version);
        for version in [now - 1, now + 1, 0, -1, i32::MAX, i32::MIN].into_iter().filter(|version| *version != now) {
            let (reply, event) = watch.refused(caller, mutation, &with(input.clone(), &json!({ "expectedVersion": version })), &[]).await;
            let extensions = &reply.body["errors"][0]["extensions"];
            assert_eq!(extensions["code"], "STALE_VERSION", "{mutation} {version}: {}", reply.text);
            assert_eq!(extensions["current"]["version"], now, "{mutation} {version}");
            if scene.things.contains_key(owner) {
                assert_eq!(extensions["current"]["username"], owner, "{mutation} {version}");
            }
            assert_eq!((event.outcome, event.reason.as_deref()), (AuditOutcome::Rejected, Some("STALE_VERSION")), "{mutation}");
        }
        watch.unchanged_but(&[], mutation).await;
    }
    // Any mutation whose input has a version belongs above.
    let schema = include_str!("../../schema.graphql");
    let versioned = schema.matches("expectedVersion: Int").count();
    assert_eq!(versioned, 15, "fifteen inputs, of which those of an account and those of a task with a reason serve two mutations each");
}

pub async fn an_attempt_too_many_is_recorded(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over(&scene).await;
    for (caller, mutation, wrong) in [
        ("", "signIn", json!({ "password": "not-the-password-1" })),
        ("unit", "changePassword", json!({ "currentPassword": "not-the-password-1" })),
    ] {
        let input = with(scene.input(mutation, "target").0, &wrong);
        let mut throttled = None;
        for _ in 0..10 {
            let (reply, event) = watch.refused(caller, mutation, &input, &["sign_in_throttle"]).await;
            if reply.body["errors"][0]["extensions"]["code"] == "RATE_LIMITED" {
                throttled = Some(event);
                break;
            }
        }
        let event = throttled.expect("an attempt too many");
        assert_eq!((event.action, event.outcome), (action(mutation), AuditOutcome::Rejected));
        assert_eq!(event.reason.as_deref(), Some("RATE_LIMITED"));
        // One that is not let through does not count, and is recorded all the same.
        watch.refused(caller, mutation, &input, &[]).await;
    }
}

/// The names of the field that says what a mutation is done to.
const NAMED_BY: [&str; 5] = ["id", "taskId", "targetId", "reportId", "noticeId"];

/// An id that is none, is of something else, or of nothing there is, is an id of nothing: what it is tells nobody anything.
pub async fn a_malformed_id_is_of_nothing(app: App) {
    let scene = Scene::of(&app).await;
    let mut watch = Watch::over_many(&scene).await;
    let mut tried = 0;
    for (mutation, _) in MUTATIONS {
        let (caller, owner) = if work_rows::MUTATIONS.contains(&mutation) { right_caller(mutation) } else { ("admin", "target") };
        let (input, _) = scene.input(mutation, owner);
        let Some(field) = NAMED_BY.into_iter().find(|field| input.get(field).is_some()) else { continue };
        tried += 1;
        let (prefix, id) = input[field].as_str().expect("an id").split_once('_').expect("an id with a prefix");
        let other = if prefix == "task" { "notice" } else { "task" };
        for wrong in [
            String::new(),
            "nonsense".to_owned(),
            "nul\0".to_owned(),
            id.to_owned(),
            bare(&input[field]).to_string(),
            format!("_{id}"),
            format!("{other}_{id}"),
            format!("{prefix}_"),
            format!("{prefix}_{id}0"),
            format!("{prefix}_{}", id.to_uppercase()),
            global(prefix, Uuid::nil()),
            global(prefix, Uuid::max()),
            "x".repeat(100_000),
        ] {
            watch.denied(caller, mutation, &with(input.clone(), &json!({ field: wrong })), None).await;
        }
        watch.unchanged_but(&[], mutation).await;
    }
    assert_eq!(tried, 20, "the mutations that name one thing by its id");
}
