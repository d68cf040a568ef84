//! Refresh tokens: each renews a session once, and which token comes next.
//!
//! The next token is derived from the spent one and a random salt. The database keeps the salt and the hashes of both tokens, so a reader
//! of the database can derive neither. A caller who presents the spent token again within [`GRACE`] gets the same next token. The
//! presented token and the salt are enough to derive it.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// How long a spent token may come again. Two tabs of a browser renew within seconds of each other, and a client that lost an answer
/// asks again at once.
pub const GRACE: TimeDelta = TimeDelta::seconds(30);

/// The beginning of every refresh token, so a token that leaked into a log or a repository is recognised.
pub const PREFIX: &str = "msr_";

/// The label that keeps this use of a token apart from any later use.
const CONTEXT: &[u8] = b"minsheng refresh token successor 1";

/// How a refresh token was spent.
#[derive(Clone, PartialEq, Eq)]
pub struct Spent {
    /// When.
    pub at: DateTime<Utc>,
    /// From which network, as [`fair::network`] names it.
    pub network: Option<String>,
    /// The salt that derives the next token; `None` once the next token was spent as well.
    pub salt: Option<String>,
}

impl Spent {
    /// The next token, if `token` may come again now and from this network. Otherwise it is in two hands.
    #[must_use]
    pub fn successor(&self, token: &str, network: Option<&str>, now: DateTime<Utc>) -> Option<String> {
        // The clocks of two processes differ, so the time between may be below zero.
        let in_time = now.signed_duration_since(self.at).abs() <= GRACE;
        let from_there = network.is_some() && self.network.as_deref() == network;
        self.salt.as_deref().filter(|_| in_time && from_there).and_then(|salt| successor(token, salt))
    }
}

/// Without the salt, which must not reach a log.
impl fmt::Debug for Spent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Spent").field("at", &self.at).field("network", &self.network).finish_non_exhaustive()
    }
}

/// The token that follows `token` under a salt. HMAC takes keys of any length, so there always is one.
#[must_use]
pub fn successor(token: &str, salt: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).ok()?;
    mac.update(CONTEXT);
    mac.update(salt.as_bytes());
    Some(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "msr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn spent() -> Spent {
        Spent { at: DateTime::UNIX_EPOCH, network: Some("192.0.2.1".to_owned()), salt: Some("salt".to_owned()) }
    }

    fn after(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    /// Computed with Python: `hmac.new(TOKEN, CONTEXT + b"salt", "sha256")`, in URL-safe base64.
    #[test]
    fn the_next_token_is_the_hmac_of_the_salt_under_the_token() {
        assert_eq!(successor(TOKEN, "salt").as_deref(), Some("msr_Jez1dB7g16zXKCXZmzwoAv6XmG3LjXjN3sn2iEnH1x8"));
        assert_ne!(successor(TOKEN, "salt"), successor(TOKEN, "salt2"));
        assert_ne!(successor(TOKEN, "salt"), successor("msr_B", "salt"));
    }

    #[test]
    fn a_token_comes_again_in_time_from_its_network_until_the_next_one_is_used() {
        let again = |spent: &Spent, network, seconds| spent.successor(TOKEN, network, after(seconds)).is_some();
        let home = Some("192.0.2.1");
        for (seconds, network, expected) in [
            (0, home, true),
            (30, home, true),
            (-5, home, true),
            (31, home, false),
            (-31, home, false),
            (0, Some("192.0.2.2"), false),
            (0, None, false),
        ] {
            assert_eq!(again(&spent(), network, seconds), expected, "{network:?} after {seconds}");
        }
        assert!(!again(&Spent { salt: None, ..spent() }, home, 0), "the next one was used");
        assert!(!again(&Spent { network: None, ..spent() }, None, 0), "nobody knows from where");
    }
}
