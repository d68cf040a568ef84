//! The direction in which a list is ordered.

use async_graphql::Enum;

/// 排序方向。 The direction of an order.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[graphql(remote = "crate::store::OrderDirection", name = "OrderDirection")]
pub enum OrderDirection {
    /// 升序：小的在前。 Lowest first.
    #[default]
    #[graphql(name = "ASC")]
    Ascending,
    /// 降序：大的在前。 Highest first.
    #[graphql(name = "DESC")]
    Descending,
}
