//! The due reports of each unit and period, and whether each came.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{AssignmentRole, DutyKind, Obligor, ProgressReportId, UnitId};

use super::{Dossier, Reckoning};
use crate::domain::{
    notices::notice::{Notice, ReportingDuty},
    progress::{
        calendar::{DueRule, DutyState, Graces, Occurrence, Post, Span, discharged, occurrences},
        period::Period,
    },
};

/// A report that a unit owes, and how that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The unit.
    pub unit_id: UnitId,
    /// The duty, the period and the due instant.
    pub occurrence: Occurrence,
    /// How it stands.
    pub state: DutyState,
    /// The first report that discharges it.
    pub report_id: Option<ProgressReportId>,
}

impl Dossier {
    /// The periods for which anybody must report. A unit with a part in the task may report for them.
    #[must_use]
    pub fn periods(&self, reckoning: &Reckoning) -> Vec<Occurrence> {
        let reports = self.reporting.duties.iter().filter(|duty| asks_for_reports(duty));
        reports.flat_map(|duty| self.occurrences(duty, reckoning)).collect()
    }

    /// The reports that a unit owes, as it was at `at`. Only its part in the task obliges a unit; its other reports are welcome.
    #[must_use]
    pub fn owed_by(&self, unit_id: UnitId, reckoning: &Reckoning, at: DateTime<Utc>) -> Vec<Owed> {
        let judged = |occurrence: Occurrence| {
            let settled = self.settled(unit_id, &occurrence, at);
            Owed {
                unit_id,
                state: DutyState::of(&occurrence, settled.map(|(submitted_at, _)| submitted_at), at),
                report_id: settled.map(|(_, report_id)| report_id),
                occurrence,
            }
        };
        self.asked_of(unit_id, reckoning).into_iter().map(judged).collect()
    }

    /// The periods for which reports are asked of a unit, whether they came or not.
    #[must_use]
    pub fn asked_of(&self, unit_id: UnitId, reckoning: &Reckoning) -> Vec<Occurrence> {
        let Some(role) = self.part_of(unit_id) else { return Vec::new() };
        let duties = self.reporting.duties.iter().filter(|duty| asks_for_reports(duty) && obliges(duty.obligor, role));
        duties.flat_map(|duty| self.occurrences(duty, reckoning)).collect()
    }

    /// The first report of a unit that discharges an occurrence of a duty, as the report was at `at`.
    fn settled(&self, unit_id: UnitId, occurrence: &Occurrence, at: DateTime<Utc>) -> Option<(DateTime<Utc>, ProgressReportId)> {
        let submissions = self.submissions.iter().filter(|submission| submission.unit_id == unit_id && submission.first_submitted_at <= at);
        submissions
            .filter(|submission| !discharged(Post::Report(submission.period), std::slice::from_ref(occurrence)).is_empty())
            .map(|submission| (submission.first_submitted_at, submission.report_id))
            .min()
    }

    fn is_missing(&self, unit_id: UnitId, occurrence: &Occurrence, at: DateTime<Utc>) -> bool {
        let settled = self.settled(unit_id, occurrence, at).map(|(submitted_at, _)| submitted_at);
        DutyState::of(occurrence, settled, at) == DutyState::Missing
    }

    /// This number for every unit.
    pub fn owed<'a>(&'a self, reckoning: &'a Reckoning, at: DateTime<Utc>) -> impl Iterator<Item = Owed> + 'a {
        self.parties.iter().flat_map(move |party| self.owed_by(party.unit_id, reckoning, at))
    }

    /// The number of due reports of a unit that are missing in a row. It is counted back from the last due one, duty by duty, and the
    /// highest number counts. A duty is the smallest part that can be silent. A unit with all monthly reports and no weekly one is behind
    /// with the weekly ones.
    #[must_use]
    pub fn missing_in_a_row(&self, reckoning: &Reckoning, at: DateTime<Utc>) -> u32 {
        // The occurrences of a duty are the same for every unit. The search goes back only as far as reports are missing.
        let of_duty = |duty: &ReportingDuty| {
            let occurrences = self.occurrences(duty, reckoning);
            let due: Vec<&Occurrence> = occurrences.iter().rev().filter(|occurrence| occurrence.due_at < at).collect();
            let obliged = self.parties.iter().filter(|party| obliges(duty.obligor, party.role));
            let silent = |unit_id| due.iter().take_while(|occurrence| self.is_missing(unit_id, occurrence, at)).count();
            obliged.map(|party| silent(party.unit_id)).max().unwrap_or_default()
        };
        let duties = self.reporting.duties.iter().filter(|duty| asks_for_reports(duty));
        u32::try_from(duties.map(of_duty).max().unwrap_or_default()).unwrap_or(u32::MAX)
    }

    /// How many reports had fallen due by `at`; the most of any duty. It is the same whatever was submitted.
    #[must_use]
    pub fn fallen_due(&self, reckoning: &Reckoning, at: DateTime<Utc>) -> u32 {
        let is_owed = |duty: &ReportingDuty| self.parties.iter().any(|party| obliges(duty.obligor, party.role));
        let of_duty = |duty: &ReportingDuty| {
            let occurrences = self.occurrences(duty, reckoning);
            occurrences.iter().filter(|occurrence| !occurrence.released && occurrence.due_at < at).count()
        };
        let duties = self.reporting.duties.iter().filter(|duty| asks_for_reports(duty) && is_owed(duty));
        u32::try_from(duties.map(of_duty).max().unwrap_or_default()).unwrap_or(u32::MAX)
    }

    /// The duties of a unit that a report for a period discharges.
    #[must_use]
    pub fn discharged_by(&self, unit_id: UnitId, period: Period, reckoning: &Reckoning) -> Vec<Occurrence> {
        let owed = self.asked_of(unit_id, reckoning);
        discharged(Post::Report(period), &owed).into_iter().map(|discharge| discharge.occurrence.clone()).collect()
    }

    fn occurrences(&self, duty: &ReportingDuty, reckoning: &Reckoning) -> Vec<Occurrence> {
        let mut occurrences = duty_occurrences(duty, &self.notice, self.closed_on(), self.reporting.setting.moved_by_holidays, reckoning);
        // A suspended task takes no reports, so no missing report is held against anybody.
        if let Some(suspension) = &self.standing.suspension {
            for occurrence in &mut occurrences {
                occurrence.released |= suspension.on <= occurrence.due_on;
            }
        }
        occurrences
    }

    fn closed_on(&self) -> Option<NaiveDate> {
        self.standing.closing.as_ref().map(|closing| closing.in_force_on)
    }
}

/// The occurrences of a duty of a notice, in the order of time.
#[must_use]
pub fn duty_occurrences(
    duty: &ReportingDuty,
    notice: &Notice,
    closed_on: Option<NaiveDate>,
    moved_by_holidays: bool,
    reckoning: &Reckoning,
) -> Vec<Occurrence> {
    let Some(span) = Span::new(notice.year, notice.issued_on, closed_on) else { return Vec::new() };
    let rule =
        DueRule { zone: reckoning.zone, graces: Graces::default(), moved_by: moved_by_holidays.then_some(reckoning.holidays.as_ref()) };
    occurrences(duty, &span, &rule)
}

fn asks_for_reports(duty: &ReportingDuty) -> bool {
    matches!(duty.kind, DutyKind::ProgressReport | DutyKind::LedgerUpdate)
}

fn obliges(obligor: Obligor, role: AssignmentRole) -> bool {
    matches!((obligor, role), (Obligor::LeadUnits, AssignmentRole::Lead) | (Obligor::SupportingUnits, AssignmentRole::Supporting))
}
