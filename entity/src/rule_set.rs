//! 亮灯规则: a version of a jurisdiction's rules.

use sea_orm::entity::prelude::*;

use crate::{JurisdictionId, RuleSetId, Timestamp};

/// A row of `rule_set`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rule_set")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RuleSetId,
    pub jurisdiction_id: JurisdictionId,
    pub code: String,
    pub version: i32,
    pub in_force_from: Date,
    pub definition: String,
    pub adopted_at: Timestamp,
    pub adopted_by: Option<String>,
    #[sea_orm(belongs_to, from = "jurisdiction_id", to = "id")]
    pub jurisdiction: BelongsTo<super::jurisdiction::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
