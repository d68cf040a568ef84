//! Any query becomes a file by its `Accept` header: the same rows, page after page.

use std::io::Read as _;

use calamine::Data;
use entity::Role;
use serde_json::{Value, json};

use super::file::{Opened, XLSX, encoded, records};
use crate::{
    cases,
    progress::scene::Scene,
    support::app::{App, Reply},
};

const NOTICE: &str = include_str!("../contract/02-notice-table.graphql");
const TASKS: &str = include_str!("../contract/05-find-tasks.graphql");
const LEDGER: &str = include_str!("../contract/10-ledger.graphql");
const COMPLIANCE: &str = include_str!("../contract/12-compliance.graphql");
const AUDIT: &str = include_str!("../contract/13-audit.graphql");

cases![
    a_file_has_all_pages_of_its_query,
    a_compressed_file_is_the_same,
    a_list_within_a_row_is_whole_or_there_is_no_file,
    groups_come_whole,
    pages_are_found_however_the_query_is_written,
    a_part_that_is_asked_for_stays_a_part,
    most_of_what_is_asked_for_makes_the_rows,
    rows_can_be_chosen,
    headings_follow_the_schema_or_the_caller,
    cells_have_types,
    a_single_thing_is_one_row,
    get_and_post_answer_alike,
    the_same_query_as_json_is_as_it_was,
];

async fn as_file(app: &App, accept: &str, query: &str, variables: Value) -> Reply {
    app.post_with(query, variables, &[("accept", accept)]).await
}

async fn csv(app: &App, query: &str, variables: Value) -> Vec<Vec<String>> {
    records(&as_file(app, "text/csv", query, variables).await)
}

/// The ids of all tasks, by the pages of the query.
async fn all_tasks(app: &App) -> Vec<String> {
    let query = "query($after: String) { tasks(first: 100, after: $after) { nodes { id } } }";
    let data = app.data(query, json!({})).await;
    let ids: Vec<String> =
        data["tasks"]["nodes"].as_array().expect("tasks").iter().map(|task| task["id"].as_str().expect("an id").into()).collect();
    assert_eq!(ids.len(), 96);
    ids
}

fn column(records: &[Vec<String>], index: usize) -> Vec<String> {
    records[1..].iter().map(|record| record[index].clone()).collect()
}

async fn a_file_has_all_pages_of_its_query(app: App) {
    let ids = all_tasks(&app).await;
    let found = csv(&app, TASKS, json!({ "first": 7 })).await;
    assert_eq!(column(&found, 0), ids);
    assert_eq!(
        [&found[0][0], &found[0][2], &found[0][3], &found[0][5], &found[0][6]],
        ["全局 ID", "完成率", "灯", "牵头单位", "所属项目·附件中的序号"]
    );
    // From a place on.
    let page = app.data("{ tasks(first: 90) { pageInfo { endCursor } } }", json!({})).await;
    let rest = csv(&app, TASKS, json!({ "first": 4, "after": page["tasks"]["pageInfo"]["endCursor"] })).await;
    assert_eq!(column(&rest, 0), ids[90..]);
    let found = Opened::of(&as_file(&app, XLSX, TASKS, json!({ "first": 50, "jurisdiction": ["yanzhou"], "year": [2024] })).await);
    assert_eq!((found.rows.len(), found.name.as_str()), (11, "FindTasks"));
}

