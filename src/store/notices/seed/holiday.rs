//! Public holidays: a row for each year that is published, and one for each of its days off and days worked instead.

use std::collections::HashSet;

use entity::{holiday, holiday_year};

use super::reference::all;
use crate::{
    domain::{notices::seed::Seed, places::holiday::HolidayYear},
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
        transaction::Transaction,
    },
};

/// Loads the years of a seed. Like other reference data, a year that the seed does not mention stays as it is. If the seed mentions a
/// year, the days that it no longer names are removed. A day that a year of the seed names belongs to that year from then on.
pub(super) async fn load(transaction: &Transaction, seed: &Seed, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = all::<holiday_year::Entity>(transaction).await?;
    let years = seed.holidays.iter().map(|entry| holiday_year::Model { year: entry.year, document_number: entry.document_number.clone() });
    upsert::<holiday_year::Entity, _, _>(transaction, existing, years.collect(), |row| row.year, tally).await?;

    let existing = all::<holiday::Entity>(transaction).await?;
    let days = seed.holidays.iter().flat_map(days).collect();
    let unwanted = upsert::<holiday::Entity, _, _>(transaction, existing, days, |row| row.day, tally).await?;
    let seeded: HashSet<i32> = seed.holidays.iter().map(|entry| entry.year).collect();
    remove(transaction, unwanted.into_iter().filter(|row| seeded.contains(&row.year)).collect(), tally).await
}

fn days(of: &HolidayYear) -> Vec<holiday::Model> {
    let mut days = Vec::new();
    for entry in &of.holidays {
        let (name, name_english) = (Some(entry.name.clone()), Some(entry.name_english.clone()));
        let day_off = |day| holiday::Model { day, year: of.year, name: name.clone(), name_english: name_english.clone() };
        days.extend(entry.days().map(day_off));
    }
    days.extend(of.workdays.iter().map(|day| holiday::Model { day: *day, year: of.year, name: None, name_english: None }));
    days
}
