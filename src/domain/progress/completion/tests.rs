#![expect(clippy::arithmetic_side_effects, reason = "a test that panics has failed, as it should")]

mod figures;
mod properties;

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use entity::{Aggregation, Comparator, IndicatorId, ProgressReportId, TargetKind, TaskId, TopicId};
use uuid::Uuid;

use super::*;
use crate::domain::{catalogue::indicator::Indicator, notices::target::Target};

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn unit(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(number))
}

fn day(offset: i64) -> NaiveDate {
    NaiveDate::default().checked_add_signed(TimeDelta::days(offset)).expect("a date")
}

fn promise(id: u128, value: &str, comparator: Comparator, kind: TargetKind) -> Target {
    Target {
        id: TargetId(Uuid::from_u128(id)),
        task_id: TaskId(Uuid::nil()),
        label: format!("目标{id}"),
        value: number(value),
        baseline: None,
        unit: if kind == TargetKind::Rate { "%" } else { "个" }.into(),
        comparator,
        kind,
        part_of_id: None,
        indicator_id: None,
    }
}

fn increment(id: u128, value: &str) -> Target {
    promise(id, value, Comparator::AtLeast, TargetKind::Increment)
}

fn indicator(aggregation: Aggregation, higher_is_better: bool) -> Indicator {
    Indicator {
        id: IndicatorId(Uuid::nil()),
        code: String::new(),
        name: String::new(),
        name_english: String::new(),
        description: String::new(),
        description_english: String::new(),
        topic_id: TopicId(Uuid::nil()),
        unit: "元".into(),
        kind: TargetKind::Amount,
        aggregation,
        higher_is_better,
        position: 1,
    }
}

fn plain(target: Target) -> Goal {
    Goal::new(target, None, Weight::default())
}

fn report(id: u128, unit_number: u128, ends: i64, figures: &[(u128, &str)]) -> AcceptedReport {
    AcceptedReport {
        id: ProgressReportId(Uuid::from_u128(id)),
        unit_id: unit(unit_number),
        ends_on: day(ends),
        figures: figures.iter().map(|(target, value)| (TargetId(Uuid::from_u128(*target)), number(value))).collect(),
    }
}

fn work<'a>(goals: &'a [Goal], leads: &'a [UnitId]) -> Work<'a> {
    Work {
        goals,
        leads,
        allocations: &[],
        milestones: &[],
        stated_percent: None,
        is_reported: true,
        is_due: false,
        tolerance: Tolerance::default(),
    }
}

/// The completion in percent; `None` where it is unknown.
fn percent(completion: &TaskCompletion) -> Option<Decimal> {
    completion.share.as_ref().map(Share::percent)
}

#[expect(clippy::unnecessary_wraps, reason = "what it is compared with may be unknown")]
fn is(text: &str) -> Option<Decimal> {
    Some(number(text))
}

#[test]
fn a_rate_is_the_leads_latest_and_never_a_mean() {
    let figures = RollUp::of([
        report(1, 1, 7, &[(1, "40")]),
        report(2, 2, 14, &[(1, "90")]),
        report(3, 3, 30, &[(1, "99")]),
        report(4, 4, 14, &[(1, "80")]),
    ]);
    let goal = plain(promise(1, "50", Comparator::AtLeast, TargetKind::Rate));
    assert_eq!(figures.achieved(&goal, &[unit(1)], &[]), Ok(Some(number("40"))));
    assert_eq!(figures.achieved(&goal, &[unit(1), unit(4), unit(2)], &[]), Ok(Some(number("80"))), "the first listed of the latest");
    assert_eq!(figures.achieved(&goal, &[unit(9)], &[]), Ok(None), "a supporting unit does not stand in");
}

