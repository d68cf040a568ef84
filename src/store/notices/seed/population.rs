//! How many people live in jurisdictions: a row a jurisdiction and year.

use std::collections::HashSet;

use entity::population;

use super::{Ids, reference::all};
use crate::{
    domain::notices::seed::Seed,
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
        transaction::Transaction,
    },
};

/// Loads the counts of a seed. A year that the seed does not mention stays as it is. If the seed mentions a year, the jurisdictions that
/// it no longer names are removed.
pub(super) async fn load(transaction: &Transaction, seed: &Seed, ids: &Ids, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = all::<population::Entity>(transaction).await?;
    let mut wanted = Vec::new();
    for entry in &seed.populations {
        wanted.push(population::Model {
            jurisdiction_id: Ids::find(&ids.jurisdictions, &entry.jurisdiction)?,
            year: entry.year,
            residents: entry.residents,
            source: entry.source.clone(),
            source_english: entry.source_english.clone(),
        });
    }
    let key = |row: &population::Model| (row.jurisdiction_id, row.year);
    let unwanted = upsert::<population::Entity, _, _>(transaction, existing, wanted, key, tally).await?;
    let seeded: HashSet<i32> = seed.populations.iter().map(|entry| entry.year).collect();
    remove(transaction, unwanted.into_iter().filter(|row| seeded.contains(&row.year)).collect(), tally).await
}
