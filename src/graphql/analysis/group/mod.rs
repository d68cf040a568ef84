//! 分组统计: tasks and reports by what they have in common.

mod key;
mod report;
mod task;

use async_graphql::{Context, InputObject, Result};

use crate::{
    domain::{
        analysis::group::{Bounds, Condition, Direction, Listing, Order},
        language::Text,
        share::Share,
    },
    graphql::{error, order::OrderDirection, scalar::Decimal},
};

pub use report::ReportGroupQuery;
pub use task::TaskGroupQuery;

/// In how many respects at once.
const RESPECTS: usize = 3;

/// How many groups an answer has where nobody says how many.
const GROUPS: usize = 100;

/// How many groups an answer has at most.
pub(in crate::graphql) const MOST_GROUPS: u32 = 1_000;

/// 一个数的范围；各条件同时成立，未知（null）的数不在任何范围内。
///
/// Within what a number lies; all conditions hold at once, and what is not known (null) is within no bounds.
#[derive(InputObject, Clone, Debug, Default)]
pub struct NumberBounds {
    /// 等于。
    ///
    /// Equal to this.
    eq: Option<Decimal>,
    /// 大于。
    ///
    /// Above this.
    gt: Option<Decimal>,
    /// 不小于。
    ///
    /// No less than this.
    gte: Option<Decimal>,
    /// 小于。
    ///
    /// Below this.
    lt: Option<Decimal>,
    /// 不大于。
    ///
    /// No more than this.
    lte: Option<Decimal>,
}

impl NumberBounds {
    /// What must hold of a measure, `read` as it is shown: a gap in percentage points.
    fn conditions<M: Copy>(&self, measure: M, read: fn(rust_decimal::Decimal) -> Share) -> [Condition<M>; 2] {
        let bound = |bound: Option<Decimal>| bound.map(|bound| read(bound.0));
        let range = Bounds { above: bound(self.gt), at_least: bound(self.gte), below: bound(self.lt), at_most: bound(self.lte) };
        let exactly = Bounds { at_least: bound(self.eq), at_most: bound(self.eq), ..Bounds::default() };
        [range, exactly].map(|bounds| Condition { measure, bounds })
    }
}

/// In which respects, if they are as many as may be and each once.
fn respects<D: PartialEq + Copy>(context: &Context<'_>, by: Vec<D>) -> Result<Vec<D>> {
    if !(1..=RESPECTS).contains(&by.len()) {
        let count = by.len();
        let message = Text::new(
            format!("分组依据须有 1 至 {RESPECTS} 项，收到 {count} 项。"),
            format!("Groups are by 1 to {RESPECTS} respects, not {count}: give as many."),
        );
        return Err(error::bad_input(context, "by", &message));
    }
    if by.iter().enumerate().any(|(place, one)| by.iter().take(place).any(|other| other == one)) {
        let message = Text::new("同一依据出现了两次，请去掉一个。", "One respect is given twice: leave one out.");
        return Err(error::bad_input(context, "by", &message));
    }
    Ok(by)
}

/// What is asked of the groups, if they are as many as may be.
fn listing<M>(
    context: &Context<'_>,
    having: Vec<Condition<M>>,
    measure: Option<M>,
    direction: OrderDirection,
    limit: Option<i32>,
) -> Result<Listing<M>> {
    let wrong = |limit: i32| {
        let message = Text::new(
            format!("limit 须在 1 至 {MOST_GROUPS} 之间，收到 {limit}。要更多的组，请用 filter 或 having 分几次查询。"),
            format!("A limit is 1 to {MOST_GROUPS}, not {limit}: for more groups, ask several times by `filter` or `having`."),
        );
        error::bad_input(context, "limit", &message)
    };
    let limit = match limit {
        None => GROUPS,
        Some(limit) => {
            let within = u32::try_from(limit).ok().filter(|limit| (1..=MOST_GROUPS).contains(limit));
            within.and_then(|limit| usize::try_from(limit).ok()).ok_or_else(|| wrong(limit))?
        }
    };
    let direction = match direction {
        OrderDirection::Ascending => Direction::Ascending,
        OrderDirection::Descending => Direction::Descending,
    };
    Ok(Listing { having, order: Order { measure, direction }, limit })
}
