//! Nobody sees beyond their rule, on any path: accounts, notices, reports, blockers, sessions, API keys and events are generated, and what viewers are
//! shown is compared with what the rule in words gives them.
//!
//! The rule is written a second time here, row by row and without SQL, so that a mistake in `access::visibility` or a finder that
//! forgot it is not repeated. A failing world prints its seed, and is the same each time.

pub mod generate;
pub mod progress;
pub mod world;

use std::collections::BTreeSet;

use entity::{Action, account};
use minsheng::access::{
    policy::{self, AccountFacts, Decision, NoticeFacts, Resource},
    viewer::{Credential, Viewer},
};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::App,
        chance::{Dice, SaysSeed},
        global,
    },
};
use generate::{Asker, generate};
use world::World;

cases![nobody_sees_beyond_their_rule_in_world_1, nobody_sees_beyond_their_rule_in_world_2, nobody_sees_beyond_their_rule_in_world_3];

async fn nobody_sees_beyond_their_rule_in_world_1(app: App) {
    explore(&app, 1).await;
}

async fn nobody_sees_beyond_their_rule_in_world_2(app: App) {
    explore(&app, 2).await;
}

async fn nobody_sees_beyond_their_rule_in_world_3(app: App) {
    explore(&app, 3).await;
}

async fn explore(app: &App, seed: u64) {
    let _seed = SaysSeed(seed);
    let mut dice = Dice(seed);
    let (keen, mut others) = generate(app, &mut dice).await;
    let world = World::read(app).await;
    let hidden = world.notices.iter().filter(|notice| !World::is_published(notice)).count();
    assert!(hidden > 0 && hidden < world.notices.len(), "some notices are public and some are not");
    dice.shuffle(&mut others);
    for (one, other) in keen.iter().zip(&others) {
        let searches = (dice.next(), dice.next());
        // Both at once: what one request has loaded must not reach the other.
        tokio::join!(survey(app, &world, one, Dice(searches.0)), survey(app, &world, other, Dice(searches.1)));
    }
}

// --- Asking -------------------------------------------------------------------------------------------------------------------

/// What is asked of a notice, a project, a task, an account and an event, wherever one turns up.
const PARTS: [(&str, &str); 7] = [
    (
        "UNIT",
        "id memberOf { id } assignments(first: 100) { totalCount nodes { id task { id notice { id } } } }
         leads: assignments(role: LEAD, first: 100) { totalCount nodes { id } }
         issuedNotices(first: 100) { totalCount nodes { id } } supervisedNotices(last: 100) { totalCount nodes { id } }",
    ),
    ("NOTICE", "id jurisdiction { id } issuer { id } supervisor { id } projects { id tasks { id } } reportingDuties { id notice { id } }"),
    ("PROJECT", "id notice { id } tasks { id notice { id } }"),
    (
        "TASK",
        "id notice { id projects { id } } project { id tasks { id } } topics { id } assignments { id task { id } unit { id } }
         leadUnits { id } supportingUnits { id } targets { id task { id } partOf { id } parts { id } indicator { id } } milestones { id task { id } }",
    ),
    (
        "REPORT",
        "id task { id notice { id } } unit { id } blockers { id report { id } task { id } neededFrom { id } }
         milestonesReached { id task { id } } achievements { target { id } } author { unit { id } }",
    ),
    ("EVENT", "id jurisdiction { id } subject { id ... on Account { ACCOUNT } ... on ApiKey { account { id } } }"),
    ("ACCOUNT", "id jurisdiction { id notices(first: 100) { totalCount nodes { id } } } unit { id } apiKeys { id account { id } }"),
];

/// From reference data to whatever hangs on it.
const WALKS: [&str; 3] = [
    "{ jurisdictions { id parent { id notices(first: 100) { totalCount nodes { id } } } children { id }
         notices(first: 100) { totalCount edges { node { id } } nodes { id projects { id } } } units(first: 1) { nodes { id } } } }",
    "{ topics { id tasks(first: 100) { totalCount nodes { id notice { id } } }
         indicators(first: 100) { totalCount nodes { id targets(first: 100) { totalCount nodes { id task { id notice { id } } } } } } } }",
    "{ viewer { account { ACCOUNT } sessions { id } dueReports { task { id } report { id } } returnedReports { REPORT } } }",
];

