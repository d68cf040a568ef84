//! Until when the passing of time was looked at for what it brought about.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row of `event_watch`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_watch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub watched_until: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
