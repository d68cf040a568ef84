//! Groups of the five real notices, beside what else is told of them; and what cannot be asked.

use entity::Role;
use serde_json::{Value, json};

use crate::{cases, support::app::App};

cases![
    the_real_notices_by_place_and_year,
    promises_add_up_where_they_may,
    a_group_of_a_notice_is_its_ledger_in_sum,
    groups_of_reports_are_the_compliance_of_units,
    groups_are_chosen_ordered_and_cut,
    what_cannot_be_asked_is_refused,
    a_light_chooses_before_groups_are_made,
];

async fn the_real_notices_by_place_and_year(app: App) {
    let query = "{ taskGroups(by: [JURISDICTION, YEAR]) { groupCount total { taskCount targetCount }
        groups { key { jurisdiction { code } year unit { id } month } taskCount targetCount } } }";
    let found = app.data(query, json!({})).await["taskGroups"].clone();
    let rows: Vec<Value> = found["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|group| json!([group["key"]["jurisdiction"]["code"], group["key"]["year"], group["taskCount"]]))
        .collect();
    let expected = [
        json!(["jining", 2022, 31]),
        json!(["yanzhou", 2023, 13]),
        json!(["yanzhou", 2024, 10]),
        json!(["taibai-lake", 2024, 20]),
        json!(["jining-etdz", 2023, 22]),
    ];
    assert_eq!(rows.len(), 5);
    for row in expected {
        assert!(rows.contains(&row), "{row} of {rows:?}");
    }
    let all = app.data("{ tasks(first: 100) { nodes { targets { partOf { id } } } } }", json!({})).await["tasks"]["nodes"].clone();
    let targets = all.as_array().expect("nodes").iter().flat_map(|task| task["targets"].as_array().expect("targets"));
    let wholes = targets.filter(|target| target["partOf"].is_null()).count();
    assert!(wholes < 145, "some are parts of others");
    assert_eq!(found["total"], json!({ "taskCount": 96, "targetCount": wholes }));
    assert!(
        found["groups"].as_array().expect("groups").iter().all(|group| group["key"]["unit"].is_null() && group["key"]["month"].is_null())
    );
    // Each task is in the group of each of its topics, and in the total once.
    let by_topic =
        app.data("{ taskGroups(by: [TOPIC]) { total { taskCount } groups { key { topic { code } } taskCount } } }", json!({})).await;
    let sum: i64 =
        by_topic["taskGroups"]["groups"].as_array().expect("groups").iter().filter_map(|group| group["taskCount"].as_i64()).sum();
    assert!(sum >= 96);
    assert_eq!(by_topic["taskGroups"]["total"]["taskCount"], 96);
    // A group of a unit is what the filter by that unit finds.
    let leads = app.data(
        "{ taskGroups(by: [LEAD_UNIT], filter: { jurisdiction: [\"yanzhou\"] }) { groups { key { leadUnit { id } } taskCount } } }",
        json!({}),
    );
    for group in leads.await["taskGroups"]["groups"].as_array().expect("groups") {
        let query = "query($unit: ID!) { tasks(filter: { jurisdiction: [\"yanzhou\"], leadUnit: $unit }) { totalCount } }";
        let listed = app.data(query, json!({ "unit": group["key"]["leadUnit"]["id"] })).await;
        assert_eq!(listed["tasks"]["totalCount"], group["taskCount"]);
    }
}

