//! Groups of tasks and reports: what is reckoned of them, for whom, and at what cost.

mod asked;
mod cost;
mod property;
mod reports;
mod scatter;
mod tasks;
mod truth;

use crate::support::Case;

pub fn cases() -> Vec<Case> {
    [asked::cases(), cost::cases(), property::cases()].concat()
}