async fn ask(app: &App, asker: &Asker, query: &str, variables: Value) -> Value {
    // An event holds an account, so that the parts are put in one after the other.
    let document =
        PARTS.iter().fold(query.to_owned(), |text, (name, fields)| text.replace(&format!("{{ {name} }}"), &format!("{{ {fields} }}")));
    match &asker.bearer {
        Some(bearer) => app.bearing(bearer).post(&document, variables).await.body,
        None => app.post(&document, variables).await.body,
    }
}

async fn data(app: &App, asker: &Asker, query: &str, variables: Value) -> Value {
    let body = ask(app, asker, query, variables).await;
    assert!(body.get("errors").is_none() && body["data"].is_object(), "{}: {query}\n{body:#}", asker.name);
    body["data"].clone()
}

/// All ids anywhere in an answer. Who did what an event tells of is a part of the event, and was not asked for.
///
/// A list that says how many rows it has, and shows all of them, shows so many: a count is not allowed to know more than the list.
fn gather(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::String(text) if is_id(text) => {
            found.insert(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        Value::Object(fields) => {
            if let (Some(total), Some(rows)) =
                (fields.get("totalCount").and_then(Value::as_u64), fields.get("nodes").and_then(Value::as_array))
                && total <= 100
            {
                assert_eq!(rows.len() as u64, total, "a count that differs from its list: {answer:#}");
            }
            fields.values().for_each(|value| gather(value, found));
        }
        _ => {}
    }
}

fn is_id(text: &str) -> bool {
    const KINDS: [&str; 17] = [
        "jurisdiction",
        "unit",
        "topic",
        "indicator",
        "notice",
        "duty",
        "project",
        "task",
        "assignment",
        "target",
        "account",
        "session",
        "apikey",
        "audit",
        "milestone",
        "report",
        "blocker",
    ];
    text.rsplit_once('_').is_some_and(|(kind, id)| KINDS.contains(&kind) && id.len() == 26)
}

/// All rows of a list, page by page, with what hangs on them; and how many it says there are.
async fn whole_list(app: &App, asker: &Asker, list: &str, part: &str, seen: &mut BTreeSet<String>) -> (BTreeSet<String>, u64) {
    let query = format!(
        "query($after: String) {{ list: {list}(first: 100, after: $after) {{
           totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {part} }} edges {{ node {{ id }} }} }} }}"
    );
    let (mut ids, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let page = data(app, asker, &query, json!({ "after": after })).await["list"].clone();
        gather(&page, seen);
        ids.extend(page["nodes"].as_array().expect("nodes").iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return (ids, page["totalCount"].as_u64().expect("a count"));
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Asks for everything on every path in somebody's name, and compares it with the rule.
async fn survey(app: &App, world: &World, asker: &Asker, mut dice: Dice) {
    let allowed = world.allowed(asker);
    let mut seen = BTreeSet::new();
    lists(app, world, asker, &allowed, &mut seen).await;
    for walk in WALKS {
        gather(&data(app, asker, walk, json!({})).await, &mut seen);
    }
    for units in world.busy_units.chunks(100) {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Unit { UNIT } } }";
        gather(&data(app, asker, query, json!({ "ids": units })).await, &mut seen);
    }
    progress::walk(app, world, asker, &allowed, &mut seen).await;
    look_ups(app, world, asker, &allowed, &mut seen).await;
    searches(app, world, asker, &mut dice, &allowed, &mut seen).await;
    // All that exists for them is met on some path, or the paths have become too few. Sessions that are over and blockers that
    // were withdrawn are not listed.
    let over: BTreeSet<String> = world
        .sessions
        .iter()
        .filter(|row| row.ended_at.is_some())
        .map(|row| global("session", row.id.0))
        .chain(world.progress.unlisted())
        .collect();
    let unmet: Vec<&String> =
        allowed.iter().filter(|id| !world.reference.contains(*id) && !seen.contains(*id) && !over.contains(*id)).collect();
    assert!(unmet.is_empty(), "{} does not see what exists for them: {unmet:?}", asker.name);
    nodes(app, world, asker, &allowed, &mut seen).await;
    let beyond: Vec<&String> = seen.difference(&allowed).collect();
    assert!(beyond.is_empty(), "{} sees what does not exist for them: {beyond:?}", asker.name);
    decisions(app, world, asker, &allowed).await;
}

