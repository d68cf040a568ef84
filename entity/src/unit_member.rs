//! A unit that a collective unit (集合单位) stands for.

use sea_orm::entity::prelude::*;

use crate::UnitId;

/// A row of `unit_member`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub collective_id: UnitId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: UnitId,
    pub position: i32,
    #[sea_orm(belongs_to, relation_enum = "Collective", from = "collective_id", to = "id")]
    pub collective: BelongsTo<super::unit::Entity>,
    #[sea_orm(belongs_to, relation_enum = "Member", from = "member_id", to = "id")]
    pub member: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
