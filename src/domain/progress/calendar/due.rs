//! Until when a period's report is on time.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::Cadence;

use super::zone::{DEFAULT_ZONE, end_of_day};
use crate::domain::{places::holiday::Holidays, progress::period::Period};

/// 宽限天数: days after a period's end within which its report is on time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the cadences")]
pub struct Graces {
    pub weekly: u32,
    pub ten_day: u32,
    pub monthly: u32,
    pub quarterly: u32,
}

/// None of the five notices says how long a unit may take, so these are the service's own; a notice may set others.
impl Default for Graces {
    fn default() -> Self {
        Self { weekly: 2, ten_day: 2, monthly: 5, quarterly: 10 }
    }
}

impl Graces {
    /// The days for a cadence.
    #[must_use]
    pub fn of(self, cadence: Cadence) -> u32 {
        match cadence {
            Cadence::Weekly => self.weekly,
            Cadence::TenDay => self.ten_day,
            Cadence::Monthly => self.monthly,
            Cadence::Quarterly => self.quarterly,
        }
    }
}

/// How a due instant follows from a period.
#[derive(Clone, Copy, Debug)]
pub struct DueRule<'a> {
    /// The installation's time zone: the one in which days end.
    pub zone: Tz,
    /// The days of grace if the duty sets no number.
    pub graces: Graces,
    /// 遇节假日顺延: the holidays, if the notice moves a due day that is no working day to the next one that is.
    pub moved_by: Option<&'a Holidays>,
}

impl Default for DueRule<'_> {
    fn default() -> Self {
        Self { zone: DEFAULT_ZONE, graces: Graces::default(), moved_by: None }
    }
}

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last civil day on which it is on time.
    pub on: NaiveDate,
    /// The end of that day.
    pub at: DateTime<Utc>,
    /// Whether the day may still change: see [`WorkingDay::published`](crate::domain::places::holiday::WorkingDay::published).
    pub provisional: bool,
}

impl DueRule<'_> {
    /// When the report of a period is due, under a duty with this grace of its own.
    ///
    /// The grace counts civil days, working or not; only a last day that is no working day moves. `None` only where the calendar
    /// ends.
    #[must_use]
    pub fn due(&self, period: Period, grace_days: Option<i32>) -> Option<Due> {
        // A duty's own grace is never negative: the database checks it.
        let grace = grace_days.map_or(self.graces.of(period.cadence()), |days| u32::try_from(days).unwrap_or(0));
        let counted = period.ends_on().checked_add_days(Days::new(grace.into()))?;
        let (on, provisional) = match self.moved_by {
            None => (counted, false),
            Some(holidays) => {
                let working = holidays.next_working_day(counted);
                (working.date, !working.published)
            }
        };
        Some(Due { on, at: end_of_day(self.zone, on)?, provisional })
    }
}
