//! The operations of units and offices, as they send them.

use entity::Role;
use serde_json::{Value, json};

use super::scene::{REVIEW, SUBMIT, SUBMIT_MANY, Scene, text};
use crate::{cases, support::app::App};

const MY_WORK: &str = include_str!("../contract/07-my-work.graphql");
const LEDGER: &str = include_str!("../contract/10-ledger.graphql");
const COMPLIANCE: &str = include_str!("../contract/12-compliance.graphql");

cases![
    a_unit_sees_what_it_owes_and_posts_it,
    a_post_answers_with_the_report_and_the_task,
    many_posts_are_all_or_nothing,
    a_review_counts_and_is_told,
    the_ledger_shows_where_the_year_stands,
    compliance_is_told_by_unit,
];

async fn a_unit_sees_what_it_owes_and_posts_it(app: App) {
    let scene = Scene::of(&app).await;
    let due = |data: &Value| -> Vec<(String, String, String)> {
        let due = data["viewer"]["dueReports"].as_array().expect("due reports").clone();
        due.iter().map(|due| (text(&due["task"]["title"]), text(&due["period"]["key"]), text(&due["state"]))).collect()
    };
    let data = scene.lead.data(MY_WORK, json!({})).await;
    let canteens: Vec<_> = due(&data).into_iter().filter(|(title, _, _)| title == "建设老年人食堂").collect();
    // Issued on Tuesday, 2 April: the weeks from then on and April. W14 ended on the 7th and is due two days later.
    assert_eq!(
        canteens,
        [("2024-W14", "MISSING"), ("2024-W15", "NOT_YET_DUE"), ("2024-04", "NOT_YET_DUE")].map(|(period, state)| (
            "建设老年人食堂".to_owned(),
            period.to_owned(),
            state.to_owned()
        ))
    );
    let first = &data["viewer"]["dueReports"][0];
    assert_eq!(first["duty"]["cadence"], "WEEKLY");
    assert_eq!([&first["period"]["startsOn"], &first["period"]["endsOn"]], ["2024-04-01", "2024-04-07"]);
    assert_eq!(first["period"]["dueAt"], "2024-04-09T16:00:00Z");
    assert_eq!(data["viewer"]["account"]["unit"]["name"], "区社会事业发展局");

    scene.posted(&scene.post("2024-W15", "1").await).await;
    let data = scene.lead.data(MY_WORK, json!({ "on": "2024-04-12" })).await;
    let canteens: Vec<_> = due(&data).into_iter().filter(|(title, _, _)| title == "建设老年人食堂").map(|(_, period, _)| period).collect();
    assert_eq!(canteens, ["2024-W14", "2024-04"]);
    // A supporting unit owes none here, and an office has no unit that could.
    for other in [&scene.support, &scene.office] {
        assert_eq!(due(&other.data(MY_WORK, json!({})).await), []);
    }
}

async fn a_post_answers_with_the_report_and_the_task(app: App) {
    let scene = Scene::of(&app).await;
    let posted = scene.posted(&scene.post("2024-W15", "1").await).await;
    let report = &posted["report"];
    assert_eq!((&report["state"], &report["version"], &report["period"]["key"]), (&json!("SUBMITTED"), &json!(1), &json!("2024-W15")));
    assert_eq!(report["submittedAt"], "2024-04-12T02:00:00Z");
    assert_eq!(
        report["achievements"],
        json!([{
            "target": report["achievements"][0]["target"], "value": "1", "previousValue": null, "explanation": null,
        }])
    );
    assert_eq!(report["blockers"][0]["state"], "OPEN");
    // Nothing counts before it is accepted: nobody knows how much is done, and one report that is overdue is not yet silence.
    assert_eq!((&posted["task"]["completion"], &posted["task"]["light"]), (&Value::Null, &json!("GREY")));
    // Which duties one post discharges: the week's ledger.
    let discharges = "query($id: ID!) { node(id: $id) { ... on ProgressReport { discharges { kind period { key } } } } }";
    let node = scene.lead.data(discharges, json!({ "id": report["id"] })).await["node"].clone();
    assert_eq!(node["discharges"], json!([{ "kind": "LEDGER_UPDATE", "period": { "key": "2024-W15" } }]));
}

