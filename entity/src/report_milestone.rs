//! A milestone that a report says is reached.

use sea_orm::entity::prelude::*;

use crate::{MilestoneId, ProgressReportId};

/// A row of `report_milestone`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_milestone")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: ProgressReportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub milestone_id: MilestoneId,
    #[sea_orm(belongs_to, from = "report_id", to = "id")]
    pub report: BelongsTo<super::progress_report::Entity>,
    #[sea_orm(belongs_to, from = "milestone_id", to = "id")]
    pub milestone: BelongsTo<super::milestone::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
