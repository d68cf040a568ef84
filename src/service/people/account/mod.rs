//! Accounts: made, changed, transferred, locked, unlocked, and given another password, by those who look after them.

mod check;

use std::collections::HashMap;

use entity::{AccountId, Action, AuditSubject, Role, SessionEnd, UnitId};

use self::check::{check_subject, check_taken, check_unit, jurisdiction};
use crate::{
    access::{
        password::{self, Names, Password},
        policy::Resource,
        reason::Reason,
    },
    domain::{
        audit::Changes,
        people::account::{Account, Lock, Username},
    },
    service::{
        Call, Fault, Refusal, Service,
        call::{password_fault, username_fault},
    },
    store::{Record, Sessions, Visible},
};

/// The longest reason for a lock, in characters.
const LONGEST_REASON: usize = 200;

/// An account to make.
#[derive(Debug)]
pub struct NewAccount {
    /// The name to sign in with.
    pub username: String,
    /// Its role.
    pub role: Role,
    /// The code of its jurisdiction.
    pub jurisdiction: String,
    /// Its unit: of a unit account, and of no other.
    pub unit: Option<UnitId>,
    /// The subject at the configured issuer of identities.
    pub external_subject: Option<String>,
    /// The way to sign in here.
    pub password: InitialPassword,
}

/// The first password of an account.
#[derive(Debug)]
pub enum InitialPassword {
    /// A random one, shown once, which must be changed first.
    Generated,
    /// This one.
    Given(Password),
    /// None: it signs in with the issuer alone.
    None,
}

/// An account with the password that was generated for it, which is not shown again.
#[derive(Debug)]
pub struct WithPassword {
    /// The account.
    pub account: Account,
    /// The password.
    pub password: Option<Password>,
}

/// The changes of an account; a value of `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Another name.
    pub username: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// The unit, where the role becomes that of a unit.
    pub unit: Option<UnitId>,
    /// Another subject of the issuer, or no subject.
    pub external_subject: Option<Option<String>>,
}

/// Where an account is transferred to.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The code of the jurisdiction.
    pub jurisdiction: String,
    /// The unit, of a unit account.
    pub unit: Option<UnitId>,
}

impl Service {
    /// Makes an account.
    ///
    /// # Errors
    /// The viewer may not, or the input cannot be.
    pub async fn create_account(&self, call: &Call, new: NewAccount) -> Result<WithPassword, Refusal> {
        self.attempt(call, Action::CreateAccount, None, |entitled| async move {
            let visible = self.visible(call);
            let mut faults = Vec::new();
            let username =
                Username::new(&new.username).and_then(Username::unmixed).map_err(|fault| faults.push(username_fault(fault))).ok();
            let jurisdiction = jurisdiction(&visible, &new.jurisdiction, &mut faults).await?;
            check_unit(&visible, new.role, jurisdiction, new.unit, &mut faults).await?;
            check_subject(new.external_subject.as_deref(), &mut faults);
            if let (InitialPassword::Given(password), Some(username)) = (&new.password, &username) {
                let weaknesses = password::weaknesses(password, username.as_str(), &known_names(&visible).await?);
                faults.extend(weaknesses.into_iter().map(|weakness| password_fault(weakness, "password")));
            }
            if matches!((&new.password, &new.external_subject), (InitialPassword::None, None)) {
                faults.push(Fault::new(
                    "CANNOT_SIGN_IN",
                    "password",
                    "账号须有密码或外部身份。",
                    "An account needs a password or an external subject.",
                ));
            }
            let placements = jurisdiction.map(|jurisdiction| Resource::Placement { role: new.role, jurisdiction });
            let permit = entitled.permit(placements.as_slice())?;
            let (Some(username), Some(jurisdiction_id), true) = (username, jurisdiction, faults.is_empty()) else {
                return Err(Refusal::Faults(faults));
            };
            let at = call.occasion.at;
            let (first, shown) = match new.password {
                InitialPassword::Generated => (Some(password::generate(username.as_str())?), true),
                InitialPassword::Given(password) => (Some(password), false),
                InitialPassword::None => (None, false),
            };
            let password = if shown { first.as_ref().map(|password| Password::new(password.reveal())) } else { None };
            let hash = match first {
                Some(password) => Some(self.hasher.hash(password).await?),
                None => None,
            };
            let account = Account {
                id: AccountId::generate(),
                username,
                role: new.role,
                jurisdiction_id,
                unit_id: new.unit,
                has_password: hash.is_some(),
                password_temporary: shown,
                external_subject: new.external_subject,
                demonstration: self.demonstration,
                lock: None,
                version: 1,
                created_at: at,
                changed_at: at,
                changed_by: changed_by(call),
            };
            let mut changes = difference(&visible, None, &account).await?;
            if hash.is_some() {
                changes = changes.with_secret("password");
            }
            let writer = self.database.writing(permit).await?;
            check_taken(&writer, None, &account).await?;
            writer.add_account(&account).await?;
            if let Some(hash) = hash {
                writer.set_password(account.id, hash.as_str(), shown).await?;
            }
            writer.commit(&call.occasion, about(&account).with(changes)).await?;
            Ok(WithPassword { account, password })
        })
        .await
    }

