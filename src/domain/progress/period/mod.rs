//! 期: the weeks, ten-day periods, months and quarters for which something is owed, and the one key by which each is written.

mod key;
#[cfg(test)]
mod tests;

use std::iter;

use chrono::{Datelike as _, Days, NaiveDate, TimeDelta};
use entity::Cadence;

pub use key::PeriodError;

/// One period of a cadence, with its first and last civil day.
///
/// The periods of a cadence lie end to end: every day is in exactly one. Periods are ordered by time; of two that begin on the
/// same day the shorter comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    cadence: Cadence,
}

impl Period {
    /// The period of this cadence that `date` lies in.
    ///
    /// A week is that of ISO 8601 and begins on Monday. A 旬 is a third of the civil month: days 1 to 10, 11 to 20, 21 to its end.
    #[must_use]
    pub fn containing(cadence: Cadence, date: NaiveDate) -> Self {
        let (first, last) = match cadence {
            Cadence::Weekly => week(date),
            Cadence::TenDay => match date.day() {
                1..=10 => (date.with_day(1), date.with_day(10)),
                11..=20 => (date.with_day(11), date.with_day(20)),
                _ => (date.with_day(21), last_of_month(date)),
            },
            Cadence::Monthly => (date.with_day(1), last_of_month(date)),
            Cadence::Quarterly => {
                let (first_month, last_month) = match date.month() {
                    1..=3 => (1, 3),
                    4..=6 => (4, 6),
                    7..=9 => (7, 9),
                    _ => (10, 12),
                };
                // Every month has a first day, so the day is changed before the month.
                let first = date.with_day(1);
                (
                    first.and_then(|day| day.with_month(first_month)),
                    first.and_then(|day| day.with_month(last_month)).and_then(last_of_month),
                )
            }
        };
        // Only the weeks at either end of the calendar, 262 000 years from here, lack a day: they are cut short.
        Self { starts_on: first.unwrap_or(NaiveDate::MIN), ends_on: last.unwrap_or(NaiveDate::MAX), cadence }
    }

    /// The period after this one; `None` only where the calendar ends.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.ends_on.succ_opt().map(|day| Self::containing(self.cadence, day))
    }

    /// The period before this one; `None` only where the calendar begins.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.starts_on.pred_opt().map(|day| Self::containing(self.cadence, day))
    }

    /// The periods that share a day with `from` to `to`, both included, in order. The result is empty if `to` is before `from`.
    pub fn between(cadence: Cadence, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = Self> {
        let first = (from <= to).then(|| Self::containing(cadence, from));
        iter::successors(first, |period| period.next()).take_while(move |period| period.starts_on <= to)
    }

    /// How often its kind comes round.
    #[must_use]
    pub fn cadence(self) -> Cadence {
        self.cadence
    }

    /// Its first day.
    #[must_use]
    pub fn starts_on(self) -> NaiveDate {
        self.starts_on
    }

    /// Its last day.
    #[must_use]
    pub fn ends_on(self) -> NaiveDate {
        self.ends_on
    }

    /// The time from its first day to its last.
    #[must_use]
    pub fn length(self) -> TimeDelta {
        self.ends_on.signed_duration_since(self.starts_on)
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        self.starts_on <= date && date <= self.ends_on
    }

    /// Whether every day of the other lies in it: a month covers its three 旬, and no month covers a week that lies in two.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.contains(other.starts_on) && self.contains(other.ends_on)
    }

    /// The key by which it is stored and asked for: `2024-W15`, `2024-04-T2`, `2024-04` or `2024-Q2`. Within a cadence, keys of
    /// the years 0 to 9999 sort as time does.
    #[must_use]
    pub fn key(self) -> String {
        self.to_string()
    }
}

/// Monday and Sunday.
fn week(date: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let since_monday = date.weekday().num_days_from_monday();
    let until_sunday = 6_u32.saturating_sub(since_monday);
    (date.checked_sub_days(Days::new(since_monday.into())), date.checked_add_days(Days::new(until_sunday.into())))
}

fn last_of_month(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(date.num_days_in_month().into())
}
