//! The changes that would turn a light green.

use chrono::NaiveDate;
use entity::TargetId;
use rust_decimal::Decimal;

use super::{
    Facts, RuleSet, STALE_AFTER, UNANSWERED_AFTER,
    judge::is_partial,
    rule_set::{Edge, Gauge},
};
use crate::domain::{
    language::Text,
    progress::completion::{Basis, Measure, TargetCompletion},
    share::Share,
};

/// The cases in which the bands do not judge a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// It is done.
    Nothing { closed_on: NaiveDate },
    /// It is suspended.
    Work,
    /// It has not started.
    Start,
    /// There is nothing to measure by yet.
    Report,
    /// It is past due.
    Time,
}

/// Something that has to happen before the light is green.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// More has to be done.
    Completion {
        /// The least completion that is green.
        required: Share,
        /// Whether it has to be more than that.
        is_strict: bool,
        /// How much is left to get there.
        more: Share,
        /// Figures that get there. Where several targets are behind, others may too: these bring each of them to the completion required
        /// of the task, which is always enough.
        figures: Vec<FigureNeed>,
    },
    /// So many missing reports have to be handed in and accepted.
    Reports(u32),
    /// There has to be a first figure.
    FirstReport,
    /// Targets have to be reported for the first time, with no less than these figures.
    FirstFigures(Vec<FigureNeed>),
    /// A ceiling is broken, and what adds up does not come back: unless the figure is wrong, it is for the office to settle.
    CeilingLost {
        /// The target.
        target_id: TargetId,
        /// What is limited.
        label: String,
    },
    /// A ceiling is broken.
    LowerCeiling {
        /// The target.
        target_id: TargetId,
        /// The limited thing.
        label: String,
        /// The counting unit.
        unit: String,
        /// The upper limit.
        value: Decimal,
    },
    /// Work has to go on.
    Resumption,
    /// Work has to start.
    Start(NaiveDate),
}

/// The figure that a target needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureNeed {
    /// The target.
    pub target_id: TargetId,
    /// The counted thing.
    pub label: String,
    /// The counting unit.
    pub unit: String,
    /// The least figure that is enough, as finely divided as the figures reported.
    pub required: Decimal,
    /// How much more that is.
    pub more: Decimal,
    /// Whether it is the most that is enough: of a ceiling, and of what is to fall.
    pub is_most: bool,
}

/// All that has to happen before the light is green.
pub(super) fn needs(rule_set: &RuleSet, facts: &Facts<'_>, planned: &Share, is_late: bool, lack: Option<Lack>) -> Vec<Need> {
    let mut needs = Vec::new();
    match lack {
        Some(Lack::Nothing { .. }) => return needs,
        Some(Lack::Work) => needs.push(Need::Resumption),
        Some(Lack::Start) => return vec![Need::Start(facts.plan.starts_on())],
        Some(Lack::Report) => needs.push(Need::FirstReport),
        Some(Lack::Time) | None => {}
    }
    let (required, is_strict) = if is_late { (Share::whole(), false) } else { required(rule_set, planned) };
    // What nobody knows is measured as nothing done.
    let completion = facts.completion.share.clone().unwrap_or_else(Share::nothing);
    let figures: Vec<FigureNeed> = facts.completion.targets.iter().filter_map(|target| figure(target, &required, is_strict)).collect();
    // Ceilings are kept or broken, and have no share to reach.
    let is_measured = facts.completion.basis != Basis::Ceilings;
    let (below, first): (Vec<FigureNeed>, Vec<FigureNeed>) = if completion < required || (is_strict && completion == required) {
        (figures, Vec::new())
    } else {
        // A target that joins the mean at what is required does not pull it below that.
        let is_first = |need: &FigureNeed| facts.completion.unreported().any(|target| target.target_id == need.target_id);
        (Vec::new(), figures.into_iter().filter(is_first).collect())
    };
    if is_measured && (completion < required || (is_strict && completion == required)) {
        let more = required.minus(&completion);
        needs.push(Need::Completion { required, is_strict, more, figures: below });
    }
    if is_late || is_partial(facts) {
        let ceilings = facts.completion.unreported().filter(|target| target.measure == Measure::Ceiling).map(ceiling);
        let first: Vec<FigureNeed> = first.into_iter().chain(ceilings).collect();
        needs.extend((!first.is_empty()).then_some(Need::FirstFigures(first)));
    }
    needs.extend(facts.completion.exceeded().map(|target| {
        let (target_id, label) = (target.target_id, target.label.clone());
        if target.can_come_back {
            Need::LowerCeiling { target_id, label, unit: target.unit.clone(), value: target.value }
        } else {
            Need::CeilingLost { target_id, label }
        }
    }));
    if facts.missing_in_a_row >= STALE_AFTER {
        needs.push(Need::Reports(facts.missing_in_a_row));
    }
    let is_silent = facts.completion.share.is_none() && !facts.completion.is_by_ceilings();
    if is_silent && facts.due >= UNANSWERED_AFTER && !needs.contains(&Need::FirstReport) {
        needs.push(Need::FirstReport);
    }
    needs
}

/// What the first figure of a ceiling may be at most.
fn ceiling(target: &TargetCompletion) -> FigureNeed {
    FigureNeed {
        target_id: target.target_id,
        label: target.label.clone(),
        unit: target.unit.clone(),
        required: target.value.normalize(),
        more: Decimal::ZERO,
        is_most: true,
    }
}

