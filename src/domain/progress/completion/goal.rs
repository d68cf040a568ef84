//! How a target is measured.

use entity::{Aggregation, Comparator, TargetKind};
use rust_decimal::Decimal;

use crate::domain::{catalogue::indicator::Indicator, notices::target::Target, progress::light::Tolerance, share::Share};

/// 权重: how much something counts in a mean. One unless the office says otherwise; never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(Decimal);

impl Weight {
    /// A weight; `None` of a negative one.
    #[must_use]
    pub fn new(value: Decimal) -> Option<Self> {
        (value >= Decimal::ZERO).then_some(Self(value))
    }

    /// As a number.
    #[must_use]
    pub fn value(self) -> Decimal {
        self.0
    }
}

impl Default for Weight {
    fn default() -> Self {
        Self(Decimal::ONE)
    }
}

/// The meaning of reaching a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// 完成量: achieved ÷ value is its completion; from its baseline where it has one, down from it where less is promised (压减).
    Progress,
    /// 上限: a condition that is kept or broken, `AT_MOST` and whatever is to be zero. To stay below a ceiling is no progress. Spending 20
    /// of at most 30 is not two thirds of a task. A price kept from the first day would lift the mean before any work was done. So a
    /// ceiling has no completion and stays out of the mean; but while one is broken, the task is not complete.
    Ceiling,
    /// 条款: nothing to reach or to break. The most that a person can receive (最高补助 3 万元 of an indicator where more is better) binds the
    /// applicant, not the unit. `AT_LEAST` zero promises nothing.
    Term,
}

/// 目标 as it is measured: a target, the way its figures become one, the meaning of reaching it, and its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    target: Target,
    aggregation: Aggregation,
    measure: Measure,
    weight: Weight,
}

impl Goal {
    /// A target under its indicator, where it has one.
    #[must_use]
    pub fn new(target: Target, indicator: Option<&Indicator>, weight: Weight) -> Self {
        let aggregation = aggregation(&target, indicator);
        let measure = measure(&target, indicator);
        Self { target, aggregation, measure, weight }
    }

    /// The target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// How the figures of several units become one.
    #[must_use]
    pub fn aggregation(&self) -> Aggregation {
        self.aggregation
    }

    /// The meaning of reaching it.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// How much it counts.
    #[must_use]
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// Whether it is part of no other target; a part is shown, but its figure is in the whole's already.
    #[must_use]
    pub fn is_top_level(&self) -> bool {
        self.target.part_of_id.is_none()
    }

    /// Whether its figure is asked for: a task is not complete while one of these is unreported. A term is none, and a part is in its whole.
    #[must_use]
    pub fn is_asked_for(&self) -> bool {
        self.counts() || self.measure == Measure::Ceiling && self.is_top_level()
    }

    /// The baseline from which it runs; `None` where it runs from nothing.
    #[must_use]
    pub fn baseline(&self) -> Option<Decimal> {
        let is_beyond = |baseline: &Decimal| {
            if self.target.comparator == Comparator::AtMost { *baseline > self.target.value } else { *baseline < self.target.value }
        };
        self.target.baseline.filter(is_beyond)
    }

    /// How much of it a figure is, uncapped above; never less than nothing. `None` of nothing promised.
    #[must_use]
    pub fn share(&self, achieved: Decimal) -> Option<Share> {
        let from = Share::from(self.baseline().unwrap_or_default());
        // Both differences are below zero where it runs down.
        let way = Share::from(self.target.value).minus(&from);
        let share = Share::from(achieved).minus(&from).over(&way)?;
        Some(if share.is_negative() { Share::nothing() } else { share })
    }

    /// 压减: whether it is to fall from its baseline.
    #[must_use]
    pub fn runs_down(&self) -> bool {
        self.target.comparator == Comparator::AtMost && self.baseline().is_some()
    }

    /// The share from which on it is met: less than the whole where it is approximate.
    #[must_use]
    pub fn met_from(&self, tolerance: Tolerance) -> Share {
        if self.target.comparator == Comparator::About { tolerance.met_from() } else { Share::whole() }
    }

    /// Whether its figure may fall again: a rate, a level or a price does, a cumulative quantity does not.
    #[must_use]
    pub fn can_come_back(&self) -> bool {
        self.aggregation == Aggregation::Latest
    }

    /// Whether it is in the mean of its task.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.measure == Measure::Progress && self.is_top_level() && self.weight.value() > Decimal::ZERO
    }
}

/// Rates, levels and percentages are never added up, whatever an indicator says. For other targets the indicator decides, because an
/// amount may be a price per head. Without an indicator they are added up.
fn aggregation(target: &Target, indicator: Option<&Indicator>) -> Aggregation {
    let is_percentage = target.unit.contains(['%', '％', '‰']);
    if matches!(target.kind, TargetKind::Rate | TargetKind::Level) || is_percentage {
        Aggregation::Latest
    } else {
        indicator.map_or(Aggregation::Sum, |indicator| indicator.aggregation)
    }
}

fn measure(target: &Target, indicator: Option<&Indicator>) -> Measure {
    let promises_nothing = target.value <= Decimal::ZERO;
    let is_reduction = target.baseline.is_some_and(|baseline| baseline > target.value);
    match target.comparator {
        Comparator::AtMost if is_reduction => Measure::Progress,
        Comparator::AtMost if indicator.is_some_and(|indicator| indicator.higher_is_better) => Measure::Term,
        Comparator::AtMost => Measure::Ceiling,
        Comparator::AtLeast if promises_nothing => Measure::Term,
        // 零发生: exactly zero, or about zero, is kept until the first case. There is nothing to divide by.
        Comparator::Exactly | Comparator::About if promises_nothing => Measure::Ceiling,
        Comparator::Exactly | Comparator::About | Comparator::AtLeast => Measure::Progress,
    }
}
