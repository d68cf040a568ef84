//! 台账、报送情况: a jurisdiction's year as a table, and how its duties of reporting are met.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use endpoint::heading;

use super::{
    blocker::Blocker,
    ledger_page::{LedgerConnection, page, place},
    milestone::Milestone,
    period::{DutyState, Period},
    report::ProgressReport,
    state::{TargetProgress, TaskState, shown},
};
use crate::{
    domain::{language::Text, page::Direction, progress::calendar},
    graphql::{
        connection::request,
        enumeration::{DutyKind, StatusLight},
        error, filter,
        inquiry::Inquiry,
        loader::{self, LatestReportOf, OpenBlockersOf},
        notices::{notice::ReportingDuty, task::Task},
        places::{jurisdiction, unit::Unit},
        price, refusal,
        scalar::{self, Date, Decimal},
    },
    service::progress::ledger as service,
};

/// The longest time of which compliance is reckoned at once, in days.
const LONGEST: i64 = 800;

/// 报送情况：应报、已报、按时、迟报、未报及两个率。
///
/// How duties of reporting are met: counts and the two rates.
#[derive(SimpleObject, Clone)]
pub struct Compliance {
    /// 应报：已报与未报之和，未到期的不计。
    ///
    /// What was expected: received and missing; what may still come in time does not count.
    #[graphql(directive = heading::apply("应报".into()))]
    expected: u64,
    /// 已报。
    ///
    /// What came.
    #[graphql(directive = heading::apply("已报".into()))]
    received: u64,
    /// 按时。
    ///
    /// What came in time.
    #[graphql(directive = heading::apply("按时".into()))]
    on_time: u64,
    /// 迟报。
    ///
    /// What came late.
    #[graphql(directive = heading::apply("迟报".into()))]
    late: u64,
    /// 未报。
    ///
    /// What is missing.
    #[graphql(directive = heading::apply("未报".into()))]
    missing: u64,
    /// 报送率：已报 ÷ 应报，0 至 1；没有应报的为 null。
    ///
    /// Received ÷ expected, from 0 to 1; null where nothing was expected.
    #[graphql(directive = heading::apply("报送率".into()))]
    reporting_rate: Option<scalar::Share>,
    /// 按时率：按时 ÷ 应报，0 至 1；没有应报的为 null。
    ///
    /// On time ÷ expected, from 0 to 1; null where nothing was expected.
    #[graphql(directive = heading::apply("按时率".into()))]
    on_time_rate: Option<scalar::Share>,
}

impl From<calendar::Compliance> for Compliance {
    fn from(compliance: calendar::Compliance) -> Self {
        // Cut, not rounded: 9999 of 10 000 must not read as all.
        let rate = |rate: rust_decimal::Decimal| scalar::Share(rate.trunc_with_scale(4).normalize());
        Self {
            expected: compliance.expected(),
            received: compliance.received(),
            on_time: compliance.on_time(),
            late: compliance.late(),
            missing: compliance.missing(),
            reporting_rate: compliance.reporting_rate().map(rate),
            on_time_rate: compliance.on_time_rate().map(rate),
        }
    }
}

/// A row of a ledger.
#[derive(Clone)]
pub struct LedgerEntry(pub(in crate::graphql) service::LedgerRow);

