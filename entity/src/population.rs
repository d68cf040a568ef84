//! 常住人口: how many people live in a jurisdiction.

use sea_orm::entity::prelude::*;

use crate::JurisdictionId;

/// A row of `population`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "population")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub jurisdiction_id: JurisdictionId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub residents: i64,
    pub source: String,
    pub source_english: String,
    #[sea_orm(belongs_to, from = "jurisdiction_id", to = "id")]
    pub jurisdiction: BelongsTo<super::jurisdiction::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
