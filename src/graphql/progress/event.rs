//! 进展事件: what happened to tasks, told to those who may know of it.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, Result, Subscription};
use endpoint::heading;
use endpoint::product::{Step, Wanted};
use entity::{JurisdictionId, ProgressEventId};
use futures_util::{Stream, stream};

use super::{blocker::Blocker, period::Period, report::ProgressReport};
use crate::{
    domain::{self, language::Text},
    graphql::{
        enumeration::{ProgressEventKind, StatusLight},
        error::{self, Missing, OrFail as _},
        id,
        inquiry::Inquiry,
        loader,
        notices::{notice::ReportingDuty, task::Task},
        places::{
            jurisdiction::{self, Jurisdiction},
            unit::Unit,
        },
        scalar::DateTime,
    },
};

/// 进展事件。填报已接受、亮灯变化、办结销号对所有能看到该通知的人公开；其余为辖区内部事件。
///
/// Something that happened to a task. Accepted reports, changed lights and closed tasks are told to whoever sees the notice; all else is internal to the jurisdiction.
#[derive(Clone, Description)]
pub struct ProgressEvent(domain::progress::event::ProgressEvent);

#[Object(use_type_description)]
impl ProgressEvent {
    /// 全局 ID；重新连接时作为 after，即可补收其后的事件。
    ///
    /// The global id; given as `after` when one connects again, it brings what was missed.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 类别。
    ///
    /// What happened.
    #[graphql(directive = heading::apply("类别".into()))]
    async fn kind(&self) -> ProgressEventKind {
        self.0.what.kind.into()
    }

    /// 时间。
    ///
    /// When.
    #[graphql(directive = heading::apply("时间".into()))]
    async fn at(&self) -> DateTime {
        DateTime(self.0.what.at)
    }

    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.0.what.task_id).await?.into())
    }

    /// 任务所属的辖区。
    ///
    /// The jurisdiction of the task.
    #[graphql(directive = heading::apply("任务所属的辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Result<Jurisdiction> {
        let found = jurisdiction::by_id(context, self.0.what.jurisdiction_id).await?;
        found.ok_or_else(|| error::internal(context, &Missing("jurisdiction")))
    }

    /// 有关的单位：填报、职责、堵点或办结申请是谁的；与单位无关的为 null。
    ///
    /// The unit whose report, duty, blocker or claim it is; null where it is about none.
    #[graphql(directive = heading::apply("有关的单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        loader::optional(context, self.0.what.unit_id?).await.map(|found| found.map(Unit::from)).transpose()
    }

    /// 有关的填报；与填报无关，或此刻您不可见的为 null。
    ///
    /// The report that it is about; null where it is about none, or you may not see it now.
    #[graphql(directive = heading::apply("有关的填报".into()))]
    async fn report(&self, context: &Context<'_>) -> Option<Result<ProgressReport>> {
        loader::optional(context, self.0.what.report_id?).await.map(|found| found.map(ProgressReport::from)).transpose()
    }

    /// 有关的堵点；与堵点无关，或您不可见的为 null。
    ///
    /// The blocker that it is about; null where it is about none, or you may not see it.
    #[graphql(directive = heading::apply("有关的堵点".into()))]
    async fn blocker(&self, context: &Context<'_>) -> Option<Result<Blocker>> {
        loader::optional(context, self.0.what.blocker_id?).await.map(|found| found.map(Blocker::from)).transpose()
    }

    /// 有关的一期：填报的，或逾期未报的。
    ///
    /// The period of the report, or of what is overdue.
    #[graphql(directive = heading::apply("有关的一期".into()))]
    async fn period(&self) -> Option<Period> {
        let period: domain::progress::period::Period = self.0.what.period.as_deref()?.parse().ok()?;
        Some(period.into())
    }

    /// 逾期的报告职责；只有逾期事件有。
    ///
    /// The duty that is overdue; of such events alone.
    #[graphql(directive = heading::apply("逾期的报告职责".into()))]
    async fn duty(&self, context: &Context<'_>) -> Option<Result<ReportingDuty>> {
        loader::optional(context, self.0.what.duty_id?).await.map(|found| found.map(ReportingDuty::from)).transpose()
    }

    /// 现在的灯；只有亮灯变化有。
    ///
    /// The light from now on; of changed lights alone.
    #[graphql(directive = heading::apply("现在的灯".into()))]
    async fn light(&self) -> Option<StatusLight> {
        self.0.what.light.map(StatusLight::from)
    }

    /// 此前的灯；只有亮灯变化有。
    ///
    /// The light before; of changed lights alone.
    #[graphql(directive = heading::apply("此前的灯".into()))]
    async fn light_before(&self) -> Option<StatusLight> {
        self.0.what.light_before.map(StatusLight::from)
    }
}

