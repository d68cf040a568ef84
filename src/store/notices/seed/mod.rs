//! Loading seeds: all in one transaction, rows matched by their natural keys, so that a second load changes nothing.

mod annex;
mod holiday;
mod notice;
mod population;
mod reference;
mod searchable;

use std::collections::HashMap;

use entity::{IndicatorId, JurisdictionId, TopicId, UnitId};

use crate::{
    domain::notices::seed::{Seed, UnitKey},
    store::{Database, StoreError, Tally, commits},
};

/// The ids of reference data, by natural key.
#[derive(Debug, Default)]
struct Ids {
    jurisdictions: HashMap<String, JurisdictionId>,
    topics: HashMap<String, TopicId>,
    indicators: HashMap<String, IndicatorId>,
    units: HashMap<UnitKey, UnitId>,
}

impl Ids {
    /// The names in the seed were checked to exist; a miss is our own fault.
    fn find<K: std::hash::Hash + Eq + std::fmt::Debug, V: Copy>(ids: &HashMap<K, V>, key: &K) -> Result<V, StoreError> {
        ids.get(key).copied().ok_or_else(|| StoreError::Unresolved { key: format!("{key:?}") })
    }
}

impl Database {
    /// Makes reference data and notices equal to `seed`: all of it, or nothing if a part fails.
    ///
    /// The load removes rows of a notice, days of a year's holidays and counts of a year's residents that the seed no longer has. It keeps
    /// jurisdictions, units, topics and indicators that the seed does not mention. It also keeps whole years of holidays and residents,
    /// and whole notices. A notice that an office has withdrawn or is drafting stays too.
    ///
    /// # Errors
    /// A statement failed; nothing was written.
    pub async fn load_seed(&self, seed: &Seed) -> Result<Tally, StoreError> {
        let transaction = self.begin().await?;
        let mut tally = Tally::default();
        let ids = reference::load(&transaction, seed, &mut tally).await?;
        holiday::load(&transaction, seed, &mut tally).await?;
        population::load(&transaction, seed, &ids, &mut tally).await?;
        notice::load(&transaction, seed, &ids, &mut tally).await?;
        searchable::refresh(&transaction).await?;
        let is_seen = tally != Tally::default();
        if is_seen {
            commits::rename_revision(&transaction).await?;
            commits::notify(&transaction).await?;
        }
        transaction.commit().await?;
        if is_seen {
            self.announcer.announce();
        }
        Ok(tally)
    }
}

/// The place of a row in its list, from 1.
fn position(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX).saturating_add(1)
}
