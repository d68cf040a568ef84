//! 完成数: a cumulative figure of a target in a report.

use sea_orm::entity::prelude::*;

use crate::{ProgressReportId, Quantity, TargetId};

/// A row of `report_figure`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_figure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: ProgressReportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_id: TargetId,
    pub position: i32,
    pub value: Quantity,
    pub previous_value: Option<Quantity>,
    pub explanation: Option<String>,
    #[sea_orm(belongs_to, from = "report_id", to = "id")]
    pub report: BelongsTo<super::progress_report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
