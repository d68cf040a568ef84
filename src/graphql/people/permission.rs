//! What a viewer may do to something now, and if not, why.

use async_graphql::{Context, Result, SimpleObject};
use endpoint::heading;
use entity::Action;

use crate::{
    access::policy::{self, Decision, Resource},
    graphql::inquiry::Inquiry,
};

/// 此刻能否执行某项操作；不能则说明原因。
///
/// Whether something may be done now, and if not, why.
#[derive(SimpleObject, Clone)]
pub struct Permission {
    /// 是否可以。
    ///
    /// Whether it may.
    #[graphql(directive = heading::apply("是否可以".into()))]
    allowed: bool,
    /// 不可以的原因代码；可以则为 null。
    ///
    /// Why not, in a word for programs; null where it may.
    #[graphql(directive = heading::apply("不可以的原因代码".into()))]
    reason: Option<String>,
    /// 不可以的原因及怎么办；可以则为 null。
    ///
    /// Why not and what to do; null where it may.
    #[graphql(directive = heading::apply("不可以的原因及怎么办".into()))]
    message: Option<String>,
}

impl Permission {
    /// What the policy says of an action on a resource.
    pub(in crate::graphql) fn of(context: &Context<'_>, action: Action, resource: &Resource) -> Result<Self> {
        let inquiry = Inquiry::of(context)?;
        Ok(match policy::decide(&inquiry.call.viewer, action, resource) {
            Decision::Allow => Self { allowed: true, reason: None, message: None },
            Decision::Forbid(reason) => Self {
                allowed: false,
                reason: Some(reason.word().to_owned()),
                message: Some(reason.text().in_language(inquiry.language).to_owned()),
            },
            // What is hidden has no fields to ask.
            Decision::Hide => Self { allowed: false, reason: None, message: None },
        })
    }
}
