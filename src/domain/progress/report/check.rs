//! The rules of a report's content: all faults at once, each with its field, and hints for the reviewer.

use std::collections::BTreeSet;

use entity::{Quantity, QuantityError, TargetId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Beside, Refusal};
use crate::domain::{language::Text, share::Share};

/// So many periods in a row without any change are remarked on.
const STANDSTILL: usize = 3;

/// A unit's post.
#[derive(Clone, Copy, Debug, Default)]
pub struct Posting<'a> {
    /// Its figures.
    pub figures: &'a [PostedFigure],
    /// 堵点: an obstacle to the task.
    pub blockers: &'a [Blocker],
    /// The completion that the lead states, in percent.
    pub stated_percent: Option<Decimal>,
    /// Whether that has to be stated: the task is in words alone, and the unit leads it.
    pub asks_for_word: bool,
}

/// 完成数: a cumulative figure of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedFigure {
    /// The target.
    pub target_id: TargetId,
    /// The figure, since the start of the year.
    pub value: Decimal,
    /// Why it is lower than the one before.
    pub explanation: Option<String>,
}

/// The part of a 堵点 that is checked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// The obstacle.
    pub description: String,
    /// The support that the unit needs.
    pub needs: Option<String>,
}

/// The values that a figure is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The target.
    pub target_id: TargetId,
    /// How much the unit is to achieve: its allocation where it has one, else the target's value.
    pub goal: Decimal,
    /// The most that the figure can be: a rate is part of its base.
    pub most: Option<Decimal>,
    /// Its share, where it was handed one.
    pub share: Option<Decimal>,
    /// What others report of it.
    pub beside: Beside,
    /// Its parts.
    pub parts: Vec<TargetId>,
    /// Whether these promise as much together as it does, so that they make it.
    pub parts_make_it: bool,
    /// The unit's accepted figures of the periods before this one, in their order. A report that comes late for an early period is
    /// compared with what was before that period.
    pub accepted: Vec<Decimal>,
}

/// Whether the task is on schedule once the report counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The share of the plan due.
    pub planned: Share,
    /// The share that is done, this report included.
    pub completion: Share,
    /// Whether an earlier blocker that gives the cause and the needed support is still open: nobody has to say it twice.
    pub is_explained: bool,
}

/// Which field something is said about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The value of the figure in this place.
    Value(usize),
    /// The target of the figure in this place.
    Target(usize),
    /// The blockers.
    Blockers,
    /// The stated completion.
    StatedCompletion,
}

/// Something that a reviewer should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Warning {
    /// More than twice the target.
    AboveTwice {
        /// The target value.
        goal: Decimal,
    },
    /// It rose by more than in any period before.
    LargestJump {
        /// By how much.
        jump: Decimal,
        /// By how much at most before.
        largest: Decimal,
    },
    /// It has not changed for three periods, and is not reached.
    Standstill,
    /// The same figure is there already.
    ReportedTwice {
        /// The figure.
        figure: Decimal,
        /// Whether both are added, so that it may count twice; else this one is not.
        is_added: bool,
    },
    /// It is above the unit's share.
    AboveShare {
        /// The share.
        share: Decimal,
    },
    /// What is meant to be the whole is not what its parts make.
    PartsDisagree {
        /// The whole.
        whole: Decimal,
        /// The parts together.
        parts: Decimal,
    },
}

/// Something said about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding<T> {
    /// The field.
    pub subject: Subject,
    /// The value.
    pub what: T,
}

/// All that is to be said about a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Why it is refused.
    pub refusals: Vec<Finding<Refusal>>,
    /// The hints for its reviewer.
    pub warnings: Vec<Finding<Warning>>,
}

