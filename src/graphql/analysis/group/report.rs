//! Groups of reports.

use async_graphql::{Context, Enum, InputObject, MergedObject, Object, Result, SimpleObject};
use endpoint::heading;

use super::{NumberBounds, key::ReportGroupKey, listing, respects};
use crate::{
    domain::{
        analysis::group::{Group, ReportDimension, ReportMeasure},
        share::Share,
    },
    graphql::{
        enumeration::ReportState,
        inquiry::Inquiry,
        order::OrderDirection,
        price,
        progress::{ledger::Compliance, report::ReportFilter, state::shown},
        scalar,
    },
    service::analysis::group::{ReportGroups as Found, ReportQuestion},
};

/// All states of a report.
const STATES: [entity::ReportState; 4] =
    [entity::ReportState::Draft, entity::ReportState::Submitted, entity::ReportState::Returned, entity::ReportState::Accepted];

/// 填报按什么分组。任务有几个领域、指标的，在每一个的组中各计一次。
///
/// By what reports are grouped. Where the task has several topics or indicators, the report is counted in the group of each.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "ReportDimension", name = "ReportGroupBy")]
pub enum ReportGroupBy {
    /// 任务的辖区。
    ///
    /// By the jurisdiction of the task.
    #[graphql(directive = heading::apply("任务的辖区".into()))]
    Jurisdiction,
    /// 填报单位。
    ///
    /// By the unit that reports.
    #[graphql(directive = heading::apply("填报单位".into()))]
    Unit,
    /// 任务的领域。
    ///
    /// By the topics of the task.
    #[graphql(directive = heading::apply("任务的领域".into()))]
    Topic,
    /// 任务的指标。
    ///
    /// By the indicators that targets of the task are under.
    #[graphql(directive = heading::apply("任务的指标".into()))]
    Indicator,
    /// 通知年份。
    ///
    /// By the year of the notice.
    #[graphql(directive = heading::apply("通知年份".into()))]
    Year,
    /// 任务今天的灯。
    ///
    /// By the light of the task today.
    #[graphql(directive = heading::apply("任务今天的灯".into()))]
    Light,
    /// 填报的状态。
    ///
    /// By where the report stands.
    #[graphql(directive = heading::apply("填报的状态".into()))]
    State,
    /// 所报的一期结束的月。
    ///
    /// By the month in which its period ends.
    #[graphql(directive = heading::apply("所报的一期结束的月".into()))]
    Month,
}

/// 一组填报的数。
///
/// A figure of a group of reports.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "ReportMeasure", name = "ReportGroupMeasure")]
pub enum ReportGroupMeasure {
    /// 填报数。
    ///
    /// How many reports.
    #[graphql(directive = heading::apply("填报数".into()))]
    ReportCount,
    /// 任务数。
    ///
    /// Of how many tasks.
    #[graphql(directive = heading::apply("任务数".into()))]
    TaskCount,
    /// 单位数。
    ///
    /// Of how many units.
    #[graphql(directive = heading::apply("单位数".into()))]
    UnitCount,
    /// 草稿数。
    ///
    /// How many are drafts.
    #[graphql(directive = heading::apply("草稿数".into()))]
    Draft,
    /// 待审核数。
    ///
    /// How many wait for review.
    #[graphql(directive = heading::apply("待审核数".into()))]
    Submitted,
    /// 退回数。
    ///
    /// How many were returned.
    #[graphql(directive = heading::apply("退回数".into()))]
    Returned,
    /// 已接受数。
    ///
    /// How many are accepted.
    #[graphql(directive = heading::apply("已接受数".into()))]
    Accepted,
    /// 按时的填报数。
    ///
    /// How many reports came in time.
    #[graphql(directive = heading::apply("按时的填报数".into()))]
    OnTime,
    /// 迟报的填报数。
    ///
    /// How many reports came late.
    #[graphql(directive = heading::apply("迟报的填报数".into()))]
    Late,
    /// 未要求的填报数。
    ///
    /// How many reports no duty asked for.
    #[graphql(directive = heading::apply("未要求的填报数".into()))]
    Unasked,
    /// 应报。
    ///
    /// What was expected.
    #[graphql(directive = heading::apply("应报".into()))]
    Expected,
    /// 已报。
    ///
    /// What was received of it.
    #[graphql(directive = heading::apply("已报".into()))]
    Received,
    /// 未报。
    ///
    /// What is missing.
    #[graphql(directive = heading::apply("未报".into()))]
    Missing,
    /// 报送率。
    ///
    /// Received of expected.
    #[graphql(directive = heading::apply("报送率".into()))]
    ReportingRate,
    /// 按时率。
    ///
    /// On time of expected.
    #[graphql(directive = heading::apply("按时率".into()))]
    OnTimeRate,
}

