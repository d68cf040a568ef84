//! What renews a session, once. Only its hash is kept.

use sea_orm::entity::prelude::*;

use crate::{RefreshTokenId, SessionId, Timestamp};

/// A row of `refresh_token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RefreshTokenId,
    pub session_id: SessionId,
    #[sea_orm(unique)]
    pub token_hash: String,
    pub created_at: Timestamp,
    pub spent_at: Option<Timestamp>,
    pub spent_network: Option<String>,
    pub successor_salt: Option<String>,
    #[sea_orm(belongs_to, from = "session_id", to = "id")]
    pub session: BelongsTo<super::session::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
