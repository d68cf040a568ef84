//! 账号: who may sign in, with one role in one jurisdiction.

use sea_orm::entity::prelude::*;

use crate::{AccountId, JurisdictionId, Role, Timestamp, UnitId};

/// A row of `account`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub username: String,
    #[sea_orm(unique)]
    pub username_key: String,
    pub role: Role,
    pub jurisdiction_id: JurisdictionId,
    pub unit_id: Option<UnitId>,
    pub password_hash: Option<String>,
    pub password_temporary: bool,
    #[sea_orm(unique)]
    pub external_subject: Option<String>,
    pub demonstration: bool,
    pub locked_at: Option<Timestamp>,
    pub lock_reason: Option<String>,
    pub version: i32,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub changed_by: Option<String>,
    #[sea_orm(belongs_to, from = "jurisdiction_id", to = "id")]
    pub jurisdiction: BelongsTo<super::jurisdiction::Entity>,
    #[sea_orm(belongs_to, from = "unit_id", to = "id")]
    pub unit: BelongsTo<Option<super::unit::Entity>>,
    #[sea_orm(has_many)]
    pub sessions: HasMany<super::session::Entity>,
    #[sea_orm(has_many)]
    pub api_keys: HasMany<super::api_key::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