    /// Changes an account's name, role or subject of the issuer.
    ///
    /// # Errors
    /// The account is not there for the viewer, the viewer may not, the input cannot be, or the version is old.
    pub async fn change_account(&self, call: &Call, id: AccountId, expected: i64, change: AccountChange) -> Result<Account, Refusal> {
        self.attempt(call, Action::ChangeAccount, Some((AuditSubject::Account, id.0)), |entitled| async move {
            let visible = self.visible(call);
            let before = visible.account(id).await?.ok_or(Refusal::NotFound)?;
            let mut after = before.clone();
            after.role = change.role.unwrap_or(before.role);
            let placement = Resource::Placement { role: after.role, jurisdiction: after.jurisdiction_id };
            let permit = entitled.permit(&[Resource::Account((&before).into()), placement])?;
            let mut faults = Vec::new();
            if let Some(name) = &change.username {
                let name = Username::new(name);
                // Another form of its present name is not checked again.
                let is_another = |name: &Username| name.key() != before.username.key();
                match name.and_then(|name| if is_another(&name) { name.unmixed() } else { Ok(name) }) {
                    Ok(name) => after.username = name,
                    Err(fault) => faults.push(username_fault(fault)),
                }
            }
            after.unit_id = if after.role == Role::Unit { change.unit.or(before.unit_id) } else { change.unit };
            check_unit(&visible, after.role, Some(after.jurisdiction_id), after.unit_id, &mut faults).await?;
            if let Some(subject) = change.external_subject {
                check_subject(subject.as_deref(), &mut faults);
                after.external_subject = subject;
            }
            if !after.has_password && after.external_subject.is_none() {
                faults.push(Fault::new(
                    "CANNOT_SIGN_IN",
                    "externalSubject",
                    "账号没有密码，去掉外部身份后将无法登录：请先重置密码。",
                    "The account has no password, and without an external subject nobody could sign in with it: reset its password first.",
                ));
            }
            if !faults.is_empty() {
                return Err(Refusal::Faults(faults));
            }
            self.alter(call, permit, expected, before, after, Consequence::None).await
        })
        .await
    }