async fn a_compressed_file_is_the_same(app: App) {
    let query = "{ tasks(first: 30) { nodes { id title } } }";
    let plain = as_file(&app, "text/csv", query, json!({})).await;
    let headers = [("accept", "text/csv"), ("accept-encoding", "gzip")];
    let compressed = app.post_with(query, json!({}), &headers).await;
    assert_eq!(compressed.headers["content-encoding"], "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(compressed.bytes.as_slice()).read_to_string(&mut text).expect("it is whole");
    assert_eq!(text, plain.text);
}

async fn a_list_within_a_row_is_whole_or_there_is_no_file(app: App) {
    // The city has more units than a page that nobody has asked for has.
    let units = "{ jurisdictions { code units { nodes { code: name kind } } } }";
    let found = csv(&app, units, json!({})).await;
    let all = app.number("SELECT count(*) FROM unit").await;
    assert_eq!((i64::try_from(found.len()).expect("few") - 1, found.len() > 101), (all, true));
    // The same in one cell.
    let cells = csv(&app, "{ jurisdictions { code name kind units { nodes { name } } } }", json!({})).await;
    let listed: usize = column(&cells, 3).iter().map(|cell| cell.split('；').filter(|name| !name.is_empty()).count()).sum();
    assert_eq!(i64::try_from(listed).expect("few"), all);
    // Whoever wants a part says so.
    let part = csv(&app, "query($n: Int = 2) { jurisdictions { code units(first: $n) { nodes { name kind } } } }", json!({})).await;
    assert_eq!(part.iter().filter(|record| record[0] == "jining").count(), 2, "{part:?}");
    // A fragment that stands in two lists is as long as may be in both.
    let shared = "{ a: jurisdiction(code: \"jining\") { code ...F } b: jurisdiction(code: \"yanzhou\") { ...F } } fragment F on Jurisdiction { units { nodes { name kind } } }";
    let in_jining =
        app.number("SELECT count(*) FROM unit WHERE jurisdiction_id = (SELECT id FROM jurisdiction WHERE code = 'jining')").await;
    assert_eq!(i64::try_from(csv(&app, shared, json!({})).await.len()).expect("few") - 1, in_jining);
    // Pages within pages are as long as they are by default, and there is no file where that is not all.
    let within = "{ jurisdictions { code units { nodes { name kind jurisdiction { notices { nodes { year } } } } } } }";
    for accept in ["text/csv", XLSX] {
        let refused = app.post_with(within, json!({}), &[("accept", accept), ("accept-language", "en")]).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["extensions"]["code"]), (400, &json!("QUERY_TOO_COMPLEX")));
        assert!(refused.text.contains("jurisdictions.units has more than a page"), "{}", refused.text);
    }
}

async fn groups_come_whole(app: App) {
    let query = "{ taskGroups(by: [LEAD_UNIT, TOPIC, INDICATOR]) { groups { key { leadUnit { name } topic { code } indicator { code } } taskCount } } }";
    let count =
        app.data("{ taskGroups(by: [LEAD_UNIT, TOPIC, INDICATOR]) { groupCount } }", json!({})).await["taskGroups"]["groupCount"].clone();
    let found = csv(&app, query, json!({})).await;
    assert_eq!((json!(found.len() - 1), found.len() > 101), (count, true));
    let few = query.replace("INDICATOR])", "INDICATOR], limit: 3)");
    assert_eq!(csv(&app, &few, json!({})).await.len(), 4);
}

async fn pages_are_found_however_the_query_is_written(app: App) {
    let ids = all_tasks(&app).await;
    for query in [
        "{ tasks { nodes { id } } }",
        "{ tasks(first: 40, after: null) { edges { node { id } cursor } } }",
        "{ mine: tasks(first: 40) { pageInfo { hasNextPage } nodes { id } totalCount } }",
        "query A { ...a } query B { viewer { actions } } fragment a on Query { ... on Query { tasks(first: 40) { ...b } } } fragment b on TaskConnection { nodes { ...c } } fragment c on Task { id }",
        "query($a: String) { tasks(first: 40, after: $a) { nodes { id } } tasks(first: 40, after: $a) { nodes { __typename } } }",
        "query($no: Boolean = false) { tasks(first: 40) { nodes { id title @include(if: $no) ... @skip(if: true) { label } } } }",
    ] {
        let body = json!({ "query": query, "operationName": query.starts_with("query A").then_some("A") }).to_string();
        let request = axum::http::Request::post("/graphql").header("content-type", "application/json").header("accept", "text/csv");
        let found = records(&app.send(request.body(body.into()).expect("a request")).await);
        assert_eq!(column(&found, 0), ids, "{query}");
    }
    // A list of one thing is gone through as well.
    let units = csv(&app, "{ jurisdiction(code: \"jining\") { units(first: 3) { nodes { name } } } }", json!({})).await;
    let all = app.data("{ jurisdiction(code: \"jining\") { units(first: 100) { nodes { name } } } }", json!({})).await;
    let all: Vec<String> = all["jurisdiction"]["units"]["nodes"]
        .as_array()
        .expect("units")
        .iter()
        .map(|unit| unit["name"].as_str().expect("a name").into())
        .collect();
    assert_eq!((column(&units, 0), all.len() > 3), (all, true));
}

