//! What is known, what is not, and how figures are told: the examples that offices gave, each with its figure.

use serde_json::{Value, json};

use super::scene::{SUBMIT, Scene, at, faults};
use crate::{cases, support::app::App};

cases![
    unknown_is_not_zero,
    a_task_in_words_alone_asks_its_lead_for_a_word,
    a_sum_says_how_many_have_reported,
    what_is_below_the_whole_never_reads_as_the_whole,
    a_ceiling_is_kept_or_broken,
    a_broken_ceiling_is_no_better_for_what_else_is_done,
    about_is_met_from_five_percent_below,
    a_rate_runs_from_its_baseline,
    what_others_report_stands_beside_the_leads_figure,
    with_shares_those_who_have_one_are_added,
];

const STATE: &str = "query($id: ID!, $on: Date) { node(id: $id) { ... on Task { completion(on: $on) state(on: $on) { light stale completion
    planned gap onSchedule targetCount reportedCount targets { achieved completion counts met ceiling exceeded } proof { steps { kind text } toTurnGreen } } } } }";

async fn state(app: &App, task: &Value, on: &str) -> Value {
    app.data(STATE, json!({ "id": task["id"], "on": on })).await["node"]["state"].clone()
}

/// The tasks of the notice that the scene is about.
const TAIBAI_LAKE: &str = "notice_id = (SELECT id FROM notice WHERE document_number = '济太管发〔2024〕1号')";

/// Makes the canteens' target something else; quantities are whole numbers of ten-thousandths.
async fn become_of(app: &App, set: &str) {
    let change = format!("UPDATE target SET {set} WHERE label = '老年人食堂' AND task_id IN (SELECT id FROM task WHERE {TAIBAI_LAKE})");
    app.execute(&change).await.expect("the target is another");
}

fn kinds(state: &Value) -> Vec<&str> {
    state["proof"]["steps"].as_array().expect("steps").iter().filter_map(|step| step["kind"].as_str()).collect()
}

async fn unknown_is_not_zero(app: App) {
    let scene = Scene::of(&app).await;
    // Five facilities and sixty people trained, of which nobody says a word.
    let task = scene.task(3).await;
    let nothing = state(&app, &task, "2024-04-12").await;
    for field in ["completion", "gap", "onSchedule"] {
        assert_eq!(nothing[field], Value::Null, "{field}");
    }
    assert_eq!((&nothing["targetCount"], &nothing["reportedCount"], &nothing["light"]), (&json!(2), &json!(0), &json!("GREY")));
    let unknown = json!({ "achieved": null, "completion": null, "counts": true, "met": null, "ceiling": null, "exceeded": false });
    assert_eq!(nothing["targets"], json!([unknown, unknown]));
    // All five facilities, and not a word of the sixty people.
    scene.counted(&task, "2024-W15", &[(0, "5")]).await;
    let scene = scene.later("2024-06-03T02:00:00Z").await;
    let half = state(&app, &task, "2024-06-02").await;
    assert_eq!((&half["completion"], &half["targetCount"], &half["reportedCount"]), (&json!("1"), &json!(2), &json!(1)));
    assert_eq!((&half["light"], &half["stale"]), (&json!("YELLOW"), &Value::Null), "what is not reported is no shelter");
    assert_eq!(kinds(&half), ["TARGET", "TARGET_UNREPORTED", "COMPLETION", "PLANNED", "MEASURED", "PARTLY_REPORTED"]);
    // 61 of 273 days are 22.3 %: more than 12.3 % of sixty are eight.
    let needs = half["proof"]["toTurnGreen"].to_string();
    assert!(needs.contains("不低于 8名"), "{needs}");
    scene.counted(&task, "2024-W22", &[(1, "8")]).await;
    let both = state(&app, &task, "2024-06-03").await;
    assert_eq!((&both["light"], &both["reportedCount"]), (&json!("GREEN"), &json!(2)));
    // A at 100 %, B never reported is not done when all should be.
    let other = scene.task(1).await;
    become_of(&app, &format!("task_id = (SELECT id FROM task WHERE {TAIBAI_LAKE} AND number = 1), position = 9")).await;
    scene.counted(&other, "2024-W22", &[(0, "30")]).await;
    scene.later("2025-02-01T02:00:00Z").await;
    let late = state(&app, &other, "2025-01-31").await;
    assert_eq!((&late["light"], &late["completion"], &late["reportedCount"]), (&json!("RED"), &json!("1"), &json!(1)));
    assert!(kinds(&late).ends_with(&["PAST_DUE", "PARTLY_REPORTED"]), "{late:#}");
}

