//! Who may do what to what: one pure function, and the proof of its consent that every write asks for.
//!
//! What an action is stands in `rule`, one entry each. What it is done to decides the rest, here.

mod internals;
mod resource;
mod rule;

use entity::{Action, ApiKeyRights, AssignmentRole, Disclosure, JurisdictionId, NoticeState, ReportState, Role};
use sea_orm::Iterable as _;

pub use self::{
    internals::Internals,
    resource::{AccountFacts, NoticeFacts, ReportFacts, Resource, TaskFacts},
    rule::{Kind, Outdated, Rule, Want, Who, outdating, rule},
};
use super::{
    reason::Reason,
    viewer::{Actor, Credential, Viewer},
};

/// What the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Allow,
    /// The viewer may know of it and may not do it.
    Forbid(Reason),
    /// For the viewer it is not there.
    Hide,
}

/// The proof that the policy allowed an action to somebody. Nothing else makes one, and nothing is written without:
///
/// ```compile_fail
/// use minsheng::access::{policy::Permit, viewer::Viewer};
/// let forged = Permit { action: entity::Action::LockAccount, viewer: Viewer::Operator };
/// ```
#[derive(Debug)]
#[must_use]
pub struct Permit {
    action: Action,
    viewer: Viewer,
}

impl Permit {
    /// What was allowed.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// To whom.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }
}

/// The proof that a viewer may do an action to something at all. What it may be done to is decided for each.
#[derive(Debug)]
#[must_use]
pub struct Entitlement {
    action: Action,
    viewer: Viewer,
}

impl Entitlement {
    /// Of a viewer to an action.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of(viewer: &Viewer, action: Action) -> Result<Self, Reason> {
        general(viewer, action)?;
        Ok(Self { action, viewer: viewer.clone() })
    }

    /// Whether the action may be done to a resource now.
    #[must_use]
    pub fn decide(&self, resource: &Resource) -> Decision {
        of_resource(&self.viewer, self.action, resource)
    }

    /// The permit for the action on all of these resources, or the first decision against it.
    ///
    /// # Errors
    /// [`Decision::Forbid`] or [`Decision::Hide`].
    pub fn permit(&self, resources: &[Resource]) -> Result<Permit, Decision> {
        match resources.iter().map(|resource| self.decide(resource)).find(|decision| *decision != Decision::Allow) {
            Some(against) => Err(against),
            None => Ok(Permit { action: self.action, viewer: self.viewer.clone() }),
        }
    }
}

/// The permit for an action on all of these resources, or the first decision against it.
///
/// # Errors
/// [`Decision::Forbid`] or [`Decision::Hide`].
pub fn authorise(viewer: &Viewer, action: Action, resources: &[Resource]) -> Result<Permit, Decision> {
    Entitlement::of(viewer, action).map_err(Decision::Forbid)?.permit(resources)
}

/// Whether a viewer may do an action to a resource now.
#[must_use]
pub fn decide(viewer: &Viewer, action: Action, resource: &Resource) -> Decision {
    // What the viewer may do to nothing tells nothing of this resource.
    match general(viewer, action) {
        Ok(()) => of_resource(viewer, action, resource),
        Err(reason) => Decision::Forbid(reason),
    }
}

/// What is decided of a resource, where the action may be done to something.
fn of_resource(viewer: &Viewer, action: Action, resource: &Resource) -> Decision {
    // What is hidden is hidden before anything is said of it.
    if hidden(viewer, resource) {
        return Decision::Hide;
    }
    match particular(viewer, rule(action), resource) {
        Ok(()) => Decision::Allow,
        Err(reason) => Decision::Forbid(reason),
    }
}

/// Whether a viewer may do an action to anything at all.
///
/// # Errors
/// Why not.
pub fn general(viewer: &Viewer, action: Action) -> Result<(), Reason> {
    let rule = rule(action);
    if rule.who == Who::Anybody {
        return Ok(());
    }
    let actor = match viewer {
        Viewer::Public => return Err(Reason::SignInFirst),
        Viewer::Operator => return if rule.kind.is_own() { Err(Reason::NotSignedInHere) } else { Ok(()) },
        Viewer::Account(actor) => actor,
    };
    credential_may(actor.credential, rule.kind)?;
    if actor.password_temporary && !rule.before_first_password {
        return Err(Reason::PasswordTemporary);
    }
    if rule.who.includes(actor.role) { Ok(()) } else { Err(Reason::RoleMayNot) }
}