async fn promises_add_up_where_they_may(app: App) {
    let query = "query($filter: TaskFilter!, $by: [TaskGroupBy!]!) { taskGroups(by: $by, filter: $filter) {
        total { sum { indicator { code } targetCount promised achieved completion reason explanation } }
        groups { key { year jurisdiction { code } indicator { code } } targetCount sum { promised reason } } } }";
    let ask = async |filter: Value, by: Value| app.data(query, json!({ "filter": filter, "by": by })).await["taskGroups"].clone();
    let places = json!({ "indicator": ["childcare-places-added"], "jurisdiction": ["yanzhou", "jining-etdz"] });
    let found = ask(places, json!(["YEAR"])).await;
    assert_eq!(
        found["total"]["sum"],
        json!({ "indicator": { "code": "childcare-places-added" }, "targetCount": 3, "promised": "1319", "achieved": null,
            "completion": null, "reason": null, "explanation": null }),
        "nobody has reported, so nobody knows"
    );
    let by_year: Vec<&Value> = found["groups"].as_array().expect("groups").iter().map(|group| &group["sum"]["promised"]).collect();
    assert_eq!(by_year, ["743", "576"]);
    // The city's figure holds its districts'.
    let all = ask(json!({ "indicator": ["childcare-places-added"] }), json!(["JURISDICTION"])).await;
    assert_eq!(all["total"]["sum"]["reason"], "CITY_AND_DISTRICTS");
    assert!(all["total"]["sum"]["explanation"].as_str().expect("a text").contains("filter.jurisdiction"));
    assert_eq!(all["groups"][0]["sum"], json!({ "promised": "10000", "reason": null }));
    // A level is no increment, and different things have no sum.
    let level = ask(json!({ "indicator": ["childcare-places-total"] }), json!(["YEAR"])).await;
    assert_eq!(level["total"]["sum"]["reason"], "NOT_ADDITIVE");
    let mixed = ask(json!({ "jurisdiction": ["yanzhou"] }), json!(["YEAR", "INDICATOR"])).await;
    assert_eq!(mixed["total"]["sum"]["reason"], "SEVERAL_INDICATORS");
    let group = mixed["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .find(|group| group["key"] == json!({ "year": 2024, "jurisdiction": null, "indicator": { "code": "childcare-places-added" } }));
    assert_eq!(group.expect("the group")["sum"], json!({ "promised": "576", "reason": null }));
    assert_eq!(group.expect("the group")["targetCount"], 1);
    // 34400 jobs have 6400 and 28000 within them.
    let jobs = app.data("{ tasks(filter: { jurisdiction: [\"jining\"], includeDescendants: false }, first: 100) { nodes { targets { value indicator { code } } } } }", json!({}));
    let jobs = jobs.await;
    let whole = jobs["tasks"]["nodes"].as_array().expect("nodes").iter().flat_map(|task| task["targets"].as_array().expect("targets"));
    let code = whole.clone().find(|target| target["value"] == "34400").expect("3.44万个")["indicator"]["code"].clone();
    let jobs = ask(json!({ "indicator": [code], "jurisdiction": ["jining"], "includeDescendants": false }), json!(["YEAR"])).await;
    assert_eq!(jobs["total"]["sum"]["promised"], "34400");
}