#[test]
fn how_figures_become_one_goes_by_kind_unit_and_indicator() {
    let amount = |unit: &str| Target { unit: unit.into(), ..promise(1, "5", Comparator::Exactly, TargetKind::Amount) };
    for (target, indicator, aggregation) in [
        (increment(1, "5"), None, Aggregation::Sum),
        (promise(1, "5", Comparator::AtLeast, TargetKind::Level), None, Aggregation::Latest),
        (promise(1, "5", Comparator::AtLeast, TargetKind::Rate), Some(indicator(Aggregation::Sum, true)), Aggregation::Latest),
        (amount("%"), Some(indicator(Aggregation::Sum, true)), Aggregation::Latest),
        (amount("元"), Some(indicator(Aggregation::Latest, true)), Aggregation::Latest),
        (amount("元"), None, Aggregation::Sum),
    ] {
        assert_eq!(Goal::new(target.clone(), indicator.as_ref(), Weight::default()).aggregation(), aggregation, "{target:?}");
    }
}

#[test]
fn a_part_is_shown_and_not_counted_twice() {
    let part = Target { part_of_id: Some(TargetId(Uuid::from_u128(1))), ..increment(2, "50") };
    let goals = [plain(increment(1, "100")), plain(part)];
    let completion = complete(&work(&goals, &[unit(1)]), &RollUp::of([report(1, 1, 7, &[(1, "40"), (2, "50")])])).expect("a completion");
    assert_eq!(percent(&completion), is("40"));
    assert_eq!(completion.targets[0].achieved, Some(number("40")));
    assert_eq!(completion.targets[1].share, Some(Share::whole()));
}

#[test]
fn more_than_promised_is_shown_and_does_not_make_up_for_another() {
    let goals = [plain(increment(1, "100")), plain(increment(2, "100"))];
    let completion = complete(&work(&goals, &[unit(1)]), &RollUp::of([report(1, 1, 7, &[(1, "250"), (2, "10")])])).expect("a completion");
    assert_eq!(percent(&completion), is("55"));
    assert_eq!(completion.targets[0].share.as_ref().map(Share::percent), Some(number("250")));
    assert!(!completion.is_complete());
}

#[test]
fn a_ceiling_is_kept_or_broken_and_is_no_progress() {
    let goals = [plain(increment(1, "100")), plain(promise(2, "30", Comparator::AtMost, TargetKind::Amount))];
    let at = |places: &str, price: &str| {
        complete(&work(&goals, &[unit(1)]), &RollUp::of([report(1, 1, 7, &[(1, places), (2, price)])])).expect("a completion")
    };
    assert_eq!(percent(&at("10", "30")), is("10"));
    assert_eq!(percent(&at("10", "31")), is("10"));
    assert!(at("100", "30").is_complete());
    assert!(!at("100", "30.0001").is_complete());
    assert_eq!(at("100", "31").exceeded().count(), 1);
    assert_eq!(at("100", "31").targets[1].share, None);
}

#[test]
fn what_promises_nothing_is_not_measured() {
    for (target, indicator, measure) in [
        (increment(1, "0"), None, Measure::Term),
        (promise(1, "0", Comparator::Exactly, TargetKind::Increment), None, Measure::Ceiling),
        (promise(1, "0", Comparator::AtMost, TargetKind::Increment), None, Measure::Ceiling),
        (promise(1, "30000", Comparator::AtMost, TargetKind::Amount), Some(indicator(Aggregation::Latest, true)), Measure::Term),
        (promise(1, "30000", Comparator::AtMost, TargetKind::Amount), Some(indicator(Aggregation::Latest, false)), Measure::Ceiling),
        (promise(1, "5", Comparator::About, TargetKind::Amount), None, Measure::Progress),
    ] {
        let goal = Goal::new(target, indicator.as_ref(), Weight::default());
        assert_eq!(goal.measure(), measure);
        let completion = complete(&work(&[goal], &[unit(1)]), &RollUp::of([report(1, 1, 7, &[(1, "5")])])).expect("a completion");
        assert_eq!(completion.basis == Basis::Targets, measure == Measure::Progress);
        assert_eq!(completion.targets[0].is_asked_for, measure != Measure::Term, "a term is not asked for");
    }
}

