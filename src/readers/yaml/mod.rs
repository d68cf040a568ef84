//! Seed files: reference data and notices in YAML that a civil servant can read and correct, checked whole.
//!
//! Files are read as they are written (`document`, and the drafts of the domain), and names are gathered (`names`). Then every record is
//! checked against the names and becomes a row of [`Seed`]. Nothing stops at the first fault.

mod document;
mod files;
mod holiday;
mod listing;
mod names;
mod population;
mod reason;
mod reference;
mod unit;

pub use listing::{Listing, SourceFile};
pub(crate) use reason::{file_unreadable, folder_unreadable, not_utf8};

use self::files::Files;
use crate::domain::{
    fault::{Fault, Faults},
    notices::{
        check::{self, Names, Taken},
        seed::{Seed, SeedNotice},
    },
    written::Record,
};

/// Reads all files of a listing and checks everything that they say. `faults` are those of the listing itself.
///
/// # Errors
/// All faults there are, by file and line.
pub fn read(listing: Listing, mut faults: Faults) -> Result<Seed, Vec<Fault>> {
    let files = Files::read(listing, &mut faults);
    let names = names::of(&files);
    let seed = Seed {
        jurisdictions: reference::jurisdictions(&files.jurisdictions, &mut faults),
        topics: reference::topics(&files.topics, &mut faults),
        indicators: reference::indicators(&files.indicators, &names, &mut faults),
        units: unit::check(&files, &names, &mut faults),
        notices: notices(&files, &names, &mut faults),
        holidays: holiday::check(&files, &mut faults),
        populations: population::check(&files, &names, &mut faults),
    };
    faults.unless_any(seed)
}

fn notices(files: &Files, names: &Names, faults: &mut Faults) -> Vec<SeedNotice> {
    let mut taken = Taken::default();
    let mut notices = Vec::new();
    for notice in &files.notices {
        if let Some(draft) = &notice.file.content {
            let mut record = Record::new(&notice.file.spot, draft.at, faults);
            notices.extend(check::check(&draft.value, &notice.name, &mut record, &mut taken, names));
        }
    }
    notices
}
