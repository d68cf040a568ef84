//! The targets that a notice has under an indicator, as one figure.

use entity::{Aggregation, Comparator, IndicatorId, TargetId};
use rust_decimal::Decimal;

use crate::domain::{
    catalogue::indicator::Indicator,
    language::Text,
    progress::{
        completion::{Goal, Measure, TargetCompletion, TaskCompletion, TooLarge},
        dossier::Dossier,
    },
    share::Share,
};

/// Why a row cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Obstacle {
    /// Several tasks have a rate, a level or an amount a head under the indicator, and such figures are neither added nor averaged.
    SeveralRates,
    /// A ceiling and a promise stand side by side, and no one figure says both.
    MixedComparators,
    /// It is a ceiling, which is kept or broken, and has no completion.
    Ceiling,
    /// It is a term that promises no quantity.
    Term,
    /// Less is better, so that a higher completion is not more.
    LessIsBetter,
}

impl Obstacle {
    /// The reason, and the way to read the row in spite of it.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::SeveralRates => Text::new(
                "通知中有几个这样的比率、总数或人均数，既不相加也不平均：请逐项查看 targets。",
                "The notice has several such rates, levels or amounts a head, which are neither added nor averaged: see each of `targets`.",
            ),
            Self::MixedComparators => Text::new(
                "上限与承诺并存，不能合为一个数：请逐项查看 targets。",
                "A ceiling stands beside a promise, and no one figure says both: see each of `targets`.",
            ),
            Self::Ceiling => Text::new(
                "上限只有守住或突破，没有完成率：请比较 target 与 achieved。",
                "A ceiling is kept or broken and has no completion: compare `target` and `achieved`.",
            ),
            Self::Term => Text::new(
                "条款不是数量承诺，没有完成率：请查看任务内容。",
                "A term promises no quantity and has no completion: see the task.",
            ),
            Self::LessIsBetter => Text::new(
                "本指标越小越好，完成率高不等于好，不排名：请比较 target 与 achieved。",
                "Less is better here, so that completion does not rank: compare `target` and `achieved`.",
            ),
        }
    }
}

/// The targets of a notice under an indicator, as one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combined {
    /// The meaning of reaching the target; `None` if the targets cannot be one.
    pub comparator: Option<Comparator>,
    /// How much was promised; `None` where the targets cannot be one.
    pub target: Option<Decimal>,
    /// How many targets there are.
    pub targets: u64,
    /// How many of them are reported.
    pub reported: u64,
    /// How many of them are met: a sum hides that 150 of 100 does not do the 50 of another.
    pub met: u64,
    /// How much those promise that are reported, of which the completion is a share; `None` while none is, or where they cannot be one.
    pub reported_target: Option<Decimal>,
    /// How much is achieved; `None` while nothing is accepted, or where the targets cannot be one.
    pub achieved: Option<Decimal>,
    /// Achieved ÷ what those promise that are reported, uncapped; `None` while none is, and where there is no completion.
    pub completion: Option<Share>,
    /// Why it cannot be compared.
    pub obstacle: Option<Obstacle>,
    /// Whether figures like it are added up, so that a share of another's means something.
    pub adds_up: bool,
}

/// A target that counts under the indicator, and its achieved figure.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// The target, and how it is measured.
    pub goal: &'a Goal,
    /// How much of it is done.
    pub completion: &'a TargetCompletion,
}

