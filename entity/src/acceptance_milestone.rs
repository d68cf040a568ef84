//! A milestone that counts as reached while its acceptance lasts.

use sea_orm::entity::prelude::*;

use crate::{AcceptanceId, MilestoneId};

/// A row of `acceptance_milestone`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acceptance_milestone")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub acceptance_id: AcceptanceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub milestone_id: MilestoneId,
    #[sea_orm(belongs_to, from = "acceptance_id", to = "id")]
    pub acceptance: BelongsTo<super::acceptance::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
