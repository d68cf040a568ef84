//! Access tokens: short-lived proofs of identity, signed by a key of this installation (RFC 9068, Ed25519 alone).
//!
//! A token proves identity only, so it says little: whose it is, and the session it came from. Each request reads the rights of the
//! account again.

mod key;
mod presented;
pub mod refresh;
#[cfg(test)]
mod tests;
mod ticket;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::{AccountId, SessionId};
use serde::Serialize;
use uuid::Uuid;

pub use self::{
    key::{KeyError, PublicKey, SigningKey, key_set},
    presented::Presented,
    ticket::{TICKET_LIFETIME, Ticket},
};

/// The name of this installation as the signer of its tokens, in `iss`.
pub const ISSUER: &str = "minsheng";

/// Whom the tokens of this installation are for, as they say it in `aud`: nobody but the installation itself.
pub const AUDIENCE: &str = "minsheng";

/// How long a token is believed. Each request looks up its session; this bounds the value of a copied token.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// How far apart the clocks may be of the process that signed and the one that verifies: they are all ours.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// The one algorithm of this installation, as a header names it.
const ALGORITHM: &str = "EdDSA";

/// The type of an access token in a header (RFC 9068, section 2.1), so no other signed text is taken for one.
const TYPE: &str = "at+jwt";

/// Why a token was not believed. It is for the log: a caller learns no more than that the token is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is not a signed token, or it is too long to be read.
    #[error("the token is malformed")]
    Malformed,
    /// Its algorithm is not one that its key may be used with.
    #[error("the token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// It names no key, or one that is not known.
    #[error("the key of the token is not known")]
    UnknownKey,
    /// The signature is not that of the key over this text.
    #[error("the signature of the token does not hold")]
    Signature,
    /// Another issuer issued it.
    #[error("the token is from another issuer")]
    Issuer,
    /// It is meant for another audience.
    #[error("the token is for another audience")]
    Audience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come, or it was issued in the future.
    #[error("the token is not yet valid")]
    NotYetValid,
    /// It is valid for longer than any token of this installation, or for no time.
    #[error("the token is valid for longer than a token may be")]
    Lifetime,
    /// Something that it must say is missing, or said in another form.
    #[error("`{name}` of the token is missing or not of its form")]
    Claim {
        /// The kind of token.
        name: String,
    },
    /// The keys of its issuer cannot be had now. The token may be good: the one fault that is not the caller's.
    #[error("the keys that verify the token cannot be had")]
    Unavailable,
}

impl TokenFault {
    pub(super) fn claim(name: &str) -> Self {
        Self::Claim { name: name.to_owned() }
    }
}

/// The claims of a token of this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Whose it is.
    pub account: AccountId,
    /// The session that it was issued in.
    pub session: SessionId,
    /// When it was issued, which is also when it begins to be valid. On the wire times are whole seconds.
    pub issued_at: DateTime<Utc>,
    /// When it ceases to be valid.
    pub expires_at: DateTime<Utc>,
}

impl Claims {
    /// The claims of a token that begins now and is valid for [`LIFETIME`].
    #[must_use]
    pub fn beginning(account: AccountId, session: SessionId, now: DateTime<Utc>) -> Self {
        let issued_at = now.trunc_subsecs(0);
        // At the end of representable time a token has expired when it is made, and is refused.
        let expires_at = issued_at.checked_add_signed(LIFETIME).unwrap_or(issued_at);
        Self { account, session, issued_at, expires_at }
    }
}

/// The claims as they are written.
#[derive(Serialize)]
struct Wire {
    iss: &'static str,
    aud: &'static str,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl From<&Claims> for Wire {
    fn from(claims: &Claims) -> Self {
        Self {
            iss: ISSUER,
            aud: AUDIENCE,
            sub: claims.account.0,
            sid: claims.session.0,
            iat: claims.issued_at.timestamp(),
            nbf: claims.issued_at.timestamp(),
            exp: claims.expires_at.timestamp(),
        }
    }
}

/// The claims of `token`, if it was signed by `key` and is valid at `now`.
///
/// # Errors
/// It is not a token of this installation, not signed by this key, or not valid now.
pub fn verify(token: &str, key: &PublicKey, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
    Presented::parse(token)?.verify(key, now)
}

impl Presented {
    /// The claims of the token, if it was signed by `key` and is valid at `now`.
    ///
    /// # Errors
    /// It is not a token of this installation, not signed by this key, or not valid now.
    pub fn verify(&self, key: &PublicKey, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
        // The algorithm belongs to the key and is never chosen by the token.
        if self.algorithm() != ALGORITHM {
            return Err(TokenFault::Algorithm);
        }
        if self.kind().is_none_or(|kind| kind != TYPE) {
            return Err(TokenFault::claim("typ"));
        }
        if self.key_id() != Some(key.id.as_str()) {
            return Err(TokenFault::UnknownKey);
        }
        self.check_signature(&key.decoding()?, jsonwebtoken::Algorithm::EdDSA)?;
        if self.issuer() != Some(ISSUER) {
            return Err(TokenFault::Issuer);
        }
        if self.text("aud") != Some(AUDIENCE) {
            return Err(TokenFault::Audience);
        }
        let expires_at = self.required_time("exp")?;
        let issued_at = self.required_time("iat")?;
        self.required_time("nbf")?;
        let lifetime = expires_at.signed_duration_since(issued_at);
        if lifetime <= TimeDelta::zero() || lifetime > LIFETIME {
            return Err(TokenFault::Lifetime);
        }
        self.check_times(now, LEEWAY)?;
        Ok(Claims { account: AccountId(self.id("sub")?), session: SessionId(self.id("sid")?), issued_at, expires_at })
    }

    pub(super) fn id(&self, name: &str) -> Result<Uuid, TokenFault> {
        self.text(name).and_then(|text| Uuid::try_parse(text).ok()).ok_or_else(|| TokenFault::claim(name))
    }
}
