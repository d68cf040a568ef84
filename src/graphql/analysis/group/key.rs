//! What the members of a group have in common.

use async_graphql::{Context, Enum, Object, Result};
use endpoint::heading;

use crate::{
    domain::analysis::group::Key,
    graphql::{
        catalogue::{indicator::Indicator, topic::Topic},
        enumeration::{ReportState, StatusLight},
        loader,
        places::{
            jurisdiction::{self, Jurisdiction},
            unit::Unit,
        },
    },
};

/// 任务的办理状态。
///
/// How far a task has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::progress::standing::Phase", name = "TaskPhase")]
pub enum TaskPhase {
    /// 在办。
    ///
    /// Work goes on.
    #[graphql(directive = heading::apply("在办".into()))]
    Open,
    /// 暂停。
    ///
    /// Suspended.
    #[graphql(directive = heading::apply("暂停".into()))]
    Suspended,
    /// 已申请办结，尚未销号；内部信息不可见时算作在办。
    ///
    /// Claimed to be done and not accepted yet; where internals are not for you, it counts as open.
    #[graphql(directive = heading::apply("已申请办结".into()))]
    Claimed,
    /// 办结。
    ///
    /// Closed.
    #[graphql(directive = heading::apply("办结".into()))]
    Closed,
}

/// The first key for which `read` finds something.
fn first<T>(keys: &[Key], read: impl Fn(&Key) -> Option<T>) -> Option<T> {
    keys.iter().find_map(read)
}

/// What tasks of a group have in common.
pub struct TaskGroupKey(pub(super) Vec<Key>);

/// 一组任务的共同之处。没有按它分组的，以及没有该项的任务（例如没有领域）所在的组，为 null。
///
/// What the tasks of a group have in common. Null where they were not grouped by it, and in the group of those that have none, such as no topic.
#[Object]
impl TaskGroupKey {
    /// 辖区。
    ///
    /// The jurisdiction.
    #[graphql(directive = heading::apply("辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Option<Result<Jurisdiction>> {
        place(context, &self.0).await.transpose()
    }

    /// 承办单位；集合单位按其成员。
    ///
    /// The unit with a part in them; the members of a collective unit in its place.
    #[graphql(directive = heading::apply("承办单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        let id = first(&self.0, |key| if let Key::Unit(id) = key { *id } else { None })?;
        Some(loader::required(context, id).await.map(Unit::from))
    }

    /// 牵头单位；集合单位按其成员。
    ///
    /// The unit that leads them; the members of a collective unit in its place.
    #[graphql(directive = heading::apply("牵头单位".into()))]
    async fn lead_unit(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        let id = first(&self.0, |key| if let Key::LeadUnit(id) = key { *id } else { None })?;
        Some(loader::required(context, id).await.map(Unit::from))
    }

    /// 领域。
    ///
    /// The topic.
    #[graphql(directive = heading::apply("领域".into()))]
    async fn topic(&self, context: &Context<'_>) -> Option<Result<Topic>> {
        topic(context, &self.0).await.transpose()
    }

    /// 指标。
    ///
    /// The indicator.
    #[graphql(directive = heading::apply("指标".into()))]
    async fn indicator(&self, context: &Context<'_>) -> Option<Result<Indicator>> {
        indicator(context, &self.0).await.transpose()
    }

    /// 年份。
    ///
    /// The year.
    #[graphql(directive = heading::apply("年份".into()))]
    async fn year(&self) -> Option<i32> {
        year(&self.0)
    }

    /// 灯。
    ///
    /// The light.
    #[graphql(directive = heading::apply("灯".into()))]
    async fn light(&self) -> Option<StatusLight> {
        light(&self.0)
    }

    /// 办理状态。
    ///
    /// How far they have come.
    #[graphql(directive = heading::apply("办理状态".into()))]
    async fn state(&self) -> Option<TaskPhase> {
        first(&self.0, |key| if let Key::Phase(phase) = key { Some((*phase).into()) } else { None })
    }

    /// 原定时限所在的月，例如 2024-12。
    ///
    /// The month of the original due date, such as 2024-12.
    #[graphql(directive = heading::apply("原定时限所在的月".into()))]
    async fn month(&self) -> Option<String> {
        month(&self.0)
    }
}

