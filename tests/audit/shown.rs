//! What the audit shows of changes: what its reader may read where it stands, and of drafts nothing.

use std::collections::BTreeSet;

use entity::{Action, Role};
use minsheng::access::recorded;
use serde_json::{Value, json};

use crate::{
    progress::scene::{SUBMIT, SUBMIT_MANY, Scene},
    support::{actor::Actor, app::App, global, rows},
};

const LIST: &str = "query($first: Int!, $after: String) { auditEvents(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id action outcome changes } } }";

const RESOLVE: &str = "mutation($input: ResolveBlockerInput!) { resolveBlocker(input: $input) { errors { code } } }";

/// Words that stand inside a jurisdiction alone, and those that stand in the open.
const INSIDE: [&str; 4] = ["材料已报备", "还差一处验收", "请补充照片", "街道已提供场地"];
const OPEN: &str = "等待规划调整";

/// Everything that leaves a text, on the canteens of Taibai Lake.
async fn busy_week(app: &App) -> Scene<'_> {
    let scene = Scene::of(app).await;
    let (task, _) = scene.canteens().await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    let returned = scene.reviewed(&report, "RETURN", Some(INSIDE[2])).await["report"].clone();
    let mut again = scene.post("2024-W15", "1").await;
    again["expectedVersion"] = returned["version"].clone();
    let again = scene.posted(&again).await["report"].clone();
    let resolved = json!({ "id": again["blockers"][0]["id"], "expectedVersion": 2, "resolution": INSIDE[3] });
    let blocker = scene.office.data(RESOLVE, json!({ "input": resolved })).await;
    assert_eq!(blocker["resolveBlocker"]["errors"], json!([]));
    let change = async |actor: &Actor<'_>, mutation: &str, input: &str, version: i64, field: &str, words: &str| {
        let query = format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}");
        let input = json!({ "input": { "taskId": task, "expectedVersion": version, field: words } });
        assert_eq!(actor.data(&query, input).await[mutation]["errors"], json!([]), "{mutation}");
    };
    change(&scene.lead, "claimCompletion", "ClaimCompletionInput", 0, "note", INSIDE[0]).await;
    change(&scene.office, "returnCompletion", "TaskReasonInput", 1, "reason", INSIDE[1]).await;
    change(&scene.office, "suspendTask", "TaskReasonInput", 2, "reason", OPEN).await;
    scene
}

/// All events that somebody reads, page by page.
async fn events(actor: &Actor<'_>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = actor.data(LIST, json!({ "first": 7, "after": after })).await["auditEvents"].clone();
        found.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], found.len());
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

pub async fn a_text_is_shown_to_those_who_may_read_it_where_it_stands(app: App) {
    let scene = busy_week(&app).await;
    let admin = app.actor("root", Role::Admin, "jining").await;
    let city = app.actor("city", Role::Office, "jining").await;
    for (reader, sees) in [(&scene.office, true), (&city, true), (&admin, false)] {
        let text = json!(events(reader).await).to_string();
        for words in INSIDE {
            assert_eq!(text.contains(words), sees, "{} and {words}", reader.username);
        }
        assert!(text.contains(OPEN), "{} reads what is public", reader.username);
    }
    let seen = events(&admin).await;
    let masked = |action: &str, field: &str| {
        let event = seen.iter().find(|event| event["action"] == action && event["outcome"] == "SUCCEEDED").expect("an event");
        assert_eq!(event["changes"][field], json!({ "before": "***", "after": "***" }), "{event:#}");
    };
    masked("CLAIM_COMPLETION", "claimNote");
    masked("RETURN_COMPLETION", "returnReason");
    masked("REVIEW_PROGRESS", "stateReason");
    masked("RESOLVE_BLOCKER", "resolution");
    // The admin changes accounts, and an office does not see every account that an event is about.
    let admins = seen.iter().find(|event| event["action"] == "CREATE_ACCOUNT" && event["changes"]["role"]["after"] == "ADMIN");
    assert!(admins.is_some());
    let of_city = json!(events(&city).await).to_string();
    assert!(!of_city.contains("\"ADMIN\""), "{of_city}");
    // What is shown to whom changes nothing of what is stored.
    assert_eq!(app.service.verify_audit(|_, _| {}).await.expect("it is read").breach, None);
}

