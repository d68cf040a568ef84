//! 台账、报送情况: a jurisdiction's year as a table, and how its duties of reporting are met.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::{
    blocker::Blocker,
    connection::{PageInfo, request},
    enumeration::{DutyKind, StatusLight},
    error, filter,
    inquiry::Inquiry,
    jurisdiction,
    loader::{self, LatestReportOf, OpenBlockersOf},
    milestone::Milestone,
    notice::ReportingDuty,
    period::{DutyState, Period},
    refusal,
    report::ProgressReport,
    scalar::{Date, Decimal},
    state::{TargetProgress, TaskState, shown},
    task::Task,
    unit::Unit,
};
use crate::{
    domain::{
        calendar,
        language::Text,
        page::{Cursor, Direction, PageRequest},
        share::Share,
    },
    service::ledger as service,
};

/// The name that ties a cursor to a ledger.
const LIST: &str = "ledger";

/// All lights, the best first.
const LIGHTS: [entity::StatusLight; 5] = [
    entity::StatusLight::Blue,
    entity::StatusLight::Green,
    entity::StatusLight::Yellow,
    entity::StatusLight::Red,
    entity::StatusLight::Grey,
];

/// The longest time of which compliance is reckoned at once, in days.
const LONGEST: i64 = 800;

/// 报送情况：应报、已报、按时、迟报、未报及两个率。 How duties of reporting are met: counts and the two rates.
#[derive(SimpleObject, Clone)]
pub struct Compliance {
    /// 应报：已报与未报之和，未到期的不计。 What was expected: received and missing; what may still come in time does not count.
    expected: u64,
    /// 已报。 What came.
    received: u64,
    /// 按时。 What came in time.
    on_time: u64,
    /// 迟报。 What came late.
    late: u64,
    /// 未报。 What is missing.
    missing: u64,
    /// 报送率：已报 ÷ 应报，0 至 1；没有应报的为 null。 Received ÷ expected, from 0 to 1; null where nothing was expected.
    reporting_rate: Option<Decimal>,
    /// 按时率：按时 ÷ 应报，0 至 1；没有应报的为 null。 On time ÷ expected, from 0 to 1; null where nothing was expected.
    on_time_rate: Option<Decimal>,
}

