//! Tasks of other notices that promise the same thing, tasks beside each other, and figures over time.

use serde_json::{Value, json};

use crate::{
    cases,
    progress::scene::{REVIEW, Scene},
    support::app::App,
};

cases![
    similar_tasks_are_found_with_the_reason,
    tasks_stand_side_by_side,
    a_figure_is_followed_through_its_year,
    what_cannot_be_compared_is_told,
];

const SIMILAR: &str = "query($task: ID!, $first: Int) { similarTasks(task: $task, first: $first) {
    task { title notice { year jurisdiction { code } } } sharedIndicators { code } sharedTopics { code } textLikeness } }";

async fn id_of(app: &App, place: &str, year: i32, number: i32) -> Value {
    let query = "query($place: String!, $year: Int!, $number: Int!) { task(jurisdiction: $place, year: $year, number: $number) { id } }";
    app.data(query, json!({ "place": place, "year": year, "number": number })).await["task"]["id"].clone()
}

async fn similar_tasks_are_found_with_the_reason(app: App) {
    let task = id_of(&app, "yanzhou", 2024, 8).await;
    let found = app.data(SIMILAR, json!({ "task": task, "first": 3 })).await["similarTasks"].clone();
    let told: Vec<Value> = found
        .as_array()
        .expect("tasks")
        .iter()
        .map(|found| json!([found["task"]["notice"]["jurisdiction"]["code"], found["task"]["notice"]["year"], found["sharedIndicators"]]))
        .collect();
    let places = json!([{ "code": "childcare-places-added" }]);
    // The same title the year before, then the zone, then the city: the more words in common, the sooner.
    assert_eq!(told[0], json!(["yanzhou", 2023, places]));
    assert_eq!(told.len(), 3);
    for promised in [json!(["jining-etdz", 2023, places]), json!(["jining", 2022, places])] {
        assert!(told.contains(&promised), "{told:#?}");
    }
    let likeness: Vec<f64> = found
        .as_array()
        .expect("tasks")
        .iter()
        .map(|found| found["textLikeness"].as_str().expect("a share").parse().expect("a number"))
        .collect();
    assert!(likeness.is_sorted_by(|one, other| one >= other) && likeness[0] > 0.5, "{likeness:?}");
    // None of its own notice, and none that is hidden.
    app.execute("UPDATE notice SET disclosure = 'WITHHELD' WHERE document_number = '济兖政发〔2023〕2号'").await.expect("hidden");
    let found = app.data(SIMILAR, json!({ "task": task, "first": 100 })).await["similarTasks"].clone();
    assert!(!found.as_array().expect("tasks").is_empty());
    assert!(found.as_array().expect("tasks").iter().all(|found| found["task"]["notice"]["jurisdiction"]["code"] != "yanzhou"));
    app.execute("UPDATE notice SET state = 'DRAFT', issued_on = NULL WHERE document_number = '济兖政发〔2024〕2号'")
        .await
        .expect("drafted");
    assert_eq!(app.data(SIMILAR, json!({ "task": task })).await["similarTasks"], Value::Null);
}

async fn tasks_stand_side_by_side(app: App) {
    let ids = [id_of(&app, "yanzhou", 2024, 8).await, id_of(&app, "yanzhou", 2023, 5).await, id_of(&app, "jining-etdz", 2023, 1).await];
    let query = "query($ids: [ID!]!) { compareTasks(ids: $ids) { tasks { task { id title } state { completion light } }
        indicators { indicator { code } shared figures { target achieved completion } } } }";
    let compared = app.data(query, json!({ "ids": ids })).await["compareTasks"].clone();
    let told: Vec<&Value> = compared["tasks"].as_array().expect("tasks").iter().map(|task| &task["task"]["id"]).collect();
    assert_eq!(told, ids.iter().collect::<Vec<_>>());
    let lines = compared["indicators"].as_array().expect("indicators");
    assert!(lines.iter().all(|line| line["figures"].as_array().expect("figures").len() == 3));
    let places = lines.iter().find(|line| line["indicator"]["code"] == "childcare-places-added").expect("a line");
    assert_eq!(places["figures"][0], json!({ "target": "576", "achieved": null, "completion": null }));
    assert_eq!(places["shared"], places["figures"].as_array().expect("figures").iter().all(|figures| !figures.is_null()));
}

