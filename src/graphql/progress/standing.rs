//! How a task stands besides what is reported, and how that is changed.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::{Action, AssignmentRole};

use crate::{
    access::policy::{Internals, Resource},
    domain::progress::dossier::Dossier,
    graphql::{
        free_text::{Line, Prose},
        id,
        inquiry::Inquiry,
        notices::task::Task,
        people::permission::Permission,
        refusal::{self, Fault},
        scalar::{Date, DateTime, Figure},
    },
    service::progress::{
        plan::{NewAllocation, NewMilestone, NewPlan},
        report,
    },
};

/// How a task stands.
pub struct TaskStanding(pub(in crate::graphql) Dossier);

impl TaskStanding {
    fn resource(&self, context: &Context<'_>) -> Result<Resource> {
        let unit = Inquiry::of(context)?.call.viewer.actor().and_then(|actor| actor.unit_id);
        Ok(Resource::Task(report::facts(&self.0, unit)))
    }

    /// Whether a claim, and what was said of it, is for the viewer: until the office has accepted it, it is the government's own business.
    fn is_internal_seen(&self, context: &Context<'_>) -> Result<bool> {
        Ok(Internals::of(&Inquiry::of(context)?.call.viewer).contain(self.0.notice.jurisdiction_id))
    }

    /// Whether the version is for the viewer. It rises with claims and returns, so that it is for those who may see these, and for the leads,
    /// which need it to act.
    fn is_version_seen(&self, context: &Context<'_>) -> Result<bool> {
        let unit = Inquiry::of(context)?.call.viewer.actor().and_then(|actor| actor.unit_id);
        let leads = unit.and_then(|unit| self.0.part_of(unit)) == Some(AssignmentRole::Lead);
        Ok(leads || self.is_internal_seen(context)?)
    }
}

/// 任务的时限、暂停、办结等情况。
///
/// A task's dates, and whether it is suspended, claimed or closed.
#[Object]
impl TaskStanding {
    /// 版本，变更时须作为 expectedVersion 提交；内部信息不可见、又不是牵头单位的为 null。
    ///
    /// The version, to be given as expectedVersion with a change; null where internals are not for you, unless your unit leads the task.
    #[graphql(directive = heading::apply("版本".into()))]
    fn version(&self, context: &Context<'_>) -> Result<Option<i32>> {
        Ok(self.is_version_seen(context)?.then_some(self.0.standing.version))
    }

    /// 何时开始。
    ///
    /// When work starts.
    #[graphql(directive = heading::apply("何时开始".into()))]
    async fn starts_on(&self) -> Date {
        Date(self.0.plan().starts_on())
    }

    /// 原定完成时限。
    ///
    /// The original due date.
    #[graphql(directive = heading::apply("原定完成时限".into()))]
    async fn due_on(&self) -> Date {
        Date(self.0.plan().due_on())
    }

    /// 延期至；亮灯仍按原定时限。
    ///
    /// Until when it was extended; its light goes by the original date.
    #[graphql(directive = heading::apply("延期至".into()))]
    async fn extended_to(&self) -> Option<Date> {
        self.0.standing.extension.as_ref().map(|extension| Date(extension.to))
    }

    /// 延期原因。
    ///
    /// Why it was extended.
    #[graphql(directive = heading::apply("延期原因".into()))]
    async fn extension_reason(&self) -> Option<&str> {
        self.0.standing.extension.as_ref().map(|extension| extension.reason.as_str())
    }

    /// 暂停日期；没有暂停的为 null。
    ///
    /// Since when it is suspended; null where it is not.
    #[graphql(directive = heading::apply("暂停日期".into()))]
    async fn suspended_on(&self) -> Option<Date> {
        self.0.standing.suspension.as_ref().map(|suspension| Date(suspension.on))
    }

