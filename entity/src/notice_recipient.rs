//! Who a notice is sent to (主送) and copied to (抄送), as printed.

use sea_orm::entity::prelude::*;

use crate::{NoticeId, RecipientRole};

/// A row of `notice_recipient`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_recipient")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: NoticeId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: RecipientRole,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub name: String,
    #[sea_orm(belongs_to, from = "notice_id", to = "id")]
    pub notice: BelongsTo<super::notice::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
