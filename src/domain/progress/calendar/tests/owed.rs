use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use entity::Cadence::{self, Monthly, Quarterly, TenDay, Weekly};
use entity::DutyKind;
use proptest::prelude::*;

use super::{CADENCES, any_cadence, date, report, taibai_lake};
use crate::domain::progress::{
    calendar::{DueRule, Span, occurrences},
    period::Period,
};

fn owed(cadence: Cadence, year: i32, issued_on: Option<&str>, closed_on: Option<&str>) -> Vec<String> {
    let span = Span::new(year, issued_on.map(date), closed_on.map(date));
    span.into_iter().flat_map(|span| span.periods(cadence).map(Period::key).collect::<Vec<_>>()).collect()
}

fn ends(keys: &[String]) -> (&str, &str, usize) {
    (keys.first().map_or("", String::as_str), keys.last().map_or("", String::as_str), keys.len())
}

#[test]
fn a_whole_year_is_owed_where_the_day_of_issue_is_unknown() {
    // The notices of the city (2022) and the development zone (2023) carry no date.
    assert_eq!(ends(&owed(Monthly, 2022, None, None)), ("2022-01", "2022-12", 12));
    assert_eq!(ends(&owed(Quarterly, 2022, None, None)), ("2022-Q1", "2022-Q4", 4));
    assert_eq!(ends(&owed(Weekly, 2023, None, None)), ("2023-W01", "2023-W52", 52));
    assert_eq!(ends(&owed(TenDay, 2023, None, None)), ("2023-01-T1", "2023-12-T3", 36));
}

#[test]
fn the_period_that_runs_at_the_issue_is_owed_and_none_before() {
    let keys = |kind| taibai_lake().iter().filter(|owed| owed.kind == kind).map(|owed| owed.period.key()).collect::<Vec<_>>();
    assert_eq!(ends(&keys(DutyKind::LedgerUpdate)), ("2024-W14", "2025-W01", 40));
    assert_eq!(ends(&keys(DutyKind::Dispatch)), ("2024-W14", "2025-W01", 40));
    assert_eq!(ends(&keys(DutyKind::ProgressReport)), ("2024-04", "2024-12", 9));
    assert_eq!(ends(&keys(DutyKind::Meeting)), ("2024-Q2", "2024-Q4", 3));
    // The first and the last day of a week.
    assert_eq!(ends(&owed(Weekly, 2024, Some("2024-04-01"), None)).0, "2024-W14");
    assert_eq!(ends(&owed(Weekly, 2024, Some("2024-04-07"), None)).0, "2024-W14");
    assert_eq!(ends(&owed(Weekly, 2024, Some("2024-04-08"), None)).0, "2024-W15");
    assert_eq!(ends(&owed(TenDay, 2024, Some("2024-02-29"), None)).0, "2024-02-T3");
}

#[test]
fn a_week_is_owed_to_the_year_in_which_it_begins() {
    for (year, first, last) in [
        // 2020 has a 53rd week, which ends in 2021.
        (2020, "2020-W02", "2020-W53"),
        (2021, "2021-W01", "2021-W52"),
        // 30 December 2024 is the Monday of 2025-W01.
        (2024, "2024-W01", "2025-W01"),
        (2025, "2025-W02", "2026-W01"),
        (2026, "2026-W02", "2026-W53"),
    ] {
        let keys = owed(Weekly, year, None, None);
        assert_eq!((ends(&keys).0, ends(&keys).1), (first, last));
    }
    // A notice that is issued within such a week of the year before does not ask for it.
    assert_eq!(ends(&owed(Weekly, 2025, Some("2025-01-02"), None)).0, "2025-W02");
    // One that is issued within the last week of its own year does.
    assert_eq!(owed(Weekly, 2024, Some("2024-12-31"), None), ["2025-W01"]);
}

#[test]
fn an_issue_before_the_year_counts_from_its_start() {
    let span = Span::new(2024, Some(date("2023-12-20")), Some(date("2025-02-01"))).expect("a span");
    assert_eq!((span.first(), span.last()), (date("2024-01-01"), date("2024-12-31")));
    assert_eq!(owed(Monthly, 2024, Some("2023-12-20"), None), owed(Monthly, 2024, None, None));
}

#[test]
fn nothing_is_owed_when_no_day_is_left() {
    assert_eq!(Span::new(2024, Some(date("2025-01-01")), None), None);
    assert_eq!(Span::new(2024, Some(date("2024-04-02")), Some(date("2024-04-01"))), None);
    assert_eq!(Span::new(i32::MAX, None, None), None);
    assert_eq!(Span::new(i32::MIN, None, None), None);
    // Both days lie in a week that began the year before.
    assert_eq!(owed(Weekly, 2025, Some("2025-01-02"), Some("2025-01-03")), Vec::<String>::new());
}

