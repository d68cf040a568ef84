//! A year whose holidays are published.

use sea_orm::entity::prelude::*;

/// A row of `holiday_year`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holiday_year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub document_number: String,
}

impl ActiveModelBehavior for ActiveModel {}