/// 台账的一行：一项任务及其状态。
///
/// A row of a ledger: a task and where it stands.
#[Object]
impl LedgerEntry {
    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self) -> Task {
        self.0.task.clone().into()
    }

    /// 状态，含亮灯依据。
    ///
    /// Where it stands, with the proof of its light.
    #[graphql(directive = heading::apply("状态".into()))]
    async fn state(&self) -> TaskState {
        TaskState(self.0.state.clone())
    }

    /// 完成率，0 至 1；没有已接受的数可据以计算的为 null。
    ///
    /// The completion, from 0 to 1; null while nothing accepted says how much is done.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.state.completion.share.as_ref().map(shown)
    }

    /// 应完成的比例，0 至 1。
    ///
    /// The share that should be done, from 0 to 1.
    #[graphql(directive = heading::apply("应完成的比例".into()))]
    async fn planned(&self) -> scalar::Share {
        shown(&self.0.state.verdict.proof.planned)
    }

    /// 差距，百分点；负数为超前，没有完成率的为 null。
    ///
    /// Planned less completed, in percentage points; below zero when ahead, null where there is no completion.
    #[graphql(directive = heading::apply("差距".into()))]
    async fn gap(&self) -> Option<Decimal> {
        self.0.state.verdict.proof.gap.as_ref().map(|gap| Decimal(gap.points()))
    }

    /// 灯。
    ///
    /// The light.
    #[graphql(directive = heading::apply("灯".into()))]
    async fn light(&self) -> StatusLight {
        self.0.state.verdict.light.into()
    }

    /// 是否陈旧：连续两期以上应报未报；内部信息不可见时为 null。
    ///
    /// Whether two or more due reports in a row are missing; null where internals are not for you.
    #[graphql(directive = heading::apply("是否陈旧".into()))]
    async fn stale(&self) -> Option<bool> {
        self.0.state.stale()
    }

    /// 是否含演示用的虚构数据。
    ///
    /// Whether anything in it was invented for the demo.
    #[graphql(directive = heading::apply("是否含演示用的虚构数据".into()))]
    async fn invented(&self) -> bool {
        self.0.state.demonstration
    }

    /// 下一个尚未完成的时间节点；没有的为 null。
    ///
    /// The next milestone that is not reached; null where there is none.
    #[graphql(directive = heading::apply("下一个尚未完成的时间节点".into()))]
    async fn next_milestone(&self) -> Option<Milestone> {
        self.0.next_milestone.clone().map(Milestone)
    }

    /// 未解决的堵点（现状）；内部信息不可见时为空。
    ///
    /// The blockers that are open now; empty where internals are not for you.
    #[graphql(directive = heading::apply("未解决的堵点".into()))]
    async fn open_blockers(&self, context: &Context<'_>) -> Result<Vec<Blocker>> {
        Ok(loader::list(context, OpenBlockersOf(self.0.task.id)).await?.into_iter().map(Blocker).collect())
    }

    /// 您可见的最近一期填报（现状），草稿除外。
    ///
    /// The report of the latest period that you may see now, drafts aside.
    #[graphql(directive = heading::apply("您可见的最近一期填报".into()))]
    async fn latest_report(&self, context: &Context<'_>) -> Option<Result<ProgressReport>> {
        loader::optional(context, LatestReportOf(self.0.task.id)).await.transpose().map(|report| report.map(ProgressReport))
    }

    /// 各目标任务的完成情况。
    ///
    /// How much of each target is done.
    #[graphql(directive = heading::apply("各目标任务的完成情况".into()))]
    async fn targets(&self) -> Vec<TargetProgress> {
        self.0.state.completion.targets.iter().cloned().map(TargetProgress).collect()
    }
}

/// 台账筛选条件。
///
/// Which tasks of a ledger to list.
#[derive(InputObject, Default)]
pub struct LedgerFilter {
    /// 灯之一；空列表不选任何记录。
    ///
    /// One of these lights; an empty list chooses nothing.
    light: Option<Vec<StatusLight>>,
    /// 只取陈旧的，或只取不陈旧的。
    ///
    /// Stale ones alone, or the others.
    stale: Option<bool>,
}

/// 一个辖区各单位的报送情况。
///
/// How the units of a jurisdiction meet their duties of reporting.
pub struct ComplianceReport(service::UnitsCompliance);

/// 一个辖区在一段时间内到期的报送职责完成情况。
///
/// How the duties of a jurisdiction that fell due between two dates were met.
#[Object]
impl ComplianceReport {
    /// 合计。
    ///
    /// All units together.
    #[graphql(directive = heading::apply("合计".into()))]
    async fn total(&self) -> Compliance {
        self.0.total.into()
    }

    /// 各单位，按其首个任务的顺序。
    ///
    /// Each unit that owed anything, in the order of their first task.
    #[graphql(directive = heading::apply("各单位".into()))]
    async fn units(&self) -> Vec<UnitCompliance> {
        self.0.units.iter().cloned().map(UnitCompliance).collect()
    }

    /// 分管领导的调度和会议。
    ///
    /// The leaders' dispatches and meetings.
    #[graphql(directive = heading::apply("分管领导的调度和会议".into()))]
    async fn leaders(&self) -> Compliance {
        self.0.leaders.into()
    }
}

/// How a unit meets its duties.
pub struct UnitCompliance(service::UnitCompliance);

/// 一个单位的报送情况。
///
/// How a unit meets its duties of reporting.
#[Object]
impl UnitCompliance {
    /// 单位。
    ///
    /// The unit.
    #[graphql(directive = heading::apply("单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.0.unit_id).await?.into())
    }

    /// 报送情况。
    ///
    /// The counts and rates.
    #[graphql(directive = heading::apply("报送情况".into()))]
    async fn compliance(&self) -> Compliance {
        self.0.compliance.into()
    }

    /// 未报的各项。
    ///
    /// What is missing.
    #[graphql(directive = heading::apply("未报的各项".into()))]
    fn missing(&self, context: &Context<'_>) -> Result<Vec<MissingReport>> {
        Inquiry::of(context)?.spend(context, self.0.missing.len())?;
        let missing = |(task_id, occurrence): &(entity::TaskId, calendar::Occurrence)| MissingReport {
            kind: occurrence.kind.into(),
            period: Period::from(occurrence),
            task_id: *task_id,
        };
        Ok(self.0.missing.iter().map(missing).collect())
    }
}

