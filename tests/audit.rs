//! The audit as it is read: by whom, in pages, through filters, and for how many statements.

mod chain;
mod shown;

use std::sync::{Arc, Mutex};

use axum::{body::Body, http::Request};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::Role;
use minsheng::{
    service::{Clock, Service},
    store::StatementObserver,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    cases,
    refusal::last_number,
    support::{actor::Actor, app::App, global},
};
use chain::{
    a_missing_or_altered_trigger_is_noticed, an_altered_column_is_found, an_emptied_chain_is_noticed_also_after_it_was_begun_anew,
    an_event_of_nobody_is_not_made_one_of_somebody, an_exchange_and_a_forgery_are_found, fifty_writers_make_one_chain,
    nobody_changes_or_removes_an_event, nobody_replaces_an_event, the_chain_of_a_busy_day_holds, what_is_altered_beyond_reading_is_found,
    what_was_removed_is_missed,
};
use shown::{
    a_text_is_shown_to_those_who_may_read_it_where_it_stands, every_field_that_is_recorded_has_a_rule,
    that_a_draft_was_saved_is_its_units_alone,
};

cases![
    nobody_changes_or_removes_an_event,
    nobody_replaces_an_event,
    the_chain_of_a_busy_day_holds,
    fifty_writers_make_one_chain,
    an_altered_column_is_found,
    an_event_of_nobody_is_not_made_one_of_somebody,
    what_is_altered_beyond_reading_is_found,
    what_was_removed_is_missed,
    an_exchange_and_a_forgery_are_found,
    a_missing_or_altered_trigger_is_noticed,
    an_emptied_chain_is_noticed_also_after_it_was_begun_anew,
    pages_of_the_contract_cover_the_list,
    filters_choose,
    an_office_reads_its_subtree_alone,
    a_hundred_events_cost_the_statements_of_one,
    a_text_is_shown_to_those_who_may_read_it_where_it_stands,
    that_a_draft_was_saved_is_its_units_alone,
    every_field_that_is_recorded_has_a_rule,
];

const CONTRACT: &str = include_str!("contract/13-audit.graphql");

const LIST: &str = "query($filter: AuditEventFilter, $first: Int, $after: String) {
    auditEvents(filter: $filter, first: $first, after: $after) {
        totalCount
        nodes { id sequence action outcome reason actor { id username } jurisdiction { code } subject { id } credential }
    } }";

async fn list(actor: &Actor<'_>, filter: Value) -> Vec<Value> {
    let page = actor.data(LIST, json!({ "filter": filter, "first": 100 })).await["auditEvents"].clone();
    let nodes = page["nodes"].as_array().expect("nodes").clone();
    assert_eq!(page["totalCount"], nodes.len(), "{filter}");
    nodes
}

/// The values of a field, each once.
fn distinct<'a>(nodes: &'a [Value], pointer: &str) -> Vec<&'a str> {
    let mut values: Vec<&str> = nodes.iter().map(|node| node.pointer(pointer).and_then(Value::as_str).unwrap_or("null")).collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// Asks for a mutation whatever comes of it.
async fn try_mutation(app: &App, actor: Option<&Actor<'_>>, name: &str, input: &str) -> Value {
    let query = format!("mutation {{ {name}(input: {{ {input} }}) {{ errors {{ code }} }} }}");
    match actor {
        Some(actor) => actor.post(&query, json!({})).await.body,
        None => app.post(&query, json!({})).await.body,
    }
}

/// A day on which every mutation succeeds, is refused and is asked for with wrong input, in three places.
async fn busy_day(app: &App) -> Actor<'_> {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let place = ["jining", "yanzhou", "taibai-lake"];
    for (number, code) in place.into_iter().enumerate() {
        let office = app.actor(&format!("{code}-office"), Role::Office, code).await;
        let deputy = app.actor(&format!("{code}-deputy"), Role::Deputy, code).await;
        let id = deputy.id().to_owned();
        let neighbour = app.sign_in(&format!("{}-office", place[number.saturating_sub(1)])).await;
        let account = |version: i32| format!("id: \"{id}\", expectedVersion: {version}");
        let leader = app.actor(&format!("{code}-leader"), Role::Leader, code).await;
        // The public leaves no event.
        for actor in [Some(&office), Some(&neighbour), Some(&deputy), Some(&leader), None] {
            try_mutation(app, actor, "lockAccount", &format!("{}, reason: \"\"", account(1))).await;
            try_mutation(app, actor, "changeAccount", &format!("{}, username: \"{code}-renamed\"", account(9))).await;
        }
        try_mutation(app, Some(&office), "changeAccount", &format!("{}, username: \"{code}-renamed\"", account(1))).await;
        let key = "mutation { createApiKey(input: { name: \"key\", expiresAt: \"2027-01-01T00:00:00Z\" }) { apiKey { id } } }";
        let key = deputy.data(key, json!({})).await["createApiKey"]["apiKey"]["id"].clone();
        try_mutation(app, Some(&office), "revokeApiKey", &format!("id: {key}")).await;
        let again = app.data(
            "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { errors { code } } }",
            json!({ "t": deputy.session["refreshToken"] }),
        );
        assert_eq!(again.await["refreshSession"]["errors"], json!([]));
        deputy.data("mutation { signOutEverywhere { ended } }", json!({})).await;
        try_mutation(app, None, "signIn", &format!("username: \"{code}-office\", password: \"wrong\"")).await;
        try_mutation(app, Some(&admin), "transferAccount", &format!("{}, jurisdiction: \"{code}\"", account(2))).await;
        try_mutation(app, Some(&admin), "lockAccount", &format!("{}, reason: \"left\"", account(3))).await;
        try_mutation(app, Some(&admin), "unlockAccount", &account(4)).await;
        try_mutation(app, Some(&admin), "resetPassword", &account(5)).await;
    }
    try_mutation(app, None, "signIn", "username: \"nobody\", password: \"wrong\"").await;
    admin
}