async fn a_group_of_a_notice_is_its_ledger_in_sum(app: App) {
    app.travel_to("2024-10-02T02:00:00Z");
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let query = "query($on: Date) {
        ledger(jurisdiction: \"taibai-lake\", year: 2024, on: $on) { summary { FIGURES } }
        taskGroups(by: [JURISDICTION, YEAR], filter: { jurisdiction: [\"taibai-lake\"], year: [2024] }, on: $on) { on groupCount groups { FIGURES } total { FIGURES } } }"
        .replace("FIGURES", "completion planned lights { light count } compliance { expected received onTime late missing reportingRate onTimeRate }");
    for on in ["2024-04-20", "2024-10-02"] {
        let found = office.data(&query, json!({ "on": on })).await;
        assert_eq!((&found["taskGroups"]["on"], &found["taskGroups"]["groupCount"]), (&json!(on), &json!(1)));
        assert!(found["ledger"]["summary"]["compliance"]["missing"].as_u64() > Some(0), "{found:#}");
        assert_eq!(found["taskGroups"]["groups"][0], found["ledger"]["summary"]);
        assert_eq!(found["taskGroups"]["total"], found["ledger"]["summary"]);
    }
    // To the public it is not told.
    let public = app.data(&query, json!({ "on": "2024-10-02" })).await;
    assert_eq!(public["taskGroups"]["groups"][0]["compliance"], Value::Null);
    assert_eq!(public["taskGroups"]["groups"][0], public["ledger"]["summary"]);
}

async fn groups_of_reports_are_the_compliance_of_units(app: App) {
    app.travel_to("2024-10-02T02:00:00Z");
    let office = app.actor("office", Role::Office, "taibai-lake").await;
    let query = "{
        compliance(jurisdiction: \"taibai-lake\", from: \"2024-01-01\", to: \"2024-10-02\") { total { expected missing } units { unit { id } compliance { expected missing } } }
        reportGroups(by: [UNIT], filter: { jurisdiction: [\"taibai-lake\"], includeDescendants: false, year: [2024] }) {
            total { reportCount compliance { expected missing } } groups { key { unit { id } } reportCount compliance { expected missing } } } }";
    let found = office.data(query, json!({})).await;
    assert_eq!(found["reportGroups"]["total"]["compliance"], found["compliance"]["total"]);
    let units = found["compliance"]["units"].as_array().expect("units");
    assert_eq!(found["reportGroups"]["groups"].as_array().map(Vec::len), Some(units.len()));
    for group in found["reportGroups"]["groups"].as_array().expect("groups") {
        let unit = units.iter().find(|unit| unit["unit"]["id"] == group["key"]["unit"]["id"]).expect("the unit");
        assert_eq!((&group["compliance"], &group["reportCount"]), (&unit["compliance"], &json!(0)));
    }
    let public = app.data("{ reportGroups(by: [UNIT]) { groupCount total { reportCount compliance { expected } } } }", json!({})).await;
    assert_eq!(public["reportGroups"], json!({ "groupCount": 0, "total": { "reportCount": 0, "compliance": null } }));
}

async fn groups_are_chosen_ordered_and_cut(app: App) {
    let query = "query($having: TaskGroupHaving, $orderBy: TaskGroupOrder, $limit: Int) {
        taskGroups(by: [JURISDICTION, YEAR], having: $having, orderBy: $orderBy, limit: $limit) { groupCount total { taskCount } groups { taskCount } } }";
    let counts = async |variables: Value| {
        let found = app.data(query, variables).await["taskGroups"].clone();
        assert_eq!(found["total"]["taskCount"], 96, "the total is of the filter");
        let counts: Vec<i64> = found["groups"].as_array().expect("groups").iter().filter_map(|group| group["taskCount"].as_i64()).collect();
        (found["groupCount"].as_i64().expect("a count"), counts)
    };
    let order = json!({ "field": "TASK_COUNT", "direction": "DESC" });
    assert_eq!(counts(json!({ "orderBy": order })).await, (5, vec![31, 22, 20, 13, 10]));
    assert_eq!(counts(json!({ "orderBy": order, "limit": 2 })).await, (5, vec![31, 22]));
    assert_eq!(counts(json!({ "orderBy": order, "having": { "taskCount": { "gte": 13, "lt": "31" } } })).await, (3, vec![22, 20, 13]));
    assert_eq!(
        counts(json!({ "orderBy": order, "having": { "taskCount": { "eq": 20 }, "targetCount": { "gte": 1 } } })).await,
        (1, vec![20])
    );
    // Nobody has reported, and what is not known holds no condition.
    assert_eq!(counts(json!({ "having": { "completion": { "lte": 0 } } })).await, (0, vec![]));
    assert_eq!(counts(json!({ "having": { "completion": { "gt": "0.5" } } })).await, (0, vec![]));
    // Nobody outside is told how units report, and what is not known holds no condition.
    assert_eq!(counts(json!({ "having": { "missing": { "gte": 0 } } })).await, (0, vec![]));
    assert_eq!(counts(json!({ "having": {} })).await.0, 5);
}

async fn what_cannot_be_asked_is_refused(app: App) {
    for (field, argument) in [
        ("taskGroups(by: [])", "by"),
        ("taskGroups(by: [YEAR, UNIT, TOPIC, LIGHT])", "by"),
        ("taskGroups(by: [YEAR, YEAR])", "by"),
        ("taskGroups(by: [YEAR], limit: 0)", "limit"),
        ("taskGroups(by: [YEAR], limit: 1001)", "limit"),
        ("taskGroups(by: [YEAR], limit: -1)", "limit"),
        ("taskGroups(by: [YEAR], on: \"2999-01-01\")", "on"),
        ("taskGroups(by: [YEAR], filter: { unitRole: LEAD })", "filter.unitRole"),
        ("reportGroups(by: [])", "by"),
        ("reportGroups(by: [STATE, STATE])", "by"),
        ("reportGroups(by: [STATE], limit: 1001)", "limit"),
        ("reportGroups(by: [STATE], filter: { period: \"never\" })", "filter.period"),
    ] {
        let error = app.error(&format!("{{ {field} {{ groupCount }} }}"), json!({})).await;
        assert_eq!(
            (&error["extensions"]["code"], &error["extensions"]["argument"]),
            (&json!("BAD_USER_INPUT"), &json!(argument)),
            "{field}"
        );
    }
    for field in ["taskGroups(by: [COLOUR])", "taskGroups(by: [YEAR], having: { taskCount: { gte: \"many\" } })", "taskGroups"] {
        let body = app.post(&format!("{{ {field} {{ groupCount }} }}"), json!({})).await.body;
        assert_eq!(body["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{field}: {body:#}");
    }
}

async fn a_light_chooses_before_groups_are_made(app: App) {
    app.travel_to("2024-10-02T02:00:00Z");
    let query = "query($light: [StatusLight!]) { taskGroups(by: [LIGHT], filter: { light: $light }) { total { taskCount } groups { key { light } taskCount } } }";
    let all = app.data(query, json!({})).await["taskGroups"].clone();
    assert_eq!(all["total"]["taskCount"], 96);
    for group in all["groups"].as_array().expect("groups") {
        let one = app.data(query, json!({ "light": [group["key"]["light"]] })).await["taskGroups"].clone();
        assert_eq!(one, json!({ "total": { "taskCount": group["taskCount"] }, "groups": [group] }));
    }
    let none = app.data(query, json!({ "light": [] })).await["taskGroups"].clone();
    assert_eq!(none, json!({ "total": { "taskCount": 0 }, "groups": [] }));
}
