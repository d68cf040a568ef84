//! 报送日历: the duties of a notice give the due reports, each with its period, its due instant and its outcome.
//!
//! The rules, in the order in which they apply:
//!
//! 1. [`Span`] says on which days a notice's duties run, and which periods are owed for them.
//! 2. [`DueRule`] says until when: a period's end, a grace of days, and the next working day where the notice says so.
//! 3. [`occurrences`] joins the two: every period once, in order.
//! 4. [`discharged`] says which of them a report, a dispatch or a meeting settles.
//! 5. [`DutyState`] and [`Compliance`] say how that stands at a given time.

mod compliance;
mod discharge;
mod due;
mod span;
#[cfg(test)]
mod tests;
mod zone;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{DutyKind, Obligor, ReportingDutyId};

pub use compliance::{Compliance, DutyState};
pub use discharge::{Discharge, Extent, Post, discharged};
pub use due::{Due, DueRule, Graces};
pub use span::Span;
pub use zone::{DEFAULT_ZONE, civil_day, end_of_day};

use super::period::Period;
use crate::domain::notices::notice::ReportingDuty;

/// 一期应报事项: one period for which a duty is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The duty.
    pub duty_id: ReportingDutyId,
    /// The kind of duty.
    pub kind: DutyKind,
    /// The obligor.
    pub obligor: Obligor,
    /// For which period.
    pub period: Period,
    /// The last civil day on which it is on time.
    pub due_on: NaiveDate,
    /// The end of that day in the installation's time zone. A report at this instant is still on time.
    pub due_at: DateTime<Utc>,
    /// Whether the day may still change: it was looked for among working days, and the holidays of its year are not known yet.
    pub provisional: bool,
    /// 免报: whether it need not come any more, because the task was closed before it was due. See [`Span`].
    pub released: bool,
}

/// The occurrences of a duty in a span, in the order of time, every period once.
///
/// This type does not name the units: the duties of 牵头单位 fall on every lead of a task, those of 协办单位 on every supporting unit. A leader's
/// duty covers all projects in the leader's charge (the notice of Taibai Lake of 2024: 每周调度, 每季度召开一次专题会议). So its span has no closing
/// until the last of their tasks is closed.
#[must_use]
pub fn occurrences(duty: &ReportingDuty, span: &Span, rule: &DueRule<'_>) -> Vec<Occurrence> {
    let one = |period: Period| {
        let due = rule.due(period, duty.grace_days)?;
        Some(Occurrence {
            duty_id: duty.id,
            kind: duty.kind,
            obligor: duty.obligor,
            period,
            due_on: due.on,
            due_at: due.at,
            provisional: due.provisional,
            released: span.releases(due.on),
        })
    };
    // A period without a due instant lies where the calendar itself ends, which no span reaches.
    span.periods(duty.cadence).filter_map(one).collect()
}