/// 一项未报。
///
/// Something that is missing.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MissingReport {
    /// 内容。
    ///
    /// What is owed.
    #[graphql(directive = heading::apply("内容".into()))]
    kind: DutyKind,
    /// 哪一期及其期限。
    ///
    /// For which period, and until when.
    #[graphql(directive = heading::apply("哪一期及其期限".into()))]
    period: Period,
    #[graphql(skip)]
    task_id: entity::TaskId,
}

#[async_graphql::ComplexObject]
impl MissingReport {
    /// 任务。
    ///
    /// The task.
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.task_id).await?.into())
    }
}

/// A report that is asked of a unit.
pub struct DueReport(pub(in crate::graphql) service::DueReport);

/// 一项应报未报：还可按时报送的，或已逾期的。
///
/// A report that a unit still owes: it may still come in time, or is overdue.
#[Object]
impl DueReport {
    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self) -> Task {
        self.0.task.clone().into()
    }

    /// 职责。
    ///
    /// The duty.
    #[graphql(directive = heading::apply("职责".into()))]
    async fn duty(&self, context: &Context<'_>) -> Result<ReportingDuty> {
        Ok(loader::required(context, self.0.occurrence.duty_id).await?.into())
    }

    /// 哪一期及其期限。
    ///
    /// For which period, and until when.
    #[graphql(directive = heading::apply("哪一期及其期限".into()))]
    async fn period(&self) -> Period {
        Period::from(&self.0.occurrence)
    }

    /// 情况：未到期，或未报。
    ///
    /// How it stands: it may still come in time, or is missing.
    #[graphql(directive = heading::apply("情况".into()))]
    async fn state(&self) -> DutyState {
        self.0.state.into()
    }

    /// 期限是否可能因尚未公布的节假日而变。
    ///
    /// Whether the due day may still change with holidays that are not published yet.
    #[graphql(directive = heading::apply("期限是否可能因尚未公布的节假日而变".into()))]
    async fn provisional(&self) -> bool {
        self.0.occurrence.provisional
    }

    /// 已保存或被退回的填报；没有的为 null。
    ///
    /// What was saved or returned for that period already; null where nothing was.
    #[graphql(directive = heading::apply("已保存或被退回的填报".into()))]
    async fn report(&self) -> Option<ProgressReport> {
        self.0.report.clone().map(ProgressReport)
    }
}

/// A dispatch or meeting that leaders owe.
pub struct LeaderDuty(pub(in crate::graphql) service::LeaderDuty);

/// 分管领导应开展的一次调度或会议。
///
/// A dispatch or a meeting that leaders owe.
#[Object]
impl LeaderDuty {
    /// 职责。
    ///
    /// The duty.
    #[graphql(directive = heading::apply("职责".into()))]
    async fn duty(&self, context: &Context<'_>) -> Result<ReportingDuty> {
        Ok(loader::required(context, self.0.occurrence.duty_id).await?.into())
    }

    /// 哪一期及其期限。
    ///
    /// For which period, and until when.
    #[graphql(directive = heading::apply("哪一期及其期限".into()))]
    async fn period(&self) -> Period {
        Period::from(&self.0.occurrence)
    }

    /// 情况。
    ///
    /// How it stands.
    #[graphql(directive = heading::apply("情况".into()))]
    async fn state(&self) -> DutyState {
        self.0.state.into()
    }
}

/// Queries for ledgers and compliance.
#[derive(Default)]
pub struct LedgerQuery;

