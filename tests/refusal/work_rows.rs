//! Who may and who may not do what is done to tasks, reports and notices, and what is wrong with what they ask.
//!
//! `sibling` is the office of Taibai Lake, whose work it is; `office` and `unit` are of Yanzhou, its neighbour.

use entity::AuditOutcome;
use minsheng::access::reason::Reason;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Row, Scene, Watch, scene::with};
use crate::support::{app::App, global};

/// The mutations of the work.
pub const MUTATIONS: [&str; 16] = [
    "acceptCompletion",
    "adoptRuleSet",
    "allocateTarget",
    "changeReporting",
    "claimCompletion",
    "extendTask",
    "recordMeeting",
    "resolveBlocker",
    "resumeTask",
    "returnCompletion",
    "reviewProgress",
    "reviewProgressBatch",
    "savePlan",
    "submitProgress",
    "submitProgressBatch",
    "suspendTask",
];

/// Who asks for what they may, on what.
pub fn right_caller(mutation: &str) -> (&'static str, &'static str) {
    match mutation {
        "acceptCompletion" => ("sibling", "claimed"),
        "adoptRuleSet" => ("sibling", "taibai-lake"),
        "allocateTarget" | "savePlan" | "submitProgress" | "submitProgressBatch" => ("lead", "running"),
        "changeReporting" => ("sibling", "notice"),
        "claimCompletion" => ("lead", "claimable"),
        "extendTask" | "suspendTask" => ("sibling", "running"),
        "recordMeeting" => ("lake-leader", "notice"),
        "resolveBlocker" => ("lead", "blocker of submitted"),
        "resumeTask" => ("sibling", "suspended"),
        "returnCompletion" => ("sibling", "claimed-too"),
        "reviewProgress" => ("sibling", "submitted"),
        "reviewProgressBatch" => ("sibling", "submitted-too"),
        unknown => panic!("say here who may {unknown}"),
    }
}

/// Those whom every mutation of the work refuses, on whatever: not even an admin does others' work.
fn refused_by_all(owner: &'static str) -> Vec<Row> {
    vec![
        ("", owner, Some(Reason::SignInFirst)),
        ("read-key", owner, Some(Reason::ReadOnlyKey)),
        ("temporary", owner, Some(Reason::PasswordTemporary)),
        ("admin", owner, Some(Reason::RoleMayNot)),
        ("full-key", owner, Some(Reason::RoleMayNot)),
        ("deputy", owner, Some(Reason::RoleMayNot)),
    ]
}

