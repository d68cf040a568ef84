//! A day off, or a day of a weekend that is worked instead.

use sea_orm::entity::prelude::*;

/// A row of `holiday`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holiday")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    pub year: i32,
    pub name: Option<String>,
    pub name_english: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
