//! 进展填报: what units report, as their reviewers and the public read it.

use async_graphql::{Context, Description, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::Action;

use super::{
    blocker::Blocker,
    milestone::Milestone,
    period::{Discharge, Period},
};
use crate::{
    access::policy::{NoticeFacts, ReportFacts, Resource},
    domain::{self, progress::report::Step},
    graphql::{
        connection::{self, ProgressReportConnection},
        enumeration::{ReportState, TransitionKind},
        error::OrFail as _,
        filter, id,
        inquiry::Inquiry,
        loader::{self, BlockersOf, DossierOf, FiguresOf, ReachedIn, StepsOf},
        notices::{target::Target, task::Task},
        people::permission::Permission,
        places::unit::Unit,
        scalar::{DateTime, Decimal},
    },
    store,
};

/// 进展填报：一个单位就一项任务一期的进展。已接受的随通知公开；已报送、已退回的本辖区及上级可见；草稿仅本单位可见。
///
/// What a unit reports of a task for a period. Public with its notice once accepted; internal to the jurisdiction and those above while submitted or returned; a draft is its unit's alone.
#[derive(Clone, Description)]
pub struct ProgressReport(pub(in crate::graphql) domain::progress::report::ProgressReport);

#[Object(use_type_description)]
impl ProgressReport {
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

    /// 填报单位。
    ///
    /// The unit that reports.
    #[graphql(directive = heading::apply("填报单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.0.unit_id).await?.into())
    }

    /// 哪一期。
    ///
    /// For which period.
    #[graphql(directive = heading::apply("哪一期".into()))]
    async fn period(&self) -> Period {
        self.0.period.into()
    }

    /// 状态。
    ///
    /// Where it stands.
    #[graphql(directive = heading::apply("状态".into()))]
    async fn state(&self) -> ReportState {
        self.0.state.into()
    }

    /// 版本，更新或审核时须作为 expectedVersion 提交；内部信息不可见时为 null。
    ///
    /// The version, to be given as expectedVersion with an update or a review; null where internals are not for you.
    #[graphql(directive = heading::apply("版本".into()))]
    async fn version(&self, context: &Context<'_>) -> Result<Option<i32>> {
        Ok(self.is_internal_seen(context).await?.then_some(self.0.version))
    }

    /// 进展情况。
    ///
    /// What was done, in words.
    #[graphql(directive = heading::apply("进展情况".into()))]
    async fn narrative(&self) -> &str {
        &self.0.narrative
    }

    /// 各目标任务的累计数。
    ///
    /// The cumulative figures of targets.
    #[graphql(directive = heading::apply("各目标任务的累计数".into()))]
    async fn achievements(&self, context: &Context<'_>) -> Result<Vec<Achievement>> {
        Ok(loader::list(context, FiguresOf(self.0.id)).await?.into_iter().map(Achievement).collect())
    }

    /// 已完成的时间节点。
    ///
    /// The milestones that it says are reached.
    #[graphql(directive = heading::apply("已完成的时间节点".into()))]
    async fn milestones_reached(&self, context: &Context<'_>) -> Result<Vec<Milestone>> {
        Ok(loader::list(context, ReachedIn(self.0.id)).await?.into_iter().map(Milestone).collect())
    }

    /// 自报完成率，百分数 0 至 100。
    ///
    /// The completion that it states, in percent from 0 to 100.
    #[graphql(directive = heading::apply("自报完成率".into()))]
    async fn stated_completion(&self) -> Option<Decimal> {
        self.0.stated_percent.map(Decimal)
    }

    /// 提出的堵点；内部信息不可见时为空。
    ///
    /// The blockers that it names; empty where internals are not for you.
    #[graphql(directive = heading::apply("提出的堵点".into()))]
    async fn blockers(&self, context: &Context<'_>) -> Result<Vec<Blocker>> {
        Ok(loader::list(context, BlockersOf(self.0.id)).await?.into_iter().map(Blocker).collect())
    }

    /// 提请审核者注意之处；内部信息不可见时为空。
    ///
    /// What its reviewer should look at; empty where internals are not for you.
    #[graphql(directive = heading::apply("提请审核者注意之处".into()))]
    async fn warnings(&self, context: &Context<'_>) -> Result<Vec<ReportWarning>> {
        if !self.is_internal_seen(context).await? {
            return Ok(Vec::new());
        }
        let language = Inquiry::of(context)?.language;
        let warning = |remark: &domain::progress::report::Remark| ReportWarning {
            code: remark.warning.word().to_owned(),
            target_id: id::encode(remark.target_id),
            message: remark.warning.text().in_language(language).to_owned(),
        };
        Ok(self.0.remarks.iter().map(warning).collect())
    }

    /// 首次报送时间，据此判定是否按时；草稿，或内部信息不可见的为 null。
    ///
    /// When it was first submitted, by which it is on time; null for a draft, and where internals are not for you.
    #[graphql(directive = heading::apply("首次报送时间".into()))]
    async fn first_submitted_at(&self, context: &Context<'_>) -> Option<Result<DateTime>> {
        self.internal(context, self.0.first_submitted_at).await
    }

    /// 现有内容的报送时间；草稿，或内部信息不可见的为 null。
    ///
    /// When what it says now was submitted; null for a draft, and where internals are not for you.
    #[graphql(directive = heading::apply("现有内容的报送时间".into()))]
    async fn submitted_at(&self, context: &Context<'_>) -> Option<Result<DateTime>> {
        self.internal(context, self.0.submitted_at).await
    }

    /// 填报人。
    ///
    /// Who wrote what it says now.
    #[graphql(directive = heading::apply("填报人".into()))]
    async fn author(&self, context: &Context<'_>) -> Result<ReportAuthor> {
        let is_internal = self.is_internal_seen(context).await?;
        let username = self.0.author_username.clone().filter(|_| is_internal);
        Ok(ReportAuthor { username, unit_id: self.0.unit_id })
    }

    /// 最近一次审核；没有审核过，或内部信息不可见的为 null。
    ///
    /// The last review; null where there was none, or internals are not for you.
    #[graphql(directive = heading::apply("最近一次审核".into()))]
    async fn review(&self, context: &Context<'_>) -> Option<Result<Review>> {
        let steps = loader::list(context, StepsOf(self.0.id)).await;
        steps.map(|steps| steps.into_iter().rev().find(|step| step.kind != entity::TransitionKind::Submit).map(Review)).transpose()
    }

    /// 经过，按先后；内部信息不可见的为空。
    ///
    /// What happened to it, in order; empty where internals are not for you.
    #[graphql(directive = heading::apply("经过".into()))]
    async fn history(&self, context: &Context<'_>) -> Result<Vec<Review>> {
        Ok(loader::list(context, StepsOf(self.0.id)).await?.into_iter().map(Review).collect())
    }

    /// 这份填报完成的各项职责：一报多用。
    ///
    /// The duties that it discharges: one post serves all of them.
    #[graphql(directive = heading::apply("这份填报完成的各项职责".into()))]
    async fn discharges(&self, context: &Context<'_>) -> Result<Vec<Discharge>> {
        if self.0.first_submitted_at.is_none() {
            return Ok(Vec::new());
        }
        let known = loader::required(context, DossierOf(self.0.task_id)).await?;
        let discharge = |occurrence: domain::progress::calendar::Occurrence| {
            let duty = known.dossier.reporting.duties.iter().find(|duty| duty.id == occurrence.duty_id)?;
            Some(Discharge { duty: duty.clone().into(), kind: occurrence.kind.into(), period: Period::from(&occurrence) })
        };
        let discharged = known.dossier.discharged_by(self.0.unit_id, self.0.period, &known.reckoning);
        Ok(discharged.into_iter().filter_map(discharge).collect())
    }

    /// 是否演示用的虚构数据。
    ///
    /// Whether it was invented for the demo.
    #[graphql(directive = heading::apply("是否演示用的虚构数据".into()))]
    async fn invented(&self) -> bool {
        self.0.demonstration
    }

    /// 当前用户能否审核它。
    ///
    /// Whether the viewer may review it.
    async fn viewer_can_review(&self, context: &Context<'_>) -> Result<Permission> {
        let notice = notice_of(context, self.0.task_id).await?;
        let facts = ReportFacts { notice: NoticeFacts::from(&notice), unit: self.0.unit_id, state: self.0.state };
        Permission::of(context, Action::ReviewProgress, &Resource::Report(facts))
    }
}

