//! What a viewer may not see does not exist for them, on any path.

use serde_json::{Value, json};

use crate::{cases, support::app::App};

cases![a_notice_that_is_not_public_exists_on_no_path, duties_of_a_hidden_notice_are_hidden];

/// Every path by which a caller could come upon Yanzhou's notice of 2024 or anything of it.
const PATHS: &str = "query($ids: [ID!]!, $unit: ID!) {
  notice(jurisdiction: \"yanzhou\", year: 2024) { id }
  project(jurisdiction: \"yanzhou\", year: 2024, number: 8) { id }
  task(jurisdiction: \"yanzhou\", year: 2024, number: 8) { id }
  nodes(ids: $ids) { id }
  notices(filter: { year: [2024], jurisdiction: [\"yanzhou\"] }) { totalCount nodes { id } }
  projects(filter: { year: [2024], jurisdiction: [\"yanzhou\"] }) { totalCount nodes { id } }
  tasks(filter: { year: [2024], jurisdiction: [\"yanzhou\"] }) { totalCount nodes { id } }
  byText: tasks(filter: { text: \"医育融合\" }) { totalCount }
  byTitle: tasks(filter: { text: \"托育服务扩容增位\", year: [2024] }) { totalCount nodes { id } }
  byNotice: notices(filter: { text: \"济兖政发〔2024〕2号\" }) { totalCount nodes { id } }
  byIndicator: tasks(filter: { indicator: [\"childcare-places-added\"], year: [2024] }) { totalCount nodes { id } }
  byUnit: tasks(filter: { unit: $unit, year: [2024] }) { totalCount nodes { id } }
  byProject: projects(filter: { text: \"托育服务\", year: [2024] }) { totalCount nodes { id } }
  issuer: unit(jurisdiction: \"yanzhou\", name: \"济宁市兖州区人民政府\") { issuedNotices { totalCount nodes { year } } }
  byLead: tasks(filter: { leadUnit: $unit, year: [2024] }) { totalCount nodes { id } }
  jurisdiction(code: \"yanzhou\") { notices(first: 100) { totalCount nodes { year } } }
  indicator(code: \"childcare-places-added\") { targets(first: 100) { totalCount nodes { task { notice { year jurisdiction { code } } } } } }
  topic(code: \"childcare\") { tasks(first: 100) { totalCount nodes { notice { year jurisdiction { code } } } } }
  unit(jurisdiction: \"yanzhou\", name: \"区卫生健康局\") { assignments(first: 100) { totalCount nodes { task { notice { year } } } } }
}";

async fn duties_of_a_hidden_notice_are_hidden(app: App) {
    let query = "{ notice(jurisdiction: \"taibai-lake\", year: 2024) { reportingDuties { id } } }";
    let duty = app.data(query, json!({})).await["notice"]["reportingDuties"][0]["id"].clone();
    app.execute("UPDATE notice SET disclosure = 'WITHHELD' WHERE document_number = '济太管发〔2024〕1号'").await.expect("hidden");
    assert!(app.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": duty })).await["node"].is_null());
}

async fn a_notice_that_is_not_public_exists_on_no_path(app: App) {
    let known = app
        .data(
            "{
              notice(jurisdiction: \"yanzhou\", year: 2024) { id }
              project(jurisdiction: \"yanzhou\", year: 2024, number: 8) { id }
              task(jurisdiction: \"yanzhou\", year: 2024, number: 8) { id assignments { id } targets { id } }
              unit(jurisdiction: \"yanzhou\", name: \"区卫生健康局\") { id }
            }",
            json!({}),
        )
        .await;
    let ids = json!([
        known["notice"]["id"],
        known["project"]["id"],
        known["task"]["id"],
        known["task"]["assignments"][0]["id"],
        known["task"]["targets"][0]["id"],
    ]);
    let variables = json!({ "ids": ids, "unit": known["unit"]["id"] });
    let open = app.data(PATHS, variables.clone()).await;
    assert!(open["nodes"].as_array().expect("nodes").iter().all(|node| !node.is_null()));
    for path in ["byText", "byTitle", "byNotice", "byIndicator", "byLead", "byUnit", "byProject", "tasks"] {
        assert_ne!(open[path]["totalCount"], 0, "{path}: the path must lead there while the notice is public");
    }

    for hidden in ["state = 'DRAFT', issued_on = NULL", "state = 'WITHDRAWN'", "disclosure = 'WITHHELD'", "disclosure = 'ON_REQUEST'"] {
        app.execute(&format!("UPDATE notice SET {hidden} WHERE document_number = '济兖政发〔2024〕2号'")).await.expect("hidden");
        let seen = app.data(PATHS, variables.clone()).await;
        for path in ["notice", "project", "task"] {
            assert!(seen[path].is_null(), "{hidden}: {path}");
        }
        assert!(seen["nodes"].as_array().expect("nodes").iter().all(Value::is_null), "{hidden}");
        for path in ["notices", "projects", "tasks", "byText", "byTitle", "byNotice", "byIndicator", "byLead", "byUnit", "byProject"] {
            assert_eq!(seen[path]["totalCount"], 0, "{hidden}: {path}");
        }
        assert_eq!(seen["jurisdiction"]["notices"], json!({ "totalCount": 1, "nodes": [{ "year": 2023 }] }), "{hidden}");
        assert_eq!(seen["issuer"]["issuedNotices"], json!({ "totalCount": 1, "nodes": [{ "year": 2023 }] }), "{hidden}");
        assert_eq!(seen["indicator"]["targets"]["totalCount"], 3, "{hidden}");
        assert_eq!(seen["unit"]["assignments"]["totalCount"], 1, "{hidden}");
        let of_topic = seen["topic"]["tasks"]["nodes"].as_array().expect("tasks");
        assert!(!of_topic.iter().any(|task| task["notice"] == json!({ "year": 2024, "jurisdiction": { "code": "yanzhou" } })), "{hidden}");
        app.execute("UPDATE notice SET state = 'ISSUED', disclosure = 'PROACTIVE', issued_on = '2024-01-12' WHERE document_number = '济兖政发〔2024〕2号'")
            .await
            .expect("shown again");
    }
    assert_eq!(app.data(PATHS, variables).await, open);
}