impl From<calendar::Compliance> for Compliance {
    fn from(compliance: calendar::Compliance) -> Self {
        // Cut, not rounded: 9999 of 10 000 must not read as all.
        let rate = |rate: rust_decimal::Decimal| Decimal(rate.trunc_with_scale(4).normalize());
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

/// 台账的一页，及全部任务的汇总。 A page of a ledger, with all of its tasks together.
#[derive(SimpleObject)]
pub struct LedgerConnection {
    /// 本页记录及其游标。 The rows of this page with their cursors.
    edges: Vec<LedgerEdge>,
    /// 本页记录。 The rows of this page.
    nodes: Vec<LedgerEntry>,
    /// 翻页信息。 Where this page stands in its list.
    page_info: PageInfo,
    /// 符合筛选条件的任务数。 The number of tasks that the filter chooses.
    total_count: usize,
    /// 全部任务的汇总，不受筛选影响。 All tasks of the ledger together, whatever the filter chooses.
    summary: LedgerSummary,
    /// 截至哪一天。 As of which date.
    on: Date,
}

/// 台账的一行及其游标。 A row of a ledger with its cursor.
#[derive(SimpleObject, Clone)]
pub struct LedgerEdge {
    /// 记录。 The row.
    node: LedgerEntry,
    /// 指向该记录的游标。 The cursor of this row.
    cursor: String,
}

/// 全部任务的汇总。 All tasks of a ledger together.
#[derive(SimpleObject, Clone)]
pub struct LedgerSummary {
    /// 各任务完成率的平均，0 至 1；没有任务的为 null。 The mean of the tasks' completions, from 0 to 1; null of no task.
    completion: Option<Decimal>,
    /// 各任务应完成比例的平均，0 至 1。 The mean of what is planned, from 0 to 1.
    planned: Option<Decimal>,
    /// 各灯的任务数，五种灯都列出。 How many tasks have each light, all five listed.
    lights: Vec<LightCount>,
    /// 各单位报送情况的合计；内部信息不可见时为 null。 How all units report; null where internals are not for you.
    compliance: Option<Compliance>,
}

/// 一种灯的任务数。 How many tasks have a light.
#[derive(SimpleObject, Clone)]
pub struct LightCount {
    /// 灯。 The light.
    light: StatusLight,
    /// 任务数。 How many tasks.
    count: u64,
}

/// A row of a ledger.
#[derive(Clone)]
pub struct LedgerEntry(service::LedgerRow);

/// 台账的一行：一项任务及其状态。 A row of a ledger: a task and where it stands.
#[Object]
impl LedgerEntry {
    /// 任务。 The task.
    async fn task(&self) -> Task {
        self.0.task.clone().into()
    }

    /// 状态，含亮灯依据。 Where it stands, with the proof of its light.
    async fn state(&self) -> TaskState {
        TaskState(self.0.state.clone())
    }

    /// 完成率，0 至 1。 The completion, from 0 to 1.
    async fn completion(&self) -> Decimal {
        shown(&self.0.state.completion.share)
    }

    /// 应完成的比例，0 至 1。 The share that should be done, from 0 to 1.
    async fn planned(&self) -> Decimal {
        shown(&self.0.state.verdict.proof.planned)
    }

    /// 差距，百分点；负数为超前。 Planned less completed, in percentage points; below zero when ahead.
    async fn gap(&self) -> Decimal {
        Decimal(self.0.state.verdict.proof.gap.percent())
    }

    /// 灯。 The light.
    async fn light(&self) -> StatusLight {
        self.0.state.verdict.light.into()
    }

    /// 是否陈旧：连续两期以上应报未报。 Whether two or more due reports in a row are missing.
    async fn stale(&self) -> bool {
        self.0.state.verdict.is_stale
    }

    /// 是否含演示用的虚构数据。 Whether anything in it was invented for the demo.
    async fn invented(&self) -> bool {
        self.0.state.demonstration
    }

    /// 下一个尚未完成的时间节点；没有的为 null。 The next milestone that is not reached; null where there is none.
    async fn next_milestone(&self) -> Option<Milestone> {
        self.0.next_milestone.clone().map(Milestone)
    }

    /// 未解决的堵点（现状）；内部信息不可见时为空。 The blockers that are open now; empty where internals are not for you.
    async fn open_blockers(&self, context: &Context<'_>) -> Result<Vec<Blocker>> {
        Ok(loader::list(context, OpenBlockersOf(self.0.task.id)).await?.into_iter().map(Blocker).collect())
    }

    /// 您可见的最近一期填报（现状），草稿除外。 The report of the latest period that you may see now, drafts aside.
    async fn latest_report(&self, context: &Context<'_>) -> Option<Result<ProgressReport>> {
        loader::optional(context, LatestReportOf(self.0.task.id)).await.transpose().map(|report| report.map(ProgressReport))
    }

    /// 各目标任务的完成情况。 How much of each target is done.
    async fn targets(&self) -> Vec<TargetProgress> {
        self.0.state.completion.targets.iter().cloned().map(TargetProgress).collect()
    }
}

/// 台账筛选条件。 Which tasks of a ledger to list.
#[derive(InputObject, Default)]
pub struct LedgerFilter {
    /// 灯之一；空列表不选任何记录。 One of these lights; an empty list chooses nothing.
    light: Option<Vec<StatusLight>>,
    /// 只取陈旧的，或只取不陈旧的。 Stale ones alone, or the others.
    stale: Option<bool>,
}

/// 一个辖区各单位的报送情况。 How the units of a jurisdiction meet their duties of reporting.
pub struct ComplianceReport(service::UnitsCompliance);

/// 一个辖区在一段时间内到期的报送职责完成情况。 How the duties of a jurisdiction that fell due between two dates were met.
#[Object]
impl ComplianceReport {
    /// 合计。 All units together.
    async fn total(&self) -> Compliance {
        self.0.total.into()
    }

    /// 各单位，按其首个任务的顺序。 Each unit that owed anything, in the order of their first task.
    async fn units(&self) -> Vec<UnitCompliance> {
        self.0.units.iter().cloned().map(UnitCompliance).collect()
    }

    /// 分管领导的调度和会议。 The leaders' dispatches and meetings.
    async fn leaders(&self) -> Compliance {
        self.0.leaders.into()
    }
}

/// How a unit meets its duties.
pub struct UnitCompliance(service::UnitCompliance);

/// 一个单位的报送情况。 How a unit meets its duties of reporting.
#[Object]
impl UnitCompliance {
    /// 单位。 The unit.
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.0.unit_id).await?.into())
    }

    /// 报送情况。 The counts and rates.
    async fn compliance(&self) -> Compliance {
        self.0.compliance.into()
    }

    /// 未报的各项。 What is missing.
    fn missing(&self, context: &Context<'_>) -> Result<Vec<MissingReport>> {
        Inquiry::of(context)?.spend(self.0.missing.len())?;
        let missing = |(task_id, occurrence): &(entity::TaskId, calendar::Occurrence)| MissingReport {
            kind: occurrence.kind.into(),
            period: Period::from(occurrence),
            task_id: *task_id,
        };
        Ok(self.0.missing.iter().map(missing).collect())
    }
}

