//! The direction in which a list is ordered.

use async_graphql::Enum;
use endpoint::heading;

/// 排序方向。
///
/// The direction of an order.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[graphql(remote = "crate::store::OrderDirection", name = "OrderDirection")]
pub enum OrderDirection {
    /// 升序：小的在前。
    ///
    /// Lowest first.
    #[default]
    #[graphql(directive = heading::apply("升序".into()), name = "ASC")]
    Ascending,
    /// 降序：大的在前。
    ///
    /// Highest first.
    #[graphql(directive = heading::apply("降序".into()), name = "DESC")]
    Descending,
}
