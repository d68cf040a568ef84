//! What may be posted, and what is told of the rest.

use serde_json::{Value, json};

use super::scene::{SUBMIT, Scene, at, faults, task, text};
use crate::{cases, support::app::App};

cases![
    what_cannot_be_posted_is_told_with_its_place,
    what_nobody_sees_is_taken_out_of_texts,
    a_post_is_updated_until_it_is_accepted,
    a_draft_is_its_units_own,
    figures_do_not_fall_without_an_explanation,
    what_is_odd_is_taken_with_a_warning,
    whoever_is_behind_says_why_and_what_is_needed,
    members_of_a_collective_report_against_their_shares,
];

async fn what_cannot_be_posted_is_told_with_its_place(app: App) {
    let scene = Scene::of(&app).await;
    let good = scene.post("2024-W15", "1").await;
    let other = scene.task(1).await["targets"][0]["id"].clone();
    let with = |path: &str, value: Value| {
        let mut input = good.clone();
        *input.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        input
    };
    let mut repeated = good.clone();
    repeated["achievements"] = json!([good["achievements"][0], good["achievements"][0]]);
    let mut stated = good.clone();
    stated["statedCompletion"] = json!("101");
    let mut reached = good.clone();
    reached["milestonesReached"] = json!([other]);
    let mut stale = good.clone();
    stale["expectedVersion"] = json!(7);
    for (input, code, path) in [
        (with("/period", json!("2024-15")), "PERIOD_MALFORMED", "input.period"),
        (with("/period", json!("2024-W16")), "PERIOD_IN_FUTURE", "input.period"),
        (with("/period", json!("2024-W13")), "PERIOD_NOT_OWED", "input.period"),
        (with("/period", json!("2024-04-T1")), "PERIOD_NOT_OWED", "input.period"),
        (with("/narrative", json!("  ")), "NARRATIVE_MISSING", "input.narrative"),
        (with("/achievements/0/value", json!("-1")), "FIGURE_NEGATIVE", "input.achievements.0.value"),
        (with("/achievements/0/value", json!("一")), "FIGURE_NOT_A_NUMBER", "input.achievements.0.value"),
        (with("/achievements/0/value", json!("0.00001")), "FIGURE_TOO_PRECISE", "input.achievements.0.value"),
        (with("/achievements/0/value", json!("1.00000000000000000000000000000000001")), "FIGURE_TOO_PRECISE", "input.achievements.0.value"),
        (with("/achievements/0/value", json!("99999999999999999999999999999999999999")), "FIGURE_TOO_LARGE", "input.achievements.0.value"),
        (with("/achievements/0/targetId", other.clone()), "TARGET_OF_ANOTHER_TASK", "input.achievements.0.targetId"),
        (with("/achievements/0/targetId", json!("nonsense")), "TARGET_OF_ANOTHER_TASK", "input.achievements.0.targetId"),
        (repeated, "TARGET_REPEATED", "input.achievements.1.targetId"),
        (with("/blockers/0/description", json!("")), "BLOCKER_BLANK", "input.blockers.0.description"),
        (stated, "STATED_COMPLETION_OUT_OF_RANGE", "input.statedCompletion"),
        (reached, "MILESTONE_OF_ANOTHER_TASK", "input.milestonesReached.0"),
    ] {
        let told = scene.faults(&input).await;
        assert!(told.contains(&(code.to_owned(), at(path))), "{code}: {told:?}");
    }
    let error = scene.lead.error(SUBMIT, json!({ "input": stale })).await;
    assert_eq!(error["extensions"]["code"], "STALE_VERSION");
    // Several faults are told at once.
    let mut two = with("/narrative", json!(""));
    two["period"] = json!("2024-13");
    assert_eq!(scene.faults(&two).await.len(), 2);
    // Whoever has no part in the task.
    let stranger = app.of_unit("stranger", "taibai-lake", "区教育局").await;
    let data = stranger.data(SUBMIT, json!({ "input": good })).await;
    assert_eq!(faults(&data["submitProgress"]), [("NOT_ASSIGNED".to_owned(), at("input.taskId"))]);
    let mut unknown = good.clone();
    unknown["taskId"] = json!("task_00000000000000000000000000");
    assert_eq!(scene.lead.error(SUBMIT, json!({ "input": unknown })).await["extensions"]["code"], "NOT_FOUND");
    for table in ["progress_report", "report_figure", "report_transition", "blocker", "progress_event"] {
        assert_eq!(app.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
}

async fn what_nobody_sees_is_taken_out_of_texts(app: App) {
    let scene = Scene::of(&app).await;
    let mut post = scene.post("2024-W15", "1").await;
    post["narrative"] = json!("\u{200b}\0\u{202e}");
    assert_eq!(scene.faults(&post).await, [("NARRATIVE_MISSING".to_owned(), at("input.narrative"))]);
    post["narrative"] = json!("完成\u{202e}一处\0；\r\n\t另一处\u{200b}开工\u{2028}第三处\u{feff}");
    post["achievements"][0]["explanation"] = json!("核\u{200d}实");
    post["blockers"] = json!([{ "description": "场地\u{2066}未定", "needs": "请街道\u{7}协调" }]);
    let report = scene.posted(&post).await["report"].clone();
    assert_eq!(report["narrative"], "完成一处；\n\t另一处开工\n第三处");
    assert_eq!(report["achievements"][0]["explanation"], "核实");
    assert_eq!(report["blockers"][0]["description"], "场地未定");
    assert_eq!(app.number("SELECT count(*) FROM blocker WHERE needs = '请街道协调'").await, 1);
    let returned = scene.reviewed(&report, "RETURN", Some("请\u{200b}核\0实")).await;
    assert_eq!(returned["report"]["state"], "RETURNED");
    assert_eq!(app.number("SELECT count(*) FROM report_transition WHERE reason = '请核实'").await, 1);
    let nothing = json!({ "report": report["id"], "decision": "RETURN", "reason": "\0", "version": returned["report"]["version"] });
    let data = scene.office.data(super::scene::REVIEW, nothing).await;
    assert!(!data["reviewProgress"]["errors"].as_array().expect("errors").is_empty(), "{data:#}");
    // What is of one line stays of one line.
    let key = "mutation($e: DateTime!) { createApiKey(input: { name: \"督查\\n大屏\\u200b\", expiresAt: $e }) { apiKey { name } errors { code } } }";
    let made = scene.office.data(key, json!({ "e": (app.now() + chrono::TimeDelta::days(1)).to_rfc3339() })).await;
    assert_eq!(made["createApiKey"]["apiKey"]["name"], "督查 大屏", "{made:#}");
}

async fn a_post_is_updated_until_it_is_accepted(app: App) {
    let scene = Scene::of(&app).await;
    let first = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    // Without the version, or with another, somebody else's work would be lost.
    let error = scene.lead.error(SUBMIT, json!({ "input": scene.post("2024-W15", "2").await })).await;
    assert_eq!((&error["extensions"]["code"], &error["extensions"]["current"]["version"]), (&json!("STALE_VERSION"), &json!(1)));
    let mut again = scene.post("2024-W15", "2").await;
    again["expectedVersion"] = json!(1);
    again["blockers"] = json!([{ "description": "资金未到位", "needs": "请财政拨付" }]);
    app.pass(chrono::TimeDelta::minutes(5));
    let second = scene.posted(&again).await["report"].clone();
    assert_eq!((&second["id"], &second["version"], &second["achievements"][0]["value"]), (&first["id"], &json!(2), &json!("2")));
    assert_eq!(second["blockers"].as_array().expect("blockers").len(), 1);
    let times = "query($id: ID!) { node(id: $id) { ... on ProgressReport { firstSubmittedAt submittedAt } } }";
    let times = scene.lead.data(times, json!({ "id": first["id"] })).await["node"].clone();
    assert_eq!(times, json!({ "firstSubmittedAt": "2024-04-12T02:00:00Z", "submittedAt": "2024-04-12T02:05:00Z" }));
    scene.reviewed(&second, "ACCEPT", None).await;
    again["expectedVersion"] = json!(3);
    assert_eq!(scene.faults(&again).await, [("REPORT_LOCKED".to_owned(), at("input"))]);
}

async fn a_draft_is_its_units_own(app: App) {
    let scene = Scene::of(&app).await;
    let mut draft = scene.post("2024-W15", "1").await;
    draft["draft"] = json!(true);
    draft["narrative"] = json!("");
    let saved = scene.posted(&draft).await["report"].clone();
    assert_eq!((&saved["state"], &saved["submittedAt"]), (&json!("DRAFT"), &Value::Null));
    let node = "query($id: ID!) { node(id: $id) { id } reports(first: 5) { nodes { id } } }";
    let seen = async |who: &crate::support::actor::Actor<'_>| {
        let data = who.data(node, json!({ "id": saved["id"] })).await;
        (data["node"].is_object(), data["reports"]["nodes"].as_array().expect("reports").len())
    };
    assert_eq!(seen(&scene.lead).await, (true, 1));
    assert_eq!(seen(&scene.support).await, (false, 0));
    assert_eq!(seen(&scene.office).await, (false, 0));
    assert_eq!(app.data(node, json!({ "id": saved["id"] })).await["node"], Value::Null);
    // Submitted, it is the office's as well, and on time by this.
    draft["draft"] = json!(false);
    draft["narrative"] = json!("完成一处");
    draft["expectedVersion"] = saved["version"].clone();
    scene.posted(&draft).await;
    assert_eq!(seen(&scene.office).await, (true, 1));
    assert_eq!(app.data(node, json!({ "id": saved["id"] })).await["node"], Value::Null);
    // It cannot be a draft again.
    draft["draft"] = json!(true);
    draft["expectedVersion"] = json!(2);
    assert_eq!(scene.faults(&draft).await, [("REPORT_SUBMITTED_ALREADY".to_owned(), at("input"))]);
}

async fn figures_do_not_fall_without_an_explanation(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W14", "2").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let mut lower = scene.post("2024-W15", "1").await;
    assert_eq!(scene.faults(&lower).await, [("FIGURE_BELOW_ACCEPTED".to_owned(), at("input.achievements.0.value"))]);
    lower["achievements"][0]["explanation"] = json!("一处验收未通过");
    let posted = scene.posted(&lower).await["report"].clone();
    assert_eq!(
        (&posted["achievements"][0]["previousValue"], &posted["achievements"][0]["explanation"]),
        (&json!("2"), &json!("一处验收未通过"))
    );
}

async fn what_is_odd_is_taken_with_a_warning(app: App) {
    let scene = Scene::of(&app).await;
    let posted = scene.posted(&scene.post("2024-W15", "7").await).await["report"].clone();
    let warnings = "query($id: ID!) { node(id: $id) { ... on ProgressReport { warnings { code message } } } }";
    let seen = scene.office.data(warnings, json!({ "id": posted["id"] })).await["node"]["warnings"].clone();
    assert_eq!(seen[0]["code"], "ABOVE_TWICE_THE_TARGET");
    assert!(text(&seen[0]["message"]).contains('3'), "{seen}");
}

async fn whoever_is_behind_says_why_and_what_is_needed(app: App) {
    let scene = Scene::of(&app).await;
    let mut post = scene.post("2024-W15", "0").await;
    post["blockers"] = json!([]);
    assert_eq!(scene.faults(&post).await, [("BEHIND_WITHOUT_CAUSE".to_owned(), at("input.blockers"))]);
    post["blockers"] = json!([{ "description": "场地未定" }]);
    assert_eq!(scene.faults(&post).await, [("BEHIND_WITHOUT_NEED".to_owned(), at("input.blockers"))]);
    // A supporting unit without a share of its own answers for no part of the plan.
    let data = scene.support.data(SUBMIT, json!({ "input": post })).await;
    assert_eq!(data["submitProgress"]["errors"], json!([]));
    // Said once and still open, it need not be said again.
    post["blockers"] = json!([{ "description": "场地未定", "needs": "请街道协调" }]);
    scene.posted(&post).await;
    let mut month = scene.post("2024-04", "0").await;
    month["blockers"] = json!([]);
    scene.posted(&month).await;
}

async fn members_of_a_collective_report_against_their_shares(app: App) {
    app.travel_to("2022-05-20T02:00:00Z");
    let city = app.actor("city-office", entity::Role::Office, "jining").await;
    let task = task(&app, "jining", 2022, 2).await;
    let childcare = "query { tasks(filter: { text: \"新增托位\", jurisdiction: [\"jining\"], includeDescendants: false }, first: 5) { nodes { id title standing { version }
        targets { id label value } assignments { role unit { name kind members { id name jurisdiction { code } } } } } } }";
    let found = city.data(childcare, json!({})).await["tasks"]["nodes"][0].clone();
    let target =
        found["targets"].as_array().expect("targets").iter().find(|target| target["label"] == "新增托位").expect("the places").clone();
    assert_ne!(task["id"], Value::Null);
    let collective = found["assignments"]
        .as_array()
        .expect("assignments")
        .iter()
        .find(|part| part["unit"]["kind"] == "COLLECTIVE")
        .expect("one")
        .clone();
    let members = collective["unit"]["members"].as_array().expect("members").clone();
    let allocate = "mutation($input: AllocateTargetInput!) { allocateTarget(input: $input) { task { standing { version } targets { allocations { unit { name } value } } } errors { code field message } } }";
    let shares =
        |value: i64| -> Value { members.iter().map(|member| json!({ "unitId": member["id"], "value": value.to_string() })).collect() };
    let ask = |allocations: Value, version: &Value| json!({ "input": { "targetId": target["id"], "expectedVersion": version, "allocations": allocations } });
    // The shares have to make what was promised together: at least 10000.
    let short = city.data(allocate, ask(shares(900), &found["standing"]["version"])).await["allocateTarget"].clone();
    assert_eq!(faults(&short), [("ALLOCATION_TOTAL".to_owned(), at("input.allocations"))]);
    let done = city.data(allocate, ask(shares(1000), &found["standing"]["version"])).await["allocateTarget"].clone();
    assert_eq!(done["errors"], json!([]), "{done:#}");
    // A county reports its own figure, and is judged by its own share.
    let county = app.of_unit("county", &text(&members[0]["jurisdiction"]["code"]), &text(&members[0]["name"])).await;
    let post = json!({
        "taskId": found["id"], "period": "2022-04", "narrative": "新增托位 600 个",
        "achievements": [{ "targetId": target["id"], "value": "600" }],
    });
    let posted = county.data(SUBMIT, json!({ "input": post })).await["submitProgress"].clone();
    assert_eq!(posted["errors"], json!([]), "{posted:#}");
    // Two counties make one figure, and nothing is counted twice.
    let other = app.of_unit("other-county", &text(&members[1]["jurisdiction"]["code"]), &text(&members[1]["name"])).await;
    let posted_too = other.data(SUBMIT, json!({ "input": post })).await["submitProgress"].clone();
    assert_eq!(posted_too["errors"], json!([]));
    for report in [&posted["report"], &posted_too["report"]] {
        let variables = json!({ "report": report["id"], "decision": "ACCEPT", "version": report["version"] });
        city.data(super::scene::REVIEW, variables).await;
    }
    let achieved =
        "query($id: ID!) { node(id: $id) { ... on Task { state { targets { target { label } achieved completion counts } } } } }";
    let state = app.data(achieved, json!({ "id": found["id"] })).await["node"]["state"].clone();
    let places =
        state["targets"].as_array().expect("targets").iter().find(|row| row["target"]["label"] == "新增托位").expect("places").clone();
    assert_eq!((&places["achieved"], &places["completion"]), (&json!("1200"), &json!("0.12")));
}
