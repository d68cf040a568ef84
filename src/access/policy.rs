//! Who may do what to what: one pure function, and the proof of its consent that every write asks for.

use entity::{AccountId, Action, ApiKeyRights, Disclosure, JurisdictionId, NoticeState, Role};
use sea_orm::Iterable as _;

use super::{
    reason::Reason,
    viewer::{Actor, Credential, Viewer},
};
use crate::domain::account::Account;

/// What an action is done to, with what the decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Nothing that belongs to anybody.
    Installation,
    /// A notice, and all that hangs on it.
    Notice {
        /// Whose it is.
        jurisdiction: JurisdictionId,
        /// Where it stands.
        state: NoticeState,
        /// How far it is disclosed.
        disclosure: Option<Disclosure>,
    },
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
        Action::ReadAudit => matches!(role, Role::Office | Role::Admin),
        // By the commands of the program alone.
        Action::RotateSigningKeys => false,
        action => !keeps_accounts(action) || matches!(role, Role::Office | Role::Admin),
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
    matches!(action, Action::ReadNotice | Action::ReadAccount | Action::ReadAudit)
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
        (Viewer::Operator, _) | (_, Resource::Installation | Resource::Placement { .. }) => false,
        (viewer, Resource::Notice { jurisdiction, state, disclosure }) => {
            let published = *state == NoticeState::Issued && matches!(disclosure, None | Some(Disclosure::Proactive));
            let internal = viewer.actor().is_some_and(|actor| actor.internal().contains(jurisdiction));
            !published && !internal
        }
        (Viewer::Public, _) => true,
        (Viewer::Account(actor), Resource::Account(account) | Resource::ApiKey { owner: account, .. }) => {
            actor.id != account.id && !administers(actor, account)
        }
        (Viewer::Account(actor), Resource::Session { owner, .. }) => actor.id != *owner,
    }
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
    match resource {
        Resource::Session { ended: true, .. } | Resource::ApiKey { revoked: true, .. } => Err(Reason::AlreadyEnded),
        Resource::Installation | Resource::Notice { .. } | Resource::Session { .. } | Resource::ApiKey { .. } => Ok(()),
        Resource::Placement { role, jurisdiction } => {
            let Some(actor) = viewer.actor() else { return Ok(()) };
            if !gives(actor.role, *role) {
                Err(Reason::MoreThanYouHave)
            } else if actor.role != Role::Admin && !actor.subtree.contains(jurisdiction) {
                Err(Reason::OutsideJurisdiction)
            } else {
                Ok(())
            }
        }
        Resource::Account(account) => {
            if !reads(action) && viewer.actor().is_some_and(|actor| actor.id == account.id) && !has_account(action) {
                return Err(Reason::OwnAccount);
            }
            match action {
                Action::LockAccount if account.locked => Err(Reason::AlreadyLocked),
                Action::UnlockAccount if !account.locked => Err(Reason::NotLocked),
                _ => Ok(()),
            }
        }
    }
}

impl From<&Account> for AccountFacts {
    fn from(account: &Account) -> Self {
        Self { id: account.id, role: account.role, jurisdiction: account.jurisdiction_id, locked: account.lock.is_some() }
    }
}
