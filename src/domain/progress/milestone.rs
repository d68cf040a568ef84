//! 时间节点: the dated steps of a task's implementation plan.

use chrono::NaiveDate;
use entity::{MilestoneId, TaskId};
use rust_decimal::Decimal;

/// A dated step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The task.
    pub task_id: TaskId,
    /// The work that is to be done by then.
    pub title: String,
    /// By when.
    pub due_on: NaiveDate,
    /// The share of the task, from 0 to 1, that should be done by then; `None` if the plan has no share.
    pub planned_share: Option<Decimal>,
}
