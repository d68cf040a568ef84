use std::ops::AddAssign as _;

use chrono::TimeDelta;
use entity::Cadence::Monthly;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{date, report, time};
use crate::domain::progress::calendar::{Compliance, DueRule, DutyState, Occurrence, Span, occurrences};

const STATES: [DutyState; 5] = [DutyState::NotYetDue, DutyState::OnTime, DutyState::Late, DutyState::Missing, DutyState::Released];

fn any_states() -> impl Strategy<Value = Vec<DutyState>> {
    prop::collection::vec(prop::sample::select(STATES.to_vec()), 0..200)
}

/// April 2024, due at the end of Sunday, 5 May.
fn april(closed_on: Option<&str>) -> Occurrence {
    let span = Span::new(2024, Some(date("2024-04-02")), closed_on.map(date)).expect("a span");
    occurrences(&report(Monthly), &span, &DueRule::default()).remove(0)
}

#[test]
fn a_state_turns_at_the_due_instant() {
    let april = april(None);
    assert_eq!((april.due_on, april.due_at), (date("2024-05-05"), time("2024-05-05T16:00:00Z")));
    let after = time("2024-05-20T00:00:00Z");
    for (submitted_at, now, state) in [
        (None, "2024-05-05T16:00:00Z", DutyState::NotYetDue),
        (None, "2024-05-05T16:00:00.000001Z", DutyState::Missing),
        (Some("2024-04-02T01:00:00Z"), "2024-04-02T01:00:00Z", DutyState::OnTime),
        (Some("2024-05-05T16:00:00Z"), "2024-05-20T00:00:00Z", DutyState::OnTime),
        (Some("2024-05-05T16:00:00.000001Z"), "2024-05-20T00:00:00Z", DutyState::Late),
    ] {
        assert_eq!(DutyState::of(&april, submitted_at.map(time), time(now)), state, "{submitted_at:?} {now}");
    }
    assert_eq!(DutyState::of(&april, None, after), DutyState::Missing);
}

#[test]
fn a_closing_releases_what_did_not_come_and_keeps_what_did() {
    let closed = april(Some("2024-04-20"));
    let now = time("2024-06-01T00:00:00Z");
    assert_eq!(DutyState::of(&closed, None, now), DutyState::Released);
    assert_eq!(DutyState::of(&closed, Some(time("2024-04-19T00:00:00Z")), now), DutyState::OnTime);
    // Overdue before the closing: still missing.
    let overdue = april(Some("2024-05-06"));
    assert_eq!(DutyState::of(&overdue, None, now), DutyState::Missing);
}

#[test]
fn rates_are_exact_and_absent_where_nothing_was_expected() {
    let of = |states: &[DutyState]| states.iter().copied().collect::<Compliance>();
    let nothing = of(&[DutyState::NotYetDue, DutyState::Released]);
    assert_eq!(nothing, Compliance::default());
    assert_eq!((nothing.expected(), nothing.reporting_rate(), nothing.on_time_rate()), (0, None, None));
    let some = of(&[DutyState::OnTime, DutyState::Late, DutyState::Late, DutyState::Missing, DutyState::NotYetDue]);
    assert_eq!((some.expected(), some.received(), some.on_time(), some.late(), some.missing()), (4, 3, 1, 2, 1));
    assert_eq!(some.reporting_rate().map(|rate| rate.to_string()).as_deref(), Some("0.75"));
    assert_eq!(some.on_time_rate().map(|rate| rate.to_string()).as_deref(), Some("0.25"));
    let full = of(&[DutyState::OnTime; 7]);
    assert_eq!(full.on_time_rate().map(|rate| rate.to_string()).as_deref(), Some("1"));
    let none = of(&[DutyState::Missing; 3]);
    assert_eq!(none.reporting_rate(), Some(Decimal::ZERO));
}

proptest! {
    #[test]
    fn counts_add_up(one in any_states(), other in any_states()) {
        let mut sum: Compliance = one.iter().copied().collect();
        sum.add_assign(other.iter().copied().collect());
        let together: Compliance = one.iter().chain(&other).copied().collect();
        prop_assert_eq!(sum, together);
        prop_assert_eq!(sum.expected(), sum.received().saturating_add(sum.missing()));
        prop_assert_eq!(sum.received(), sum.on_time().saturating_add(sum.late()));
        for (rate, part) in [(sum.reporting_rate(), sum.received()), (sum.on_time_rate(), sum.on_time())] {
            prop_assert_eq!(rate.is_none(), sum.expected() == 0);
            if let Some(rate) = rate {
                prop_assert!((Decimal::ZERO..=Decimal::ONE).contains(&rate));
                prop_assert_eq!(rate == Decimal::ONE, part == sum.expected(), "only all is all");
            }
        }
    }

    #[test]
    fn a_state_never_gets_better_by_waiting(submitted in prop::option::of(-100_i64..100), waited in 0_i64..200) {
        let april = april(None);
        let at = |hours: i64| april.due_at.checked_add_signed(TimeDelta::hours(hours)).expect("a time");
        let asked = submitted.unwrap_or(-100);
        let state = |asked| DutyState::of(&april, submitted.map(at), at(asked));
        let (before, after) = (state(asked), state(asked.saturating_add(waited)));
        prop_assert!(before == after || (before, after) == (DutyState::NotYetDue, DutyState::Missing));
    }
}
