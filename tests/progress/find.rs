//! Tasks are found by their light, which is judged and not stored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::scene::{Scene, text};
use crate::{
    cases,
    support::{app::App, backend::Backend},
};

cases![
    tasks_are_found_by_light,
    a_light_is_that_of_the_date,
    pages_of_a_light_hold_every_task_once,
    a_light_that_cannot_be_is_refused,
    more_than_may_be_judged_is_refused,
];

const FIND: &str = include_str!("../contract/05-find-tasks.graphql");
const LIGHTS: [&str; 5] = ["BLUE", "GREEN", "YELLOW", "RED", "GREY"];

/// Autumn of 2024, with something done and accepted, so that there are tasks of several lights.
async fn autumn(app: &App) {
    let scene = Scene::of(app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    // The only task that anything was reported of.
    let closed = "UPDATE task_standing SET claimed_on = '2024-09-02', accepted_on = '2024-09-03', in_force_on = '2024-09-03'";
    app.execute(closed).await.expect("it is closed");
    app.travel_to("2024-10-02T02:00:00Z");
}

fn ids(nodes: &Value) -> Vec<String> {
    nodes.as_array().expect("nodes").iter().map(|node| text(&node["id"])).collect()
}

async fn tasks_are_found_by_light(app: App) {
    autumn(&app).await;
    let all = app.data(FIND, json!({ "first": 100 })).await["tasks"]["nodes"].clone();
    let mut by_light: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for task in all.as_array().expect("nodes") {
        by_light.entry(text(&task["light"])).or_default().push(text(&task["id"]));
    }
    assert!(by_light.len() > 2, "there are lights to choose from: {by_light:?}");
    for light in LIGHTS {
        let found = app.data(FIND, json!({ "first": 100, "light": [light] })).await["tasks"].clone();
        let expected = by_light.get(light).cloned().unwrap_or_default();
        assert_eq!(ids(&found["nodes"]), expected, "{light}: in the order of the list");
        assert_eq!(found["totalCount"], expected.len(), "{light}");
        assert!(found["nodes"].as_array().expect("nodes").iter().all(|task| task["light"] == light));
    }
    let count = async |variables: Value| app.data(FIND, variables).await["tasks"]["totalCount"].clone();
    assert_eq!(count(json!({ "first": 1, "light": LIGHTS })).await, 96);
    assert_eq!(count(json!({ "first": 1, "light": [] })).await, 0);
    // All conditions hold at once.
    let here = |task: &&Value| task["project"]["notice"]["jurisdiction"]["code"] == "taibai-lake" && task["light"] == "RED";
    let red = all.as_array().expect("nodes").iter().filter(here).count();
    assert!(red > 0);
    assert_eq!(count(json!({ "first": 1, "light": ["RED"], "jurisdiction": ["taibai-lake"] })).await, red);
}

async fn a_light_is_that_of_the_date(app: App) {
    autumn(&app).await;
    let query = "query($light: [StatusLight!], $on: Date) {
        tasks(filter: { jurisdiction: [\"taibai-lake\"], light: $light }, on: $on, first: 100) { totalCount nodes { id light(on: $on) } } }";
    for on in ["2024-04-08", "2024-04-15", "2024-10-01"] {
        let all = app.data(query, json!({ "on": on })).await["tasks"]["nodes"].clone();
        let mut found = Vec::new();
        for light in LIGHTS {
            let of_light = app.data(query, json!({ "on": on, "light": [light] })).await["tasks"].clone();
            assert!(of_light["nodes"].as_array().expect("nodes").iter().all(|task| task["light"] == light), "{on}: {light}");
            found.extend(ids(&of_light["nodes"]));
        }
        assert_eq!(found.len(), 20, "{on}: each task has one light");
        assert_eq!(BTreeSet::from_iter(found), BTreeSet::from_iter(ids(&all)), "{on}");
    }
}

async fn pages_of_a_light_hold_every_task_once(app: App) {
    autumn(&app).await;
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $direction: OrderDirection!) {
        tasks(filter: { light: [RED, GREY] }, orderBy: { field: YEAR, direction: $direction }, first: $first, after: $after, last: $last, before: $before) {
            totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id } } }";
    for direction in ["ASC", "DESC"] {
        let whole = app.data(query, json!({ "first": 100, "direction": direction })).await["tasks"].clone();
        let expected = ids(&whole["nodes"]);
        assert!(expected.len() > 20, "there are pages to turn");
        let (mut forward, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = app.data(query, json!({ "first": 7, "after": after, "direction": direction })).await["tasks"].clone();
            assert_eq!(page["totalCount"], expected.len());
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !forward.is_empty());
            forward.extend(ids(&page["nodes"]));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forward, expected, "{direction}");
        let end = app.data(query, json!({ "last": 7, "direction": direction })).await["tasks"].clone();
        let (before, count) = (end["pageInfo"]["startCursor"].clone(), expected.len());
        assert_eq!(ids(&end["nodes"]), expected[count - 7..], "{direction}");
        let back = app.data(query, json!({ "last": 7, "before": before, "direction": direction })).await["tasks"].clone();
        assert_eq!(ids(&back["nodes"]), expected[count - 14..count - 7], "{direction}");
        assert_eq!(back["pageInfo"]["hasNextPage"], true);
    }
}

async fn a_light_that_cannot_be_is_refused(app: App) {
    app.travel_to("2024-10-02T02:00:00Z");
    let future = app.error("{ tasks(filter: { light: [RED] }, on: \"2024-10-03\") { totalCount } }", json!({})).await;
    assert_eq!((&future["extensions"]["code"], &future["extensions"]["argument"]), (&json!("BAD_USER_INPUT"), &json!("on")));
    let unknown = app.post("{ tasks(filter: { light: [PURPLE] }) { totalCount } }", json!({})).await.body;
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let lights = vec!["RED"; 101];
    let many = app.error(FIND, json!({ "first": 1, "light": lights })).await;
    assert_eq!((&many["extensions"]["code"], &many["extensions"]["argument"]), (&json!("BAD_USER_INPUT"), &json!("filter.light")));
}

async fn more_than_may_be_judged_is_refused(app: App) {
    // Past the service, because nobody would type so many.
    let id = if app.backend == Backend::Sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
    app.execute(&format!(
        "INSERT INTO task (id, notice_id, project_id, number, title)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001),
           p(id, notice_id) AS (SELECT project.id, project.notice_id FROM project JOIN notice ON notice.id = project.notice_id
             WHERE project.number = 1 AND notice.document_number = '济兖政发〔2024〕2号')
         SELECT {id}, p.notice_id, p.id, 1000 + n.i, 'many' FROM n CROSS JOIN p"
    ))
    .await
    .expect("many tasks");
    let wide = app.error("{ tasks(filter: { light: [RED] }) { totalCount } }", json!({})).await;
    assert_eq!((&wide["extensions"]["code"], &wide["extensions"]["argument"]), (&json!("QUERY_TOO_COMPLEX"), &json!("filter")));
    assert!(text(&wide["message"]).contains("10000"), "{wide:#}");
    // Without a light nothing is judged, and a narrower filter helps.
    assert_eq!(app.data("{ tasks { totalCount } }", json!({})).await["tasks"]["totalCount"], 96 + 10_001);
    let narrow = "{ tasks(filter: { light: [RED], jurisdiction: [\"taibai-lake\"] }) { totalCount } }";
    assert!(app.data(narrow, json!({})).await["tasks"]["totalCount"].as_i64() > Some(0));
}