/// 只取符合这些条件的组；各条件同时成立。
///
/// Which groups to show; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct ReportGroupHaving {
    /// 填报数。
    ///
    /// How many reports.
    report_count: Option<NumberBounds>,
    /// 任务数。
    ///
    /// Of how many tasks.
    task_count: Option<NumberBounds>,
    /// 单位数。
    ///
    /// Of how many units.
    unit_count: Option<NumberBounds>,
    /// 草稿数。
    ///
    /// How many are drafts.
    draft: Option<NumberBounds>,
    /// 待审核数。
    ///
    /// How many wait for review.
    submitted: Option<NumberBounds>,
    /// 退回数。
    ///
    /// How many were returned.
    returned: Option<NumberBounds>,
    /// 已接受数。
    ///
    /// How many are accepted.
    accepted: Option<NumberBounds>,
    /// 按时的填报数。
    ///
    /// How many reports came in time.
    on_time: Option<NumberBounds>,
    /// 迟报的填报数。
    ///
    /// How many reports came late.
    late: Option<NumberBounds>,
    /// 未要求的填报数。
    ///
    /// How many reports no duty asked for.
    unasked: Option<NumberBounds>,
    /// 应报。
    ///
    /// What was expected.
    expected: Option<NumberBounds>,
    /// 已报。
    ///
    /// What was received of it.
    received: Option<NumberBounds>,
    /// 未报。
    ///
    /// What is missing.
    missing: Option<NumberBounds>,
    /// 报送率，0 至 1。
    ///
    /// Received of expected, from 0 to 1.
    reporting_rate: Option<NumberBounds>,
    /// 按时率，0 至 1。
    ///
    /// On time of expected, from 0 to 1.
    on_time_rate: Option<NumberBounds>,
}

impl ReportGroupHaving {
    fn bounds(self) -> Vec<(ReportMeasure, NumberBounds)> {
        let all = [
            (ReportMeasure::ReportCount, self.report_count),
            (ReportMeasure::TaskCount, self.task_count),
            (ReportMeasure::UnitCount, self.unit_count),
            (ReportMeasure::Draft, self.draft),
            (ReportMeasure::Submitted, self.submitted),
            (ReportMeasure::Returned, self.returned),
            (ReportMeasure::Accepted, self.accepted),
            (ReportMeasure::OnTime, self.on_time),
            (ReportMeasure::Late, self.late),
            (ReportMeasure::Unasked, self.unasked),
            (ReportMeasure::Expected, self.expected),
            (ReportMeasure::Received, self.received),
            (ReportMeasure::Missing, self.missing),
            (ReportMeasure::ReportingRate, self.reporting_rate),
            (ReportMeasure::OnTimeRate, self.on_time_rate),
        ];
        all.into_iter().filter_map(|(measure, bounds)| Some((measure, bounds?))).collect()
    }
}

