//! 进展填报: what a unit reports of a task for a period.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ProgressReportId, Quantity, ReportState, TaskId, Timestamp, UnitId};

/// A row of `progress_report`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress_report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProgressReportId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub period: String,
    pub starts_on: Date,
    pub ends_on: Date,
    pub state: ReportState,
    pub version: i32,
    pub narrative: String,
    pub stated_percent: Option<Quantity>,
    pub warnings: String,
    pub demonstration: bool,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub first_submitted_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    pub author_id: Option<AccountId>,
    pub author_username: Option<String>,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
