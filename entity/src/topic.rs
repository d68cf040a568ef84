//! 领域: the field of life that tasks and indicators belong to.

use sea_orm::entity::prelude::*;

use crate::TopicId;

/// A row of `topic`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "topic")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TopicId,
    #[sea_orm(unique)]
    pub code: String,
    pub name: String,
    pub name_english: String,
    pub position: i32,
    #[sea_orm(has_many)]
    pub indicators: HasMany<super::indicator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
