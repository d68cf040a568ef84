//! 汇总: the accepted figures of all units, and the one that they make.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{Aggregation, ProgressReportId, TargetId, UnitId};
use rust_decimal::Decimal;

use super::{Goal, TooLarge};

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

    /// The achieved value: the sum over all units that report, or the latest figure of a lead. `None` while nobody has reported one that
    /// counts; a supporting unit's rate does not stand in for the lead's. If several leads have a figure of the same day, the first one in
    /// the notice counts. So the answer does not depend on the last acceptance.
    ///
    /// # Errors
    ///
    /// The sum is too large for a decimal.
    pub fn achieved(&self, goal: &Goal, leads: &[UnitId]) -> Result<Option<Decimal>, TooLarge> {
        let figures = self.in_force(goal.target().id);
        match goal.aggregation() {
            Aggregation::Sum => {
                let mut sum = None;
                for figure in figures {
                    let total = sum.unwrap_or(Decimal::ZERO).checked_add(figure.value).ok_or(TooLarge)?;
                    sum = Some(total);
                }
                Ok(sum)
            }
            Aggregation::Latest => Ok(figures
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
