//! Connections: pages of lists, as the GraphQL Cursor Connections specification draws them.

use async_graphql::{Context, ErrorExtensions as _, Result, SimpleObject};
use endpoint::heading;

use super::{
    audit::AuditEvent,
    catalogue::indicator::Indicator,
    error,
    inquiry::Inquiry,
    notices::{assignment::Assignment, notice::Notice, project::Project, target::Target, task::Task},
    people::account::Account,
    places::unit::Unit,
    price::COUNTED_ROWS,
    progress::report::ProgressReport,
};
use crate::domain::{
    language::Text,
    page::{DEFAULT_SIZE, Direction, Page, PageRequest},
};

/// 翻页信息。
///
/// Where a page stands in its list.
#[derive(SimpleObject, Clone, Debug)]
pub struct PageInfo {
    /// 本页之后是否还有记录。
    ///
    /// Whether rows come after this page.
    #[graphql(directive = heading::apply("本页之后是否还有记录".into()))]
    has_next_page: bool,
    /// 本页之前是否还有记录。
    ///
    /// Whether rows come before this page.
    #[graphql(directive = heading::apply("本页之前是否还有记录".into()))]
    has_previous_page: bool,
    /// 本页第一条的游标；空页为 null。
    ///
    /// The cursor of the first row; null on an empty page.
    #[graphql(directive = heading::apply("本页第一条的游标".into()))]
    start_cursor: Option<String>,
    /// 本页最后一条的游标；空页为 null。
    ///
    /// The cursor of the last row; null on an empty page.
    #[graphql(directive = heading::apply("本页最后一条的游标".into()))]
    end_cursor: Option<String>,
}

impl PageInfo {
    /// Of a page between two cursors.
    pub(super) fn new(has_next_page: bool, has_previous_page: bool, start: Option<&String>, end: Option<&String>) -> Self {
        Self { has_next_page, has_previous_page, start_cursor: start.cloned(), end_cursor: end.cloned() }
    }
}

/// The page that the four arguments of a connection ask for.
///
/// # Errors
/// `BAD_USER_INPUT` that names the argument: both `first` and `last`, or a size below 1 or above what a page may have.
pub(super) fn request(
    context: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Result<PageRequest> {
    let (argument, size, direction) = match (first, last) {
        (Some(_), Some(_)) => {
            let message = Text::new("first 与 last 只能给出一个。", "Give either `first` or `last`, not both.");
            return Err(error::bad_input(context, "last", &message));
        }
        (None, Some(size)) => ("last", Some(size), Direction::Backward),
        (size, None) => ("first", size, Direction::Forward),
    };
    let most = Inquiry::of(context)?.limits.page_size;
    let size = match size {
        None => DEFAULT_SIZE,
        Some(size) => u32::try_from(size).ok().filter(|size| (1..=most).contains(size)).ok_or_else(|| {
            let message = Text::new(
                format!("每页条数须在 1 至 {most} 之间，收到 {size}。更多记录请用游标翻页。"),
                format!("A page has 1 to {most} rows, not {size}. Page on with cursors for more."),
            );
            error::bad_input(context, argument, &message).extend_with(|_, extensions| {
                extensions.set("limit", "pageSize");
                extensions.set("value", most);
                extensions.set("counted", size);
            })
        })?,
    };
    // A page costs what it may hold, so that a thousand small questions count like a large one.
    Inquiry::of(context)?.spend(context, usize::try_from(size).unwrap_or(usize::MAX))?;
    // Counting costs a statement: it is done only when the total is selected.
    let counted = context.look_ahead().field("totalCount").exists();
    Ok(PageRequest { size, direction, after, before, counted })
}

macro_rules! connections {
    ($($connection:ident, $edge:ident of $node:ident: $chinese:literal, $english:literal;)+) => {$(
        #[doc = concat!($chinese, "列表的一页。\n\nA page of ", $english, ".")]
        #[derive(SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// 本页记录及其游标。
            ///
            /// The rows of this page with their cursors.
            edges: Vec<$edge>,
            /// 翻页信息。
            ///
            /// Where this page stands in its list.
            page_info: PageInfo,
            #[graphql(skip)]
            total: Option<u64>,
        }

        #[doc = concat!($chinese, "及其游标。\n\nOne of ", $english, " with its cursor.")]
        #[derive(SimpleObject, Clone)]
        pub struct $edge {
            /// 记录。
            ///
            /// The row.
            node: $node,
            /// 指向该记录的游标，可用于 after 与 before。
            ///
            /// The cursor of this row, for `after` and `before`.
            cursor: String,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// 本页记录。
            ///
            /// The rows of this page.
            async fn nodes(&self) -> Vec<$node> {
                self.edges.iter().map(|edge| edge.node.clone()).collect()
            }

            /// 整个列表的记录数；仅在请求时统计。
            ///
            /// The number of rows of the whole list; counted only when asked for.
            #[graphql(directive = endpoint::heading::apply("记录数".into()))]
            async fn total_count(&self, context: &Context<'_>) -> Result<u64> {
                let total = self.total.ok_or_else(|| error::internal(context, &error::Missing("total")))?;
                Inquiry::of(context)?.note_work(total.checked_div(COUNTED_ROWS).unwrap_or_default());
                Ok(total)
            }
        }

        impl<T> From<Page<T>> for $connection
        where
            $node: From<T>,
        {
            fn from(page: Page<T>) -> Self {
                let edges: Vec<$edge> =
                    page.rows.into_iter().map(|(cursor, row)| $edge { node: row.into(), cursor: cursor.encode() }).collect();
                let page_info = PageInfo {
                    has_next_page: page.has_next,
                    has_previous_page: page.has_previous,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                };
                Self { edges, page_info, total: page.total }
            }
        }
    )+};
}

connections! {
    UnitConnection, UnitEdge of Unit: "单位", "units";
    IndicatorConnection, IndicatorEdge of Indicator: "指标", "indicators";
    NoticeConnection, NoticeEdge of Notice: "通知", "notices";
    ProjectConnection, ProjectEdge of Project: "项目", "projects";
    TaskConnection, TaskEdge of Task: "任务", "tasks";
    AssignmentConnection, AssignmentEdge of Assignment: "分工", "assignments";
    TargetConnection, TargetEdge of Target: "目标任务", "targets";
    AccountConnection, AccountEdge of Account: "账号", "accounts";
    AuditEventConnection, AuditEventEdge of AuditEvent: "审计事件", "audit events";
    ProgressReportConnection, ProgressReportEdge of ProgressReport: "填报", "progress reports";
}
