//! Progress: reports, their review, what follows from them, and who sees what of it.

mod closing;
mod contract;
mod feed;
mod figures;
mod find;
mod posting;
mod review;
pub mod scene;
mod setting;
mod state;
mod watch;

use crate::support::Case;

pub fn cases() -> Vec<Case> {
    [
        contract::cases(),
        posting::cases(),
        review::cases(),
        state::cases(),
        closing::cases(),
        setting::cases(),
        watch::cases(),
        feed::cases(),
        find::cases(),
        figures::cases(),
    ]
    .concat()
}
