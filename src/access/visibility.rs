//! Which rows exist for a viewer. Every finder of `store` applies these conditions: lists, look-ups, counts, search and loaders alike. So
//! hidden rows look like rows that do not exist.
//!
//! They are the SQL form of the rule that `policy` has for one resource; a test runs both on generated accounts and compares.

use entity::{
    Action, AuditOutcome, AuditSubject, Disclosure, JurisdictionId, NoticeState, ReportState, Role, account, api_key, audit_event, notice,
    progress_event, progress_report, session,
};
use sea_orm::{
    ColumnTrait as _, Condition, Iterable as _,
    sea_query::{Expr, ExprTrait as _, Query},
};

use super::{
    policy::{self, Internals},
    viewer::{Actor, Credential, Viewer},
};
use crate::domain::progress::audience::Audience;

/// The notices that exist for a viewer, and with them their projects, tasks, assignments and targets.
///
/// Everybody reads an issued notice that is publicly disclosed. A notice whose letter does not state its disclosure counts as public once
/// issued. Two of the five real notices state no disclosure and were published all the same. All others are internal.
#[must_use]
pub fn notices(viewer: &Viewer) -> Condition {
    let published = Condition::all()
        .add(notice::Column::State.eq(NoticeState::Issued))
        .add(Condition::any().add(notice::Column::Disclosure.is_null()).add(notice::Column::Disclosure.eq(Disclosure::Proactive)));
    match Internals::of(viewer) {
        Internals::Everywhere => Condition::all(),
        Internals::Nowhere(_) => published,
        Internals::Of(places) => Condition::any().add(published).add(notice::Column::JurisdictionId.is_in(places.iter().copied())),
    }
}

/// The progress reports that exist for a viewer, among those of the visible notices. An accepted report is as public as its notice. A
/// submitted or returned one is internal to the jurisdiction, and a draft belongs to its own unit.
#[must_use]
pub fn progress_reports(viewer: &Viewer) -> Condition {
    let accepted = progress_report::Column::State.eq(ReportState::Accepted);
    let seen = match viewer {
        Viewer::Public => Condition::all().add(accepted),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) => internal_reports(viewer, actor).add(accepted),
    };
    Condition::all().add(seen).add(notices(viewer))
}

/// The reports whose reviews and blockers exist for a viewer: those are internal, also of a report that is accepted.
#[must_use]
pub fn internals_of_reports(viewer: &Viewer) -> Condition {
    let seen = match viewer {
        Viewer::Public => nothing(),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) => internal_reports(viewer, actor),
    };
    Condition::all().add(seen).add(notices(viewer))
}

/// The meetings that exist for a viewer: decisions of leaders are internal to the jurisdiction and those above.
#[must_use]
pub fn meetings(viewer: &Viewer) -> Condition {
    let seen = match Internals::of(viewer) {
        Internals::Everywhere => Condition::all(),
        Internals::Nowhere(_) => nothing(),
        Internals::Of(places) => Condition::all().add(notice::Column::JurisdictionId.is_in(places.iter().copied())),
    };
    Condition::all().add(seen).add(notices(viewer))
}

/// Any of: submitted in a jurisdiction that the actor reads the internals of, or of its own unit.
fn internal_reports(viewer: &Viewer, actor: &Actor) -> Condition {
    let mut any = Condition::any();
    if let Some(unit) = actor.unit_id.filter(|_| !actor.password_temporary) {
        any = any.add(progress_report::Column::UnitId.eq(unit));
    }
    let submitted = Condition::all().add(progress_report::Column::State.ne(ReportState::Draft));
    match Internals::of(viewer) {
        Internals::Everywhere => any.add(submitted),
        Internals::Nowhere(_) => any.add(nothing()),
        Internals::Of(places) => any.add(submitted.add(notice::Column::JurisdictionId.is_in(places.iter().copied()))),
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
                        .add(account::Column::Role.is_in(Role::iter().filter(|role| policy::gives(actor.role, *role))))
                        .add(account::Column::JurisdictionId.is_in(actor.subtree.iter().copied())),
                ),
                Role::Unit | Role::Leader | Role::Deputy => own,
            }
        }
    }
}

/// The sessions that exist for a viewer: its own. An API key is given to programs and people who need not know where the owner signs in
/// from, so it shows no session.
#[must_use]
pub fn sessions(viewer: &Viewer) -> Condition {
    match viewer {
        Viewer::Public => nothing(),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) if matches!(actor.credential, Credential::ApiKey(..)) => nothing(),
        Viewer::Account(actor) => Condition::all().add(session::Column::AccountId.eq(actor.id)),
    }
}

