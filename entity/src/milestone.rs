//! 时间节点: a dated step of a task's implementation plan.

use sea_orm::entity::prelude::*;

use crate::{MilestoneId, Quantity, TaskId};

/// A row of `milestone`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "milestone")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MilestoneId,
    pub task_id: TaskId,
    pub position: i32,
    pub title: String,
    pub due_on: Date,
    pub planned_share: Option<Quantity>,
    pub retired: bool,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