async fn pages_of_the_contract_cover_the_list(app: App) {
    let admin = busy_day(&app).await;
    let whole = list(&admin, json!({ "jurisdiction": "jining" })).await;
    let ids: Vec<&Value> = whole.iter().map(|node| &node["id"]).collect();
    assert!(ids.len() > 20);
    for size in [1, 7, 100] {
        let mut found = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({ "jurisdiction": "jining", "first": size, "after": after });
            let page = admin.data(CONTRACT, variables).await["auditEvents"].clone();
            let nodes = page["nodes"].as_array().expect("nodes");
            assert!(nodes.len() <= size && !nodes.is_empty());
            found.extend(nodes.iter().map(|node| node["id"].clone()));
            if size == 7 {
                // What is added meanwhile comes before the first page and moves nothing on the next.
                try_mutation(&app, Some(&admin), "endSession", "id: \"nonsense\"").await;
            }
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let before = usize::try_from(admin_events(&app).await).expect("a number") - ids.len();
        assert_eq!(found.iter().skip(found.len() - ids.len()).collect::<Vec<_>>(), ids, "{size} at a time");
        assert!(found.len() <= ids.len() + before);
    }
    let sequences: Vec<i64> = whole.iter().map(|node| node["sequence"].as_i64().expect("a number")).collect();
    assert!(sequences.is_sorted_by(|one, next| one > next), "the latest first: {sequences:?}");
}

async fn admin_events(app: &App) -> i64 {
    app.number("SELECT count(*) FROM audit_event WHERE jurisdiction_id IS NOT NULL").await
}

async fn filters_choose(app: App) {
    let admin = busy_day(&app).await;
    let all = usize::try_from(last_number(&app).await).expect("a number");
    assert_eq!(list(&admin, json!({})).await.len(), all);
    let mut by_outcome = 0;
    for outcome in ["SUCCEEDED", "DENIED", "REJECTED"] {
        let nodes = list(&admin, json!({ "outcome": [outcome] })).await;
        assert_eq!(distinct(&nodes, "/outcome"), [outcome]);
        by_outcome += nodes.len();
    }
    assert_eq!(by_outcome, all, "nothing has failed");
    let nodes = list(&admin, json!({ "action": ["LOCK_ACCOUNT", "RESET_PASSWORD"], "outcome": ["SUCCEEDED"] })).await;
    assert_eq!((nodes.len(), distinct(&nodes, "/action")), (6, vec!["LOCK_ACCOUNT", "RESET_PASSWORD"]));
    let nodes = list(&admin, json!({ "actor": admin.id() })).await;
    assert_eq!(distinct(&nodes, "/actor/username"), ["root"]);
    let count = format!("SELECT count(*) FROM audit_event WHERE actor_username = '{}'", admin.username);
    assert_eq!(i64::try_from(nodes.len()).expect("a number"), app.number(&count).await);
    let nodes = list(&admin, json!({ "jurisdiction": "yanzhou" })).await;
    assert_eq!(distinct(&nodes, "/jurisdiction/code"), ["yanzhou"]);
    let nodes = list(&admin, json!({ "jurisdiction": "jining" })).await;
    assert_eq!(distinct(&nodes, "/jurisdiction/code"), ["jining", "taibai-lake", "yanzhou"]);
    let nodes = list(&admin, json!({ "jurisdiction": "jining", "includeDescendants": false })).await;
    assert_eq!(distinct(&nodes, "/jurisdiction/code"), ["jining"]);
    for nothing in [
        json!({ "action": [] }),
        json!({ "outcome": [] }),
        json!({ "outcome": ["FAILED"] }),
        json!({ "jurisdiction": "nowhere" }),
        json!({ "jurisdiction": "nul\0" }),
        json!({ "actor": global("account", uuid::Uuid::max()) }),
        json!({ "action": ["READ_AUDIT"] }),
    ] {
        assert_eq!(list(&admin, nothing.clone()).await, Vec::<Value>::new(), "{nothing}");
    }
    let wrong = admin.error(LIST, json!({ "filter": { "actor": "nonsense" } })).await;
    assert_eq!([&wrong["extensions"]["code"], &wrong["extensions"]["argument"]], ["BAD_USER_INPUT", "filter.actor"]);
}

