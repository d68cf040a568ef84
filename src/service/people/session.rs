//! Sessions: signing in, renewing, signing out, and changing the own password.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{AccountId, Action, AuditSubject, SessionEnd, SessionId};

use super::{
    account::{about, changed_by, known_names},
    checking::{Place, Rank},
    keyring::later,
};
use crate::{
    access::{
        password::{self, Hash, Password},
        policy::{Permit, Resource},
        reason::Reason,
        throttle::{self, Counters},
        token::{
            Claims,
            refresh::{self, Spent},
        },
        viewer::{Actor, Credential},
    },
    domain::{
        audit::{Author, Changes, fingerprint},
        people::{
            account::{Account, Username},
            session::Session,
        },
    },
    service::{Call, Fault, Refusal, Service, call::password_fault},
    store::{Record, Sessions, Writer},
};

/// How long a session lives without being renewed: over a working day, not over a night and the next.
const IDLE: TimeDelta = TimeDelta::hours(12);

/// How long a session lives at most.
const LIFE: TimeDelta = TimeDelta::days(7);

/// How long a network counts as one that an account signs in from.
const KNOWN: TimeDelta = TimeDelta::days(90);

/// The longest client name that is stored.
const LONGEST_USER_AGENT: usize = 200;

/// A session with the tokens that go with it. They are shown once.
pub struct Issued {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub account: Account,
    /// The token that requests carry.
    pub access_token: String,
    /// Until when.
    pub access_token_expires_at: DateTime<Utc>,
    /// The token that gets the next access token, once.
    pub refresh_token: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Issued").field("session", &self.session).field("account", &self.account).finish_non_exhaustive()
    }
}

/// The outcome of a refresh token.
enum Renewal {
    /// It was good.
    Issued(Box<Issued>),
    /// It had been spent, and this use ends its session.
    Reused(Box<(Session, Account, Writer)>),
}

impl Service {
    /// Signs in with a name and a password. An unknown name costs the same time and gets the same answer as a wrong password.
    ///
    /// # Errors
    /// Wrong credentials, a locked account, or too many attempts.
    pub async fn sign_in(&self, call: &Call, username: &str, password: Password) -> Result<Issued, Refusal> {
        let mut tried = None;
        let run = async {
            let permit = Self::authorise(call, Action::SignIn, &[])?;
            let now = call.occasion.at;
            let network = network_of(call).unwrap_or_default();
            let since = now.checked_sub_signed(KNOWN).unwrap_or_default();
            let rank = if self.database.has_seen_network(&network, since).await? { Rank::Known } else { Rank::Stranger };
            let _place = self.place_in_queue(rank, call)?;
            let name = Username::new(username).ok();
            let counters = Counters::of_sign_in(name.as_ref(), call.occasion.address);
            let found = self.database.behind_username(name.as_ref().map_or("", Username::key)).await?;
            let found = found.filter(|(account, _)| account.demonstration == self.demonstration);
            // Asked for an unknown name too, which then costs the same.
            let id = found.as_ref().map_or(AccountId(uuid::Uuid::nil()), |(account, _)| account.id);
            let known = self.database.has_signed_in_from(id, &network, since).await?;
            self.reserve(counters.applying(known), now).await?;
            let (account, hash) = found.map_or((None, None), |(account, hash)| (Some(account), hash.map(Hash::from)));
            let retyped = Password::new(password.reveal());
            let right = match rank {
                Rank::Known => self.hasher.verify(password, hash.clone()).await,
                Rank::Stranger => self.hasher.verify_for_stranger(password, hash.clone()).await,
            };
            tried.clone_from(&account);
            let (Some(account), true) = (account, right) else { return Err(Refusal::Credentials) };
            self.database.give_back(&counters.applying(known)).await?;
            if account.lock.is_some() {
                return Err(Refusal::Locked);
            }
            let outdated = hash.is_some_and(|hash| self.hasher.needs_rehash(&hash));
            let rehashed = if outdated { Some(self.hasher.hash(retyped).await?) } else { None };
            let session = Session {
                id: SessionId::generate(),
                account_id: account.id,
                created_at: now,
                last_used_at: now,
                expires_at: later(now, IDLE),
                ended_at: None,
                address: call.occasion.address.map(|address| address.to_string()),
                user_agent: call.user_agent.as_ref().map(|agent| agent.chars().take(LONGEST_USER_AGENT).collect()),
            };
            let (access_token, access_token_expires_at) = self.access_token(&account, session.id, now).await?;
            let refresh_token = secret(refresh::PREFIX)?;
            let writer = self.database.writing(permit).await?;
            // It may have been locked while its password was checked.
            if !writer.account_stands(account.id, account.version).await? {
                return Err(Refusal::Credentials);
            }
            writer.add_session(&session, Some(&network)).await?;
            writer.add_refresh_token(session.id, &fingerprint(&refresh_token), now).await?;
            writer.forgive(counters.own()).await?;
            if let Some(hash) = rehashed {
                writer.set_password(account.id, hash.as_str(), account.password_temporary).await?;
            }
            let record = Record::done().by(author(&account)).about(AuditSubject::Session, session.id.0).within(account.jurisdiction_id);
            writer.commit(&call.occasion, record).await?;
            Ok(Issued { session, account, access_token, access_token_expires_at, refresh_token })
        };
        // Not by `attempt`: whom it was about is known only on the way.
        let done = run.await;
        self.recorded(call, Action::SignIn, done, |record| match &tried {
            Some(account) => record.about(AuditSubject::Account, account.id.0).within(account.jurisdiction_id),
            None => record,
        })
        .await
    }