/// 填报分组的排序。没有该数的组排在最后，相同的按分组依据排。
///
/// The order of groups of reports. Those without the figure come last; those with the same stand in the order of what they were grouped by.
#[derive(InputObject, Clone, Copy, Default)]
pub struct ReportGroupOrder {
    /// 依据；不写为分组依据（官方顺序、目录顺序、时间）。
    ///
    /// What to order by; what they were grouped by when left out (the official order, that of the catalogue, or time).
    field: Option<ReportGroupMeasure>,
    /// 方向。
    ///
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// 填报分组统计，据全部符合筛选条件且您可见的填报。
///
/// Groups of reports, of all that the filter chooses and that you may see.
#[derive(SimpleObject)]
pub struct ReportGroups {
    /// 符合 having 的组数，含未列出的。
    ///
    /// How many groups there are of which `having` holds, those included that are not listed.
    #[graphql(directive = heading::apply("符合 having 的组数".into()))]
    group_count: usize,
    /// 各组。
    ///
    /// The groups.
    #[graphql(directive = heading::apply("各组".into()))]
    groups: Vec<ReportGroup>,
    /// 全部填报，每份只计一次，不受 having 影响。
    ///
    /// All reports, each counted once, whatever `having` says.
    #[graphql(directive = heading::apply("全部填报".into()))]
    total: ReportFigures,
}

/// 一组填报。
///
/// A group of reports.
#[derive(MergedObject)]
pub struct ReportGroup(ReportGroupHead, ReportFigures);

/// What a group of reports has besides its figures.
pub struct ReportGroupHead(Vec<crate::domain::analysis::group::Key>);

#[Object]
impl ReportGroupHead {
    /// 共同之处。
    ///
    /// What they have in common.
    #[graphql(directive = heading::apply("共同之处".into()))]
    async fn key(&self) -> ReportGroupKey {
        ReportGroupKey(self.0.clone())
    }
}

/// What is reckoned of reports.
pub struct ReportFigures(crate::domain::analysis::group::ReportFigures);

/// 若干填报的统计。
///
/// What is reckoned of reports.
#[Object]
impl ReportFigures {
    /// 填报数。
    ///
    /// How many reports.
    #[graphql(directive = heading::apply("填报数".into()))]
    async fn report_count(&self) -> u64 {
        self.0.reports
    }

    /// 涉及的任务数。
    ///
    /// Of how many tasks they are.
    #[graphql(directive = heading::apply("涉及的任务数".into()))]
    async fn task_count(&self) -> u64 {
        self.0.tasks
    }

    /// 涉及的单位数。
    ///
    /// Of how many units they are.
    #[graphql(directive = heading::apply("涉及的单位数".into()))]
    async fn unit_count(&self) -> u64 {
        self.0.units
    }

    /// 各状态的填报数，四种状态都列出。
    ///
    /// How many stand where, all four states listed.
    #[graphql(directive = heading::apply("各状态的填报数".into()))]
    async fn states(&self) -> Vec<ReportStateCount> {
        STATES.into_iter().map(|state| ReportStateCount { state: state.into(), count: self.0.with_state(state) }).collect()
    }

    /// 按时的填报数：首次报送不晚于本期职责的期限；没有本期职责的，不晚于所完成职责中最晚的期限。任一辖区的内部信息不可见时为 null。
    ///
    /// How many came in time: first submitted by the due instant of the duty for their own period or, where there is none, by the last of those that they discharge. Null where internals of any of the jurisdictions are not for you.
    #[graphql(directive = heading::apply("按时的填报数".into()))]
    async fn on_time(&self) -> Option<u64> {
        self.0.timeliness.map(|known| known.on_time)
    }

    /// 迟报的填报数；任一辖区的内部信息不可见时为 null。
    ///
    /// How many came late; null where internals of any of the jurisdictions are not for you.
    #[graphql(directive = heading::apply("迟报的填报数".into()))]
    async fn late(&self) -> Option<u64> {
        self.0.timeliness.map(|known| known.late)
    }

    /// 未要求的填报数：不完成任何职责；任一辖区的内部信息不可见时为 null。
    ///
    /// How many no duty asked for; null where internals of any of the jurisdictions are not for you.
    #[graphql(directive = heading::apply("未要求的填报数".into()))]
    async fn unasked(&self) -> Option<u64> {
        self.0.timeliness.map(|known| known.unasked)
    }

