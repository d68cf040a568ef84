//! From any type one can walk to its neighbours, and back.

use serde_json::json;

use crate::{cases, support::app::App};

cases![every_neighbour_leads_back, a_member_finds_the_tasks_of_its_collective, jurisdictions_are_filtered];

async fn every_neighbour_leads_back(app: App) {
    let query = "{
      task(jurisdiction: \"jining-etdz\", year: 2023, number: 14) {
        id
        project { tasks { id } notice { id } }
        notice { id projects { number } jurisdiction { code parent { code children { code } } } issuer { jurisdiction { code } issuedNotices { nodes { id } } } supervisor { supervisedNotices { nodes { id } } } }
        topics { code tasks(first: 100) { nodes { id } } }
        assignments { id task { id } unit { assignments(first: 100) { nodes { id } } } }
        targets { id task { id } parts { id partOf { id } } indicator { targets(first: 100) { nodes { id } } topic { indicators(first: 100) { nodes { code } } } code } }
      }
    }";
    let task = app.data(query, json!({})).await["task"].clone();
    let contains = |list: &serde_json::Value, field: &str, value: &serde_json::Value| {
        list.as_array().expect("a list").iter().any(|element| &element[field] == value)
    };
    assert!(contains(&task["project"]["tasks"], "id", &task["id"]));
    assert_eq!(task["project"]["notice"]["id"], task["notice"]["id"]);
    assert!(contains(&task["notice"]["jurisdiction"]["parent"]["children"], "code", &json!("jining-etdz")));
    for (unit, notices) in [("issuer", "issuedNotices"), ("supervisor", "supervisedNotices")] {
        assert!(contains(&task["notice"][unit][notices]["nodes"], "id", &task["notice"]["id"]));
    }
    for topic in task["topics"].as_array().expect("topics") {
        assert!(contains(&topic["tasks"]["nodes"], "id", &task["id"]));
    }
    for assignment in task["assignments"].as_array().expect("assignments") {
        assert_eq!(assignment["task"]["id"], task["id"]);
        assert!(contains(&assignment["unit"]["assignments"]["nodes"], "id", &assignment["id"]));
    }
    let targets = task["targets"].as_array().expect("targets");
    assert_eq!(targets[0]["parts"].as_array().map(Vec::len), Some(2));
    for target in targets {
        assert_eq!(target["task"]["id"], task["id"]);
        assert!(contains(&target["indicator"]["targets"]["nodes"], "id", &target["id"]));
        assert!(contains(&target["indicator"]["topic"]["indicators"]["nodes"], "code", &target["indicator"]["code"]));
    }
}

async fn a_member_finds_the_tasks_of_its_collective(app: App) {
    let data = app
        .data("{ unit(jurisdiction: \"qufu\", name: \"曲阜市\") { id memberOf { name jurisdiction { code } } assignments(first: 1) { totalCount } } }", json!({}))
        .await;
    assert_eq!(data["unit"]["memberOf"], json!([{ "name": "各县（市、区）", "jurisdiction": { "code": "jining" } }]));
    assert_eq!(data["unit"]["assignments"]["totalCount"], 0);
    let query = "query($unit: ID!, $role: AssignmentRole) { tasks(filter: { unit: $unit, unitRole: $role }, first: 1) { totalCount } }";
    let count = async |role: serde_json::Value| {
        app.data(query, json!({ "unit": data["unit"]["id"], "role": role })).await["tasks"]["totalCount"].as_i64().expect("a count")
    };
    let all = count(json!(null)).await;
    assert!(all > 15, "{all}");
    assert_eq!(count(json!("SUPPORTING")).await, all);
    assert_eq!(count(json!("LEAD")).await, 0);
}

async fn jurisdictions_are_filtered(app: App) {
    let data = app
        .data(
            "{
              zones: jurisdictions(filter: { kind: [DEVELOPMENT_ZONE] }) { code }
              subtree: jurisdictions(filter: { within: [\"jining\"] }) { code }
              leaf: jurisdictions(filter: { within: [\"yanzhou\", \"nowhere\"] }) { code }
              none: jurisdictions(filter: { kind: [] }) { code }
              units(filter: { jurisdiction: [\"jining\"], includeDescendants: false, kind: [COLLECTIVE] }) { nodes { name } }
              notices(filter: { year: [2024] }, orderBy: { field: YEAR, direction: DESC }) { nodes { jurisdiction { code } } }
            }",
            json!({}),
        )
        .await;
    assert_eq!(data["zones"].as_array().map(Vec::len), Some(4));
    assert_eq!(data["subtree"].as_array().map(Vec::len), Some(16));
    assert_eq!(data["leaf"], json!([{ "code": "yanzhou" }]));
    assert_eq!(data["none"], json!([]));
    assert_eq!(data["units"]["nodes"], json!([{ "name": "各县（市、区）" }, { "name": "相关县（市、区）" }]));
    assert_eq!(data["notices"]["nodes"].as_array().map(Vec::len), Some(2));
}