async fn a_figure_is_followed_through_its_year(app: App) {
    let scene = Scene::of(&app).await;
    let first = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&first, "ACCEPT", None).await;
    app.travel_to("2024-06-10T02:00:00Z");
    // Sessions have ended by now.
    let scene = Scene { lead: app.sign_in("lead").await, office: app.sign_in("office").await, ..scene };
    let second = scene.posted(&scene.post("2024-W23", "2").await).await["report"].clone();
    scene.reviewed(&second, "ACCEPT", None).await;
    let query = "query($cadence: Cadence) { trend(indicator: \"elder-canteens\", jurisdiction: \"taibai-lake\", cadence: $cadence) {
        years { year row { target achieved completion rank rankedAmong } points { period on achieved completion } } } }";
    let trend = app.data(query, json!({ "cadence": "MONTHLY" })).await["trend"].clone();
    let [year] = trend["years"].as_array().expect("years").as_slice() else { panic!("one year") };
    assert_eq!(year["row"], json!({ "target": "3", "achieved": "2", "completion": "0.6666", "rank": 1, "rankedAmong": 1 }));
    let points: Value =
        year["points"].as_array().expect("points").iter().map(|point| json!([point["period"], point["on"], point["achieved"]])).collect();
    let expected = json!([
        ["2024-01", "2024-01-31", null],
        ["2024-02", "2024-02-29", null],
        ["2024-03", "2024-03-31", null],
        ["2024-04", "2024-04-30", "1"],
        ["2024-05", "2024-05-31", "1"],
        ["2024-06", "2024-06-10", "2"]
    ]);
    assert_eq!(points, expected);
    let trend = app.data(query, json!({ "cadence": "QUARTERLY" })).await["trend"].clone();
    assert_eq!(trend["years"][0]["points"].as_array().expect("points").len(), 2);
    // What was reopened since still counted then.
    let reopened = json!({ "report": second["id"], "decision": "REOPEN", "reason": "数字有误", "version": 2 });
    app.travel_to("2024-07-01T02:00:00Z");
    let done = app.sign_in("office").await.data(REVIEW, reopened).await;
    assert_eq!(done["reviewProgress"]["errors"], json!([]));
    let trend = app.data(query, json!({ "cadence": "MONTHLY" })).await["trend"].clone();
    let points = trend["years"][0]["points"].as_array().expect("points").clone();
    assert_eq!([&points[5]["achieved"], &points[6]["achieved"]], ["2", "1"]);
}

async fn what_cannot_be_compared_is_told(app: App) {
    let task = id_of(&app, "yanzhou", 2024, 8).await;
    let compare = "query($ids: [ID!]!) { compareTasks(ids: $ids) { on } }";
    let nobody = format!("task_{}", "0".repeat(26));
    for (ids, argument) in [
        (json!([task]), "ids"),
        (json!([task, task]), "ids"),
        (json!(vec![&task; 21]), "ids"),
        (json!([task, nobody]), "ids.1"),
        (json!([task, "nonsense"]), "ids.1"),
    ] {
        let error = app.error(compare, json!({ "ids": ids })).await;
        assert_eq!((&error["extensions"]["code"], &error["extensions"]["argument"]), (&json!("BAD_USER_INPUT"), &json!(argument)), "{ids}");
    }
    for (variables, argument) in [
        (json!({ "task": "nonsense" }), "task"),
        (json!({ "task": task, "first": 0 }), "first"),
        (json!({ "task": task, "first": 101 }), "first"),
    ] {
        assert_eq!(app.error(SIMILAR, variables).await["extensions"]["argument"], argument);
    }
    let trend = "{ trend(indicator: \"nothing\", jurisdiction: \"jining\") { years { year } } }";
    assert_eq!(app.data(trend, json!({})).await["trend"], Value::Null);
}