fn refused_to_role(callers: &[&'static str], owner: &'static str) -> Vec<Row> {
    callers.iter().map(|caller| (*caller, owner, Some(Reason::RoleMayNot))).collect()
}

/// What only the office of the jurisdiction does, to a task or a notice that others see.
fn refused_to_all_but_the_office(owner: &'static str) -> Vec<Row> {
    let elsewhere = [("office", owner, Some(Reason::OtherJurisdiction)), ("city-office", owner, Some(Reason::OtherJurisdiction))];
    let units = refused_to_role(&["lead", "supporting", "unit", "lake-leader", "leader"], owner);
    refused_by_all(owner).into_iter().chain(units).chain(elsewhere).collect()
}

/// What the units that lead a task and its office do.
fn refused_to_all_but_the_lead(owner: &'static str) -> Vec<Row> {
    let units = [
        ("supporting", owner, Some(Reason::NotLead)),
        ("bystander", owner, Some(Reason::NotAssigned)),
        ("unit", owner, Some(Reason::NotAssigned)),
        ("lead", "foreign", Some(Reason::NotAssigned)),
    ];
    let leaders = refused_to_role(&["lake-leader", "leader"], owner);
    refused_by_all(owner).into_iter().chain(leaders).chain(units).collect()
}

pub fn wrong_callers(mutation: &str) -> Vec<Row> {
    let owner = right_caller(mutation).1;
    let (mut rows, more): (Vec<Row>, Vec<Row>) = match mutation {
        // Of a task that is not theirs units are told in the payload, as of anything else that is wrong with a post.
        "submitProgress" | "submitProgressBatch" => {
            (refused_by_all(owner), refused_to_role(&["sibling", "office", "city-office", "lake-leader", "leader"], owner))
        }
        "claimCompletion" => (
            refused_to_all_but_the_lead(owner),
            [
                refused_to_role(&["sibling", "office", "city-office"], owner),
                vec![
                    ("lead", "claimed", Some(Reason::AlreadyClaimed)),
                    ("lead", "suspended", Some(Reason::TaskSuspended)),
                    ("lead", "closed", Some(Reason::TaskClosed)),
                ],
            ]
            .concat(),
        ),
        "savePlan" | "allocateTarget" => (
            refused_to_all_but_the_lead(owner),
            vec![
                ("office", owner, Some(Reason::OtherJurisdiction)),
                ("city-office", owner, Some(Reason::OtherJurisdiction)),
                ("lead", "closed", Some(Reason::TaskClosed)),
                ("sibling", "closed", Some(Reason::TaskClosed)),
            ],
        ),
        "acceptCompletion" | "returnCompletion" => (
            refused_to_all_but_the_office(owner),
            vec![("sibling", "running", Some(Reason::NotClaimed)), ("sibling", "closed", Some(Reason::TaskClosed))],
        ),
        "suspendTask" => (
            refused_to_all_but_the_office(owner),
            vec![("sibling", "suspended", Some(Reason::TaskSuspended)), ("sibling", "closed", Some(Reason::TaskClosed))],
        ),
        "resumeTask" => (
            refused_to_all_but_the_office(owner),
            vec![("sibling", "running", Some(Reason::NotSuspended)), ("sibling", "closed", Some(Reason::TaskClosed))],
        ),
        "extendTask" => (refused_to_all_but_the_office(owner), vec![("sibling", "closed", Some(Reason::TaskClosed))]),
        "changeReporting" | "adoptRuleSet" => (refused_to_all_but_the_office(owner), Vec::new()),
        "recordMeeting" => (
            refused_by_all(owner),
            [
                refused_to_role(&["lead", "supporting", "unit"], owner),
                vec![
                    ("leader", owner, Some(Reason::OtherJurisdiction)),
                    ("office", owner, Some(Reason::OtherJurisdiction)),
                    ("city-office", owner, Some(Reason::OtherJurisdiction)),
                ],
            ]
            .concat(),
        ),
        "resolveBlocker" => (refused_by_all(owner), of_blockers()),
        "reviewProgress" => (
            refused_by_all(owner),
            [
                refused_to_role(&["lead", "supporting", "unit", "lake-leader", "leader"], owner),
                vec![
                    ("city-office", owner, Some(Reason::OtherJurisdiction)),
                    ("city-office", "accepted", Some(Reason::OtherJurisdiction)),
                    ("office", "accepted", Some(Reason::OtherJurisdiction)),
                    // What is not accepted yet is not there for a neighbour, and a draft not even for the office.
                    ("office", owner, None),
                    ("office", "returned", None),
                    ("sibling", "draft", None),
                    ("city-office", "draft", None),
                ],
            ]
            .concat(),
        ),
        "reviewProgressBatch" => (
            refused_by_all(owner),
            [
                refused_to_role(&["lead", "supporting", "unit", "lake-leader", "leader"], owner),
                vec![("city-office", owner, Some(Reason::OtherJurisdiction)), ("office", "accepted", Some(Reason::OtherJurisdiction))],
            ]
            .concat(),
        ),
        unknown => panic!("say here whom {unknown} refuses"),
    };
    rows.extend(more);
    rows
}

/// Blockers are internal: who does not read what is internal to Taibai Lake does not learn that there are any.
fn of_blockers() -> Vec<Row> {
    let mine = "blocker of submitted";
    let rows = vec![
        ("supporting", mine, Some(Reason::NotYourReport)),
        ("bystander", mine, Some(Reason::NotYourReport)),
        ("lead", "blocker of theirs", Some(Reason::NotYourReport)),
        ("city-office", mine, Some(Reason::OtherJurisdiction)),
        ("unit", mine, None),
        ("office", mine, None),
        ("office", "blocker of accepted", None),
        ("sibling", "blocker of draft", None),
        ("supporting", "blocker of draft", None),
        ("city-office", "blocker of draft", None),
        ("supporting", "blocker of settled", Some(Reason::AlreadyEnded)),
        ("sibling", "blocker of settled", Some(Reason::AlreadyEnded)),
        ("office", "blocker of settled", None),
    ];
    refused_to_role(&["lake-leader", "leader"], mine).into_iter().chain(rows).collect()
}

/// Who asks, on what, with what else than the right input, and the faults that this has.
type Wrong = (&'static str, &'static str, Value, &'static [&'static str]);

