//! 辖区: a government level, in a tree.

use sea_orm::entity::prelude::*;

use crate::{JurisdictionId, JurisdictionKind};

/// A row of `jurisdiction`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jurisdiction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JurisdictionId,
    #[sea_orm(unique)]
    pub code: String,
    pub name: String,
    pub name_english: String,
    pub kind: JurisdictionKind,
    pub division_code: Option<String>,
    pub parent_id: Option<JurisdictionId>,
    pub position: i32,
    #[sea_orm(self_ref, relation_enum = "Parent", from = "parent_id", to = "id")]
    pub parent: BelongsTo<Option<Entity>>,
    #[sea_orm(has_many)]
    pub units: HasMany<super::unit::Entity>,
    #[sea_orm(has_many)]
    pub notices: HasMany<super::notice::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
