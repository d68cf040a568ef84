//! 堵点、卡点: what stops a task, who must act, until when.

use sea_orm::entity::prelude::*;

use crate::{BlockerId, BlockerState, ProgressReportId, TaskId, Timestamp, UnitId};

/// A row of `blocker`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blocker")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BlockerId,
    pub task_id: TaskId,
    pub report_id: ProgressReportId,
    pub position: i32,
    pub description: String,
    pub needs: Option<String>,
    pub needed_from_id: Option<UnitId>,
    pub needed_by: Option<Date>,
    pub state: BlockerState,
    pub version: i32,
    pub raised_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub resolution: Option<String>,
    #[sea_orm(belongs_to, from = "report_id", to = "id")]
    pub report: BelongsTo<super::progress_report::Entity>,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