pub fn wrong_input(mutation: &str, scene: &Scene<'_>) -> Vec<Wrong> {
    let (caller, owner) = right_caller(mutation);
    let of = |wrong: Value, faults: &'static [&'static str]| -> Wrong { (caller, owner, wrong, faults) };
    let long = "长".repeat(1001);
    match mutation {
        "submitProgress" => of_posts(scene, &long),
        "submitProgressBatch" => vec![
            of(json!([]), &["WRONG_NUMBER_OF_POSTS"]),
            of(vec![scene.work.post("running", "2024-W21", 0); 101].into(), &["WRONG_NUMBER_OF_POSTS"]),
            of(json!({ "period": "2024-W21" }), &["POSTED_TWICE"]),
            of(json!({ "expectedVersion": 7 }), &["STALE_VERSION", "STALE_VERSION"]),
            of(json!({ "taskId": global("task", Uuid::max()) }), &["NOT_FOUND", "NOT_FOUND"]),
            ("bystander", owner, json!({}), &["NOT_ASSIGNED", "NOT_ASSIGNED"]),
            ("unit", owner, json!({}), &["NOT_ASSIGNED", "NOT_ASSIGNED"]),
            // One that is wrong keeps all back.
            of(json!([scene.work.post("running", "2024-W21", 0), scene.work.post("suspended", "2024-W21", 0)]), &["TASK_SUSPENDED"]),
            of(json!([scene.work.post("running", "2024-W21", 0), scene.work.post("foreign", "2024-W21", 0)]), &["NOT_ASSIGNED"]),
        ],
        "reviewProgress" => vec![
            of(json!({ "decision": "RETURN" }), &["REASON_MISSING"]),
            of(json!({ "decision": "RETURN", "reason": " \n" }), &["REASON_MISSING"]),
            of(json!({ "decision": "RETURN", "reason": long }), &["TEXT_TOO_LONG"]),
            of(json!({ "decision": "REOPEN", "reason": "数字有误" }), &["REPORT_NOT_ACCEPTED"]),
            (caller, "accepted", json!({ "decision": "ACCEPT" }), &["REPORT_REVIEWED_ALREADY"]),
            (caller, "returned", json!({ "decision": "RETURN", "reason": "数字有误" }), &["REPORT_REVIEWED_ALREADY"]),
        ],
        "reviewProgressBatch" => {
            let input = scene.input(mutation, owner).0;
            let another = scene.input(mutation, "submitted").0;
            vec![
                of(json!([]), &["WRONG_NUMBER_OF_REVIEWS"]),
                of(vec![input[0].clone(); 101].into(), &["WRONG_NUMBER_OF_REVIEWS"]),
                of(json!([input[0], input[0]]), &["REVIEWED_TWICE"]),
                of(json!({ "expectedVersion": 9 }), &["STALE_VERSION"]),
                of(json!({ "reportId": "nonsense" }), &["NOT_FOUND"]),
                // What is not there for whoever asks is told in its place, and nothing else of it.
                ("office", owner, json!({}), &["NOT_FOUND"]),
                ("sibling", "draft", json!({}), &["NOT_FOUND"]),
                of(json!([another[0], with(input[0].clone(), &json!({ "reason": "" }))]), &["REASON_MISSING"]),
            ]
        }
        "savePlan" => vec![
            of(json!({ "dueOn": "2025-01-01" }), &["DUE_DATE_LATER"]),
            of(json!({ "startsOn": "2024-12-01" }), &["DUE_BEFORE_START"]),
            of(json!({ "startsOn": "2023-01-01", "dueOn": "2023-12-31", "milestones": [] }), &["DUE_BEFORE_YEAR"]),
            of(json!({ "startsOn": "0001-01-01" }), &["DATE_TOO_FAR"]),
            of(json!({ "milestones": [{ "title": "开工", "dueOn": "9999-12-31" }] }), &["DATE_TOO_FAR"]),
            of(json!({ "milestones": [{ "title": " ", "dueOn": "2024-05-31" }] }), &["MILESTONE_TITLE"]),
            of(json!({ "milestones": [{ "title": "开工", "dueOn": "2024-05-31", "plannedShare": "一半" }] }), &["FIGURE_NOT_A_NUMBER"]),
            of(
                json!({ "milestones": [{ "id": global("milestone", Uuid::max()), "title": "开工", "dueOn": "2024-05-31" }] }),
                &["MILESTONE_OF_ANOTHER_TASK"],
            ),
        ],
        "allocateTarget" => vec![
            of(json!({ "allocations": [{ "unitId": scene.unit("yanzhou"), "value": "30" }] }), &["NOT_ASSIGNED"]),
            of(json!({ "allocations": [{ "unitId": "nonsense", "value": "30" }] }), &["NOT_ASSIGNED"]),
            of(with_value(scene, "29"), &["ALLOCATION_TOTAL"]),
            of(with_value(scene, "-1"), &["FIGURE_NEGATIVE"]),
            of(with_value(scene, "三十"), &["FIGURE_NOT_A_NUMBER"]),
            of(with_value(scene, "29.99999"), &["FIGURE_TOO_PRECISE"]),
        ],
        "claimCompletion" => vec![of(json!({ "note": long }), &["TEXT_TOO_LONG"])],
        "acceptCompletion" => {
            vec![of(json!({ "inForceOn": "2026-11-21" }), &["IN_FORCE_BEFORE_CLAIM"]), of(json!({ "note": long }), &["TEXT_TOO_LONG"])]
        }
        "returnCompletion" | "suspendTask" => {
            vec![of(json!({ "reason": " " }), &["REASON_MISSING"]), of(json!({ "reason": long }), &["TEXT_TOO_LONG"])]
        }
        "extendTask" => vec![
            of(json!({ "reason": "" }), &["REASON_MISSING"]),
            of(json!({ "to": "2024-12-31" }), &["EXTENSION_NOT_LATER"]),
            of(json!({ "to": "9999-12-31" }), &["DATE_TOO_FAR"]),
        ],
        // There is nothing to get wrong but the task and its version, which have tests of their own.
        "resumeTask" => Vec::new(),
        "changeReporting" => of_duties().into_iter().map(|(duties, faults)| of(json!({ "duties": duties }), faults)).collect(),
        "recordMeeting" => vec![
            of(json!({ "summary": "" }), &["REASON_MISSING"]),
            of(json!({ "heldOn": "2026-11-23" }), &["HELD_IN_FUTURE"]),
            of(json!({ "heldOn": "0001-01-01" }), &["DATE_TOO_FAR"]),
            of(json!({ "summary": long, "heldOn": "2026-11-23" }), &["TEXT_TOO_LONG", "HELD_IN_FUTURE"]),
        ],
        "adoptRuleSet" => {
            let own =
                json!({ "code": "Our Own", "name": "自定", "nameEnglish": "own", "gauge": "GAP", "curve": "STRAIGHT_LINE", "bands": [] });
            vec![
                of(json!({ "builtIn": "nothing" }), &["UNKNOWN_RULE_SET"]),
                of(json!({ "builtIn": null }), &["UNKNOWN_RULE_SET"]),
                of(json!({ "inForceFrom": "2026-11-21" }), &["IN_FORCE_IN_PAST"]),
                of(json!({ "inForceFrom": "9999-12-31" }), &["DATE_TOO_FAR"]),
                of(json!({ "inForceFrom": "2026-11-21", "builtIn": "nothing" }), &["IN_FORCE_IN_PAST", "UNKNOWN_RULE_SET"]),
                of(json!({ "builtIn": null, "own": own }), &["RULE_SET_CODE", "NO_RULE_SET"]),
            ]
        }
        "resolveBlocker" => {
            vec![of(json!({ "resolution": " " }), &["REASON_MISSING"]), of(json!({ "resolution": long }), &["TEXT_TOO_LONG"])]
        }
        unknown => panic!("say here what input of {unknown} is wrong"),
    }
}

