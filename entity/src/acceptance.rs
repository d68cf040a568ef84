//! What of a report counts, from its acceptance until it is reopened.

use sea_orm::entity::prelude::*;

use crate::{AcceptanceId, ProgressReportId, Quantity, TaskId, Timestamp, UnitId};

/// A row of `acceptance`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acceptance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AcceptanceId,
    pub report_id: ProgressReportId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub ends_on: Date,
    pub stated_percent: Option<Quantity>,
    pub demonstration: bool,
    pub accepted_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    #[sea_orm(belongs_to, from = "report_id", to = "id")]
    pub report: BelongsTo<super::progress_report::Entity>,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