impl ProgressReport {
    /// An instant that is for those who may see internals: when a unit reported says whether it was late.
    async fn internal(&self, context: &Context<'_>, at: Option<chrono::DateTime<chrono::Utc>>) -> Option<Result<DateTime>> {
        let at = at?;
        self.is_internal_seen(context).await.map(|is_seen| is_seen.then_some(DateTime(at))).transpose()
    }

    /// Whether its internals are for the viewer, which the names of people are among. Whoever reads the steps of a report reads them; a
    /// draft has no steps yet, and is seen by its own unit alone.
    async fn is_internal_seen(&self, context: &Context<'_>) -> Result<bool> {
        Ok(self.0.state == entity::ReportState::Draft || !loader::list(context, StepsOf(self.0.id)).await?.is_empty())
    }
}

/// The notice of a visible task.
pub(in crate::graphql) async fn notice_of(context: &Context<'_>, task: entity::TaskId) -> Result<domain::notices::notice::Notice> {
    let task = loader::required(context, task).await?;
    loader::required(context, task.notice_id).await
}

impl From<domain::progress::report::ProgressReport> for ProgressReport {
    fn from(report: domain::progress::report::ProgressReport) -> Self {
        Self(report)
    }
}

/// 一项目标任务的累计数。
///
/// A cumulative figure of a target.
pub struct Achievement(domain::progress::report::Figure);

