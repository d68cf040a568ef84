//! Another name that a unit is known by, unique in its jurisdiction.

use sea_orm::entity::prelude::*;

use crate::{JurisdictionId, UnitAliasId, UnitId};

/// A row of `unit_alias`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitAliasId,
    pub unit_id: UnitId,
    pub jurisdiction_id: JurisdictionId,
    pub name: String,
    pub position: i32,
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<super::unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
