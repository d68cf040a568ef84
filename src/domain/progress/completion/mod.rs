//! 完成率: how much of a target and of a task is done, exactly, by the accepted figures.
//!
//! Nothing here is rounded; [`Share::percent`] is, where a share is shown.

mod goal;
pub mod parts;
mod roll_up;

use std::collections::BTreeMap;

use entity::{MilestoneId, TargetId, UnitId};
use rust_decimal::Decimal;

pub use goal::{Goal, Measure, Weight};
pub use roll_up::{AcceptedReport, Change, Makeup, RollUp, UnitFigure};

use crate::domain::{language::Text, notices::allocation::Allocation, progress::light::Tolerance, share::Share};

/// A sum beyond any decimal, and far beyond the allowed figures of reports (9 × 10¹¹ each).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// The inputs of the completion of a task.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// Its targets.
    pub goals: &'a [Goal],
    /// The units that lead it, in the notice's order; the members of a collective unit in its place.
    pub leads: &'a [UnitId],
    /// The shares of its targets.
    pub allocations: &'a [Allocation],
    /// The milestones of its plan.
    pub milestones: &'a [MilestoneState],
    /// The percentage, from 0 to 100, that the lead stated last.
    pub stated_percent: Option<Decimal>,
    /// Whether any report on it is accepted. Milestones are reached by none before.
    pub is_reported: bool,
    /// Whether it is due: a ceiling that is kept until then is met.
    pub is_due: bool,
    /// How far below its value an approximate target is met.
    pub tolerance: Tolerance,
}

/// A 时间节点 and whether an accepted report says that it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MilestoneState {
    /// The milestone.
    pub id: MilestoneId,
    /// How much it counts.
    pub weight: Weight,
    /// Whether it is reached.
    pub is_reached: bool,
}

/// The basis of a task's completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// 目标任务: the weighted mean over its top-level targets.
    Targets,
    /// 时间节点: the weighted share of milestones reached.
    Milestones,
    /// 上限: there are ceilings alone, which are kept or broken. It is complete once it is due and all are kept.
    Ceilings,
    /// 自报: the percentage that the lead states.
    Stated,
    /// Nothing of these is there, so that nobody knows how much is done.
    Nothing,
}

/// The completion of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says another thing of a target, and none follows from the others")]
pub struct TargetCompletion {
    /// The target.
    pub target_id: TargetId,
    /// The counted thing.
    pub label: String,
    /// The counting unit.
    pub unit: String,
    /// How much was promised.
    pub value: Decimal,
    /// The baseline from which it runs; `None` where it runs from nothing.
    pub baseline: Option<Decimal>,
    /// How much is achieved; `None` while nobody has reported.
    pub achieved: Option<Decimal>,
    /// Whether nobody reported that, and its parts make it.
    pub is_made_of_parts: bool,
    /// Whose figures make that.
    pub makeup: Makeup,
    /// What reaching it means.
    pub measure: Measure,
    /// How much it counts.
    pub weight: Weight,
    /// Whether it is in the mean of its task, once it is reported.
    pub counts: bool,
    /// Whether the task is not complete while it is unreported.
    pub is_asked_for: bool,
    /// Whether its figure may fall again, so that a ceiling that is broken can be kept after all.
    pub can_come_back: bool,
    /// Achieved ÷ value, from its baseline where it has one, uncapped; `None` while nobody has reported, and of what has no completion.
    pub share: Option<Share>,
    /// The share from which on it is met: less than the whole where it is approximate.
    pub met_from: Share,
    /// Whether it is met; `None` while nobody has reported, of a ceiling that is kept and not yet due, and of a term.
    pub met: Option<bool>,
}

/// How a ceiling stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ceiling {
    /// 守住.
    Kept,
    /// 突破.
    Broken,
}

