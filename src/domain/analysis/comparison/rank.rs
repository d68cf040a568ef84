//! 名次: places among the jurisdictions of a level in a year.

use entity::JurisdictionId;

use super::Row;
use crate::domain::{places::jurisdiction::Tree, share::Share};

/// A place, the best first. Those that are equal share it, and the next place is left out: 1, 2, 2, 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The place, from 1.
    pub place: u32,
    /// Among how many.
    pub among: u32,
}

/// The place of each row by its exact completion; `None` if the row is not comparable.
pub(super) fn ranks(rows: &[Row], tree: &Tree) -> Vec<Option<Rank>> {
    let runs = |row: &Row| -> Option<(usize, i32, Share)> {
        let completion = row.figures.completion.clone().filter(|_| row.figures.obstacle.is_none())?;
        Some((level(tree, row.jurisdiction_id), row.year, completion))
    };
    let runners: Vec<_> = rows.iter().map(runs).collect();
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let rank = |runner: &Option<(usize, i32, Share)>| {
        let (level, year, completion) = runner.as_ref()?;
        let rivals = || runners.iter().flatten().filter(|(other, when, _)| other == level && when == year);
        let ahead = count(rivals().filter(|(_, _, other)| other > completion).count());
        Some(Rank { place: ahead.saturating_add(1), among: count(rivals().count()) })
    };
    runners.iter().map(rank).collect()
}

/// How far below the top: the city is 0; its districts, counties and zones are 1.
fn level(tree: &Tree, id: JurisdictionId) -> usize {
    let above = |id: &JurisdictionId| tree.by_id(*id).and_then(|jurisdiction| jurisdiction.parent_id);
    // A broken tree with a circle must end as well.
    std::iter::successors(above(&id), above).take(tree.all().len()).count()
}
