//! A document that clients may name by its hash, and that is run where nothing else is.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row of `trusted_document`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trusted_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub name: String,
    pub document: String,
    pub registered_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