    /// Transfers an account to another jurisdiction, or a unit account to another unit.
    ///
    /// # Errors
    /// The account is not there for the viewer, the viewer may not, the input cannot be, or the version is old.
    pub async fn transfer_account(&self, call: &Call, id: AccountId, expected: i64, to: Transfer) -> Result<Account, Refusal> {
        self.attempt(call, Action::TransferAccount, Some((AuditSubject::Account, id.0)), |entitled| async move {
            let visible = self.visible(call);
            let before = visible.account(id).await?.ok_or(Refusal::NotFound)?;
            let mut faults = Vec::new();
            let jurisdiction = jurisdiction(&visible, &to.jurisdiction, &mut faults).await?;
            let mut resources = vec![Resource::Account((&before).into())];
            resources.extend(jurisdiction.map(|jurisdiction| Resource::Placement { role: before.role, jurisdiction }));
            let permit = entitled.permit(&resources)?;
            check_unit(&visible, before.role, jurisdiction, to.unit, &mut faults).await?;
            let (Some(jurisdiction_id), true) = (jurisdiction, faults.is_empty()) else { return Err(Refusal::Faults(faults)) };
            let after = Account { jurisdiction_id, unit_id: to.unit, ..before.clone() };
            self.alter(call, permit, expected, before, after, Consequence::None).await
        })
        .await
    }

    /// Locks an account: it can no longer sign in, and its sessions end.
    ///
    /// # Errors
    /// The account is not there for the viewer, the viewer may not, no reason is given, or the version is old.
    pub async fn lock_account(&self, call: &Call, id: AccountId, expected: i64, reason: &str) -> Result<Account, Refusal> {
        self.attempt(call, Action::LockAccount, Some((AuditSubject::Account, id.0)), |entitled| async move {
            let before = self.visible(call).account(id).await?.ok_or(Refusal::NotFound)?;
            let permit = entitled.permit(&[Resource::Account((&before).into())])?;
            let reason = reason.trim();
            if reason.is_empty() || reason.chars().count() > LONGEST_REASON || reason.contains(char::is_control) {
                return Err(Refusal::Faults(vec![Fault::new(
                    "REASON",
                    "reason",
                    format!("请写明锁定原因，至多 {LONGEST_REASON} 个字。"),
                    format!("Say why it is locked, in at most {LONGEST_REASON} characters."),
                )]));
            }
            let after = Account { lock: Some(Lock { at: call.occasion.at, reason: reason.to_owned() }), ..before.clone() };
            self.alter(call, permit, expected, before, after, Consequence::Ends(SessionEnd::AccountChanged)).await
        })
        .await
    }

    /// Unlocks an account.
    ///
    /// # Errors
    /// The account is not there for the viewer, the viewer may not, or the version is old.
    pub async fn unlock_account(&self, call: &Call, id: AccountId, expected: i64) -> Result<Account, Refusal> {
        self.attempt(call, Action::UnlockAccount, Some((AuditSubject::Account, id.0)), |entitled| async move {
            let before = self.visible(call).account(id).await?.ok_or(Refusal::NotFound)?;
            let permit = entitled.permit(&[Resource::Account((&before).into())])?;
            let after = Account { lock: None, ..before.clone() };
            self.alter(call, permit, expected, before, after, Consequence::None).await
        })
        .await
    }

    /// Gives an account a new random password, which must be changed first. Its sessions and API keys end: whatever was got in with
    /// before is out.
    ///
    /// # Errors
    /// The account is not there for the viewer, the viewer may not, or the version is old.
    pub async fn reset_password(&self, call: &Call, id: AccountId, expected: i64) -> Result<WithPassword, Refusal> {
        self.attempt(call, Action::ResetPassword, Some((AuditSubject::Account, id.0)), |entitled| async move {
            let before = self.visible(call).account(id).await?.ok_or(Refusal::NotFound)?;
            let permit = entitled.permit(&[Resource::Account((&before).into())])?;
            let password = password::generate(before.username.as_str())?;
            let hash = self.hasher.hash(Password::new(password.reveal())).await?;
            let after = Account { has_password: true, password_temporary: true, ..before.clone() };
            let account = self.alter(call, permit, expected, before, after, Consequence::Password(hash.as_str().to_owned())).await?;
            Ok(WithPassword { account, password: Some(password) })
        })
        .await
    }

