//! 填报与审核: posting reports, and deciding on them.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;

use super::report::ProgressReport;
use crate::{
    graphql::{
        free_text::Prose,
        id,
        inquiry::Inquiry,
        loader,
        notices::task::Task,
        refusal::{self, Fault},
        scalar::{Date, Figure},
    },
    service::progress::report::{Achievement, NewBlocker, Post, Reports, ReviewDecision as Decision, Verdict},
};

/// 一份填报。
///
/// A report to post.
#[derive(InputObject)]
pub struct SubmitProgressInput {
    /// 任务。
    ///
    /// The task.
    task_id: ID,
    /// 哪一期：2024-W15、2024-04-T2、2024-04、2024-Q2。
    ///
    /// For which period: 2024-W15, 2024-04-T2, 2024-04 or 2024-Q2.
    period: String,
    /// 进展情况，至多 5000 个字；草稿可不写。
    ///
    /// What was done, in at most 5000 characters; may be left out of a draft.
    #[graphql(default)]
    narrative: Prose,
    /// 各目标任务自年初以来的累计数；未写的目标沿用上次被接受的数。
    ///
    /// Figures of targets, cumulative since the start of the year; for a target that is left out the last accepted one stays.
    #[graphql(default)]
    achievements: Vec<AchievementInput>,
    /// 已完成的时间节点。
    ///
    /// The milestones that are reached.
    #[graphql(default)]
    milestones_reached: Vec<ID>,
    /// 堵点；未达序时进度时须说明原因和所需支持。
    ///
    /// What stops the task; wanted, with what is needed, while the task is behind schedule.
    #[graphql(default)]
    blockers: Vec<BlockerInput>,
    /// 自报完成率，百分数 0 至 100；没有目标任务和时间节点的任务据此计算。
    ///
    /// The completion in percent, 0 to 100; what a task without targets and milestones goes by.
    stated_completion: Option<Figure>,
    /// 所依据的版本；首次填报不写。已被他人修改则拒绝。
    ///
    /// The version that it builds on, left out of the first post; refused where it has changed since.
    expected_version: Option<i64>,
    /// 只保存，不报送。
    ///
    /// Only saved, not submitted.
    #[graphql(default)]
    draft: bool,
}

/// 一项累计数。
///
/// A figure of a target.
#[derive(InputObject)]
pub struct AchievementInput {
    /// 目标任务。
    ///
    /// The target.
    target_id: ID,
    /// 自年初以来的累计数。
    ///
    /// The figure, cumulative since the start of the year.
    value: Figure,
    /// 说明；低于上次被接受的数时必填。
    ///
    /// A note; wanted where it is lower than the last accepted one.
    explanation: Option<Prose>,
}

/// 一个堵点。
///
/// A blocker.
#[derive(InputObject)]
pub struct BlockerInput {
    /// 什么问题。
    ///
    /// What stops the task.
    description: Prose,
    /// 需要什么支持。
    ///
    /// What is needed to go on.
    needs: Option<Prose>,
    /// 需要哪个单位支持。
    ///
    /// The unit that must act.
    needed_from: Option<ID>,
    /// 需要在何时之前。
    ///
    /// Until when.
    needed_by: Option<Date>,
}

impl From<SubmitProgressInput> for Post {
    fn from(input: SubmitProgressInput) -> Self {
        let achievement = |achievement: AchievementInput| Achievement {
            target_id: id::or_nothing(&achievement.target_id),
            value: achievement.value.into(),
            explanation: achievement.explanation.map(String::from),
        };
        let blocker = |blocker: BlockerInput| NewBlocker {
            description: blocker.description.into(),
            needs: blocker.needs.map(String::from),
            needed_from: blocker.needed_from.as_ref().map(id::or_nothing),
            needed_by: blocker.needed_by.map(|date| date.0),
        };
        Self {
            task_id: id::or_nothing(&input.task_id),
            period: input.period,
            narrative: input.narrative.into(),
            achievements: input.achievements.into_iter().map(achievement).collect(),
            milestones_reached: input.milestones_reached.iter().map(id::or_nothing).collect(),
            blockers: input.blockers.into_iter().map(blocker).collect(),
            stated_completion: input.stated_completion.map(Into::into),
            expected_version: input.expected_version,
            draft: input.draft,
        }
    }
}

/// 审核决定。
///
/// What an office decides on a report.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Decision", name = "ReviewDecision")]
pub enum ReviewDecision {
    /// 接受：计入完成情况并公开。
    ///
    /// It counts and is published.
    #[graphql(directive = heading::apply("接受".into()))]
    Accept,
    /// 退回，须说明理由。
    ///
    /// It goes back to its unit, with a reason.
    #[graphql(directive = heading::apply("退回".into()))]
    Return,
    /// 重新打开已接受的填报，须说明理由；其数据不再计入。
    ///
    /// An accepted report goes back to its unit, with a reason; it counts no longer.
    #[graphql(directive = heading::apply("重新打开已接受的填报".into()))]
    Reopen,
}

/// 一项审核。
///
/// A review.
#[derive(InputObject)]
pub struct ReviewProgressInput {
    /// 填报。
    ///
    /// The report.
    report_id: ID,
    /// 决定。
    ///
    /// The decision.
    decision: ReviewDecision,
    /// 理由，至多 1000 个字；退回和重新打开必填。
    ///
    /// Why, in at most 1000 characters; wanted for returning and reopening.
    reason: Option<Prose>,
    /// 所依据的版本；已变更则拒绝。
    ///
    /// The version that was looked at; refused where it has changed since.
    expected_version: i64,
}