async fn a_task_in_words_alone_asks_its_lead_for_a_word(app: App) {
    let scene = Scene::of(&app).await;
    let task = scene.task(3).await;
    app.execute("DELETE FROM target WHERE label IN ('增加提升社区养老服务设施', '培训养老服务从业人员')").await.expect("in words alone");
    assert_eq!(scene.task(3).await["targets"], json!([]));
    let mut post = json!({ "taskId": task["id"], "period": "2024-W14", "narrative": "已启动",
        "blockers": [{ "description": "场地未定", "needs": "请街道协调场地" }] });
    assert_eq!(scene.faults(&post).await, [("STATED_COMPLETION_MISSING".to_owned(), at("input.statedCompletion"))]);
    // Who supports it is not asked, and a draft may be unfinished.
    let data = scene.support.data(SUBMIT, json!({ "input": post })).await;
    assert_eq!(faults(&data["submitProgress"]), []);
    post["draft"] = json!(true);
    assert_eq!(scene.faults(&post).await, []);
    // The proof names the field, once it is silence.
    let scene = scene.later("2024-05-06T02:00:00Z").await;
    let silent = state(&app, &task, "2024-05-05").await;
    assert_eq!((&silent["light"], &silent["completion"], &silent["targetCount"]), (&json!("YELLOW"), &Value::Null, &json!(0)));
    assert!(silent["proof"]["toTurnGreen"].to_string().contains("statedCompletion"), "{silent:#}");
    assert!(kinds(&silent).contains(&"NOT_STATED"));
    let stated = json!({ "taskId": task["id"], "period": "2024-W18", "narrative": "已完成两成", "statedCompletion": "20" });
    let report = scene.posted(&stated).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let told = state(&app, &task, "2024-05-06").await;
    assert_eq!((&told["light"], &told["completion"]), (&json!("GREEN"), &json!("0.2")));
}

