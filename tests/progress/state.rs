//! Lights and their proofs, plans, rule sets, and the number of statements that it all takes.

use serde_json::{Value, json};

use super::scene::{Scene, at, faults};
use crate::{cases, support::app::App};

cases![
    a_light_says_why_it_is_on,
    silence_makes_a_light_stale,
    a_plan_is_shown_beside_the_straight_line,
    a_jurisdiction_adopts_rules_without_a_hole,
    a_ledger_takes_the_same_statements_whatever_its_length,
];

const STATE: &str = "query($id: ID!, $on: Date) { node(id: $id) { ... on Task { state(on: $on) { light stale completion planned gap onSchedule
    proof { ruleSetCode ruleSetVersion curve asOf dueOn straightLine ownPlan backLoading { on message } basis steps { kind text } toTurnGreen explanation } } } } }";

async fn a_light_says_why_it_is_on(app: App) {
    let scene = Scene::of(&app).await;
    let (task, _) = scene.canteens().await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    app.travel_to("2024-10-02T02:00:00Z");
    let office = app.sign_in("office").await;
    let state = office.data(STATE, json!({ "id": task, "on": "2024-10-01" })).await["node"]["state"].clone();
    // 182 of 273 days: two thirds are due, one third is done, and 33.33… points are more than 30. Shares are cut, gaps away from zero.
    assert_eq!((&state["planned"], &state["completion"], &state["gap"]), (&json!("0.6666"), &json!("0.3333"), &json!("33.34")));
    assert_eq!((&state["light"], &state["stale"], &state["onSchedule"]), (&json!("RED"), &json!(true), &json!(false)));
    let proof = &state["proof"];
    assert_eq!((&proof["ruleSetCode"], &proof["ruleSetVersion"]), (&json!("gap-points"), &json!(1)));
    assert_eq!((&proof["asOf"], &proof["dueOn"], &proof["basis"]), (&json!("2024-10-01"), &json!("2024-12-31"), &json!("TARGETS")));
    let kinds: Vec<&Value> = proof["steps"].as_array().expect("steps").iter().map(|step| &step["kind"]).collect();
    assert_eq!(kinds, ["TARGET", "COMPLETION", "PLANNED", "MEASURED", "MISSING_REPORTS"]);
    assert!(proof["steps"][0]["text"].as_str().expect("a text").contains("1 ÷ 3处 = 33.33%"), "{proof:#}");
    assert!(proof["toTurnGreen"].as_array().expect("needs").len() >= 2, "{proof:#}");
    // The public light is judged without what is missing.
    let public = app.data(STATE, json!({ "id": task, "on": "2024-10-01" })).await["node"]["state"].clone();
    assert_eq!((&public["light"], &public["stale"]), (&json!("RED"), &Value::Null));
    assert!(!public.to_string().contains("MISSING_REPORTS") && !public["proof"]["explanation"].as_str().expect("a text").contains("缺报"));
    // Past due and not complete.
    app.travel_to("2025-02-01T02:00:00Z");
    let state = app.data(STATE, json!({ "id": task })).await["node"]["state"].clone();
    assert_eq!((&state["light"], &state["planned"]), (&json!("RED"), &json!("1")));
    // In English as well.
    let reply = app.post_with(STATE, json!({ "id": task }), &[("accept-language", "en")]).await;
    assert!(reply.body["data"]["node"]["state"]["proof"]["explanation"].as_str().expect("a text").starts_with("Red as of 2025-02-01"));
}

