//! 任务: the rows of a notice's annex. Units are assigned to them and report on them.

use entity::{NoticeId, ProjectId, TaskId};

/// A row of the annex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The notice.
    pub notice_id: NoticeId,
    /// The project.
    pub project_id: ProjectId,
    /// The row's number, running through the whole notice.
    pub number: i32,
    /// The label that the notice prints, such as (7).
    pub label: Option<String>,
    /// Its title.
    pub title: String,
    /// The work to do, in our own words.
    pub summary: Option<String>,
}
