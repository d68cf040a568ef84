//! How often signing in has failed of late, by account, by network, and by both.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row of `sign_in_throttle`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_throttle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub failures: i32,
    pub last_failed_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
