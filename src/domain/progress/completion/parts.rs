//! 其中: wholes and their parts. A part is in its whole's figure already; where nobody reported the whole, its parts make it when they are
//! all there and promise as much as it does.

use std::collections::BTreeMap;

use entity::{Aggregation, TargetId};
use rust_decimal::Decimal;

use super::{Goal, TooLarge};

/// Whether the parts of a target make it: they add up, count the same thing, and promise as much together. 5220 of 25 700 do not.
#[must_use]
pub fn make(whole: &Goal, parts: &[&Goal]) -> bool {
    let adds_up = |goal: &Goal| goal.aggregation() == Aggregation::Sum && goal.target().unit == whole.target().unit;
    let promised = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part.target().value));
    !parts.is_empty() && adds_up(whole) && parts.iter().all(|part| adds_up(part)) && promised == Some(whole.target().value)
}

/// The parts of a target, in the order of the notice.
#[must_use]
pub fn of(whole: TargetId, goals: &[Goal]) -> Vec<&Goal> {
    goals.iter().filter(|goal| goal.target().part_of_id == Some(whole)).collect()
}

/// The figures of wholes that nobody reported and that their parts make, by what is reported.
///
/// # Errors
/// A sum is larger than any decimal.
pub(super) fn made(goals: &[Goal], reported: &BTreeMap<TargetId, Decimal>) -> Result<BTreeMap<TargetId, Decimal>, TooLarge> {
    let mut made: BTreeMap<TargetId, Decimal> = BTreeMap::new();
    // Parts stand behind their wholes, so those within parts are made first.
    for whole in goals.iter().rev().filter(|goal| !reported.contains_key(&goal.target().id)) {
        let parts = of(whole.target().id, goals);
        let known: Option<Vec<Decimal>> = parts
            .iter()
            .map(|part| {
                let id = part.target().id;
                reported.get(&id).or(made.get(&id)).copied()
            })
            .collect();
        if let Some(known) = known.filter(|_| make(whole, &parts)) {
            let sum = known.iter().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(*figure)).ok_or(TooLarge)?;
            made.insert(whole.target().id, sum);
        }
    }
    Ok(made)
}