    /// 暂停原因。
    ///
    /// Why it is suspended.
    #[graphql(directive = heading::apply("暂停原因".into()))]
    async fn suspension_reason(&self) -> Option<&str> {
        self.0.standing.suspension.as_ref().map(|suspension| suspension.reason.as_str())
    }

    /// 申请办结日期；销号之前仅本辖区及上级可见。
    ///
    /// When the lead claimed that it is done; until it is accepted, for the jurisdiction and those above alone.
    #[graphql(directive = heading::apply("申请办结日期".into()))]
    fn claimed_on(&self, context: &Context<'_>) -> Result<Option<Date>> {
        let is_told = self.0.standing.closing.is_some() || self.is_internal_seen(context)?;
        Ok(self.0.standing.claim.as_ref().filter(|_| is_told).map(|claim| Date(claim.on)))
    }

    /// 申请办结的说明；仅本辖区及上级可见。
    ///
    /// What the claim says; for the jurisdiction and those above alone.
    #[graphql(directive = heading::apply("申请办结的说明".into()))]
    fn claim_note(&self, context: &Context<'_>) -> Result<Option<&str>> {
        let is_told = self.is_internal_seen(context)?;
        Ok(self.0.standing.claim.as_ref().filter(|_| is_told).and_then(|claim| claim.note.as_deref()))
    }

    /// 督查室同意销号的日期。
    ///
    /// When the office accepted that it is done.
    #[graphql(directive = heading::apply("督查室同意销号的日期".into()))]
    async fn accepted_on(&self) -> Option<Date> {
        self.0.standing.closing.as_ref().map(|closing| Date(closing.accepted_on))
    }

    /// 办结生效日期：职责到此为止。
    ///
    /// From when it counts as done: its duties end on that day.
    #[graphql(directive = heading::apply("办结生效日期".into()))]
    async fn in_force_on(&self) -> Option<Date> {
        self.0.standing.closing.as_ref().map(|closing| Date(closing.in_force_on))
    }

    /// 销号意见。
    ///
    /// What the office noted.
    #[graphql(directive = heading::apply("销号意见".into()))]
    async fn closing_note(&self) -> Option<&str> {
        self.0.standing.closing.as_ref().and_then(|closing| closing.note.as_deref())
    }

    /// 上次办结申请退回的原因；仅本辖区及上级可见。
    ///
    /// Why the last claim was sent back; for the jurisdiction and those above alone.
    #[graphql(directive = heading::apply("上次办结申请退回的原因".into()))]
    fn return_reason(&self, context: &Context<'_>) -> Result<Option<&str>> {
        let is_told = self.is_internal_seen(context)?;
        Ok(self.0.standing.return_reason.as_deref().filter(|_| is_told))
    }

    /// 最近变更时间；内部信息不可见时为 null。
    ///
    /// When any of this was last changed; null where internals are not for you.
    #[graphql(directive = heading::apply("最近变更时间".into()))]
    fn changed_at(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        let is_told = self.is_internal_seen(context)?;
        Ok(self.0.standing.changed_at.filter(|_| is_told).map(DateTime))
    }

    /// 当前用户能否填报。
    ///
    /// Whether the viewer may post progress.
    fn viewer_can_submit(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::SubmitProgress, &self.resource(context)?)
    }

    /// 当前用户能否编制计划。
    ///
    /// Whether the viewer may save its plan.
    fn viewer_can_save_plan(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::SavePlan, &self.resource(context)?)
    }

    /// 当前用户能否分解指标。
    ///
    /// Whether the viewer may allocate its targets.
    fn viewer_can_allocate(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::AllocateTarget, &self.resource(context)?)
    }

    /// 当前用户能否申请办结。
    ///
    /// Whether the viewer may claim that it is done.
    fn viewer_can_claim(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::ClaimCompletion, &self.resource(context)?)
    }

    /// 当前用户能否销号。
    ///
    /// Whether the viewer may accept that it is done.
    fn viewer_can_accept(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::AcceptCompletion, &self.resource(context)?)
    }

    /// 当前用户能否退回办结申请。
    ///
    /// Whether the viewer may send a claim back.
    fn viewer_can_return(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::ReturnCompletion, &self.resource(context)?)
    }

    /// 当前用户能否恢复它。
    ///
    /// Whether the viewer may resume it.
    fn viewer_can_resume(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::ResumeTask, &self.resource(context)?)
    }

    /// 当前用户能否暂停它。
    ///
    /// Whether the viewer may suspend it.
    fn viewer_can_suspend(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::SuspendTask, &self.resource(context)?)
    }

    /// 当前用户能否延期。
    ///
    /// Whether the viewer may extend it.
    fn viewer_can_extend(&self, context: &Context<'_>) -> Result<Permission> {
        Permission::of(context, Action::ExtendTask, &self.resource(context)?)
    }
}

