//! The corpus of the fuzz target, and what chance makes of it, through the router. `fuzz/run` goes on from there, led by what it reaches.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::App,
        chance::{Dice, SaysSeed},
    },
};

#[path = "../../fuzz/fuzz_targets/input.rs"]
mod input;

cases![whatever_is_sent_is_answered];

/// How many requests chance makes.
const MUTANTS: usize = 2_000;

/// How large they may become, so that an unoptimised build has done with them in seconds.
const LARGEST: usize = 32 * 1024;

const SEED: u64 = 6;

/// What means something to a parser.
const WORDS: [&str; 24] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "...",
    "...on Task{",
    "@include(if:",
    "$a",
    ":",
    "!",
    "=",
    "#",
    "\\u{1F600}",
    "\\ud83d",
    "fragment f on Query{...f}",
    "__schema{",
    "query",
    "mutation{",
    "null",
    "99999999999999999999",
];

async fn whatever_is_sent_is_answered(app: App) {
    let _seed = SaysSeed(SEED);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/request");
    let files = fs::read_dir(folder).expect("the corpus").map(|file| file.expect("a file").path());
    let mut corpus: Vec<_> = files.map(|path| (path.clone(), fs::read(path).expect("data"))).collect();
    corpus.sort();
    assert!(corpus.len() > 20);
    for (path, data) in &corpus {
        answered(&app, data, &path.display().to_string()).await;
    }
    let corpus: Vec<Vec<u8>> = corpus.into_iter().map(|(_, data)| data).collect();
    let mut dice = Dice(SEED);
    for number in 0..MUTANTS {
        let mutant = mutant(&corpus, &mut dice);
        answered(&app, &mutant, &format!("mutant {number}: {}", String::from_utf8_lossy(&mutant))).await;
    }
    assert_eq!(app.data("{ __typename }", json!({})).await["__typename"], "Query");
}

async fn answered(app: &App, data: &[u8], what: &str) {
    let Some(request) = input::request(data) else { return };
    let is_file = request.uri().path().starts_with("/export/");
    let reply = app.send(request).await;
    assert!(!reply.status.is_server_error(), "{what}: {}", reply.text);
    if is_file {
        return;
    }
    let is_told = reply.body["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    assert!(is_told || reply.body["data"] != Value::Null, "{what}: {}", reply.text);
}

/// One of them, changed in a few places.
fn mutant(corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut data = dice.pick(corpus).clone();
    for _ in 0..=dice.below(4) {
        let (one, other) = (dice.below(data.len() + 1), dice.below(data.len() + 1));
        let (from, to) = (one.min(other), one.max(other));
        match dice.below(6) {
            0 => drop(data.drain(from..to.min(from + 64))),
            1 => drop(data.splice(from..from, dice.pick(&WORDS).bytes())),
            2 => drop(data.splice(from..to, dice.pick(&WORDS).repeat(1 + dice.below(300)).bytes())),
            3 => {
                let piece = data[from..to].to_vec();
                drop(data.splice(to..to, piece));
            }
            4 => {
                let stranger = dice.pick(corpus);
                let piece = stranger[dice.below(stranger.len() + 1)..].to_vec();
                drop(data.splice(from..from, piece));
            }
            _ => {
                if let Some(byte) = data.get_mut(from) {
                    *byte = u8::try_from(dice.below(256)).expect("a byte");
                }
            }
        }
        data.truncate(LARGEST);
    }
    data
}
