//! 调度、专题会议、专题调研: meetings of leaders to move projects on.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{AccountId, MeetingId, MeetingKind, NoticeId};

/// A dispatch or a meeting that was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The notice whose projects it was about.
    pub notice_id: NoticeId,
    /// The kind of the meeting.
    pub kind: MeetingKind,
    /// On which day.
    pub held_on: NaiveDate,
    /// The decisions.
    pub summary: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The account that recorded it.
    pub recorder_id: Option<AccountId>,
    /// The name of that account then.
    pub recorder_username: Option<String>,
}
