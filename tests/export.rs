//! Tables as files: any query by its `Accept` header, and the addresses that people click.

mod comparison;
mod file;
mod ledger;
mod query;
mod refused;
mod size;
mod ticket;

use crate::support::Case;

pub fn cases() -> Vec<Case> {
    [comparison::cases(), ledger::cases(), query::cases(), refused::cases(), size::cases(), ticket::cases()].concat()
}