/// The completion of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCompletion {
    /// From nothing to the whole: of targets, the mean over those that are reported. `None` while nothing says how much is done, since unknown
    /// is not zero.
    pub share: Option<Share>,
    /// By what it was found, or is to be found.
    pub basis: Basis,
    /// Each target, in the order given.
    pub targets: Vec<TargetCompletion>,
}

impl TargetCompletion {
    /// 压减: whether it is to fall from its baseline.
    #[must_use]
    pub fn runs_down(&self) -> bool {
        self.baseline.is_some_and(|baseline| baseline > self.value)
    }

    /// The figure that is so much of it: the least that is enough, or the most where it runs down; with so many decimals.
    #[must_use]
    pub fn figure_at(&self, share: &Share, decimals: u32, strictly: bool) -> Decimal {
        let from = Share::from(self.baseline.unwrap_or_default());
        let figure = from.plus(&Share::from(self.value).minus(&from).times(share));
        if self.runs_down() {
            // The most with so many decimals that is no more than this.
            let least = Share::nothing().minus(&figure).least_figure(decimals, strictly);
            least.checked_mul(Decimal::NEGATIVE_ONE).unwrap_or_default()
        } else {
            figure.least_figure(decimals, strictly)
        }
    }

    /// What it brings to the mean of its task: the whole once it is met, and never more; `None` while nobody has reported.
    #[must_use]
    pub fn credit(&self) -> Option<Share> {
        let share = self.share.clone()?;
        Some(if share >= self.met_from { Share::whole() } else { share.capped() })
    }

    /// Whether it is asked for, and nobody has reported it.
    #[must_use]
    pub fn is_unreported(&self) -> bool {
        self.is_asked_for && self.achieved.is_none()
    }

    /// How it stands if it is a ceiling; `None` while nobody has reported.
    #[must_use]
    pub fn ceiling(&self) -> Option<Ceiling> {
        let achieved = self.achieved.filter(|_| self.measure == Measure::Ceiling)?;
        Some(if achieved > self.value { Ceiling::Broken } else { Ceiling::Kept })
    }

    /// Whether it is a ceiling that is broken.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.ceiling() == Some(Ceiling::Broken)
    }
}

impl TaskCompletion {
    /// The ceilings that are broken.
    pub fn exceeded(&self) -> impl Iterator<Item = &TargetCompletion> {
        self.targets.iter().filter(|target| target.is_exceeded())
    }

    /// The targets that are asked for and that nobody has reported.
    pub fn unreported(&self) -> impl Iterator<Item = &TargetCompletion> {
        self.targets.iter().filter(|target| target.is_unreported())
    }

    /// Whether it has ceilings alone, and what is reported says how they stand.
    #[must_use]
    pub fn is_by_ceilings(&self) -> bool {
        self.basis == Basis::Ceilings && self.targets.iter().any(|target| target.is_asked_for && target.achieved.is_some())
    }

    /// How many targets are in its mean once they are reported.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.targets.iter().filter(|target| target.counts).count()
    }

    /// How many of these are reported.
    #[must_use]
    pub fn reported(&self) -> usize {
        self.targets.iter().filter(|target| target.counts && target.achieved.is_some()).count()
    }

    /// Whether everything promised is done: all of it is reported, and no ceiling is broken.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_whole = self.share.as_ref().is_some_and(|share| *share >= Share::whole());
        is_whole && self.unreported().next().is_none() && self.exceeded().next().is_none()
    }
}

impl Basis {
    /// Its name.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Targets => Text::new("按目标任务计算", "by its targets"),
            Self::Milestones => Text::new("按时间节点计算", "by its milestones"),
            Self::Ceilings => Text::new("按上限是否守住", "by its ceilings"),
            Self::Stated => Text::new("按牵头单位自报", "as its lead states"),
            Self::Nothing => Text::new("尚无计算依据", "with nothing to measure it by"),
        }
    }
}

