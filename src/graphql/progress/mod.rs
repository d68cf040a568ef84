//! Reports, ledgers, lights, events, and the state of tasks.

pub(in crate::graphql) mod blocker;
pub(in crate::graphql) mod event;
mod held;
pub(in crate::graphql) mod ledger;
pub(in crate::graphql) mod ledger_page;
pub(in crate::graphql) mod milestone;
pub(in crate::graphql) mod period;
pub(in crate::graphql) mod report;
pub(in crate::graphql) mod report_change;
pub(in crate::graphql) mod reporting;
pub(in crate::graphql) mod standing;
pub(in crate::graphql) mod state;
