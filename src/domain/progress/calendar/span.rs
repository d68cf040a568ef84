//! 责任期: the days on which a notice's duties run, and the periods that are owed for them.

use chrono::NaiveDate;
use entity::Cadence;

use crate::domain::progress::period::Period;

/// The days on which the duties of a notice run for one task: from its issue to the task's closing, within its year.
///
/// A period is owed when the duties run on one of its days and it begins in the notice's year. The consequences:
///
/// - **The period that runs when the notice is issued is owed**, whole and in time. Taibai Lake's notice of Tuesday, 2 April 2024 asks for
///   2024-W14, 2024-04 and 2024-Q2. A report says where a task stands at its period's end, and that lies after the issue. A period that
///   ended before is not owed, so a notice issued in April does not find its units behind for January.
/// - **A week that reaches into the next year is owed to the year in which it begins.** 2025-W01 (30 December 2024 to 5 January 2025)
///   belongs to the notice of 2024. Its report is the only weekly one that has the figures of 31 December, and these are figures
///   of 2024. ISO 8601 counts it into 2025, but that rule is about its name. A report under the notice of 2025 could only say that the work
///   has not begun.
/// - **A week that began in the year before is not owed**, for the same reason: the notice before it asks for it. So the periods of the
///   notices of successive years lie end to end: no period is owed twice, and no period is left out.
/// - **The year's last month and quarter are owed** although they fall due in January: the due day is no part of the span.
/// - **The period that runs when a task is closed (销号) is owed, but [released](Self::releases)**, and so is an earlier one that is not yet
///   due. A closed task takes no reports, so nobody could send it, and it would be missing for ever. A report from before the closing
///   still counts as received. A report that fell due before it and did not come stays missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    year_begins_on: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
    closed_on: Option<NaiveDate>,
}

impl Span {
    /// The span of a notice of this year that was issued and whose task was closed on these days. Where the day of issue is
    /// unknown, or lies in the year before, the duties run from 1 January.
    ///
    /// `None` if no day is left: the notice was issued after its year, or the task closed before that, or there is no such year.
    #[must_use]
    pub fn new(year: i32, issued_on: Option<NaiveDate>, closed_on: Option<NaiveDate>) -> Option<Self> {
        let year_begins_on = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let year_ends_on = NaiveDate::from_ymd_opt(year, 12, 31)?;
        let first = issued_on.map_or(year_begins_on, |day| day.max(year_begins_on));
        let last = closed_on.map_or(year_ends_on, |day| day.min(year_ends_on));
        (first <= last).then_some(Self { year_begins_on, first, last, closed_on })
    }

    /// The first day on which the duties run.
    #[must_use]
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// The last day on which they run.
    #[must_use]
    pub fn last(&self) -> NaiveDate {
        self.last
    }

    /// The periods that are owed, in order.
    pub fn periods(&self, cadence: Cadence) -> impl Iterator<Item = Period> {
        let year_begins_on = self.year_begins_on;
        Period::between(cadence, self.first, self.last).filter(move |period| period.starts_on() >= year_begins_on)
    }

    /// Whether a report that is due on this day is released by the closing. The day of the closing counts, because a unit could not use
    /// its evening.
    #[must_use]
    pub fn releases(&self, due_on: NaiveDate) -> bool {
        self.closed_on.is_some_and(|closed_on| due_on >= closed_on)
    }
}