async fn a_part_that_is_asked_for_stays_a_part(app: App) {
    let ids = all_tasks(&app).await;
    let last = csv(&app, "{ tasks(last: 5) { nodes { id } } }", json!({})).await;
    assert_eq!(column(&last, 0), ids[91..]);
    let page = app.data("{ tasks(first: 10) { pageInfo { endCursor } } }", json!({})).await;
    let before = "query($before: String) { tasks(last: 4, before: $before) { nodes { id } } }";
    let before = csv(&app, before, json!({ "before": page["tasks"]["pageInfo"]["endCursor"] })).await;
    assert_eq!(column(&before, 0), ids[5..9]);
    // A variable that is not given asks for no part.
    let all = csv(&app, "query($last: Int, $before: String) { tasks(last: $last, before: $before) { nodes { id } } }", json!({})).await;
    assert_eq!(column(&all, 0), ids);
    let none = csv(&app, "{ tasks(filter: { text: \"无此文字\" }) { nodes { id title } } }", json!({})).await;
    assert_eq!(none, [["全局 ID", "标题"]], "the headings of an empty list");
}

async fn most_of_what_is_asked_for_makes_the_rows(app: App) {
    // The annex: a row a task, its project beside it, other lists in one cell, and not the duties of the letter.
    let annex = csv(&app, NOTICE, json!({ "jurisdiction": "yanzhou", "year": 2024 })).await;
    assert_eq!((annex.len(), &annex[0][..2]), (11, ["附件中的序号".to_owned(), "项目名称".to_owned()].as_slice()));
    assert!(annex[0].contains(&"任务·目标任务".to_owned()), "{:?}", annex[0]);
    // A city whose districts have notices: a row a notice, and one for a district without any.
    let overview = csv(&app, include_str!("../contract/01-overview.graphql"), json!({})).await;
    let has = |code: &str| overview.iter().filter(|record| record[0] == code).count();
    assert_eq!((has("yanzhou"), has("qufu")), (2, 1), "{overview:#?}");
    // The ledger's summary and pages are no rows.
    let ledger = csv(&app, LEDGER, json!({ "jurisdiction": "taibai-lake", "year": 2024 })).await;
    assert_eq!((ledger.len(), ledger[0][1].as_str()), (21, "任务·附件的行号"));
}

async fn rows_can_be_chosen(app: App) {
    let choose = async |rows: &str| {
        let body = json!({ "query": NOTICE, "variables": { "jurisdiction": "yanzhou", "year": 2024 }, "extensions": { "table": { "rows": rows } } });
        let request = axum::http::Request::post("/graphql").header("content-type", "application/json").header("accept", "text/csv");
        app.send(request.body(body.to_string().into()).expect("a request")).await
    };
    let projects = records(&choose("notice.projects").await);
    assert_eq!((projects.len(), projects[0].as_slice()), (11, ["附件中的序号", "项目名称", "任务"].map(str::to_owned).as_slice()));
    let targets = records(&choose("notice.projects.tasks.targets").await);
    let all = app
        .data("{ tasks(filter: { jurisdiction: [\"yanzhou\"], year: [2024] }, first: 100) { nodes { targets { id } } } }", json!({}))
        .await;
    let count = |task: &Value| task["targets"].as_array().expect("targets").len().max(1);
    let expected: usize = all["tasks"]["nodes"].as_array().expect("tasks").iter().map(count).sum();
    assert_eq!(targets.len() - 1, expected, "a row a target, and one for a task without");
    for wrong in ["notice", "notice.title", "projects", "notice.projects.tasks.id", "", "..", "notice.projects.nothing"] {
        let reply = choose(wrong).await;
        assert_eq!((reply.status.as_u16(), &reply.body["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")), "{wrong}");
        assert!(reply.text.contains("notice.projects.tasks.targets"), "{wrong}: {}", reply.text);
    }
}

async fn headings_follow_the_schema_or_the_caller(app: App) {
    let query =
        "{ tasks(first: 1) { nodes { number ofTask: title light project { notice { jurisdiction { name } } } leadUnits { name } } } }";
    let chinese = csv(&app, query, json!({})).await;
    assert_eq!(chinese[0], ["附件的行号", "Of task", "灯", "所属项目·所属通知·发布辖区", "牵头单位"]);
    let english = records(&app.post_with(query, json!({}), &[("accept", "text/csv"), ("accept-language", "en")]).await);
    assert_eq!(english[0], ["Number", "Of task", "Light", "Project·Notice·Jurisdiction", "Lead units"]);
    assert_eq!(english[1][2], "Red");
}