#[test]
fn without_targets_milestones_count_and_without_both_the_leads_word() {
    let milestone = |id, weight, is_reached| MilestoneState {
        id: MilestoneId(Uuid::from_u128(id)),
        weight: Weight::new(number(weight)).expect("a weight"),
        is_reached,
    };
    let milestones = [milestone(1, "1", true), milestone(2, "3", false)];
    let of = |goals: &[Goal], milestones: &[MilestoneState], stated: Option<&str>| {
        let work = Work {
            goals,
            leads: &[],
            allocations: &[],
            milestones,
            stated_percent: stated.map(number),
            is_reported: true,
            is_due: false,
            tolerance: Tolerance::default(),
        };
        let completion = complete(&work, &RollUp::default()).expect("a completion");
        assert_eq!(is_in_words(goals, milestones), matches!(completion.basis, Basis::Stated | Basis::Nothing));
        (percent(&completion), completion.basis)
    };
    let goals = [plain(increment(1, "10"))];
    assert_eq!(of(&goals, &milestones, Some("70")), (None, Basis::Targets), "what is stated stands for no target");
    assert_eq!(of(&[], &milestones, Some("70")), (is("25"), Basis::Milestones));
    assert_eq!(of(&[], &[milestone(1, "0", true)], Some("70")), (is("70"), Basis::Stated));
    assert_eq!(of(&[], &[], Some("120")), (is("100"), Basis::Stated));
    assert_eq!(of(&[], &[], None), (None, Basis::Nothing));
    let weightless = [Goal::new(increment(1, "10"), None, Weight::new(Decimal::ZERO).expect("a weight"))];
    assert_eq!(of(&weightless, &milestones, None), (is("25"), Basis::Milestones));
    let unreported = Work {
        goals: &[],
        leads: &[],
        allocations: &[],
        milestones: &milestones,
        stated_percent: None,
        is_reported: false,
        is_due: false,
        tolerance: Tolerance::default(),
    };
    assert_eq!(complete(&unreported, &RollUp::default()).expect("a completion").share, None, "no report says which are reached");
    assert_eq!(Weight::new(number("-1")), None);
}

#[test]
fn a_correction_below_zero_is_nothing_done() {
    let figures = RollUp::of([report(1, 1, 7, &[(1, "-5")])]);
    let completion = complete(&work(&[plain(increment(1, "10"))], &[unit(1)]), &figures).expect("a completion");
    assert_eq!((completion.share, completion.targets[0].share.clone()), (Some(Share::nothing()), Some(Share::nothing())));
}

#[test]
fn a_sum_beyond_decimals_is_an_error_and_no_panic() {
    let largest = Decimal::MAX.to_string();
    let figures = RollUp::of([report(1, 1, 7, &[(1, &largest)]), report(2, 2, 7, &[(1, &largest)])]);
    assert_eq!(complete(&work(&[plain(increment(1, "1"))], &[unit(1), unit(2)]), &figures), Err(TooLarge));
}

#[test]
fn what_is_reopened_gives_way_to_what_was_before() {
    let goal = plain(increment(1, "100"));
    let first = RollUp::of([report(1, 1, 7, &[(1, "10")])]);
    let both = first.clone().apply(Change::Accepted(report(2, 1, 14, &[(1, "30")])));
    assert_eq!(both.achieved(&goal, &[unit(1)], &[]), Ok(Some(number("30"))));
    let reopened = both.apply(Change::Reopened(ProgressReportId(Uuid::from_u128(2))));
    assert_eq!(reopened, first);
    let again = reopened.apply(Change::Accepted(report(2, 1, 14, &[(1, "25")])));
    assert_eq!(again.achieved(&goal, &[unit(1)], &[]), Ok(Some(number("25"))));
}
