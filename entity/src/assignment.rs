//! 主办（牵头）、协办: a unit's part in a task.

use sea_orm::entity::prelude::*;

use crate::{AssignmentId, AssignmentRole, TaskId, UnitId};

/// A row of `assignment`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub role: AssignmentRole,
    pub position: i32,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
