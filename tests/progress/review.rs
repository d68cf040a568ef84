//! Reviewing: single and many at once, reopening, and by a notice's own setting.

use serde_json::{Value, json};

use super::scene::{REVIEW, Scene, at, faults};
use crate::{cases, support::app::App};

cases![
    a_reason_is_wanted_for_returning_and_reopening,
    a_reopened_report_counts_no_longer,
    many_are_reviewed_at_once_or_none,
    of_two_reviewers_one_wins,
    a_notice_may_accept_weekly_posts_by_itself,
];

async fn a_reason_is_wanted_for_returning_and_reopening(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    for (decision, reason, code, path) in [
        ("RETURN", None, "REASON_MISSING", "input.reason"),
        ("RETURN", Some("  "), "REASON_MISSING", "input.reason"),
        ("REOPEN", Some("改"), "REPORT_NOT_ACCEPTED", "input.decision"),
    ] {
        let variables = json!({ "report": report["id"], "decision": decision, "reason": reason, "version": report["version"] });
        let data = scene.office.data(REVIEW, variables).await;
        assert_eq!(faults(&data["reviewProgress"]), [(code.to_owned(), at(path))]);
    }
    let accepted = scene.reviewed(&report, "ACCEPT", None).await["report"].clone();
    let variables = json!({ "report": report["id"], "decision": "ACCEPT", "version": accepted["version"] });
    let data = scene.office.data(REVIEW, variables).await;
    assert_eq!(faults(&data["reviewProgress"]), [("REPORT_REVIEWED_ALREADY".to_owned(), at("input.decision"))]);
}

async fn a_reopened_report_counts_no_longer(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "2").await).await["report"].clone();
    app.pass(chrono::TimeDelta::days(1));
    let office = app.sign_in("office").await;
    let accept = json!({ "report": report["id"], "decision": "ACCEPT", "version": 1 });
    assert_eq!(office.data(REVIEW, accept).await["reviewProgress"]["task"]["completion"], "0.6666");
    app.pass(chrono::TimeDelta::days(2));
    let office = app.sign_in("office").await;
    let reopen = json!({ "report": report["id"], "decision": "REOPEN", "reason": "数据有误", "version": 2 });
    let reopened = office.data(REVIEW, reopen).await["reviewProgress"].clone();
    assert_eq!((&reopened["report"]["state"], &reopened["task"]["completion"]), (&json!("RETURNED"), &Value::Null));
    // What counted then is still what counted then.
    let on = "query($id: ID!, $on: Date) { node(id: $id) { ... on Task { completion(on: $on) } } }";
    let (task, _) = scene.canteens().await;
    for (day, completion) in [("2024-04-12", None), ("2024-04-13", Some("0.6666")), ("2024-04-14", Some("0.6666")), ("2024-04-15", None)] {
        assert_eq!(app.data(on, json!({ "id": task, "on": day })).await["node"]["completion"], json!(completion), "{day}");
    }
    let error = app.error(on, json!({ "id": task, "on": "2024-04-16" })).await;
    assert_eq!((&error["extensions"]["code"], &error["extensions"]["argument"]), (&json!("BAD_USER_INPUT"), &json!("on")));
    // Its history stays, in order, for whoever reads its internals.
    let history = "query($id: ID!) { node(id: $id) { ... on ProgressReport { history { decision reason } } } }";
    let steps = office.data(history, json!({ "id": report["id"] })).await["node"]["history"].clone();
    let steps: Vec<&Value> = steps.as_array().expect("steps").iter().map(|step| &step["decision"]).collect();
    assert_eq!(steps, ["SUBMIT", "ACCEPT", "REOPEN"]);
}

const REVIEW_MANY: &str = "mutation($inputs: [ReviewProgressInput!]!) {
    reviewProgressBatch(inputs: $inputs) { reports { id state version } errors { code field message } } }";

