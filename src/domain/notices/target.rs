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
