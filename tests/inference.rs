//! The public infers nothing: what it and an account of another district are answered is the same before and after each change that is
//! hidden from them, names of answers included.
//!
//! The questions are generated from the schema: every root field, and every type with all its fields.

mod hidden;
mod questions;

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use entity::Role;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    cases,
    support::{
        app::App,
        chance::{Dice, SaysSeed},
        follow::SOON,
    },
};
use hidden::Town;
use questions::{Question, questions};

cases![no_hidden_change_moves_an_answer_in_world_1, no_hidden_change_moves_an_answer_in_world_2];

async fn no_hidden_change_moves_an_answer_in_world_1(app: App) {
    explore(&app, 1).await;
}

async fn no_hidden_change_moves_an_answer_in_world_2(app: App) {
    explore(&app, 2).await;
}

/// How many questions are asked after each change, besides those that are always asked.
const SAMPLE: usize = 3;

/// Whose names of answers are compared: of data, of lights, and of nothing that changes.
const NAMED: [&str; 3] = [
    "/graphql?query=%7Btopics%7Bcode%7D%7D",
    "/graphql?query=%7Bledger(jurisdiction%3A%22taibai-lake%22%2Cyear%3A2024)%7Bnodes%7Blight%7D%7D%7D",
    "/graphql?query=%7Breports%7BtotalCount%7D%7D",
];

/// Somebody from whom the changes are hidden.
struct Outsider {
    name: &'static str,
    bearer: Option<String>,
}

async fn explore(app: &App, seed: u64) {
    let _seed = SaysSeed(seed);
    let mut dice = Dice(seed);
    let mut town = Town::found(app, &mut dice).await;
    let unit = app.actor("away.unit", Role::Unit, "yanzhou").await;
    let office = app.actor("away.office", Role::Office, "jining-etdz").await;
    let outsiders = [
        Outsider { name: "the public", bearer: None },
        Outsider { name: "a unit of another district", bearer: Some(unit.bearer().to_owned()) },
        Outsider { name: "an office of another district", bearer: Some(office.bearer().to_owned()) },
    ];
    let asked = questions(&town.task_ids());
    let before = answers(app, &outsiders, &asked.iter().collect::<Vec<_>>()).await;
    let told = before.values().filter(|answer| answer["errors"].is_null()).count();
    assert!(told * 10 >= before.len() * 7, "most questions are answered: {told} of {}", before.len());
    let names = names(app).await;
    let mut moved = Vec::new();
    while let Some(change) = town.change(&mut dice).await {
        let mut sample: Vec<&Question> = asked.iter().filter(|question| question.is_always_asked).collect();
        sample.extend((0..SAMPLE).map(|_| dice.pick(&asked)));
        compare(&change, &before, answers(app, &outsiders, &sample).await, &mut moved);
        if self::names(app).await != names {
            moved.push(format!("{change}: the names of answers"));
        }
    }
    let after = answers(app, &outsiders, &asked.iter().collect::<Vec<_>>()).await;
    compare("all changes together", &before, after, &mut moved);
    assert!(moved.is_empty(), "{} answers tell of hidden changes:\n{}", moved.len(), moved.join("\n"));
    // What is accepted is published: the same questions see it, and the names change.
    town.accept().await;
    let open = answers(app, &outsiders, &asked.iter().collect::<Vec<_>>()).await;
    let changed = open.iter().filter(|(key, answer)| before[*key] != **answer).count();
    assert!(changed > 20, "an accepted report is changed in {changed} answers");
    let now = self::names(app).await;
    assert!(now.iter().zip(&names).all(|(now, before)| now != before));
}

/// The answers of all to these questions, by who asks what.
async fn answers(app: &App, outsiders: &[Outsider], asked: &[&Question]) -> BTreeMap<(&'static str, String), Value> {
    let mut answers = BTreeMap::new();
    for outsider in outsiders {
        for question in asked {
            let mut body = match &outsider.bearer {
                Some(bearer) => app.bearing(bearer).post(&question.text, json!({})).await.body,
                None => app.post(&question.text, json!({})).await.body,
            };
            forget_requests(&mut body);
            answers.insert((outsider.name, question.text.clone()), body);
        }
    }
    answers
}

/// Leaves out what names the request, which is another one each time.
fn forget_requests(body: &mut Value) {
    match body {
        Value::Array(values) => values.iter_mut().for_each(forget_requests),
        Value::Object(fields) => {
            fields.remove("requestId");
            fields.values_mut().for_each(forget_requests);
        }
        _ => {}
    }
}

fn compare(
    change: &str,
    before: &BTreeMap<(&'static str, String), Value>,
    after: BTreeMap<(&'static str, String), Value>,
    moved: &mut Vec<String>,
) {
    for (key, now) in after {
        let (known, (who, question)) = (&before[&key], &key);
        if *known != now {
            moved.push(format!("{change}: {who}: {question}: {}", difference(known, &now, "")));
        }
    }
}

/// Where two answers differ first.
fn difference(one: &Value, other: &Value, path: &str) -> String {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            let differs = one.iter().find(|(field, value)| other.get(*field) != Some(value));
            differs.map_or_else(String::new, |(field, value)| {
                difference(value, other.get(field).unwrap_or(&Value::Null), &format!("{path}.{field}"))
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let differs = one.iter().zip(other).enumerate().find(|(_, (one, other))| one != other);
            differs.map_or_else(String::new, |(place, (one, other))| difference(one, other, &format!("{path}[{place}]")))
        }
        (one, other) => {
            let short = |value: &Value| value.to_string().chars().take(80).collect::<String>();
            format!("{path} was {} and is {}", short(one), short(other))
        }
    }
}

/// The names of some answers to the public, once they are certain.
async fn names(app: &App) -> Vec<String> {
    let mut names = Vec::new();
    for path in NAMED {
        let name = timeout(SOON, async {
            loop {
                let reply = app.get(path, &[]).await;
                assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
                if let Some(name) = reply.headers.get("etag") {
                    return name.to_str().expect("a text").to_owned();
                }
                sleep(Duration::from_millis(5)).await;
            }
        });
        names.push(name.await.expect("a name"));
    }
    names
}