/// The API keys that exist for a viewer, among those of the accounts that do: an API key shows itself alone.
#[must_use]
pub fn api_keys(viewer: &Viewer) -> Condition {
    let of_accounts = Condition::all().add(accounts(viewer));
    match viewer.actor().map(|actor| actor.credential) {
        Some(Credential::ApiKey(id, _)) => of_accounts.add(api_key::Column::Id.eq(id)),
        Some(Credential::Session(_) | Credential::External) | None => of_accounts,
    }
}

/// The audit events that exist for a viewer: an office reads those of its jurisdiction and below, an admin all. That a draft was saved is
/// its unit's alone, and units read no audit.
#[must_use]
pub fn audit_events(viewer: &Viewer) -> Condition {
    match viewer {
        Viewer::Public => nothing(),
        Viewer::Operator => Condition::all(),
        Viewer::Account(actor) => match actor.role {
            _ if actor.password_temporary => nothing(),
            Role::Admin => Condition::all().add(saved_drafts().not()),
            Role::Office => {
                Condition::all().add(audit_event::Column::JurisdictionId.is_in(actor.subtree.iter().copied())).add(saved_drafts().not())
            }
            Role::Unit | Role::Leader | Role::Deputy => nothing(),
        },
    }
}

/// The audit events of drafts that were saved, and of nothing else: they hold no other state. The event of a single report can hold no
/// report, as events of former releases do for a draft that was saved again. Then the report was a draft until it was submitted first.
fn saved_drafts() -> Condition {
    let of_event =
        Expr::col((progress_report::Entity, progress_report::Column::Id)).equals((audit_event::Entity, audit_event::Column::SubjectId));
    let first = || Expr::col((progress_report::Entity, progress_report::Column::FirstSubmittedAt));
    let at = Expr::col((audit_event::Entity, audit_event::Column::At));
    let unsubmitted = Query::select()
        .expr(Expr::val(1))
        .from(progress_report::Entity)
        .and_where(of_event)
        .cond_where(Condition::any().add(first().is_null()).add(first().gt(at)))
        .take();
    let of_draft = Condition::any()
        .add(audit_event::Column::Subject.is_null())
        .add(audit_event::Column::Changes.contains("\"DRAFT\""))
        .add(Expr::exists(unsubmitted));
    let mut saved = Condition::all()
        .add(audit_event::Column::Action.eq(Action::SubmitProgress))
        .add(audit_event::Column::Outcome.eq(AuditOutcome::Succeeded))
        .add(
            Condition::any().add(audit_event::Column::Subject.is_null()).add(audit_event::Column::Subject.eq(AuditSubject::ProgressReport)),
        )
        .add(of_draft);
    for state in ["SUBMITTED", "RETURNED", "ACCEPTED"] {
        saved = saved.add(audit_event::Column::Changes.not_like(format!("%\"{state}\"%")));
    }
    saved
}

/// The events that exist for a viewer, among those of the visible tasks. They are the published ones, and the internal ones of the
/// jurisdictions whose internal state the viewer reads.
#[must_use]
pub fn progress_events(viewer: &Viewer) -> Condition {
    let published = Condition::any().add(progress_event::Column::Published.eq(true));
    match Internals::of(viewer) {
        Internals::Everywhere => Condition::all(),
        Internals::Nowhere(_) => published,
        Internals::Of(places) => published.add(progress_event::Column::JurisdictionId.is_in(places.iter().copied())),
    }
}

/// Of the events that exist for a viewer, those that are news for it. Where the public is shown another light than those inside, each of
/// them is told of its own light alone.
#[must_use]
pub fn news(viewer: &Viewer) -> Condition {
    let inside = progress_event::Column::Inside.eq(true);
    match Internals::of(viewer) {
        Internals::Of(places) => {
            let elsewhere = progress_event::Column::JurisdictionId.is_not_in(places.iter().copied());
            Condition::any().add(inside).add(elsewhere)
        }
        // An account that reads no internals is told what the public is told. Whoever runs the commands reads all.
        Internals::Nowhere(_) | Internals::Everywhere => Condition::all(),
    }
}

/// For whom the tasks of a jurisdiction are judged where this viewer asks.
#[must_use]
pub fn audience(viewer: &Viewer, jurisdiction: JurisdictionId) -> Audience {
    if Internals::of(viewer).contain(jurisdiction) { Audience::Office } else { Audience::Public }
}

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}
