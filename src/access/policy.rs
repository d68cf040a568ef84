//! Who may do what to what: one pure function, and the proof of its consent that every write asks for.

use entity::{AccountId, Action, ApiKeyRights, AssignmentRole, Disclosure, JurisdictionId, NoticeState, ReportState, Role, UnitId};
use sea_orm::Iterable as _;

use super::{
    reason::Reason,
    viewer::{Actor, Credential, Viewer},
};
use crate::domain::{notices::notice::Notice, people::account::Account};

/// What an action is done to, with what the decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Nothing that belongs to anybody.
    Installation,
    /// A notice, and all that hangs on it.
    Notice(NoticeFacts),
    /// A task, and what is set and recorded of it.
    Task(TaskFacts),
    /// A progress report.
    Report(ReportFacts),
    /// A blocker, which is internal whatever became of its report.
    Blocker {
        /// The report that names it.
        report: ReportFacts,
        /// Whether it is still open.
        open: bool,
    },
    /// How the duties of a jurisdiction's notices are met, unit by unit.
    Compliance(JurisdictionId),
    /// A jurisdiction, and what holds for all its notices.
    Jurisdiction(JurisdictionId),
    /// An account as it is.
    Account(AccountFacts),
    /// An account as it is to be: the role and the jurisdiction that it gets.
    Placement {
        /// The role.
        role: Role,
        /// The jurisdiction.
        jurisdiction: JurisdictionId,
    },
    /// A session.
    Session {
        /// Whose it is.
        owner: AccountId,
        /// Whether it is over.
        ended: bool,
    },
    /// An API key.
    ApiKey {
        /// Whose it is.
        owner: AccountFacts,
        /// Whether it was revoked.
        revoked: bool,
    },
}

/// What decisions about a notice depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeFacts {
    /// Whose it is.
    pub jurisdiction: JurisdictionId,
    /// Where it stands.
    pub state: NoticeState,
    /// How far it is disclosed.
    pub disclosure: Option<Disclosure>,
}

/// What decisions about a task depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskFacts {
    /// Its notice.
    pub notice: NoticeFacts,
    /// The part that the viewer's unit has in it, by itself or as a member of a collective unit.
    pub part: Option<AssignmentRole>,
    /// Whether the unit claims that it is done.
    pub claimed: bool,
    /// Whether the office has accepted that it is done.
    pub closed: bool,
    /// Whether it is suspended.
    pub suspended: bool,
}

/// What decisions about a report depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportFacts {
    /// The notice of its task.
    pub notice: NoticeFacts,
    /// Whose it is.
    pub unit: UnitId,
    /// Where it stands.
    pub state: ReportState,
}

/// What decisions about an account depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// Which it is.
    pub id: AccountId,
    /// Its role.
    pub role: Role,
    /// Its jurisdiction.
    pub jurisdiction: JurisdictionId,
    /// Whether it is locked.
    pub locked: bool,
}

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

/// The permit for an action on all of these resources, or the first decision against it.
///
/// # Errors
/// [`Decision::Forbid`] or [`Decision::Hide`].
pub fn authorise(viewer: &Viewer, action: Action, resources: &[Resource]) -> Result<Permit, Decision> {
    // Without a resource there still is the rule for the action as such.
    general(viewer, action).map_err(Decision::Forbid)?;
    for resource in resources {
        match decide(viewer, action, resource) {
            Decision::Allow => {}
            against => return Err(against),
        }
    }
    Ok(Permit { action, viewer: viewer.clone() })
}

/// Whether a viewer may do an action to a resource now.
#[must_use]
pub fn decide(viewer: &Viewer, action: Action, resource: &Resource) -> Decision {
    // What the viewer may do to nothing tells nothing of this resource. After that, what is hidden is hidden before anything is said
    // of it.
    if let Err(reason) = general(viewer, action) {
        return Decision::Forbid(reason);
    }
    if hidden(viewer, resource) {
        return Decision::Hide;
    }
    match particular(viewer, action, resource) {
        Ok(()) => Decision::Allow,
        Err(reason) => Decision::Forbid(reason),
    }
}

/// Whether a viewer may do an action to anything at all.
///
/// # Errors
/// Why not.
pub fn general(viewer: &Viewer, action: Action) -> Result<(), Reason> {
    if matches!(action, Action::ReadNotice | Action::SignIn | Action::RefreshSession) {
        return Ok(());
    }
    let actor = match viewer {
        Viewer::Public => return Err(Reason::SignInFirst),
        Viewer::Operator => return if has_account(action) { Err(Reason::NotSignedInHere) } else { Ok(()) },
        Viewer::Account(actor) => actor,
    };
    credential_may(actor.credential, action)?;
    if actor.password_temporary && !before_first_password(action) {
        return Err(Reason::PasswordTemporary);
    }
    if role_may(actor.role, action) { Ok(()) } else { Err(Reason::RoleMayNot) }
}