async fn lists(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    let mut wanted = vec![
        ("notices", "NOTICE", "notice_"),
        ("projects", "PROJECT", "project_"),
        ("tasks", "TASK", "task_"),
        ("reports", "REPORT", "report_"),
        ("indicators", "id targets(first: 100) { totalCount nodes { id } }", "indicator_"),
    ];
    let mut closed = Vec::new();
    let mut account_lists = |open: bool, list| if open { wanted.push(list) } else { closed.push(list) };
    account_lists(asker.account.is_some(), ("accounts", "ACCOUNT", "account_"));
    account_lists(world.may_list_events(asker), ("auditEvents", "EVENT", "audit_"));
    for (list, part, kind) in wanted {
        let (ids, total) = whole_list(app, asker, list, part, seen).await;
        let exist: BTreeSet<String> = allowed.iter().filter(|id| id.starts_with(kind)).cloned().collect();
        assert_eq!(ids, exist, "{}: {list}", asker.name);
        assert_eq!(total, exist.len() as u64, "{}: totalCount of {list}", asker.name);
    }
    for (list, ..) in closed {
        let body = ask(app, asker, &format!("{{ {list}(first: 1) {{ totalCount nodes {{ id }} }} }}"), json!({})).await;
        assert!(body["data"].is_null() && body["errors"].is_array(), "{}: {list} is not for them: {body:#}", asker.name);
    }
}

/// By the keys that people know: the place, the year and the number of a notice, and the name of an account.
async fn look_ups(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    for notice in &world.notices {
        let task = world.tasks.iter().find(|task| task.notice_id == notice.id).expect("a task");
        let query = "query($j: String!, $y: Int!, $n: Int!) {
          notice(jurisdiction: $j, year: $y) { NOTICE } project(jurisdiction: $j, year: $y, number: 1) { PROJECT }
          task(jurisdiction: $j, year: $y, number: $n) { TASK }
          notices(filter: { jurisdiction: [$j], year: [$y] }) { totalCount nodes { id } }
          tasks(filter: { jurisdiction: [$j], year: [$y] }, first: 100) { totalCount nodes { id } } }";
        let variables = json!({ "j": world.codes[&notice.jurisdiction_id], "y": notice.year, "n": task.number });
        let found = data(app, asker, query, variables).await;
        assert_eq!(!found["notice"].is_null(), allowed.contains(&global("notice", notice.id.0)), "{}: {}", asker.name, notice.title);
        assert_eq!(!found["task"].is_null(), allowed.contains(&global("task", task.id.0)), "{}: {}", asker.name, task.title);
        gather(&found, seen);
    }
    let by_name =
        |(index, account): (usize, &account::Model)| format!("a{index}: account(username: \"{}\") {{ ACCOUNT }}", account.username);
    let names: Vec<String> = world.accounts.iter().enumerate().map(by_name).collect();
    let mut found = serde_json::Map::new();
    // An operation has only so many root fields.
    for some in names.chunks(20) {
        let answered = data(app, asker, &format!("{{ {} }}", some.join(" ")), json!({})).await;
        found.extend(answered.as_object().expect("an object").clone());
    }
    let found = Value::Object(found);
    for (index, account) in world.accounts.iter().enumerate() {
        let exists = allowed.contains(&global("account", account.id.0));
        assert_eq!(!found[format!("a{index}")].is_null(), exists, "{}: {}", asker.name, account.username);
    }
    gather(&found, seen);
}

