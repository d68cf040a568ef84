use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate, TimeDelta, Weekday};
use entity::Cadence::{self, Monthly, Quarterly, TenDay, Weekly};
use proptest::prelude::*;

use super::{Period, PeriodError};
use crate::domain::language::Language;

const CADENCES: [Cadence; 4] = [Weekly, TenDay, Monthly, Quarterly];

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn period(key: &str) -> Period {
    key.parse().expect("a period")
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    prop::sample::select(CADENCES.to_vec())
}

/// Any day of the years 1949 to 2200.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..92_041).prop_map(|days| date("1949-01-01").checked_add_days(Days::new(days)).expect("a date"))
}

#[test]
fn a_key_has_the_bounds_of_its_period() {
    for (key, starts_on, ends_on) in [
        ("2024-W14", "2024-04-01", "2024-04-07"),
        ("2024-W18", "2024-04-29", "2024-05-05"),
        // ISO 8601: a year has 53 weeks when it begins on a Thursday, or is a leap year that begins on a Wednesday.
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        // A week belongs to the year that has its Thursday.
        ("2025-W01", "2024-12-30", "2025-01-05"),
        ("2022-W52", "2022-12-26", "2023-01-01"),
        ("2024-04-T1", "2024-04-01", "2024-04-10"),
        ("2024-04-T2", "2024-04-11", "2024-04-20"),
        ("2024-05-T3", "2024-05-21", "2024-05-31"),
        ("2023-02-T3", "2023-02-21", "2023-02-28"),
        ("2024-02-T3", "2024-02-21", "2024-02-29"),
        ("2100-02-T3", "2100-02-21", "2100-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-Q1", "2024-01-01", "2024-03-31"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
    ] {
        let period = period(key);
        assert_eq!((period.starts_on(), period.ends_on()), (date(starts_on), date(ends_on)), "{key}");
        assert_eq!(period.key(), key);
    }
}

#[test]
fn neighbours_meet_across_the_year() {
    for (key, next) in
        [("2024-W52", "2025-W01"), ("2020-W53", "2021-W01"), ("2024-12-T3", "2025-01-T1"), ("2024-12", "2025-01"), ("2024-Q4", "2025-Q1")]
    {
        assert_eq!(period(key).next().map(Period::key).as_deref(), Some(next));
        assert_eq!(period(next).previous().map(Period::key).as_deref(), Some(key));
    }
}

#[test]
fn the_ends_of_the_calendar_are_no_panic() {
    for cadence in CADENCES {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            assert!(Period::containing(cadence, day).contains(day));
        }
        assert_eq!(Period::containing(cadence, NaiveDate::MAX).next(), None);
        assert_eq!(Period::containing(cadence, NaiveDate::MIN).previous(), None);
        assert!(Period::between(cadence, NaiveDate::MAX, NaiveDate::MAX).count() == 1);
    }
}

#[test]
fn a_month_covers_its_thirds_and_no_week_that_lies_in_two() {
    let april = period("2024-04");
    for covered in ["2024-04", "2024-04-T1", "2024-04-T2", "2024-04-T3", "2024-W14", "2024-W17"] {
        assert!(april.covers(period(covered)), "{covered}");
    }
    for other in ["2024-W18", "2024-05-T1", "2024-Q2", "2024-03", "2024-W13"] {
        assert!(!april.covers(period(other)), "{other}");
    }
    assert!(!period("2024-05").covers(period("2024-W18")));
    assert!(period("2024-Q2").covers(period("2024-W18")));
}

#[test]
fn the_periods_between_two_days_are_those_that_have_one_of_them() {
    let keys = |cadence, from, to| Period::between(cadence, date(from), date(to)).map(Period::key).collect::<Vec<_>>();
    assert_eq!(keys(Weekly, "2024-12-29", "2025-01-06"), ["2024-W52", "2025-W01", "2025-W02"]);
    assert_eq!(keys(TenDay, "2024-02-20", "2024-03-01"), ["2024-02-T2", "2024-02-T3", "2024-03-T1"]);
    assert_eq!(keys(Monthly, "2024-04-02", "2024-04-02"), ["2024-04"]);
    assert_eq!(keys(Quarterly, "2024-04-02", "2024-04-01"), Vec::<String>::new());
}

#[test]
fn there_is_one_spelling_and_an_error_shows_it() {
    for (wrong, right) in [
        ("2024-4", "2024-04"),
        ("202404", "2024-04"),
        ("2024年4月", "2024-04"),
        ("2024年4月份", "2024-04"),
        ("2024-w15", "2024-W15"),
        ("2024W15", "2024-W15"),
        ("2024-W5", "2024-W05"),
        ("２０２４－Ｗ１５", "2024-W15"),
        ("2024年第15周", "2024-W15"),
        (" 2024-W15\n", "2024-W15"),
        ("2024-4-t2", "2024-04-T2"),
        ("2024年4月上旬", "2024-04-T1"),
        ("2024年4月下旬", "2024-04-T3"),
        ("2024-q2", "2024-Q2"),
        ("2024Q2", "2024-Q2"),
        ("2024年第2季度", "2024-Q2"),
    ] {
        let error = wrong.parse::<Period>().expect_err(wrong);
        assert!(matches!(&error, PeriodError::Form { meant: Some(meant), .. } if meant == right), "{wrong}: {error:?}");
        for language in [Language::Chinese, Language::English] {
            assert!(error.text().in_language(language).contains(right), "{wrong}");
        }
    }
    for wrong in [
        "",
        "-",
        "2024",
        "2024-",
        "2024-04-10",
        "2024-04-T",
        "+024-04",
        "2024-+4",
        "2024-W+5",
        "-024-04",
        "24-04",
        "12024-04",
        "四月",
        "2024-Q02",
        "2024-W015",
    ] {
        let error = wrong.parse::<Period>().expect_err(wrong);
        assert!(matches!(error, PeriodError::Form { meant: None, .. }), "{wrong}: {error:?}");
    }
}

