//! Use cases of progress: posting and reviewing reports, plans, closing, ledgers.

pub mod held;
pub mod ledger;
pub mod plan;
pub mod report;
pub mod reporting;
pub mod state;
pub mod survey;
pub mod task;
pub mod watch;
