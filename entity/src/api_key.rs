//! API 密钥: how a program asks in an account's name. Only its hash is kept.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ApiKeyId, ApiKeyRights, Timestamp};

/// A row of `api_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    pub account_id: AccountId,
    pub name: String,
    pub rights: ApiKeyRights,
    #[sea_orm(unique)]
    pub secret_hash: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