async fn a_sum_says_how_many_have_reported(app: App) {
    let scene = Scene::of(&app).await;
    let ask = "{ ledger(jurisdiction: \"taibai-lake\", year: 2024) { summary { taskCount reportedCount completion planned } }
        taskGroups(by: [YEAR], filter: { jurisdiction: [\"taibai-lake\"] }) { total { taskCount reportedCount completion planned gap } }
        comparison(indicator: \"elder-canteens\") { rows { jurisdiction { code } target achieved completion rank rankedAmong
            targetCount reportedCount reportedTarget } } }";
    let before = app.data(ask, json!({})).await;
    assert_eq!(before["ledger"]["summary"], json!({ "taskCount": 20, "reportedCount": 0, "completion": null, "planned": null }));
    let row = |data: &Value| data["comparison"]["rows"].as_array().expect("rows").last().expect("Taibai Lake").clone();
    let silent = json!({ "jurisdiction": { "code": "taibai-lake" }, "target": "3", "achieved": null, "completion": null, "rank": null,
        "rankedAmong": null, "targetCount": 1, "reportedCount": 0, "reportedTarget": null });
    assert_eq!(row(&before), silent);
    // One of twenty tasks says that a third is done: that is the mean, and what is planned is planned of the same task.
    scene.counted(&scene.task(2).await, "2024-W15", &[(0, "1")]).await;
    let after = app.data(ask, json!({})).await;
    assert_eq!(after["ledger"]["summary"], json!({ "taskCount": 20, "reportedCount": 1, "completion": "0.3333", "planned": "0.0366" }));
    let total = &after["taskGroups"]["total"];
    assert_eq!((&total["taskCount"], &total["reportedCount"], &total["completion"]), (&json!(20), &json!(1), &json!("0.3333")));
    let told = row(&after);
    assert_eq!((&told["rank"], &told["rankedAmong"], &told["reportedTarget"]), (&json!(1), &json!(1), &json!("3")));
}

async fn what_is_below_the_whole_never_reads_as_the_whole(app: App) {
    let scene = Scene::of(&app).await;
    become_of(&app, "value = 278000000").await;
    let task = scene.task(2).await;
    scene.counted(&task, "2024-W15", &[(0, "27799")]).await;
    scene.later("2024-12-31T02:00:00Z").await;
    let almost = state(&app, &task, "2024-12-31").await;
    assert_eq!((&almost["planned"], &almost["completion"], &almost["gap"]), (&json!("1"), &json!("0.9999"), &json!("0.01")));
    assert_eq!((&almost["targets"][0]["completion"], &almost["onSchedule"]), (&json!("0.9999"), &json!(false)));
    let told = almost["proof"].to_string();
    assert!(told.contains("27799 ÷ 27800处 = 99.99%") && told.contains("任务完成率 99.99%") && !told.contains("= 100%"), "{told}");
    let ask = "{ ledger(jurisdiction: \"taibai-lake\", year: 2024) { summary { completion } nodes { completion gap } }
        taskGroups(by: [YEAR], filter: { indicator: [\"elder-canteens\"], jurisdiction: [\"taibai-lake\"] }) { total { completion gap sum { completion } } }
        comparison(indicator: \"elder-canteens\", years: [2024]) { rows { completion } } trend(indicator: \"elder-canteens\", jurisdiction: \"taibai-lake\") { years { points { completion } } } }";
    let all = app.data(ask, json!({})).await;
    assert_eq!(
        (&all["ledger"]["summary"]["completion"], &all["comparison"]["rows"][0]["completion"]),
        (&json!("0.9999"), &json!("0.9999"))
    );
    let total = &all["taskGroups"]["total"];
    assert_eq!([&total["completion"], &total["gap"], &total["sum"]["completion"]], ["0.9999", "0.01", "0.9999"]);
    assert!(!all.to_string().contains("\"completion\":\"1\""), "{all:#}");
}

/// Makes the canteens what an office limits: at most so many ten-thousandths of something.
async fn limit(app: &App, value: i64) {
    become_of(app, &format!("comparator = 'AT_MOST', value = {value}, kind = 'RATE', unit = '%', indicator_id = NULL")).await;
}

async fn a_ceiling_is_kept_or_broken(app: App) {
    let mut scene = Scene::of(&app).await;
    limit(&app, 43_000).await;
    let task = scene.task(2).await;
    let words = |state: &Value| {
        let target = &state["targets"][0];
        json!([state["light"], state["completion"], target["ceiling"], target["met"], target["completion"], target["counts"]])
    };
    assert_eq!(words(&state(&app, &task, "2024-04-12").await), json!(["GREY", null, null, null, null, false]));
    // Nine reports of 3.57: kept all year, and complete on the day on which it is due.
    for month in 4..=12 {
        let day = if month == 12 { "2024-12-30T02:00:00Z".to_owned() } else { format!("2024-{:02}-03T02:00:00Z", month + 1) };
        scene = scene.later(&day).await;
        scene.counted(&task, &format!("2024-{month:02}"), &[(0, "3.57")]).await;
        let on = day.split('T').next().expect("a day");
        assert_eq!(words(&state(&app, &task, on).await), json!(["GREEN", null, "KEPT", null, null, false]), "{on}");
    }
    let scene = scene.later("2025-02-01T02:00:00Z").await;
    for on in ["2024-12-31", "2025-01-01", "2025-01-31"] {
        assert_eq!(words(&state(&app, &task, on).await), json!(["GREEN", "1", "KEPT", true, null, false]), "{on}");
    }
    let proof = state(&app, &task, "2024-12-30").await;
    assert!(kinds(&proof).contains(&"CEILINGS_KEPT"), "{proof:#}");
    // A term is neither asked for nor judged: the most that a person can get, where more is better.
    become_of(
        &app,
        "kind = 'AMOUNT', unit = '元', indicator_id = (SELECT id FROM indicator WHERE code = 'worker-critical-illness-subsidy-cap')",
    )
    .await;
    let term = state(scene.app, &task, "2024-12-31").await;
    assert_eq!(term["targets"][0]["ceiling"], Value::Null);
}

async fn a_broken_ceiling_is_no_better_for_what_else_is_done(app: App) {
    let scene = Scene::of(&app).await;
    limit(&app, 50_000).await;
    let task = scene.task(2).await;
    // Nine percent where five are the most, and the lead states that all is done.
    let post = json!({ "taskId": task["id"], "period": "2024-W15", "narrative": "已完成", "statedCompletion": "100",
        "achievements": [{ "targetId": task["targets"][0]["id"], "value": "9" }] });
    let report = scene.posted(&post).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let rate = state(&app, &task, "2024-04-12").await;
    let target = &rate["targets"][0];
    assert_eq!((&rate["light"], &rate["completion"], &rate["onSchedule"]), (&json!("YELLOW"), &Value::Null, &Value::Null));
    assert_eq!((&target["ceiling"], &target["met"], &target["exceeded"]), (&json!("BROKEN"), &json!(false), &json!(true)));
    assert!(rate["proof"]["toTurnGreen"].to_string().contains("须不超过 5%"), "{rate:#}");
    // What adds up does not come back: twelve million of ten.
    become_of(&app, "kind = 'AMOUNT', unit = '万元'").await;
    let amount = state(&app, &task, "2024-04-12").await;
    assert_eq!(amount["light"], "RED");
    assert!(amount["proof"]["steps"].to_string().contains("不会回落"), "{amount:#}");
    become_of(&app, "kind = 'RATE', unit = '%'").await;
    // It comes back, and is green again.
    let scene = scene.later("2024-05-03T02:00:00Z").await;
    let mut lower = json!({ "taskId": task["id"], "period": "2024-04", "narrative": "已回落",
        "achievements": [{ "targetId": task["targets"][0]["id"], "value": "4.8", "explanation": "专项治理" }] });
    lower["blockers"] = json!([]);
    let report = scene.posted(&lower).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    assert_eq!(state(&app, &task, "2024-05-03").await["light"], "GREEN");
    scene.later("2025-02-01T02:00:00Z").await;
    assert_eq!(state(&app, &task, "2025-01-31").await["light"], "GREEN", "kept when it was due");
}

const ADOPT: &str = "mutation($input: AdoptRuleSetInput!) { adoptRuleSet(input: $input) { ruleSet { code version aboutTolerance } errors { code field } } }";

async fn about_is_met_from_five_percent_below(app: App) {
    let scene = Scene::of(&app).await;
    become_of(&app, "comparator = 'ABOUT', value = 5000000").await;
    let task = scene.task(2).await;
    scene.counted(&task, "2024-W14", &[(0, "474")]).await;
    let told = |state: &Value| json!([state["targets"][0]["completion"], state["targets"][0]["met"], state["completion"]]);
    assert_eq!(told(&state(&app, &task, "2024-04-12").await), json!(["0.948", false, "0.948"]));
    scene.counted(&task, "2024-W15", &[(0, "495")]).await;
    assert_eq!(told(&state(&app, &task, "2024-04-12").await), json!(["0.99", true, "1"]));
    // Past due it is done; by rules without a tolerance it would not be.
    let scene = scene.later("2025-02-01T02:00:00Z").await;
    assert_eq!(state(&app, &task, "2025-01-31").await["light"], "GREEN");
    let own = |tolerance: &str| {
        json!({ "input": { "jurisdiction": "taibai-lake", "own": { "code": "exact", "name": "从严", "nameEnglish": "Exact", "gauge": "GAP",
            "curve": "OWN_PLAN", "aboutTolerance": tolerance, "bands": [{ "light": "GREEN", "below": "10" }, { "light": "RED", "from": "10" }] } } })
    };
    let refused = scene.office.data(ADOPT, own("51")).await["adoptRuleSet"].clone();
    assert_eq!(faults(&refused), [("NO_RULE_SET".to_owned(), at("input.own.aboutTolerance"))]);
    let adopted = scene.office.data(ADOPT, own("0")).await["adoptRuleSet"].clone();
    assert_eq!(adopted["ruleSet"], json!({ "code": "exact", "version": 1, "aboutTolerance": "0" }));
    assert_eq!(told(&state(&app, &task, "2025-02-01").await), json!(["0.99", false, "0.99"]));
    assert_eq!(state(&app, &task, "2025-02-01").await["light"], "RED");
    assert_eq!(told(&state(&app, &task, "2025-01-31").await), json!(["0.99", true, "1"]), "versions judge nothing before them");
    let built_in = app.data("{ builtInRuleSets { aboutTolerance } }", json!({})).await;
    assert_eq!(built_in["builtInRuleSets"], json!([{ "aboutTolerance": "5" }, { "aboutTolerance": "5" }, { "aboutTolerance": "5" }]));
}

async fn a_rate_runs_from_its_baseline(app: App) {
    let scene = Scene::of(&app).await;
    become_of(&app, "comparator = 'AT_LEAST', value = 900000, baseline = 840000, kind = 'RATE', unit = '%', indicator_id = NULL").await;
    let task = scene.task(2).await;
    // 85 of 90 in the first month is a sixth of the way from 84, and not 94 % done.
    scene.counted(&task, "2024-W14", &[(0, "85")]).await;
    let told = state(&app, &task, "2024-04-12").await;
    assert_eq!((&told["completion"], &told["targets"][0]["completion"]), (&json!("0.1666"), &json!("0.1666")));
    assert!(told["proof"]["steps"][0]["text"].as_str().expect("a text").contains("85（−84） ÷ 90%（−84） = 16.66%"), "{told:#}");
    let query = "query($id: ID!) { node(id: $id) { ... on Task { targets { value baseline } } } }";
    let target = app.data(query, json!({ "id": task["id"] })).await["node"]["targets"][0].clone();
    assert_eq!(target, json!({ "value": "90", "baseline": "84" }));
    // A rate is part of its base.
    let mut post = scene.post("2024-W15", "101").await;
    assert_eq!(scene.faults(&post).await, [("FIGURE_ABOVE_WHOLE".to_owned(), at("input.achievements.0.value"))]);
    post["achievements"][0]["value"] = json!("91.5");
    let report = scene.posted(&post).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let over = state(&app, &task, "2024-04-12").await;
    assert_eq!(
        (&over["targets"][0]["completion"], &over["completion"], &over["targets"][0]["met"]),
        (&json!("1.25"), &json!("1"), &json!(true))
    );
    // A reduction runs down: from 40 to 30 at most, 34 is six tenths of the way.
    become_of(&app, "comparator = 'AT_MOST', value = 300000, baseline = 400000").await;
    let mut lower = scene.post("2024-04", "34").await;
    lower["achievements"][0]["explanation"] = json!("口径调整");
    let report = scene.posted(&lower).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let down = state(&app, &task, "2024-04-12").await;
    assert_eq!(
        (&down["completion"], &down["targets"][0]["ceiling"], &down["targets"][0]["counts"]),
        (&json!("0.6"), &Value::Null, &json!(true))
    );
    // The tables hold no baseline of what starts at nothing.
    let wrong = app.execute("UPDATE target SET baseline = 10000 WHERE kind = 'INCREMENT'").await.expect_err("refused");
    assert!(wrong.to_lowercase().contains("target_baseline_check") || wrong.to_lowercase().contains("check"), "{wrong}");
}

const WARNINGS: &str = "query($id: ID!) { node(id: $id) { ... on ProgressReport { warnings { code message } } } }";

async fn warned(scene: &Scene<'_>, report: &Value) -> Vec<String> {
    let told = scene.office.data(WARNINGS, json!({ "id": report["id"] })).await["node"]["warnings"].clone();
    told.as_array().expect("warnings").iter().map(|warning| warning["code"].as_str().expect("a code").to_owned()).collect()
}

async fn what_others_report_stands_beside_the_leads_figure(app: App) {
    let scene = Scene::of(&app).await;
    become_of(&app, "value = 600000").await;
    let task = scene.task(2).await;
    scene.counted(&task, "2024-W15", &[(0, "30")]).await;
    // The supporting unit repeats the lead's thirty: that is thirty of sixty, and the reviewer is told.
    let post = async |period: &str, value: &str| {
        let data = scene.support.data(SUBMIT, json!({ "input": scene.post(period, value).await })).await;
        assert_eq!(data["submitProgress"]["errors"], json!([]));
        data["submitProgress"]["report"].clone()
    };
    let repeated = post("2024-W15", "30").await;
    assert_eq!(warned(&scene, &repeated).await, ["REPORTED_TWICE"]);
    scene.reviewed(&repeated, "ACCEPT", None).await;
    let told = app.data(MAKEUP, json!({ "id": task["id"] })).await["node"].clone();
    assert_eq!(told["state"]["targets"], json!([{ "achieved": "30", "makeup": "LEAD" }]));
    assert_eq!(told["state"]["completion"], "0.5");
    let parts = &told["targets"][0]["breakdown"]["parts"];
    assert_eq!(parts, &json!([{ "reported": "30", "counted": true }, { "reported": "30", "counted": false }]));
    assert_eq!(told["targets"][0]["breakdown"]["reported"], "30");
    // More than the lead has in all cannot be in it.
    assert_eq!(warned(&scene, &post("2024-04", "40").await).await, ["PARTS_DISAGREE"]);
}

const MAKEUP: &str = "query($id: ID!) { node(id: $id) { ... on Task { state { completion light targets { achieved makeup } }
    targets { breakdown { reported parts { reported counted } } } } } }";

async fn with_shares_those_who_have_one_are_added(app: App) {
    let scene = Scene::of(&app).await;
    become_of(&app, "value = 6000000").await;
    let task = scene.task(2).await;
    let other = app.of_unit("town", "taibai-lake", "石桥镇政府").await;
    let unit = async |name: &str| {
        let query = "query($name: String) { units(filter: { jurisdiction: [\"taibai-lake\"], text: $name }) { nodes { id name } } }";
        let units = app.data(query, json!({ "name": name })).await["units"]["nodes"].clone();
        units.as_array().expect("units").iter().find(|unit| unit["name"] == name).expect("the unit")["id"].clone()
    };
    let allocate = "mutation($input: AllocateTargetInput!) { allocateTarget(input: $input) { errors { code message } } }";
    let shares = json!([{ "unitId": unit("区财政金融局").await, "value": "400" }, { "unitId": unit("石桥镇政府").await, "value": "200" }]);
    let input = json!({ "targetId": task["targets"][0]["id"], "expectedVersion": 0, "allocations": shares });
    assert_eq!(scene.office.data(allocate, json!({ "input": input })).await["allocateTarget"]["errors"], json!([]));
    // Districts 200 and 100, and the lead's total of 300: 300 of 600, and not 600.
    for (who, value, warnings) in [(&scene.support, "200", vec![]), (&other, "100", vec![]), (&scene.lead, "300", vec!["REPORTED_TWICE"])] {
        let data = who.data(SUBMIT, json!({ "input": scene.post("2024-W15", value).await })).await;
        assert_eq!(data["submitProgress"]["errors"], json!([]), "{data:#}");
        let report = data["submitProgress"]["report"].clone();
        assert_eq!(warned(&scene, &report).await, warnings, "{value}");
        scene.reviewed(&report, "ACCEPT", None).await;
    }
    let told = app.data(MAKEUP, json!({ "id": task["id"] })).await["node"].clone();
    assert_eq!(told["state"]["targets"], json!([{ "achieved": "300", "makeup": "SHARES" }]));
    assert_eq!((&told["state"]["completion"], &told["targets"][0]["breakdown"]["reported"]), (&json!("0.5"), &json!("300")));
    // Above its share, and then more than the total that the lead stated.
    let data = scene.support.data(SUBMIT, json!({ "input": scene.post("2024-04", "401").await })).await;
    let report = data["submitProgress"]["report"].clone();
    assert_eq!(warned(&scene, &report).await, ["LARGEST_JUMP", "ABOVE_SHARE", "PARTS_DISAGREE"]);
}
