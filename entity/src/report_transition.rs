//! What happened to a report: it was submitted, accepted, returned or reopened.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ProgressReportId, Timestamp, TransitionKind};

/// A row of `report_transition`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_transition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub report_id: ProgressReportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub at: Timestamp,
    pub kind: TransitionKind,
    pub reason: Option<String>,
    pub actor_id: Option<AccountId>,
    pub actor_username: Option<String>,
    #[sea_orm(belongs_to, from = "report_id", to = "id")]
    pub report: BelongsTo<super::progress_report::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