    /// Changes an account from its former state to its new state, in one transaction.
    async fn alter(
        &self,
        call: &Call,
        permit: crate::access::policy::Permit,
        expected: i64,
        before: Account,
        mut after: Account,
        consequence: Consequence,
    ) -> Result<Account, Refusal> {
        if i64::from(before.version) != expected {
            return Err(Refusal::Stale(Box::new((&before).into())));
        }
        let at = call.occasion.at;
        after.changed_at = at;
        after.changed_by = changed_by(call);
        let mut changes = difference(&self.visible(call), Some(&before), &after).await?;
        let writer = self.database.writing(permit).await?;
        check_taken(&writer, Some(&before), &after).await?;
        if !writer.change_account(&after).await? {
            // This is not done while holding the turn: a waiting writer may hold the connection that reading needs.
            writer.abandon().await?;
            let now = self.visible(call).account(before.id).await?.ok_or(Refusal::NotFound)?;
            return Err(Refusal::Stale(Box::new((&now).into())));
        }
        match consequence {
            Consequence::None => {}
            Consequence::Ends(reason) => {
                changes = changes.with("openSessions", writer.end_sessions(Sessions::Of(after.id), reason, at).await?, 0);
            }
            Consequence::Password(hash) => {
                writer.set_password(after.id, &hash, true).await?;
                writer.revoke_api_keys(after.id, at).await?;
                let ended = writer.end_sessions(Sessions::Of(after.id), SessionEnd::PasswordChanged, at).await?;
                changes = changes.with("openSessions", ended, 0).with_secret("password");
            }
        }
        // Writers take turns, so two admins cannot lock each other out at once.
        if before.role == Role::Admin && writer.working_admins().await? == 0 {
            return Err(Refusal::Forbidden(Reason::LastAdmin));
        }
        after.version = after.version.saturating_add(1);
        writer.commit(&call.occasion, about(&after).with(changes)).await?;
        Ok(after)
    }
}

/// The consequences of a change of an account.
enum Consequence {
    None,
    /// Its sessions end.
    Ends(SessionEnd),
    /// It gets a password with this hash, and its sessions and API keys end.
    Password(String),
}

/// The account's record in the audit, for the office of the jurisdiction that it is in now.
pub(in crate::service) fn about(account: &Account) -> Record {
    Record::done().about(AuditSubject::Account, account.id.0).within(account.jurisdiction_id)
}

/// The names of units and places, which everybody knows and tries.
pub(in crate::service) async fn known_names(visible: &Visible) -> Result<Names, Refusal> {
    Ok(visible.names_of_all().await?.iter().map(String::as_str).collect())
}

/// The name of the account that changes something; `None` for the commands of this program.
pub(in crate::service) fn changed_by(call: &Call) -> Option<String> {
    call.viewer.actor().map(|actor| actor.username.clone())
}

/// The changed values of an account, in the words that people know: codes and names rather than ids.
async fn difference(visible: &Visible, before: Option<&Account>, after: &Account) -> Result<Changes, Refusal> {
    let tree = visible.jurisdictions().await?;
    let code = |account: &Account| tree.by_id(account.jurisdiction_id).map(|jurisdiction| jurisdiction.code.clone());
    let ids: Vec<UnitId> = before.into_iter().chain([after]).filter_map(|account| account.unit_id).collect();
    let units = if ids.is_empty() { HashMap::new() } else { visible.units_by_id(&ids).await? };
    let unit = |account: &Account| account.unit_id.and_then(|id| units.get(&id)).map(|unit| unit.name.clone());
    Ok(Changes::default()
        .with("username", before.map(|account| account.username.as_str()), after.username.as_str())
        .with("role", before.map(|account| account.role), after.role)
        .with("jurisdiction", before.and_then(code), code(after))
        .with("unit", before.and_then(unit), unit(after))
        .with("externalSubject", before.and_then(|account| account.external_subject.as_deref()), after.external_subject.as_deref())
        .with("lockReason", before.and_then(lock_reason), lock_reason(after)))
}

fn lock_reason(account: &Account) -> Option<&str> {
    account.lock.as_ref().map(|lock| lock.reason.as_str())
}
