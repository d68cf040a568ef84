//! The feed of events: who is told what, in which order, by which replica, and until when.

mod at_once;
mod cost;
mod events;
mod protocol;
mod resume;

use crate::support::Case;

pub fn cases() -> Vec<Case> {
    [events::cases(), resume::cases(), at_once::cases(), cost::cases(), protocol::cases()].concat()
}