/// 填报中一项目标任务的累计数。
///
/// A cumulative figure of a target in a report.
#[Object]
impl Achievement {
    /// 目标任务。
    ///
    /// The target.
    #[graphql(directive = heading::apply("目标任务".into()))]
    async fn target(&self, context: &Context<'_>) -> Result<Target> {
        Ok(loader::required(context, self.0.target_id).await?.into())
    }

    /// 年初以来的累计数。
    ///
    /// The figure, cumulative since the start of the year.
    #[graphql(directive = heading::apply("年初以来的累计数".into()))]
    async fn value(&self) -> Decimal {
        Decimal(self.0.value)
    }

    /// 本单位此前最近一次被接受的累计数；没有则为 null。
    ///
    /// The unit's figure that was accepted last before it; null where there is none.
    #[graphql(directive = heading::apply("本单位此前最近一次被接受的累计数".into()))]
    async fn previous_value(&self) -> Option<Decimal> {
        self.0.previous_value.map(Decimal)
    }

    /// 低于上次的原因等说明。
    ///
    /// Why it is lower than before, or another note.
    #[graphql(directive = heading::apply("低于上次的原因等说明".into()))]
    async fn explanation(&self) -> Option<&str> {
        self.0.explanation.as_deref()
    }
}

/// 提请审核者注意之处。
///
/// Something that a reviewer should look at.
#[derive(SimpleObject)]
pub struct ReportWarning {
    /// 代码，供程序判断。
    ///
    /// A word for programs.
    #[graphql(directive = heading::apply("代码".into()))]
    code: String,
    /// 目标任务的全局 ID。
    ///
    /// The global id of the target.
    #[graphql(directive = heading::apply("目标任务的全局 ID".into()))]
    target_id: ID,
    /// 说明。
    ///
    /// What there is to see.
    #[graphql(directive = heading::apply("说明".into()))]
    message: String,
}

/// 填报人。
///
/// Who wrote a report.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ReportAuthor {
    /// 当时的登录名；内部信息不可见的为 null。
    ///
    /// Their username then; null where internals are not for you.
    #[graphql(directive = heading::apply("当时的登录名".into()))]
    username: Option<String>,
    #[graphql(skip)]
    unit_id: entity::UnitId,
}

