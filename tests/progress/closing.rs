//! Closing, suspending and extending tasks, and resolving what stops them.

use serde_json::{Value, json};

use super::scene::{SUBMIT, Scene, at, faults};
use crate::{cases, support::app::App};

cases![
    a_task_is_claimed_returned_claimed_and_closed,
    a_suspended_task_takes_no_reports,
    an_extended_task_is_judged_as_before,
    a_blocker_is_resolved
];

const STANDING: &str =
    "query($id: ID!) { node(id: $id) { ... on Task { light standing { version claimedOn acceptedOn inForceOn closingNote returnReason
    suspendedOn extendedTo dueOn viewerCanClaim { allowed reason } viewerCanAccept { allowed reason } } } } }";

fn change(mutation: &str, input: &str) -> String {
    format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{ task {{ id light standing {{ version }} }} errors {{ code field message }} }} }}"
    )
}

async fn a_task_is_claimed_returned_claimed_and_closed(app: App) {
    let scene = Scene::of(&app).await;
    let (task, _) = scene.canteens().await;
    let claim = change("claimCompletion", "ClaimCompletionInput");
    let give_back = change("returnCompletion", "TaskReasonInput");
    let accept = change("acceptCompletion", "AcceptCompletionInput");
    let input = |version: i64| json!({ "input": { "taskId": task, "expectedVersion": version } });
    assert_eq!(scene.support.error(&claim, input(0)).await["extensions"]["reason"], "NOT_LEAD");
    assert_eq!(scene.office.error(&accept, input(0)).await["extensions"]["reason"], "NOT_CLAIMED");
    assert_eq!(scene.lead.data(&claim, input(0)).await["claimCompletion"]["task"]["standing"]["version"], 1);
    assert_eq!(scene.lead.error(&claim, input(1)).await["extensions"]["reason"], "ALREADY_CLAIMED");
    let reason = json!({ "input": { "taskId": task, "expectedVersion": 1, "reason": "还差一处" } });
    scene.office.data(&give_back, reason).await;
    scene.lead.data(&claim, input(2)).await;
    let stale = scene.office.error(&accept, input(2)).await;
    assert_eq!((&stale["extensions"]["code"], &stale["extensions"]["current"]["version"]), (&json!("STALE_VERSION"), &json!(3)));
    app.pass(chrono::TimeDelta::days(3));
    let office = app.sign_in("office").await;
    let early = json!({ "input": { "taskId": task, "expectedVersion": 3, "inForceOn": "2024-04-11" } });
    assert_eq!(
        faults(&office.data(&accept, early).await["acceptCompletion"]),
        [("IN_FORCE_BEFORE_CLAIM".to_owned(), at("input.inForceOn"))]
    );
    let late = json!({ "input": { "taskId": task, "expectedVersion": 3, "inForceOn": "2099-01-01" } });
    assert_eq!(faults(&office.data(&accept, late).await["acceptCompletion"]), [("IN_FORCE_TOO_LATE".to_owned(), at("input.inForceOn"))]);
    let closed = json!({ "input": { "taskId": task, "expectedVersion": 3, "inForceOn": "2024-04-14", "note": "验收合格" } });
    assert_eq!(office.data(&accept, closed).await["acceptCompletion"]["task"]["light"], "BLUE");
    let seen = app.data(STANDING, json!({ "id": task })).await["node"].clone();
    let standing = &seen["standing"];
    assert_eq!(
        [&standing["claimedOn"], &standing["acceptedOn"], &standing["inForceOn"], &standing["closingNote"]],
        ["2024-04-12", "2024-04-15", "2024-04-14", "验收合格"]
    );
    assert_eq!(standing["viewerCanAccept"], json!({ "allowed": false, "reason": "SIGN_IN_FIRST" }));
    // Nothing more is reported, and nothing more is owed; the day before it was open.
    let lead = app.sign_in("lead").await;
    let data = lead.data(SUBMIT, json!({ "input": scene.post("2024-W15", "3").await })).await;
    assert_eq!(faults(&data["submitProgress"]), [("TASK_CLOSED".to_owned(), at("input.taskId"))]);
    let light = "query($id: ID!, $on: Date) { node(id: $id) { ... on Task { light(on: $on) } } }";
    assert_ne!(app.data(light, json!({ "id": task, "on": "2024-04-13" })).await["node"]["light"], "BLUE");
    assert_eq!(app.data(light, json!({ "id": task, "on": "2024-04-14" })).await["node"]["light"], "BLUE");
    let events = "SELECT count(*) FROM progress_event WHERE kind = ";
    for (kind, count) in [("COMPLETION_CLAIMED", 2), ("COMPLETION_RETURNED", 1), ("TASK_CLOSED", 1)] {
        assert_eq!(app.number(&format!("{events}'{kind}'")).await, count, "{kind}");
    }
}

