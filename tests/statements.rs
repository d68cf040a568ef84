//! The number of statements of a request does not depend on the length of its lists.

use entity::Role;
use serde_json::{Value, json};

use crate::{
    cases,
    progress::scene::{SUBMIT, Scene},
    support::{app::App, global, sample},
};

cases![one_child_and_a_hundred_cost_the_same_statements, nothing_is_read_twice_in_a_request];

const CONTRACT: [(&str, &str); 4] = [
    ("overview", include_str!("contract/01-overview.graphql")),
    ("notice table", include_str!("contract/02-notice-table.graphql")),
    ("find tasks", include_str!("contract/05-find-tasks.graphql")),
    ("find tasks by light", include_str!("contract/05-find-tasks.graphql")),
];

const LEDGER: &str = include_str!("contract/10-ledger.graphql");
const COMPARISON: &str = include_str!("contract/03-compare.graphql");

/// How many statements some requests run, who asks included.
const COSTS: [(&str, usize); 5] =
    [("a post", 43), ("a comparison", 19), ("a comparison with its targets", 16), ("a ledger", 20), ("a lock", 10)];

/// From one root each, and each kind of thing at one depth: what is asked for at different times may or may not meet in one
/// statement, and would make the number vary by one for reasons that are not the length of a list.
const WALKS: [(&str, &str); 2] = [
    (
        "walk a jurisdiction",
        "{ jurisdiction(code: \"wide\") {
          parent { code }
          children {
            parent { code }
            notices(first: 1) { totalCount nodes { jurisdiction { code } reportingDuties { notice { id } } } }
            units(first: 2) { nodes { name } }
          }
          units(first: 100) {
            totalCount
            nodes {
              aliases memberOf { name members { name } } jurisdiction { code }
              assignments(first: 3, role: SUPPORTING) { totalCount nodes { role task { title } unit { name } } }
            }
          }
        } }",
    ),
    (
        "walk a notice",
        "{ notice(jurisdiction: \"wide\", year: 2020) { projects { tasks {
          leadUnits { name } supportingUnits { name }
          topics { indicators(first: 2) { nodes { code } } tasks(first: 2) { nodes { title } } }
          targets {
            parts { label } partOf { label } task { title }
            indicator { topic { code } targets(first: 2) { nodes { label } } }
          }
        } } } }",
    ),
];

async fn one_child_and_a_hundred_cost_the_same_statements(app: App) {
    let mut measured: Vec<Vec<(&str, Vec<String>)>> = Vec::new();
    for width in [1, 100] {
        app.database.load_seed(&sample::wide(width)).await.expect("a wide city");
        let mut of_width = Vec::new();
        for (name, query) in CONTRACT.into_iter().chain(WALKS) {
            let query = query.replace("code: \"jining\"", "code: \"wide\"");
            let finds = name.starts_with("find tasks");
            let light = if name == "find tasks by light" { json!(["RED", "YELLOW", "GREEN", "BLUE", "GREY"]) } else { Value::Null };
            let variables = json!({ "jurisdiction": if finds { json!(["wide"]) } else { json!("wide") }, "year": if finds { Value::Null } else { json!(2020) }, "first": 100, "text": "任务", "light": light });
            of_width.push((name, app.statements_of(&query, variables).await));
        }
        measured.push(of_width);
    }
    for ((name, one), (_, hundred)) in measured[0].iter().zip(&measured[1]) {
        assert_eq!(one.len(), hundred.len(), "{name}: {one:#?}\n{hundred:#?}");
        println!("{name}: {} statements", hundred.len());
    }
}

async fn nothing_is_read_twice_in_a_request(app: App) {
    let scene = Scene::of(&app).await;
    let admin = app.actor("root", Role::Admin, "jining").await;
    let account = app.create("locked", Role::Leader, "yanzhou").await;
    let post = scene.post("2024-W15", "1").await;
    let lock = "mutation($id: ID!) { lockAccount(input: { id: $id, expectedVersion: 1, reason: \"离职\" }) { account { username } errors { code } } }";
    let place = json!({ "jurisdiction": "taibai-lake", "year": 2024 });
    let whole = "{ comparison(indicator: \"elder-canteens\") { rows { notice { title } targets { label task { title notice { year } } } } absent { notice { title } } } }";
    // The key that verifies a session is read once by a process.
    scene.lead.data("{ viewer { actions } }", json!({})).await;
    let measured = [
        ("a post", app.statements_while(scene.lead.data(SUBMIT, json!({ "input": post }))).await),
        ("a comparison", app.statements_while(app.data(COMPARISON, json!({ "indicator": "elder-canteens" }))).await),
        ("a comparison with its targets", app.statements_while(app.data(whole, json!({}))).await),
        ("a ledger", app.statements_while(scene.office.data(LEDGER, place)).await),
        ("a lock", app.statements_while(admin.data(lock, json!({ "id": global("account", account.id.0) }))).await),
    ];
    let counted: Vec<(&str, usize)> = measured.iter().map(|(name, (statements, _))| (*name, statements.len())).collect();
    for (name, (statements, _)) in &measured {
        println!("{name}: {statements:#?}");
        // Each reads the tree of jurisdictions once.
        assert_eq!(statements.iter().filter(|statement| statement.contains("FROM \"jurisdiction\"")).count(), 1, "{name}");
    }
    assert_eq!(counted, COSTS);
}