async fn silence_makes_a_light_stale(app: App) {
    let scene = Scene::of(&app).await;
    let (task, _) = scene.canteens().await;
    app.travel_to("2024-04-20T02:00:00Z");
    let office = app.sign_in("office").await;
    let inside = async |on: &str| office.data(STATE, json!({ "id": task, "on": on })).await["node"]["state"].clone();
    let outside = async |on: &str| app.data(STATE, json!({ "id": task, "on": on })).await["node"]["state"].clone();
    // Nothing is due yet, and nothing reported.
    assert_eq!([&inside("2024-04-08").await["light"], &outside("2024-04-08").await["light"]], ["GREY", "GREY"]);
    // W14 was due on the 9th: one report may be late, two in a row are silence, which is stale to those who know what is missing.
    let one = inside("2024-04-15").await;
    assert_eq!((&one["light"], &one["stale"], &one["completion"]), (&json!("GREY"), &json!(false), &Value::Null));
    let two = inside("2024-04-18").await;
    assert_eq!((&two["light"], &two["stale"]), (&json!("YELLOW"), &json!(true)));
    // The public knows what was due and that nothing is accepted: after two such reports the light is yellow, and not called stale.
    let one = outside("2024-04-15").await;
    assert_eq!((&one["light"], &one["stale"]), (&json!("GREY"), &Value::Null));
    let two = outside("2024-04-18").await;
    assert_eq!((&two["light"], &two["stale"]), (&json!("YELLOW"), &Value::Null));
    let last = two["proof"]["steps"].as_array().and_then(|steps| steps.last()).expect("a step").clone();
    assert_eq!(last["kind"], "NOTHING_ACCEPTED", "{last:#}");
    // A report that is submitted changes what the office is shown, and nothing for the public.
    let (lead, before) = (app.sign_in("lead").await, outside("2024-04-20").await);
    let post = json!({ "input": scene.post("2024-W15", "1").await });
    assert_eq!(lead.data(super::scene::SUBMIT, post).await["submitProgress"]["errors"], json!([]));
    let came = inside("2024-04-20").await;
    assert_eq!((&came["light"], &came["stale"]), (&json!("YELLOW"), &json!(false)), "what came is not reviewed yet: silence still");
    assert_eq!(outside("2024-04-20").await, before);
}

const SAVE_PLAN: &str = "mutation($input: SavePlanInput!) { savePlan(input: $input) {
    task { standing { version dueOn } milestones { id title dueOn plannedShare } } errors { code field message } } }";

async fn a_plan_is_shown_beside_the_straight_line(app: App) {
    let scene = Scene::of(&app).await;
    let task = scene.task(2).await;
    let plan = |milestones: Value| json!({ "input": { "taskId": task["id"], "expectedVersion": 0, "milestones": milestones } });
    let falling = plan(
        json!([{ "title": "选址", "dueOn": "2024-06-30", "plannedShare": "0.5" }, { "title": "开工", "dueOn": "2024-09-30", "plannedShare": "0.4" }]),
    );
    let refused = scene.lead.data(SAVE_PLAN, falling).await["savePlan"].clone();
    assert_eq!(faults(&refused), [("PLAN_NOT_A_CURVE".to_owned(), at("input.milestones"))]);
    let saved = scene.lead.data(
        SAVE_PLAN,
        plan(json!([{ "title": "选址", "dueOn": "2024-06-30", "plannedShare": "0.1" }, { "title": "开业", "dueOn": "2024-12-31", "plannedShare": "1" }])),
    );
    let saved = saved.await["savePlan"].clone();
    assert_eq!(saved["errors"], json!([]));
    assert_eq!(saved["task"]["standing"]["version"], 1);
    app.travel_to("2024-07-01T02:00:00Z");
    let state = app.data(STATE, json!({ "id": task["id"], "on": "2024-06-30" })).await["node"]["state"].clone();
    assert_eq!(
        (&state["proof"]["curve"], &state["proof"]["ownPlan"], &state["planned"]),
        (&json!("OWN_PLAN"), &json!("0.1"), &json!("0.1"))
    );
    // 89 of 273 days.
    assert_eq!((&state["proof"]["straightLine"], &state["proof"]["backLoading"]["on"]), (&json!("0.326"), &json!("2024-06-30")));
    // A milestone that is reached is said by a report; the next one is in the ledger.
    let lead = app.sign_in("lead").await;
    let first = saved["task"]["milestones"][0]["id"].clone();
    let post = json!({ "taskId": task["id"], "period": "2024-W26", "narrative": "选址完成", "milestonesReached": [first],
        "blockers": [{ "description": "审批慢", "needs": "请加快审批" }] });
    let posted = lead.data(super::scene::SUBMIT, json!({ "input": post })).await["submitProgress"].clone();
    assert_eq!(posted["errors"], json!([]));
    let office = app.sign_in("office").await;
    office.data(super::scene::REVIEW, json!({ "report": posted["report"]["id"], "decision": "ACCEPT", "version": 1 })).await;
    let ledger = "{ ledger(jurisdiction: \"taibai-lake\", year: 2024, first: 3) { nodes { task { number } nextMilestone { title } } } }";
    let rows = app.data(ledger, json!({})).await["ledger"]["nodes"].clone();
    assert_eq!(rows[1]["nextMilestone"]["title"], "开业");
    // A lead cannot put its due date off.
    let later = json!({ "input": { "taskId": task["id"], "expectedVersion": 1, "dueOn": "2025-03-01", "milestones": [] } });
    let refused = lead.data(SAVE_PLAN, later).await["savePlan"].clone();
    assert_eq!(faults(&refused), [("DUE_DATE_LATER".to_owned(), at("input.dueOn"))]);
}