fn with_value(scene: &Scene<'_>, value: &str) -> Value {
    let shares = &scene.input("allocateTarget", "running").0["allocations"];
    json!({ "allocations": with(shares.clone(), &json!({ "value": value })) })
}

fn of_duties() -> Vec<(Value, &'static [&'static str])> {
    let duty = json!({ "kind": "PROGRESS_REPORT", "cadence": "TEN_DAY", "obligor": "LEAD_UNITS", "graceDays": 2 });
    vec![
        (json!([with(duty.clone(), &json!({ "graceDays": 91 }))]), &["GRACE_OUT_OF_RANGE"]),
        (json!([with(duty.clone(), &json!({ "graceDays": -1, "obligor": "LEADERS" }))]), &["GRACE_OUT_OF_RANGE", "OBLIGOR_MISMATCH"]),
        (json!([with(duty.clone(), &json!({ "kind": "DISPATCH" }))]), &["OBLIGOR_MISMATCH"]),
        (json!([duty.clone(), duty]), &["DUTY_REPEATED"]),
    ]
}

fn of_posts(scene: &Scene<'_>, long: &str) -> Vec<Wrong> {
    let of = |wrong: Value, faults: &'static [&'static str]| -> Wrong { ("lead", "running", wrong, faults) };
    let target = scene.work.target("running");
    let figure = |value: &str| json!({ "achievements": [{ "targetId": target, "value": value }] });
    vec![
        ("bystander", "running", json!({}), &["NOT_ASSIGNED"]),
        ("unit", "running", json!({}), &["NOT_ASSIGNED"]),
        ("lead", "foreign", json!({}), &["NOT_ASSIGNED"]),
        ("lead", "suspended", json!({}), &["TASK_SUSPENDED"]),
        ("supporting", "suspended", json!({}), &["TASK_SUSPENDED"]),
        ("lead", "closed", json!({}), &["TASK_CLOSED"]),
        ("supporting", "closed", json!({}), &["TASK_CLOSED"]),
        of(json!({ "period": "2024-W60" }), &["PERIOD_MALFORMED"]),
        of(json!({ "period": "nul\0" }), &["PERIOD_MALFORMED"]),
        of(json!({ "period": "2027-01" }), &["PERIOD_IN_FUTURE"]),
        of(json!({ "period": "2024-04-T2" }), &["PERIOD_NOT_OWED"]),
        of(json!({ "period": "2023-W15" }), &["PERIOD_NOT_OWED"]),
        of(json!({ "narrative": " " }), &["NARRATIVE_MISSING"]),
        of(json!({ "narrative": long.repeat(5) }), &["TEXT_TOO_LONG"]),
        of(figure("五"), &["FIGURE_NOT_A_NUMBER"]),
        of(figure("-1"), &["FIGURE_NEGATIVE"]),
        of(figure("5.00001"), &["FIGURE_TOO_PRECISE"]),
        // Lower than what was accepted for April.
        of(figure("4"), &["FIGURE_BELOW_ACCEPTED"]),
        of(json!({ "achievements": [{ "targetId": scene.work.target("claimed"), "value": "1" }] }), &["TARGET_OF_ANOTHER_TASK"]),
        of(json!({ "milestonesReached": ["nonsense"] }), &["MILESTONE_OF_ANOTHER_TASK"]),
        of(json!({ "statedCompletion": "100.1" }), &["STATED_COMPLETION_OUT_OF_RANGE"]),
        of(json!({ "blockers": [{ "description": " " }] }), &["BLOCKER_BLANK"]),
        of(json!({ "blockers": [{ "description": "征地", "neededFrom": "nonsense" }] }), &["UNKNOWN_UNIT"]),
        // Behind schedule, and nothing says why.
        ("lead", "claimable", json!({ "achievements": [], "blockers": [] }), &["BEHIND_WITHOUT_CAUSE"]),
        ("lead", "claimable", json!({ "achievements": [], "blockers": [{ "description": "征地" }] }), &["BEHIND_WITHOUT_NEED"]),
        ("lead", "accepted", json!({}), &["REPORT_LOCKED"]),
        ("lead", "submitted", json!({ "draft": true }), &["REPORT_SUBMITTED_ALREADY"]),
        // The same period, written with spaces around it.
        ("lead", "submitted", json!({ "draft": true, "period": " 2024-W15 " }), &["REPORT_SUBMITTED_ALREADY"]),
        of(
            json!({ "period": "2024-W60", "narrative": "", "statedCompletion": "x", "milestonesReached": ["nonsense"] }),
            &["PERIOD_MALFORMED", "NARRATIVE_MISSING", "MILESTONE_OF_ANOTHER_TASK", "FIGURE_NOT_A_NUMBER"],
        ),
    ]
}

