//! Anything that has a global id.

use async_graphql::{Context, ID, Interface, Object, Result};
use endpoint::heading;
use entity::{
    AccountId, ApiKeyId, AssignmentId, AuditEventId, BlockerId, IndicatorId, JurisdictionId, MilestoneId, NoticeId, ProgressEventId,
    ProgressReportId, ProjectId, ReportingDutyId, SessionId, TargetId, TaskId, TopicId, UnitId,
};
use futures_util::future::join_all;

use super::{
    audit::AuditEvent,
    catalogue::{indicator::Indicator, topic::Topic},
    error,
    id::{self, GlobalId as _},
    inquiry::Inquiry,
    loader,
    notices::{
        assignment::Assignment,
        notice::{Notice, ReportingDuty},
        project::Project,
        target::Target,
        task::Task,
    },
    people::{account::Account, api_key::ApiKey, session::Session},
    places::{
        jurisdiction::{self, Jurisdiction},
        unit::Unit,
    },
    progress::{blocker::Blocker, event::ProgressEvent, milestone::Milestone, report::ProgressReport},
};
use crate::domain::language::Text;

/// 有全局 ID 的对象。
///
/// Anything that has a global id.
#[derive(Interface, Clone)]
#[graphql(field(name = "id", ty = "ID", desc = "全局 ID。\n\nThe global id."))]
pub enum Node {
    /// A jurisdiction.
    Jurisdiction(Jurisdiction),
    /// A unit.
    Unit(Unit),
    /// A topic.
    Topic(Topic),
    /// An indicator.
    Indicator(Indicator),
    /// A notice.
    Notice(Notice),
    /// A reporting duty.
    ReportingDuty(ReportingDuty),
    /// A project.
    Project(Project),
    /// A task.
    Task(Task),
    /// An assignment.
    Assignment(Assignment),
    /// A target.
    Target(Target),
    /// An account.
    Account(Account),
    /// A session.
    Session(Session),
    /// An API key.
    ApiKey(ApiKey),
    /// An audit event.
    AuditEvent(AuditEvent),
    /// A progress report.
    ProgressReport(ProgressReport),
    /// A blocker.
    Blocker(Blocker),
    /// A milestone.
    Milestone(Milestone),
    /// A progress event.
    ProgressEvent(ProgressEvent),
}

/// Queries for anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// 按全局 ID 查任何对象；没有或不可见则为 null。
    ///
    /// Anything by its global id; null if there is none that you may see.
    #[graphql(directive = heading::apply("按全局 ID 查任何对象".into()))]
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "全局 ID。\n\nThe global id.")] id: ID) -> Option<Result<Node>> {
        find(context, "id", &id).await.transpose()
    }

    /// 按全局 ID 查多个对象，顺序与参数相同，查不到的位置为 null。
    ///
    /// Several by their global ids, in the order asked for; null where there is none that you may see.
    #[graphql(directive = heading::apply("按全局 ID 查多个对象".into()))]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "全局 ID，至多 budget.limits.pageSize 个。\n\nThe global ids, at most `budget.limits.pageSize`.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let most = Inquiry::of(context)?.limits.page_size;
        if u32::try_from(ids.len()).is_ok_and(|count| count <= most) {
            let found = ids.iter().enumerate().map(|(index, id)| async move { find(context, &format!("ids.{index}"), id).await });
            return join_all(found).await.into_iter().collect();
        }
        let message = Text::new(
            format!("一次至多查 {most} 个 ID，收到 {} 个。请分批查询。", ids.len()),
            format!("At most {most} ids at once, not {}. Ask in several requests.", ids.len()),
        );
        Err(error::bad_input(context, "ids", &message))
    }
}

async fn find(context: &Context<'_>, argument: &str, id: &ID) -> Result<Option<Node>> {
    let Some((prefix, uuid)) = id::parse(id) else { return Err(id::malformed(context, argument)) };
    Ok(match prefix.as_str() {
        JurisdictionId::PREFIX => jurisdiction::by_id(context, JurisdictionId(uuid)).await?.map(Node::Jurisdiction),
        UnitId::PREFIX => loader::optional(context, UnitId(uuid)).await?.map(|unit| Node::Unit(unit.into())),
        TopicId::PREFIX => loader::optional(context, TopicId(uuid)).await?.map(|topic| Node::Topic(topic.into())),
        IndicatorId::PREFIX => loader::optional(context, IndicatorId(uuid)).await?.map(|indicator| Node::Indicator(indicator.into())),
        NoticeId::PREFIX => loader::optional(context, NoticeId(uuid)).await?.map(|notice| Node::Notice(notice.into())),
        ReportingDutyId::PREFIX => loader::optional(context, ReportingDutyId(uuid)).await?.map(|duty| Node::ReportingDuty(duty.into())),
        ProjectId::PREFIX => loader::optional(context, ProjectId(uuid)).await?.map(|project| Node::Project(project.into())),
        TaskId::PREFIX => loader::optional(context, TaskId(uuid)).await?.map(|task| Node::Task(task.into())),
        AssignmentId::PREFIX => loader::optional(context, AssignmentId(uuid)).await?.map(|assignment| Node::Assignment(assignment.into())),
        TargetId::PREFIX => loader::optional(context, TargetId(uuid)).await?.map(|target| Node::Target(target.into())),
        AccountId::PREFIX => loader::optional(context, AccountId(uuid)).await?.map(|account| Node::Account(account.into())),
        SessionId::PREFIX => loader::optional(context, SessionId(uuid)).await?.map(|session| Node::Session(Session(session))),
        ApiKeyId::PREFIX => loader::optional(context, ApiKeyId(uuid)).await?.map(|key| Node::ApiKey(ApiKey(key))),
        AuditEventId::PREFIX => loader::optional(context, AuditEventId(uuid)).await?.map(|event| Node::AuditEvent(event.into())),
        ProgressReportId::PREFIX => {
            loader::optional(context, ProgressReportId(uuid)).await?.map(|report| Node::ProgressReport(ProgressReport(report)))
        }
        BlockerId::PREFIX => loader::optional(context, BlockerId(uuid)).await?.map(|blocker| Node::Blocker(Blocker(blocker))),
        MilestoneId::PREFIX => loader::optional(context, MilestoneId(uuid)).await?.map(|milestone| Node::Milestone(Milestone(milestone))),
        ProgressEventId::PREFIX => loader::optional(context, ProgressEventId(uuid)).await?.map(|event| Node::ProgressEvent(event.into())),
        _ => return Err(id::malformed(context, argument)),
    })
}
