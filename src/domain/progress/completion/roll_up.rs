//! 汇总: the accepted figures of all units, and the one that they make.
//!
//! A figure is added to another only where each is known to be a part. By default the lead's is the whole, and what others report stands
//! beside it, to be checked against it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{Aggregation, ProgressReportId, TargetId, UnitId};
use rust_decimal::Decimal;

use super::{Goal, TooLarge};
use crate::domain::notices::allocation::Allocation;

/// 汇总口径: whose figures make that of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Makeup {
    /// 牵头单位的数即全部: the lead's figure is the whole.
    Lead,
    /// 各牵头单位相加: several units lead it and nothing is split, so theirs are added.
    Leads,
    /// 各份额相加: it is split, and those with a share report their own. Whoever has none is not added, the lead's total included.
    Shares,
    /// 牵头单位最近的数: a rate, a level or a price has the latest figure of a lead, and no sum.
    Latest,
}

impl Makeup {
    /// How the figure of a target comes about.
    #[must_use]
    pub fn of(goal: &Goal, leads: &[UnitId], allocations: &[Allocation]) -> Self {
        match goal.aggregation() {
            Aggregation::Latest => Self::Latest,
            Aggregation::Sum if allocations.iter().any(|share| share.target_id == goal.target().id) => Self::Shares,
            Aggregation::Sum if leads.len() > 1 => Self::Leads,
            Aggregation::Sum => Self::Lead,
        }
    }

    /// Whether a unit's figure is in it, rather than beside it.
    #[must_use]
    pub fn counts(self, unit_id: UnitId, target_id: TargetId, leads: &[UnitId], allocations: &[Allocation]) -> bool {
        match self {
            Self::Lead | Self::Leads | Self::Latest => leads.contains(&unit_id),
            Self::Shares => allocations.iter().any(|share| share.target_id == target_id && share.unit_id == unit_id),
        }
    }
}

/// The figures of an accepted report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedReport {
    /// The report.
    pub id: ProgressReportId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// The last day of its period.
    pub ends_on: NaiveDate,
    /// Cumulative since the start of the year.
    pub figures: BTreeMap<TargetId, Decimal>,
}

/// Something that happened to a report, as far as its figures are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was accepted, for the first time or again.
    Accepted(AcceptedReport),
    /// It was reopened: until it is accepted again, the figures before it are in force.
    Reopened(ProgressReportId),
}

/// Which of two figures of a unit is later: that of the later period. A week and a month may end on the same day. Then the report that was
/// begun later counts, since ids are ordered in time. When either was accepted does not matter, so the order of reviews does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    ends_on: NaiveDate,
    report_id: ProgressReportId,
}

/// Every accepted figure of a task. Kept up by [`RollUp::apply`] or made afresh from reports: both give equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollUp(BTreeMap<TargetId, BTreeMap<UnitId, BTreeMap<Place, Decimal>>>);

/// A unit's figure in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitFigure {
    /// The unit.
    pub unit_id: UnitId,
    /// The report that says so.
    pub report_id: ProgressReportId,
    /// The last day of its period.
    pub ends_on: NaiveDate,
    /// The figure.
    pub value: Decimal,
}

impl RollUp {
    /// Of the reports that are accepted now, or were on some date.
    pub fn of(reports: impl IntoIterator<Item = AcceptedReport>) -> Self {
        reports.into_iter().fold(Self::default(), |roll_up, report| roll_up.apply(Change::Accepted(report)))
    }

    /// With something that happened.
    #[must_use]
    pub fn apply(mut self, change: Change) -> Self {
        match change {
            Change::Accepted(report) => {
                self.forget(report.id);
                let place = Place { ends_on: report.ends_on, report_id: report.id };
                for (target_id, value) in report.figures {
                    self.0.entry(target_id).or_default().entry(report.unit_id).or_default().insert(place, value);
                }
            }
            Change::Reopened(report_id) => self.forget(report_id),
        }
        self
    }

    /// The figure in force of every unit that has one for a target. If a report leaves a target out, the earlier figure stays in force.
    pub fn in_force(&self, target_id: TargetId) -> impl Iterator<Item = UnitFigure> {
        self.0.get(&target_id).into_iter().flatten().filter_map(|(unit_id, figures)| {
            let (place, value) = figures.last_key_value()?;
            Some(UnitFigure { unit_id: *unit_id, report_id: place.report_id, ends_on: place.ends_on, value: *value })
        })
    }

    /// The achieved value, as its [`Makeup`] says. `None` while nobody has reported one that counts; what a supporting unit reports does not
    /// stand in for the lead's. Of several leads with a rate of the same day, the one that the notice lists first, so that the answer does
    /// not depend on who was accepted last.
    ///
    /// # Errors
    ///
    /// The sum is too large for a decimal.
    pub fn achieved(&self, goal: &Goal, leads: &[UnitId], allocations: &[Allocation]) -> Result<Option<Decimal>, TooLarge> {
        let target_id = goal.target().id;
        let makeup = Makeup::of(goal, leads, allocations);
        let figures = self.in_force(target_id).filter(|figure| makeup.counts(figure.unit_id, target_id, leads, allocations));
        match makeup {
            Makeup::Lead | Makeup::Leads | Makeup::Shares => {
                let mut sum = None;
                for figure in figures {
                    let total = sum.unwrap_or(Decimal::ZERO).checked_add(figure.value).ok_or(TooLarge)?;
                    sum = Some(total);
                }
                Ok(sum)
            }
            Makeup::Latest => Ok(figures
                .filter_map(|figure| {
                    let rank = leads.iter().position(|lead| *lead == figure.unit_id)?;
                    Some((figure.ends_on, std::cmp::Reverse(rank), figure.value))
                })
                .max()
                .map(|(_, _, value)| value)),
        }
    }

    fn forget(&mut self, report_id: ProgressReportId) {
        // An empty entry is removed, so equal figures are equal values whatever was added and removed.
        self.0.retain(|_, units| {
            units.retain(|_, figures| {
                figures.retain(|place, _| place.report_id != report_id);
                !figures.is_empty()
            });
            !units.is_empty()
        });
    }
}
