//! Accounts: made, changed, transferred, locked, unlocked, and given another password, by those who look after them.

use entity::{AccountId, Action, AuditSubject, JurisdictionId, Role, SessionEnd, UnitId, UnitKind};

use super::{Call, Fault, Refusal, Service};
use crate::{
    access::{
        issuer::SUBJECT_LENGTH,
        password::{self, Password},
        policy::Resource,
        reason::Reason,
    },
    domain::{
        account::{Account, Lock, Username},
        audit::Changes,
    },
    store::{Record, Sessions, Taken, Visible, Writer},
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
    /// Who it is at the configured issuer of identities.
    pub external_subject: Option<String>,
    /// What it signs in with here.
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

/// What to change of an account; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Another name.
    pub username: Option<String>,
    /// Another role.
    pub role: Option<Role>,
    /// The unit, where the role becomes that of a unit.
    pub unit: Option<UnitId>,
    /// Another subject of the issuer, or none.
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
        self.attempt(call, Action::CreateAccount, None, async {
            let visible = self.visible(call);
            let mut faults = Vec::new();
            let username = Username::new(&new.username).map_err(|fault| faults.push(Fault::of_username(fault))).ok();
            let jurisdiction = jurisdiction(&visible, &new.jurisdiction, &mut faults).await?;
            check_unit(&visible, new.role, jurisdiction, new.unit, &mut faults).await?;
            check_subject(new.external_subject.as_deref(), &mut faults);
            if let (InitialPassword::Given(password), Some(username)) = (&new.password, &username) {
                let weaknesses = password::weaknesses(password, username.as_str());
                faults.extend(weaknesses.into_iter().map(|weakness| Fault::of_password(weakness, "password")));
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
            let permit = Self::authorise(call, Action::CreateAccount, placements.as_slice())?;
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
            check_taken(&writer, &account).await?;
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
        self.attempt(call, Action::ChangeAccount, Some((AuditSubject::Account, id.0)), async {
            let visible = self.visible(call);
            let before = visible.account(id).await?.ok_or(Refusal::NotFound)?;
            let mut after = before.clone();
            after.role = change.role.unwrap_or(before.role);
            let placement = Resource::Placement { role: after.role, jurisdiction: after.jurisdiction_id };
            let permit = Self::authorise(call, Action::ChangeAccount, &[Resource::Account((&before).into()), placement])?;
            let mut faults = Vec::new();
            if let Some(name) = &change.username {
                match Username::new(name) {
                    Ok(name) => after.username = name,
                    Err(fault) => faults.push(Fault::of_username(fault)),
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
        self.attempt(call, Action::TransferAccount, Some((AuditSubject::Account, id.0)), async {
            let visible = self.visible(call);
            let before = visible.account(id).await?.ok_or(Refusal::NotFound)?;
            let mut faults = Vec::new();
            let jurisdiction = jurisdiction(&visible, &to.jurisdiction, &mut faults).await?;
            let mut resources = vec![Resource::Account((&before).into())];
            resources.extend(jurisdiction.map(|jurisdiction| Resource::Placement { role: before.role, jurisdiction }));
            let permit = Self::authorise(call, Action::TransferAccount, &resources)?;
            check_unit(&visible, before.role, jurisdiction, to.unit, &mut faults).await?;
            let (Some(jurisdiction_id), true) = (jurisdiction, faults.is_empty()) else { return Err(Refusal::Faults(faults)) };
            let after = Account { jurisdiction_id, unit_id: to.unit, ..before.clone() };
            self.alter(call, permit, expected, before, after, Consequence::None).await
        })
        .await
    }

    /// Locks an account: nobody signs in with it, and what was open ends.
    ///
    /// # Errors
    /// The account is not there for the viewer, the viewer may not, no reason is given, or the version is old.
    pub async fn lock_account(&self, call: &Call, id: AccountId, expected: i64, reason: &str) -> Result<Account, Refusal> {
        self.attempt(call, Action::LockAccount, Some((AuditSubject::Account, id.0)), async {
            let before = self.visible(call).account(id).await?.ok_or(Refusal::NotFound)?;
            let permit = Self::authorise(call, Action::LockAccount, &[Resource::Account((&before).into())])?;
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
        self.attempt(call, Action::UnlockAccount, Some((AuditSubject::Account, id.0)), async {
            let before = self.visible(call).account(id).await?.ok_or(Refusal::NotFound)?;
            let permit = Self::authorise(call, Action::UnlockAccount, &[Resource::Account((&before).into())])?;
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
        self.attempt(call, Action::ResetPassword, Some((AuditSubject::Account, id.0)), async {
            let before = self.visible(call).account(id).await?.ok_or(Refusal::NotFound)?;
            let permit = Self::authorise(call, Action::ResetPassword, &[Resource::Account((&before).into())])?;
            let password = password::generate(before.username.as_str())?;
            let hash = self.hasher.hash(Password::new(password.reveal())).await?;
            let after = Account { has_password: true, password_temporary: true, ..before.clone() };
            let account = self.alter(call, permit, expected, before, after, Consequence::Password(hash.as_str().to_owned())).await?;
            Ok(WithPassword { account, password: Some(password) })
        })
        .await
    }

    /// Brings an account from what it was to what it is to be, in one transaction.
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
        check_taken(&writer, &after).await?;
        if !writer.change_account(&after).await? {
            // Not while holding the turn: whoever waits for it may hold the connection that reading needs.
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

/// What a change of an account entails.
enum Consequence {
    None,
    /// Its sessions end.
    Ends(SessionEnd),
    /// It gets a password with this hash, and its sessions and API keys end.
    Password(String),
}

/// The account's record in the audit, for the office of the jurisdiction that it is in now.
pub(super) fn about(account: &Account) -> Record {
    Record::done().about(AuditSubject::Account, account.id.0).within(account.jurisdiction_id)
}

/// The name of whoever changes something; none for the commands of this program.
pub(super) fn changed_by(call: &Call) -> Option<String> {
    call.viewer.actor().map(|actor| actor.username.clone())
}

/// What changed of an account, in the words that people know: codes and names rather than ids.
async fn difference(visible: &Visible, before: Option<&Account>, after: &Account) -> Result<Changes, Refusal> {
    let tree = visible.jurisdictions().await?;
    let code = |account: &Account| tree.by_id(account.jurisdiction_id).map(|jurisdiction| jurisdiction.code.clone());
    let ids: Vec<UnitId> = before.into_iter().chain([after]).filter_map(|account| account.unit_id).collect();
    let units = visible.units_by_id(&ids).await?;
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

async fn jurisdiction(visible: &Visible, code: &str, faults: &mut Vec<Fault>) -> Result<Option<JurisdictionId>, Refusal> {
    let found = visible.jurisdictions().await?.by_code(code).map(|jurisdiction| jurisdiction.id);
    if found.is_none() {
        faults.push(Fault::new(
            "UNKNOWN_JURISDICTION",
            "jurisdiction",
            "没有这个辖区：请用 jurisdictions 查询返回的 code。",
            "There is no such jurisdiction: use a `code` that `jurisdictions` returns.",
        ));
    }
    Ok(found)
}

/// A unit account has a unit of its own jurisdiction that does work itself; no other account has one.
async fn check_unit(
    visible: &Visible,
    role: Role,
    jurisdiction: Option<JurisdictionId>,
    unit: Option<UnitId>,
    faults: &mut Vec<Fault>,
) -> Result<(), Refusal> {
    match (role, unit) {
        (Role::Unit, None) => {
            faults.push(Fault::new("UNIT_REQUIRED", "unit", "单位账号须指定单位。", "A unit account needs a unit."));
        }
        (Role::Unit, Some(id)) => {
            let found = visible.units_by_id(&[id]).await?.remove(&id);
            let fits = found.is_some_and(|unit| {
                unit.kind != UnitKind::Collective && jurisdiction.is_none_or(|jurisdiction| jurisdiction == unit.jurisdiction_id)
            });
            if !fits {
                faults.push(Fault::new(
                    "UNIT_MISMATCH",
                    "unit",
                    "该单位不存在、不属于该辖区，或是集合单位：请选择该辖区的一个具体单位。",
                    "There is no such unit, it belongs to another jurisdiction, or it is collective: choose one unit of the jurisdiction.",
                ));
            }
        }
        (_, Some(_)) => {
            faults.push(Fault::new(
                "UNIT_UNEXPECTED",
                "unit",
                "只有单位账号才有单位，请去掉。",
                "Only a unit account has a unit; leave it out.",
            ));
        }
        (_, None) => {}
    }
    Ok(())
}

fn check_subject(subject: Option<&str>, faults: &mut Vec<Fault>) {
    let Some(subject) = subject else { return };
    if subject.trim().is_empty() || subject.len() > SUBJECT_LENGTH || subject.contains(char::is_control) {
        faults.push(Fault::new(
            "EXTERNAL_SUBJECT",
            "externalSubject",
            format!("外部身份须为 1 至 {SUBJECT_LENGTH} 个字节，与统一身份认证中的标识完全一致。"),
            format!("An external subject has 1 to {SUBJECT_LENGTH} bytes, exactly as the identity provider writes it."),
        ));
    }
}

/// Whether what must be unique is, among all accounts, also those that the viewer does not see: a name cannot be given twice.
async fn check_taken(writer: &Writer, account: &Account) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    if writer.is_taken(account.id, Taken::Username(&account.username)).await? {
        faults.push(Fault::new("USERNAME_TAKEN", "username", "账号名已被使用，请换一个。", "The username is taken; choose another."));
    }
    if let Some(subject) = &account.external_subject
        && writer.is_taken(account.id, Taken::ExternalSubject(subject)).await?
    {
        faults.push(Fault::new(
            "EXTERNAL_SUBJECT_TAKEN",
            "externalSubject",
            "该外部身份已绑定另一个账号。",
            "Another account has this external subject.",
        ));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults)) }
}