/// The least completion that the green band takes, and whether it has to be more.
fn required(rule_set: &RuleSet, planned: &Share) -> (Share, bool) {
    let nothing = (Share::nothing(), false);
    let Some(Edge { at, is_included }) = rule_set.green_edge() else { return nothing };
    let edge = Share::from_percent(at);
    let least = match rule_set.gauge() {
        Gauge::Gap => planned.minus(&edge),
        // Where nothing is planned there is no shortfall.
        Gauge::Shortfall if planned.is_nothing() => return nothing,
        Gauge::Shortfall => planned.times(&Share::whole().minus(&edge)),
        Gauge::Completion => edge,
    };
    if least.is_negative() { nothing } else { (least, !is_included) }
}

fn figure(target: &TargetCompletion, required: &Share, is_strict: bool) -> Option<FigureNeed> {
    // More than what meets it is not asked for.
    let (required, is_strict) = if target.met_from <= *required { (&target.met_from, false) } else { (required, is_strict) };
    let is_enough = |share: &Share| *share > *required || (!is_strict && *share == *required);
    if !target.counts || target.share.as_ref().is_some_and(is_enough) {
        return None;
    }
    let achieved = target.achieved.or(target.baseline).unwrap_or_default().max(Decimal::ZERO);
    let decimals = achieved.normalize().scale().max(target.value.normalize().scale());
    let figure = target.figure_at(required, decimals, is_strict).normalize();
    let is_most = target.runs_down();
    let (upper, lower) = if is_most { (achieved, figure) } else { (figure, achieved) };
    Some(FigureNeed {
        target_id: target.target_id,
        label: target.label.clone(),
        unit: target.unit.clone(),
        required: figure,
        more: upper.checked_sub(lower)?.normalize(),
        is_most,
    })
}

impl FigureNeed {
    fn text(&self) -> (String, String) {
        let Self { label, unit, required, more, is_most, .. } = self;
        let (how, how_english) = if *is_most { ("降至", "less") } else { ("达到", "more") };
        let by = if *is_most { "再降" } else { "再增" };
        (format!("“{label}”{how} {required}{unit}，{by} {more}{unit}"), format!("“{label}” at {required} {unit}, {more} {how_english}"))
    }

    fn bound(&self) -> (&'static str, &'static str) {
        if self.is_most { ("不高于", "at most") } else { ("不低于", "at least") }
    }
}

impl Need {
    /// In words, without a full stop.
    #[must_use]
    pub fn text(&self, basis: Basis) -> Text {
        match self {
            Self::Completion { required, is_strict, more, figures } => completion_text(required, *is_strict, more, figures, basis),
            Self::Reports(missing) => Text::new(
                format!("补报缺少的 {missing} 期进展并经审核接受"),
                format!("hand in the {missing} missing reports and have them accepted"),
            ),
            Self::FirstReport if basis == Basis::Nothing => Text::new(
                "由牵头单位在填报中写明自报完成率（statedCompletion）并经审核接受",
                "have the lead state how much is done in `statedCompletion` of a report, and have it accepted",
            ),
            Self::FirstFigures(figures) => {
                let list = |told: fn(&FigureNeed) -> String, separator| figures.iter().map(told).collect::<Vec<_>>().join(separator);
                Text::new(
                    format!(
                        "首次填报{}并经审核接受",
                        list(|need| format!("“{}”（{} {}{}）", need.label, need.bound().0, need.required, need.unit), "、")
                    ),
                    format!(
                        "report {} for the first time and have it accepted",
                        list(|need| format!("“{}” ({} {} {})", need.label, need.bound().1, need.required, need.unit), ", ")
                    ),
                )
            }
            Self::FirstReport => {
                Text::new("报送首次进展并经审核接受", "hand in a first report that says how much is done and have it accepted")
            }
            Self::LowerCeiling { label, unit, value, .. } => {
                Text::new(format!("“{label}”须不超过 {value}{unit}"), format!("bring “{label}” down to {value} {unit} at most"))
            }
            Self::CeilingLost { label, .. } => Text::new(
                format!("“{label}”累计数已超过上限，不会回落：数有误的请更正，否则请督查室研究处理"),
                format!("“{label}” is above its ceiling for good: correct the figure if it is wrong, else it is for the office to settle"),
            ),
            Self::Resumption => Text::new("恢复实施", "resume work"),
            Self::Start(on) => Text::new(format!("等到 {on} 开始实施"), format!("wait for its start on {on}")),
        }
    }
}

fn completion_text(required: &Share, is_strict: bool, more: &Share, figures: &[FigureNeed], basis: Basis) -> Text {
    let (required, more) = (required.percent_up(), more.percent_up());
    let (at_least, at_least_english) = if is_strict { ("超过", "more than") } else { ("达到", "at least") };
    let (task, task_english) = (
        format!("完成率{at_least} {required}%（还差 {more} 个百分点）"),
        format!("reach {at_least_english} {required}% ({more} points more)"),
    );
    let list = |wordings: Vec<String>, separator: &str| wordings.join(separator);
    let (figures, figures_english) =
        (list(figures.iter().map(|need| need.text().0).collect(), "；"), list(figures.iter().map(|need| need.text().1).collect(), "; "));
    match basis {
        Basis::Targets if !figures.is_empty() => {
            Text::new(format!("{task}，例如：{figures}"), format!("{task_english}, for instance {figures_english}"))
        }
        Basis::Milestones => Text::new(format!("{task}，即完成更多时间节点"), format!("{task_english} by reaching further milestones")),
        Basis::Targets | Basis::Ceilings | Basis::Stated | Basis::Nothing => Text::new(task, task_english),
    }
}
