//! What text search reads: the normalised text of a subject, and the grams under which an index finds it.

use sea_orm::entity::prelude::*;

use crate::SearchSubject;

/// A row of `search_entry`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    pub subject: SearchSubject,
    pub text: String,
    pub grams: String,
}

impl ActiveModelBehavior for ActiveModel {}
