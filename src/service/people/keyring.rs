//! The keys that sign access tokens.
//!
//! A process makes its own key when it first needs one, and keeps the private half in its memory. It publishes the public half in the
//! database, where the other processes find it. So no secret is stored anywhere, a key is replaced by making another, and tokens outlive
//! the process that signed them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::Action;
use tokio::sync::{Mutex, RwLock};

use crate::{
    access::token::{self, KeyError, PublicKey, SigningKey},
    domain::audit::Changes,
    service::{Call, Refusal, Service},
    store::{Database, Record, StoreError, StoredKey},
};

/// How long a key signs before the process makes another.
const SIGNS: TimeDelta = TimeDelta::hours(24);

/// How long the read keys are used without another look. A withdrawn key may verify for as long.
const FRESH: TimeDelta = TimeDelta::seconds(5);

/// The key that this process signs with, and the public keys of all.
#[derive(Debug, Default)]
pub(in crate::service) struct Keyring {
    own: Mutex<Option<SigningKey>>,
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    read_at: Option<DateTime<Utc>>,
    keys: HashMap<String, (PublicKey, DateTime<Utc>)>,
}

impl Keyring {
    /// Signs with the key of this process. If it has no key, or one that no longer signs, it makes a new one.
    pub(in crate::service) async fn sign(
        &self,
        database: &Database,
        sign: impl FnOnce(&SigningKey) -> Result<String, KeyError> + Send,
        now: DateTime<Utc>,
    ) -> Result<String, Refusal> {
        let mut own = self.own.lock().await;
        let stored = database.signing_keys(now).await?;
        let signs = |key: &SigningKey| stored.iter().any(|stored| stored.id == key.id() && stored.signs_until > now);
        let key = match own.take() {
            Some(key) if signs(&key) => key,
            _ => publish(database, now).await?,
        };
        let signed = sign(&key)?;
        *own = Some(key);
        Ok(signed)
    }

    /// The public key with this id, if it verifies now.
    pub(in crate::service) async fn verifying(
        &self,
        database: &Database,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PublicKey>, StoreError> {
        let find = |known: &Known| {
            let (key, until) = known.keys.get(id)?;
            (*until > now).then(|| key.clone())
        };
        {
            let known = self.known.read().await;
            let fresh = known.read_at.is_some_and(|read_at| now.signed_duration_since(read_at).abs() < FRESH);
            // A key that is not known may be a minute old at another process: that is worth a look.
            if let Some(key) = find(&known).filter(|_| fresh) {
                return Ok(Some(key));
            }
        }
        let stored = database.signing_keys(now).await?;
        let mut known = self.known.write().await;
        known.read_at = Some(now);
        known.keys =
            stored.into_iter().map(|key| (key.id.clone(), (PublicKey { id: key.id, bytes: key.public_key }, key.verifies_until))).collect();
        Ok(find(&known))
    }
}

/// Makes a key and publishes its public half.
async fn publish(database: &Database, now: DateTime<Utc>) -> Result<SigningKey, Refusal> {
    let key = SigningKey::generate()?;
    let public = key.public();
    let signs_until = later(now, SIGNS);
    let stored = StoredKey { id: public.id, public_key: public.bytes, signs_until, verifies_until: later(signs_until, outliving_tokens()) };
    database.publish_signing_key(&stored, now).await?;
    tracing::info!(key = stored.id, "signing with a new key");
    Ok(key)
}

/// How long after its last signature the tokens of a key are all gone.
fn outliving_tokens() -> TimeDelta {
    token::LIFETIME.checked_add(&token::LEEWAY).unwrap_or(token::LIFETIME)
}

/// A time that is later than another, or the last there is.
pub(in crate::service) fn later(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl Service {
    /// The public keys as a JSON Web Key Set (RFC 7517).
    ///
    /// # Errors
    /// A statement failed.
    pub async fn key_set(&self) -> Result<serde_json::Value, StoreError> {
        let keys = self.database.signing_keys(self.now()).await?;
        let keys: Vec<PublicKey> = keys.into_iter().map(|key| PublicKey { id: key.id, bytes: key.public_key }).collect();
        Ok(token::key_set(&keys))
    }

    /// Lets every process make another key before it signs again, and says how many were retired. Tokens that were signed stay
    /// valid until they expire; or, where `revoke`, no longer than five seconds: everybody must then renew their session.
    ///
    /// # Errors
    /// The viewer may not, or a fault of ours.
    pub async fn rotate_signing_keys(&self, call: &Call, revoke: bool) -> Result<u64, Refusal> {
        self.attempt(call, Action::RotateSigningKeys, None, |entitled| async move {
            let permit = entitled.permit(&[])?;
            let now = call.occasion.at;
            let writer = self.database.writing(permit).await?;
            let until = if revoke { now } else { later(now, outliving_tokens()) };
            let retired = writer.retire_signing_keys(now, until).await?;
            let changes = Changes::default().with("retired", 0, retired).with("revoked", false, revoke);
            writer.commit(&call.occasion, Record::done().with(changes)).await?;
            Ok(retired)
        })
        .await
    }
}