impl Posting<'_> {
    /// All that is to be said about it. The records are those of the task's targets, one each; the schedule is `None` for a draft, and
    /// where nothing is planned.
    #[must_use]
    pub fn check(&self, records: &[Record], schedule: Option<&Schedule>) -> Findings {
        let mut findings = Findings::default();
        let mut seen = BTreeSet::new();
        for (place, figure) in self.figures.iter().enumerate() {
            if !seen.insert(figure.target_id) {
                findings.refuse(Subject::Target(place), Refusal::Repeated);
            }
            match records.iter().find(|record| record.target_id == figure.target_id) {
                None => findings.refuse(Subject::Target(place), Refusal::ForeignTarget),
                Some(record) => match refusal(figure, record) {
                    Some(refusal) => findings.refuse(Subject::Value(place), refusal),
                    None => findings.warn(Subject::Value(place), warnings(figure.value, record)),
                },
            }
        }
        for (place, warning) in records.iter().filter_map(|record| self.disagreement(record, records)) {
            findings.warn(Subject::Value(place), std::iter::once(warning));
        }
        if self.stated_percent.is_some_and(|percent| !(Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent)) {
            findings.refuse(Subject::StatedCompletion, Refusal::StatedOutOfRange);
        }
        if self.asks_for_word && self.stated_percent.is_none() {
            findings.refuse(Subject::StatedCompletion, Refusal::StatedMissing);
        }
        if schedule.is_some_and(Schedule::asks_why) {
            // One blocker has to say both: a cause here and a need there do not belong together.
            let causes = || self.blockers.iter().filter(|blocker| !blocker.description.trim().is_empty());
            if causes().next().is_none() {
                findings.refuse(Subject::Blockers, Refusal::CauseMissing);
            } else if !causes().any(|blocker| blocker.needs.as_deref().is_some_and(|needs| !needs.trim().is_empty())) {
                findings.refuse(Subject::Blockers, Refusal::NeedMissing);
            }
        }
        findings
    }
}

impl Posting<'_> {
    /// Where a whole and its parts contradict each other, as this posting leaves them: all parts of what they make are its sum, and no parts
    /// are more than their whole.
    fn disagreement(&self, whole: &Record, records: &[Record]) -> Option<(usize, Warning)> {
        let posted = |id: TargetId| self.figures.iter().find(|figure| figure.target_id == id).map(|figure| figure.value);
        let stated = |record: &Record| posted(record.target_id).or(record.accepted.last().copied());
        let is_meant = |figure: &PostedFigure| figure.target_id == whole.target_id || whole.parts.contains(&figure.target_id);
        if whole.parts.is_empty() {
            return None;
        }
        let place = self.figures.iter().position(is_meant)?;
        let value = stated(whole)?;
        let parts: Vec<Option<Decimal>> = records.iter().filter(|record| whole.parts.contains(&record.target_id)).map(stated).collect();
        let sum = parts.iter().flatten().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part))?;
        let is_short = whole.parts_make_it && parts.iter().all(Option::is_some) && sum < value;
        (sum > value || is_short).then_some((place, Warning::PartsDisagree { whole: value, parts: sum }))
    }
}

impl Schedule {
    /// 未达序时进度: less is done than is due, and nothing open says why.
    #[must_use]
    pub fn asks_why(&self) -> bool {
        self.completion < self.planned && !self.is_explained
    }
}

impl Findings {
    /// Only the faults that also prevent a draft.
    #[must_use]
    pub fn for_draft(mut self) -> Self {
        self.refusals.retain(|finding| finding.what.bars_draft());
        self
    }

    fn refuse(&mut self, subject: Subject, what: Refusal) {
        self.refusals.push(Finding { subject, what });
    }

    fn warn(&mut self, subject: Subject, warnings: impl Iterator<Item = Warning>) {
        self.warnings.extend(warnings.map(|what| Finding { subject, what }));
    }
}

impl Subject {
    /// The path of the field in the posting.
    #[must_use]
    pub fn path(self) -> Vec<String> {
        match self {
            Self::Value(place) => vec!["achievements".into(), place.to_string(), "value".into()],
            Self::Target(place) => vec!["achievements".into(), place.to_string(), "targetId".into()],
            Self::Blockers => vec!["blockers".into()],
            Self::StatedCompletion => vec!["statedCompletion".into()],
        }
    }
}

fn refusal(figure: &PostedFigure, record: &Record) -> Option<Refusal> {
    if figure.value.is_sign_negative() && !figure.value.is_zero() {
        return Some(Refusal::Negative);
    }
    match Quantity::try_from(figure.value) {
        Err(QuantityError::TooPrecise) => return Some(Refusal::TooPrecise),
        Err(QuantityError::TooLarge) => return Some(Refusal::TooLarge),
        Ok(_) => {}
    }
    if let Some(most) = record.most.filter(|most| figure.value > *most) {
        return Some(Refusal::AboveWhole(most));
    }
    let is_explained = figure.explanation.as_deref().is_some_and(|explanation| !explanation.trim().is_empty());
    record.accepted.last().copied().filter(|last| figure.value < *last && !is_explained).map(Refusal::BelowAccepted)
}