/// The completion of a task by the figures that are accepted.
///
/// # Errors
///
/// A sum is too large for a decimal.
pub fn complete(work: &Work<'_>, figures: &RollUp) -> Result<TaskCompletion, TooLarge> {
    let mut reported = BTreeMap::new();
    for goal in work.goals {
        if let Some(achieved) = figures.achieved(goal, work.leads, work.allocations)? {
            reported.insert(goal.target().id, achieved);
        }
    }
    let made = parts::made(work.goals, &reported)?;
    let targets: Vec<TargetCompletion> = work
        .goals
        .iter()
        .map(|goal| {
            let id = goal.target().id;
            target(goal, work, reported.get(&id).or(made.get(&id)).copied(), made.contains_key(&id))
        })
        .collect();
    let (basis, share) = if targets.iter().any(|target| target.counts) {
        let reported = targets.iter().filter(|target| target.counts);
        (Basis::Targets, mean(reported.filter_map(|target| Some((target.weight, target.credit()?)))))
    } else if is_measured_by(work.milestones) {
        let reached = |milestone: &MilestoneState| if milestone.is_reached { Share::whole() } else { Share::nothing() };
        let all = mean(work.milestones.iter().map(|milestone| (milestone.weight, reached(milestone))));
        (Basis::Milestones, all.filter(|_| work.is_reported))
    } else if targets.iter().any(|target| target.is_asked_for) {
        (Basis::Ceilings, kept(&targets).filter(|_| work.is_due))
    } else {
        match work.stated_percent {
            Some(percent) => (Basis::Stated, Some(Share::from_percent(percent).capped())),
            None => (Basis::Nothing, None),
        }
    };
    Ok(TaskCompletion { share, basis, targets })
}

/// Whether a task is in words alone, so that how much is done is what its lead states.
#[must_use]
pub fn is_in_words(goals: &[Goal], milestones: &[MilestoneState]) -> bool {
    !goals.iter().any(Goal::is_asked_for) && !is_measured_by(milestones)
}

/// Ceilings are kept together or not at all; `None` while one is unreported and none is broken.
fn kept(ceilings: &[TargetCompletion]) -> Option<Share> {
    if ceilings.iter().any(TargetCompletion::is_exceeded) {
        return Some(Share::nothing());
    }
    (!ceilings.iter().any(TargetCompletion::is_unreported)).then(Share::whole)
}

fn is_measured_by(milestones: &[MilestoneState]) -> bool {
    milestones.iter().any(|milestone| milestone.weight.value() > Decimal::ZERO)
}

fn target(goal: &Goal, work: &Work<'_>, achieved: Option<Decimal>, is_made_of_parts: bool) -> TargetCompletion {
    let target = goal.target();
    let share = achieved.filter(|_| goal.measure() == Measure::Progress).and_then(|achieved| goal.share(achieved));
    let met_from = goal.met_from(work.tolerance);
    let met = match goal.measure() {
        Measure::Progress => share.as_ref().map(|share| *share >= met_from),
        Measure::Ceiling => achieved.map(|achieved| achieved <= target.value).filter(|is_kept| work.is_due || !is_kept),
        Measure::Term => None,
    };
    TargetCompletion {
        target_id: target.id,
        label: target.label.clone(),
        unit: target.unit.clone(),
        value: target.value,
        baseline: goal.baseline(),
        achieved,
        is_made_of_parts,
        makeup: Makeup::of(goal, work.leads, work.allocations),
        measure: goal.measure(),
        weight: goal.weight(),
        counts: goal.counts(),
        is_asked_for: goal.is_asked_for(),
        can_come_back: goal.can_come_back(),
        share,
        met_from,
        met,
    }
}

/// The weighted mean; `None` of nothing that weighs.
fn mean(weighted: impl Iterator<Item = (Weight, Share)>) -> Option<Share> {
    let (weights, sum) = weighted.fold((Share::nothing(), Share::nothing()), |(weights, sum), (weight, share)| {
        let weight = Share::from(weight.value());
        (weights.plus(&weight), sum.plus(&weight.times(&share)))
    });
    sum.over(&weights)
}

#[cfg(test)]
mod tests;
