//! Comparison: what jurisdictions promise and deliver under an indicator, the map of who does what, and tasks beside each other.

mod contract;
mod generated;
mod recomputed;
mod side_by_side;
mod split;

use crate::support::Case;

pub fn cases() -> Vec<Case> {
    [contract::cases(), side_by_side::cases(), split::cases(), recomputed::cases()].concat()
}
