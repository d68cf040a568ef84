//! 分工: the parts of units in tasks.

use async_graphql::{Context, Description, ID, Object, Result};
use endpoint::heading;

use super::task::Task;
use crate::{
    domain,
    graphql::{enumeration::AssignmentRole, id, loader, places::unit::Unit},
};

/// 分工：一个单位在一项任务中的角色。
///
/// A unit's part in a task.
#[derive(Clone, Description)]
pub struct Assignment(domain::notices::assignment::Assignment);

#[Object(use_type_description)]
impl Assignment {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 角色。
    ///
    /// The role.
    #[graphql(directive = heading::apply("角色".into()))]
    async fn role(&self) -> AssignmentRole {
        self.0.role.into()
    }

    /// 单位。
    ///
    /// The unit.
    #[graphql(directive = heading::apply("单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.0.unit_id).await?.into())
    }

    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.0.task_id).await?.into())
    }
}

impl From<domain::notices::assignment::Assignment> for Assignment {
    fn from(assignment: domain::notices::assignment::Assignment) -> Self {
        Self(assignment)
    }
}
