//! 会话: a sign-in begins a session.

use chrono::{DateTime, Utc};
use entity::{AccountId, SessionId};

/// A session begins with a sign-in and is renewed by refresh tokens until it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was ended before that.
    pub ended_at: Option<DateTime<Utc>>,
    /// Where the sign-in came from.
    pub address: Option<String>,
    /// The name that the client gave itself.
    pub user_agent: Option<String>,
}

impl Session {
    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_some() || self.expires_at <= now
    }
}