impl From<domain::progress::event::ProgressEvent> for ProgressEvent {
    fn from(event: domain::progress::event::ProgressEvent) -> Self {
        Self(event)
    }
}

/// Subscriptions to events.
#[derive(Default)]
pub struct EventSubscription;

#[Subscription]
impl EventSubscription {
    /// 进展事件，按发生的先后；只推送您看得到的，权限变化立即生效。需要：任何人；内部事件需在本辖区或上级任职。
    ///
    /// Progress events in the order in which they happen, those that you may know of; a change of what you may see holds at once. Needs: nothing; for internal events, a post in the jurisdiction or above it.
    async fn progress_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of a jurisdiction.")] jurisdiction: String,
        #[graphql(default = true, desc = "是否包括该辖区的全部下级。\n\nWhether all below that jurisdiction are included.")]
        include_descendants: bool,
        #[graphql(
            desc = "收到的最后一个事件的 ID；先补发其后的事件。不写则从现在开始。\n\nThe id of the last event that was received: what came after it is told first. From now on when left out."
        )]
        after: Option<ID>,
    ) -> Result<impl Stream<Item = ProgressEvent> + use<>> {
        let told = match context.data::<Step>()? {
            Step::Event(event) => event.value.downcast_ref().cloned().map(ProgressEvent),
            Step::Opening(opening) => {
                let jurisdictions = jurisdictions(context, &jurisdiction, include_descendants).await?;
                let after = opening.last_event_id.clone().map(ID).or(after);
                let after = match after {
                    Some(after) => Some(sequence(context, &after).await?),
                    None => None,
                };
                opening.want(Wanted { after, scope: Arc::new(jurisdictions) });
                None
            }
        };
        Ok(stream::iter(told))
    }
}

async fn jurisdictions(context: &Context<'_>, code: &str, descendants: bool) -> Result<Vec<JurisdictionId>> {
    let tree = Inquiry::of(context)?.visible.jurisdictions().await.or_fail(context)?;
    let Some(jurisdiction) = tree.by_code(code) else {
        let message = Text::new(
            "没有这个辖区代码：请用 jurisdictions 查询有哪些。",
            "There is no jurisdiction with this code: `jurisdictions` lists them.",
        );
        return Err(error::bad_input(context, "jurisdiction", &message));
    };
    Ok(if descendants { tree.subtree(jurisdiction.id) } else { vec![jurisdiction.id] })
}

/// The place of the event that was received last.
async fn sequence(context: &Context<'_>, after: &ID) -> Result<i64> {
    let id: ProgressEventId = id::decode(context, "after", after)?;
    if let Some(event) = loader::optional(context, id).await? {
        return Ok(event.sequence);
    }
    let message = Text::new(
        "没有这个事件，或您无权查看：请用收到的最后一个事件的 id，或不写 after，从现在开始。",
        "There is no such event, or you may not see it: use the id of the last event that you received, or leave `after` out to begin now.",
    );
    Err(error::bad_input(context, "after", &message))
}