    /// 按时率：按时的填报数 ÷ 按时与迟报之和，0 至 1；都没有，或任一辖区的内部信息不可见时为 null。应报未报的见 compliance。
    ///
    /// In time ÷ in time or late, from 0 to 1; null where there are neither, or internals of any of the jurisdictions are not for you. What never came is in `compliance`.
    #[graphql(directive = heading::apply("按时率".into()))]
    async fn on_time_share(&self) -> Option<scalar::Share> {
        self.0.on_time_share().as_ref().map(shown)
    }

    /// 职责完成情况：应报与未报按同样的 filter 和分组依据统计，不论填报在何状态。filter 有 state、按 STATE 分组，或任一辖区的内部信息不可见时，为 null。
    ///
    /// How duties are met: what was expected by the same filter and in the same groups, wherever the reports stand. Null where the filter has a state, by STATE, and where internals of any of the jurisdictions are not for you.
    #[graphql(directive = heading::apply("职责完成情况".into()))]
    async fn compliance(&self) -> Option<Compliance> {
        self.0.compliance.map(Compliance::from)
    }
}

/// 某一状态的填报数。
///
/// How many reports stand somewhere.
#[derive(SimpleObject, Clone)]
pub struct ReportStateCount {
    /// 状态。
    ///
    /// Where.
    #[graphql(directive = heading::apply("状态".into()))]
    state: ReportState,
    /// 填报数。
    ///
    /// How many.
    #[graphql(directive = heading::apply("填报数".into()))]
    count: u64,
}

/// Queries for groups of reports.
#[derive(Default)]
pub struct ReportGroupQuery;

#[Object]
impl ReportGroupQuery {
    /// 填报分组统计：按 1 至 3 项依据分组，据 reports 以同样的 filter 所列的全部填报；至多 100 000 份。您可见其内部信息的辖区，一份未报的单位也各成一组。
    ///
    /// Groups of reports, by 1 to 3 respects: of all reports that `reports` lists for the same filter, at most 100 000. In jurisdictions whose internals are for you, units that owe reports and sent none make groups as well.
    #[graphql(directive = heading::apply("填报分组统计".into()))]
    async fn report_groups(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "分组依据，1 至 3 项。\n\nBy what, 1 to 3 respects.")] by: Vec<ReportGroupBy>,
        #[graphql(desc = "筛选条件，选填报。\n\nWhich reports.")] filter: Option<ReportFilter>,
        #[graphql(desc = "只取符合这些条件的组。\n\nWhich groups.")] having: Option<ReportGroupHaving>,
        #[graphql(desc = "排序。\n\nThe order.")] order_by: Option<ReportGroupOrder>,
        #[graphql(desc = "取开头若干组，1 至 1000，不写为 100。\n\nThe first so many groups, 1 to 1000; 100 when left out.")] limit: Option<
            i32,
        >,
    ) -> Result<ReportGroups> {
        let by = respects(context, by.into_iter().map(ReportDimension::from).collect())?;
        let filter = filter.unwrap_or_default().checked(context)?;
        let order = order_by.unwrap_or_default();
        let having = having.unwrap_or_default().bounds();
        let conditions = having.iter().flat_map(|(measure, bounds)| bounds.conditions(*measure, Share::from)).collect();
        let listing = listing(context, conditions, order.field.map(ReportMeasure::from), order.direction, limit)?;
        let question = ReportQuestion { filter, by, listing };
        let inquiry = Inquiry::of(context)?;
        let (service, call, visible) = (&inquiry.service, &inquiry.call, &inquiry.visible);
        let look = async {
            let survey = service.report_survey(call, visible, &question).await?;
            let found = service.report_groups(call, visible, &survey, &question).await?;
            Ok((survey.tasks.judged, found))
        };
        let (_, Found { total, listed }) = inquiry.survey(context, look, price::READ_TASK, |(judged, _)| *judged).await?;
        inquiry.spend(context, listed.groups.len())?;
        let group = |Group { keys, figures }| ReportGroup(ReportGroupHead(keys), ReportFigures(figures));
        Ok(ReportGroups { group_count: listed.count, groups: listed.groups.into_iter().map(group).collect(), total: ReportFigures(total) })
    }
}
