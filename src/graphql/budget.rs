//! What a client may ask for, and what it spends.

use async_graphql::{Context, Object, Result, SimpleObject};
use endpoint::heading;
use endpoint::{Allowance, Cost, Limits};

use super::inquiry::Inquiry;

/// 限制、本次请求的花费和余额。
///
/// The limits, what this request costs, and what is left.
#[derive(SimpleObject)]
pub struct Budget {
    /// 限制。
    ///
    /// The limits.
    #[graphql(directive = heading::apply("限制".into()))]
    limits: Limits,
    /// 本次请求的花费；已从余额中扣除。
    ///
    /// What this request costs; it is taken from what is left already.
    #[graphql(directive = heading::apply("本次请求的花费".into()))]
    cost: Cost,
    /// 来访地址的余额；本机不计，为不限。
    ///
    /// What the address that asks has left; this machine itself is not counted.
    #[graphql(directive = heading::apply("来访地址的余额".into()))]
    address: Allowance,
    /// 当前账号的余额；未登录为 null。
    ///
    /// What the account has left; null where nobody is signed in.
    #[graphql(directive = heading::apply("当前账号的余额".into()))]
    account: Option<Allowance>,
}

/// Queries for what a client may spend.
#[derive(Default)]
pub struct BudgetQuery;

#[Object]
impl BudgetQuery {
    /// 限制、本次请求的花费和余额：据此决定一次要多少、多久问一次。
    ///
    /// The limits, what this request costs and what is left: decide by it how much to ask for, and how often.
    #[graphql(directive = heading::apply("限制、本次请求的花费和余额".into()))]
    #[expect(clippy::unused_async, reason = "the engine takes asynchronous resolvers alone")]
    async fn budget(&self, context: &Context<'_>) -> Result<Budget> {
        let inquiry = Inquiry::of(context)?;
        let spending = &inquiry.spending;
        Ok(Budget { limits: spending.limits, cost: spending.cost, address: spending.address, account: spending.account })
    }
}
