//! What happened to a task, for whoever follows it.

use sea_orm::entity::prelude::*;

use crate::{
    BlockerId, JurisdictionId, ProgressEventId, ProgressEventKind, ProgressReportId, ReportingDutyId, StatusLight, TaskId, Timestamp,
    UnitId,
};

/// A row of `progress_event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    #[sea_orm(unique)]
    pub id: ProgressEventId,
    pub at: Timestamp,
    pub kind: ProgressEventKind,
    pub task_id: TaskId,
    pub jurisdiction_id: JurisdictionId,
    pub published: bool,
    pub inside: bool,
    pub report_id: Option<ProgressReportId>,
    pub blocker_id: Option<BlockerId>,
    pub unit_id: Option<UnitId>,
    pub duty_id: Option<ReportingDutyId>,
    pub period: Option<String>,
    pub light: Option<StatusLight>,
    pub light_before: Option<StatusLight>,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
