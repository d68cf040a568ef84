//! 调度、报送、周盘点、台账更新: who owes what, how often, by a notice.

use sea_orm::entity::prelude::*;

use crate::{Cadence, DutyKind, DutyOrigin, NoticeId, Obligor, ReportingDutyId};

/// A row of `reporting_duty`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_duty")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportingDutyId,
    pub notice_id: NoticeId,
    pub position: i32,
    pub kind: DutyKind,
    pub cadence: Cadence,
    pub obligor: Obligor,
    pub description: String,
    pub description_english: String,
    pub grace_days: Option<i32>,
    pub origin: DutyOrigin,
    pub retired: bool,
    #[sea_orm(belongs_to, from = "notice_id", to = "id")]
    pub notice: BelongsTo<super::notice::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