pub async fn that_a_draft_was_saved_is_its_units_alone(app: App) {
    let scene = Scene::of(&app).await;
    let admin = app.actor("root", Role::Admin, "jining").await;
    let readers = [&scene.office, &admin];
    let before = [events(readers[0]).await.len(), events(readers[1]).await.len()];
    let mut draft = scene.post("2024-W15", "1").await;
    draft["draft"] = json!(true);
    let saved = scene.posted(&draft).await["report"].clone();
    draft["expectedVersion"] = saved["version"].clone();
    draft["narrative"] = json!("另一种说法");
    let saved = scene.posted(&draft).await["report"].clone();
    let mut other = scene.post("2024-W14", "1").await;
    other["draft"] = json!(true);
    let many = scene.lead.data(SUBMIT_MANY, json!({ "inputs": [other] })).await["submitProgressBatch"].clone();
    assert_eq!(many["errors"], json!([]));
    // They are recorded, and neither shown, counted nor found by id.
    assert_eq!(app.number("SELECT count(*) FROM audit_event WHERE action = 'SUBMIT_PROGRESS'").await, 3);
    let drafts: Vec<String> =
        rows!(app, audit_event).iter().filter(|row| row.action == Action::SubmitProgress).map(|row| global("audit", row.id.0)).collect();
    for (reader, count) in readers.iter().zip(before) {
        assert_eq!(events(reader).await.len(), count, "{}", reader.username);
        let nodes = reader.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": drafts })).await;
        assert_eq!(nodes["nodes"], json!([null, null, null]), "{}", reader.username);
    }
    // Once it is submitted, that is told, and not that there was a draft.
    let mut post = scene.post("2024-W15", "1").await;
    post["expectedVersion"] = saved["version"].clone();
    let done = scene.lead.data(SUBMIT, json!({ "input": post })).await;
    assert_eq!(done["submitProgress"]["errors"], json!([]));
    let told = events(&scene.office).await;
    assert_eq!(told.len(), before[0] + 1);
    assert_eq!((&told[0]["action"], &told[0]["changes"]["report"]["after"]["state"]), (&json!("SUBMIT_PROGRESS"), &json!("SUBMITTED")));
    assert!(!told[0]["changes"].to_string().contains("DRAFT"), "{:#}", told[0]);
    // Of several at once, those that are submitted are told.
    let task = scene.task(3).await;
    let mixed = |draft: bool, task: &Value| {
        json!({ "taskId": task["id"], "period": "2024-W15", "narrative": "进展", "draft": draft,
        "blockers": [{ "description": "场地未定", "needs": "请街道协调" }] })
    };
    let inputs = json!([mixed(false, &task), mixed(true, &scene.task(1).await)]);
    let many = scene.lead.data(SUBMIT_MANY, json!({ "inputs": inputs })).await["submitProgressBatch"].clone();
    assert_eq!(many["errors"], json!([]), "{many:#}");
    let told = events(&scene.office).await;
    assert_eq!(told.len(), before[0] + 2);
    assert_eq!(told[0]["changes"].as_object().expect("changes").len(), 1, "{:#}", told[0]);
}

pub async fn every_field_that_is_recorded_has_a_rule(app: App) {
    busy_week(&app).await;
    super::busy_day(&app).await;
    let mut met = BTreeSet::new();
    for row in rows!(app, audit_event) {
        let changes: Value = serde_json::from_str(&row.changes).expect("JSON");
        for field in changes.as_object().expect("fields").keys() {
            assert!(recorded::is_listed(row.action, field), "{:?} records {field}, which access::recorded does not list", row.action);
            met.insert((row.action as u8, field.clone()));
        }
    }
    assert!(met.len() > 20, "{met:?}");
}