    /// Exchanges a refresh token for the next pair. A spent token gets the same next token again within [`refresh::GRACE`] from the same
    /// network, until the next token is spent. Otherwise it is in two hands: the session ends, whoever the caller is.
    ///
    /// # Errors
    /// The token is unknown, spent or of a session that is over, or the account is locked.
    pub async fn refresh_session(&self, call: &Call, token: &str) -> Result<Issued, Refusal> {
        let hash = fingerprint(token);
        let found = self.database.behind_refresh_token(&hash).await?;
        let about = found.as_ref().map(|(session, account)| (session.id, account.jurisdiction_id));
        let done = self.renew(call, token, &hash, found).await;
        let done = self.recorded(call, Action::RefreshSession, done, |record| match about {
            Some((session, jurisdiction)) => record.about(AuditSubject::Session, session.0).within(jurisdiction),
            None => record,
        });
        match done.await? {
            Renewal::Issued(issued) => Ok(*issued),
            Renewal::Reused(reused) => {
                let (session, account, writer) = *reused;
                self.end_family(call, &session, &account, writer).await?;
                Err(Refusal::Credentials)
            }
        }
    }

    async fn renew(&self, call: &Call, token: &str, hash: &str, found: Option<(Session, Account)>) -> Result<Renewal, Refusal> {
        let permit = Self::authorise(call, Action::RefreshSession, &[])?;
        let now = call.occasion.at;
        let (mut session, account) = found.ok_or(Refusal::Credentials)?;
        if account.demonstration != self.demonstration || account.lock.is_some() || session.is_over(now) {
            return Err(Refusal::Credentials);
        }
        let (access_token, access_token_expires_at) = self.access_token(&account, session.id, now).await?;
        let network = network_of(call);
        let salt = secret("")?;
        let fresh = Spent { at: now, network: network.clone(), salt: Some(salt.clone()) };
        let lives_until = |used: DateTime<Utc>| later(used, IDLE).min(later(session.created_at, LIFE));
        let writer = self.database.writing(permit).await?;
        if !writer.account_stands(account.id, account.version).await? {
            return Err(Refusal::Credentials);
        }
        let record = Record::done().by(author(&account)).about(AuditSubject::Session, session.id.0).within(account.jurisdiction_id);
        let (used, refresh_token, record) = if writer.renew_session(session.id, hash, &fresh, lives_until(now)).await? {
            let next = refresh::successor(token, &salt).ok_or_else(|| Refusal::Fault("no refresh token could be derived".into()))?;
            writer.add_refresh_token(session.id, &fingerprint(&next), now).await?;
            (now, next, record)
        } else {
            let before = writer.spending_of(hash).await?;
            let next = before.as_ref().and_then(|spent| spent.successor(token, network.as_deref(), now));
            let (Some(before), Some(next)) = (before, next) else {
                // The token is in two hands, or the session was ended this moment, which then stays as it is.
                return Ok(Renewal::Reused(Box::new((session, account, writer))));
            };
            (before.at, next, record.with(Changes::default().with("repeated", false, true)))
        };
        session.last_used_at = used;
        session.expires_at = lives_until(used);
        writer.commit(&call.occasion, record).await?;
        Ok(Renewal::Issued(Box::new(Issued { session, account, access_token, access_token_expires_at, refresh_token })))
    }

