//! How the office has set the reporting of a notice.

use sea_orm::entity::prelude::*;

use crate::NoticeId;

/// A row of `notice_setting`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: NoticeId,
    pub version: i32,
    pub accepts_weekly: bool,
    pub moved_by_holidays: bool,
    #[sea_orm(belongs_to, from = "notice_id", to = "id")]
    pub notice: BelongsTo<super::notice::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
