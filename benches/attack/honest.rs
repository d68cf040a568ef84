//! Honest clients: a few people who ask one thing after another, each from a network of their own.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::sleep;

use crate::{
    client::{Answer, Client},
    scene::{ACCOUNTS, Scene},
};

/// How long a person thinks before they ask again.
const PAUSE: Duration = Duration::from_millis(100);

const PAGE: &str =
    "{ tasks(first: 20) { nodes { title leadUnits { name } topics { name } project { title notice { year jurisdiction { name } } } } } }";
const SEARCH: &str = "{ tasks(filter: { text: \"托育\" }, first: 10) { nodes { title leadUnits { name } } } }";
const NOTICE: &str =
    "{ notice(jurisdiction: \"yanzhou\", year: 2024) { title projects { title tasks { title targets { label value } } } } }";
const SIGN_IN: &str = include_str!("../../tests/contract/06-sign-in.graphql");
const EXPORT: &str = "/export/ledger.csv?jurisdiction=yanzhou&year=2024";

/// What honest clients do while an attack runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// They read.
    Read,
    /// They sign in, with the right password.
    SignIn,
    /// They export a ledger.
    Export,
}

/// How long requests took that went well, and why the others failed.
#[derive(Debug, Default)]
pub struct Measured {
    times: Vec<Duration>,
    pub reasons: BTreeMap<String, usize>,
}

impl Measured {
    pub fn median(&self) -> Option<Duration> {
        self.times.get(self.times.len() / 2).copied()
    }

    pub fn failed(&self) -> usize {
        self.reasons.values().sum()
    }

    pub fn asked(&self) -> usize {
        self.times.len() + self.failed()
    }
}

/// Four people who ask for so long. What they wait for at the end is waited for.
pub async fn measure(server: SocketAddr, scene: &Arc<Scene>, errand: Errand, length: Duration) -> Measured {
    let people = ACCOUNTS.iter().zip(1..).map(|(account, number)| {
        let client = Client::connecting(server, IpAddr::from([198, 51, 100, number]));
        person(client, Arc::clone(scene), account, errand, length)
    });
    let mut measured = Measured::default();
    for answers in join_all(people.map(tokio::spawn)).await {
        for (took, reason) in answers.expect("a person") {
            match reason {
                None => measured.times.push(took),
                Some(reason) => *measured.reasons.entry(reason).or_default() += 1,
            }
        }
    }
    measured.times.sort_unstable();
    measured
}

async fn person(
    client: Client,
    scene: Arc<Scene>,
    account: &'static str,
    errand: Errand,
    length: Duration,
) -> Vec<(Duration, Option<String>)> {
    let began = Instant::now();
    let mut answers = Vec::new();
    let mut reads = [PAGE, SEARCH, NOTICE].into_iter().cycle();
    while began.elapsed() < length {
        let answer = match errand {
            Errand::Read => client.post(reads.next().unwrap_or(PAGE), &json!({})).await,
            Errand::SignIn => client.post(SIGN_IN, &json!({ "username": account, "password": scene.password })).await,
            Errand::Export => client.get(EXPORT).await,
        };
        answers.push((answer.took, failure(&answer, errand)));
        sleep(PAUSE).await;
    }
    answers
}

/// Why an answer is not what an honest client asked for.
fn failure(answer: &Answer, errand: Errand) -> Option<String> {
    let Some(status) = answer.status else { return Some("no answer".to_owned()) };
    let body = answer.json();
    if let Some(code) = body.pointer("/errors/0/extensions/code") {
        return Some(code.as_str().unwrap_or("an error").to_owned());
    }
    let is_right = match errand {
        Errand::Read => body["data"].is_object(),
        Errand::SignIn => body.pointer("/data/signIn/session/accessToken").is_some_and(serde_json::Value::is_string),
        Errand::Export => !answer.body.is_empty(),
    };
    (status != 200 || !is_right).then(|| format!("HTTP {status}"))
}
