//! 台账: a jurisdiction's year as a table of tasks with their state; and how its duties of reporting were met.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use entity::{DutyKind, JurisdictionId, MeetingKind, Obligor, ReportState, StatusLight, TaskId, UnitId};

use super::{
    held::Held,
    state::{reckoning, state},
};
use crate::{
    access::policy::Internals,
    domain::{
        notices::notice::{Notice, ReportingDuty},
        progress::{
            calendar::{Compliance, DutyState, Occurrence, Post, discharged, end_of_day},
            dossier::{Dossier, Owed, Reckoning, TaskState, duty_occurrences, instant},
            milestone::Milestone,
            report::ProgressReport,
        },
        share::{Share, mean},
    },
    service::{Call, Refusal, Service},
    store::Visible,
};

/// A jurisdiction's year.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// As of which date.
    pub on: NaiveDate,
    /// Its tasks, in the order of the annex.
    pub rows: Vec<LedgerRow>,
    /// All of them together.
    pub summary: Summary,
    /// What was read for them.
    pub held: Held,
}

/// Some rows of a ledger, without what all rows together come to.
#[derive(Clone, Debug)]
pub struct LedgerPage {
    /// As of which date.
    pub on: NaiveDate,
    /// The rows, in the order of the annex.
    pub rows: Vec<LedgerRow>,
    /// Whether rows come after these.
    pub has_next: bool,
    /// Whether rows come before these.
    pub has_previous: bool,
    /// What was read for them.
    pub held: Held,
}

/// A task in a ledger.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    /// The task.
    pub task: crate::domain::notices::task::Task,
    /// Where it stands.
    pub state: TaskState,
    /// The next milestone that is not reached; an overdue one counts.
    pub next_milestone: Option<Milestone>,
}

/// All tasks of a ledger together.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many tasks there are.
    pub tasks: usize,
    /// How many of them have a completion.
    pub reported: usize,
    /// The mean of these completions; `None` of none.
    pub completion: Option<Share>,
    /// The mean of what is planned of the same tasks.
    pub planned: Option<Share>,
    /// How many have each light.
    pub lights: BTreeMap<StatusLight, u64>,
    /// How their units report; `None` where that is not for the viewer.
    pub compliance: Option<Compliance>,
}

/// How the units of a jurisdiction met their duties that fell due between two dates.
#[derive(Clone, Debug)]
pub struct UnitsCompliance {
    /// All units together.
    pub total: Compliance,
    /// Each unit that owed anything, in the order of their first task.
    pub units: Vec<UnitCompliance>,
    /// The leaders' dispatches and meetings.
    pub leaders: Compliance,
}

/// How a unit met its duties.
#[derive(Clone, Debug)]
pub struct UnitCompliance {
    /// The unit.
    pub unit_id: UnitId,
    /// The counts.
    pub compliance: Compliance,
    /// What is missing.
    pub missing: Vec<(TaskId, Occurrence)>,
}

/// A report that is asked of a unit.
#[derive(Clone, Debug)]
pub struct DueReport {
    /// The task.
    pub task: crate::domain::notices::task::Task,
    /// The duty, the period and the due instant.
    pub occurrence: Occurrence,
    /// How it stands.
    pub state: DutyState,
    /// What was saved or returned for that period already.
    pub report: Option<ProgressReport>,
}

/// A dispatch or meeting that leaders owe, and how that stands.
#[derive(Clone, Debug)]
pub struct LeaderDuty {
    /// The duty, the period and the due instant.
    pub occurrence: Occurrence,
    /// How it stands.
    pub state: DutyState,
}

