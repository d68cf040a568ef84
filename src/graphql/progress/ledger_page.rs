//! 台账: a page of a ledger, and what all of its rows come to.

use async_graphql::{Context, Result, SimpleObject};
use endpoint::heading;

use super::{
    ledger::{Compliance, LedgerEntry},
    state::shown,
};
use crate::{
    domain::{
        language::Text,
        page::{Cursor, Direction, PageRequest},
        share::Share,
    },
    graphql::{
        connection::PageInfo,
        enumeration::StatusLight,
        error,
        scalar::{self, Date},
    },
    service::progress::ledger as service,
};

/// The name that ties a cursor to a ledger.
const LIST: &str = "ledger";

/// All lights, the best first.
pub(in crate::graphql) const LIGHTS: [entity::StatusLight; 5] = [
    entity::StatusLight::Blue,
    entity::StatusLight::Green,
    entity::StatusLight::Yellow,
    entity::StatusLight::Red,
    entity::StatusLight::Grey,
];

/// 台账的一页，及全部任务的汇总。
///
/// A page of a ledger, with all of its tasks together.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct LedgerConnection {
    /// 本页记录及其游标。
    ///
    /// The rows of this page with their cursors.
    edges: Vec<LedgerEdge>,
    /// 本页记录。
    ///
    /// The rows of this page.
    #[graphql(directive = heading::apply("本页记录".into()))]
    nodes: Vec<LedgerEntry>,
    /// 翻页信息。
    ///
    /// Where this page stands in its list.
    page_info: PageInfo,
    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    on: Date,
    #[graphql(skip)]
    whole: Option<Whole>,
}

/// What all rows of a ledger come to, reckoned only when it is asked for.
struct Whole {
    total: usize,
    summary: LedgerSummary,
}

#[async_graphql::ComplexObject]
impl LedgerConnection {
    /// 符合筛选条件的任务数。
    ///
    /// The number of tasks that the filter chooses.
    #[graphql(directive = heading::apply("符合筛选条件的任务数".into()))]
    fn total_count(&self, context: &Context<'_>) -> Result<usize> {
        self.whole(context).map(|whole| whole.total)
    }

    /// 全部任务的汇总，不受筛选影响。
    ///
    /// All tasks of the ledger together, whatever the filter chooses.
    fn summary(&self, context: &Context<'_>) -> Result<LedgerSummary> {
        self.whole(context).map(|whole| whole.summary.clone())
    }
}

impl LedgerConnection {
    fn whole(&self, context: &Context<'_>) -> Result<&Whole> {
        self.whole.as_ref().ok_or_else(|| error::internal(context, &error::Missing("summary")))
    }
}

/// 台账的一行及其游标。
///
/// A row of a ledger with its cursor.
#[derive(SimpleObject, Clone)]
pub struct LedgerEdge {
    /// 记录。
    ///
    /// The row.
    #[graphql(directive = heading::apply("记录".into()))]
    node: LedgerEntry,
    /// 指向该记录的游标。
    ///
    /// The cursor of this row.
    cursor: String,
}

/// 全部任务的汇总。
///
/// All tasks of a ledger together.
#[derive(SimpleObject, Clone)]
pub struct LedgerSummary {
    /// 任务数。
    ///
    /// How many tasks there are.
    #[graphql(directive = heading::apply("任务数".into()))]
    task_count: usize,
    /// 其中有完成率的任务数。
    ///
    /// How many of them have a completion.
    #[graphql(directive = heading::apply("其中有完成率的任务数".into()))]
    reported_count: usize,
    /// 有完成率的任务的平均完成率，0 至 1；都没有的为 null。
    ///
    /// The mean completion of the tasks that have one, from 0 to 1; null where none has.
    #[graphql(directive = heading::apply("有完成率的任务的平均完成率".into()))]
    completion: Option<scalar::Share>,
    /// 同样这些任务应完成比例的平均，0 至 1。
    ///
    /// The mean of what is planned of the same tasks, from 0 to 1.
    #[graphql(directive = heading::apply("同样这些任务应完成比例的平均".into()))]
    planned: Option<scalar::Share>,
    /// 各灯的任务数，五种灯都列出。
    ///
    /// How many tasks have each light, all five listed.
    #[graphql(directive = heading::apply("各灯的任务数".into()))]
    lights: Vec<LightCount>,
    /// 各单位报送情况的合计；内部信息不可见时为 null。
    ///
    /// How all units report; null where internals are not for you.
    #[graphql(directive = heading::apply("各单位报送情况的合计".into()))]
    compliance: Option<Compliance>,
}