async fn a_suspended_task_takes_no_reports(app: App) {
    let scene = Scene::of(&app).await;
    let (task, _) = scene.canteens().await;
    let suspend = change("suspendTask", "TaskReasonInput");
    let blank = json!({ "input": { "taskId": task, "expectedVersion": 0, "reason": " " } });
    assert_eq!(faults(&scene.office.data(&suspend, blank).await["suspendTask"]), [("REASON_MISSING".to_owned(), at("input.reason"))]);
    let input = json!({ "input": { "taskId": task, "expectedVersion": 0, "reason": "等待规划调整" } });
    assert_eq!(scene.office.data(&suspend, input).await["suspendTask"]["task"]["light"], "GREY");
    let data = scene.lead.data(SUBMIT, json!({ "input": scene.post("2024-W15", "1").await })).await;
    assert_eq!(faults(&data["submitProgress"]), [("TASK_SUSPENDED".to_owned(), at("input.taskId"))]);
    let due = "{ viewer { dueReports { task { number } period { key } } } }";
    let owed = scene.lead.data(due, json!({})).await["viewer"]["dueReports"].clone();
    let of_task: Vec<&Value> =
        owed.as_array().expect("due").iter().filter(|due| due["task"]["number"] == 2).map(|due| &due["period"]["key"]).collect();
    // What fell due before stays owed.
    assert_eq!(of_task, ["2024-W14"]);
    let resume = change("resumeTask", "TaskInput");
    let resumed = scene.office.data(&resume, json!({ "input": { "taskId": task, "expectedVersion": 1 } })).await["resumeTask"].clone();
    assert_eq!(resumed["errors"], json!([]));
    scene.posted(&scene.post("2024-W15", "1").await).await;
}

async fn an_extended_task_is_judged_as_before(app: App) {
    let scene = Scene::of(&app).await;
    let (task, _) = scene.canteens().await;
    let extend = change("extendTask", "ExtendTaskInput");
    let to = |date: &str| json!({ "input": { "taskId": task, "expectedVersion": 0, "to": date, "reason": "用地审批延迟" } });
    assert_eq!(
        faults(&scene.office.data(&extend, to("2024-12-31")).await["extendTask"]),
        [("EXTENSION_NOT_LATER".to_owned(), at("input.to"))]
    );
    scene.office.data(&extend, to("2025-03-31")).await;
    app.travel_to("2025-02-01T02:00:00Z");
    let seen = app.data(STANDING, json!({ "id": task })).await["node"].clone();
    assert_eq!(
        (&seen["standing"]["extendedTo"], &seen["standing"]["dueOn"], &seen["light"]),
        (&json!("2025-03-31"), &json!("2024-12-31"), &json!("RED"))
    );
}

async fn a_blocker_is_resolved(app: App) {
    let scene = Scene::of(&app).await;
    let posted = scene.posted(&scene.post("2024-W15", "1").await).await;
    let blocker = posted["report"]["blockers"][0]["id"].clone();
    let resolve = "mutation($input: ResolveBlockerInput!) { resolveBlocker(input: $input) { blocker { state resolution version } errors { code field message } } }";
    let input = json!({ "input": { "id": blocker, "expectedVersion": 1, "resolution": "街道已提供场地" } });
    // Another unit of the jurisdiction reads it, and cannot resolve it.
    assert_eq!(scene.support.error(resolve, input.clone()).await["extensions"]["reason"], "NOT_YOUR_REPORT");
    let resolved = scene.office.data(resolve, input.clone()).await["resolveBlocker"]["blocker"].clone();
    assert_eq!(resolved, json!({ "state": "RESOLVED", "resolution": "街道已提供场地", "version": 2 }));
    assert_eq!(scene.lead.error(resolve, input).await["extensions"]["reason"], "ALREADY_ENDED");
    assert_eq!(app.number("SELECT count(*) FROM progress_event WHERE kind = 'BLOCKER_RESOLVED'").await, 1);
}
