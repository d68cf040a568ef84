//! API keys: how a program asks in an account's name.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{Action, ApiKeyId, ApiKeyRights, AuditSubject};

use super::{keyring::later, session::secret};
use crate::{
    access::{policy::Resource, reason::Reason},
    domain::{
        audit::{Changes, fingerprint},
        people::api_key::ApiKey,
    },
    service::{Call, Fault, Refusal, Service},
    store::Record,
};

/// The beginning of every API key. It tells a key from an access token, and makes a leaked key recognisable.
pub(in crate::service) const PREFIX: &str = "msk_";

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// The longest life of a key: people forget a key that they never renew, and a forgotten key must stop.
const LONGEST_LIFE: TimeDelta = TimeDelta::days(366);

/// How many keys of an account may be in use.
const MOST_KEYS: u64 = 20;

/// An API key with its secret, which is not shown again.
pub struct WithSecret {
    /// The key.
    pub key: ApiKey,
    /// The secret that requests carry.
    pub secret: String,
}

impl std::fmt::Debug for WithSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WithSecret").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Service {
    /// Makes an API key for the account that asks.
    ///
    /// # Errors
    /// Nobody is signed in, or the input cannot be.
    pub async fn create_api_key(
        &self,
        call: &Call,
        name: &str,
        rights: ApiKeyRights,
        expires_at: DateTime<Utc>,
    ) -> Result<WithSecret, Refusal> {
        self.attempt(call, Action::CreateApiKey, None, |entitled| async move {
            let permit = entitled.permit(&[])?;
            let Some(account_id) = call.viewer.actor().map(|actor| actor.id) else { return Err(Refusal::NotFound) };
            let now = call.occasion.at;
            let mut faults = Vec::new();
            let name = name.trim();
            if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
                faults.push(Fault::new(
                    "NAME",
                    "name",
                    format!("请写明用途，1 至 {LONGEST_NAME} 个字。"),
                    format!("Say what it is for, in 1 to {LONGEST_NAME} characters."),
                ));
            }
            if expires_at <= now || expires_at > later(now, LONGEST_LIFE) {
                faults.push(Fault::new(
                    "EXPIRY",
                    "expiresAt",
                    "到期时间须在将来，且不超过 366 天。",
                    "It must expire in the future, within 366 days.",
                ));
            }
            if !faults.is_empty() {
                return Err(Refusal::Faults(faults));
            }
            let secret = secret(PREFIX)?;
            let key = ApiKey {
                id: ApiKeyId::generate(),
                account_id,
                name: name.to_owned(),
                rights,
                created_at: now,
                expires_at,
                revoked_at: None,
                last_used_at: None,
            };
            let writer = self.database.writing(permit).await?;
            if writer.api_keys_in_use(account_id, now).await? >= MOST_KEYS {
                return Err(Refusal::Faults(vec![Fault::new(
                    "TOO_MANY_KEYS",
                    "name",
                    format!("一个账号至多 {MOST_KEYS} 个有效密钥：请先吊销不用的。"),
                    format!("An account has at most {MOST_KEYS} keys in use: revoke one first."),
                )]));
            }
            writer.add_api_key(&key, &fingerprint(&secret)).await?;
            let changes = Changes::default()
                .with("name", None::<&str>, &key.name)
                .with("rights", None::<ApiKeyRights>, key.rights)
                .with("expiresAt", None::<DateTime<Utc>>, key.expires_at)
                .with_secret("secret");
            writer.commit(&call.occasion, Record::done().about(AuditSubject::ApiKey, key.id.0).with(changes)).await?;
            Ok(WithSecret { key, secret })
        })
        .await
    }

    /// Revokes an API key: of the own account, or of an account that the caller manages.
    ///
    /// # Errors
    /// It is not there for the viewer, or was revoked already.
    pub async fn revoke_api_key(&self, call: &Call, id: ApiKeyId) -> Result<ApiKey, Refusal> {
        self.attempt(call, Action::RevokeApiKey, Some((AuditSubject::ApiKey, id.0)), |entitled| async move {
            let visible = self.visible(call);
            let key = visible.api_keys_by_id(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let owner = visible.account(key.account_id).await?.ok_or(Refusal::NotFound)?;
            let resource = Resource::ApiKey { owner: (&owner).into(), revoked: key.revoked_at.is_some() };
            let permit = entitled.permit(&[resource])?;
            let now = call.occasion.at;
            let writer = self.database.writing(permit).await?;
            if !writer.revoke_api_key(id, now).await? {
                return Err(Refusal::Forbidden(Reason::AlreadyEnded));
            }
            let changes = Changes::default().with("revokedAt", None::<DateTime<Utc>>, now);
            writer
                .commit(&call.occasion, Record::done().about(AuditSubject::ApiKey, id.0).within(owner.jurisdiction_id).with(changes))
                .await?;
            Ok(ApiKey { revoked_at: Some(now), ..key })
        })
        .await
    }
}