/// What a viewer may do to something at least.
#[must_use]
pub fn actions(viewer: &Viewer) -> Vec<Action> {
    Action::iter().filter(|action| general(viewer, *action).is_ok()).collect()
}

fn role_may(role: Role, action: Action) -> bool {
    match action {
        // What anybody signed in may do to what is theirs, and reading.
        Action::ReadNotice
        | Action::ReadAccount
        | Action::SignIn
        | Action::RefreshSession
        | Action::SignOut
        | Action::SignOutEverywhere
        | Action::EndSession
        | Action::ChangePassword
        | Action::CreateApiKey
        | Action::RevokeApiKey => true,
        Action::ReadAudit
        | Action::CreateAccount
        | Action::ChangeAccount
        | Action::TransferAccount
        | Action::LockAccount
        | Action::UnlockAccount
        | Action::ResetPassword => matches!(role, Role::Office | Role::Admin),
        Action::ReadCompliance => matches!(role, Role::Unit | Role::Office | Role::Leader),
        Action::SubmitProgress | Action::ClaimCompletion => role == Role::Unit,
        Action::SavePlan | Action::AllocateTarget | Action::ResolveBlocker => matches!(role, Role::Unit | Role::Office),
        Action::RecordMeeting => matches!(role, Role::Office | Role::Leader),
        Action::ReviewProgress
        | Action::AcceptCompletion
        | Action::ReturnCompletion
        | Action::SuspendTask
        | Action::ResumeTask
        | Action::ExtendTask
        | Action::ChangeReporting
        | Action::AdoptRuleSet => role == Role::Office,
        // By the service itself, and by the commands of the program.
        Action::WatchTime | Action::RotateSigningKeys | Action::ChangeDocuments => false,
    }
}

fn credential_may(credential: Credential, action: Action) -> Result<(), Reason> {
    match credential {
        Credential::Session(_) => Ok(()),
        Credential::External => {
            if matches!(action, Action::SignOut | Action::ChangePassword) {
                Err(Reason::NotSignedInHere)
            } else {
                Ok(())
            }
        }
        Credential::ApiKey(..) if reads(action) => Ok(()),
        Credential::ApiKey(_, ApiKeyRights::Read) => Err(Reason::ReadOnlyKey),
        Credential::ApiKey(_, ApiKeyRights::Full) => {
            // Neither for its own account nor for others: what a key could open would stay open when the key is revoked.
            if has_account(action) || keeps_accounts(action) { Err(Reason::NotByKey) } else { Ok(()) }
        }
    }
}

/// Actions that change nothing.
fn reads(action: Action) -> bool {
    matches!(action, Action::ReadNotice | Action::ReadAccount | Action::ReadAudit | Action::ReadCompliance)
}

/// Actions on how the asking account itself signs in.
fn has_account(action: Action) -> bool {
    matches!(
        action,
        Action::SignOut
            | Action::SignOutEverywhere
            | Action::EndSession
            | Action::ChangePassword
            | Action::CreateApiKey
            | Action::RevokeApiKey
    )
}

/// Actions on how other accounts sign in and what they may.
fn keeps_accounts(action: Action) -> bool {
    matches!(
        action,
        Action::CreateAccount
            | Action::ChangeAccount
            | Action::TransferAccount
            | Action::LockAccount
            | Action::UnlockAccount
            | Action::ResetPassword
    )
}

/// What is left to an account whose password somebody else knows.
fn before_first_password(action: Action) -> bool {
    matches!(action, Action::ReadAccount | Action::SignOut | Action::SignOutEverywhere | Action::EndSession | Action::ChangePassword)
}

