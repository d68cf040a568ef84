//! When things happen in an invented year: by civil days and office hours of its own time, never by today's clock.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::Cadence;

use super::{
    course::end_of_month,
    story::{Day, Habit},
};
use crate::domain::progress::{
    calendar::end_of_day,
    dossier::{Dossier, Reckoning},
    period::Period,
};

/// A day of a year; the last day if the year has no such day.
pub(super) fn day(year: i32, (month, day): Day) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_else(|| end_of_month(year, month))
}

/// So many days later.
pub(super) fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// So many minutes after nine in the morning of a day.
pub(super) fn at(zone: Tz, day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    let midnight = day.pred_opt().and_then(|before| end_of_day(zone, before)).unwrap_or_default();
    midnight.checked_add_signed(TimeDelta::minutes(minutes.saturating_add(540))).unwrap_or(midnight)
}

/// The periods for which a unit with a habit reports on a task: of those that are asked for, and over before the year is.
pub(super) fn periods(dossier: &Dossier, habit: Habit, reckoning: &Reckoning) -> Vec<Period> {
    let year_end = end_of_month(dossier.notice.year, 12);
    let asked: Vec<Period> =
        dossier.periods(reckoning).into_iter().map(|occurrence| occurrence.period).filter(|period| period.ends_on() <= year_end).collect();
    let of = |cadence: Cadence| asked.iter().copied().filter(move |period| period.cadence() == cadence);
    let mut chosen: Vec<Period> = match habit {
        Habit::Monthly => of(Cadence::Monthly).collect(),
        // The last days of December lie in a week that ends in January: where a month's report is asked for as well, it says them.
        Habit::Weekly => of(Cadence::Weekly).chain(of(Cadence::Monthly).next_back()).collect(),
        Habit::Fortnightly => {
            let mut weeks: Vec<Period> = of(Cadence::Weekly).collect::<Vec<_>>().into_iter().rev().step_by(2).collect();
            weeks.reverse();
            weeks
        }
        Habit::MonthEnds => {
            of(Cadence::Weekly).filter(|week| week.contains(end_of_month(week.starts_on().year(), week.starts_on().month()))).collect()
        }
    };
    chosen.sort_by_key(|period| (period.ends_on(), period.starts_on()));
    chosen.dedup();
    chosen
}
