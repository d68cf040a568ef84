//! 实事项目: the numbered lines of a notice's annex.

use entity::{NoticeId, ProjectId};

/// A numbered line of the annex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// The notice.
    pub notice_id: NoticeId,
    /// 序号 in the annex.
    pub number: i32,
    /// 项目名称.
    pub title: String,
}
