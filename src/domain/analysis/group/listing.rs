//! The selection of groups: which ones, in which order, and how many.

use super::{Group, Ranks};
use crate::domain::share::Share;

/// The bounds of a measure. An unknown value lies within no bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Above this.
    pub above: Option<Share>,
    /// No less than this.
    pub at_least: Option<Share>,
    /// Below this.
    pub below: Option<Share>,
    /// No more than this.
    pub at_most: Option<Share>,
}

/// The conditions on a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition<M> {
    /// The measure.
    pub measure: M,
    /// The bounds.
    pub bounds: Bounds,
}

/// Whether the lowest or the highest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// Lowest first.
    #[default]
    Ascending,
    /// Highest first.
    Descending,
}

/// The order of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<M> {
    /// A measure; `None` for the keys of the groups.
    pub measure: Option<M>,
    /// Which comes first.
    pub direction: Direction,
}

impl<M> Default for Order<M> {
    fn default() -> Self {
        Self { measure: None, direction: Direction::Ascending }
    }
}

/// Which groups are wanted, in which order, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<M> {
    /// The conditions on each group, all at once.
    pub having: Vec<Condition<M>>,
    /// The order.
    pub order: Order<M>,
    /// The first so many.
    pub limit: usize,
}

/// The groups that were wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<F> {
    /// The first so many.
    pub groups: Vec<Group<F>>,
    /// The number of all groups that meet the conditions.
    pub count: usize,
}

impl Bounds {
    fn hold(&self, value: &Share) -> bool {
        self.above.as_ref().is_none_or(|bound| value > bound)
            && self.at_least.as_ref().is_none_or(|bound| value >= bound)
            && self.below.as_ref().is_none_or(|bound| value < bound)
            && self.at_most.as_ref().is_none_or(|bound| value <= bound)
    }

    fn ask_for_something(&self) -> bool {
        *self != Self::default()
    }
}

/// Those of the groups that are wanted. A measure that a group does not have meets no condition and comes last in either direction. Groups
/// of one value stand in the order of their keys.
#[must_use]
pub fn list<F, M: Copy>(groups: Vec<Group<F>>, ranks: &Ranks, listing: &Listing<M>, value: impl Fn(&F, M) -> Option<Share>) -> Listed<F> {
    let holds = |group: &Group<F>, condition: &Condition<M>| {
        !condition.bounds.ask_for_something() || value(&group.figures, condition.measure).is_some_and(|value| condition.bounds.hold(&value))
    };
    let chosen = groups.into_iter().filter(|group| listing.having.iter().all(|condition| holds(group, condition)));
    let mut ranked: Vec<_> = chosen
        .map(|group| {
            let measured = listing.order.measure.map(|measure| value(&group.figures, measure));
            (measured, ranks.of(&group.keys), group)
        })
        .collect();
    let is_turned = listing.order.direction == Direction::Descending;
    ranked.sort_by(|(one, one_rank, _), (other, other_rank, _)| match (one, other) {
        (Some(one), Some(other)) => {
            let known = match (one, other) {
                (Some(one), Some(other)) if is_turned => other.cmp(one),
                (Some(one), Some(other)) => one.cmp(other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            };
            known.then_with(|| one_rank.cmp(other_rank))
        }
        _ if is_turned => other_rank.cmp(one_rank),
        _ => one_rank.cmp(other_rank),
    });
    let count = ranked.len();
    Listed { groups: ranked.into_iter().take(listing.limit).map(|(_, _, group)| group).collect(), count }
}