/// By words and by units that occur in some notice, whether it exists for whoever asks or not.
async fn searches(app: &App, world: &World, asker: &Asker, dice: &mut Dice, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    for _ in 0..6 {
        let task = dice.pick(&world.tasks);
        let assignment = world.assignments.iter().find(|row| row.task_id == task.id).expect("an assignment");
        let query = "query($t: String!, $u: ID!) {
          tasks(filter: { text: $t }, first: 100) { totalCount nodes { TASK } } projects(filter: { text: $t }) { totalCount }
          notices(filter: { text: $t }) { totalCount nodes { id } }
          ofUnit: tasks(filter: { unit: $u }, first: 100) { totalCount nodes { id } }
          ledBy: tasks(filter: { leadUnit: $u }, first: 100) { totalCount nodes { id } } }";
        let found = data(app, asker, query, json!({ "t": task.title, "u": global("unit", assignment.unit_id.0) })).await;
        let id = global("task", task.id.0);
        for list in ["tasks", "ofUnit"] {
            let listed = found[list]["nodes"].as_array().expect("nodes").iter().any(|row| row["id"] == id.as_str());
            assert_eq!(listed, allowed.contains(&id), "{}: {list} by “{}”", asker.name, task.title);
        }
        gather(&found, seen);
    }
}

/// By id, of everything that is not for everybody.
async fn nodes(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    for ids in world.everything().chunks(100) {
        let found = data(app, asker, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        for (id, node) in ids.iter().zip(found["nodes"].as_array().expect("nodes")) {
            assert_eq!(!node.is_null(), allowed.contains(id), "{}: node {id}", asker.name);
        }
        gather(&found, seen);
    }
}

/// The policy says of one resource what the service shows of all.
async fn decisions(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>) {
    let viewer = match &asker.bearer {
        Some(bearer) => app.service.authenticate(bearer).await.expect("somebody").viewer,
        None => Viewer::Public,
    };
    for notice in &world.notices {
        let resource =
            Resource::Notice(NoticeFacts { jurisdiction: notice.jurisdiction_id, state: notice.state, disclosure: notice.disclosure });
        let allows = policy::decide(&viewer, Action::ReadNotice, &resource) == Decision::Allow;
        assert_eq!(allows, allowed.contains(&global("notice", notice.id.0)), "{}: {}", asker.name, notice.title);
    }
    let facts = |account: &account::Model| AccountFacts {
        id: account.id,
        role: account.role,
        jurisdiction: account.jurisdiction_id,
        locked: account.locked_at.is_some(),
    };
    for account in &world.accounts {
        let allows = policy::decide(&viewer, Action::ReadAccount, &Resource::Account(facts(account))) == Decision::Allow;
        assert_eq!(allows, allowed.contains(&global("account", account.id.0)), "{}: {}", asker.name, account.username);
    }
    progress::decisions(world, asker, &viewer, allowed);
    // Of sessions and keys the policy says more only to whoever may end some at all.
    let Some(actor) = viewer.actor().filter(|actor| matches!(actor.credential, Credential::Session(_)) && !actor.password_temporary) else {
        return;
    };
    assert_eq!(Some(actor.id), asker.account);
    for session in &world.sessions {
        let resource = Resource::Session { owner: session.account_id, ended: session.ended_at.is_some() };
        let exists = policy::decide(&viewer, Action::EndSession, &resource) != Decision::Hide;
        assert_eq!(exists, allowed.contains(&global("session", session.id.0)), "{}: {:?}", asker.name, session.id);
    }
    for key in &world.keys {
        let owner = world.accounts.iter().find(|account| account.id == key.account_id).expect("an owner");
        let resource = Resource::ApiKey { owner: facts(owner), revoked: key.revoked_at.is_some() };
        let exists = policy::decide(&viewer, Action::RevokeApiKey, &resource) != Decision::Hide;
        assert_eq!(exists, allowed.contains(&global("apikey", key.id.0)), "{}: {:?}", asker.name, key.id);
    }
}