async fn cells_have_types(app: App) {
    app.travel_to("2024-03-15T02:00:00Z");
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let query = "{ notices(filter: { jurisdiction: [\"yanzhou\"], year: [2024] }) { nodes { year issuedOn documentNumber adoption { method } disclosure addressees carbonCopies projectCount
        tasks: projects { tasks { targets { value unit } } } } } }";
    let opened = Opened::of(&as_file(&app, XLSX, query, json!({})).await);
    let row = &opened.rows[1];
    assert_eq!(row[0], Data::Float(2024.0));
    let Data::DateTime(issued) = &row[1] else { panic!("no date: {row:?}") };
    assert_eq!(issued.to_ymd_hms_milli(), (2024, 1, 12, 0, 0, 0, 0));
    assert_eq!(row[2], Data::String("济兖政发〔2024〕2号".into()));
    // Figures beside their units, exact, in one cell.
    let told = row.last().expect("a cell").to_string();
    assert!(told.contains("576 个") && told.contains('；'), "{told}");
    // What is more exact than a binary number stays a text, and an instant is of this place.
    let accounts = "{ accounts(first: 10) { nodes { username role createdAt passwordTemporary } } }";
    let reply = office.post_accepting(&app, accounts, json!({}), XLSX).await;
    let opened = Opened::of(&reply);
    let Data::DateTime(made) = opened.cell("office", "建立时间") else { panic!("{:?}", opened.rows) };
    assert_eq!(made.to_ymd_hms_milli(), (2024, 3, 15, 10, 0, 0, 0));
}

async fn a_single_thing_is_one_row(app: App) {
    let found = csv(&app, "{ task(jurisdiction: \"yanzhou\", year: 2024, number: 8) { number title project { title } } }", json!({})).await;
    assert_eq!((found[0].join("|"), found.len()), ("附件的行号|标题|所属项目".to_owned(), 2));
    let node = "query($id: ID!) { node(id: $id) { id ... on Task { title topics { code name } } } }";
    let id = app.data("{ task(jurisdiction: \"yanzhou\", year: 2024, number: 8) { id title } }", json!({})).await["task"].clone();
    let reply = as_file(&app, "text/csv", node, json!({ "id": id["id"] })).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.text);
}

async fn get_and_post_answer_alike(app: App) {
    let query = "query Units($code: String!) { units(filter: { jurisdiction: [$code] }) { nodes { name kind } } }";
    let posted = as_file(&app, "text/csv", query, json!({ "code": "yanzhou" })).await;
    let parameters = format!("query={}&variables={}&operationName=", encoded(query), encoded("{\"code\":\"yanzhou\"}"));
    let got = app.follow_link(&format!("/graphql?{parameters}"), &[("accept", "text/csv")]).await;
    let linked = app.follow_link(&format!("/export/query.csv?{parameters}"), &[("accept", "text/html,*/*;q=0.8")]).await;
    assert!(posted.headers["content-disposition"].to_str().expect("ASCII").contains("\"Units.csv\""));
    assert_eq!((posted.text.as_str(), posted.text.as_str()), (got.text.as_str(), linked.text.as_str()));
    assert!(records(&posted).len() > 20);
    let chosen = format!(
        "/export/query.xlsx?query={}&extensions={}",
        encoded("{ notice(jurisdiction: \"yanzhou\", year: 2024) { reportingDuties { kind } projects { title number } } }"),
        encoded("{\"table\":{\"rows\":\"notice.reportingDuties\"}}")
    );
    assert_eq!(Opened::of(&app.follow_link(&chosen, &[]).await).rows.len(), 1, "Yanzhou's letter names no duties");
}

async fn the_same_query_as_json_is_as_it_was(app: App) {
    let scene = Scene::of(&app).await;
    let plain = scene.office.data(LEDGER, json!({ "jurisdiction": "taibai-lake", "year": 2024 })).await;
    assert_eq!(plain["ledger"]["totalCount"], 20);
    let accept = format!("application/json, {XLSX};q=0.9, text/csv;q=0.8");
    let reply = app.post_with("{ tasks(first: 1) { nodes { number } } }", json!({}), &[("accept", &accept)]).await;
    assert_eq!(reply.body, json!({ "data": { "tasks": { "nodes": [{ "number": 1 }] } } }));
    // Internal answers become files for those who may have them.
    let variables = json!({ "jurisdiction": "taibai-lake", "from": "2024-04-01", "to": "2024-04-30" });
    let compliance = records(&scene.office.post_accepting(&app, COMPLIANCE, variables, "text/csv").await);
    assert!(compliance.len() > 2, "{compliance:?}");
    let audit = records(&scene.office.post_accepting(&app, AUDIT, json!({ "jurisdiction": "taibai-lake", "first": 3 }), "text/csv").await);
    assert!(audit.len() > 3, "{audit:?}");
}