#[test]
fn an_error_says_what_there_is_instead() {
    for (wrong, error, says) in [
        ("2024-W53", PeriodError::Week { year: 2024, last: 52 }, "2024-W52"),
        ("2020-W54", PeriodError::Week { year: 2020, last: 53 }, "2020-W53"),
        ("2024-W00", PeriodError::Week { year: 2024, last: 52 }, "2024-W01"),
        ("2024-00", PeriodError::Month, "01"),
        ("2024-13", PeriodError::Month, "12"),
        ("2024-13-T1", PeriodError::Month, "12"),
        ("2024-04-T0", PeriodError::TenDay, "T1"),
        ("2024-04-T4", PeriodError::TenDay, "T3"),
        ("2024-Q0", PeriodError::Quarter, "Q1"),
        ("2024-Q5", PeriodError::Quarter, "Q4"),
    ] {
        assert_eq!(wrong.parse::<Period>(), Err(error.clone()), "{wrong}");
        for language in [Language::Chinese, Language::English] {
            assert!(error.text().in_language(language).contains(says), "{wrong}");
        }
    }
}

#[test]
fn an_error_repeats_little_of_what_was_written() {
    let error = "2024-04".repeat(100_000).parse::<Period>().expect_err("too long");
    assert!(error.to_string().len() < 400);
}

proptest! {
    #[test]
    fn every_day_is_in_exactly_one_period(cadence in any_cadence(), day in any_day()) {
        let period = Period::containing(cadence, day);
        prop_assert!(period.contains(day));
        prop_assert_eq!(period.cadence(), cadence);
        let inside = period.starts_on().iter_days().take_while(|inside| *inside <= period.ends_on());
        for inside in inside {
            prop_assert_eq!(Period::containing(cadence, inside), period);
        }
        for outside in [period.starts_on().pred_opt(), period.ends_on().succ_opt()] {
            prop_assert_ne!(Period::containing(cadence, outside.expect("a date")), period);
        }
    }

    #[test]
    fn next_and_previous_undo_each_other(cadence in any_cadence(), day in any_day()) {
        let period = Period::containing(cadence, day);
        prop_assert_eq!(period.next().and_then(Period::previous), Some(period));
        prop_assert_eq!(period.previous().and_then(Period::next), Some(period));
    }

    #[test]
    fn a_key_reads_as_its_period(cadence in any_cadence(), day in any_day()) {
        let period = Period::containing(cadence, day);
        prop_assert_eq!(period.key().parse(), Ok(period));
    }

    #[test]
    fn what_is_read_is_written_the_same(key in "[0-9]{4}-(W?[0-9]{2}|Q[0-9]|[0-9]{2}-T[0-9])") {
        if let Ok(period) = key.parse::<Period>() {
            prop_assert_eq!(period.key(), key);
        }
    }

    #[test]
    fn no_text_is_a_panic(text in any::<String>(), chinese in "[0-9０-９第年月周上中下旬季度WQTwqt–－-]{0,30}") {
        for text in [text, chinese] {
            if let Err(error) = text.parse::<Period>() {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn keys_sort_as_time_does(cadence in any_cadence(), one in any_day(), other in any_day()) {
        let (one, other) = (Period::containing(cadence, one), Period::containing(cadence, other));
        prop_assert_eq!(one.key().cmp(&other.key()), one.starts_on().cmp(&other.starts_on()));
        prop_assert_eq!(one.cmp(&other), one.starts_on().cmp(&other.starts_on()));
    }

    #[test]
    fn between_has_neither_hole_nor_overlap(cadence in any_cadence(), from in any_day(), days in 0_u64..800) {
        let to = from.checked_add_days(Days::new(days)).expect("a date");
        let found: Vec<Period> = Period::between(cadence, from, to).collect();
        let mut recounted: Vec<Period> = from.iter_days().take_while(|day| *day <= to).map(|day| Period::containing(cadence, day)).collect();
        recounted.dedup();
        prop_assert_eq!(&found, &recounted);
        prop_assert!(found.windows(2).all(|pair| pair[0].ends_on().succ_opt() == Some(pair[1].starts_on())));
        prop_assert!(found.iter().collect::<BTreeSet<_>>().len() == found.len());
    }

    #[test]
    fn a_year_has_as_many_periods_as_the_calendar_says(year in 1949..=2200_i32) {
        let (first, last) = (NaiveDate::from_ymd_opt(year, 1, 1).expect("a date"), NaiveDate::from_ymd_opt(year, 12, 31).expect("a date"));
        for (cadence, count) in [(TenDay, 36), (Monthly, 12), (Quarterly, 4)] {
            prop_assert_eq!(Period::between(cadence, first, last).count(), count);
        }
        let weeks = Period::between(Weekly, first, last).filter(|week| week.key().starts_with(&format!("{year:04}-W"))).count();
        let thursdays = first.iter_days().take_while(|day| *day <= last).filter(|day| day.weekday() == Weekday::Thu).count();
        prop_assert_eq!(weeks, thursdays, "ISO 8601: a year has as many weeks as Thursdays");
    }

    #[test]
    fn one_covers_another_when_it_has_all_its_days(
        (one, other) in (any_cadence(), any_cadence()), day in any_day(), apart in -100_i64..100
    ) {
        let one = Period::containing(one, day);
        let other = Period::containing(other, day.checked_add_signed(TimeDelta::days(apart)).expect("a date"));
        let all = other.starts_on().iter_days().take_while(|day| *day <= other.ends_on()).all(|day| one.contains(day));
        prop_assert_eq!(one.covers(other), all);
    }
}