impl From<ReviewProgressInput> for Verdict {
    fn from(input: ReviewProgressInput) -> Self {
        Self {
            report_id: id::or_nothing(&input.report_id),
            decision: input.decision.into(),
            reason: input.reason.map(String::from),
            expected_version: input.expected_version,
        }
    }
}

/// 填报或审核的结果。
///
/// What came of posting or reviewing a report.
#[derive(SimpleObject)]
pub struct ProgressReportPayload {
    /// 填报现状；输入有误则为 null。
    ///
    /// The report as it is now; null where the input was wrong.
    #[graphql(directive = heading::apply("填报现状".into()))]
    report: Option<ProgressReport>,
    /// 任务现状，含新的完成率和灯；输入有误则为 null。
    ///
    /// The task as it is now, with its new completion and light; null where the input was wrong.
    #[graphql(directive = heading::apply("任务现状".into()))]
    task: Option<Task>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// 批量填报或审核的结果。
///
/// What came of posting or reviewing several reports.
#[derive(SimpleObject)]
pub struct ProgressReportsPayload {
    /// 各份填报现状，顺序与输入相同；输入有误则为 null。
    ///
    /// The reports as they are now, in the order of the input; null where anything was wrong.
    #[graphql(directive = heading::apply("各份填报现状".into()))]
    reports: Option<Vec<ProgressReport>>,
    /// 输入有误之处，全部列出，field 指明第几份。
    ///
    /// All that is wrong with the input; field names the place.
    errors: Vec<Fault>,
}

type Done = std::result::Result<Reports, crate::service::Refusal>;

async fn one(context: &Context<'_>, done: Done) -> Result<ProgressReportPayload> {
    let (changed, errors) = refusal::payload(context, done)?;
    let report = remember(context, changed).await?.and_then(|mut reports| reports.pop());
    let task = match &report {
        Some(report) => loader::optional(context, report.0.task_id).await?.map(Task::from),
        None => None,
    };
    Ok(ProgressReportPayload { report, task, errors })
}

async fn many(context: &Context<'_>, done: Done) -> Result<ProgressReportsPayload> {
    let (changed, errors) = refusal::payload(context, done)?;
    Ok(ProgressReportsPayload { reports: remember(context, changed).await?, errors })
}

/// Forgets what was loaded before reports were changed, and remembers what was read of their tasks on the way.
async fn remember(context: &Context<'_>, changed: Option<Reports>) -> Result<Option<Vec<ProgressReport>>> {
    let inquiry = Inquiry::of(context)?;
    inquiry.forget();
    let Some(Reports { reports, held }) = changed else { return Ok(None) };
    inquiry.hold(held).await;
    Ok(Some(reports.into_iter().map(ProgressReport).collect()))
}

/// Changes of reports.
#[derive(Default)]
pub struct ReportMutation;

#[Object]
impl ReportMutation {
    /// 报送一期进展；同一期再次报送即为更新。一报多用：一份填报完成该单位该任务在其覆盖时段内的全部职责。需要：承担该任务的单位。
    ///
    /// Posts progress for a period; posting again for it updates it. One post discharges every duty of that unit and task whose period it covers. Needs: an account of a unit with a part in the task.
    #[graphql(directive = heading::apply("报送一期进展".into()))]
    async fn submit_progress(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "填报。\n\nThe report.")] input: SubmitProgressInput,
    ) -> Option<Result<ProgressReportPayload>> {
        let submit = async {
            let inquiry = Inquiry::of(context)?;
            one(context, inquiry.service.submit_progress(&inquiry.call, input.into()).await).await
        };
        Some(submit.await)
    }

    /// 一次报送多份，1 至 100 份，全部成功或全部不成。需要：承担各任务的单位。
    ///
    /// Posts 1 to 100 reports, all or none. Needs: an account of a unit with a part in each task.
    #[graphql(directive = heading::apply("一次报送多份".into()))]
    async fn submit_progress_batch(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "各份填报。\n\nThe reports.")] inputs: Vec<SubmitProgressInput>,
    ) -> Option<Result<ProgressReportsPayload>> {
        let submit = async {
            let inquiry = Inquiry::of(context)?;
            let posts: Vec<Post> = inputs.into_iter().map(Post::from).collect();
            many(context, inquiry.service.submit_progress_batch(&inquiry.call, &posts).await).await
        };
        Some(submit.await)
    }

    /// 审核一份填报：接受、退回或重新打开。需要：任务所属辖区的督查室。
    ///
    /// Accepts, returns or reopens a report. Needs: the office of the task's jurisdiction.
    #[graphql(directive = heading::apply("审核一份填报".into()))]
    async fn review_progress(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "审核。\n\nThe review.")] input: ReviewProgressInput,
    ) -> Option<Result<ProgressReportPayload>> {
        let review = async {
            let inquiry = Inquiry::of(context)?;
            one(context, inquiry.service.review_progress(&inquiry.call, input.into()).await).await
        };
        Some(review.await)
    }

    /// 一次审核多份，1 至 100 份，全部成功或全部不成。需要：各任务所属辖区的督查室。
    ///
    /// Reviews 1 to 100 reports, all or none. Needs: the office of the tasks' jurisdiction.
    #[graphql(directive = heading::apply("一次审核多份".into()))]
    async fn review_progress_batch(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "各项审核。\n\nThe reviews.")] inputs: Vec<ReviewProgressInput>,
    ) -> Option<Result<ProgressReportsPayload>> {
        let review = async {
            let inquiry = Inquiry::of(context)?;
            let verdicts: Vec<Verdict> = inputs.into_iter().map(Verdict::from).collect();
            many(context, inquiry.service.review_progress_batch(&inquiry.call, &verdicts).await).await
        };
        Some(review.await)
    }
}
