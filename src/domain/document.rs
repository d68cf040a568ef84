//! Documents that are trusted: texts of operations that clients name by their hash.

use std::fmt;

use chrono::{DateTime, Utc};

use super::audit::fingerprint;

/// The SHA-256 of a document, in small hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentHash(String);

/// How many hexadecimal digits a hash has.
const DIGITS: usize = 64;

impl DocumentHash {
    /// The hash of a text, to the byte.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(fingerprint(text))
    }

    /// A hash as clients write it: hexadecimal, with `sha256:` before it or without.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let is_hash = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self(digits.to_ascii_lowercase()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A document that is trusted, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedDocument {
    /// Its hash.
    pub hash: DocumentHash,
    /// Its name in metrics and lists.
    pub name: String,
    /// Its text.
    pub text: String,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// When it was retired, if it was.
    pub retired_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_clients_write_it() {
        let hash = DocumentHash::of("{ __typename }");
        assert_eq!(hash.as_str().len(), DIGITS);
        for written in [hash.to_string(), format!("sha256:{hash}"), hash.as_str().to_ascii_uppercase()] {
            assert_eq!(DocumentHash::parse(&written), Some(hash.clone()), "{written}");
        }
        for other in ["", "sha256:", "sha256:sha256:", "sha1:abc", &"g".repeat(64), &"a".repeat(63), &"a".repeat(65), &"é".repeat(32)] {
            assert_eq!(DocumentHash::parse(other), None, "{other}");
        }
    }
}
