//! How a target is measured.

use entity::{Aggregation, Comparator, TargetKind};
use rust_decimal::Decimal;

use crate::domain::{catalogue::indicator::Indicator, notices::target::Target};

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
    /// 完成量: achieved ÷ value is its completion.
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
    match target.comparator {
        Comparator::AtMost if indicator.is_some_and(|indicator| indicator.higher_is_better) => Measure::Term,
        Comparator::AtMost => Measure::Ceiling,
        Comparator::AtLeast if promises_nothing => Measure::Term,
        // 零发生: exactly zero, or about zero, is kept until the first case. There is nothing to divide by.
        Comparator::Exactly | Comparator::About if promises_nothing => Measure::Ceiling,
        Comparator::Exactly | Comparator::About | Comparator::AtLeast => Measure::Progress,
    }
}
