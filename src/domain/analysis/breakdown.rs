//! 分解落实: a target of a city that is split over units, beside the report of each unit and the promise of its own notice.

use std::collections::{BTreeMap, BTreeSet};

use entity::{Aggregation, Comparator, TargetId, UnitId};
use rust_decimal::Decimal;

use crate::domain::{
    notices::target::Target,
    progress::{
        completion::{Goal, Makeup},
        dossier::{Dossier, Reckoning, instant},
        light::Tolerance,
    },
    share::Share,
};
use chrono::NaiveDate;

/// A target that is split, and the outcome of each share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The target.
    pub target_id: TargetId,
    /// The share and the report of every unit, in the order of the assignments.
    pub parts: Vec<Part>,
    /// The sum of the shares; `None` for rates, which are not added, and for a target that is not split.
    pub allocated: Option<Decimal>,
    /// What those reports add up to that are counted; `None` of rates.
    pub reported: Option<Decimal>,
    /// The sum of the shares less the target; `None` without such a sum.
    pub difference: Option<Decimal>,
    /// Whether the shares add up to the target; `None` without such a sum.
    pub makes_the_target: Option<bool>,
}

/// The share and the report of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The unit.
    pub unit_id: UnitId,
    /// Its share; `None` if it has no share.
    pub allocated: Option<Decimal>,
    /// Its latest accepted figure; `None` while nothing is accepted.
    pub reported: Option<Decimal>,
    /// Whether that is in the figure of the target, rather than beside it.
    pub is_counted: bool,
    /// Reported ÷ allocated; `None` without a share, and while nothing is accepted.
    pub completion: Option<Share>,
    /// What it still lacks: allocated less reported; below zero where it has done more. `None` in the same cases.
    pub gap: Option<Decimal>,
}

/// Whether shares make a target: exactly, at least or at most, as the target says; where it is approximate, as much as meets it.
#[must_use]
pub fn makes(target: &Target, allocated: Decimal, tolerance: Tolerance) -> bool {
    match target.comparator {
        Comparator::Exactly => allocated == target.value,
        Comparator::AtLeast => allocated >= target.value,
        Comparator::AtMost => allocated <= target.value,
        Comparator::About => Share::from(allocated) >= Share::from(target.value).times(&tolerance.met_from()),
    }
}

/// The split of a target and its reports as of a date: every unit with a share or a figure.
#[must_use]
pub fn breakdown(dossier: &Dossier, goal: &Goal, on: NaiveDate, reckoning: &Reckoning) -> Breakdown {
    let target = goal.target();
    let at = instant(on, reckoning);
    let reported: BTreeMap<UnitId, Decimal> =
        dossier.figures(at).in_force(target.id).map(|figure| (figure.unit_id, figure.value)).collect();
    let allocated: BTreeMap<UnitId, Decimal> = dossier
        .allocations
        .iter()
        .filter(|allocation| allocation.target_id == target.id)
        .map(|allocation| (allocation.unit_id, allocation.value))
        .collect();
    // A unit that lost its part in the task keeps what it reported.
    let assigned = dossier.parties.iter().map(|party| party.unit_id);
    let mut units: Vec<UnitId> = assigned.filter(|unit| allocated.contains_key(unit) || reported.contains_key(unit)).collect();
    let others: BTreeSet<UnitId> = allocated.keys().chain(reported.keys()).filter(|unit| !units.contains(unit)).copied().collect();
    units.extend(others);
    let leads = dossier.leads();
    let makeup = Makeup::of(goal, &leads, &dossier.allocations);
    let counts = |unit_id| makeup.counts(unit_id, target.id, &leads, &dossier.allocations);
    let part = |unit_id: UnitId| {
        let (allocated, reported) = (allocated.get(&unit_id).copied(), reported.get(&unit_id).copied());
        Part {
            unit_id,
            allocated,
            reported,
            is_counted: counts(unit_id),
            completion: allocated.zip(reported).and_then(|(allocated, reported)| Share::of(reported.max(Decimal::ZERO), allocated)),
            gap: allocated.zip(reported).and_then(|(allocated, reported)| allocated.checked_sub(reported)),
        }
    };
    let adds_up = goal.aggregation() == Aggregation::Sum;
    let sum = |figures: &BTreeMap<UnitId, Decimal>| {
        let sum = figures.values().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(*figure));
        sum.filter(|_| adds_up && !figures.is_empty())
    };
    let counted = reported.iter().filter(|(unit_id, _)| counts(**unit_id)).map(|(unit_id, figure)| (*unit_id, *figure)).collect();
    let (allocated_total, reported_total) = (sum(&allocated), sum(&counted));
    Breakdown {
        target_id: target.id,
        parts: units.into_iter().map(part).collect(),
        allocated: allocated_total,
        reported: reported_total,
        difference: allocated_total.and_then(|allocated| allocated.checked_sub(target.value)),
        makes_the_target: allocated_total.map(|allocated| makes(target, allocated, dossier.rule_set(on).about_tolerance())),
    }
}
