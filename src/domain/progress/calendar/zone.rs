//! Civil days and the instants at which they end, in the installation's time zone.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// 北京时间.
pub const DEFAULT_ZONE: Tz = Tz::Asia__Shanghai;

/// No clock is put forward by more: Samoa left out a whole day, 30 December 2011.
const LONGEST_GAP: TimeDelta = TimeDelta::hours(25);

/// The civil day in this zone at an instant.
#[must_use]
pub fn civil_day(zone: Tz, instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The instant at which a civil day ends in this zone: 24:00, which is the first instant of the next day. `None` only where the
/// calendar ends.
#[must_use]
pub fn end_of_day(zone: Tz, day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_time(NaiveTime::MIN);
    let end = match zone.from_local_datetime(&midnight) {
        MappedLocalTime::Single(end) => end,
        // The clock is put back to midnight: the day was over when it struck midnight for the first time.
        MappedLocalTime::Ambiguous(first, _) => first,
        MappedLocalTime::None => zone.from_local_datetime(&end_of_gap(zone, midnight)?).earliest()?,
    };
    Some(end.to_utc())
}

/// The first time that clocks show after a gap which `skipped` lies in.
fn end_of_gap(zone: Tz, skipped: NaiveDateTime) -> Option<NaiveDateTime> {
    let shown = |after: TimeDelta| skipped.checked_add_signed(after).filter(|time| zone.from_local_datetime(time).earliest().is_some());
    let (mut hidden, mut visible) = (TimeDelta::zero(), LONGEST_GAP);
    // By halves, to the second: clocks were once put forward by 44 minutes and 30 seconds (Monrovia, 1972).
    while visible.checked_sub(&hidden)? > TimeDelta::seconds(1) {
        let middle = TimeDelta::seconds(hidden.checked_add(&visible)?.num_seconds().checked_div(2)?);
        if shown(middle).is_some() { visible = middle } else { hidden = middle }
    }
    shown(visible)
}
