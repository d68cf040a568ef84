//! What was written last to prove that the database stores what is written. Each check writes a new row and removes the others.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row of `write_check`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "write_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub checked_at: Timestamp,
    pub filler: String,
}

impl ActiveModelBehavior for ActiveModel {}
