//! Jurisdictions, topics, indicators and units.

use std::collections::{HashMap, HashSet};

use entity::{IndicatorId, JurisdictionId, TopicId, UnitAliasId, UnitId, indicator, jurisdiction, topic, unit, unit_alias, unit_member};
use sea_orm::{EntityTrait, QueryFilter as _, sea_query::IntoCondition};

use super::{Ids, position};
use crate::{
    domain::notices::seed::{Seed, SeedUnit, UnitKey},
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
        transaction::Transaction,
    },
};

pub(super) async fn load(transaction: &Transaction, seed: &Seed, tally: &mut Tally) -> Result<Ids, StoreError> {
    let mut ids = Ids::default();
    load_jurisdictions(transaction, seed, &mut ids, tally).await?;
    load_catalogue(transaction, seed, &mut ids, tally).await?;
    load_units(transaction, seed, &mut ids, tally).await?;
    Ok(ids)
}

/// All rows of a table: reference data is small, and a load compares it whole.
#[expect(clippy::disallowed_methods, reason = "the loader stands below visibility: it compares all rows with the files")]
pub(super) async fn all<E: EntityTrait>(transaction: &Transaction) -> Result<Vec<E::Model>, StoreError> {
    Ok(E::find().all(transaction).await?)
}

/// The rows of a table that meet a condition.
#[expect(clippy::disallowed_methods, reason = "the loader stands below visibility: it compares all rows with the files")]
pub(super) async fn matching<E: EntityTrait>(
    transaction: &Transaction,
    condition: impl IntoCondition,
) -> Result<Vec<E::Model>, StoreError> {
    Ok(E::find().filter(condition).all(transaction).await?)
}

async fn load_jurisdictions(transaction: &Transaction, seed: &Seed, ids: &mut Ids, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = all::<jurisdiction::Entity>(transaction).await?;
    ids.jurisdictions = existing.iter().map(|row| (row.code.clone(), row.id)).collect();
    let mut wanted = Vec::new();
    for (index, entry) in seed.jurisdictions.iter().enumerate() {
        wanted.push(jurisdiction::Model {
            id: *ids.jurisdictions.entry(entry.code.clone()).or_insert_with(JurisdictionId::generate),
            code: entry.code.clone(),
            name: entry.name.clone(),
            name_english: entry.name_english.clone(),
            kind: entry.kind,
            division_code: entry.division_code.clone(),
            parent_id: entry.parent.as_ref().map(|parent| Ids::find(&ids.jurisdictions, parent)).transpose()?,
            position: position(index),
        });
    }
    upsert::<jurisdiction::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    Ok(())
}

async fn load_catalogue(transaction: &Transaction, seed: &Seed, ids: &mut Ids, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = all::<topic::Entity>(transaction).await?;
    ids.topics = existing.iter().map(|row| (row.code.clone(), row.id)).collect();
    let topics = seed.topics.iter().enumerate().map(|(index, entry)| topic::Model {
        id: *ids.topics.entry(entry.code.clone()).or_insert_with(TopicId::generate),
        code: entry.code.clone(),
        name: entry.name.clone(),
        name_english: entry.name_english.clone(),
        position: position(index),
    });
    let topics = topics.collect();
    upsert::<topic::Entity, _, _>(transaction, existing, topics, |row| row.id, tally).await?;

    let existing = all::<indicator::Entity>(transaction).await?;
    ids.indicators = existing.iter().map(|row| (row.code.clone(), row.id)).collect();
    let mut indicators = Vec::new();
    for (index, entry) in seed.indicators.iter().enumerate() {
        indicators.push(indicator::Model {
            id: *ids.indicators.entry(entry.code.clone()).or_insert_with(IndicatorId::generate),
            code: entry.code.clone(),
            name: entry.name.clone(),
            name_english: entry.name_english.clone(),
            description: entry.description.clone(),
            description_english: entry.description_english.clone(),
            topic_id: Ids::find(&ids.topics, &entry.topic)?,
            unit: entry.unit.clone(),
            kind: entry.kind,
            aggregation: entry.aggregation,
            higher_is_better: entry.higher_is_better,
            position: position(index),
        });
    }
    upsert::<indicator::Entity, _, _>(transaction, existing, indicators, |row| row.id, tally).await?;
    Ok(())
}

