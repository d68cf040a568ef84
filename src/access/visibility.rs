//! Which rows exist for a viewer. Every finder of `store` applies these conditions: lists, look-ups, counts, search and loaders
//! alike, so that what a viewer may not see cannot be told from what is not there.

use entity::{Disclosure, NoticeState, notice};
use sea_orm::{ColumnTrait as _, Condition};

use super::viewer::Viewer;

/// The notices that exist for a viewer, and with them their projects, tasks, assignments and targets.
///
/// Everybody reads an issued notice that is publicly disclosed. A notice whose letter does not state its disclosure counts as
/// public once issued: two of the five real notices state none and were published all the same.
#[must_use]
pub fn notices(viewer: &Viewer) -> Condition {
    match viewer {
        Viewer::Public => Condition::all()
            .add(notice::Column::State.eq(NoticeState::Issued))
            .add(Condition::any().add(notice::Column::Disclosure.is_null()).add(notice::Column::Disclosure.eq(Disclosure::Proactive))),
    }
}
