//! The keys of an issuer as they were last fetched, and when they are fetched again.
//!
//! Three things pull apart here. A key that the issuer withdrew must soon be rejected, and a key that it just added must soon be found. An
//! issuer that is down, or a flood of tokens with invented keys, must not make us ask it all the time.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Algorithm;
use tokio::sync::Mutex;

use super::{
    fetch::Source,
    keys::{Key, KeySet},
};
use crate::access::token::TokenFault;

/// How long keys are used without asking again: so long is a withdrawn key believed.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// How long keys are used that cannot be fetched again: an issuer may be down overnight without locking users out.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// How long the issuer is left alone after it was asked, whatever it answered.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// The known keys.
#[derive(Clone, Default)]
struct Known {
    keys: Option<(Arc<KeySet>, DateTime<Utc>)>,
    asked_at: Option<DateTime<Utc>>,
}

/// Whether `now` is less than `span` after `then`. A clock that was set back makes everything old rather than young for ever.
fn within(span: TimeDelta, then: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let age = now.signed_duration_since(then);
    // Requests overtake each other between taking the time and coming here.
    age >= -PAUSE && age < span
}

impl Known {
    fn find(&self, id: Option<&str>, algorithm: Algorithm, now: DateTime<Utc>) -> Result<Arc<Key>, TokenFault> {
        match &self.keys {
            Some((keys, fetched_at)) if within(KEPT, *fetched_at, now) => keys.find(id, algorithm),
            _ => Err(TokenFault::Unavailable),
        }
    }

    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.keys.as_ref().is_some_and(|(_, fetched_at)| within(FRESH, *fetched_at, now))
    }

    fn may_ask(&self, now: DateTime<Utc>) -> bool {
        !self.asked_at.is_some_and(|asked_at| within(PAUSE, asked_at, now))
    }
}

/// The keys of an issuer as they were last fetched.
pub(super) struct Cache {
    source: Source,
    known: RwLock<Known>,
    /// Held by the request that asks the issuer.
    asking: Arc<Mutex<()>>,
}

impl Cache {
    pub(super) fn new(source: Source) -> Self {
        Self { source, known: RwLock::default(), asking: Arc::default() }
    }

    /// The key for a token that names `id` and `algorithm`.
    pub(super) async fn key(self: &Arc<Self>, id: Option<&str>, algorithm: Algorithm, now: DateTime<Utc>) -> Result<Arc<Key>, TokenFault> {
        let known = self.known();
        let found = known.find(id, algorithm, now);
        let is_missing = matches!(found, Err(TokenFault::UnknownKey | TokenFault::Unavailable));
        if !is_missing && known.is_fresh(now) {
            return found;
        }
        let guard = if is_missing {
            // A request to the issuer that runs may bring the key.
            Arc::clone(&self.asking).lock_owned().await
        } else if let Ok(guard) = Arc::clone(&self.asking).try_lock_owned() {
            guard
        } else {
            // Another request asks already, and the known keys will do until there is an answer.
            return found;
        };
        if self.known().may_ask(now) {
            // In its own task: the request that started it may end, and others wait for the answer.
            let cache = Arc::clone(self);
            let asked = tokio::spawn(async move {
                cache.ask(now).await;
                drop(guard);
            });
            if let Err(error) = asked.await {
                tracing::error!(%error, "asking an issuer for its keys broke off");
            }
        }
        self.known().find(id, algorithm, now)
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask(&self, now: DateTime<Utc>) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).asked_at = Some(now);
        match self.source.keys().await {
            Ok(keys) => {
                tracing::debug!(issuer = self.source.issuer(), keys = keys.len(), "the keys of the issuer were fetched");
                self.known.write().unwrap_or_else(PoisonError::into_inner).keys = Some((Arc::new(keys), now));
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(issuer = self.source.issuer(), %error, cause, "the keys of the issuer cannot be fetched");
            }
        }
    }
}
