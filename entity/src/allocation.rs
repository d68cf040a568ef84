//! 分解指标: a share of a target, handed to a unit.

use sea_orm::entity::prelude::*;

use crate::{AllocationId, Quantity, TargetId, UnitId};

/// A row of `allocation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "allocation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AllocationId,
    pub target_id: TargetId,
    pub unit_id: UnitId,
    pub position: i32,
    pub value: Quantity,
    #[sea_orm(belongs_to, from = "target_id", to = "id")]
    pub target: BelongsTo<super::target::Entity>,
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
