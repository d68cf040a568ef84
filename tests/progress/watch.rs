//! What the passing of time brings about.

use minsheng::service::progress::watch::Watched;
use serde_json::json;

use super::scene::Scene;
use crate::{
    cases,
    support::{app::App, backend::Backend},
};

cases![what_falls_overdue_is_told_once, lights_change_with_the_days, of_two_processes_one_tells];

const OVERDUE: &str = "SELECT count(*) FROM progress_event WHERE kind = 'DUTY_OVERDUE'";
const LIGHTS: &str = "SELECT count(*) FROM progress_event WHERE kind = 'LIGHT_CHANGED'";

async fn what_falls_overdue_is_told_once(app: App) {
    let scene = Scene::of(&app).await;
    scene.posted(&scene.post("2024-W14", "1").await).await;
    // W15 ends on the 14th and is due by the end of the 16th; 20 tasks have 21 leads here, and nobody but one posts.
    app.travel_to("2024-04-16T15:59:59Z");
    app.service.watch_time().await.expect("a look");
    assert_eq!(app.number(OVERDUE).await, 0);
    app.travel_to("2024-04-16T16:00:01Z");
    let first = app.service.watch_time().await.expect("a look");
    let leads = app.number("SELECT count(*) FROM assignment AS a JOIN task AS t ON t.id = a.task_id JOIN notice AS n ON n.id = t.notice_id WHERE a.role = 'LEAD' AND n.year = 2024 AND n.document_number = '济太管发〔2024〕1号'");
    assert_eq!(i64::try_from(first.overdue).expect("a number"), leads.await);
    assert_eq!(app.service.watch_time().await.expect("a look"), Watched::default());
    assert_eq!(app.number(OVERDUE).await, i64::try_from(first.overdue).expect("a number"));
    // Told of the instant at which it was due, however late somebody looked.
    let micro = chrono::DateTime::parse_from_rfc3339("2024-04-16T16:00:00Z").expect("a time").timestamp_micros();
    assert_eq!(app.number(&format!("SELECT count(*) FROM progress_event WHERE kind = 'DUTY_OVERDUE' AND at <> {micro}")).await, 0);
}

async fn lights_change_with_the_days(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let light = "SELECT count(*) FROM task_standing WHERE light = ";
    assert_eq!(app.number(&format!("{light}'GREEN'")).await, 1);
    let before = app.number(LIGHTS).await;
    // By the end of the year one canteen of three is too little.
    app.travel_to("2024-12-30T02:00:00Z");
    app.service.watch_time().await.expect("a look");
    let (task, _) = scene.canteens().await;
    let now = app.data("query($id: ID!) { node(id: $id) { ... on Task { light } } }", json!({ "id": task })).await;
    assert_eq!(now["node"]["light"], "RED");
    // Only of this task was a light known before: of the others it is noted, which is no news.
    assert_eq!(app.number(LIGHTS).await, before + 1);
    assert_eq!(app.service.watch_time().await.expect("a look"), Watched::default());
}

async fn of_two_processes_one_tells(app: App) {
    let _scene = Scene::of(&app).await;
    app.travel_to("2024-04-16T16:00:01Z");
    let other = app.replica();
    let (one, two) = tokio::join!(app.service.watch_time(), other.service.watch_time());
    let told = one.expect("a look").overdue + two.expect("a look").overdue;
    assert_eq!(i64::try_from(told).expect("a number"), app.number(OVERDUE).await);
    assert!(told > 0 && matches!(app.backend, Backend::Sqlite | Backend::Postgres));
}
