//! Groups of tasks.

use async_graphql::{Context, Enum, InputObject, MergedObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::StatusLight as Light;

use super::{NumberBounds, key::TaskGroupKey, listing, respects};
use crate::{
    domain::{
        analysis::group::{Group, NoSum, Sum, TaskDimension, TaskMeasure},
        share::Share,
    },
    graphql::{
        catalogue::indicator::Indicator,
        inquiry::Inquiry,
        loader,
        notices::task::{Chosen, TaskFilter},
        order::OrderDirection,
        price,
        progress::{
            ledger::{Compliance, not_after_today},
            ledger_page::{LIGHTS, LightCount},
            state::shown,
        },
        scalar::{self, Date, Decimal},
    },
    service::analysis::group::{TaskGroups as Found, TaskQuestion},
};

/// 任务按什么分组。有几个领域、单位、指标的任务，在每一个的组中各计一次。
///
/// By what tasks are grouped. One with several topics, units or indicators is counted in the group of each.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "TaskDimension", name = "TaskGroupBy")]
pub enum TaskGroupBy {
    /// 辖区。
    ///
    /// By jurisdiction.
    #[graphql(directive = heading::apply("辖区".into()))]
    Jurisdiction,
    /// 承办单位，牵头或协办；集合单位按其成员。
    ///
    /// By the units with a part in the task; the members of a collective unit in its place.
    #[graphql(directive = heading::apply("承办单位".into()))]
    Unit,
    /// 牵头单位；集合单位按其成员。
    ///
    /// By the units that lead it; the members of a collective unit in its place.
    #[graphql(directive = heading::apply("牵头单位".into()))]
    LeadUnit,
    /// 领域。
    ///
    /// By topic.
    #[graphql(directive = heading::apply("领域".into()))]
    Topic,
    /// 指标。
    ///
    /// By the indicators that its targets are under.
    #[graphql(directive = heading::apply("指标".into()))]
    Indicator,
    /// 年份。
    ///
    /// By the year of the notice.
    #[graphql(directive = heading::apply("年份".into()))]
    Year,
    /// 灯。
    ///
    /// By light.
    #[graphql(directive = heading::apply("灯".into()))]
    Light,
    /// 办理状态。
    ///
    /// By how far it has come.
    #[graphql(directive = heading::apply("办理状态".into()))]
    State,
    /// 原定时限所在的月。
    ///
    /// By the month of the original due date.
    #[graphql(directive = heading::apply("原定时限所在的月".into()))]
    Month,
}

/// 一组任务的数。
///
/// A figure of a group of tasks.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "TaskMeasure", name = "TaskGroupMeasure")]
pub enum TaskGroupMeasure {
    /// 任务数。
    ///
    /// How many tasks.
    #[graphql(directive = heading::apply("任务数".into()))]
    TaskCount,
    /// 目标数。
    ///
    /// How many targets.
    #[graphql(directive = heading::apply("目标数".into()))]
    TargetCount,
    /// 蓝灯数。
    ///
    /// How many are blue.
    #[graphql(directive = heading::apply("蓝灯数".into()))]
    Blue,
    /// 绿灯数。
    ///
    /// How many are green.
    #[graphql(directive = heading::apply("绿灯数".into()))]
    Green,
    /// 黄灯数。
    ///
    /// How many are yellow.
    #[graphql(directive = heading::apply("黄灯数".into()))]
    Yellow,
    /// 红灯数。
    ///
    /// How many are red.
    #[graphql(directive = heading::apply("红灯数".into()))]
    Red,
    /// 灰灯数。
    ///
    /// How many are grey.
    #[graphql(directive = heading::apply("灰灯数".into()))]
    Grey,
    /// 陈旧的任务数。
    ///
    /// How many are stale.
    #[graphql(directive = heading::apply("陈旧的任务数".into()))]
    Stale,
    /// 平均完成率。
    ///
    /// The mean completion.
    #[graphql(directive = heading::apply("平均完成率".into()))]
    Completion,
    /// 平均应完成的比例。
    ///
    /// The mean of what is planned.
    #[graphql(directive = heading::apply("平均应完成的比例".into()))]
    Planned,
    /// 平均差距。
    ///
    /// The mean gap.
    #[graphql(directive = heading::apply("平均差距".into()))]
    Gap,
    /// 合计的目标数。
    ///
    /// What is promised in all.
    #[graphql(directive = heading::apply("合计的目标数".into()))]
    Promised,
    /// 合计的完成数。
    ///
    /// What is achieved in all.
    #[graphql(directive = heading::apply("合计的完成数".into()))]
    Achieved,
    /// 合计的完成率。
    ///
    /// Achieved of promised in all.
    #[graphql(directive = heading::apply("合计的完成率".into()))]
    SumCompletion,
    /// 应报。
    ///
    /// Reports expected.
    #[graphql(directive = heading::apply("应报".into()))]
    Expected,
    /// 已报。
    ///
    /// Reports received.
    #[graphql(directive = heading::apply("已报".into()))]
    Received,
    /// 按时。
    ///
    /// Reports on time.
    #[graphql(directive = heading::apply("按时".into()))]
    OnTime,
    /// 迟报。
    ///
    /// Reports late.
    #[graphql(directive = heading::apply("迟报".into()))]
    Late,
    /// 未报。
    ///
    /// Reports missing.
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
pub struct TaskGroupHaving {
    /// 任务数。
    ///
    /// How many tasks.
    task_count: Option<NumberBounds>,
    /// 目标数。
    ///
    /// How many targets.
    target_count: Option<NumberBounds>,
    /// 蓝灯数。
    ///
    /// How many are blue.
    blue: Option<NumberBounds>,
    /// 绿灯数。
    ///
    /// How many are green.
    green: Option<NumberBounds>,
    /// 黄灯数。
    ///
    /// How many are yellow.
    yellow: Option<NumberBounds>,
    /// 红灯数。
    ///
    /// How many are red.
    red: Option<NumberBounds>,
    /// 灰灯数。
    ///
    /// How many are grey.
    grey: Option<NumberBounds>,
    /// 陈旧的任务数。
    ///
    /// How many are stale.
    stale: Option<NumberBounds>,
    /// 平均完成率，0 至 1。
    ///
    /// The mean completion, from 0 to 1.
    completion: Option<NumberBounds>,
    /// 平均应完成的比例，0 至 1。
    ///
    /// The mean of what is planned, from 0 to 1.
    planned: Option<NumberBounds>,
    /// 平均差距，百分点。
    ///
    /// The mean gap, in percentage points.
    gap: Option<NumberBounds>,
    /// 合计的目标数。
    ///
    /// What is promised in all.
    promised: Option<NumberBounds>,
    /// 合计的完成数。
    ///
    /// What is achieved in all.
    achieved: Option<NumberBounds>,
    /// 合计的完成率，可超过 1。
    ///
    /// Achieved of promised in all, above 1 where more was done.
    sum_completion: Option<NumberBounds>,
    /// 应报。
    ///
    /// Reports expected.
    expected: Option<NumberBounds>,
    /// 已报。
    ///
    /// Reports received.
    received: Option<NumberBounds>,
    /// 按时。
    ///
    /// Reports on time.
    on_time: Option<NumberBounds>,
    /// 迟报。
    ///
    /// Reports late.
    late: Option<NumberBounds>,
    /// 未报。
    ///
    /// Reports missing.
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

impl TaskGroupHaving {
    fn bounds(self) -> Vec<(TaskMeasure, NumberBounds)> {
        let all = [
            (TaskMeasure::TaskCount, self.task_count),
            (TaskMeasure::TargetCount, self.target_count),
            (TaskMeasure::Blue, self.blue),
            (TaskMeasure::Green, self.green),
            (TaskMeasure::Yellow, self.yellow),
            (TaskMeasure::Red, self.red),
            (TaskMeasure::Grey, self.grey),
            (TaskMeasure::Stale, self.stale),
            (TaskMeasure::Completion, self.completion),
            (TaskMeasure::Planned, self.planned),
            (TaskMeasure::Gap, self.gap),
            (TaskMeasure::Promised, self.promised),
            (TaskMeasure::Achieved, self.achieved),
            (TaskMeasure::SumCompletion, self.sum_completion),
            (TaskMeasure::Expected, self.expected),
            (TaskMeasure::Received, self.received),
            (TaskMeasure::OnTime, self.on_time),
            (TaskMeasure::Late, self.late),
            (TaskMeasure::Missing, self.missing),
            (TaskMeasure::ReportingRate, self.reporting_rate),
            (TaskMeasure::OnTimeRate, self.on_time_rate),
        ];
        all.into_iter().filter_map(|(measure, bounds)| Some((measure, bounds?))).collect()
    }
}

/// 任务分组的排序。没有该数的组排在最后，相同的按分组依据排。
///
/// The order of groups of tasks. Those without the figure come last; those with the same stand in the order of what they were grouped by.
#[derive(InputObject, Clone, Copy, Default)]
pub struct TaskGroupOrder {
    /// 依据；不写为分组依据（官方顺序、目录顺序、时间）。
    ///
    /// What to order by; what they were grouped by when left out (the official order, that of the catalogue, or time).
    field: Option<TaskGroupMeasure>,
    /// 方向。
    ///
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// 任务分组统计，据全部符合筛选条件的任务。
///
/// Groups of tasks, of all that the filter chooses.
#[derive(SimpleObject)]
pub struct TaskGroups {
    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    on: Date,
    /// 符合 having 的组数，含未列出的。
    ///
    /// How many groups there are of which `having` holds, those included that are not listed.
    #[graphql(directive = heading::apply("符合 having 的组数".into()))]
    group_count: usize,
    /// 各组。
    ///
    /// The groups.
    #[graphql(directive = heading::apply("各组".into()))]
    groups: Vec<TaskGroup>,
    /// 符合筛选条件的全部任务，每项只计一次，不受 having 影响。
    ///
    /// All tasks that the filter chooses, each counted once, whatever `having` says.
    #[graphql(directive = heading::apply("符合筛选条件的全部任务".into()))]
    total: TaskFigures,
}

/// 一组任务。
///
/// A group of tasks.
#[derive(MergedObject)]
pub struct TaskGroup(TaskGroupHead, TaskFigures);

/// What a group of tasks has besides its figures.
pub struct TaskGroupHead(Vec<crate::domain::analysis::group::Key>);

#[Object]
impl TaskGroupHead {
    /// 共同之处。
    ///
    /// What they have in common.
    #[graphql(directive = heading::apply("共同之处".into()))]
    async fn key(&self) -> TaskGroupKey {
        TaskGroupKey(self.0.clone())
    }
}

/// What is reckoned of tasks.
pub struct TaskFigures(crate::domain::analysis::group::TaskFigures);

/// 若干任务的统计。
///
/// What is reckoned of tasks.
#[Object]
impl TaskFigures {
    /// 任务数。
    ///
    /// How many tasks.
    #[graphql(directive = heading::apply("任务数".into()))]
    async fn task_count(&self) -> u64 {
        self.0.tasks
    }

    /// 目标任务数，“其中”项不计；按指标分组时，只计该指标的。
    ///
    /// How many targets, parts of others left out; of a group by indicator, those under it.
    #[graphql(directive = heading::apply("目标任务数".into()))]
    async fn target_count(&self) -> u64 {
        self.0.targets
    }

    /// 各灯的任务数，五种灯都列出。
    ///
    /// How many have each light, all five listed.
    #[graphql(directive = heading::apply("各灯的任务数".into()))]
    async fn lights(&self) -> Vec<LightCount> {
        LIGHTS.into_iter().map(|light: Light| LightCount::new(light, self.0.with_light(light))).collect()
    }

    /// 陈旧的任务数；任一辖区的内部信息不可见时为 null。
    ///
    /// How many are stale; null where internals of any of the jurisdictions are not for you.
    #[graphql(directive = heading::apply("陈旧的任务数".into()))]
    async fn stale(&self) -> Option<u64> {
        self.0.stale
    }

    /// 其中有完成率的任务数。
    ///
    /// How many of the tasks have a completion.
    #[graphql(directive = heading::apply("其中有完成率的任务数".into()))]
    async fn reported_count(&self) -> u64 {
        self.0.reported
    }

    /// 有完成率的任务的平均完成率，0 至 1；都没有的为 null。
    ///
    /// The mean completion of the tasks that have one, from 0 to 1; null where none has.
    #[graphql(directive = heading::apply("有完成率的任务的平均完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.completion.as_ref().map(shown)
    }

    /// 同样这些任务应完成比例的平均，0 至 1。
    ///
    /// The mean of what is planned of the same tasks, from 0 to 1.
    #[graphql(directive = heading::apply("同样这些任务应完成比例的平均".into()))]
    async fn planned(&self) -> Option<scalar::Share> {
        self.0.planned.as_ref().map(shown)
    }

    /// 同样这些任务差距的平均，百分点；负数为超前。
    ///
    /// The mean of the same tasks' gaps, in percentage points; below zero when ahead.
    #[graphql(directive = heading::apply("同样这些任务差距的平均".into()))]
    async fn gap(&self) -> Option<Decimal> {
        self.0.gap().map(|gap| Decimal(gap.points()))
    }

    /// 同一指标的目标合计；不能相加时说明原因。
    ///
    /// What the targets under one indicator add up to, or why they do not.
    #[graphql(directive = heading::apply("同一指标的目标合计".into()))]
    async fn sum(&self) -> TargetSum {
        TargetSum(self.0.sum.clone())
    }

    /// 各单位的报送情况；按单位分组时，只计该单位的。任一辖区的内部信息不可见时为 null。
    ///
    /// How the units report; of a group by unit, that unit. Null where internals of any of the jurisdictions are not for you.
    #[graphql(directive = heading::apply("各单位的报送情况".into()))]
    async fn compliance(&self) -> Option<Compliance> {
        self.0.compliance.map(Compliance::from)
    }
}

/// 为什么没有合计。
///
/// Why there is no sum.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "NoSum", name = "NoSumReason")]
pub enum NoSumReason {
    /// 不是同一指标。
    ///
    /// The targets are not of one indicator.
    #[graphql(directive = heading::apply("不是同一指标".into()))]
    SeveralIndicators,
    /// 没有生效通知的目标。
    ///
    /// None is of a notice in force.
    #[graphql(directive = heading::apply("没有生效通知的目标".into()))]
    Nothing,
    /// 比率、总数或标准，不能相加。
    ///
    /// A rate, a level or a standard, which has a latest figure and no sum.
    #[graphql(directive = heading::apply("比率、总数或标准".into()))]
    NotAdditive,
    /// 有上限或条款。
    ///
    /// A ceiling or a term is among them.
    #[graphql(directive = heading::apply("有上限或条款".into()))]
    NotToReach,
    /// 既有上级又有下级，上级的数已包含下级的数。
    ///
    /// A place and one below it are among them, and the upper figure holds the lower one.
    #[graphql(directive = heading::apply("既有上级又有下级".into()))]
    CityAndDistricts,
    /// 惠及人数跨年。
    ///
    /// Coverage of several years: the same people would be counted once a year.
    #[graphql(directive = heading::apply("惠及人数跨年".into()))]
    SeveralYears,
    /// 合计过大。
    ///
    /// The sum is too large.
    #[graphql(directive = heading::apply("合计过大".into()))]
    TooLarge,
}

/// What targets of one indicator add up to.
pub struct TargetSum(std::result::Result<Sum, NoSum>);

/// 同一指标的目标合计。“其中”项不重复计算，草案和已撤回通知的目标不计。
///
/// What targets of one indicator add up to. Parts are not counted besides their wholes, and drafts and withdrawn notices not at all.
#[Object]
impl TargetSum {
    /// 指标；没有合计的为 null。
    ///
    /// The indicator; null where there is no sum.
    #[graphql(directive = heading::apply("指标".into()))]
    async fn indicator(&self, context: &Context<'_>) -> Option<Result<Indicator>> {
        let sum = self.0.as_ref().ok()?;
        Some(loader::required(context, sum.indicator_id).await.map(Indicator::from))
    }

    /// 相加的目标任务数；没有合计的为 null。
    ///
    /// How many targets are added up; null where there is no sum.
    #[graphql(directive = heading::apply("相加的目标任务数".into()))]
    async fn target_count(&self) -> Option<u64> {
        self.0.as_ref().ok().map(|sum| sum.targets)
    }

    /// 目标数合计；没有合计的为 null。
    ///
    /// What is promised in all; null where there is no sum.
    #[graphql(directive = heading::apply("目标数合计".into()))]
    async fn promised(&self) -> Option<Decimal> {
        self.0.as_ref().ok().map(|sum| Decimal(sum.promised))
    }

    /// 完成数合计；没有被接受的填报的为 null。
    ///
    /// What is achieved in all; null while nothing is accepted.
    #[graphql(directive = heading::apply("完成数合计".into()))]
    async fn achieved(&self) -> Option<Decimal> {
        self.0.as_ref().ok().and_then(|sum| sum.achieved).map(Decimal)
    }

    /// 其中已有已接受的数的目标数；没有合计的为 null。
    ///
    /// How many of these targets are reported; null where there is no sum.
    #[graphql(directive = heading::apply("其中已有已接受的数的目标数".into()))]
    async fn reported_count(&self) -> Option<u64> {
        self.0.as_ref().ok().map(|sum| sum.reported)
    }

    /// 其中已完成的目标数；没有合计的为 null。
    ///
    /// How many of these targets are met; null where there is no sum.
    #[graphql(directive = heading::apply("其中已完成的目标数".into()))]
    async fn met_count(&self) -> Option<u64> {
        self.0.as_ref().ok().map(|sum| sum.met)
    }

    /// 已报目标的目标数之和，即完成率的分母；没有合计的为 null。
    ///
    /// How much those promise that are reported, of which the completion is a share; null where there is no sum.
    #[graphql(directive = heading::apply("已报目标的目标数之和".into()))]
    async fn reported_promised(&self) -> Option<Decimal> {
        self.0.as_ref().ok().map(|sum| Decimal(sum.reported_promised))
    }

    /// 完成数合计 ÷ 已报目标的目标数之和，可超过 1；都没有报的为 null。
    ///
    /// Achieved ÷ what those promise that are reported, above 1 where more was done; null while none is.
    #[graphql(directive = heading::apply("完成数合计 ÷ 已报目标的目标数之和".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.as_ref().ok().and_then(Sum::completion).as_ref().map(shown)
    }

    /// 没有合计的原因；有合计的为 null。
    ///
    /// Why there is no sum; null where there is one.
    #[graphql(directive = heading::apply("没有合计的原因".into()))]
    async fn reason(&self) -> Option<NoSumReason> {
        self.0.as_ref().err().map(|reason| (*reason).into())
    }

    /// 原因及怎么办；有合计的为 null。
    ///
    /// The reason in words, and what to do; null where there is a sum.
    #[graphql(directive = heading::apply("原因及怎么办".into()))]
    fn explanation(&self, context: &Context<'_>) -> Result<Option<String>> {
        let language = Inquiry::of(context)?.language;
        Ok(self.0.as_ref().err().map(|reason| reason.text().in_language(language).to_owned()))
    }
}

/// Queries for groups of tasks.
#[derive(Default)]
pub struct TaskGroupQuery;

#[Object]
impl TaskGroupQuery {
    /// 任务分组统计：按 1 至 3 项依据分组，据 tasks 以同样的 filter 所列的全部任务；至多 10 000 项任务。
    ///
    /// Groups of tasks, by 1 to 3 respects: of all tasks that `tasks` lists for the same filter, at most 10 000.
    #[graphql(directive = heading::apply("任务分组统计".into()))]
    async fn task_groups(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "分组依据，1 至 3 项。\n\nBy what, 1 to 3 respects.")] by: Vec<TaskGroupBy>,
        #[graphql(desc = "筛选条件，选任务。\n\nWhich tasks.")] filter: Option<TaskFilter>,
        #[graphql(desc = "只取符合这些条件的组。\n\nWhich groups.")] having: Option<TaskGroupHaving>,
        #[graphql(desc = "排序。\n\nThe order.")] order_by: Option<TaskGroupOrder>,
        #[graphql(desc = "取开头若干组，1 至 1000，不写为 100。\n\nThe first so many groups, 1 to 1000; 100 when left out.")] limit: Option<
            i32,
        >,
        #[graphql(
            desc = "截至哪一天，不晚于今天；不写为今天。其后印发的通知不计。\n\nAs of which date, not after today; today when left out. Notices that were issued later are left out."
        )]
        on: Option<Date>,
    ) -> Result<TaskGroups> {
        let by = respects(context, by.into_iter().map(TaskDimension::from).collect())?;
        let on = not_after_today(context, on)?;
        let Chosen { filter, lights } = filter.unwrap_or_default().checked(context)?;
        let order = order_by.unwrap_or_default();
        let having: Vec<_> = having.unwrap_or_default().bounds();
        let measured = having.iter().map(|(measure, _)| *measure).chain(order.field.map(TaskMeasure::from));
        let with_compliance = measured.into_iter().any(is_of_compliance) || is_wanted(context, "compliance");
        let conditions = having.iter().flat_map(|(measure, bounds)| bounds.conditions(*measure, read_as(*measure))).collect();
        let listing = listing(context, conditions, order.field.map(TaskMeasure::from), order.direction, limit)?;
        let question = TaskQuestion { filter, lights, by, listing, on, with_compliance };
        let inquiry = Inquiry::of(context)?;
        let (service, call, visible) = (&inquiry.service, &inquiry.call, &inquiry.visible);
        let look = async {
            let survey = service.survey(call, visible, &question.filter, question.lights.as_deref(), question.on).await?;
            let found = service.task_groups(call, visible, &survey, &question).await?;
            Ok((survey.judged, found))
        };
        let (_, Found { on, total, listed }) = inquiry.survey(context, look, price::JUDGED_TASK, |(judged, _)| *judged).await?;
        inquiry.spend(context, listed.groups.len())?;
        let group = |Group { keys, figures }| TaskGroup(TaskGroupHead(keys), TaskFigures(figures));
        Ok(TaskGroups {
            on: Date(on),
            group_count: listed.count,
            groups: listed.groups.into_iter().map(group).collect(),
            total: TaskFigures(total),
        })
    }
}

/// Whether a figure of the groups or of all together is selected.
fn is_wanted(context: &Context<'_>, figure: &str) -> bool {
    let ahead = context.look_ahead();
    ["groups", "total"].into_iter().any(|part| ahead.field(part).field(figure).exists())
}

fn is_of_compliance(measure: TaskMeasure) -> bool {
    matches!(
        measure,
        TaskMeasure::Expected
            | TaskMeasure::Received
            | TaskMeasure::OnTime
            | TaskMeasure::Late
            | TaskMeasure::Missing
            | TaskMeasure::ReportingRate
            | TaskMeasure::OnTimeRate
    )
}

/// How a bound is read: as the figure is shown.
fn read_as(measure: TaskMeasure) -> fn(rust_decimal::Decimal) -> Share {
    if measure == TaskMeasure::Gap { Share::from_percent } else { Share::from }
}
