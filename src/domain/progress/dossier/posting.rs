//! The values that a new report is compared with.

use chrono::NaiveDate;
use entity::{AssignmentRole, ProgressReportId, UnitId};
use rust_decimal::Decimal;

use super::{Acceptance, Dossier, Reckoning, state::instant};
use crate::domain::{
    progress::{
        completion::TooLarge,
        period::Period,
        report::{Record, Schedule},
    },
    share::Share,
};

/// The values that a report of a unit for a period is compared with.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// One record a target.
    pub records: Vec<Record>,
    /// Whether the unit is on schedule once the report counts; `None` where nothing is expected of it.
    pub schedule: Option<Schedule>,
}

impl Dossier {
    /// The accepted figures of a unit before a period, with which the figures for that period are compared.
    #[must_use]
    pub fn records(&self, unit_id: UnitId, period: Period, report_id: ProgressReportId, reckoning: &Reckoning) -> Vec<Record> {
        let mut earlier: Vec<&Acceptance> = self
            .acceptances
            .iter()
            .filter(|acceptance| {
                acceptance.unit_id == unit_id && acceptance.report_id != report_id && acceptance.is_in_force(reckoning.now)
            })
            .filter(|acceptance| acceptance.ends_on <= period.ends_on())
            .collect();
        earlier.sort_by_key(|acceptance| (acceptance.ends_on, acceptance.report_id));
        let of_target = |target_id| earlier.iter().filter_map(|acceptance| acceptance.figures.get(&target_id).copied()).collect();
        self.goals
            .iter()
            .map(|goal| {
                let target = goal.target();
                let allocated = self.allocation(unit_id, target.id);
                Record { target_id: target.id, goal: allocated.unwrap_or(target.value), accepted: of_target(target.id) }
            })
            .collect()
    }

    /// The values that a report is compared with, once it counts as `posted` says. A unit with an allocation answers for its share, and a
    /// lead without one for the task. A supporting unit without one answers for no share of the plan. Judged as of the period's end, or
    /// today before that.
    ///
    /// # Errors
    /// A sum of figures is larger than any decimal.
    pub fn assess(&self, period: Period, posted: &Acceptance, is_explained: bool, reckoning: &Reckoning) -> Result<Assessment, TooLarge> {
        let records = self.records(posted.unit_id, period, posted.report_id, reckoning);
        let on = period.ends_on().min(reckoning.today());
        let mut counted = self.clone();
        counted.acceptances.retain(|acceptance| acceptance.report_id != posted.report_id);
        counted.acceptances.push(posted.clone());
        let completion = match counted.own_share(posted.unit_id, reckoning) {
            Some(share) => Some(share),
            None if self.part_of(posted.unit_id) == Some(AssignmentRole::Lead) => Some(counted.completion(reckoning.now)?.share),
            None => None,
        };
        let planned = self.planned(on);
        let schedule = completion.map(|completion| Schedule { planned, completion, is_explained });
        Ok(Assessment { records, schedule })
    }

    /// The share due by a date, by the curve that the rules judge by.
    #[must_use]
    pub fn planned(&self, on: NaiveDate) -> Share {
        self.plan().by(self.rule_set(on).curve(), on).share
    }

    /// The achieved part of a unit's allocations: the mean over its allocated targets; `None` without an allocation.
    #[must_use]
    pub fn own_share(&self, unit_id: UnitId, reckoning: &Reckoning) -> Option<Share> {
        let at = instant(reckoning.today(), reckoning);
        let mut sum = Share::nothing();
        let mut count = 0_i64;
        for goal in self.goals.iter().filter(|goal| goal.counts()) {
            let Some(allocated) = self.allocation(unit_id, goal.target().id).filter(|value| *value > Decimal::ZERO) else { continue };
            let latest = self
                .acceptances
                .iter()
                .filter(|acceptance| acceptance.unit_id == unit_id && acceptance.is_in_force(at))
                .filter_map(|acceptance| Some((acceptance.ends_on, acceptance.report_id, *acceptance.figures.get(&goal.target().id)?)))
                .max()
                .map_or(Decimal::ZERO, |(_, _, value)| value);
            sum = sum.plus(&Share::of(latest, allocated)?.capped());
            count = count.saturating_add(1);
        }
        sum.over(&Share::from(count))
    }

    fn allocation(&self, unit_id: UnitId, target_id: entity::TargetId) -> Option<Decimal> {
        self.allocations
            .iter()
            .find(|allocation| allocation.unit_id == unit_id && allocation.target_id == target_id)
            .map(|found| found.value)
    }
}
