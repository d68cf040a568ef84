//! The public half of a key that signs access tokens. The private half never leaves the process that made it.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row of `signing_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub public_key: Vec<u8>,
    pub created_at: Timestamp,
    pub signs_until: Timestamp,
    pub verifies_until: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