async fn many_posts_are_all_or_nothing(app: App) {
    let scene = Scene::of(&app).await;
    let good = scene.post("2024-W15", "1").await;
    let mut bad = scene.post("2024-04", "1").await;
    bad["achievements"][0]["value"] = json!("-1");
    let data = scene.lead.data(SUBMIT_MANY, json!({ "inputs": [good, good, good, bad] })).await;
    let payload = &data["submitProgressBatch"];
    assert_eq!(payload["reports"], Value::Null);
    let faults = super::scene::faults(payload);
    assert!(faults.contains(&("FIGURE_NEGATIVE".into(), super::scene::at("inputs.3.achievements.0.value"))), "{faults:?}");
    assert!(faults.contains(&("POSTED_TWICE".into(), super::scene::at("inputs.1.period"))), "{faults:?}");
    assert_eq!(app.number("SELECT count(*) FROM progress_report").await, 0);
    let mut month = scene.post("2024-04", "1").await;
    month["narrative"] = json!("四月小结");
    let data = scene.lead.data(SUBMIT_MANY, json!({ "inputs": [good, month] })).await;
    let reports = data["submitProgressBatch"]["reports"].as_array().unwrap_or_else(|| panic!("{data:#}")).clone();
    let keys: Vec<&Value> = reports.iter().map(|report| &report["period"]["key"]).collect();
    assert_eq!(keys, ["2024-W15", "2024-04"]);
}

async fn a_review_counts_and_is_told(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    // Returned with a reason, which its unit finds in its work.
    let returned = scene.reviewed(&report, "RETURN", Some("请说明选址")).await;
    assert_eq!((&returned["report"]["state"], &returned["report"]["version"]), (&json!("RETURNED"), &json!(2)));
    let review = &returned["report"]["review"];
    assert_eq!(
        (&review["decision"], &review["reason"], &review["reviewer"]["username"]),
        (&json!("RETURN"), &json!("请说明选址"), &json!("office"))
    );
    let work = scene.lead.data(MY_WORK, json!({})).await["viewer"]["returnedReports"].clone();
    assert_eq!((&work[0]["period"]["key"], &work[0]["review"]["reason"]), (&json!("2024-W15"), &json!("请说明选址")));
    // Posted again, accepted, and counted.
    let mut again = scene.post("2024-W15", "1").await;
    again["expectedVersion"] = json!(2);
    let report = scene.posted(&again).await["report"].clone();
    assert_eq!(report["version"], 3);
    let accepted = scene.reviewed(&report, "ACCEPT", None).await;
    assert_eq!(accepted["report"]["state"], "ACCEPTED");
    assert_eq!((&accepted["task"]["completion"], &accepted["task"]["light"]), (&json!("0.3333"), &json!("GREEN")));
    // The public sees it now, without the review and the blockers.
    let public = app.data(
        "query($id: ID!) { node(id: $id) { ... on ProgressReport { narrative author { username unit { name } } review { reason } history { reason } blockers { id } } } }",
        json!({ "id": report["id"] }),
    );
    assert_eq!(
        public.await["node"],
        json!({
            "narrative": "食堂建设按计划推进",
            "author": { "username": null, "unit": { "name": "区社会事业发展局" } },
            "review": null,
            "history": [],
            "blockers": [],
        })
    );
    // An old version is told with what is there.
    let stale = scene.office.error(REVIEW, json!({ "report": report["id"], "decision": "RETURN", "reason": "迟了", "version": 3 })).await;
    assert_eq!(stale["extensions"]["code"], "STALE_VERSION");
    assert_eq!((&stale["extensions"]["current"]["version"], &stale["extensions"]["current"]["state"]), (&json!(4), &json!("ACCEPTED")));
}