    /// Ends the session of a token that was presented twice, which is a refusal that changes something.
    async fn end_family(&self, call: &Call, session: &Session, account: &Account, writer: Writer) -> Result<(), Refusal> {
        let ended = writer.end_sessions(Sessions::One(session.id), SessionEnd::Reused, call.occasion.at).await?;
        let record = Record::not_done(entity::AuditOutcome::Denied, "REFRESH_TOKEN_REUSED")
            .about(AuditSubject::Session, session.id.0)
            .within(account.jurisdiction_id)
            .with(Changes::default().with("openSessions", ended, 0));
        Ok(writer.commit(&call.occasion, record).await?)
    }

    /// Ends the session that asks.
    ///
    /// # Errors
    /// Nobody is signed in, or not here.
    pub async fn sign_out(&self, call: &Call) -> Result<u64, Refusal> {
        let session = own_session(call);
        self.attempt(call, Action::SignOut, session.map(|id| (AuditSubject::Session, id.0)), |entitled| async move {
            let permit = entitled.permit(&[])?;
            let Some(session) = session else { return Err(Refusal::NotFound) };
            self.end(call, permit, Sessions::One(session), (AuditSubject::Session, session.0)).await
        })
        .await
    }

    /// Ends all sessions of the account that asks.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub async fn sign_out_everywhere(&self, call: &Call) -> Result<u64, Refusal> {
        self.attempt(call, Action::SignOutEverywhere, None, |entitled| async move {
            let permit = entitled.permit(&[])?;
            let Some(id) = call.viewer.actor().map(|actor| actor.id) else { return Err(Refusal::NotFound) };
            self.end(call, permit, Sessions::Of(id), (AuditSubject::Account, id.0)).await
        })
        .await
    }

    /// Ends one session of the account that asks.
    ///
    /// # Errors
    /// It is not one of theirs, or is over.
    pub async fn end_session(&self, call: &Call, id: SessionId) -> Result<u64, Refusal> {
        self.attempt(call, Action::EndSession, Some((AuditSubject::Session, id.0)), |entitled| async move {
            let session = self.visible(call).sessions_by_id(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let resource = Resource::Session { owner: session.account_id, ended: session.is_over(call.occasion.at) };
            let permit = entitled.permit(&[resource])?;
            self.end(call, permit, Sessions::One(id), (AuditSubject::Session, id.0)).await
        })
        .await
    }

    async fn end(&self, call: &Call, permit: Permit, which: Sessions, (kind, id): (AuditSubject, uuid::Uuid)) -> Result<u64, Refusal> {
        let writer = self.database.writing(permit).await?;
        let ended = writer.end_sessions(which, SessionEnd::SignedOut, call.occasion.at).await?;
        if ended == 0 && matches!(which, Sessions::One(_)) {
            // Another request was faster.
            return Err(Refusal::Forbidden(Reason::AlreadyEnded));
        }
        let changes = Changes::default().with("openSessions", ended, 0);
        writer.commit(&call.occasion, Record::done().about(kind, id).with(changes)).await?;
        Ok(ended)
    }

    /// Changes the password of the account that asks. Its other sessions end.
    ///
    /// # Errors
    /// Nobody is signed in here, the current password is wrong, the new one may not be used, or too many attempts.
    pub async fn change_password(&self, call: &Call, current: Password, new: Password) -> Result<Account, Refusal> {
        let about_account = call.viewer.actor().map(|actor| (AuditSubject::Account, actor.id.0));
        self.attempt(call, Action::ChangePassword, about_account, |entitled| async move {
            let permit = entitled.permit(&[])?;
            // Whoever is signed in already is no stranger.
            let _place = self.place_in_queue(Rank::Known, call)?;
            let (Some(Actor { id, .. }), Some(session)) = (call.viewer.actor(), own_session(call)) else { return Err(Refusal::NotFound) };
            let now = call.occasion.at;
            let before = self.visible(call).account(*id).await?.ok_or(Refusal::NotFound)?;
            let stored = self.database.behind_username(before.username.key()).await?.and_then(|(_, hash)| hash).map(Hash::from);
            let mut faults: Vec<Fault> = password::weaknesses(&new, before.username.as_str(), &known_names(&self.visible(call)).await?)
                .into_iter()
                .map(|weakness| password_fault(weakness, "newPassword"))
                .collect();
            if current.reveal() == new.reveal() {
                faults.push(Fault::new(
                    "PASSWORD_UNCHANGED",
                    "newPassword",
                    "新密码与当前密码相同，请换一个。",
                    "The new password is the current one; choose another.",
                ));
            }
            // A stolen session must not be a way to guess without end.
            let counters = Counters::of_sign_in(Some(&before.username), call.occasion.address);
            self.reserve(counters.applying(true), now).await?;
            let applying = counters.applying(true);
            if self.hasher.verify(current, stored).await {
                // A caller who knows the password did not guess, even if the new one is invalid.
                self.database.give_back(&applying).await?;
            } else {
                faults.insert(0, Fault::new("PASSWORD_WRONG", "currentPassword", "当前密码不正确。", "This is not the current password."));
            }
            if !faults.is_empty() {
                return Err(Refusal::Faults(faults));
            }
            let hash = self.hasher.hash(new).await?;
            let after = Account { password_temporary: false, changed_at: now, changed_by: changed_by(call), ..before.clone() };
            let writer = self.database.writing(permit).await?;
            if !writer.change_account(&after).await? {
                writer.abandon().await?;
                let now = self.visible(call).account(before.id).await?.ok_or(Refusal::NotFound)?;
                return Err(Refusal::Stale(Box::new((&now).into())));
            }
            writer.set_password(after.id, hash.as_str(), false).await?;
            let ended = writer.end_sessions(Sessions::OfExcept(after.id, session), SessionEnd::PasswordChanged, now).await?;
            let changes = Changes::default().with_secret("password").with("otherSessions", ended, 0);
            writer.commit(&call.occasion, about(&after).with(changes)).await?;
            Ok(Account { version: after.version.saturating_add(1), ..after })
        })
        .await
    }

    /// A place among those whose password is checked, or waits to be. A caller without a place is sent away rather than kept.
    fn place_in_queue(&self, rank: Rank, call: &Call) -> Result<Place, Refusal> {
        self.places.take(rank, call.occasion.address).ok_or(Refusal::Throttled { retry_after: Duration::from_secs(1) })
    }

    /// Counts an attempt, unless earlier ones ask for a wait.
    async fn reserve(&self, keys: Vec<String>, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.database
            .reserve_attempt(&keys, now, |counted| {
                let waits = counted.iter().map(|failures| throttle::wait(&failures.key, failures.number, failures.last, now));
                let retry_after = waits.max().unwrap_or_default();
                if retry_after.is_zero() { Ok(()) } else { Err(Refusal::Throttled { retry_after: whole_seconds(retry_after) }) }
            })
            .await
    }

    async fn access_token(&self, account: &Account, session: SessionId, now: DateTime<Utc>) -> Result<(String, DateTime<Utc>), Refusal> {
        let claims = Claims::beginning(account.id, session, now);
        Ok((self.keyring.sign(&self.database, |key| key.sign(&claims), now).await?, claims.expires_at))
    }
}

/// The session that a call came in, if it came in one.
pub(in crate::service) fn own_session(call: &Call) -> Option<SessionId> {
    match call.viewer.actor()?.credential {
        Credential::Session(id) => Some(id),
        Credential::ApiKey(..) | Credential::External => None,
    }
}

/// A secret of 256 bits that no one guesses.
pub(in crate::service) fn secret(prefix: &str) -> Result<String, Refusal> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut random = zeroize::Zeroizing::new([0_u8; 32]);
    getrandom::fill(random.as_mut_slice()).map_err(|error| Refusal::Fault(Box::new(error)))?;
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random.as_slice())))
}

/// The network that a call came from, if that is known.
fn network_of(call: &Call) -> Option<String> {
    call.occasion.address.map(|address| fair::network(address).to_string())
}

fn author(account: &Account) -> Author {
    Author { id: account.id, username: account.username.as_str().to_owned(), role: account.role }
}

/// Rounded up: who waits as long as told must not be told to wait again.
fn whole_seconds(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0)))
}
