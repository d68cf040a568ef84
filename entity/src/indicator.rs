//! 指标: the shared catalogue entry that makes targets of different notices comparable.

use sea_orm::entity::prelude::*;

use crate::{Aggregation, IndicatorId, TargetKind, TopicId};

/// A row of `indicator`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IndicatorId,
    #[sea_orm(unique)]
    pub code: String,
    pub name: String,
    pub name_english: String,
    pub description: String,
    pub description_english: String,
    pub topic_id: TopicId,
    pub unit: String,
    pub kind: TargetKind,
    pub aggregation: Aggregation,
    pub higher_is_better: bool,
    pub position: i32,
    #[sea_orm(belongs_to, from = "topic_id", to = "id")]
    pub topic: BelongsTo<super::topic::Entity>,
    #[sea_orm(has_many)]
    pub targets: HasMany<super::target::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
