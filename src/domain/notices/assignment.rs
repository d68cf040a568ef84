//! 主办（牵头）、协办: the parts that units have in tasks.

use entity::{AssignmentId, AssignmentRole, TaskId, UnitId};

/// A unit's part in a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The task.
    pub task_id: TaskId,
    /// The unit.
    pub unit_id: UnitId,
    /// Lead or supporting.
    pub role: AssignmentRole,
}