/// What reports of a group have in common.
pub struct ReportGroupKey(pub(super) Vec<Key>);

/// 一组填报的共同之处。没有按它分组的，以及没有该项的填报（例如任务没有领域）所在的组，为 null。
///
/// What the reports of a group have in common. Null where they were not grouped by it, and in the group of those that have none, such as no topic.
#[Object]
impl ReportGroupKey {
    /// 任务的辖区。
    ///
    /// The jurisdiction of the task.
    #[graphql(directive = heading::apply("任务的辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Option<Result<Jurisdiction>> {
        place(context, &self.0).await.transpose()
    }

    /// 填报单位。
    ///
    /// The unit that reports.
    #[graphql(directive = heading::apply("填报单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        let id = first(&self.0, |key| if let Key::Unit(id) = key { *id } else { None })?;
        Some(loader::required(context, id).await.map(Unit::from))
    }

    /// 任务的领域。
    ///
    /// The topic of the task.
    #[graphql(directive = heading::apply("任务的领域".into()))]
    async fn topic(&self, context: &Context<'_>) -> Option<Result<Topic>> {
        topic(context, &self.0).await.transpose()
    }

    /// 任务的指标。
    ///
    /// The indicator that a target of the task is under.
    #[graphql(directive = heading::apply("任务的指标".into()))]
    async fn indicator(&self, context: &Context<'_>) -> Option<Result<Indicator>> {
        indicator(context, &self.0).await.transpose()
    }

    /// 通知年份。
    ///
    /// The year of the notice.
    #[graphql(directive = heading::apply("通知年份".into()))]
    async fn year(&self) -> Option<i32> {
        year(&self.0)
    }

    /// 任务今天的灯。
    ///
    /// The light of the task today.
    #[graphql(directive = heading::apply("任务今天的灯".into()))]
    async fn light(&self) -> Option<StatusLight> {
        light(&self.0)
    }

    /// 填报的状态。
    ///
    /// Where the reports stand.
    #[graphql(directive = heading::apply("填报的状态".into()))]
    async fn state(&self) -> Option<ReportState> {
        first(&self.0, |key| if let Key::ReportState(state) = key { Some((*state).into()) } else { None })
    }

    /// 所报的一期结束的月，例如 2024-04。
    ///
    /// The month in which the period ends, such as 2024-04.
    #[graphql(directive = heading::apply("所报的一期结束的月".into()))]
    async fn month(&self) -> Option<String> {
        month(&self.0)
    }
}

async fn place(context: &Context<'_>, keys: &[Key]) -> Result<Option<Jurisdiction>> {
    let Some(id) = first(keys, |key| if let Key::Jurisdiction(id) = key { Some(*id) } else { None }) else { return Ok(None) };
    jurisdiction::by_id(context, id).await
}

async fn topic(context: &Context<'_>, keys: &[Key]) -> Result<Option<Topic>> {
    let Some(id) = first(keys, |key| if let Key::Topic(id) = key { *id } else { None }) else { return Ok(None) };
    Ok(Some(loader::required(context, id).await?.into()))
}

async fn indicator(context: &Context<'_>, keys: &[Key]) -> Result<Option<Indicator>> {
    let Some(id) = first(keys, |key| if let Key::Indicator(id) = key { *id } else { None }) else { return Ok(None) };
    Ok(Some(loader::required(context, id).await?.into()))
}

fn year(keys: &[Key]) -> Option<i32> {
    first(keys, |key| if let Key::Year(year) = key { Some(*year) } else { None })
}

fn light(keys: &[Key]) -> Option<StatusLight> {
    first(keys, |key| if let Key::Light(light) = key { Some((*light).into()) } else { None })
}

fn month(keys: &[Key]) -> Option<String> {
    first(keys, |key| if let Key::Month(month) = key { Some(month.key()) } else { None })
}
