use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use entity::Cadence::{Monthly, Quarterly, TenDay, Weekly};
use proptest::prelude::*;

use super::{any_cadence, any_day, date, period, report, time};
use crate::domain::progress::{
    calendar::{DEFAULT_ZONE, DueRule, Graces, Span, civil_day, end_of_day, occurrences},
    period::Period,
};

fn zone(name: &str) -> Tz {
    name.parse().expect("a zone")
}

#[test]
fn a_report_is_due_at_the_end_of_a_day_in_beijing() {
    for (key, due_on, due_at) in [
        ("2024-W14", "2024-04-09", "2024-04-09T16:00:00Z"),
        ("2024-04-T3", "2024-05-02", "2024-05-02T16:00:00Z"),
        ("2024-02", "2024-03-05", "2024-03-05T16:00:00Z"),
        ("2024-Q4", "2025-01-10", "2025-01-10T16:00:00Z"),
        ("2020-W53", "2021-01-05", "2021-01-05T16:00:00Z"),
        ("2024-02-T2", "2024-02-22", "2024-02-22T16:00:00Z"),
        ("2024-02-T3", "2024-03-02", "2024-03-02T16:00:00Z"),
        ("2023-02-T3", "2023-03-02", "2023-03-02T16:00:00Z"),
        // China had summer time from 1986 to 1991.
        ("1988-06", "1988-07-05", "1988-07-05T15:00:00Z"),
    ] {
        let due = DueRule::default().due(period(key), None).expect("a due instant");
        assert_eq!((due.on, due.at, due.provisional), (date(due_on), time(due_at), false), "{key}");
    }
}

#[test]
fn a_notice_may_set_its_own_grace() {
    let due_on = |grace| DueRule::default().due(period("2024-04"), grace).map(|due| due.on);
    assert_eq!(due_on(Some(0)), Some(date("2024-04-30")));
    assert_eq!(due_on(Some(90)), Some(date("2024-07-29")));
    // The database holds no such row; it is no panic either.
    assert_eq!(due_on(Some(-1)), Some(date("2024-04-30")));
    assert!(due_on(Some(i32::MAX)).is_none());
    let graces = Graces { weekly: 1, ten_day: 3, monthly: 4, quarterly: 6 };
    assert_eq!([Weekly, TenDay, Monthly, Quarterly].map(|cadence| graces.of(cadence)), [1, 3, 4, 6]);
}

#[test]
fn a_day_ends_where_clocks_skip_or_repeat_midnight() {
    for (name, day, end) in [
        ("Asia/Shanghai", "2024-04-09", "2024-04-09T16:00:00Z"),
        ("America/New_York", "2024-03-09", "2024-03-10T05:00:00Z"),
        // From 24:00 to 01:00: the next day begins at 01:00.
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00Z"),
        // From 24:00 back to 23:00: the day has 25 hours.
        ("America/Sao_Paulo", "2018-02-17", "2018-02-18T03:00:00Z"),
        // From 01:00 back to 24:00: midnight strikes twice, and the day ends at the first.
        ("America/Havana", "2023-11-04", "2023-11-05T04:00:00Z"),
        // By 44 minutes and 30 seconds from 24:00.
        ("Africa/Monrovia", "1972-01-06", "1972-01-07T00:44:30Z"),
        // 30 December 2011 was left out: it ends as it begins.
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
    ] {
        assert_eq!(end_of_day(zone(name), date(day)), Some(time(end)), "{name} {day}");
    }
    assert_eq!(end_of_day(DEFAULT_ZONE, chrono::NaiveDate::MAX), None);
}

fn before(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.checked_sub_signed(TimeDelta::seconds(1)).expect("a time")
}

/// In every zone, from a day's end on it is later, and the second before it is not.
#[test]
fn every_zone_has_an_end_of_every_day() {
    let mut days: Vec<_> = date("2023-12-25").iter_days().take(400).collect();
    days.extend(["1986-05-03", "2011-12-29", "1993-08-20", "1999-09-25", "2005-10-08", "1972-01-06"].map(date));
    for zone in TZ_VARIANTS {
        for day in &days {
            let end = end_of_day(zone, *day).expect("an end");
            assert!(civil_day(zone, before(end)) <= *day, "{zone} {day}");
            for later in [0, 1, 30 * 60, 59 * 60, 61 * 60, 119 * 60, 12 * 3600] {
                assert!(civil_day(zone, end + TimeDelta::seconds(later)) > *day, "{zone} {day} {later}");
            }
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_due_before_its_period_is_over(
        cadence in any_cadence(), day in any_day(), grace in prop::option::of(0..=90_i32), index in any::<prop::sample::Index>()
    ) {
        let zone = *index.get(&TZ_VARIANTS);
        let period = Period::containing(cadence, day);
        let rule = DueRule { zone, ..DueRule::default() };
        let due = rule.due(period, grace).expect("a due instant");
        prop_assert!(due.at >= end_of_day(zone, period.ends_on()).expect("an end"));
        prop_assert!(due.on >= period.ends_on());
        prop_assert!(civil_day(zone, due.at) > due.on);
        prop_assert!(civil_day(zone, before(due.at)) <= due.on);
        // Within a zone's widest offset of UTC.
        let utc = due.on.checked_add_days(Days::new(1)).expect("a date").and_time(NaiveTime::MIN).and_utc();
        prop_assert!(due.at.signed_duration_since(utc).abs() <= TimeDelta::hours(40));
    }

    #[test]
    fn what_ends_later_is_due_later(cadence in any_cadence(), year in 1949..=2199_i32, index in any::<prop::sample::Index>()) {
        let rule = DueRule { zone: *index.get(&TZ_VARIANTS), ..DueRule::default() };
        let owed = occurrences(&report(cadence), &Span::new(year, None, None).expect("a span"), &rule);
        prop_assert!(owed.windows(2).all(|pair| pair[0].due_at < pair[1].due_at));
    }
}
