//! A token as it arrives: taken apart, and nothing of it believed.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::TokenFault;

/// The longest token that is read. Issuers that list every role of an account stay below it; so do most limits on a header line.
const LENGTH: usize = 8 * 1024;

/// The parts of a header that matter here.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// A token that was taken apart but not verified: anybody may have written its claims.
///
/// It is taken apart once, here, and the library only checks the signature. So no second reader of the header can see another algorithm or
/// key than the checked one. No clock is read but the one that is passed in.
pub struct Presented {
    header: Header,
    claims: Map<String, Value>,
    message: String,
    signature: String,
}

impl Presented {
    /// Takes a token apart.
    ///
    /// # Errors
    /// It is too long, or not of the form of a signed token (RFC 7515, compact). Or it asks for an extension (`crit`), and this service
    /// understands no extension.
    pub fn parse(token: &str) -> Result<Self, TokenFault> {
        if token.len() > LENGTH {
            return Err(TokenFault::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(TokenFault::Malformed)?;
        let header: Header = read(header)?;
        let claims = read(claims)?;
        if header.crit.is_some() {
            return Err(TokenFault::Malformed);
        }
        Ok(Self { header, claims, message: message.to_owned(), signature: signature.to_owned() })
    }

    /// The algorithm that it names, whatever that is.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.header.alg
    }

    /// The key that it names.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The issuer that it names: enough to choose whose keys verify it, and no more.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// When it says that it expires.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.time("exp").ok().flatten()
    }

    /// The type in its header. Media types are the same in any case, and their common prefix may be left out (RFC 7515, section 4.1.9).
    pub(in crate::access) fn kind(&self) -> Option<String> {
        let kind = self.header.typ.as_ref()?.to_ascii_lowercase();
        Some(kind.strip_prefix("application/").map(str::to_owned).unwrap_or(kind))
    }

    /// Holds if `key` signed this text. The caller has made sure that `algorithm` is one of the key's.
    pub(in crate::access) fn check_signature(&self, key: &DecodingKey, algorithm: Algorithm) -> Result<(), TokenFault> {
        match jsonwebtoken::crypto::verify(&self.signature, self.message.as_bytes(), key, algorithm) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(TokenFault::Signature),
        }
    }

    /// Holds if `now` is within the times that the token names. It must name its end.
    pub(in crate::access) fn check_times(&self, now: DateTime<Utc>, leeway: TimeDelta) -> Result<(), TokenFault> {
        if now.signed_duration_since(self.required_time("exp")?) >= leeway {
            return Err(TokenFault::Expired);
        }
        for name in ["nbf", "iat"] {
            if self.time(name)?.is_some_and(|time| time.signed_duration_since(now) > leeway) {
                return Err(TokenFault::NotYetValid);
            }
        }
        Ok(())
    }

    /// A claim that is a text.
    pub(in crate::access) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// Whether it has a claim, whatever its value. A claim that is null says nothing.
    pub(in crate::access) fn says(&self, name: &str) -> bool {
        self.claims.get(name).is_some_and(|value| !value.is_null())
    }

    /// Whether it is meant for `audience`, which may be one of several.
    pub(in crate::access) fn is_for(&self, audience: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(audience)),
            _ => false,
        }
    }

    /// A claim that is a time, and must be there.
    pub(in crate::access) fn required_time(&self, name: &str) -> Result<DateTime<Utc>, TokenFault> {
        self.time(name)?.ok_or_else(|| TokenFault::claim(name))
    }

    /// A claim that is a time: seconds since 1970; some issuers write fractions.
    fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, TokenFault> {
        let Some(value) = self.claims.get(name) else { return Ok(None) };
        match value.as_number().and_then(seconds).and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
            Some(time) => Ok(Some(time)),
            None => Err(TokenFault::claim(name)),
        }
    }
}

/// The whole seconds of a number. One so large that it is written with an exponent is no time, and must not pass for its first digit.
fn seconds(number: &Number) -> Option<i64> {
    let text = number.to_string();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    text.split('.').next()?.parse().ok()
}

/// Without the signed text: everybody who has a token may use it.
impl fmt::Debug for Presented {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Presented")
            .field("algorithm", &self.algorithm())
            .field("key_id", &self.key_id())
            .field("issuer", &self.issuer())
            .finish_non_exhaustive()
    }
}

/// One part of a token. A fourth part would leave a dot in it, which is not of the alphabet.
fn read<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, TokenFault> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| TokenFault::Malformed)
}