fn hidden(viewer: &Viewer, resource: &Resource) -> bool {
    match (viewer, resource) {
        (Viewer::Operator, _)
        | (_, Resource::Installation | Resource::Placement { .. } | Resource::Compliance(_) | Resource::Jurisdiction(_)) => false,
        (viewer, Resource::Notice(notice) | Resource::Task(TaskFacts { notice, .. })) => notice_hidden(viewer, notice),
        (viewer, Resource::Report(report)) => report_hidden(viewer, report),
        (viewer, Resource::Blocker { report, .. }) => {
            let seen = viewer.actor().is_some_and(|actor| reads_internals(actor, report.notice.jurisdiction) || reports_for(actor, report));
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
    !published && !viewer.actor().is_some_and(|actor| reads_internals(actor, notice.jurisdiction))
}

/// An accepted report is as public as its notice; until then it is internal, and a draft its own unit's.
fn report_hidden(viewer: &Viewer, report: &ReportFacts) -> bool {
    let seen = match report.state {
        ReportState::Accepted => true,
        ReportState::Submitted | ReportState::Returned => {
            viewer.actor().is_some_and(|actor| reads_internals(actor, report.notice.jurisdiction) || reports_for(actor, report))
        }
        ReportState::Draft => viewer.actor().is_some_and(|actor| reports_for(actor, report)),
    };
    !seen || notice_hidden(viewer, &report.notice)
}

fn reads_internals(actor: &Actor, jurisdiction: JurisdictionId) -> bool {
    actor.internal().contains(&jurisdiction)
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

/// Whether one role may give another: no more than it has.
fn gives(role: Role, given: Role) -> bool {
    match role {
        Role::Admin => true,
        Role::Office => matches!(given, Role::Unit | Role::Leader | Role::Deputy),
        Role::Unit | Role::Leader | Role::Deputy => false,
    }
}

fn particular(viewer: &Viewer, action: Action, resource: &Resource) -> Result<(), Reason> {
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
            if !reads(action) && actor.is_some_and(|actor| actor.id == account.id) && !has_account(action) {
                return Err(Reason::OwnAccount);
            }
            match action {
                Action::LockAccount if account.locked => Err(Reason::AlreadyLocked),
                Action::UnlockAccount if !account.locked => Err(Reason::NotLocked),
                _ => Ok(()),
            }
        }
        Resource::Notice(_) | Resource::Task(_) | Resource::Report(_) | Resource::Blocker { .. } if reads(action) => Ok(()),
        Resource::Notice(notice) => actor.map_or(Ok(()), |actor| supervises(actor, notice.jurisdiction)).and(in_force(notice)),
        Resource::Task(task) => on_task(actor, action, task),
        Resource::Report(report) => actor.map_or(Ok(()), |actor| supervises(actor, report.notice.jurisdiction)),
        Resource::Blocker { report, open } => {
            match actor {
                Some(actor) if actor.role == Role::Unit && !reports_for(actor, report) => return Err(Reason::NotYourReport),
                Some(actor) if actor.role != Role::Unit => supervises(actor, report.notice.jurisdiction)?,
                _ => {}
            }
            if *open { Ok(()) } else { Err(Reason::AlreadyEnded) }
        }
        Resource::Compliance(jurisdiction) => match actor {
            Some(actor) if !reads_internals(actor, *jurisdiction) => Err(Reason::InternalElsewhere),
            _ => Ok(()),
        },
        Resource::Jurisdiction(jurisdiction) => actor.map_or(Ok(()), |actor| supervises(actor, *jurisdiction)),
    }
}

/// What is done to a task: by the units that have a part in it, and by its office.
fn on_task(actor: Option<&Actor>, action: Action, task: &TaskFacts) -> Result<(), Reason> {
    match actor {
        Some(actor) if actor.role == Role::Unit => match (action, task.part) {
            (_, None) => return Err(Reason::NotAssigned),
            (Action::SubmitProgress, Some(_)) | (_, Some(AssignmentRole::Lead)) => {}
            (_, Some(AssignmentRole::Supporting)) => return Err(Reason::NotLead),
        },
        Some(actor) => supervises(actor, task.notice.jurisdiction)?,
        None => {}
    }
    in_force(&task.notice)?;
    match action {
        _ if task.closed => Err(Reason::TaskClosed),
        Action::ResumeTask if !task.suspended => Err(Reason::NotSuspended),
        Action::SubmitProgress | Action::ClaimCompletion | Action::SuspendTask if task.suspended => Err(Reason::TaskSuspended),
        Action::ClaimCompletion if task.claimed => Err(Reason::AlreadyClaimed),
        Action::AcceptCompletion | Action::ReturnCompletion if !task.claimed => Err(Reason::NotClaimed),
        _ => Ok(()),
    }
}

/// An office works in its own jurisdiction; one above reads, and does not edit a district's data.
fn supervises(actor: &Actor, jurisdiction: JurisdictionId) -> Result<(), Reason> {
    if actor.jurisdiction_id == jurisdiction { Ok(()) } else { Err(Reason::OtherJurisdiction) }
}

fn in_force(notice: &NoticeFacts) -> Result<(), Reason> {
    if notice.state == NoticeState::Issued { Ok(()) } else { Err(Reason::NotIssued) }
}

impl From<&Account> for AccountFacts {
    fn from(account: &Account) -> Self {
        Self { id: account.id, role: account.role, jurisdiction: account.jurisdiction_id, locked: account.lock.is_some() }
    }
}

impl From<&Notice> for NoticeFacts {
    fn from(notice: &Notice) -> Self {
        Self { jurisdiction: notice.jurisdiction_id, state: notice.state, disclosure: notice.disclosure }
    }
}