#[async_graphql::ComplexObject]
impl ReportAuthor {
    /// 单位。
    ///
    /// The unit.
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.unit_id).await?.into())
    }
}

/// A step in the life of a report.
pub struct Review(Step);

/// 填报经历的一个环节。
///
/// A step in the life of a report.
#[Object]
impl Review {
    /// 做了什么。
    ///
    /// What was done.
    #[graphql(directive = heading::apply("做了什么".into()))]
    async fn decision(&self) -> TransitionKind {
        self.0.kind.into()
    }

    /// 理由；接受和报送没有理由的为 null。
    ///
    /// Why; null where none was given.
    #[graphql(directive = heading::apply("理由".into()))]
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// 时间。
    ///
    /// When.
    #[graphql(directive = heading::apply("时间".into()))]
    async fn reviewed_at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// 由谁；按通知的设置自动接受的为 null。
    ///
    /// By whom; null where the notice's setting accepted it.
    #[graphql(directive = heading::apply("由谁".into()))]
    async fn reviewer(&self) -> Option<Reviewer> {
        self.0.actor_username.clone().map(|username| Reviewer { username })
    }
}

/// 办理人当时的情况。
///
/// Who took a step, as they were then.
#[derive(SimpleObject)]
pub struct Reviewer {
    /// 当时的登录名。
    ///
    /// Their username then.
    #[graphql(directive = heading::apply("当时的登录名".into()))]
    username: String,
}

/// 填报筛选条件；各条件同时成立。
///
/// Which reports to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct ReportFilter {
    /// 状态之一；空列表不选任何记录。
    ///
    /// One of these states; an empty list chooses nothing.
    state: Option<Vec<ReportState>>,
    /// 辖区代码之一；空列表不选任何记录。
    ///
    /// One of these codes of jurisdictions; an empty list chooses nothing.
    jurisdiction: Option<Vec<String>>,
    /// 所选辖区是否包括其全部下级。
    ///
    /// Whether the chosen jurisdictions include all below them.
    #[graphql(default = true)]
    include_descendants: bool,
    /// 通知年份之一；空列表不选任何记录。
    ///
    /// One of these years of notices; an empty list chooses nothing.
    year: Option<Vec<i32>>,
    /// 填报单位之一；空列表不选任何记录。
    ///
    /// By one of these units; an empty list chooses nothing.
    unit: Option<Vec<ID>>,
    /// 任务之一；空列表不选任何记录。
    ///
    /// Of one of these tasks; an empty list chooses nothing.
    task: Option<Vec<ID>>,
    /// 哪一期，例如 2024-W15。
    ///
    /// For this period, such as 2024-W15.
    period: Option<String>,
}

impl ReportFilter {
    /// What the filter asks for.
    pub(in crate::graphql) fn checked(self, context: &Context<'_>) -> Result<store::ReportFilter> {
        let period = self.period.map(|key| {
            let parsed = key.trim().parse::<domain::progress::period::Period>();
            parsed.map_err(|error| crate::graphql::error::bad_input(context, "filter.period", &error.text()))
        });
        Ok(store::ReportFilter {
            states: filter::choices(context, "state", self.state)?,
            jurisdictions: filter::choices(context, "jurisdiction", self.jurisdiction)?,
            descendants: self.include_descendants,
            years: filter::choices(context, "year", self.year)?,
            units: filter::ids(context, "unit", self.unit)?,
            tasks: filter::ids(context, "task", self.task)?,
            period: period.transpose()?,
        })
    }
}

/// Queries for reports.
#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// 填报列表，最近变更的在前；待审核的用 state: SUBMITTED。
    ///
    /// Reports, the last changed first; those that wait for review are `state: SUBMITTED`.
    #[graphql(directive = heading::apply("填报列表".into()))]
    async fn reports(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<ReportFilter>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<ProgressReportConnection> {
        let request = connection::request(context, first, after, last, before)?;
        let filter = filter.unwrap_or_default().checked(context)?;
        Ok(Inquiry::of(context)?.visible.report_page(&filter, &request).await.or_fail(context)?.into())
    }
}
