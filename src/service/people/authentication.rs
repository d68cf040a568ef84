//! Authentication: from the presented token to the caller. A token only proves identity. Each request reads the state and the rights of
//! the account again. So a lock, a transfer or another role applies from the next request on.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{AccountId, SessionId};

use super::api_key;
use crate::{
    access::{
        token::{self, Presented, TokenFault},
        viewer::{Actor, Credential, Viewer},
    },
    domain::{
        audit::fingerprint,
        people::{account::Account, session::Session},
        places::jurisdiction::Tree,
    },
    service::Service,
    store::{StoreError, Visible},
};

/// How exactly the last use of an API key is known: noting every use would make every query a write.
const USE_NOTED: TimeDelta = TimeDelta::seconds(60);

/// Why a presented token is rejected.
#[derive(Debug, thiserror::Error)]
pub enum Unproved {
    /// The presented token proves nothing. The reason is for the log; the caller learns only that it does not count.
    #[error("{0}")]
    Invalid(String),
    /// Whether it does cannot be found out now.
    #[error("the identity cannot be checked now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for Unproved {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<TokenFault> for Unproved {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Unavailable => Self::Unavailable(Box::new(fault)),
            fault => Self::Invalid(fault.to_string()),
        }
    }
}

/// The caller, with the tree of jurisdictions that was read to identify them.
#[derive(Debug)]
pub struct Proved {
    /// Who.
    pub viewer: Viewer,
    /// The tree.
    pub jurisdictions: Arc<Tree>,
    /// The time until which the presented token is valid, unless something ends it before.
    pub until: DateTime<Utc>,
}

impl Service {
    /// The account behind a bearer token: an access token of a session here, an API key, or a token of the configured issuer.
    ///
    /// # Errors
    /// It proves nothing, or that cannot be found out now. A caller with such a token is not served as the public instead.
    pub async fn authenticate(&self, bearer: &str) -> Result<Proved, Unproved> {
        let now = self.now();
        let (account, credential, until) = if bearer.starts_with(api_key::PREFIX) {
            self.by_api_key(bearer, now).await?
        } else {
            let presented = Presented::parse(bearer)?;
            match &self.issuer {
                Some(issuer) if presented.issuer() == Some(issuer.name()) => {
                    let subject = issuer.subject_of(&presented, now).await?;
                    let account = self.database.behind_subject(&subject).await?;
                    let account = account.ok_or_else(|| invalid("no account has this subject of the issuer"))?;
                    (account, Credential::External, presented.expires_at().unwrap_or(now))
                }
                _ => self.by_session(&presented, now).await?,
            }
        };
        self.proved(account, credential, until).await
    }

    /// The account that was proved to ask, unless it may not.
    pub(in crate::service) async fn proved(
        &self,
        account: Account,
        credential: Credential,
        until: DateTime<Utc>,
    ) -> Result<Proved, Unproved> {
        if account.demonstration != self.demonstration {
            return Err(invalid("the account is of the demo, or of no demo"));
        }
        if account.lock.is_some() {
            return Err(invalid("the account is locked"));
        }
        let jurisdictions = Visible::new(self.database.clone(), Viewer::Public).jurisdictions().await?;
        let actor = Actor {
            id: account.id,
            username: account.username.as_str().to_owned(),
            role: account.role,
            jurisdiction_id: account.jurisdiction_id,
            unit_id: account.unit_id,
            version: account.version,
            // An account that signs in elsewhere does not use the password here.
            password_temporary: account.password_temporary && credential != Credential::External,
            subtree: jurisdictions.subtree(account.jurisdiction_id),
            credential,
        };
        Ok(Proved { viewer: Viewer::Account(Arc::new(actor)), jurisdictions, until })
    }

    async fn by_session(&self, presented: &Presented, now: DateTime<Utc>) -> Result<(Account, Credential, DateTime<Utc>), Unproved> {
        if presented.issuer().is_some_and(|issuer| issuer != token::ISSUER) {
            return Err(TokenFault::Issuer.into());
        }
        let id = presented.key_id().ok_or(TokenFault::UnknownKey)?;
        let key = self.keyring.verifying(&self.database, id, now).await?.ok_or(TokenFault::UnknownKey)?;
        let claims = presented.verify(&key, now)?;
        let (account, session) = self.behind_session(claims.account, claims.session, now).await?;
        Ok((account, Credential::Session(session.id), claims.expires_at.min(session.expires_at)))
    }

    /// A session of an account that is not over.
    pub(in crate::service) async fn behind_session(
        &self,
        account: AccountId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(Account, Session), Unproved> {
        let (session, found) = self.database.behind_session(session).await?.ok_or_else(|| invalid("the session is not there"))?;
        if session.is_over(now) {
            return Err(invalid("the session is over"));
        }
        if found.id != account {
            return Err(invalid("the session is of another account"));
        }
        Ok((found, session))
    }

    async fn by_api_key(&self, secret: &str, now: DateTime<Utc>) -> Result<(Account, Credential, DateTime<Utc>), Unproved> {
        let found = self.database.behind_api_key(&fingerprint(secret)).await?;
        let (key, account) = found.ok_or_else(|| invalid("no API key has this secret"))?;
        if key.is_over(now) {
            return Err(invalid("the API key has expired or was revoked"));
        }
        if account.password_temporary {
            return Err(invalid("the account has a temporary password"));
        }
        if key.last_used_at.is_none_or(|used| now.signed_duration_since(used) >= USE_NOTED) {
            self.database.api_key_used(key.id, now).await?;
        }
        Ok((account, Credential::ApiKey(key.id, key.rights), key.expires_at))
    }
}

fn invalid(reason: &str) -> Unproved {
    Unproved::Invalid(reason.to_owned())
}
