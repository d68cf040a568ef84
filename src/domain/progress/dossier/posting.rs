//! The values that a new report is compared with.

use chrono::NaiveDate;
use entity::{Aggregation, AssignmentRole, ProgressReportId, UnitId};
use rust_decimal::Decimal;

use super::{Acceptance, Dossier, Reckoning, state::instant};
use crate::domain::{
    notices::target::most_of,
    progress::{
        completion::{AcceptedReport, Basis, Goal, Makeup, RollUp, TooLarge, parts},
        period::Period,
        report::{Beside, Record, Schedule},
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
    /// Whether the unit has to state how much is done: it leads a task in words alone.
    pub asks_for_word: bool,
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
                let share = self.allocation(unit_id, target.id);
                let beside = self.beside(unit_id, goal, period, reckoning);
                // Twice as much of what is to fall is no remark.
                let value = if goal.runs_down() { Decimal::ZERO } else { target.value };
                let of_it = parts::of(target.id, &self.goals);
                let parts_make_it = parts::make(goal, &of_it);
                // Rates are not added.
                let adds_up = goal.aggregation() == Aggregation::Sum;
                let parts = of_it.iter().filter(|part| adds_up && part.target().unit == target.unit).map(|part| part.target().id).collect();
                let most = most_of(Some(target.kind), &target.unit);
                Record {
                    target_id: target.id,
                    goal: share.unwrap_or(value),
                    most,
                    share,
                    accepted: of_target(target.id),
                    beside,
                    parts,
                    parts_make_it,
                }
            })
            .collect()
    }

    /// What others have reported of a target up to a period, as far as it bears on the figure of a unit.
    fn beside(&self, unit_id: UnitId, goal: &Goal, period: Period, reckoning: &Reckoning) -> Beside {
        let (target_id, leads) = (goal.target().id, self.leads());
        let makeup = Makeup::of(goal, &leads, &self.allocations);
        let counts = |unit_id| makeup.counts(unit_id, target_id, &leads, &self.allocations);
        let others = self.figures_until(period, reckoning);
        let figures = || others.in_force(target_id).filter(|figure| figure.unit_id != unit_id);
        let sum = |figures: Vec<Decimal>| {
            let added = figures.iter().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(*figure));
            added.filter(|_| !figures.is_empty())
        };
        let adds_up = makeup != Makeup::Latest;
        Beside {
            makeup,
            is_counted: counts(unit_id),
            is_lead: leads.contains(&unit_id),
            counted: sum(figures().filter(|figure| counts(figure.unit_id)).map(|figure| figure.value).collect()).filter(|_| adds_up),
            uncounted: sum(figures().filter(|figure| !counts(figure.unit_id)).map(|figure| figure.value).collect()).filter(|_| adds_up),
            figures: figures().filter(|figure| adds_up && counts(figure.unit_id)).map(|figure| figure.value).collect(),
        }
    }

    /// The figures that count now, of periods that end no later than this one.
    fn figures_until(&self, period: Period, reckoning: &Reckoning) -> RollUp {
        let known =
            self.acceptances.iter().filter(|acceptance| acceptance.is_in_force(reckoning.now) && acceptance.ends_on <= period.ends_on());
        RollUp::of(known.map(|acceptance| AcceptedReport {
            id: acceptance.report_id,
            unit_id: acceptance.unit_id,
            ends_on: acceptance.ends_on,
            figures: acceptance.figures.clone(),
        }))
    }

    /// What a report is compared with, once it counts as `posted` says. A unit with an allocation answers for that, a lead without one for
    /// the task, and a supporting unit without one for no share of the plan. Judged as of the period's end, or today before that.
    ///
    /// # Errors
    /// A sum of figures is larger than any decimal.
    pub fn assess(&self, period: Period, posted: &Acceptance, is_explained: bool, reckoning: &Reckoning) -> Result<Assessment, TooLarge> {
        let records = self.records(posted.unit_id, period, posted.report_id, reckoning);
        let on = period.ends_on().min(reckoning.today());
        let mut counted = self.clone();
        counted.acceptances.retain(|acceptance| acceptance.report_id != posted.report_id);
        counted.acceptances.push(posted.clone());
        let leads = self.part_of(posted.unit_id) == Some(AssignmentRole::Lead);
        let completion = match counted.own_share(posted.unit_id, reckoning) {
            Some(share) => Some(share),
            // Who does not say how much is done is asked why, like who has done nothing.
            None if leads => {
                let completion = counted.completion(reckoning.today(), reckoning.now)?;
                (completion.basis != Basis::Ceilings).then(|| completion.share.unwrap_or_else(Share::nothing))
            }
            None => None,
        };
        let planned = self.planned(on);
        let schedule = completion.map(|completion| Schedule { planned, completion, is_explained });
        Ok(Assessment { records, schedule, asks_for_word: leads && self.is_in_words() })
    }

    /// The share due by a date, by the curve that the rules judge by.
    #[must_use]
    pub fn planned(&self, on: NaiveDate) -> Share {
        self.plan().by(self.rule_set(on).curve(), on).share
    }

    /// How much of its allocations a unit has achieved: the mean over the targets of which it has a share and that it has reported, nothing
    /// where it has reported none of them; `None` without a share.
    #[must_use]
    pub fn own_share(&self, unit_id: UnitId, reckoning: &Reckoning) -> Option<Share> {
        let at = instant(reckoning.today(), reckoning);
        let tolerance = self.rule_set(reckoning.today()).about_tolerance();
        let mut sum = Share::nothing();
        let (mut shares, mut count) = (0_i64, 0_i64);
        for goal in self.goals.iter().filter(|goal| goal.counts()) {
            let Some(allocated) = self.allocation(unit_id, goal.target().id).filter(|value| *value > Decimal::ZERO) else { continue };
            let latest = self
                .acceptances
                .iter()
                .filter(|acceptance| acceptance.unit_id == unit_id && acceptance.is_in_force(at))
                .filter_map(|acceptance| Some((acceptance.ends_on, acceptance.report_id, *acceptance.figures.get(&goal.target().id)?)))
                .max();
            shares = shares.saturating_add(1);
            if let Some((_, _, value)) = latest {
                let share = Share::of(value, allocated)?;
                sum = sum.plus(&if share >= goal.met_from(tolerance) { Share::whole() } else { share.capped() });
                count = count.saturating_add(1);
            }
        }
        (shares > 0).then(|| sum.over(&Share::from(count)).unwrap_or_else(Share::nothing))
    }

    fn allocation(&self, unit_id: UnitId, target_id: entity::TargetId) -> Option<Decimal> {
        self.allocations
            .iter()
            .find(|allocation| allocation.unit_id == unit_id && allocation.target_id == target_id)
            .map(|found| found.value)
    }
}