async fn many_are_reviewed_at_once_or_none(app: App) {
    let scene = Scene::of(&app).await;
    let week = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    let month = scene.posted(&scene.post("2024-04", "1").await).await["report"].clone();
    let review = |report: &Value, version: i64| json!({ "reportId": report["id"], "decision": "ACCEPT", "expectedVersion": version });
    let one_stale = json!({ "inputs": [review(&week, 1), review(&month, 2)] });
    let refused = scene.office.data(REVIEW_MANY, one_stale).await["reviewProgressBatch"].clone();
    assert_eq!((&refused["reports"], faults(&refused)), (&Value::Null, vec![("STALE_VERSION".to_owned(), at("inputs.1.expectedVersion"))]));
    assert_eq!(app.number("SELECT count(*) FROM acceptance").await, 0);
    let twice = scene.office.data(REVIEW_MANY, json!({ "inputs": [review(&week, 1), review(&week, 1)] })).await;
    assert_eq!(faults(&twice["reviewProgressBatch"]), [("REVIEWED_TWICE".to_owned(), at("inputs.1.reportId"))]);
    let done =
        scene.office.data(REVIEW_MANY, json!({ "inputs": [review(&week, 1), review(&month, 1)] })).await["reviewProgressBatch"].clone();
    let states: Vec<&Value> = done["reports"].as_array().expect("reports").iter().map(|report| &report["state"]).collect();
    assert_eq!(states, ["ACCEPTED", "ACCEPTED"]);
    // Two reports of one figure, which is cumulative: it counts once.
    let (task, _) = scene.canteens().await;
    let completion = app.data("query($id: ID!) { node(id: $id) { ... on Task { completion } } }", json!({ "id": task })).await;
    assert_eq!(completion["node"]["completion"], "0.3333");
}

async fn of_two_reviewers_one_wins(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    let second = app.actor("second-office", entity::Role::Office, "taibai-lake").await;
    let accept = json!({ "report": report["id"], "decision": "ACCEPT", "version": 1 });
    let give_back = json!({ "report": report["id"], "decision": "RETURN", "reason": "重报", "version": 1 });
    let (one, other) = tokio::join!(scene.office.post(REVIEW, accept), second.post(REVIEW, give_back));
    let outcomes = [&one.body, &other.body].map(|body| body["errors"][0]["extensions"]["code"].clone());
    assert!(outcomes.contains(&Value::Null) && outcomes.contains(&json!("STALE_VERSION")), "{outcomes:?}");
    assert_eq!(app.number("SELECT count(*) FROM report_transition").await, 2);
}

async fn a_notice_may_accept_weekly_posts_by_itself(app: App) {
    let scene = Scene::of(&app).await;
    let notice = app
        .data("{ notice(jurisdiction: \"taibai-lake\", year: 2024) { id setting { version acceptsWeekly } } }", json!({}))
        .await["notice"]
        .clone();
    assert_eq!(notice["setting"], json!({ "version": 0, "acceptsWeekly": false }));
    let change = "mutation($input: ChangeReportingInput!) { changeReporting(input: $input) { notice { setting { version acceptsWeekly } } errors { code } } }";
    let changed =
        scene.office.data(change, json!({ "input": { "noticeId": notice["id"], "expectedVersion": 0, "acceptsWeekly": true } })).await;
    assert_eq!(changed["changeReporting"]["notice"]["setting"], json!({ "version": 1, "acceptsWeekly": true }));
    let posted = scene.posted(&scene.post("2024-W15", "1").await).await;
    assert_eq!((&posted["report"]["state"], &posted["task"]["completion"]), (&json!("ACCEPTED"), &json!("0.3333")));
    let review = "query($id: ID!) { node(id: $id) { ... on ProgressReport { review { decision reviewer { username } } } } }";
    let review = scene.lead.data(review, json!({ "id": posted["report"]["id"] })).await["node"]["review"].clone();
    assert_eq!(review, json!({ "decision": "ACCEPT", "reviewer": null }));
    // A month's report waits for review all the same.
    assert_eq!(scene.posted(&scene.post("2024-04", "1").await).await["report"]["state"], "SUBMITTED");
}