fn warnings(value: Decimal, record: &Record) -> impl Iterator<Item = Warning> {
    let alone = [above_twice(value, record.goal), largest_jump(value, &record.accepted), standstill(value, record)];
    alone.into_iter().flatten().chain(record.beside.warnings(value, record.share))
}

/// Twice zero gives no useful bound.
fn above_twice(value: Decimal, goal: Decimal) -> Option<Warning> {
    let twice = goal.checked_mul(Decimal::TWO)?;
    (goal > Decimal::ZERO && value > twice).then_some(Warning::AboveTwice { goal })
}

/// The first figure is a jump from zero, and has no earlier jump.
fn largest_jump(value: Decimal, accepted: &[Decimal]) -> Option<Warning> {
    let jump = value.checked_sub(*accepted.last()?)?;
    let before = std::iter::once(&Decimal::ZERO).chain(accepted);
    let largest = before.zip(accepted).filter_map(|(earlier, later)| later.checked_sub(*earlier)).max()?;
    (jump > largest.max(Decimal::ZERO)).then_some(Warning::LargestJump { jump, largest })
}

/// Three periods without a change are four equal figures. The first may be the zero at the beginning of the year. Once a goal is reached
/// there is nothing left to change.
fn standstill(value: Decimal, record: &Record) -> Option<Warning> {
    let before = std::iter::once(&Decimal::ZERO).chain(&record.accepted).rev().take(STANDSTILL);
    let is_open = record.goal.is_zero() || value < record.goal;
    let has_run = record.accepted.len() >= STANDSTILL.saturating_sub(1);
    (is_open && has_run && before.into_iter().all(|earlier| *earlier == value)).then_some(Warning::Standstill)
}

impl Warning {
    /// The word that programs match on.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AboveTwice { .. } => "ABOVE_TWICE_THE_TARGET",
            Self::LargestJump { .. } => "LARGEST_JUMP",
            Self::Standstill => "NO_CHANGE",
            Self::ReportedTwice { .. } => "REPORTED_TWICE",
            Self::AboveShare { .. } => "ABOVE_SHARE",
            Self::PartsDisagree { .. } => "PARTS_DISAGREE",
        }
    }

    /// The sentence that a reviewer reads.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::AboveTwice { goal } => {
                let goal = goal.normalize();
                Text::new(
                    format!("超过目标 {goal} 的两倍，请核对计量单位和口径。"),
                    format!("More than twice the target of {goal}: check the unit and what is counted."),
                )
            }
            Self::LargestJump { jump, largest } => {
                let (jump, largest) = (jump.normalize(), largest.normalize());
                Text::new(
                    format!("本期增加 {jump}，为历次最大（此前最大 {largest}），请核实。"),
                    format!("It rose by {jump}, more than in any period before ({largest}): verify it."),
                )
            }
            Self::ReportedTwice { figure, is_added: false } => {
                let figure = figure.normalize();
                Text::new(
                    format!("{figure} 已由计入的单位报过，本数不再相加：请核对是否重复。"),
                    format!("{figure} is reported by a unit whose figure counts, and this one is not added: see whether it is the same."),
                )
            }
            Self::ReportedTwice { figure, is_added: true } => {
                let figure = figure.normalize();
                Text::new(
                    format!("另一牵头单位也报了 {figure}，两数相加：请核对是否为同一数。"),
                    format!("Another lead reports {figure} as well, and the two are added: see whether they are one figure."),
                )
            }
            Self::AboveShare { share } => {
                let share = share.normalize();
                Text::new(format!("超过本单位的份额 {share}，请核实。"), format!("More than the unit's share of {share}: verify it."))
            }
            Self::PartsDisagree { whole, parts } => {
                let (whole, parts) = (whole.normalize(), parts.normalize());
                Text::new(
                    format!("总数 {whole} 与各部分之和 {parts} 不一致，请核实。"),
                    format!("The whole of {whole} and its parts, which make {parts}, disagree: verify them."),
                )
            }
            Self::Standstill => Text::new("连续三期没有变化，请了解原因。", "It has not changed for three periods: ask why."),
        }
    }
}
