//! Two processes whose clocks differ: the tag of an answer is never ahead of the answer.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::{
    cases,
    progress::scene::Scene,
    support::{app::App, follow::SOON},
};

cases![a_tag_stands_for_one_answer_whatever_the_clocks_say, a_clock_that_is_behind_changes_and_reads_all_the_same];

/// What the public sees of the canteens: the figure and the light follow from what the office accepts.
async fn question(scene: &Scene<'_>) -> String {
    let (task, _) = scene.canteens().await;
    format!("/graphql?query=%7Bnode(id%3A%22{task}%22)%7B...on%20Task%7Blight%20state%7Btargets%7Bachieved%7D%7D%7D%7D%7D")
}

async fn a_tag_stands_for_one_answer_whatever_the_clocks_say(app: App) {
    let scene = Scene::of(&app).await;
    let behind = app.replica_behind(TimeDelta::seconds(3)).await;
    let path = question(&scene).await;
    let certain = async |app: &App| {
        timeout(SOON, async {
            loop {
                let reply = app.get(&path, &[]).await;
                assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
                if let Some(tag) = reply.headers.get("etag") {
                    return (tag.to_str().expect("a text").to_owned(), reply.text);
                }
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("a tag")
    };
    let before = certain(&behind).await;
    assert_eq!(certain(&app).await, before);
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    // The clock of this process says the time of the acceptance, and that of the other is three seconds before it, and stays there.
    let after = certain(&app).await;
    assert_ne!(after, before);
    assert!(after.1.contains("\"achieved\":\"1\""), "{}", after.1);
    // Until the other process has looked it may give the old tag, also with the new answer; it never gives the new tag with the old answer.
    timeout(SOON, async {
        loop {
            let (tag, answer) = certain(&behind).await;
            if tag == after.0 {
                assert_eq!(answer, after.1);
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("the other process comes to the same tag");
    // Both say that what both have still holds.
    for app in [&app, &behind] {
        timeout(SOON, async {
            while app.get(&path, &[("if-none-match", &after.0)]).await.status != StatusCode::NOT_MODIFIED {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("it holds");
    }
}

async fn a_clock_that_is_behind_changes_and_reads_all_the_same(app: App) {
    let scene = Scene::of(&app).await;
    let report = scene.posted(&scene.post("2024-W15", "1").await).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    let behind = app.replica_behind(TimeDelta::seconds(3)).await;
    let (task, _) = scene.canteens().await;
    let query = "query($id: ID!) { node(id: $id) { ... on Task { state { targets { achieved } } } } }";
    // Whoever changes anything has read how far things have come.
    let office = scene.office.bearer().to_owned();
    let office = behind.bearing(&office);
    let touched = office.post(
        "mutation($id: ID!) { suspendTask(input: { taskId: $id, expectedVersion: 0, reason: \"汛期停工\" }) { errors { code } task { state { targets { achieved } } } } }",
        json!({ "id": task }),
    );
    let touched = touched.await.body;
    assert_eq!(touched["data"]["suspendTask"]["errors"], json!([]), "{touched:#}");
    assert_eq!(touched["data"]["suspendTask"]["task"]["state"]["targets"][0]["achieved"], "1", "{touched:#}");
    let read = behind.data(query, json!({ "id": task })).await;
    assert_eq!(read["node"]["state"]["targets"][0]["achieved"], "1");
    // The time that is kept is the latest that any change has, whatever the clock of whoever came last.
    let latest = app.number("SELECT max(at) FROM audit_event").await;
    assert_eq!(app.number("SELECT changed_at FROM audit_head").await, latest);
    assert_eq!(latest, app.now().timestamp_micros());
}
