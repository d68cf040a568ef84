//! Verifying the audit chain. Every event must still be as it was recorded, no event may be missing, and the database must still guard
//! them.

pub(in crate::service) mod unrecorded;

use super::Service;
use crate::store::{End, StoreError};

/// How many events are read at once: the chain of years must not be held in memory.
const AT_ONCE: u64 = 1_000;

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many events are as they were recorded, from the first.
    pub sound: i64,
    /// The end of the sound part; note its hash elsewhere to notice later if even the end was exchanged.
    pub end: End,
    /// The first thing that is not as it was recorded.
    pub breach: Option<Breach>,
}

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// The event with this number is not there.
    Missing {
        /// The number.
        sequence: i64,
    },
    /// The event with this number differs from the recorded one.
    Altered {
        /// The number.
        sequence: i64,
    },
    /// The end that is stored beside the chain is not the end of the chain: events were removed from, or added to, its end.
    End {
        /// The number of the last event according to it.
        sequence: i64,
    },
    /// There is an account without an event of its creation: the chain was emptied, and may have been begun again.
    Emptied,
    /// The chain holds, and a trigger is missing or altered that keeps anybody from changing or removing events.
    Unguarded {
        /// The name of the trigger.
        trigger: &'static str,
    },
}

impl Service {
    /// Verifies the whole chain, telling `progress` of each event how far the chain holds, and where it ends. Needs no permit: it changes and shows nothing, and
    /// only the commands of this program call it.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn verify_audit(&self, mut progress: impl FnMut(&End, i64)) -> Result<Verified, StoreError> {
        // The end is read first: a later event is beyond it and not verified.
        let stored = self.database().audit_end().await?;
        let mut end = End::default();
        let mut breach = None;
        'chain: while end.sequence < stored.sequence {
            let links = self.database().audit_links(end.sequence, AT_ONCE).await?;
            if links.is_empty() {
                break;
            }
            for link in links {
                let expected = end.sequence.saturating_add(1);
                let link = match link {
                    Ok(link) => link,
                    Err(sequence) => {
                        breach =
                            Some(if sequence == expected { Breach::Altered { sequence } } else { Breach::Missing { sequence: expected } });
                        break 'chain;
                    }
                };
                if link.event.sequence != expected {
                    breach = Some(Breach::Missing { sequence: expected });
                    break 'chain;
                }
                if link.previous_hash != end.hash || link.event.hash(&end.hash) != link.hash {
                    breach = Some(Breach::Altered { sequence: expected });
                    break 'chain;
                }
                end = End { sequence: expected, hash: link.hash };
                progress(&end, stored.sequence);
                if end == stored {
                    break 'chain;
                }
            }
        }
        if breach.is_none() && end != stored {
            breach = Some(Breach::End { sequence: stored.sequence });
        }
        // Beyond the end there may be events that were added since it was read. Then the end has moved as well.
        if breach.is_none()
            && let Some(beyond) = self.database().audit_links(end.sequence, 1).await?.first()
            && self.database().audit_end().await?.sequence < beyond.as_ref().map_or_else(|sequence| *sequence, |link| link.event.sequence)
        {
            breach = Some(Breach::End { sequence: stored.sequence });
        }
        if breach.is_none() && self.database().has_account_without_event().await? {
            breach = Some(Breach::Emptied);
        }
        if breach.is_none() {
            breach = self.database().missing_audit_guard().await?.map(|trigger| Breach::Unguarded { trigger });
        }
        Ok(Verified { sound: end.sequence, end, breach })
    }
}
