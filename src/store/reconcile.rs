//! Bringing a table to a wanted state with the fewest writes: equal rows stay untouched.

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::{ActiveModelBehavior, ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable as _, ModelTrait};

use super::{StoreError, transaction::Transaction};

/// Rows of one `INSERT`: the widest table stays far below the number of values that `SQLite` takes in a statement.
const ROWS_AT_ONCE: usize = 500;

/// How many rows a load has touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that were not there.
    pub added: usize,
    /// Rows that were there and said something else.
    pub changed: usize,
    /// Rows that are no longer wanted.
    pub removed: usize,
}

/// Inserts and updates until `wanted` stands; returns the rows of `existing` that nobody wants, for [`remove`].
///
/// A wanted row has the primary key of the row that it replaces, or a fresh one.
pub(super) async fn upsert<E, A, K>(
    transaction: &Transaction,
    existing: Vec<E::Model>,
    wanted: Vec<E::Model>,
    key: impl Fn(&E::Model) -> K,
    tally: &mut Tally,
) -> Result<Vec<E::Model>, StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A> + PartialEq,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
    K: Eq + Hash,
{
    let mut existing: HashMap<K, E::Model> = existing.into_iter().map(|row| (key(&row), row)).collect();
    let mut fresh = Vec::new();
    for row in wanted {
        match existing.remove(&key(&row)) {
            None => fresh.push(all_set::<E, A>(row)),
            Some(before) if before != row => {
                all_set::<E, A>(row).update(transaction).await?;
                tally.changed = tally.changed.saturating_add(1);
            }
            Some(_) => {}
        }
    }
    tally.added = tally.added.saturating_add(fresh.len());
    insert_all::<E, A>(transaction, fresh).await?;
    Ok(existing.into_values().collect())
}

/// Adds rows, as many at once as a statement takes.
pub(super) async fn insert_all<E, A>(transaction: &Transaction, mut rows: Vec<A>) -> Result<(), StoreError>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E>,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_AT_ONCE));
        E::insert_many(rows).exec_without_returning(transaction).await?;
        rows = rest;
    }
    Ok(())
}

/// Removes the rows that [`upsert`] found unwanted.
pub(super) async fn remove<M, A>(transaction: &Transaction, unwanted: Vec<M>, tally: &mut Tally) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
{
    for row in unwanted {
        let removed = row.delete(transaction).await?.rows_affected;
        tally.removed = tally.removed.saturating_add(usize::try_from(removed).unwrap_or_default());
    }
    Ok(())
}

/// Every column as a value to write, where a row that was read counts as unchanged.
fn all_set<E, A>(row: E::Model) -> A
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let mut row = row.into_active_model();
    for column in E::Column::iter() {
        row.reset(column);
    }
    row
}