/// A unit may post at all, so that of a task that is not for it a fault tells, where the task is named: in a batch of each.
pub async fn a_post_is_told_which_task_it_is_not_for(app: App) {
    let scene = Scene::of(&app).await;
    for (caller, task, code, of_the_foreign) in [
        ("bystander", "running", "NOT_ASSIGNED", Some("NOT_ASSIGNED")),
        ("lead", "suspended", "TASK_SUSPENDED", Some("NOT_ASSIGNED")),
        // It supports the foreign one, too.
        ("supporting", "closed", "TASK_CLOSED", None),
    ] {
        let reply = scene.ask(caller, "submitProgress", &scene.input("submitProgress", task).0, "alone").await;
        let expected = json!([{ "code": code, "field": ["input", "taskId"] }]);
        assert_eq!(reply.body["data"]["submitProgress"]["errors"], expected, "{}", reply.text);
        let both = json!([scene.work.post(task, "2024-W21", 0), scene.work.post("foreign", "2024-W21", 0)]);
        let reply = scene.ask(caller, "submitProgressBatch", &both, "together").await;
        let mut expected = vec![json!({ "code": code, "field": ["inputs", "0", "taskId"] })];
        expected.extend(of_the_foreign.map(|code| json!({ "code": code, "field": ["inputs", "1", "taskId"] })));
        assert_eq!(reply.body["data"]["submitProgressBatch"]["errors"], Value::from(expected), "{}", reply.text);
    }
}

