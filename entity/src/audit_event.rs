//! 审计事件: who did or tried what, when, on what. Rows are never changed or removed, which the database sees to.

use sea_orm::entity::prelude::*;

use crate::{AccountId, Action, AuditEventId, AuditOutcome, AuditSubject, JurisdictionId, Proof, Role, Timestamp};

/// A row of `audit_event`. It refers to others without foreign keys: an event outlives what it tells of.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    #[sea_orm(unique)]
    pub id: AuditEventId,
    pub at: Timestamp,
    pub action: Action,
    pub outcome: AuditOutcome,
    pub reason: Option<String>,
    pub actor_id: Option<AccountId>,
    pub actor_username: Option<String>,
    pub actor_role: Option<Role>,
    pub credential: Proof,
    pub subject: Option<AuditSubject>,
    pub subject_id: Option<Uuid>,
    pub jurisdiction_id: Option<JurisdictionId>,
    pub changes: String,
    pub request_id: String,
    pub address: Option<String>,
    pub previous_hash: String,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
