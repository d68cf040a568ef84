//! What is told of posts and reviews to those who follow them.

use serde_json::{Value, json};

use super::scene::Scene;
use crate::{
    cases,
    support::{app::App, follow::Socket},
};

cases![a_wall_display_follows_what_offices_and_units_do];

const FEED: &str = include_str!("../contract/14-progress-feed.graphql");

async fn a_wall_display_follows_what_offices_and_units_do(app: App) {
    let scene = Scene::of(&app).await;
    let served = app.serve().await;
    let mut office = Socket::begun(&served, Some(scene.office.bearer())).await;
    let mut public = Socket::begun(&served, None).await;
    for socket in [&mut office, &mut public] {
        socket.ask("wall", FEED, json!({ "jurisdiction": "taibai-lake" })).await;
        // What is asked behind it is answered once it has begun.
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    }
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    let returned = scene.reviewed(&report, "RETURN", Some("请补充照片")).await["report"].clone();
    let mut again = scene.post("2024-W15", "1").await;
    again["expectedVersion"] = returned["version"].clone();
    let again = scene.posted(&again).await["report"].clone();
    let returned = scene.reviewed(&again, "RETURN", Some("请写明资金情况")).await["report"].clone();
    let mut unblocked = scene.post("2024-W15", "1").await;
    unblocked["blockers"] = json!([{ "description": "资金未到位", "needs": "请财政拨付" }]);
    unblocked["expectedVersion"] = returned["version"].clone();
    let unblocked = scene.posted(&unblocked).await["report"].clone();
    scene.reviewed(&unblocked, "ACCEPT", None).await;
    let mut kinds = Vec::new();
    let mut last = Value::Null;
    while kinds.last().map(String::as_str) != Some("REPORT_ACCEPTED") {
        last = office.event("wall").await;
        assert_eq!(last["task"]["title"], "建设老年人食堂");
        kinds.push(last["kind"].as_str().expect("a kind").to_owned());
    }
    let first = ["REPORT_SUBMITTED", "BLOCKER_RAISED", "REPORT_RETURNED"];
    // The same blocker again is no news.
    let second = ["REPORT_SUBMITTED", "REPORT_RETURNED"];
    // Another in its place is, and so is that the former stops nobody any more.
    let third = ["REPORT_SUBMITTED", "BLOCKER_RAISED", "BLOCKER_RESOLVED", "REPORT_ACCEPTED"];
    assert_eq!(kinds, [first.as_slice(), &second, &third].concat());
    assert_eq!((&last["report"]["state"], &last["report"]["period"]["key"]), (&json!("ACCEPTED"), &json!("2024-W15")));
    assert_eq!((&last["task"]["completion"], &last["task"]["light"]), (&json!("0.3333"), &json!("GREEN")));
    // The public hears of what is accepted alone, and nothing before it.
    let heard = public.event("wall").await;
    assert_eq!((&heard["kind"], &heard["report"]["id"]), (&json!("REPORT_ACCEPTED"), &report["id"]));
    // Nothing was accepted before, so that the public light was grey; the office's was green all along.
    let begun = public.event("wall").await;
    assert_eq!((&begun["kind"], &begun["task"]["light"]), (&json!("LIGHT_CHANGED"), &json!("GREEN")));
    // Far behind the plan, and silent since: the days alone change the light.
    app.travel_to("2024-12-30T02:00:00Z");
    app.service.watch_time().await.expect("a look");
    let changed = public.event("wall").await;
    assert_eq!((&changed["kind"], &changed["task"]["light"]), (&json!("LIGHT_CHANGED"), &json!("RED")));
    served.stop().await;
}