/// Of a notice that was withdrawn nothing goes on; and it is not there any more for those outside.
pub async fn what_is_of_a_withdrawn_notice_is_refused(app: App) {
    let scene = Scene::of(&app).await;
    app.execute(
        "UPDATE notice SET state = 'WITHDRAWN' WHERE year = 2024 AND jurisdiction_id = (SELECT id FROM jurisdiction WHERE code = 'taibai-lake')",
    )
    .await
    .expect("withdrawn");
    let mut watch = Watch::over_many(&scene).await;
    for mutation in MUTATIONS {
        // Reviews settle what came before, and rules are a jurisdiction's: neither is of the notice alone.
        if ["adoptRuleSet", "reviewProgress", "reviewProgressBatch", "resolveBlocker"].contains(&mutation) {
            continue;
        }
        let (caller, owner) = right_caller(mutation);
        let (input, _) = scene.input(mutation, owner);
        if mutation.starts_with("submitProgress") {
            let faults: &[&str] = if mutation == "submitProgress" { &["NOT_ISSUED"] } else { &["NOT_ISSUED", "NOT_ISSUED"] };
            let event = watch.faulted(caller, mutation, &input, faults, &[]).await;
            assert_eq!(event.outcome, AuditOutcome::Rejected, "{mutation}");
        } else {
            watch.denied(caller, mutation, &input, Some(Reason::NotIssued)).await;
        }
        let outsider =
            if super::action(mutation) == entity::Action::SubmitProgress || mutation == "claimCompletion" { "unit" } else { "office" };
        if mutation == "submitProgressBatch" {
            watch.faulted(outsider, mutation, &input, &["NOT_FOUND", "NOT_FOUND"], &[]).await;
        } else {
            watch.denied(outsider, mutation, &input, None).await;
        }
    }
    watch.unchanged_but(&[], "a withdrawn notice").await;
}
