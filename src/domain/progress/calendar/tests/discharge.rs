use std::collections::BTreeSet;

use chrono::Datelike as _;
use entity::Cadence::{self, Monthly, Quarterly, TenDay, Weekly};
use entity::DutyKind::{self, Dispatch, LedgerUpdate, Meeting, ProgressReport};
use entity::Obligor;
use proptest::prelude::*;

use super::{any_cadence, any_day, date, duty, period, report, taibai_lake};
use crate::domain::progress::{
    calendar::{DueRule, Extent, Occurrence, Post, Span, discharged, occurrences},
    period::Period,
};

fn year(cadence: Cadence) -> Vec<Occurrence> {
    occurrences(&report(cadence), &Span::new(2024, None, None).expect("a span"), &DueRule::default())
}

fn found(post: Post, owed: &[Occurrence]) -> Vec<(DutyKind, String, Extent)> {
    discharged(post, owed).into_iter().map(|one| (one.occurrence.kind, one.occurrence.period.key(), one.extent)).collect()
}

#[test]
fn the_week_that_ends_a_month_serves_the_ledger_and_the_report() {
    let owed = taibai_lake();
    assert_eq!(found(Post::Report(period("2024-W15")), &owed), [(LedgerUpdate, "2024-W15".into(), Extent::Whole)]);
    let both = [(LedgerUpdate, "2024-W18".into(), Extent::Whole), (ProgressReport, "2024-04".into(), Extent::End)];
    assert_eq!(found(Post::Report(period("2024-W18")), &owed), both);
    // The last week of the year, which ends in the next.
    let last = [(LedgerUpdate, "2025-W01".into(), Extent::Whole), (ProgressReport, "2024-12".into(), Extent::End)];
    assert_eq!(found(Post::Report(period("2025-W01")), &owed), last);
}

#[test]
fn a_months_report_covers_its_weeks_and_no_week_that_lies_in_two() {
    let keys: Vec<String> = found(Post::Report(period("2024-05")), &taibai_lake()).into_iter().map(|(_, key, _)| key).collect();
    // 2024-W18 began in April, 2024-W22 ends in June.
    assert_eq!(keys, ["2024-W19", "2024-W20", "2024-W21", "2024-05"]);
    let thirds: Vec<_> = found(Post::Report(period("2024-05")), &year(TenDay)).into_iter().map(|(_, key, extent)| (key, extent)).collect();
    assert_eq!(thirds, ["2024-05-T1", "2024-05-T2", "2024-05-T3"].map(|key| (key.to_owned(), Extent::Whole)));
}

#[test]
fn the_end_of_a_quarter_is_closed_by_every_shorter_period() {
    for key in ["2024-06", "2024-06-T3", "2024-W26"] {
        assert_eq!(found(Post::Report(period(key)), &year(Quarterly)), [(ProgressReport, "2024-Q2".into(), Extent::End)], "{key}");
    }
    for key in ["2024-05", "2024-06-T2", "2024-W25"] {
        assert_eq!(found(Post::Report(period(key)), &year(Quarterly)), [], "{key}");
    }
}

#[test]
fn a_dispatch_and_a_meeting_discharge_their_own_kind_alone() {
    let owed = taibai_lake();
    assert_eq!(found(Post::Dispatch(date("2024-05-01")), &owed), [(Dispatch, "2024-W18".into(), Extent::Whole)]);
    assert_eq!(found(Post::Meeting(date("2024-05-01")), &owed), [(Meeting, "2024-Q2".into(), Extent::Whole)]);
    // Before the notice was issued there was nothing to discharge.
    assert_eq!(found(Post::Meeting(date("2024-03-31")), &owed), []);
    let ten_days = duty(Dispatch, TenDay, Obligor::Leaders);
    let owed = occurrences(&ten_days, &Span::new(2023, None, None).expect("a span"), &DueRule::default());
    assert_eq!(found(Post::Dispatch(date("2023-02-28")), &owed), [(Dispatch, "2023-02-T3".into(), Extent::Whole)]);
    assert_eq!(found(Post::Report(period("2023-02-T3")), &owed), []);
}

proptest! {
    #[test]
    fn a_report_of_every_period_as_short_leaves_nothing_owed(cadence in any_cadence(), finer in any_cadence()) {
        let reports = Period::between(finer, date("2024-01-01"), date("2025-01-31"));
        let owed = year(cadence);
        let settled: BTreeSet<Period> = reports
            .flat_map(|period| discharged(Post::Report(period), &owed).into_iter().map(|one| one.occurrence.period).collect::<Vec<_>>())
            .collect();
        let length = |cadence| Period::containing(cadence, date("2024-01-11")).length();
        if length(finer) <= length(cadence) {
            prop_assert_eq!(settled.len(), owed.len());
        }
    }

    #[test]
    fn a_report_discharges_only_what_ends_in_its_own_period(posted in any_cadence(), owed in any_cadence(), day in any_day()) {
        let (posted, year) = (Period::containing(posted, day), day.year());
        let owed = occurrences(&report(owed), &Span::new(year, None, None).expect("a span"), &DueRule::default());
        for one in discharged(Post::Report(posted), &owed) {
            let period = one.occurrence.period;
            prop_assert!(posted.contains(period.ends_on()));
            prop_assert_eq!(one.extent == Extent::Whole, posted.covers(period));
        }
        // The duty for the posted period itself is always among them.
        prop_assert_eq!(
            discharged(Post::Report(posted), &owed).iter().any(|one| one.occurrence.period == posted),
            owed.iter().any(|owed| owed.period == posted)
        );
    }

    #[test]
    fn a_meeting_discharges_one_period_of_each_duty(cadence in any_cadence(), day in any_day()) {
        let year = day.year();
        let duty = duty(Meeting, cadence, Obligor::Leaders);
        let mut owed = Vec::new();
        for year in [year.saturating_sub(1), year] {
            owed.extend(occurrences(&duty, &Span::new(year, None, None).expect("a span"), &DueRule::default()));
        }
        let found = discharged(Post::Meeting(day), &owed);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].occurrence.period, Period::containing(cadence, day));
    }
}

#[test]
fn cadences_have_an_order_of_length() {
    // `discharged` rests on this: a longer cadence's shortest period is longer than a shorter one's longest.
    let lengths = [Weekly, TenDay, Monthly, Quarterly].map(|cadence| {
        let all: Vec<_> = Period::between(cadence, date("2000-01-01"), date("2399-12-31")).map(Period::length).collect();
        (all.iter().min().copied(), all.iter().max().copied())
    });
    assert!(lengths.windows(2).all(|pair| pair[0].1 < pair[1].0));
}
