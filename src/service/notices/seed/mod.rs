//! Seeds: reference data and notices from YAML, checked whole before anything is loaded.

mod source;

#[cfg(test)]
mod tests;

pub use source::Source;

use crate::{
    domain::{
        fault::{Fault, Faults, listing},
        notices::seed::Seed,
    },
    readers::yaml,
    store::{Database, StoreError, Tally},
};

/// Why seeds were not loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The files have faults; the database was not touched.
    #[error("{}", listing(.0))]
    Faults(Vec<Fault>),
    /// The database failed; nothing was written.
    #[error("the seeds could not be stored")]
    Store(#[from] StoreError),
}

/// Reads all files of `source` and checks everything that they say.
///
/// # Errors
/// All faults there are, by file and line.
pub fn check(source: &Source) -> Result<Seed, Vec<Fault>> {
    let mut faults = Faults::default();
    let files = source.list(&mut faults);
    yaml::read(files, faults)
}

/// Checks `source` and makes the database equal to it: all of it, or nothing if there is any fault. Loading twice changes nothing.
///
/// # Errors
/// The files have faults, or the database failed; either way nothing was written.
pub async fn load(database: &Database, source: &Source) -> Result<Tally, SeedError> {
    let seed = check(source).map_err(SeedError::Faults)?;
    Ok(database.load_seed(&seed).await?)
}
