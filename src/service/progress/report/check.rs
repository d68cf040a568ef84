//! What is checked of a post, field by field: all that is wrong with it, each with its place.

use std::collections::HashMap;

use entity::{Cadence, Quantity, QuantityError, UnitId};
use rust_decimal::Decimal;

use super::{Post, posting::Desk};
use crate::{
    domain::{
        language::Text,
        places::unit::Unit,
        progress::{
            dossier::{Acceptance, Dossier, Reckoning},
            period::{Period, PeriodError},
            report::{self, Finding, Life, PostedFigure, Posting, ProgressReport, Remark, Schedule, Step, Subject},
        },
    },
    service::{Current, Fault, Refusal},
};

/// How long a narrative may be, in characters.
const NARRATIVE: usize = 5000;

/// How long a note on a figure or a blocker may be, in characters.
const NOTE: usize = 1000;

/// How many figures, milestones or blockers a post may hold.
const PARTS: usize = 100;

/// A check of one post.
pub(super) struct Check {
    path: Vec<String>,
    pub faults: Vec<Fault>,
}

impl Check {
    /// Of the post at a path.
    pub fn of(path: Vec<String>) -> Self {
        Self { path, faults: Vec::new() }
    }

    pub fn fault(&mut self, code: &'static str, at: &[&str], message: Text) {
        let at = at.iter().map(|&part| part.to_owned());
        self.faults.push(Fault::at(code, self.path.iter().cloned().chain(at).collect(), message));
    }

    fn refuse(&mut self, refusal: report::Refusal, at: &[&str]) {
        self.fault(refusal.word(), at, refusal.text());
    }

    pub fn period(&mut self, read: &Result<Period, PeriodError>, dossier: &Dossier, reckoning: &Reckoning) -> Option<Period> {
        let period = match read {
            Ok(period) => *period,
            Err(error) => {
                self.fault("PERIOD_MALFORMED", &["period"], error.text());
                return None;
            }
        };
        if period.starts_on() > reckoning.today() {
            let begins = period.starts_on();
            self.fault(
                "PERIOD_IN_FUTURE",
                &["period"],
                Text::new(
                    format!("这一期 {begins} 才开始：请等到那时再报。"),
                    format!("This period begins on {begins}: report once it has."),
                ),
            );
            return None;
        }
        let asked_for = dossier.periods(reckoning);
        if asked_for.iter().any(|occurrence| occurrence.period == period) {
            return Some(period);
        }
        let mut cadences: Vec<Cadence> = asked_for.iter().map(|occurrence| occurrence.period.cadence()).collect();
        cadences.sort_unstable();
        cadences.dedup();
        let examples: Vec<String> =
            cadences.iter().map(|cadence| Period::containing(*cadence, reckoning.today().min(last_day(dossier))).key()).collect();
        let message = if examples.is_empty() {
            Text::new(
                "此任务没有填报要求：请联系督查室设置填报频次。",
                "No reports are asked for on this task: ask the supervision office to set how often.",
            )
        } else {
            let examples = examples.join("、");
            Text::new(
                format!("此任务这一期无需填报；按通知的频次，写法如 {examples}，期限从通知印发起到年底或办结止。"),
                format!(
                    "No report is asked for this period; by the notice they are like {examples}, from its issue to the year's end or the closing."
                ),
            )
        };
        self.fault("PERIOD_NOT_OWED", &["period"], message);
        None
    }

    pub fn words(&mut self, post: &Post) {
        if post.narrative.trim().is_empty() && !post.draft {
            self.fault("NARRATIVE_MISSING", &["narrative"], Text::new("请填写进展情况。", "Say what was done."));
        }
        self.length(&post.narrative, NARRATIVE, &["narrative"]);
    }

    fn length(&mut self, text: &str, most: usize, at: &[&str]) {
        let count = text.chars().count();
        if count > most {
            self.fault(
                "TEXT_TOO_LONG",
                at,
                Text::new(
                    format!("至多 {most} 个字，现有 {count} 个：请精简。"),
                    format!("At most {most} characters, not {count}: shorten it."),
                ),
            );
        }
    }

    fn few<T>(&mut self, parts: &[T], at: &str) {
        let count = parts.len();
        if count > PARTS {
            self.fault(
                "TOO_MANY",
                &[at],
                Text::new(format!("至多 {PARTS} 项，现有 {count} 项。"), format!("At most {PARTS}, not {count}.")),
            );
        }
    }

    pub fn figures(&mut self, post: &Post) -> Vec<PostedFigure> {
        self.few(&post.achievements, "achievements");
        let mut figures = Vec::new();
        for (place, achievement) in post.achievements.iter().enumerate().take(PARTS) {
            let place = place.to_string();
            self.length(achievement.explanation.as_deref().unwrap_or_default(), NOTE, &["achievements", &place, "explanation"]);
            match achievement.value.read() {
                Ok(value) => figures.push(PostedFigure {
                    target_id: achievement.target_id,
                    value,
                    explanation: achievement.explanation.clone().filter(|explanation| !explanation.trim().is_empty()),
                }),
                Err(message) => self.fault("FIGURE_NOT_A_NUMBER", &["achievements", &place, "value"], message),
            }
        }
        // Places below are those of the post: with a figure that is none, the others are checked when it is mended.
        if figures.len() == post.achievements.len() { figures } else { Vec::new() }
    }

