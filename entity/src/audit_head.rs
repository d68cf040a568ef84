//! The end of the audit chain, one row: what the next event builds on, and what writers take turns by. It also names how far what there is
//! to be seen, and what is trusted, have come: each has another name whenever it has changed.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row of `audit_head`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub sequence: i64,
    pub hash: String,
    pub revision: String,
    pub documents: String,
    pub changed_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
