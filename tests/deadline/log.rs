//! What clients ask for, and what they are told.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use entity::{TargetId, TransitionKind};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::Scene;
use crate::support::global;

pub const SUBMIT: &str =
    "mutation($input: SubmitProgressInput!) { submitProgress(input: $input) { report { id version } errors { code field } } }";
pub const REVIEW: &str =
    "mutation($input: ReviewProgressInput!) { reviewProgress(input: $input) { report { id version } errors { code field } } }";
pub const REVIEW_ALL: &str =
    "mutation($inputs: [ReviewProgressInput!]!) { reviewProgressBatch(inputs: $inputs) { reports { id version } errors { code field } } }";

/// A post. All that it says follows from its number, which no other has.
#[derive(Clone, Debug)]
pub struct Post {
    pub serial: u32,
    /// The place of the unit.
    pub unit: usize,
    /// The place of the task.
    pub task: usize,
    pub week: u32,
    pub expected: Option<i32>,
    pub draft: bool,
    /// Whether a figure is below zero, which is refused.
    pub negative: bool,
}

impl Post {
    pub fn period(&self, scene: &Scene) -> String {
        format!("{}-W{:02}", scene.year, self.week)
    }

    pub fn narrative(&self) -> String {
        format!("第 {} 次填报", self.serial)
    }

    pub fn blocker(&self) -> String {
        format!("堵点 {}", self.serial)
    }

    pub fn figures(&self, scene: &Scene) -> BTreeMap<TargetId, Decimal> {
        let value = |place: u32| Decimal::new(i64::from(self.serial) * 10_000 + i64::from(place), 4);
        scene.tasks[self.task].targets.iter().copied().zip((1..).map(value)).collect()
    }

    pub fn input(&self, scene: &Scene) -> Value {
        let sign = if self.negative { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let achievements: Vec<Value> = self
            .figures(scene)
            .iter()
            .map(|(target, value)| {
                json!({ "targetId": global("target", target.0), "value": (sign * value).to_string(), "explanation": "核减后重报" })
            })
            .collect();
        json!({ "input": {
            "taskId": global("task", scene.tasks[self.task].id.0),
            "period": self.period(scene),
            "narrative": self.narrative(),
            "achievements": achievements,
            "blockers": [{ "description": self.blocker(), "needs": "请支持" }],
            "expectedVersion": self.expected,
            "draft": self.draft,
        } })
    }
}

/// A decision of an office on a report.
#[derive(Clone, Debug)]
pub struct Review {
    pub report: Uuid,
    pub expected: i32,
    pub decision: TransitionKind,
}

impl Review {
    pub fn input(&self) -> Value {
        let decision = match self.decision {
            TransitionKind::Accept => "ACCEPT",
            TransitionKind::Return => "RETURN",
            TransitionKind::Reopen => "REOPEN",
            TransitionKind::Submit => panic!("an office submits nothing"),
        };
        json!({ "reportId": global("report", self.report), "decision": decision, "expectedVersion": self.expected, "reason": "请核实" })
    }
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, and the report has this version.
    Done { report: Uuid, version: i32 },
    /// It is not, for these reasons.
    Refused(String),
    /// Nothing: the connection broke.
    Lost,
}

impl Outcome {
    pub fn code(&self) -> &str {
        match self {
            Self::Done { .. } => "done",
            Self::Refused(code) => code,
            Self::Lost => "lost",
        }
    }
}

#[derive(Clone, Debug)]
pub enum Asked {
    Post(Post),
    Review(Review),
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub asked: Asked,
    pub outcome: Outcome,
    pub took: Duration,
}

/// What all clients asked for and were told.
#[derive(Default)]
pub struct Log(Mutex<Vec<Entry>>);

impl Log {
    pub fn note(&self, asked: Asked, outcome: Outcome, took: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { asked, outcome, took });
    }

    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many posts, or reviews, were told what.
    pub fn tally(&self, posts: bool) -> BTreeMap<String, usize> {
        let mut tally = BTreeMap::new();
        for entry in self.entries().iter().filter(|entry| matches!(entry.asked, Asked::Post(_)) == posts) {
            *tally.entry(entry.outcome.code().to_owned()).or_default() += 1;
        }
        tally
    }
}

/// What an answer to a single post or review says.
pub fn outcome(answer: &Value, field: &str) -> Outcome {
    match refusal(answer, field) {
        Some(code) => Outcome::Refused(code),
        None => done(&answer["data"][field]["report"]),
    }
}

/// What an answer to a batch says of each.
pub fn outcomes(answer: &Value, field: &str, asked: usize) -> Vec<Outcome> {
    match refusal(answer, field) {
        Some(code) => vec![Outcome::Refused(code); asked],
        None => answer["data"][field]["reports"].as_array().expect("reports").iter().map(done).collect(),
    }
}

fn refusal(answer: &Value, field: &str) -> Option<String> {
    if let Some(errors) = answer["errors"].as_array() {
        let code = errors[0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {answer:#}"));
        return Some(code.to_owned());
    }
    let faults = answer["data"][field]["errors"].as_array().unwrap_or_else(|| panic!("no answer: {answer:#}"));
    let mut codes: Vec<&str> = faults.iter().filter_map(|fault| fault["code"].as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    (!codes.is_empty()).then(|| codes.join(" "))
}

fn done(report: &Value) -> Outcome {
    let version = report["version"].as_i64().and_then(|version| i32::try_from(version).ok()).expect("a version");
    Outcome::Done { report: bare(&report["id"]), version }
}

/// The bare id of a global one.
pub fn bare(id: &Value) -> Uuid {
    let id: type_safe_id::TypeSafeId<type_safe_id::DynamicType> = id.as_str().expect("an id").parse().expect("an id");
    id.uuid()
}
