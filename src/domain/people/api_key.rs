//! API 密钥: how a program asks in an account's name.

use chrono::{DateTime, Utc};
use entity::{AccountId, ApiKeyId, ApiKeyRights};

/// How a program asks in an account's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The account it speaks for.
    pub account_id: AccountId,
    /// Its purpose, in its owner's words.
    pub name: String,
    /// The part of the account's rights that it has.
    pub rights: ApiKeyRights,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiKey {
    /// Whether it no longer opens anything.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_some() || self.expires_at <= now
    }
}
