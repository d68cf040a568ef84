//! 时间节点、分解指标: the plan of a task, and the shares of its targets.

use async_graphql::{Context, Description, ID, Object, Result};
use endpoint::heading;

use crate::{
    domain,
    graphql::{
        id, loader,
        notices::{target::Target, task::Task},
        places::unit::Unit,
        scalar::{self, Date, Decimal},
    },
};

/// 时间节点：实施计划中的一步。
///
/// A dated step of a task's plan.
#[derive(Clone, Description)]
pub struct Milestone(pub(in crate::graphql) domain::progress::milestone::Milestone);

#[Object(use_type_description)]
impl Milestone {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.0.task_id).await?.into())
    }

    /// 完成什么。
    ///
    /// What is done by then.
    #[graphql(directive = heading::apply("完成什么".into()))]
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 何时之前。
    ///
    /// By when.
    #[graphql(directive = heading::apply("何时之前".into()))]
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// 届时应完成的比例，0 至 1；计划没有写的为 null。
    ///
    /// The share of the task, from 0 to 1, that should be done by then; null where the plan gives none.
    #[graphql(directive = heading::apply("届时应完成的比例".into()))]
    async fn planned_share(&self) -> Option<scalar::Share> {
        self.0.planned_share.map(scalar::Share)
    }
}

impl From<domain::progress::milestone::Milestone> for Milestone {
    fn from(milestone: domain::progress::milestone::Milestone) -> Self {
        Self(milestone)
    }
}

/// A share of a target.
pub struct Allocation(pub(in crate::graphql) domain::notices::allocation::Allocation);

/// 分解指标：分给一个单位的份额。
///
/// A share of a target, handed to a unit.
#[Object]
impl Allocation {
    /// 目标任务。
    ///
    /// The target.
    #[graphql(directive = heading::apply("目标任务".into()))]
    async fn target(&self, context: &Context<'_>) -> Result<Target> {
        Ok(loader::required(context, self.0.target_id).await?.into())
    }

    /// 单位。
    ///
    /// The unit.
    #[graphql(directive = heading::apply("单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.0.unit_id).await?.into())
    }

    /// 份额，按目标任务的计量单位。
    ///
    /// How much, in the target's unit.
    #[graphql(directive = heading::apply("份额".into()))]
    async fn value(&self) -> Decimal {
        Decimal(self.0.value)
    }
}
