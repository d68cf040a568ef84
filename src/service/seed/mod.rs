//! Seeds: reference data and notices from YAML that a civil servant can read and correct, checked whole before anything is loaded.
//!
//! Files are read as they are written (`document`), names are gathered (`index`), then every record is checked against them
//! and becomes a row of [`Seed`]. Nothing stops at the first fault. What lives here never touches the database, `load` excepted.

mod annex;
mod document;
mod fault;
mod files;
mod holiday;
mod index;
mod notice;
mod population;
mod reason;
mod record;
mod reference;
mod source;
mod target;
mod unit;
mod word;

#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use source::Source;

use self::{fault::Faults, files::Files, index::Index};
use crate::{
    domain::seed::Seed,
    store::{Database, StoreError, Tally},
};

/// Why seeds were not loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The files have faults; the database was not touched.
    #[error("{}", fault::listing(.0))]
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
    let files = Files::read(source, &mut faults);
    let index = Index::of(&files);
    let seed = Seed {
        jurisdictions: reference::jurisdictions(&files.jurisdictions, &mut faults),
        topics: reference::topics(&files.topics, &mut faults),
        indicators: reference::indicators(&files.indicators, &index, &mut faults),
        units: unit::check(&files, &index, &mut faults),
        notices: notice::check(&files, &index, &mut faults),
        holidays: holiday::check(&files, &mut faults),
        populations: population::check(&files, &index, &mut faults),
    };
    faults.unless_any(seed)
}

/// Checks `source` and brings the database to what it says: all of it or, where there is any fault, nothing. Loading twice changes
/// nothing.
///
/// # Errors
/// The files have faults, or the database failed; either way nothing was written.
pub async fn load(database: &Database, source: &Source) -> Result<Tally, SeedError> {
    let seed = check(source).map_err(SeedError::Faults)?;
    Ok(database.load_seed(&seed).await?)
}
