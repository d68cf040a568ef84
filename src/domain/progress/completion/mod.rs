//! 完成率: how much of a target and of a task is done, exactly, by the accepted figures.
//!
//! Nothing here is rounded; [`Share::percent`] is, where a share is shown.

mod goal;
mod roll_up;

use entity::{MilestoneId, TargetId, UnitId};
use rust_decimal::Decimal;

pub use goal::{Goal, Measure, Weight};
pub use roll_up::{AcceptedReport, Change, RollUp, UnitFigure};

use crate::domain::{language::Text, share::Share};

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
    /// The milestones of its plan.
    pub milestones: &'a [MilestoneState],
    /// The percentage, from 0 to 100, that the lead stated last.
    pub stated_percent: Option<Decimal>,
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
    /// 自报: the percentage that the lead states.
    Stated,
    /// All three are missing, which counts as nothing done.
    Nothing,
}

/// The completion of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetCompletion {
    /// The target.
    pub target_id: TargetId,
    /// The counted thing.
    pub label: String,
    /// The counting unit.
    pub unit: String,
    /// How much was promised.
    pub value: Decimal,
    /// How much is achieved; `None` while nobody has reported.
    pub achieved: Option<Decimal>,
    /// The meaning of reaching it.
    pub measure: Measure,
    /// How much it counts.
    pub weight: Weight,
    /// Whether it is in the mean of its task.
    pub counts: bool,
    /// Achieved ÷ value, uncapped; 0 if nobody has reported; `None` if the target has no completion.
    pub share: Option<Share>,
}

/// The completion of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCompletion {
    /// From nothing to the whole.
    pub share: Share,
    /// The basis.
    pub basis: Basis,
    /// Each target, in the order given.
    pub targets: Vec<TargetCompletion>,
}

impl TargetCompletion {
    /// Whether it is a ceiling that is broken.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.measure == Measure::Ceiling && self.achieved.is_some_and(|achieved| achieved > self.value)
    }
}

impl TaskCompletion {
    /// The ceilings that are broken.
    pub fn exceeded(&self) -> impl Iterator<Item = &TargetCompletion> {
        self.targets.iter().filter(|target| target.is_exceeded())
    }

    /// Whether everything promised is done and no ceiling is broken.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.share >= Share::whole() && self.exceeded().next().is_none()
    }
}

impl Basis {
    /// Its name.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Targets => Text::new("按目标任务计算", "by its targets"),
            Self::Milestones => Text::new("按时间节点计算", "by its milestones"),
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
    let targets = work.goals.iter().map(|goal| target(goal, work.leads, figures)).collect::<Result<Vec<_>, _>>()?;
    let counted = targets.iter().filter(|target| target.counts);
    let by_targets = mean(counted.filter_map(|target| Some((target.weight, target.share.clone()?.capped()))));
    let by_milestones = || {
        let reached = |milestone: &MilestoneState| if milestone.is_reached { Share::whole() } else { Share::nothing() };
        mean(work.milestones.iter().map(|milestone| (milestone.weight, reached(milestone))))
    };
    let by_word = || work.stated_percent.map(|percent| Share::from_percent(percent).capped());
    let (share, basis) = by_targets
        .map(|share| (share, Basis::Targets))
        .or_else(|| by_milestones().map(|share| (share, Basis::Milestones)))
        .or_else(|| by_word().map(|share| (share, Basis::Stated)))
        .unwrap_or_else(|| (Share::nothing(), Basis::Nothing));
    Ok(TaskCompletion { share, basis, targets })
}

fn target(goal: &Goal, leads: &[UnitId], figures: &RollUp) -> Result<TargetCompletion, TooLarge> {
    let target = goal.target();
    let achieved = figures.achieved(goal, leads)?;
    let share =
        (goal.measure() == Measure::Progress).then(|| Share::of(achieved.unwrap_or_default().max(Decimal::ZERO), target.value)).flatten();
    Ok(TargetCompletion {
        target_id: target.id,
        label: target.label.clone(),
        unit: target.unit.clone(),
        value: target.value,
        achieved,
        measure: goal.measure(),
        weight: goal.weight(),
        counts: goal.counts(),
        share,
    })
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