async fn an_office_reads_its_subtree_alone(app: App) {
    let admin = busy_day(&app).await;
    let everything = list(&admin, json!({})).await;
    for (office, expected) in [
        ("jining-office", vec!["jining", "taibai-lake", "yanzhou"]),
        ("yanzhou-office", vec!["yanzhou"]),
        ("taibai-lake-office", vec!["taibai-lake"]),
    ] {
        let actor = app.sign_in(office).await;
        let nodes = list(&actor, json!({})).await;
        assert_eq!(distinct(&nodes, "/jurisdiction/code"), expected, "{office}");
        let within = |node: &&Value| node["jurisdiction"]["code"].as_str().is_some_and(|code| expected.contains(&code));
        // Its own sign-in just now is the only one that the admin has not read yet.
        assert_eq!(nodes.len(), everything.iter().filter(within).count() + sign_ins_since(&nodes, &everything), "{office}");
        // By their ids it is the same, and what an event is about stays hidden with what it is about.
        for event in &everything {
            let query = "query($id: ID!) { node(id: $id) { ... on AuditEvent { id subject { __typename ... on Account { role } } } } }";
            let found = actor.data(query, json!({ "id": event["id"] })).await["node"].clone();
            assert_eq!(found.is_object(), within(&event), "{office} looks for {event}");
            assert_ne!(found["subject"]["role"], "ADMIN", "{office} looks for {event}");
        }
        let outside = list(&actor, json!({ "jurisdiction": if office == "yanzhou-office" { "taibai-lake" } else { "yanzhou" } })).await;
        assert_eq!(outside.is_empty(), office != "jining-office", "{office}");
    }
    // What nobody of any place did is for admins.
    let strangers: Vec<&Value> = everything.iter().filter(|node| node["jurisdiction"].is_null()).collect();
    assert!(strangers.iter().any(|node| node["action"] == "SIGN_IN" && node["actor"].is_null()));
    for (name, role) in [("unit", Role::Unit), ("leader", Role::Leader), ("deputy", Role::Deputy)] {
        let error = app.actor(name, role, "jining").await.error("{ auditEvents { nodes { id } } }", json!({})).await;
        assert_eq!([&error["extensions"]["code"], &error["extensions"]["reason"]], ["FORBIDDEN", "ROLE_MAY_NOT"], "{name}");
        let id = &everything[0]["id"];
        assert_eq!(
            app.sign_in(name).await.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await["node"],
            Value::Null
        );
    }
}

fn sign_ins_since(nodes: &[Value], before: &[Value]) -> usize {
    nodes.iter().filter(|node| node["action"] == "SIGN_IN" && !before.iter().any(|known| known["id"] == node["id"])).count()
}

/// The statements of a query in somebody's name, through a service of its own whose statements are written down.
async fn statements_of(app: &App, bearer: &str, query: &str, variables: &Value) -> Vec<String> {
    let statements = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&statements);
    let observer: StatementObserver = Arc::new(move |statement| seen.lock().unwrap().push(statement.to_owned()));
    let mut database = app.database.clone();
    database.observe(&observer);
    let at = app.now();
    let service = Service::new(database, Clock::telling(move || at)).expect("a service");
    let router = http::router(Gate::new(Endpoint::new(service, Limits::default()), Proxies::default()));
    let request = Request::post("/graphql").header("content-type", "application/json").header("authorization", format!("Bearer {bearer}"));
    let body = Body::from(json!({ "query": query, "variables": variables }).to_string());
    let response = router.oneshot(request.body(body).expect("a request")).await.expect("an answer");
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert!(answer.get("errors").is_none(), "{answer:#}");
    std::mem::take(&mut *statements.lock().unwrap())
}

async fn a_hundred_events_cost_the_statements_of_one(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let subjects = "{ auditEvents(first: 100) { totalCount nodes { jurisdiction { code } subject {
        __typename id
        ... on Account { username apiKeys { name } unit { name } jurisdiction { code } viewerCanLock { allowed } }
        ... on Session { createdAt current }
    } } } }";
    let keys = "{ auditEvents(first: 100, filter: { action: [CREATE_API_KEY] }) { nodes { subject {
        ... on ApiKey { name account { username } viewerCanRevoke { allowed } } } } } }";
    let contract = json!({ "jurisdiction": "jining", "first": 100 });
    let mut measured = Vec::new();
    for width in [1, 30] {
        for number in 0..width {
            let name = format!("made-{width}-{number}");
            app.create(&name, Role::Unit, "yanzhou").await;
            let made = app.sign_in(&name).await;
            let key = "mutation { createApiKey(input: { name: \"key\", expiresAt: \"2027-01-01T00:00:00Z\" }) { errors { code } } }";
            made.data(key, json!({})).await;
        }
        let mut counts = Vec::new();
        for (query, variables) in [(CONTRACT, &contract), (subjects, &json!({})), (keys, &json!({}))] {
            counts.push(statements_of(&app, admin.bearer(), query, variables).await);
        }
        measured.push(counts);
    }
    for (one, many) in measured[0].iter().zip(&measured[1]) {
        assert_eq!(one.len(), many.len(), "{one:#?}\n{many:#?}");
    }
    assert!(last_number(&app).await > 90);
}
