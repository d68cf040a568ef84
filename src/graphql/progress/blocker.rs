//! 堵点、卡点: what stops tasks.

use async_graphql::{Context, Description, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::Action;

use super::report::{ProgressReport, notice_of};
use crate::{
    access::policy::{NoticeFacts, ReportFacts, Resource},
    domain,
    graphql::{
        enumeration::BlockerState,
        free_text::Prose,
        id,
        inquiry::Inquiry,
        loader,
        notices::task::Task,
        people::permission::Permission,
        places::unit::Unit,
        refusal::{self, Fault},
        scalar::{Date, DateTime},
    },
};

/// 堵点：什么卡住了任务，需要谁、在何时之前解决。本辖区及上级可见。
///
/// What stops a task, who must act, until when. Internal to the jurisdiction and those above.
#[derive(Clone, Description)]
pub struct Blocker(pub(in crate::graphql) domain::progress::blocker::Blocker);

#[Object(use_type_description)]
impl Blocker {
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

    /// 提出它的填报。
    ///
    /// The report that names it.
    #[graphql(directive = heading::apply("提出它的填报".into()))]
    async fn report(&self, context: &Context<'_>) -> Result<ProgressReport> {
        Ok(loader::required(context, self.0.report_id).await?.into())
    }

    /// 什么问题。
    ///
    /// What stops the task.
    #[graphql(directive = heading::apply("什么问题".into()))]
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// 需要什么支持。
    ///
    /// What is needed to go on.
    #[graphql(directive = heading::apply("需要什么支持".into()))]
    async fn needs(&self) -> Option<&str> {
        self.0.needs.as_deref()
    }

    /// 需要哪个单位支持。
    ///
    /// The unit that must act.
    #[graphql(directive = heading::apply("需要哪个单位支持".into()))]
    async fn needed_from(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        Some(loader::required(context, self.0.needed_from_id?).await.map(Unit::from))
    }

    /// 需要在何时之前。
    ///
    /// Until when.
    #[graphql(directive = heading::apply("需要在何时之前".into()))]
    async fn needed_by(&self) -> Option<Date> {
        self.0.needed_by.map(Date)
    }

    /// 状态。
    ///
    /// Where it stands.
    #[graphql(directive = heading::apply("状态".into()))]
    async fn state(&self) -> BlockerState {
        self.0.state.into()
    }

    /// 版本，办理时须作为 expectedVersion 提交。
    ///
    /// The version, to be given as expectedVersion with a change.
    #[graphql(directive = heading::apply("版本".into()))]
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 提出时间；填报还是草稿的为 null。
    ///
    /// When it was raised; null while its report is a draft.
    #[graphql(directive = heading::apply("提出时间".into()))]
    async fn raised_at(&self) -> Option<DateTime> {
        self.0.raised_at.map(DateTime)
    }

    /// 解决时间。
    ///
    /// When it was resolved.
    #[graphql(directive = heading::apply("解决时间".into()))]
    async fn resolved_at(&self) -> Option<DateTime> {
        self.0.resolved_at.map(DateTime)
    }

    /// 如何解决的。
    ///
    /// How it was resolved.
    #[graphql(directive = heading::apply("如何解决的".into()))]
    async fn resolution(&self) -> Option<&str> {
        self.0.resolution.as_deref()
    }

    /// 当前用户能否办理解决。
    ///
    /// Whether the viewer may note that it is resolved.
    async fn viewer_can_resolve(&self, context: &Context<'_>) -> Result<Permission> {
        let report = loader::required(context, self.0.report_id).await?;
        let notice = notice_of(context, self.0.task_id).await?;
        let report = ReportFacts { notice: NoticeFacts::from(&notice), unit: report.unit_id, state: report.state };
        let open = self.0.state == entity::BlockerState::Open;
        Permission::of(context, Action::ResolveBlocker, &Resource::Blocker { report, open })
    }
}

impl From<domain::progress::blocker::Blocker> for Blocker {
    fn from(blocker: domain::progress::blocker::Blocker) -> Self {
        Self(blocker)
    }
}

/// 解决哪个堵点，如何解决的。
///
/// Which blocker is resolved, and how.
#[derive(InputObject)]
pub struct ResolveBlockerInput {
    /// 堵点。
    ///
    /// The blocker.
    id: ID,
    /// 所依据的版本；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 如何解决的，至多 1000 个字。
    ///
    /// How it was resolved, in at most 1000 characters.
    resolution: Prose,
}

/// 办理堵点的结果。
///
/// What came of resolving a blocker.
#[derive(SimpleObject)]
pub struct BlockerPayload {
    /// 堵点现状；输入有误则为 null。
    ///
    /// The blocker as it is now; null where the input was wrong.
    #[graphql(directive = heading::apply("堵点现状".into()))]
    blocker: Option<Blocker>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// Changes of blockers.
#[derive(Default)]
pub struct BlockerMutation;

#[Object]
impl BlockerMutation {
    /// 记录堵点已解决。需要：提出它的单位，或任务所属辖区的督查室。
    ///
    /// Notes that a blocker is out of the way. Needs: an account of the unit that raised it, or the office of the task's jurisdiction.
    #[graphql(directive = heading::apply("记录堵点已解决".into()))]
    async fn resolve_blocker(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "哪个堵点。\n\nWhich blocker.")] input: ResolveBlockerInput,
    ) -> Option<Result<BlockerPayload>> {
        let resolve = async {
            let inquiry = Inquiry::of(context)?;
            let id = id::or_nothing(&input.id);
            let done = inquiry.service.resolve_blocker(&inquiry.call, id, input.expected_version, input.resolution.into()).await;
            let (blocker, errors) = refusal::payload(context, done)?;
            inquiry.forget();
            Ok(BlockerPayload { blocker: blocker.map(Blocker), errors })
        };
        Some(resolve.await)
    }
}
