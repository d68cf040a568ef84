//! Which rows exist for a viewer. Every finder of `store` applies these conditions: lists, look-ups, counts, search and loaders
//! alike, so that what a viewer may not see cannot be told from what is not there.
//!
//! They say in SQL what `policy` says of one resource; a test runs both on generated accounts and compares.

use entity::{Disclosure, NoticeState, Role, account, audit_event, notice, session};
use sea_orm::{
    ColumnTrait as _, Condition,
    sea_query::{Expr, ExprTrait as _},
};

use super::viewer::Viewer;

/// The notices that exist for a viewer, and with them their projects, tasks, assignments and targets.
///
/// Everybody reads an issued notice that is publicly disclosed. A notice whose letter does not state its disclosure counts as
/// public once issued: two of the five real notices state none and were published all the same. All others are internal.
#[must_use]
pub fn notices(viewer: &Viewer) -> Condition {
    let published = Condition::all()
        .add(notice::Column::State.eq(NoticeState::Issued))
        .add(Condition::any().add(notice::Column::Disclosure.is_null()).add(notice::Column::Disclosure.eq(Disclosure::Proactive)));
    match viewer {
        Viewer::Public => published,
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) if actor.internal().is_empty() => published,
        Viewer::Account(actor) => {
            Condition::any().add(published).add(notice::Column::JurisdictionId.is_in(actor.internal().iter().copied()))
        }
    }
}

/// The accounts that exist for a viewer: its own, and those it looks after.
#[must_use]
pub fn accounts(viewer: &Viewer) -> Condition {
    match viewer {
        Viewer::Public => nothing(),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) => {
            let own = Condition::any().add(account::Column::Id.eq(actor.id));
            match actor.role {
                _ if actor.password_temporary => own,
                Role::Admin => Condition::all(),
                Role::Office => own.add(
                    Condition::all()
                        .add(account::Column::Role.is_in([Role::Unit, Role::Leader, Role::Deputy]))
                        .add(account::Column::JurisdictionId.is_in(actor.subtree.iter().copied())),
                ),
                Role::Unit | Role::Leader | Role::Deputy => own,
            }
        }
    }
}

/// The sessions that exist for a viewer: its own.
#[must_use]
pub fn sessions(viewer: &Viewer) -> Condition {
    match viewer {
        Viewer::Public => nothing(),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) => Condition::all().add(session::Column::AccountId.eq(actor.id)),
    }
}

/// The audit events that exist for a viewer: an office reads those of its jurisdiction and below, an admin all.
#[must_use]
pub fn audit_events(viewer: &Viewer) -> Condition {
    match viewer {
        Viewer::Public => nothing(),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) => match actor.role {
            _ if actor.password_temporary => nothing(),
            Role::Admin => Condition::all(),
            Role::Office => Condition::all().add(audit_event::Column::JurisdictionId.is_in(actor.subtree.iter().copied())),
            Role::Unit | Role::Leader | Role::Deputy => nothing(),
        },
    }
}

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}
