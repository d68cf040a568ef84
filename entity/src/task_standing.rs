//! How a task stands besides what is reported: its dates, suspension, claim and closing.

use sea_orm::entity::prelude::*;

use crate::{StatusLight, TaskId, Timestamp};

/// A row of `task_standing`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_standing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: TaskId,
    pub version: i32,
    pub revision: i32,
    pub starts_on: Option<Date>,
    pub due_on: Option<Date>,
    pub extended_to: Option<Date>,
    pub extension_reason: Option<String>,
    pub suspended_on: Option<Date>,
    pub suspension_reason: Option<String>,
    pub claimed_on: Option<Date>,
    pub claim_note: Option<String>,
    pub accepted_on: Option<Date>,
    pub in_force_on: Option<Date>,
    pub closing_note: Option<String>,
    pub return_reason: Option<String>,
    pub light: Option<StatusLight>,
    pub public_light: Option<StatusLight>,
    pub changed_at: Option<Timestamp>,
    pub changed_by: Option<String>,
    #[sea_orm(belongs_to, from = "task_id", to = "id")]
    pub task: BelongsTo<super::task::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