/// 一种灯的任务数。
///
/// How many tasks have a light.
#[derive(SimpleObject, Clone)]
pub struct LightCount {
    /// 灯。
    ///
    /// The light.
    #[graphql(directive = heading::apply("灯".into()))]
    light: StatusLight,
    /// 任务数。
    ///
    /// How many tasks.
    #[graphql(directive = heading::apply("任务数".into()))]
    count: u64,
}

impl LightCount {
    /// So many of a light.
    pub(in crate::graphql) fn new(light: entity::StatusLight, count: u64) -> Self {
        Self { light: light.into(), count }
    }
}

/// A page of a ledger. Its rows are at hand, a notice's annex being as long as it is: what is paged is the answer.
pub(in crate::graphql) fn page(
    context: &Context<'_>,
    ledger: service::Ledger,
    lights: Option<&[entity::StatusLight]>,
    stale: Option<bool>,
    request: &PageRequest,
) -> Result<LedgerConnection> {
    let is_chosen = |row: &service::LedgerRow| {
        lights.is_none_or(|lights| lights.contains(&row.state.verdict.light)) && (stale.is_none() || stale == row.state.stale())
    };
    let chosen: Vec<service::LedgerRow> = ledger.rows.into_iter().filter(is_chosen).collect();
    let total = chosen.len();
    let (after, before) = (place(context, request.after.as_ref(), "after")?, place(context, request.before.as_ref(), "before")?);
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
    let (has_next, has_previous) = (beyond(rows.last(), true), beyond(rows.first(), false));
    let share = |share: Option<Share>| share.as_ref().map(shown);
    let summary = &ledger.summary;
    let lights = LIGHTS.into_iter().map(|light| LightCount::new(light, summary.lights.get(&light).copied().unwrap_or_default())).collect();
    let summary = LedgerSummary {
        task_count: summary.tasks,
        reported_count: summary.reported,
        completion: share(summary.completion.clone()),
        planned: share(summary.planned.clone()),
        lights,
        compliance: summary.compliance.map(Compliance::from),
    };
    let page = service::LedgerPage { on: ledger.on, rows, has_next, has_previous, held: ledger.held };
    Ok(LedgerConnection { whole: Some(Whole { total, summary }), ..page.into() })
}

/// The number of the task that a cursor of a ledger points at.
pub(in crate::graphql) fn place(context: &Context<'_>, opaque: Option<&String>, argument: &'static str) -> Result<Option<i64>> {
    let Some(opaque) = opaque else { return Ok(None) };
    let number = Cursor::decode(opaque, LIST, 1).and_then(|cursor| cursor.keys.first().copied());
    number.map(Some).ok_or_else(|| {
        let message = Text::new(
            "游标无效，或属于另一个列表：请使用台账返回的游标，或从头翻页。",
            "This cursor is broken, or of another list: use one that a ledger returned, or start over.",
        );
        error::bad_input(context, argument, &message)
    })
}

impl From<service::LedgerPage> for LedgerConnection {
    fn from(page: service::LedgerPage) -> Self {
        let edge = |row: service::LedgerRow| LedgerEdge {
            cursor: Cursor { list: LIST.to_owned(), keys: vec![i64::from(row.task.number)], id: row.task.id.0 }.encode(),
            node: LedgerEntry(row),
        };
        let edges: Vec<LedgerEdge> = page.rows.into_iter().map(edge).collect();
        let ends = (edges.first().map(|edge| &edge.cursor), edges.last().map(|edge| &edge.cursor));
        Self {
            page_info: PageInfo::new(page.has_next, page.has_previous, ends.0, ends.1),
            nodes: edges.iter().map(|edge| edge.node.clone()).collect(),
            edges,
            on: Date(page.on),
            whole: None,
        }
    }
}