/// 实施计划。
///
/// A task's plan.
#[derive(InputObject)]
pub struct SavePlanInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 何时开始；不写为通知印发之日。
    ///
    /// When work starts; the notice's issue when left out.
    starts_on: Option<Date>,
    /// 完成时限；不写为年底。可以提前，不能推后。
    ///
    /// When it is due; the end of the year when left out. It can be brought forward, not put off.
    due_on: Option<Date>,
    /// 时间节点，按日期排列，至多 100 个；取代原有的全部节点。
    ///
    /// The milestones in the order of their dates, at most 100; they replace all that were there.
    milestones: Vec<MilestoneInput>,
}

/// 一个时间节点。
///
/// A milestone.
#[derive(InputObject)]
pub struct MilestoneInput {
    /// 原有节点的 ID；新节点不写。
    ///
    /// The id of a milestone that was there; left out of a new one.
    id: Option<ID>,
    /// 完成什么。
    ///
    /// What is done by then.
    title: Line,
    /// 何时之前。
    ///
    /// By when.
    due_on: Date,
    /// 届时应完成的比例，0 至 1。
    ///
    /// The share of the task, from 0 to 1, that should be done by then.
    planned_share: Option<Figure>,
}

/// 一项目标任务的分解。
///
/// How a target is handed to units.
#[derive(InputObject)]
pub struct AllocateTargetInput {
    /// 目标任务。
    ///
    /// The target.
    target_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 各单位的份额，合计须与目标相符；空列表收回全部分解。
    ///
    /// The shares, which must make the target together; an empty list takes all back.
    allocations: Vec<AllocationInput>,
}

/// 一个单位的份额。
///
/// The share of a unit.
#[derive(InputObject)]
pub struct AllocationInput {
    /// 承担该任务的单位，或集合单位的成员。
    ///
    /// A unit with a part in the task, by itself or as a member of a collective unit.
    unit_id: ID,
    /// 份额，按目标任务的计量单位。
    ///
    /// How much, in the target's unit.
    value: Figure,
}

/// 申请办结。
///
/// A claim that a task is done.
#[derive(InputObject)]
pub struct ClaimCompletionInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 说明，至多 1000 个字。
    ///
    /// A note, in at most 1000 characters.
    note: Option<Prose>,
}

/// 销号。
///
/// Accepting that a task is done.
#[derive(InputObject)]
pub struct AcceptCompletionInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 办结生效日期，不早于申请之日；不写为今天。
    ///
    /// From when it counts as done, not before the claim; today when left out.
    in_force_on: Option<Date>,
    /// 意见，至多 1000 个字。
    ///
    /// A note, in at most 1000 characters.
    note: Option<Prose>,
}

/// 对任务的一项须说明原因的变更。
///
/// A change of a task that wants a reason.
#[derive(InputObject)]
pub struct TaskReasonInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 原因，至多 1000 个字。
    ///
    /// Why, in at most 1000 characters.
    reason: Prose,
}

/// 哪项任务。
///
/// Which task.
#[derive(InputObject)]
pub struct TaskInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
}