/// What a viewer may do to something at least.
#[must_use]
pub fn actions(viewer: &Viewer) -> Vec<Action> {
    Action::iter().filter(|action| general(viewer, *action).is_ok()).collect()
}

fn credential_may(credential: Credential, kind: Kind) -> Result<(), Reason> {
    match (credential, kind) {
        (Credential::External, Kind::OwnHere) => Err(Reason::NotSignedInHere),
        (Credential::ApiKey(_, ApiKeyRights::Read), Kind::Own | Kind::OwnHere | Kind::Accounts | Kind::Work) => Err(Reason::ReadOnlyKey),
        // Neither for its own account nor for others: what a key could open would stay open when the key is revoked.
        (Credential::ApiKey(_, ApiKeyRights::Full), Kind::Own | Kind::OwnHere | Kind::Accounts) => Err(Reason::NotByKey),
        (Credential::Session(_) | Credential::External, _) | (Credential::ApiKey(..), Kind::Reading | Kind::Work) => Ok(()),
    }
}

fn hidden(viewer: &Viewer, resource: &Resource) -> bool {
    match (viewer, resource) {
        (Viewer::Operator, _)
        | (_, Resource::Installation | Resource::Placement { .. } | Resource::Compliance(_) | Resource::Jurisdiction(_)) => false,
        (viewer, Resource::Notice(notice) | Resource::Task(TaskFacts { notice, .. })) => notice_hidden(viewer, notice),
        (viewer, Resource::Report(report)) => report_hidden(viewer, report),
        (viewer, Resource::Blocker { report, .. }) => {
            let is_own = viewer.actor().is_some_and(|actor| reports_for(actor, report));
            let seen = is_own || Internals::of(viewer).contain(report.notice.jurisdiction);
            !seen || report_hidden(viewer, report)
        }
        (Viewer::Public, _) => true,
        (Viewer::Account(actor), Resource::Account(account) | Resource::ApiKey { owner: account, .. }) => {
            actor.id != account.id && !administers(actor, account)
        }
        // No key acts on sessions or keys, which `general` says before this is asked.
        (Viewer::Account(actor), Resource::Session { owner, .. }) => actor.id != *owner,
    }
}

fn notice_hidden(viewer: &Viewer, notice: &NoticeFacts) -> bool {
    let published = notice.state == NoticeState::Issued && matches!(notice.disclosure, None | Some(Disclosure::Proactive));
    !published && !Internals::of(viewer).contain(notice.jurisdiction)
}

/// An accepted report is as public as its notice; until then it is internal, and a draft its own unit's.
fn report_hidden(viewer: &Viewer, report: &ReportFacts) -> bool {
    let is_own = viewer.actor().is_some_and(|actor| reports_for(actor, report));
    let seen = match report.state {
        ReportState::Accepted => true,
        ReportState::Submitted | ReportState::Returned => is_own || Internals::of(viewer).contain(report.notice.jurisdiction),
        ReportState::Draft => is_own,
    };
    !seen || notice_hidden(viewer, &report.notice)
}

/// Whether a report is of the actor's unit.
fn reports_for(actor: &Actor, report: &ReportFacts) -> bool {
    !actor.password_temporary && actor.unit_id == Some(report.unit)
}

/// Whether an account is among those that the actor looks after.
fn administers(actor: &Actor, account: &AccountFacts) -> bool {
    !actor.password_temporary
        && match actor.role {
            Role::Admin => true,
            Role::Office => gives(actor.role, account.role) && actor.subtree.contains(&account.jurisdiction),
            Role::Unit | Role::Leader | Role::Deputy => false,
        }
}

/// Whether one role may give another: no more than it has. It looks after the accounts of those that it may give.
pub(super) fn gives(role: Role, given: Role) -> bool {
    match role {
        Role::Admin => true,
        Role::Office => matches!(given, Role::Unit | Role::Leader | Role::Deputy),
        Role::Unit | Role::Leader | Role::Deputy => false,
    }
}

