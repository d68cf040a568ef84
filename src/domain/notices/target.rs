//! 目标任务: the quantified commitments of tasks.

use entity::{Comparator, IndicatorId, TargetId, TargetKind, TaskId};
use rust_decimal::Decimal;

/// A quantified commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: TargetId,
    /// The task.
    pub task_id: TaskId,
    /// The counted thing.
    pub label: String,
    /// How much, in the plain unit: 3.44万个 is 34400 个.
    pub value: Decimal,
    /// 基数: the value from which a rate or a level starts, so that its completion runs from there.
    pub baseline: Option<Decimal>,
    /// The counting unit.
    pub unit: String,
    /// Whether the value is exact, a minimum, about or a maximum.
    pub comparator: Comparator,
    /// The kind of figure.
    pub kind: TargetKind,
    /// The target of the same task that it is part of, and is never counted twice with.
    pub part_of_id: Option<TargetId>,
    /// The indicator under which it can be compared.
    pub indicator_id: Option<IndicatorId>,
}

/// The most that a figure can be: a rate is a share of its base, so 100 in percent and 1000 in per mille. `None` of anything else, such as
/// what grew by so many percent.
#[must_use]
pub fn most_of(kind: Option<TargetKind>, unit: &str) -> Option<Decimal> {
    let is_rate = kind == Some(TargetKind::Rate);
    match unit.trim() {
        "%" | "％" if is_rate => Some(Decimal::ONE_HUNDRED),
        "‰" if is_rate => Some(Decimal::ONE_THOUSAND),
        _ => None,
    }
}
