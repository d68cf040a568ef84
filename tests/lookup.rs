//! Look-ups: by code, by natural key, by global id; what is unknown, malformed or foreign.

use serde_json::{Value, json};

use crate::{cases, support::app::App};

cases![
    anything_is_found_again_by_its_id,
    nodes_keep_the_order_asked_for,
    the_unknown_is_null,
    the_malformed_is_bad_input,
    a_unit_is_found_by_any_of_its_names,
    every_look_up_by_natural_key_finds_its_object,
];

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";

async fn anything_is_found_again_by_its_id(app: App) {
    let query = "{
      jurisdiction(code: \"jining\") { __typename id }
      unit(jurisdiction: \"yanzhou\", name: \"区财政局\") { __typename id }
      topic(code: \"childcare\") { __typename id }
      indicator(code: \"elder-canteens\") { __typename id }
      notice(jurisdiction: \"taibai-lake\", year: 2024) { __typename id reportingDuties { __typename id } }
      project(jurisdiction: \"taibai-lake\", year: 2024, number: 1) { __typename id }
      task(jurisdiction: \"taibai-lake\", year: 2024, number: 2) { __typename id assignments { __typename id } targets { __typename id } }
    }";
    let data = app.data(query, json!({})).await;
    let objects = [
        &data["jurisdiction"],
        &data["unit"],
        &data["topic"],
        &data["indicator"],
        &data["notice"],
        &data["notice"]["reportingDuties"][0],
        &data["project"],
        &data["task"],
        &data["task"]["assignments"][0],
        &data["task"]["targets"][0],
    ];
    for object in objects {
        let found = app.data(NODE, json!({ "id": object["id"] })).await["node"].clone();
        assert_eq!([&found["__typename"], &found["id"]], [&object["__typename"], &object["id"]]);
        assert!(object["id"].is_string());
    }
}

async fn nodes_keep_the_order_asked_for(app: App) {
    let data = app.data("{ tasks(first: 3) { nodes { id } } topics { id } }", json!({})).await;
    let unknown = json!("task_00000000000000000000000000");
    let ids = json!([data["tasks"]["nodes"][2]["id"], data["topics"][0]["id"], unknown, data["tasks"]["nodes"][0]["id"]]);
    let nodes = app.data("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await["nodes"].clone();
    let found: Vec<Value> = nodes.as_array().expect("a list").iter().map(|node| node["id"].clone()).collect();
    assert_eq!(found, [ids[0].clone(), ids[1].clone(), Value::Null, ids[3].clone()]);
    let many = json!({ "ids": vec![unknown; 101] });
    let error = app.error("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", many).await;
    assert_eq!([&error["extensions"]["code"], &error["extensions"]["argument"]], ["BAD_USER_INPUT", "ids"]);
}

async fn the_unknown_is_null(app: App) {
    let data = app
        .data(
            "{
              jurisdiction(code: \"nowhere\") { id }
              a: unit(jurisdiction: \"nowhere\", name: \"区财政局\") { id }
              b: unit(jurisdiction: \"yanzhou\", name: \"无此单位\") { id }
              topic(code: \"nothing\") { id }
              indicator(code: \"nul\\u0000\") { id }
              c: notice(jurisdiction: \"yanzhou\", year: 1999) { id }
              d: notice(jurisdiction: \"nul\\u0000\", year: 2024) { id }
              project(jurisdiction: \"yanzhou\", year: 2024, number: 99) { id }
              task(jurisdiction: \"yanzhou\", year: 2024, number: -1) { id }
              node(id: \"unit_00000000000000000000000000\") { id }
              units(filter: { jurisdiction: [\"nul\\u0000\"] }) { nodes { id } }
              tasks(filter: { topic: [\"nul\\u0000\"], indicator: [\"none\"], leadUnit: \"unit_00000000000000000000000000\" }) { nodes { id } }
            }",
            json!({}),
        )
        .await;
    for (field, value) in data.as_object().expect("fields") {
        assert!(value.is_null() || value["nodes"] == json!([]), "{field}: {value}");
    }
}

async fn the_malformed_is_bad_input(app: App) {
    let long = format!("{}中_00000000000000000000000000", "a".repeat(62));
    let malformed =
        ["", "nonsense", "task_", "task_zzzzzzzzzzzzzzzzzzzzzzzzzz", "planet_00000000000000000000000000", "任务", "task_0\u{0}", &long];
    for id in malformed {
        let error = app.error(NODE, json!({ "id": id })).await;
        assert_eq!([&error["extensions"]["code"], &error["extensions"]["argument"]], ["BAD_USER_INPUT", "id"], "{id:?}");
    }
    let task = app.data("{ tasks(first: 1) { nodes { id } } }", json!({})).await["tasks"]["nodes"][0]["id"].clone();
    for (filter, argument) in [("leadUnit", "filter.leadUnit"), ("unit", "filter.unit")] {
        for id in [task.clone(), json!("nonsense")] {
            let query = format!("query($id: ID!) {{ tasks(filter: {{ {filter}: $id }}) {{ nodes {{ id }} }} }}");
            let error = app.error(&query, json!({ "id": id })).await;
            assert_eq!([&error["extensions"]["code"], &error["extensions"]["argument"]], ["BAD_USER_INPUT", argument]);
        }
    }
}

async fn a_unit_is_found_by_any_of_its_names(app: App) {
    let query = "query($name: String!) { unit(jurisdiction: \"taibai-lake\", name: $name) { name aliases } }";
    let printed = app.data(query, json!({ "name": "石桥镇政府" })).await["unit"].clone();
    assert!(printed["aliases"].as_array().expect("aliases").contains(&json!("石桥镇人民政府")), "{printed}");
    assert_eq!(app.data(query, json!({ "name": "石桥镇人民政府" })).await["unit"], printed);
}

async fn every_look_up_by_natural_key_finds_its_object(app: App) {
    let data = app
        .data(
            "{
              project(jurisdiction: \"yanzhou\", year: 2023, number: 9) { title tasks { number } }
              task(jurisdiction: \"yanzhou\", year: 2023, number: 10) { title project { number } notice { documentNumber } }
              indicator(code: \"childcare-places-added\") { name english: name(language: ENGLISH) unit kind aggregation higherIsBetter topic { code } }
              jurisdiction(code: \"yanzhou\") { name(language: ENGLISH) divisionCode parent { code } }
            }",
            json!({}),
        )
        .await;
    assert_eq!(data["project"]["tasks"], json!([{ "number": 9 }, { "number": 10 }]));
    assert_eq!(data["task"]["project"]["number"], 9);
    assert_eq!(data["task"]["notice"]["documentNumber"], "济兖政发〔2023〕2号");
    assert_eq!(
        data["indicator"],
        json!({
            "name": "新增托位", "english": "Childcare places added", "unit": "个", "kind": "INCREMENT", "aggregation": "SUM",
            "higherIsBetter": true, "topic": { "code": "childcare" },
        })
    );
    assert_eq!(data["jurisdiction"], json!({ "name": "Yanzhou District", "divisionCode": "370812", "parent": { "code": "jining" } }));
}
