//! 单位: who does work, in one jurisdiction.

use sea_orm::entity::prelude::*;

use crate::{JurisdictionId, UnitId, UnitKind};

/// A row of `unit`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitId,
    pub jurisdiction_id: JurisdictionId,
    pub name: String,
    pub kind: UnitKind,
    pub position: i32,
    #[sea_orm(belongs_to, from = "jurisdiction_id", to = "id")]
    pub jurisdiction: BelongsTo<super::jurisdiction::Entity>,
    #[sea_orm(has_many)]
    pub aliases: HasMany<super::unit_alias::Entity>,
    #[sea_orm(has_many)]
    pub assignments: HasMany<super::assignment::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
