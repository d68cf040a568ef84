//! 目标任务: a quantified commitment of a task.

use sea_orm::entity::prelude::*;

use crate::{Comparator, IndicatorId, Quantity, TargetId, TargetKind, TaskId};

/// A row of `target`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TargetId,
    pub task_id: TaskId,
    pub position: i32,
    pub label: String,
    pub value: Quantity,
    pub baseline: Option<Quantity>,
    pub unit: String,
    pub comparator: Comparator,
    pub kind: TargetKind,
    pub part_of_id: Option<TargetId>,
    pub indicator_id: Option<IndicatorId>,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
    #[sea_orm(belongs_to, from = "indicator_id", to = "id")]
    pub indicator: BelongsTo<Option<super::indicator::Entity>>,
    #[sea_orm(self_ref, relation_enum = "Whole", from = "part_of_id", to = "id")]
    pub part_of: BelongsTo<Option<Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