#[test]
fn a_closing_ends_what_is_owed_and_releases_what_was_not_due() {
    // Closed on Wednesday, 10 April 2024.
    let closed_on = date("2024-04-10");
    let span = Span::new(2024, Some(date("2024-04-02")), Some(closed_on)).expect("a span");
    let stands = |cadence| {
        let owed = occurrences(&report(cadence), &span, &DueRule::default());
        owed.into_iter().map(|owed| (owed.period.key(), owed.released)).collect::<Vec<_>>()
    };
    // 2024-W14 was due on Tuesday the 9th.
    assert_eq!(stands(Weekly), [("2024-W14".into(), false), ("2024-W15".into(), true)]);
    assert_eq!(stands(Monthly), [("2024-04".into(), true)]);
    assert_eq!(stands(Quarterly), [("2024-Q2".into(), true)]);
    // A report that is due on the very day of the closing is released; one of the day before it is not.
    assert!(span.releases(closed_on));
    assert!(!span.releases(date("2024-04-09")));
    // A task that is closed in January is owed to the end of its year, and its December report, due on the 5th, is released.
    let late = Span::new(2024, None, Some(date("2025-01-03"))).expect("a span");
    let owed = occurrences(&report(Monthly), &late, &DueRule::default());
    assert_eq!(owed.iter().map(|owed| owed.released).collect::<Vec<_>>(), [[false; 11].as_slice(), &[true]].concat());
}

/// A period as a test names it, without the rules under test.
fn label(cadence: Cadence, day: NaiveDate) -> (i32, u32, u32) {
    match cadence {
        Weekly => (day.iso_week().year(), day.iso_week().week(), 0),
        TenDay => (day.year(), day.month(), day.day().saturating_sub(1).min(29) / 10),
        Monthly => (day.year(), day.month(), 0),
        Quarterly => (day.year(), day.month0() / 3, 0),
    }
}

proptest! {
    #[test]
    fn as_many_are_owed_as_a_count_of_days_finds(
        cadence in any_cadence(), year in 1950..=2199_i32, issued in prop::option::of(-40_i64..400), closed in prop::option::of(-40_i64..800)
    ) {
        let new_year = NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
        let day = |offset: i64| new_year.checked_add_signed(chrono::TimeDelta::days(offset)).expect("a date");
        let (issued_on, closed_on) = (issued.map(day), closed.map(day));
        let mut recount = BTreeSet::new();
        for inside in new_year.iter_days().take_while(|inside| inside.year() == year) {
            let runs = issued_on.is_none_or(|issued_on| issued_on <= inside) && closed_on.is_none_or(|closed_on| inside <= closed_on);
            let mut begun = inside;
            while label(cadence, begun.pred_opt().expect("a date")) == label(cadence, inside) {
                begun = begun.pred_opt().expect("a date");
            }
            if runs && begun.year() == year {
                recount.insert(label(cadence, inside));
            }
        }
        let owed = Span::new(year, issued_on, closed_on)
            .map(|span| occurrences(&report(cadence), &span, &DueRule::default()))
            .unwrap_or_default();
        let labels: Vec<_> = owed.iter().map(|owed| label(cadence, owed.period.starts_on())).collect();
        prop_assert_eq!(labels, recount.into_iter().collect::<Vec<_>>());
        prop_assert!(owed.windows(2).all(|pair| pair[0].period.next() == Some(pair[1].period)), "no hole");
    }

    #[test]
    fn the_notices_of_successive_years_lie_end_to_end(cadence in any_cadence(), year in 1949..=2190_i32) {
        let owed: Vec<Period> =
            (year..).take(10).flat_map(|year| Span::new(year, None, None).expect("a span").periods(cadence).collect::<Vec<_>>()).collect();
        prop_assert!(owed.windows(2).all(|pair| pair[0].next() == Some(pair[1])));
    }

    #[test]
    fn an_earlier_issue_or_a_later_closing_never_takes_anything_away(
        cadence in any_cadence(), year in 1949..=2200_i32, issued in 0_u64..366, earlier in 0_u64..100, closed in 0_u64..366, later in 0_u64..100
    ) {
        let new_year = NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
        let day = |offset| new_year.checked_add_days(Days::new(offset));
        let periods = |issued, closed| -> BTreeSet<Period> {
            Span::new(year, day(issued), day(closed)).into_iter().flat_map(|span| span.periods(cadence).collect::<Vec<_>>()).collect()
        };
        prop_assert!(periods(issued, closed).is_subset(&periods(issued.saturating_sub(earlier), closed.saturating_add(later))));
    }
}

#[test]
fn a_year_of_every_cadence_is_short() {
    for cadence in CADENCES {
        assert!(owed(cadence, 2024, None, None).len() <= 54);
    }
}