/// 一项未报。 Something that is missing.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct MissingReport {
    /// 内容。 What is owed.
    kind: DutyKind,
    /// 哪一期及其期限。 For which period, and until when.
    period: Period,
    #[graphql(skip)]
    task_id: entity::TaskId,
}

#[async_graphql::ComplexObject]
impl MissingReport {
    /// 任务。 The task.
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.task_id).await?.into())
    }
}

/// A report that is asked of a unit.
pub struct DueReport(pub(super) service::DueReport);

/// 一项应报未报：还可按时报送的，或已逾期的。 A report that a unit still owes: it may still come in time, or is overdue.
#[Object]
impl DueReport {
    /// 任务。 The task.
    async fn task(&self) -> Task {
        self.0.task.clone().into()
    }

    /// 职责。 The duty.
    async fn duty(&self, context: &Context<'_>) -> Result<ReportingDuty> {
        Ok(loader::required(context, self.0.occurrence.duty_id).await?.into())
    }

    /// 哪一期及其期限。 For which period, and until when.
    async fn period(&self) -> Period {
        Period::from(&self.0.occurrence)
    }

    /// 情况：未到期，或未报。 How it stands: it may still come in time, or is missing.
    async fn state(&self) -> DutyState {
        self.0.state.into()
    }

    /// 期限是否可能因尚未公布的节假日而变。 Whether the due day may still change with holidays that are not published yet.
    async fn provisional(&self) -> bool {
        self.0.occurrence.provisional
    }

    /// 已保存或被退回的填报；没有的为 null。 What was saved or returned for that period already; null where nothing was.
    async fn report(&self) -> Option<ProgressReport> {
        self.0.report.clone().map(ProgressReport)
    }
}

/// A dispatch or meeting that leaders owe.
pub struct LeaderDuty(pub(super) service::LeaderDuty);

/// 分管领导应开展的一次调度或会议。 A dispatch or a meeting that leaders owe.
#[Object]
impl LeaderDuty {
    /// 职责。 The duty.
    async fn duty(&self, context: &Context<'_>) -> Result<ReportingDuty> {
        Ok(loader::required(context, self.0.occurrence.duty_id).await?.into())
    }

    /// 哪一期及其期限。 For which period, and until when.
    async fn period(&self) -> Period {
        Period::from(&self.0.occurrence)
    }

    /// 情况。 How it stands.
    async fn state(&self) -> DutyState {
        self.0.state.into()
    }
}

/// Queries for ledgers and compliance.
#[derive(Default)]
pub struct LedgerQuery;

#[Object]
impl LedgerQuery {
    /// 一个辖区一年的台账；没有通知或不可见则为 null。 The ledger of a jurisdiction's year; null if there is no notice that you may see.
    #[expect(clippy::too_many_arguments, reason = "a field of a connection with its own arguments")]
    async fn ledger(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。 The code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。 The year.")] year: i32,
        #[graphql(desc = "筛选条件。 Which tasks to list.")] filter: Option<LedgerFilter>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。 As of which date, not after today; today when left out.")] on: Option<Date>,
        #[graphql(desc = "取开头若干条，1 至 100，不写为 20。 The first so many rows, 1 to 100; 20 when left out.")] first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。 Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，1 至 100。 The last so many rows, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。 Rows before this cursor.")] before: Option<String>,
    ) -> Option<Result<LedgerConnection>> {
        let find = async {
            let request = request(context, first, after, last, before)?;
            let on = not_after_today(context, on)?;
            let filter = filter.unwrap_or_default();
            let lights: Option<Vec<entity::StatusLight>> = filter::choices(context, "light", filter.light)?;
            let Some(place) = jurisdiction::by_code(context, &jurisdiction).await? else { return Ok(None) };
            let inquiry = Inquiry::of(context)?;
            let found = inquiry.service.ledger(&inquiry.call, &inquiry.visible, place.id, year, on).await;
            let Some(ledger) = refusal::answer(context, found)? else { return Ok(None) };
            page(context, ledger, lights.as_deref(), filter.stale, &request).map(Some)
        };
        find.await.transpose()
    }