const ADOPT: &str = "mutation($input: AdoptRuleSetInput!) { adoptRuleSet(input: $input) { ruleSet { code version inForceFrom } errors { code field message } } }";

async fn a_jurisdiction_adopts_rules_without_a_hole(app: App) {
    let scene = Scene::of(&app).await;
    let own = |bands: Value| {
        json!({ "input": { "jurisdiction": "taibai-lake", "own": {
            "code": "strict", "name": "从严", "nameEnglish": "Strict", "gauge": "GAP", "curve": "STRAIGHT_LINE", "bands": bands } } })
    };
    let hole = own(
        json!([{ "light": "GREEN", "below": "5" }, { "light": "YELLOW", "from": "10", "upTo": "30" }, { "light": "RED", "above": "30" }]),
    );
    let refused = scene.office.data(ADOPT, hole).await["adoptRuleSet"].clone();
    assert_eq!(faults(&refused), [("NO_RULE_SET".to_owned(), at("input.own.bands"))]);
    let whole =
        own(json!([{ "light": "GREEN", "upTo": "0" }, { "light": "YELLOW", "above": "0", "upTo": "2" }, { "light": "RED", "above": "2" }]));
    for version in 1..=2 {
        let adopted = scene.office.data(ADOPT, whole.clone()).await["adoptRuleSet"].clone();
        assert_eq!(adopted["ruleSet"], json!({ "code": "strict", "version": version, "inForceFrom": "2024-04-12" }));
    }
    // A day before it came into force the default judged, and the light says so. Nothing is done, and that is known.
    let (task, _) = scene.canteens().await;
    scene.counted(&scene.task(2).await, "2024-W15", &[(0, "0")]).await;
    let state = async |on: &str| scene.office.data(STATE, json!({ "id": task, "on": on })).await["node"]["state"].clone();
    assert_eq!(state("2024-04-11").await["proof"]["ruleSetCode"], "gap-points");
    let strict = state("2024-04-12").await;
    assert_eq!(
        (&strict["proof"]["ruleSetCode"], &strict["proof"]["ruleSetVersion"], &strict["light"]),
        (&json!("strict"), &json!(2), &json!("RED"))
    );
    // Three come with the service; an unknown one, and one for yesterday, are refused.
    let built_in =
        app.data("{ builtInRuleSets { code bands { light from above upTo below } } }", json!({})).await["builtInRuleSets"].clone();
    assert_eq!(built_in.as_array().map(Vec::len), Some(3));
    let unknown = json!({ "input": { "jurisdiction": "taibai-lake", "builtIn": "none" } });
    assert_eq!(faults(&scene.office.data(ADOPT, unknown).await["adoptRuleSet"])[0].0, "UNKNOWN_RULE_SET");
    let past = json!({ "input": { "jurisdiction": "taibai-lake", "builtIn": "relative-shortfall", "inForceFrom": "2024-04-01" } });
    assert_eq!(faults(&scene.office.data(ADOPT, past).await["adoptRuleSet"])[0].0, "IN_FORCE_IN_PAST");
}

async fn a_ledger_takes_the_same_statements_whatever_its_length(app: App) {
    let ledger = include_str!("../contract/10-ledger.graphql");
    // 10, 20 and 31 tasks.
    let mut counts = Vec::new();
    for (jurisdiction, year) in [("yanzhou", 2024), ("taibai-lake", 2024), ("jining", 2022)] {
        counts.push(app.statements_of(ledger, json!({ "jurisdiction": jurisdiction, "year": year })).await.len());
    }
    let least = counts.iter().min().copied().unwrap_or_default();
    // A notice without collective units asks for no members, one without duties for no reports.
    assert!(counts.iter().all(|count| *count <= least + 2), "{counts:?}");
    let states = "query($first: Int!) { tasks(first: $first) { nodes { completion light state { gap } milestones { id } openBlockers { id } reports(first: 1) { nodes { id } } targets { allocations { value } } } } }";
    let few = app.statements_of(states, json!({ "first": 2 })).await.len();
    let many = app.statements_of(states, json!({ "first": 96 })).await.len();
    assert!(many <= few + 1, "{few} and {many}");
}