#[Object]
impl LedgerQuery {
    /// 一个辖区一年的台账；没有通知或不可见则为 null。
    ///
    /// The ledger of a jurisdiction's year; null if there is no notice that you may see.
    #[graphql(directive = heading::apply("一个辖区一年的台账".into()))]
    #[expect(clippy::too_many_arguments, reason = "a field of a connection with its own arguments")]
    async fn ledger(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。\n\nThe year.")] year: i32,
        #[graphql(desc = "筛选条件。\n\nWhich tasks to list.")] filter: Option<LedgerFilter>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Option<Result<LedgerConnection>> {
        let find = async {
            let request = request(context, first, after, last, before)?;
            let on = not_after_today(context, on)?;
            let filter = filter.unwrap_or_default();
            let lights: Option<Vec<entity::StatusLight>> = filter::choices(context, "light", filter.light)?;
            let Some(place_of) = jurisdiction::by_code(context, &jurisdiction).await? else { return Ok(None) };
            let inquiry = Inquiry::of(context)?;
            let ahead = context.look_ahead();
            let is_whole =
                lights.is_some() || filter.stale.is_some() || ["summary", "totalCount"].iter().any(|field| ahead.field(field).exists());
            if !is_whole && request.direction == Direction::Forward && request.before.is_none() {
                let after = place(context, request.after.as_ref(), "after")?;
                let found =
                    inquiry.service.ledger_page(&inquiry.call, &inquiry.visible, (place_of.id, year), on, after, request.size).await;
                let Some(mut found) = refusal::answer(context, found)? else { return Ok(None) };
                inquiry.hold(std::mem::take(&mut found.held)).await;
                return Ok(Some(found.into()));
            }
            let look = inquiry.service.ledger(&inquiry.call, &inquiry.visible, place_of.id, year, on);
            let judged = |ledger: &Option<service::Ledger>| ledger.as_ref().map_or(0, |ledger| ledger.rows.len());
            let Some(mut ledger) = inquiry.survey(context, look, price::JUDGED_TASK, judged).await? else { return Ok(None) };
            inquiry.hold(std::mem::take(&mut ledger.held)).await;
            page(context, ledger, lights.as_deref(), filter.stale, &request).map(Some)
        };
        find.await.transpose()
    }

    /// 一个辖区一年的分管领导应开展的调度和会议，按时间；没有通知或不可见则为 null。需要：已登录；本辖区的单位、督查室、领导，或上级的督查室、领导。
    ///
    /// What the leaders of a jurisdiction owe in a year, in the order of time; null if there is no notice that you may see. Needs: an account of the jurisdiction, or an office or leader above it.
    #[graphql(directive = heading::apply("一个辖区一年的分管领导应开展的调度和会议".into()))]
    async fn leader_duties(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。\n\nThe year.")] year: i32,
    ) -> Option<Result<Vec<LeaderDuty>>> {
        let find = async {
            let Some(notice) = crate::graphql::notices::notice::of_year(context, &jurisdiction, year).await? else { return Ok(None) };
            let inquiry = Inquiry::of(context)?;
            let duties = refusal::answer(context, inquiry.service.leader_duties(&inquiry.call, &inquiry.visible, &notice).await)?;
            inquiry.spend(context, duties.len())?;
            Ok(Some(duties.into_iter().map(LeaderDuty).collect()))
        };
        find.await.transpose()
    }

    /// 一个辖区在两个日期之间（含）到期的报送职责完成情况，分单位。需要：已登录；本辖区的单位、督查室、领导，或上级的督查室、领导。
    ///
    /// How the duties of a jurisdiction that fell due between two dates, both included, were met, by unit. Needs: an account of the jurisdiction, or an office or leader above it.
    #[graphql(directive = heading::apply("一个辖区在两个日期之间".into()))]
    async fn compliance(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "从哪一天。\n\nFrom which day.")] from: Date,
        #[graphql(desc = "到哪一天，至多 800 天。\n\nTo which day, at most 800 days.")] to: Date,
    ) -> Option<Result<ComplianceReport>> {
        let find = async {
            if !(0..LONGEST).contains(&to.0.signed_duration_since(from.0).num_days()) {
                let message = Text::new(
                    format!("to 不能早于 from，相距至多 {LONGEST} 天：请更正日期，或分几次查询。"),
                    format!(
                        "`to` is not before `from`, and at most {LONGEST} days after it: correct the dates, or ask in several requests."
                    ),
                );
                return Err(error::bad_input(context, "to", &message));
            }
            let Some(place) = jurisdiction::by_code(context, &jurisdiction).await? else { return Ok(None) };
            let inquiry = Inquiry::of(context)?;
            let found = inquiry.service.compliance(&inquiry.call, &inquiry.visible, place.id, (from.0, to.0)).await;
            refusal::answer(context, found).map(|found| Some(ComplianceReport(found)))
        };
        find.await.transpose()
    }
}

/// A date as of which something is judged: what is to come cannot be.
pub(in crate::graphql) fn not_after_today(context: &Context<'_>, on: Option<Date>) -> Result<Option<chrono::NaiveDate>> {
    let inquiry = Inquiry::of(context)?;
    let today = calendar::civil_day(inquiry.service.zone(), inquiry.visible.as_of(inquiry.call.occasion.at));
    match on {
        Some(Date(on)) if on > today => {
            let message = Text::new(
                format!("只能查到今天 {today} 为止的状态。"),
                format!("A state is known up to today, {today}: ask for that day or an earlier one."),
            );
            Err(error::bad_input(context, "on", &message))
        }
        on => Ok(on.map(|date| date.0)),
    }
}
