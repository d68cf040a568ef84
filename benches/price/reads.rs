//! The dearest plain form of each field that reads, and the requests of known attacks.

use axum::Router;
use serde_json::json;

use super::{Case, post};

/// Ids of twenty tasks and of one.
pub struct Ids {
    twenty: String,
    one: String,
}

pub async fn ids(router: &Router) -> Ids {
    let query = "{ tasks(first: 20, filter: { jurisdiction: [\"jining\"] }) { nodes { id } } }";
    let answer = post(router, None, &json!({ "query": query })).await;
    let ids: Vec<String> = answer["data"]["tasks"]["nodes"].as_array().expect("tasks").iter().map(|task| task["id"].to_string()).collect();
    assert_eq!(ids.len(), 20);
    Ids { one: ids[0].clone(), twenty: ids.join(", ") }
}

fn times(count: usize, field: &str) -> String {
    let fields: Vec<String> = (0..count).map(|place| format!("a{place}: {field}")).collect();
    let fields = fields.join(" ");
    format!("{{ {fields} }}")
}

/// The dearest plain form of each root field, and the requests of known attacks.
pub fn cases(ids: &Ids) -> Vec<Case> {
    let Ids { twenty, one } = ids;
    let task = "id title summary leadUnits { name } targets { id label value indicator { code } } topics { code }";
    let open = |name, query: &str| Case { name, query: format!("{{ {query} }}"), by_office: false };
    let closed = |name, query: &str| Case { by_office: true, ..open(name, query) };
    let plain = |name, query: String| Case { name, query, by_office: false };
    let by = "by: [JURISDICTION, LEAD_UNIT, TOPIC], limit: 100";
    let compared = format!("compareTasks(ids: [{twenty}]) {{ on }}");
    vec![
        closed("account", "account(username: \"bench-office\") { id username role jurisdiction { name } }"),
        closed("accounts", "accounts(first: 100) { totalCount nodes { id username role } }"),
        closed("auditEvents", "auditEvents(first: 100) { totalCount nodes { id at action changes } }"),
        open("budget", "budget { limits { tokens } cost { points } address { left } }"),
        open("builtInRuleSets", "builtInRuleSets { code name bands { light above } }"),
        open(
            "compareTasks",
            &format!(
                "compareTasks(ids: [{twenty}]) {{ tasks {{ task {{ {task} }} state {{ light completion }} }} indicators {{ shared }} }}"
            ),
        ),
        open("comparison", "comparison(indicator: \"childcare-places-added\") { rows { target completion light rank } absent { year } }"),
        closed(
            "compliance",
            "compliance(jurisdiction: \"jining\", from: \"2022-01-01\", to: \"2024-01-31\") { total { missing } units { missing { kind } } }",
        ),
        open("coverage", "coverage(root: \"jining\", years: [2022, 2023, 2024]) { rows { year cells { taskCount completion } } }"),
        open("indicator", "indicator(code: \"childcare-places-added\") { name targets(first: 100) { totalCount nodes { label value } } }"),
        open("indicators", "indicators(first: 100, filter: { text: \"数\" }) { totalCount nodes { code name } }"),
        open(
            "jurisdiction",
            "jurisdiction(code: \"jining\") { name units(first: 100) { totalCount nodes { name } } notices(first: 10) { totalCount nodes { title } } }",
        ),
        open("jurisdictions", "jurisdictions { code name notices(first: 1) { totalCount } }"),
        closed("leaderDuties", "leaderDuties(jurisdiction: \"yanzhou\", year: 2024) { state period { key } }"),
        open(
            "ledger",
            "ledger(jurisdiction: \"jining\", year: 2022, first: 100) { totalCount summary { completion } nodes { light completion task { title } } }",
        ),
        open("node", &format!("node(id: {one}) {{ id ... on Task {{ {task} state {{ light }} }} }}")),
        open("nodes", &format!("nodes(ids: [{twenty}]) {{ id ... on Task {{ {task} state {{ light }} }} }}")),
        open("notice", &format!("notice(jurisdiction: \"jining\", year: 2022) {{ title projects {{ title tasks {{ {task} }} }} }}")),
        open("notices", "notices(first: 100) { totalCount nodes { title taskCount projectCount } }"),
        open("project", &format!("project(jurisdiction: \"jining\", year: 2022, number: 1) {{ title tasks {{ {task} }} }}")),
        open(
            "projects",
            &format!("projects(first: 100, filter: {{ text: \"建设\" }}) {{ totalCount nodes {{ title tasks {{ {task} }} }} }}"),
        ),
        open(
            "reportGroups",
            "reportGroups(by: [JURISDICTION, UNIT], limit: 100) { groupCount total { compliance { late } } groups { reportCount compliance { late } } }",
        ),
        open("reports", "reports(first: 100) { totalCount nodes { narrative period { key } achievements { value } } }"),
        open("similarTasks", &format!("similarTasks(task: {one}, first: 100) {{ textLikeness task {{ title }} }}")),
        open(
            "task",
            &format!(
                "task(jurisdiction: \"jining\", year: 2022, number: 1) {{ {task} state {{ light }} reports(first: 100) {{ totalCount nodes {{ narrative }} }} }}"
            ),
        ),
        open(
            "taskGroups",
            &format!("taskGroups({by}) {{ groupCount total {{ compliance {{ late }} }} groups {{ taskCount lights {{ count }} }} }}"),
        ),
        open("tasks", &format!("tasks(first: 100, filter: {{ text: \"建设\" }}) {{ totalCount nodes {{ {task} state {{ light }} }} }}")),
        open("topic", "topic(code: \"childcare\") { name tasks(first: 100) { totalCount nodes { title } } }"),
        open("topics", "topics { code tasks(first: 1) { totalCount } indicators(first: 1) { totalCount } }"),
        open("trend", "trend(jurisdiction: \"yanzhou\", indicator: \"childcare-places-added\") { years { year points { completion } } }"),
        open(
            "unit",
            "unit(jurisdiction: \"jining\", name: \"市教育局\") { name assignments(first: 100) { totalCount nodes { task { title } } } }",
        ),
        open("units", "units(first: 100, filter: { text: \"局\" }) { totalCount nodes { name } }"),
        closed("viewer", "viewer { actions sessions { id } dueReports { state task { title } } returnedReports { id } }"),
        plain("30 × compareTasks(20 ids)", times(30, &compared)),
        plain("30 × tasks(text) totalCount", times(30, "tasks(filter: { text: \"建设\" }) { totalCount }")),
        plain("30 × tasks totalCount", times(30, "tasks { totalCount }")),
        plain("30 × reports totalCount", times(30, "reports { totalCount }")),
        plain("30 × tasks(first: 1)", times(30, "tasks(first: 1) { nodes { id } }")),
        plain("30 × task state", times(30, "task(jurisdiction: \"jining\", year: 2022, number: 1) { state { light } }")),
        open("tasks by light", "tasks(filter: { light: [RED] }, first: 1) { nodes { id } }"),
        open("tasks, state of each", "tasks(first: 100) { nodes { state { light completion proof { steps { text } } } } }"),
        open("tasks, breakdown of targets", "tasks(first: 100) { nodes { targets { breakdown { parts { completion } } } } }"),
        open(
            "tasks, standing and reports",
            "tasks(first: 100) { nodes { standing { version } reports(first: 5) { totalCount nodes { id } } } }",
        ),
    ]
}
