//! 卷宗: all that is known of a task's progress, and its consequences: due reports, completion, light.
//!
//! It is read in a constant number of statements for any number of tasks, and everything below is arithmetic on it. State is never stored,
//! because it could contradict the reports. The state of a date is computed from the acceptances that were in force then.

mod owed;
mod posting;
mod state;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{AssignmentRole, MilestoneId, ProgressReportId, TargetId, UnitId};
use rust_decimal::Decimal;

pub use owed::{Owed, duty_occurrences};
pub use posting::Assessment;
pub use state::{TaskState, instant};

use super::{
    audience::Audience, calendar::civil_day, completion::Goal, light::RuleSet, milestone::Milestone, period::Period, standing::TaskStanding,
};
use crate::domain::{
    notices::{
        allocation::Allocation,
        notice::{Notice, ReportingDuty},
        task::Task,
    },
    places::holiday::Holidays,
};

/// All that is known of a task's progress.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// For whom the task is judged.
    pub audience: Audience,
    /// The task.
    pub task: Task,
    /// Its notice.
    pub notice: Arc<Notice>,
    /// How the notice is reported on.
    pub reporting: Arc<Reporting>,
    /// The units with a part in it, in the order of the notice; the members of a collective unit in its place.
    pub parties: Vec<Party>,
    /// The collective units with a part in it whose members are unknown, so that no unit answers for them.
    pub unresolved: Vec<Party>,
    /// Its targets, in the order of the notice.
    pub goals: Vec<Goal>,
    /// The shares of its targets.
    pub allocations: Vec<Allocation>,
    /// The milestones of its plan, in the order of their dates.
    pub milestones: Vec<Milestone>,
    /// How it stands.
    pub standing: TaskStanding,
    /// The submitted reports, with the first submission of each.
    pub submissions: Vec<Submission>,
    /// The accepted reports, with the time until which each counted.
    pub acceptances: Vec<Acceptance>,
}

/// How a notice is reported on and judged.
#[derive(Clone, Debug, Default)]
pub struct Reporting {
    /// The duties, those that no longer run left out.
    pub duties: Vec<ReportingDuty>,
    /// The settings of the office.
    pub setting: NoticeSetting,
    /// The rule sets that the jurisdiction has adopted, in the order in which they came into force.
    pub rule_sets: Vec<AdoptedRuleSet>,
}

/// The settings of the office for a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeSetting {
    /// Rises by one with every change; 0 where nothing was set.
    pub version: i32,
    /// Whether weekly reports are accepted without review.
    pub accepts_weekly: bool,
    /// 遇节假日顺延: whether a due day that is no working day moves to the next one.
    pub moved_by_holidays: bool,
}

/// A version of a rule set, with the day from which it judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptedRuleSet {
    /// The rules.
    pub rule_set: RuleSet,
    /// From this day.
    pub in_force_from: NaiveDate,
}

/// A unit with a part in a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// The unit.
    pub unit_id: UnitId,
    /// Its part; of several, the leading one.
    pub role: AssignmentRole,
}

/// That something was submitted for a period. Its content is not known here before it is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The report.
    pub report_id: ProgressReportId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// For which period.
    pub period: Period,
    /// When it was first submitted, by which it is on time.
    pub first_submitted_at: DateTime<Utc>,
}

/// The figures of a report, and the time while they count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The report.
    pub report_id: ProgressReportId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// The last day of its period.
    pub ends_on: NaiveDate,
    /// Cumulative figures since the start of the year.
    pub figures: BTreeMap<TargetId, Decimal>,
    /// The milestones that it says are reached.
    pub milestones: Vec<MilestoneId>,
    /// The completion that it states, in percent.
    pub stated_percent: Option<Decimal>,
    /// Whether it was invented for a demo.
    pub demonstration: bool,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// When it was reopened.
    pub ended_at: Option<DateTime<Utc>>,
}

/// How time is reckoned in an installation.
#[derive(Clone, Debug)]
pub struct Reckoning {
    /// 时区: the one in which days end.
    pub zone: Tz,
    /// The holidays that are known.
    pub holidays: Arc<Holidays>,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Reckoning {
    /// The civil day that it is.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        civil_day(self.zone, self.now)
    }

    /// No earlier than anything that is known to have happened. A writer that waited for its turn came before the decisions made
    /// meanwhile, and the clocks of replicas differ. Those decisions still count.
    #[must_use]
    pub fn after_all<'a>(mut self, dossiers: impl IntoIterator<Item = &'a Dossier>) -> Self {
        let of = |dossier: &'a Dossier| {
            let decided = dossier.acceptances.iter().flat_map(|acceptance| [Some(acceptance.accepted_at), acceptance.ended_at]).flatten();
            decided.chain(dossier.submissions.iter().map(|submission| submission.first_submitted_at)).max()
        };
        let last = dossiers.into_iter().filter_map(of).max();
        self.now = last.map_or(self.now, |last| last.max(self.now));
        self
    }
}

impl Acceptance {
    /// Whether it counted at an instant.
    #[must_use]
    pub fn is_in_force(&self, at: DateTime<Utc>) -> bool {
        self.accepted_at <= at && self.ended_at.is_none_or(|ended_at| at < ended_at)
    }
}

impl Dossier {
    /// The part that a unit has.
    #[must_use]
    pub fn part_of(&self, unit_id: UnitId) -> Option<AssignmentRole> {
        self.parties.iter().find(|party| party.unit_id == unit_id).map(|party| party.role)
    }

    /// The units with a part in it: those that answer for it, and those that stand for unknown units.
    pub fn named(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().chain(&self.unresolved)
    }

    /// The units that lead it.
    #[must_use]
    pub fn leads(&self) -> Vec<UnitId> {
        self.parties.iter().filter(|party| party.role == AssignmentRole::Lead).map(|party| party.unit_id).collect()
    }
}