fn particular(viewer: &Viewer, rule: Rule, resource: &Resource) -> Result<(), Reason> {
    // Whoever runs the commands is held by what things are, not by whose they are.
    let actor = viewer.actor();
    match resource {
        Resource::Session { ended: true, .. } | Resource::ApiKey { revoked: true, .. } => Err(Reason::AlreadyEnded),
        Resource::Installation | Resource::Session { .. } | Resource::ApiKey { .. } => Ok(()),
        Resource::Placement { role, jurisdiction } => {
            let Some(actor) = actor else { return Ok(()) };
            if !gives(actor.role, *role) {
                Err(Reason::MoreThanYouHave)
            } else if actor.role != Role::Admin && !actor.subtree.contains(jurisdiction) {
                Err(Reason::OutsideJurisdiction)
            } else {
                Ok(())
            }
        }
        Resource::Account(account) => {
            let keeps = matches!(rule.kind, Kind::Accounts | Kind::Work);
            if keeps && actor.is_some_and(|actor| actor.id == account.id) {
                return Err(Reason::OwnAccount);
            }
            rule.wants.iter().find_map(|want| lacking_of_account(*want, account)).map_or(Ok(()), Err)
        }
        Resource::Notice(_) | Resource::Task(_) | Resource::Report(_) | Resource::Blocker { .. } if rule.kind == Kind::Reading => Ok(()),
        Resource::Notice(notice) => actor.map_or(Ok(()), |actor| supervises(actor, notice.jurisdiction)).and(in_force(notice)),
        Resource::Task(task) => on_task(actor, rule, task),
        Resource::Report(report) => actor.map_or(Ok(()), |actor| supervises(actor, report.notice.jurisdiction)),
        Resource::Blocker { report, open } => {
            match actor {
                Some(actor) if actor.role == Role::Unit && !reports_for(actor, report) => return Err(Reason::NotYourReport),
                Some(actor) if actor.role != Role::Unit => supervises(actor, report.notice.jurisdiction)?,
                _ => {}
            }
            if *open { Ok(()) } else { Err(Reason::AlreadyEnded) }
        }
        Resource::Compliance(jurisdiction) => Internals::of(viewer).check(*jurisdiction),
        Resource::Jurisdiction(jurisdiction) => actor.map_or(Ok(()), |actor| supervises(actor, *jurisdiction)),
    }
}

/// What is done to a task: by the units that have a part in it, and by its office.
fn on_task(actor: Option<&Actor>, rule: Rule, task: &TaskFacts) -> Result<(), Reason> {
    match actor {
        Some(actor) if actor.role == Role::Unit => match task.part {
            None => return Err(Reason::NotAssigned),
            Some(AssignmentRole::Supporting) if !rule.for_supporting_units => return Err(Reason::NotLead),
            Some(AssignmentRole::Lead | AssignmentRole::Supporting) => {}
        },
        Some(actor) => supervises(actor, task.notice.jurisdiction)?,
        None => {}
    }
    in_force(&task.notice)?;
    if task.closed {
        return Err(Reason::TaskClosed);
    }
    rule.wants.iter().find_map(|want| lacking_of_task(*want, task)).map_or(Ok(()), Err)
}

/// What is against an action that wants something of a task, if anything is.
fn lacking_of_task(want: Want, task: &TaskFacts) -> Option<Reason> {
    match want {
        Want::Suspended => (!task.suspended).then_some(Reason::NotSuspended),
        Want::Running => task.suspended.then_some(Reason::TaskSuspended),
        Want::Claimed => (!task.claimed).then_some(Reason::NotClaimed),
        Want::Unclaimed => task.claimed.then_some(Reason::AlreadyClaimed),
        Want::Locked | Want::Unlocked => None,
    }
}

/// What is against an action that wants something of an account, if anything is.
fn lacking_of_account(want: Want, account: &AccountFacts) -> Option<Reason> {
    match want {
        Want::Locked => (!account.locked).then_some(Reason::NotLocked),
        Want::Unlocked => account.locked.then_some(Reason::AlreadyLocked),
        Want::Suspended | Want::Running | Want::Claimed | Want::Unclaimed => None,
    }
}

/// An office works in its own jurisdiction; one above reads, and does not edit a district's data.
fn supervises(actor: &Actor, jurisdiction: JurisdictionId) -> Result<(), Reason> {
    if actor.jurisdiction_id == jurisdiction { Ok(()) } else { Err(Reason::OtherJurisdiction) }
}

fn in_force(notice: &NoticeFacts) -> Result<(), Reason> {
    if notice.state == NoticeState::Issued { Ok(()) } else { Err(Reason::NotIssued) }
}