/// The targets of a task that count under an indicator. A target that is part of another of them is already in that one's figure.
#[must_use]
pub fn counted<'a>(indicator: IndicatorId, dossier: &'a Dossier, completion: &'a TaskCompletion) -> Vec<Counted<'a>> {
    let goals = &dossier.goals;
    let find = |id: TargetId| goals.iter().find(|goal| goal.target().id == id);
    let is_of = |goal: &Goal| goal.target().indicator_id == Some(indicator);
    let is_within_another = |goal: &Goal| {
        let wholes = std::iter::successors(goal.target().part_of_id.and_then(find), |whole| whole.target().part_of_id.and_then(find));
        // The database rejects a circle of parts; the loop here is bounded as well.
        wholes.take(goals.len()).any(is_of)
    };
    goals
        .iter()
        .filter(|goal| is_of(goal) && !is_within_another(goal))
        .filter_map(|goal| {
            let completion = completion.targets.iter().find(|target| target.target_id == goal.target().id)?;
            Some(Counted { goal, completion })
        })
        .collect()
}

/// One figure of several targets.
///
/// # Errors
/// A sum is larger than any decimal.
pub fn combined(indicator: &Indicator, counted: &[Counted<'_>]) -> Result<Combined, TooLarge> {
    let adds_up = counted.iter().all(|counted| counted.goal.aggregation() == Aggregation::Sum);
    let count = |targets: usize| u64::try_from(targets).unwrap_or(u64::MAX);
    let told: Vec<(Decimal, Decimal)> =
        counted.iter().filter_map(|counted| Some((counted.goal.target().value, counted.completion.achieved?))).collect();
    let nothing = Combined {
        comparator: None,
        target: None,
        targets: count(counted.len()),
        reported: count(told.len()),
        met: count(counted.iter().filter(|counted| counted.completion.met == Some(true)).count()),
        reported_target: None,
        achieved: None,
        completion: None,
        obstacle: None,
        adds_up,
    };
    let none = |obstacle| Combined { obstacle: Some(obstacle), ..nothing.clone() };
    if counted.len() > 1 && !adds_up {
        return Ok(none(Obstacle::SeveralRates));
    }
    let measure = counted.first().map(|counted| counted.goal.measure());
    let Some(measure) = measure.filter(|measure| counted.iter().all(|counted| counted.goal.measure() == *measure)) else {
        return Ok(none(Obstacle::MixedComparators));
    };
    let add = |sum: Decimal, figure: Decimal| sum.checked_add(figure).ok_or(TooLarge);
    let target = counted.iter().try_fold(Decimal::ZERO, |sum, counted| add(sum, counted.goal.target().value))?;
    // Unknown is not zero: what nobody has reported on is on neither side of the ratio.
    let of_reported = if told.is_empty() {
        None
    } else {
        let both = |sums: (Decimal, Decimal), one: &(Decimal, Decimal)| Ok((add(sums.0, one.0)?, add(sums.1, one.1)?));
        Some(told.iter().try_fold((Decimal::ZERO, Decimal::ZERO), both)?)
    };
    let completion = match (measure, counted) {
        // One that runs from a baseline is a share of the way from there.
        (Measure::Progress, [one]) => one.completion.share.clone(),
        (Measure::Progress, _) => of_reported.and_then(|(target, achieved)| Share::of(achieved.max(Decimal::ZERO), target)),
        (Measure::Ceiling | Measure::Term, _) => None,
    };
    let obstacle = match measure {
        Measure::Ceiling => Some(Obstacle::Ceiling),
        Measure::Term => Some(Obstacle::Term),
        Measure::Progress => (!indicator.higher_is_better).then_some(Obstacle::LessIsBetter),
    };
    let comparator = comparator(counted.iter().map(|counted| counted.goal.target().comparator));
    let (reported_target, achieved) = of_reported.unzip();
    Ok(Combined { comparator, target: Some(target), reported_target, achieved, completion, obstacle, ..nothing })
}

/// The comparator of the sum of targets: 500 and at least 300 are at least 800. If one is approximate, so is the sum.
fn comparator(comparators: impl Iterator<Item = Comparator>) -> Option<Comparator> {
    let looseness = |comparator: &Comparator| match comparator {
        Comparator::Exactly => 0,
        Comparator::AtLeast | Comparator::AtMost => 1,
        Comparator::About => 2,
    };
    comparators.max_by_key(looseness)
}