/// 延期。
///
/// An extension.
#[derive(InputObject)]
pub struct ExtendTaskInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 所依据的版本（standing.version）；已被他人修改则拒绝。
    ///
    /// The version that the change builds on; refused where it has changed since.
    expected_version: i64,
    /// 延至何日，晚于原定时限。
    ///
    /// Until when, after the original due date.
    to: Date,
    /// 原因，至多 1000 个字。
    ///
    /// Why, in at most 1000 characters.
    reason: Prose,
}

/// 任务变更的结果。
///
/// What came of a change of a task.
#[derive(SimpleObject)]
pub struct TaskPayload {
    /// 任务现状；输入有误则为 null。
    ///
    /// The task as it is now; null where the input was wrong.
    #[graphql(directive = heading::apply("任务现状".into()))]
    task: Option<Task>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

impl TaskPayload {
    fn of(context: &Context<'_>, done: std::result::Result<crate::domain::notices::task::Task, crate::service::Refusal>) -> Result<Self> {
        let (task, errors) = refusal::payload(context, done)?;
        Inquiry::of(context)?.forget();
        Ok(Self { task: task.map(Task::from), errors })
    }
}

/// Changes of tasks.
#[derive(Default)]
pub struct TaskMutation;

#[Object]
impl TaskMutation {
    /// 编制或修改实施计划。需要：牵头单位，或任务所属辖区的督查室。
    ///
    /// Saves a task's plan. Needs: an account of a unit that leads it, or the office of its jurisdiction.
    #[graphql(directive = heading::apply("编制或修改实施计划".into()))]
    async fn save_plan(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "计划。\n\nThe plan.")] input: SavePlanInput,
    ) -> Option<Result<TaskPayload>> {
        let save = async {
            let inquiry = Inquiry::of(context)?;
            let milestone = |milestone: MilestoneInput| NewMilestone {
                id: milestone.id.as_ref().map(id::or_nothing),
                title: milestone.title.into(),
                due_on: milestone.due_on.0,
                planned_share: milestone.planned_share.map(Into::into),
            };
            let plan = NewPlan {
                starts_on: input.starts_on.map(|date| date.0),
                due_on: input.due_on.map(|date| date.0),
                milestones: input.milestones.into_iter().map(milestone).collect(),
            };
            let task = id::or_nothing(&input.task_id);
            TaskPayload::of(context, inquiry.service.save_plan(&inquiry.call, task, input.expected_version, plan).await)
        };
        Some(save.await)
    }

    /// 把一项目标任务分解到单位，合计须与目标相符。需要：牵头单位，或任务所属辖区的督查室。
    ///
    /// Hands a target to units in shares that make it together. Needs: an account of a unit that leads the task, or the office of its jurisdiction.
    #[graphql(directive = heading::apply("把一项目标任务分解到单位".into()))]
    async fn allocate_target(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "分解。\n\nThe shares.")] input: AllocateTargetInput,
    ) -> Option<Result<TaskPayload>> {
        let allocate = async {
            let inquiry = Inquiry::of(context)?;
            let share = |share: AllocationInput| NewAllocation { unit_id: id::or_nothing(&share.unit_id), value: share.value.into() };
            let shares = input.allocations.into_iter().map(share).collect();
            let target = id::or_nothing(&input.target_id);
            TaskPayload::of(context, inquiry.service.allocate_target(&inquiry.call, target, input.expected_version, shares).await)
        };
        Some(allocate.await)
    }

    /// 申请办结。需要：牵头单位。
    ///
    /// Claims that a task is done. Needs: an account of a unit that leads it.
    #[graphql(directive = heading::apply("申请办结".into()))]
    async fn claim_completion(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "申请。\n\nThe claim.")] input: ClaimCompletionInput,
    ) -> Option<Result<TaskPayload>> {
        let claim = async {
            let inquiry = Inquiry::of(context)?;
            let task = id::or_nothing(&input.task_id);
            TaskPayload::of(
                context,
                inquiry.service.claim_completion(&inquiry.call, task, input.expected_version, input.note.map(String::from)).await,
            )
        };
        Some(claim.await)
    }

    /// 同意办结并销号。需要：任务所属辖区的督查室。
    ///
    /// Accepts that a task is done, which closes it. Needs: the office of its jurisdiction.
    #[graphql(directive = heading::apply("同意办结并销号".into()))]
    async fn accept_completion(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "销号。\n\nThe acceptance.")] input: AcceptCompletionInput,
    ) -> Option<Result<TaskPayload>> {
        let accept = async {
            let inquiry = Inquiry::of(context)?;
            let task = id::or_nothing(&input.task_id);
            let in_force_on = input.in_force_on.map(|date| date.0);
            let done = inquiry
                .service
                .accept_completion(&inquiry.call, task, input.expected_version, in_force_on, input.note.map(String::from))
                .await;
            TaskPayload::of(context, done)
        };
        Some(accept.await)
    }

    /// 退回办结申请，须说明原因。需要：任务所属辖区的督查室。
    ///
    /// Sends a claim back, with a reason. Needs: the office of the task's jurisdiction.
    #[graphql(directive = heading::apply("退回办结申请".into()))]
    async fn return_completion(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "退回。\n\nThe return.")] input: TaskReasonInput,
    ) -> Option<Result<TaskPayload>> {
        let give_back = async {
            let inquiry = Inquiry::of(context)?;
            let task = id::or_nothing(&input.task_id);
            TaskPayload::of(
                context,
                inquiry.service.return_completion(&inquiry.call, task, input.expected_version, input.reason.into()).await,
            )
        };
        Some(give_back.await)
    }

    /// 暂停任务，须说明原因；暂停期间不填报。需要：任务所属辖区的督查室。
    ///
    /// Suspends a task, with a reason; no reports are asked for. Needs: the office of its jurisdiction.
    #[graphql(directive = heading::apply("暂停任务".into()))]
    async fn suspend_task(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "暂停。\n\nThe suspension.")] input: TaskReasonInput,
    ) -> Option<Result<TaskPayload>> {
        let suspend = async {
            let inquiry = Inquiry::of(context)?;
            let task = id::or_nothing(&input.task_id);
            TaskPayload::of(context, inquiry.service.suspend_task(&inquiry.call, task, input.expected_version, input.reason.into()).await)
        };
        Some(suspend.await)
    }

    /// 恢复暂停的任务。需要：任务所属辖区的督查室。
    ///
    /// Resumes a suspended task. Needs: the office of its jurisdiction.
    #[graphql(directive = heading::apply("恢复暂停的任务".into()))]
    async fn resume_task(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "哪项任务。\n\nWhich task.")] input: TaskInput,
    ) -> Option<Result<TaskPayload>> {
        let resume = async {
            let inquiry = Inquiry::of(context)?;
            let task = id::or_nothing(&input.task_id);
            TaskPayload::of(context, inquiry.service.resume_task(&inquiry.call, task, input.expected_version).await)
        };
        Some(resume.await)
    }

    /// 延期，须说明原因；亮灯仍按原定时限。需要：任务所属辖区的督查室。
    ///
    /// Extends a due date, with a reason; the light still goes by the original one. Needs: the office of the task's jurisdiction.
    #[graphql(directive = heading::apply("延期".into()))]
    async fn extend_task(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "延期。\n\nThe extension.")] input: ExtendTaskInput,
    ) -> Option<Result<TaskPayload>> {
        let extend = async {
            let inquiry = Inquiry::of(context)?;
            let task = id::or_nothing(&input.task_id);
            let done = inquiry.service.extend_task(&inquiry.call, task, input.expected_version, input.to.0, input.reason.into()).await;
            TaskPayload::of(context, done)
        };
        Some(extend.await)
    }
}