impl Service {
    /// The ledger of a jurisdiction's year; `None` where there is no notice that the viewer may see.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn ledger(
        &self,
        call: &Call,
        visible: &Visible,
        jurisdiction: JurisdictionId,
        year: i32,
        on: Option<NaiveDate>,
    ) -> Result<Option<Ledger>, Refusal> {
        let Some(notice) = visible.notice_of_year(jurisdiction, year).await? else { return Ok(None) };
        let dossiers = visible.dossiers_of_notice(notice.id).await?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        let rows = dossiers.iter().map(|dossier| row(dossier, on, &reckoning)).collect::<Result<Vec<_>, Refusal>>()?;
        let is_internal = Internals::of(&call.viewer).contain(jurisdiction);
        let at = instant(on, &reckoning);
        let compliance = is_internal
            .then(|| dossiers.iter().flat_map(|dossier| dossier.owed(&reckoning, at).collect::<Vec<_>>()).map(|owed| owed.state).collect());
        let mut lights = BTreeMap::new();
        for row in &rows {
            let count: &mut u64 = lights.entry(row.state.verdict.light).or_default();
            *count = count.saturating_add(1);
        }
        let known: Vec<(&Share, &Share)> =
            rows.iter().filter_map(|row| Some((row.state.completion.share.as_ref()?, &row.state.verdict.proof.planned))).collect();
        let summary = Summary {
            tasks: rows.len(),
            reported: known.len(),
            completion: mean(known.iter().map(|(completion, _)| *completion)),
            planned: mean(known.iter().map(|(_, planned)| *planned)),
            lights,
            compliance,
        };
        Ok(Some(Ledger { on, rows, summary, held: Held::by(&dossiers) }))
    }

    /// The next rows of a ledger after a number of a task. It takes the time and the memory of these rows, however long the ledger is.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn ledger_page(
        &self,
        call: &Call,
        visible: &Visible,
        (jurisdiction, year): (JurisdictionId, i32),
        on: Option<NaiveDate>,
        after: Option<i64>,
        size: u32,
    ) -> Result<Option<LedgerPage>, Refusal> {
        let Some(notice) = visible.notice_of_year(jurisdiction, year).await? else { return Ok(None) };
        let mut dossiers = visible.dossiers_of_notice_after(notice.id, after, size).await?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_next = dossiers.len() > size;
        dossiers.truncate(size);
        let has_previous = match (after, dossiers.first()) {
            (Some(_), Some(first)) => visible.has_tasks_before(notice.id, first.task.number).await?,
            _ => false,
        };
        let rows = dossiers.iter().map(|dossier| row(dossier, on, &reckoning)).collect::<Result<Vec<_>, Refusal>>()?;
        Ok(Some(LedgerPage { on, rows, has_next, has_previous, held: Held::by(&dossiers) }))
    }

    /// How the units of a jurisdiction met their duties that fell due between two dates, both included.
    ///
    /// # Errors
    /// It is not for the viewer, or a fault of ours.
    pub async fn compliance(
        &self,
        call: &Call,
        visible: &Visible,
        jurisdiction: JurisdictionId,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<UnitsCompliance, Refusal> {
        Internals::of(&call.viewer).check(jurisdiction).map_err(Refusal::Forbidden)?;
        // What is asked for in December may fall due in January.
        let years: Vec<i32> = (from.year().saturating_sub(1)..=to.year()).collect();
        let dossiers = visible.dossiers_of_years(jurisdiction, &years).await?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let is_within = |occurrence: &Occurrence| (from..=to).contains(&occurrence.due_on);
        let mut total = Compliance::default();
        let mut units: Vec<UnitCompliance> = Vec::new();
        for dossier in &dossiers {
            for owed in dossier.owed(&reckoning, reckoning.now).filter(|owed| is_within(&owed.occurrence)) {
                total.extend([owed.state]);
                if !units.iter().any(|unit| unit.unit_id == owed.unit_id) {
                    units.push(UnitCompliance { unit_id: owed.unit_id, compliance: Compliance::default(), missing: Vec::new() });
                }
                let Some(unit) = units.iter_mut().find(|unit| unit.unit_id == owed.unit_id) else { continue };
                unit.compliance.extend([owed.state]);
                if owed.state == DutyState::Missing {
                    unit.missing.push((dossier.task.id, owed.occurrence));
                }
            }
        }
        let mut leaders = Compliance::default();
        let mut seen = BTreeSet::new();
        for dossier in dossiers.iter().filter(|dossier| seen.insert(dossier.notice.id)) {
            let duties = self.duties_of_leaders(visible, dossier, &reckoning).await?;
            leaders.extend(duties.into_iter().filter(|duty| is_within(&duty.occurrence)).map(|duty| duty.state));
        }
        Ok(UnitsCompliance { total, units, leaders })
    }

    /// The reports that the viewer's unit still owes on a date, by their due instants: those that may still come, and those that are
    /// overdue. Nothing where the viewer is of no unit.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn due_reports(&self, call: &Call, visible: &Visible, on: Option<NaiveDate>) -> Result<Vec<DueReport>, Refusal> {
        let Some(unit) = unit_of(call) else { return Ok(Vec::new()) };
        let dossiers = visible.dossiers_of_unit(unit).await?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        // A day to come is looked at as if nothing more were submitted until then.
        let at = if on > reckoning.today() { end_of_day(self.zone, on).unwrap_or(reckoning.now) } else { instant(on, &reckoning) };
        let begun = visible.reports_of_unit(unit, &[ReportState::Draft, ReportState::Returned]).await?;
        let due = |dossier: &Dossier, owed: Owed| {
            let is_open = matches!(owed.state, DutyState::NotYetDue | DutyState::Missing) && owed.occurrence.period.starts_on() <= on;
            let report = begun.iter().find(|report| report.task_id == dossier.task.id && report.period == owed.occurrence.period);
            is_open.then(|| DueReport {
                task: dossier.task.clone(),
                state: owed.state,
                report: report.cloned(),
                occurrence: owed.occurrence,
            })
        };
        let in_force = dossiers.iter().filter(|dossier| dossier.notice.state == entity::NoticeState::Issued);
        let mut found: Vec<DueReport> = in_force
            .flat_map(|dossier| dossier.owed_by(unit, &reckoning, at).into_iter().filter_map(|owed| due(dossier, owed)).collect::<Vec<_>>())
            .collect();
        found.sort_by_key(|due| (due.occurrence.due_at, due.task.number));
        Ok(found)
    }

    /// The reports that were returned to the viewer's unit.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn returned_reports(&self, call: &Call, visible: &Visible) -> Result<Vec<ProgressReport>, Refusal> {
        match unit_of(call) {
            Some(unit) => Ok(visible.reports_of_unit(unit, &[ReportState::Returned]).await?),
            None => Ok(Vec::new()),
        }
    }

    /// The dispatches and meetings that the leaders of a notice owe, in the order of time.
    ///
    /// # Errors
    /// It is not for the viewer, or a fault of ours.
    pub async fn leader_duties(&self, call: &Call, visible: &Visible, notice: &Notice) -> Result<Vec<LeaderDuty>, Refusal> {
        Internals::of(&call.viewer).check(notice.jurisdiction_id).map_err(Refusal::Forbidden)?;
        let dossiers = visible.dossiers_of_notice(notice.id).await?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        match dossiers.first() {
            Some(dossier) => self.duties_of_leaders(visible, dossier, &reckoning).await,
            None => Ok(Vec::new()),
        }
    }

    async fn duties_of_leaders(&self, visible: &Visible, dossier: &Dossier, reckoning: &Reckoning) -> Result<Vec<LeaderDuty>, Refusal> {
        let owed = |duty: &&ReportingDuty| duty.obligor == Obligor::Leaders && matches!(duty.kind, DutyKind::Dispatch | DutyKind::Meeting);
        let moved = dossier.reporting.setting.moved_by_holidays;
        let occurrences: Vec<Occurrence> = dossier
            .reporting
            .duties
            .iter()
            .filter(owed)
            .flat_map(|duty| duty_occurrences(duty, &dossier.notice, None, moved, reckoning))
            .collect();
        if occurrences.is_empty() {
            return Ok(Vec::new());
        }
        let meetings = visible.meetings_of_notices(&[dossier.notice.id]).await?.remove(&dossier.notice.id).unwrap_or_default();
        let duty = |occurrence: Occurrence| {
            let held = meetings.iter().filter(|meeting| {
                let post = match meeting.kind {
                    MeetingKind::Dispatch => Post::Dispatch(meeting.held_on),
                    MeetingKind::Meeting => Post::Meeting(meeting.held_on),
                };
                !discharged(post, std::slice::from_ref(&occurrence)).is_empty()
            });
            // What was held on a day was done by its end, whenever somebody came to record it.
            let first = held.filter_map(|meeting| end_of_day(self.zone, meeting.held_on)).min();
            LeaderDuty { state: DutyState::of(&occurrence, first, reckoning.now), occurrence }
        };
        Ok(occurrences.into_iter().map(duty).collect())
    }
}

fn unit_of(call: &Call) -> Option<UnitId> {
    call.viewer.actor().filter(|actor| !actor.password_temporary).and_then(|actor| actor.unit_id)
}

fn row(dossier: &Dossier, on: NaiveDate, reckoning: &Reckoning) -> Result<LedgerRow, Refusal> {
    let at = instant(on, reckoning);
    let is_reached = |milestone: &Milestone| {
        dossier.acceptances.iter().any(|acceptance| acceptance.is_in_force(at) && acceptance.milestones.contains(&milestone.id))
    };
    Ok(LedgerRow {
        task: dossier.task.clone(),
        state: state(dossier, on, reckoning)?,
        next_milestone: dossier.milestones.iter().find(|milestone| !is_reached(milestone)).cloned(),
    })
}
