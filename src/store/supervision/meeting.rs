//! Meetings: those of leaders for notices.

use std::collections::HashMap;

use entity::{NoticeId, meeting};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    domain::supervision::meeting::Meeting,
    store::{StoreError, Visible, Writer},
};

impl Visible {
    /// The meetings of these notices, in the order of their days.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn meetings_of_notices(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, Vec<Meeting>>, StoreError> {
        let rows = self
            .meetings()
            .filter(meeting::Column::NoticeId.is_in(notices.iter().copied()))
            .order_by_asc(meeting::Column::HeldOn)
            .order_by_asc(meeting::Column::Id)
            .all(self.connection())
            .await?;
        let mut found: HashMap<NoticeId, Vec<Meeting>> = HashMap::new();
        for row in rows {
            found.entry(row.notice_id).or_default().push(row.into());
        }
        Ok(found)
    }
}

impl Writer {
    /// Adds a meeting.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_meeting(&self, meeting: &Meeting) -> Result<(), StoreError> {
        let row = meeting::ActiveModel {
            id: Set(meeting.id),
            notice_id: Set(meeting.notice_id),
            kind: Set(meeting.kind),
            held_on: Set(meeting.held_on),
            summary: Set(meeting.summary.clone()),
            recorded_at: Set(meeting.recorded_at.into()),
            recorder_id: Set(meeting.recorder_id),
            recorder_username: Set(meeting.recorder_username.clone()),
        };
        meeting::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(())
    }
}

impl From<meeting::Model> for Meeting {
    fn from(row: meeting::Model) -> Self {
        Self {
            id: row.id,
            notice_id: row.notice_id,
            kind: row.kind,
            held_on: row.held_on,
            summary: row.summary,
            recorded_at: row.recorded_at.into(),
            recorder_id: row.recorder_id,
            recorder_username: row.recorder_username,
        }
    }
}
