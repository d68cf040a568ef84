//! A figure that counts while its acceptance lasts.

use sea_orm::entity::prelude::*;

use crate::{AcceptanceId, Quantity, TargetId};

/// A row of `acceptance_figure`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acceptance_figure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub acceptance_id: AcceptanceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_id: TargetId,
    pub value: Quantity,
    #[sea_orm(belongs_to, from = "acceptance_id", to = "id")]
    pub acceptance: BelongsTo<super::acceptance::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
