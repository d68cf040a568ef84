//! 调度、专题会议、专题调研: what leaders held for a notice.

use sea_orm::entity::prelude::*;

use crate::{AccountId, MeetingId, MeetingKind, NoticeId, Timestamp};

/// A row of `meeting`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingId,
    pub notice_id: NoticeId,
    pub kind: MeetingKind,
    pub held_on: Date,
    pub summary: String,
    pub recorded_at: Timestamp,
    pub recorder_id: Option<AccountId>,
    pub recorder_username: Option<String>,
    #[sea_orm(belongs_to, from = "notice_id", to = "id")]
    pub notice: BelongsTo<super::notice::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
