//! Refusals that leave no audit event. Anybody can cause as many of them as they like, and no event can ever be removed. They are
//! counted, and the log has a line of them now and then.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use entity::Action;
use fair::{Rate, network};

use crate::{
    access::{reason::Reason, viewer::Viewer},
    service::{Call, Refusal},
};

/// How many refusals of one network are recorded in a minute, of those that come before a password is checked.
const OF_NETWORK: u32 = 30;

/// How many of these are recorded in a minute of all networks together.
const OF_ALL: u32 = 300;

/// How often at most the log tells of refusals that were not recorded.
const TOLD: Duration = Duration::from_secs(10);

/// Why a refusal leaves no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nobody had signed in, and the action is for those who have.
    NotSignedIn,
    /// The presented token belongs to nobody.
    OfNobody,
    /// So many were recorded in the last minute that no more are.
    TooMany,
}

impl Cause {
    /// A word for measurements.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotSignedIn => "NOT_SIGNED_IN",
            Self::OfNobody => "OF_NOBODY",
            Self::TooMany => "TOO_MANY",
        }
    }
}

/// The refusals that were not recorded. Clones share it.
#[derive(Clone)]
pub(in crate::service) struct Unrecorded(Arc<Shared>);

struct Shared {
    of_network: Option<Rate>,
    of_all: Option<Rate>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    by_action: BTreeMap<(Action, Cause), u64>,
    /// When the log was told last.
    told: Option<Instant>,
    /// How many refusals it has not been told of.
    untold: u64,
}

impl fmt::Debug for Unrecorded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Unrecorded").finish_non_exhaustive()
    }
}

impl Default for Unrecorded {
    fn default() -> Self {
        let now = Instant::now();
        Self(Arc::new(Shared { of_network: Rate::of(OF_NETWORK, now), of_all: Rate::of(OF_ALL, now), counts: Mutex::default() }))
    }
}

impl Unrecorded {
    /// Why a refusal is not to be recorded, if it is not. `known` is whether it is about something that there is.
    pub(in crate::service) fn cause(&self, call: &Call, action: Action, refusal: &Refusal, known: bool) -> Option<Cause> {
        if call.viewer != Viewer::Public {
            return None;
        }
        match (action, refusal) {
            (_, Refusal::Forbidden(Reason::SignInFirst)) => Some(Cause::NotSignedIn),
            // A password was checked: how many are, is bounded by itself.
            (Action::SignIn, Refusal::Credentials | Refusal::Locked) => None,
            (Action::RefreshSession, Refusal::Credentials) if !known => Some(Cause::OfNobody),
            _ => (!self.has_room(call, Instant::now())).then_some(Cause::TooMany),
        }
    }

    /// Counts a refusal that is not recorded, and tells the log unless it has been told a moment ago.
    pub(in crate::service) fn note(&self, call: &Call, action: Action, cause: Cause) {
        let now = Instant::now();
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.by_action.entry((action, cause)).or_default();
        *count = count.saturating_add(1);
        if counts.told.is_some_and(|told| now.saturating_duration_since(told) < TOLD) {
            counts.untold = counts.untold.saturating_add(1);
            return;
        }
        counts.told = Some(now);
        let others = std::mem::take(&mut counts.untold);
        drop(counts);
        let (request_id, address) = (call.occasion.request_id.as_str(), call.occasion.address);
        tracing::info!(request_id, ?address, ?action, cause = cause.word(), others, "refused and not recorded");
    }

    /// How many there were, by action and cause.
    pub(in crate::service) fn counts(&self) -> Vec<(Action, Cause, u64)> {
        let counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.by_action.iter().map(|((action, cause), count)| (*action, *cause, *count)).collect()
    }

    fn has_room(&self, call: &Call, now: Instant) -> bool {
        let network = call.occasion.address.map(network);
        // The network comes first, so one network alone cannot use up the bound of all.
        [(&self.0.of_network, network), (&self.0.of_all, None)]
            .into_iter()
            .all(|(rate, of)| rate.as_ref().is_none_or(|rate| rate.take(of, 1, now).is_ok()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::audit::Occasion;

    fn from(network: u8) -> Call {
        let address = Some([192, 0, 2, network].into());
        let occasion = Occasion { at: DateTime::UNIX_EPOCH, request_id: "test".into(), address };
        Call { viewer: Viewer::Public, occasion, user_agent: None, jurisdictions: None }
    }

    #[test]
    fn one_network_uses_up_its_own_room_alone() {
        let unrecorded = Unrecorded::default();
        let now = Instant::now();
        let recorded = |network: u8, count: u32| {
            let call = from(network);
            (0..count).filter(|_| unrecorded.has_room(&call, now)).count()
        };
        assert_eq!(recorded(1, 200), 15, "half a minute's at once");
        assert_eq!(recorded(2, 200), 15);
        let others: usize = (3..=250).map(|network| recorded(network, 5)).sum();
        assert_eq!(others, 150 - 30, "of all together");
        let throttled = Refusal::Throttled { retry_after: Duration::from_secs(1) };
        assert_eq!(unrecorded.cause(&from(1), Action::SignIn, &throttled, false), Some(Cause::TooMany));
    }

    #[test]
    fn every_password_that_was_checked_is_recorded() {
        let unrecorded = Unrecorded::default();
        for refusal in [Refusal::Credentials, Refusal::Locked] {
            for _ in 0..1_000 {
                assert_eq!(unrecorded.cause(&from(1), Action::SignIn, &refusal, false), None);
            }
        }
    }

    #[test]
    fn what_is_not_recorded_is_counted() {
        let unrecorded = Unrecorded::default();
        let call = from(1);
        let cause = unrecorded.cause(&call, Action::LockAccount, &Refusal::Forbidden(Reason::SignInFirst), true);
        assert_eq!(cause, Some(Cause::NotSignedIn));
        for _ in 0..3 {
            unrecorded.note(&call, Action::LockAccount, Cause::NotSignedIn);
        }
        let cause = unrecorded.cause(&call, Action::RefreshSession, &Refusal::Credentials, false);
        assert_eq!(cause, Some(Cause::OfNobody));
        unrecorded.note(&call, Action::RefreshSession, Cause::OfNobody);
        let mut counts = unrecorded.counts();
        counts.sort_unstable();
        let mut wanted = vec![(Action::LockAccount, Cause::NotSignedIn, 3), (Action::RefreshSession, Cause::OfNobody, 1)];
        wanted.sort_unstable();
        assert_eq!(counts, wanted);
    }
}