    /// 一个辖区一年的分管领导应开展的调度和会议，按时间；没有通知或不可见则为 null。需要：已登录；本辖区的单位、督查室、领导，或上级的督查室、领导。 What the leaders of a jurisdiction owe in a year, in the order of time; null if there is no notice that you may see. Needs: an account of the jurisdiction, or an office or leader above it.
    async fn leader_duties(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。 The code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。 The year.")] year: i32,
    ) -> Option<Result<Vec<LeaderDuty>>> {
        let find = async {
            let Some(notice) = super::notice::of_year(context, &jurisdiction, year).await? else { return Ok(None) };
            let inquiry = Inquiry::of(context)?;
            let duties = refusal::answer(context, inquiry.service.leader_duties(&inquiry.call, &inquiry.visible, &notice).await)?;
            inquiry.spend(duties.len())?;
            Ok(Some(duties.into_iter().map(LeaderDuty).collect()))
        };
        find.await.transpose()
    }

    /// 一个辖区在两个日期之间（含）到期的报送职责完成情况，分单位。需要：已登录；本辖区的单位、督查室、领导，或上级的督查室、领导。 How the duties of a jurisdiction that fell due between two dates, both included, were met, by unit. Needs: an account of the jurisdiction, or an office or leader above it.
    async fn compliance(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。 The code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "从哪一天。 From which day.")] from: Date,
        #[graphql(desc = "到哪一天，至多 800 天。 To which day, at most 800 days.")] to: Date,
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
pub(super) fn not_after_today(context: &Context<'_>, on: Option<Date>) -> Result<Option<chrono::NaiveDate>> {
    let inquiry = Inquiry::of(context)?;
    let today = calendar::civil_day(inquiry.service.zone(), inquiry.call.occasion.at);
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

/// A page of a ledger. Its rows are at hand, a notice's annex being as long as it is: what is paged is the answer.
fn page(
    context: &Context<'_>,
    ledger: service::Ledger,
    lights: Option<&[entity::StatusLight]>,
    stale: Option<bool>,
    request: &PageRequest,
) -> Result<LedgerConnection> {
    let is_chosen = |row: &service::LedgerRow| {
        lights.is_none_or(|lights| lights.contains(&row.state.verdict.light))
            && stale.is_none_or(|stale| stale == row.state.verdict.is_stale)
    };
    let chosen: Vec<service::LedgerRow> = ledger.rows.into_iter().filter(is_chosen).collect();
    let total_count = chosen.len();
    let place = |opaque: &Option<String>, argument: &'static str| match opaque {
        None => Ok(None),
        Some(opaque) => {
            let number = Cursor::decode(opaque, LIST, 1).and_then(|cursor| cursor.keys.first().copied());
            number.map(Some).ok_or_else(|| {
                let message = Text::new(
                    "游标无效，或属于另一个列表：请使用台账返回的游标，或从头翻页。",
                    "This cursor is broken, or of another list: use one that a ledger returned, or start over.",
                );
                error::bad_input(context, argument, &message)
            })
        }
    };
    let (after, before) = (place(&request.after, "after")?, place(&request.before, "before")?);
    let is_between = |row: &service::LedgerRow| {
        let number = i64::from(row.task.number);
        after.is_none_or(|after| number > after) && before.is_none_or(|before| number < before)
    };
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    let mut rows: Vec<service::LedgerRow> = chosen.iter().filter(|row| is_between(row)).cloned().collect();
    match request.direction {
        Direction::Forward => rows.truncate(size),
        Direction::Backward => drop(rows.drain(..rows.len().saturating_sub(size))),
    }
    let beyond = |row: Option<&service::LedgerRow>, is_behind: bool| {
        row.is_some_and(|edge| {
            chosen.iter().any(|row| if is_behind { row.task.number > edge.task.number } else { row.task.number < edge.task.number })
        })
    };
    let (has_next_page, has_previous_page) = (beyond(rows.last(), true), beyond(rows.first(), false));
    let edges: Vec<LedgerEdge> = rows
        .into_iter()
        .map(|row| LedgerEdge {
            cursor: Cursor { list: LIST.to_owned(), keys: vec![i64::from(row.task.number)], id: row.task.id.0 }.encode(),
            node: LedgerEntry(row),
        })
        .collect();
    let page_info =
        PageInfo::new(has_next_page, has_previous_page, edges.first().map(|edge| &edge.cursor), edges.last().map(|edge| &edge.cursor));
    let share = |share: Option<Share>| share.as_ref().map(shown);
    let summary = &ledger.summary;
    let lights = LIGHTS
        .into_iter()
        .map(|light| LightCount { light: light.into(), count: summary.lights.get(&light).copied().unwrap_or_default() })
        .collect();
    Ok(LedgerConnection {
        nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
        edges,
        page_info,
        total_count,
        summary: LedgerSummary {
            completion: share(summary.completion.clone()),
            planned: share(summary.planned.clone()),
            lights,
            compliance: summary.compliance.map(Compliance::from),
        },
        on: Date(ledger.on),
    })
}