async fn the_ledger_shows_where_the_year_stands(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let ask = json!({ "jurisdiction": "taibai-lake", "year": 2024 });
    let ledger = scene.office.data(LEDGER, ask.clone()).await["ledger"].clone();
    assert_eq!(ledger["totalCount"], 20);
    let row = ledger["nodes"].as_array().expect("rows").iter().find(|row| row["task"]["number"] == 2).expect("the canteens").clone();
    assert_eq!(row["task"]["leadUnits"][0]["name"], "区社会事业发展局");
    assert_eq!((&row["completion"], &row["light"], &row["stale"]), (&json!("0.3333"), &json!("GREEN"), &json!(false)));
    // From the issue on 2 April to the year's end are 273 days, of which ten are over: 10/273.
    assert_eq!((&row["planned"], &row["gap"]), (&json!("0.0366"), &json!("-29.68")));
    assert_eq!(row["targets"][0]["achieved"], "1");
    assert_eq!((&row["latestReport"]["period"]["key"], &row["latestReport"]["state"]), (&json!("2024-W15"), &json!("ACCEPTED")));
    assert_eq!(row["openBlockers"][0]["description"], "场地未定");
    let lights: i64 =
        ledger["summary"]["lights"].as_array().expect("lights").iter().map(|light| light["count"].as_i64().expect("a count")).sum();
    assert_eq!(lights, 20);
    let compliance = &ledger["summary"]["compliance"];
    // The leads' weekly ledgers of W14 are overdue but for nobody; of W15 one came.
    assert_eq!((&compliance["received"], &compliance["onTime"], &compliance["late"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(compliance["expected"], compliance["missing"].as_i64().expect("missing") + 1);
    // A day before the acceptance nothing was there.
    let before =
        scene.office.data(LEDGER, json!({ "jurisdiction": "taibai-lake", "year": 2024, "on": "2024-04-11" })).await["ledger"].clone();
    let row = before["nodes"].as_array().expect("rows").iter().find(|row| row["task"]["number"] == 2).expect("the canteens").clone();
    assert_eq!(row["completion"], Value::Null);
    // By light, and by pages.
    let green = scene.office.data(LEDGER, json!({ "jurisdiction": "taibai-lake", "year": 2024, "light": ["RED"] })).await["ledger"].clone();
    assert_eq!((&green["totalCount"], &green["nodes"]), (&json!(0), &json!([])));
    // The public reads the ledger without what is internal.
    let public = app.data(LEDGER, ask).await["ledger"].clone();
    assert_eq!(public["summary"]["compliance"], Value::Null);
    let row = public["nodes"].as_array().expect("rows").iter().find(|row| row["task"]["number"] == 2).expect("the canteens").clone();
    assert_eq!((&row["openBlockers"], &row["completion"]), (&json!([]), &json!("0.3333")));
}

async fn compliance_is_told_by_unit(app: App) {
    let scene = Scene::of(&app).await;
    scene.posted(&scene.post("2024-W15", "1").await).await;
    app.travel_to("2024-04-20T02:00:00Z");
    let lead = app.sign_in("lead").await;
    // Late for W14, which was due on the 9th.
    let late = lead.data(SUBMIT, json!({ "input": scene.post("2024-W14", "1").await })).await;
    assert_eq!(late["submitProgress"]["errors"], json!([]));
    let office = app.sign_in("office").await;
    let ask = json!({ "jurisdiction": "taibai-lake", "from": "2024-04-01", "to": "2024-04-18" });
    let compliance = office.data(COMPLIANCE, ask.clone()).await["compliance"].clone();
    let of = |name: &str| {
        let units = compliance["units"].as_array().expect("units").iter();
        units.into_iter().find(|unit| unit["unit"]["name"] == name).unwrap_or_else(|| panic!("{name}: {compliance:#}")).clone()
    };
    let lead_unit = of("区社会事业发展局");
    let counts = &lead_unit["compliance"];
    assert_eq!((&counts["onTime"], &counts["late"]), (&json!(1), &json!(1)));
    assert_eq!(counts["expected"].as_i64().expect("expected"), 2 + counts["missing"].as_i64().expect("missing"));
    let missing = lead_unit["missing"].as_array().expect("missing");
    assert!(missing.iter().all(|missing| ["2024-W14", "2024-W15"].contains(&missing["period"]["key"].as_str().unwrap_or_default())));
    assert_eq!(counts["missing"], missing.len());
    // Above it is read, beside it is not, and the public is asked to sign in.
    let city = app.actor("city", Role::Office, "jining").await;
    assert_eq!(city.data(COMPLIANCE, ask.clone()).await["compliance"]["total"], compliance["total"]);
    let other = app.actor("other", Role::Office, "yanzhou").await;
    assert_eq!(other.error(COMPLIANCE, ask.clone()).await["extensions"]["reason"], "INTERNAL_ELSEWHERE");
    assert_eq!(app.error(COMPLIANCE, ask).await["extensions"]["code"], "UNAUTHENTICATED");
}
