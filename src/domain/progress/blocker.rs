//! 堵点、卡点: the obstacle of a task, with the unit that must act and the date.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{BlockerId, BlockerState, ProgressReportId, TaskId, UnitId};

/// An obstacle to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Its id.
    pub id: BlockerId,
    /// The task.
    pub task_id: TaskId,
    /// The report that names it.
    pub report_id: ProgressReportId,
    /// The obstacle.
    pub description: String,
    /// The support that the unit needs.
    pub needs: Option<String>,
    /// The unit that must act.
    pub needed_from_id: Option<UnitId>,
    /// Until when.
    pub needed_by: Option<NaiveDate>,
    /// Where it stands.
    pub state: BlockerState,
    /// Rises by one with every change.
    pub version: i32,
    /// When it was raised; `None` while its report is a draft.
    pub raised_at: Option<DateTime<Utc>>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// How it was resolved.
    pub resolution: Option<String>,
}
