//! Whoever waits for their turn came before what is decided meanwhile, and is judged by it all the same.

use chrono::TimeDelta;
use entity::TransitionKind;
use serde_json::{Value, json};

use super::{
    log::{Outcome, Post, REVIEW, Review, SUBMIT, outcome},
    scene::{OFFICES, Scene, name_of},
};
use crate::support::app::App;

pub async fn what_is_decided_while_a_post_waits_counts(app: App) {
    let scene = Scene::make(&app, 2026, 1).await;
    let (unit, office) = (app.sign_in(&name_of(0)).await, app.sign_in(OFFICES[0]).await);
    let post = Post { serial: 50, unit: 0, task: 0, week: 41, expected: None, draft: false, negative: false };
    let told = outcome(&unit.post(SUBMIT, post.input(&scene)).await.body, "submitProgress");
    let Outcome::Done { report, .. } = told else { panic!("{told:?}") };
    // As if the next post had come a moment before the review and waited while it was done.
    app.pass(TimeDelta::seconds(2));
    let review = Review { report, expected: 1, decision: TransitionKind::Accept };
    let told = outcome(&office.post(REVIEW, json!({ "input": review.input() })).await.body, "reviewProgress");
    assert_eq!(told, Outcome::Done { report, version: 2 });
    app.pass(TimeDelta::seconds(-1));
    let mut lower = Post { serial: 40, week: 42, ..post }.input(&scene);
    for achievement in lower["input"]["achievements"].as_array_mut().expect("figures") {
        achievement["explanation"] = Value::Null;
    }
    let told = outcome(&unit.post(SUBMIT, lower).await.body, "submitProgress");
    assert_eq!(told, Outcome::Refused("FIGURE_BELOW_ACCEPTED".into()));
}
