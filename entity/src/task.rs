//! 任务: a row of a notice's annex, what units are assigned to and report on.

use sea_orm::entity::prelude::*;

use crate::{NoticeId, ProjectId, TaskId};

/// A row of `task`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    pub notice_id: NoticeId,
    pub project_id: ProjectId,
    pub number: i32,
    pub label: Option<String>,
    pub title: String,
    pub summary: Option<String>,
    #[sea_orm(belongs_to, from = "notice_id", to = "id")]
    pub notice: BelongsTo<super::notice::Entity>,
    #[sea_orm(belongs_to, from = "project_id", to = "id")]
    pub project: BelongsTo<super::project::Entity>,
    #[sea_orm(has_many)]
    pub assignments: HasMany<super::assignment::Entity>,
    #[sea_orm(has_many)]
    pub targets: HasMany<super::target::Entity>,
    #[sea_orm(has_many)]
    pub task_topics: HasMany<super::task_topic::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
