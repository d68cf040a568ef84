//! Accounts of an `OpenID` Connect issuer: the identity of a caller by the organisation's own sign-in.
//!
//! The issuer is asked for its public keys and for nothing else. No token is sent to it, and once its keys are known it may be down
//! for a day before anybody notices here.

mod cache;
mod fetch;
mod keys;
mod settings;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use self::{cache::Cache, fetch::Source, keys::algorithm};
pub use self::{
    fetch::ConnectError,
    settings::{Settings, SettingsError},
};
use super::token::{Presented, TokenFault};

/// How far apart the clocks may be of the issuer and this installation, which are not set by the same hand.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The longest name of an account, in bytes. A longer value is not a name, and would only fill an index.
pub const SUBJECT_LENGTH: usize = 255;

/// The types of an access token in a header. Issuers sign other texts too, such as notices of logging out.
const TYPES: [&str; 2] = ["jwt", ACCESS_TOKEN];

/// The type of an access token of RFC 9068 in a header, and of no other token.
const ACCESS_TOKEN: &str = "at+jwt";

/// The claim `typ` of an access token, if an issuer writes it. Keycloak does.
const BEARER: &str = "bearer";

/// Claims that access tokens have and ID tokens have not.
const OF_ACCESS_TOKENS: [&str; 3] = ["scope", "scp", "client_id"];

/// Claims that no access token has: those of ID tokens, and `events` of notices such as a logout.
const OF_OTHER_TOKENS: [&str; 4] = ["at_hash", "c_hash", "s_hash", "events"];

/// An issuer whose tokens are believed. Clones share the known keys.
#[derive(Clone)]
pub struct Issuer {
    settings: Arc<Settings>,
    cache: Arc<Cache>,
}

impl Issuer {
    /// An issuer as it is set. Nothing is asked of it yet: it may be down while this service starts.
    ///
    /// # Errors
    /// The issuer is reached by HTTPS, and this machine trusts no certificate authority.
    pub fn new(settings: Settings) -> Result<Self, ConnectError> {
        let source = Source::new(&settings)?;
        Ok(Self { settings: Arc::new(settings), cache: Arc::new(Cache::new(source)) })
    }

    /// The issuer as tokens name it in `iss`, to the letter.
    #[must_use]
    pub fn name(&self) -> &str {
        self.settings.issuer()
    }

    /// The account that `token` speaks for at `now`, as the issuer calls it.
    ///
    /// # Errors
    /// The token is not of this issuer, not for this installation, not valid now, or names no account; or the issuer's keys cannot be
    /// had.
    pub async fn subject(&self, token: &str, now: DateTime<Utc>) -> Result<String, TokenFault> {
        self.subject_of(&Presented::parse(token)?, now).await
    }

    /// The account that a token, already taken apart, speaks for at `now`.
    ///
    /// # Errors
    /// As [`Issuer::subject`].
    pub async fn subject_of(&self, token: &Presented, now: DateTime<Utc>) -> Result<String, TokenFault> {
        // The checks without a key come first, so an obviously wrong token does not make us ask the issuer.
        let algorithm = algorithm(token.algorithm()).ok_or(TokenFault::Algorithm)?;
        if token.issuer() != Some(self.name()) {
            return Err(TokenFault::Issuer);
        }
        if token.kind().is_some_and(|kind| !TYPES.contains(&kind.as_str())) {
            return Err(TokenFault::claim("typ"));
        }
        let key = self.cache.key(token.key_id(), algorithm, now).await?;
        token.check_signature(&key.decoding, algorithm)?;
        is_access_token(token)?;
        if !token.is_for(self.settings.audience()) {
            return Err(TokenFault::Audience);
        }
        // The client that asked the issuer for the token. Another application of the city must not use tokens of its own users here.
        if token.says("azp") && !token.text("azp").is_some_and(|client| self.settings.admits_client(client)) {
            return Err(TokenFault::claim("azp"));
        }
        token.check_times(now, LEEWAY)?;
        let claim = self.settings.claim();
        match token.text(claim) {
            Some(subject) if is_name(subject) => Ok(subject.to_owned()),
            _ => Err(TokenFault::claim(claim)),
        }
    }
}

/// Whether a token is an access token. An ID token tells the application about a sign-in, and is no key to this service. All who see an ID
/// token, such as logs and pages, could present it here.
fn is_access_token(token: &Presented) -> Result<(), TokenFault> {
    if let Some(claim) = OF_OTHER_TOKENS.into_iter().find(|claim| token.says(claim)) {
        return Err(TokenFault::claim(claim));
    }
    let says_so = match token.text("typ") {
        Some(kind) if kind.eq_ignore_ascii_case(BEARER) => true,
        Some(_) => return Err(TokenFault::claim("typ")),
        None => token.kind().is_some_and(|kind| kind == ACCESS_TOKEN),
    };
    if says_so {
        return Ok(());
    }
    // Old issuers call every token a JWT. Some copy the `nonce` of the sign-in into access tokens, but those say that they are such.
    if token.says("nonce") {
        return Err(TokenFault::claim("nonce"));
    }
    if OF_ACCESS_TOKENS.into_iter().any(|claim| token.says(claim)) { Ok(()) } else { Err(TokenFault::claim("scope")) }
}

/// Whether a text can name an account. A control character could not be stored, or would forge a line of a log.
fn is_name(subject: &str) -> bool {
    !subject.trim().is_empty() && subject.len() <= SUBJECT_LENGTH && !subject.contains(char::is_control)
}

impl fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Issuer").field("settings", &self.settings).finish_non_exhaustive()
    }
}