    pub fn milestones(&mut self, post: &Post, dossier: &Dossier) {
        self.few(&post.milestones_reached, "milestonesReached");
        for (place, milestone) in post.milestones_reached.iter().enumerate().take(PARTS) {
            if !dossier.milestones.iter().any(|known| known.id == *milestone) {
                let message = Text::new("该时间节点不属于本任务的计划，请更正。", "The milestone is not of this task's plan: correct it.");
                self.fault("MILESTONE_OF_ANOTHER_TASK", &["milestonesReached", &place.to_string()], message);
            }
        }
    }

    pub fn blockers(&mut self, post: &Post, helpers: &HashMap<UnitId, Unit>) {
        self.few(&post.blockers, "blockers");
        for (place, blocker) in post.blockers.iter().enumerate().take(PARTS) {
            let place = place.to_string();
            if blocker.description.trim().is_empty() {
                self.fault("BLOCKER_BLANK", &["blockers", &place, "description"], Text::new("请说明堵点。", "Say what stops the task."));
            }
            self.length(&blocker.description, NOTE, &["blockers", &place, "description"]);
            self.length(blocker.needs.as_deref().unwrap_or_default(), NOTE, &["blockers", &place, "needs"]);
            if blocker.needed_from.is_some_and(|unit| !helpers.contains_key(&unit)) {
                self.fault("UNKNOWN_UNIT", &["blockers", &place, "neededFrom"], super::unknown("单位", "unit"));
            }
        }
    }

    pub fn stated(&mut self, post: &Post) -> Option<Decimal> {
        match post.stated_completion.as_ref()?.read() {
            Err(message) => {
                self.fault("FIGURE_NOT_A_NUMBER", &["statedCompletion"], message);
                None
            }
            Ok(percent) => {
                if Quantity::try_from(percent) == Err(QuantityError::TooPrecise) {
                    self.refuse(report::Refusal::TooPrecise, &["statedCompletion"]);
                    return None;
                }
                Some(percent)
            }
        }
    }

    pub fn version(&mut self, post: &Post, known: Option<&ProgressReport>) -> Result<(), Refusal> {
        let expected = post.expected_version.unwrap_or_default();
        let current = known.map_or(0, |report| report.version);
        if expected == i64::from(current) {
            return Ok(());
        }
        // In a batch the row has to be named, which an error cannot.
        if self.path.len() == 1 {
            return Err(Refusal::Stale(Box::new(known.map(Current::from).unwrap_or_default())));
        }
        let message = Text::new(
            format!("内容已被他人修改，现为第 {current} 版：请刷新后重新提交。"),
            format!("It was changed meanwhile and has version {current} now: refresh and submit again."),
        );
        self.fault("STALE_VERSION", &["expectedVersion"], message);
        Ok(())
    }

    /// The life of the report before and after; after is `None` where it cannot go on.
    pub fn life(&mut self, desk: &Desk<'_>, post: &Post, known: Option<&ProgressReport>) -> Result<(Life, Option<Life>), Refusal> {
        let steps = desk.steps.iter().filter(|step| known.is_some_and(|report| report.id == step.report_id));
        let before = Step::life(steps).map_err(|refusal| Refusal::Fault(Box::new(refusal)))?;
        let after = if post.draft { before.check_saving().map(|()| before.clone()) } else { before.clone().submit(desk.call.occasion.at) };
        let after = after.map_err(|refusal| self.refuse(refusal, &[])).ok();
        Ok((before, after))
    }

    /// What the figures and blockers are checked for, against what was accepted before.
    pub fn content(
        &mut self,
        desk: &Desk<'_>,
        post: &Post,
        dossier: &Dossier,
        period: Period,
        posted: &Acceptance,
        figures: &[PostedFigure],
    ) -> Vec<Remark> {
        let blockers: Vec<report::Blocker> = post
            .blockers
            .iter()
            .map(|blocker| report::Blocker { description: blocker.description.clone(), needs: blocker.needs.clone() })
            .collect();
        let is_explained = desk.blockers.iter().any(|blocker| {
            blocker.task_id == post.task_id
                && blocker.report_id != posted.report_id
                && blocker.raised_at.is_some()
                && blocker.needs.as_deref().is_some_and(|needs| !needs.trim().is_empty())
        });
        let Ok(assessment) = dossier.assess(period, posted, is_explained, &desk.reckoning) else {
            self.refuse(report::Refusal::TooLarge, &["achievements"]);
            return Vec::new();
        };
        // A draft is not asked why it is behind; nor is a post whose figures cannot be read yet.
        let readable = figures.len() == post.achievements.len();
        let schedule: Option<&Schedule> = assessment.schedule.as_ref().filter(|_| !post.draft && readable);
        // What cannot be read is no word, and told already.
        let asks_for_word = assessment.asks_for_word && post.stated_completion.is_none();
        let posting = Posting { figures, blockers: &blockers, stated_percent: posted.stated_percent, asks_for_word };
        let mut findings = posting.check(&assessment.records, schedule);
        if post.draft {
            findings = findings.for_draft();
        }
        for Finding { subject, what } in &findings.refusals {
            let path = subject.path();
            self.refuse(*what, &path.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let remark = |finding: &Finding<report::Warning>| match finding.subject {
            Subject::Value(place) => Some(Remark { target_id: figures.get(place)?.target_id, warning: finding.what }),
            Subject::Target(_) | Subject::Blockers | Subject::StatedCompletion => None,
        };
        findings.warnings.iter().filter_map(remark).collect()
    }
}

/// The last day on which a notice's duties run.
fn last_day(dossier: &Dossier) -> chrono::NaiveDate {
    dossier.plan().due_on()
}