async fn load_units(transaction: &Transaction, seed: &Seed, ids: &mut Ids, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = all::<unit::Entity>(transaction).await?;
    let codes: HashMap<JurisdictionId, &String> = ids.jurisdictions.iter().map(|(code, id)| (*id, code)).collect();
    ids.units = existing
        .iter()
        .filter_map(|row| {
            let jurisdiction = (*codes.get(&row.jurisdiction_id)?).clone();
            Some((UnitKey { jurisdiction, name: row.name.clone() }, row.id))
        })
        .collect();
    let names: HashSet<&UnitKey> = seed.units.iter().map(|entry| &entry.key).collect();
    let aliases = all::<unit_alias::Entity>(transaction).await?;
    let mut wanted = Vec::new();
    for (index, entry) in seed.units.iter().enumerate() {
        let jurisdiction_id = Ids::find(&ids.jurisdictions, &entry.key.jurisdiction)?;
        let promoted = || {
            let alias = aliases.iter().find(|row| row.jurisdiction_id == jurisdiction_id && row.name == entry.key.name)?;
            let unit = existing.iter().find(|row| row.id == alias.unit_id)?;
            let former = UnitKey { jurisdiction: entry.key.jurisdiction.clone(), name: unit.name.clone() };
            (!names.contains(&former)).then_some(unit.id)
        };
        let known = ids.units.get(&entry.key).copied().or_else(|| renamed(entry, &names, &ids.units)).or_else(promoted);
        let id = known.unwrap_or_else(UnitId::generate);
        ids.units.insert(entry.key.clone(), id);
        wanted.push(unit::Model { id, jurisdiction_id, name: entry.key.name.clone(), kind: entry.kind, position: position(index) });
    }
    // Removed names go first: a former alias may be a unit's own name from now on.
    let aliases = remaining_aliases(transaction, aliases, seed, ids, tally).await?;
    upsert::<unit::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    load_aliases(transaction, seed, ids, aliases, tally).await?;
    load_members(transaction, seed, ids, tally).await
}

/// The unit that an entry has renamed: the one whose name is now another name of the entry, and no entry's own.
fn renamed(entry: &SeedUnit, names: &HashSet<&UnitKey>, units: &HashMap<UnitKey, UnitId>) -> Option<UnitId> {
    let former = entry.aliases.iter().map(|name| UnitKey { jurisdiction: entry.key.jurisdiction.clone(), name: name.clone() });
    former.filter(|key| !names.contains(key)).find_map(|key| units.get(&key).copied())
}

/// Removes other names that the seed's units no longer have, and returns those that stay. Names of units that the seed does not
/// mention are not the seed's to remove.
async fn remaining_aliases(
    transaction: &Transaction,
    existing: Vec<unit_alias::Model>,
    seed: &Seed,
    ids: &Ids,
    tally: &mut Tally,
) -> Result<Vec<unit_alias::Model>, StoreError> {
    let seeded = seeded_units(seed, ids)?;
    let mut wanted = HashSet::new();
    for entry in &seed.units {
        let jurisdiction = Ids::find(&ids.jurisdictions, &entry.key.jurisdiction)?;
        wanted.extend(entry.aliases.iter().map(|name| (jurisdiction, name.as_str())));
    }
    let (given_up, remaining) =
        existing.into_iter().partition(|row| seeded.contains(&row.unit_id) && !wanted.contains(&(row.jurisdiction_id, row.name.as_str())));
    remove(transaction, given_up, tally).await?;
    Ok(remaining)
}

async fn load_aliases(
    transaction: &Transaction,
    seed: &Seed,
    ids: &Ids,
    existing: Vec<unit_alias::Model>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let known: HashMap<(JurisdictionId, String), UnitAliasId> =
        existing.iter().map(|row| ((row.jurisdiction_id, row.name.clone()), row.id)).collect();
    let mut wanted = Vec::new();
    for entry in &seed.units {
        let jurisdiction_id = Ids::find(&ids.jurisdictions, &entry.key.jurisdiction)?;
        for (index, name) in entry.aliases.iter().enumerate() {
            wanted.push(unit_alias::Model {
                id: known.get(&(jurisdiction_id, name.clone())).copied().unwrap_or_else(UnitAliasId::generate),
                unit_id: Ids::find(&ids.units, &entry.key)?,
                jurisdiction_id,
                name: name.clone(),
                position: position(index),
            });
        }
    }
    upsert::<unit_alias::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    Ok(())
}

async fn load_members(transaction: &Transaction, seed: &Seed, ids: &Ids, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = all::<unit_member::Entity>(transaction).await?;
    let mut wanted = Vec::new();
    for entry in &seed.units {
        for (index, member) in entry.members.iter().enumerate() {
            wanted.push(unit_member::Model {
                collective_id: Ids::find(&ids.units, &entry.key)?,
                member_id: Ids::find(&ids.units, member)?,
                position: position(index),
            });
        }
    }
    let key = |row: &unit_member::Model| (row.collective_id, row.member_id);
    let unwanted = upsert::<unit_member::Entity, _, _>(transaction, existing, wanted, key, tally).await?;
    let seeded = seeded_units(seed, ids)?;
    remove(transaction, unwanted.into_iter().filter(|row| seeded.contains(&row.collective_id)).collect(), tally).await
}

fn seeded_units(seed: &Seed, ids: &Ids) -> Result<HashSet<UnitId>, StoreError> {
    seed.units.iter().map(|entry| Ids::find(&ids.units, &entry.key)).collect()
}
