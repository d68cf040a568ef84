#![expect(clippy::arithmetic_side_effects, reason = "a test that panics has failed, as it should")]

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use entity::{Aggregation, AllocationId, Comparator, IndicatorId, ProgressReportId, TargetKind, TaskId, TopicId};
use proptest::prelude::*;
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

fn is(text: &str) -> Option<Decimal> {
    Some(number(text))
}

fn share(target: u128, unit_number: u128, value: &str) -> Allocation {
    Allocation {
        id: AllocationId(Uuid::from_u128(target * 100 + unit_number)),
        target_id: TargetId(Uuid::from_u128(target)),
        unit_id: unit(unit_number),
        value: number(value),
    }
}

#[test]
fn the_leads_figure_is_the_whole_and_those_of_others_stand_beside_it() {
    let figures =
        RollUp::of([report(1, 1, 7, &[(1, "20")]), report(2, 1, 14, &[(1, "30")]), report(3, 2, 7, &[(1, "30")]), report(4, 1, 21, &[])]);
    let goal = plain(increment(1, "60"));
    // A supporting unit that repeats the lead's 30 does not make it 60.
    assert_eq!(figures.achieved(&goal, &[unit(1)], &[]), Ok(Some(number("30"))));
    assert_eq!(figures.achieved(&goal, &[unit(9)], &[]), Ok(None), "what others report stands in for nothing");
    let leads = [unit(1)];
    let completion = complete(&work(&[goal], &leads), &figures).expect("a completion");
    assert_eq!((percent(&completion), completion.targets[0].makeup), (is("50"), Makeup::Lead));
}

#[test]
fn with_shares_those_who_have_one_are_added_and_nobody_else() {
    // Districts 200 and 100, and the lead's total of 300.
    let figures = RollUp::of([report(1, 1, 7, &[(1, "300")]), report(2, 2, 7, &[(1, "200")]), report(3, 3, 7, &[(1, "100")])]);
    let (goal, leads) = (plain(increment(1, "600")), [unit(1)]);
    let shares = [share(1, 2, "400"), share(1, 3, "200"), share(2, 1, "7")];
    assert_eq!(figures.achieved(&goal, &leads, &shares), Ok(Some(number("300"))));
    let completion = complete(&Work { allocations: &shares, ..work(&[goal.clone()], &leads) }, &figures).expect("a completion");
    assert_eq!((percent(&completion), completion.targets[0].makeup), (is("50"), Makeup::Shares));
    // A lead with a share of its own is added with the others.
    let own = [share(1, 1, "100"), share(1, 2, "300"), share(1, 3, "200")];
    assert_eq!(figures.achieved(&goal, &leads, &own), Ok(Some(number("600"))));
    // Its total alone is not the sum of shares that nobody reported.
    assert_eq!(RollUp::of([report(1, 1, 7, &[(1, "300")])]).achieved(&goal, &leads, &shares), Ok(None));
}

#[test]
fn several_leads_without_shares_are_added() {
    let figures = RollUp::of([
        report(1, 1, 7, &[(1, "100")]),
        report(2, 1, 14, &[(1, "150")]),
        report(3, 2, 7, &[(1, "26")]),
        report(4, 2, 14, &[]),
        report(5, 3, 14, &[(1, "500")]),
    ]);
    let (goal, leads) = (plain(increment(1, "352")), [unit(1), unit(2)]);
    assert_eq!(figures.achieved(&goal, &leads, &[]), Ok(Some(number("176"))));
    let completion = complete(&work(&[goal], &leads), &figures).expect("a completion");
    assert_eq!((percent(&completion), completion.basis, completion.targets[0].makeup), (is("50"), Basis::Targets, Makeup::Leads));
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
fn ceilings_alone_are_kept_or_broken_and_met_when_due() {
    let goals = [plain(promise(1, "4.3", Comparator::AtMost, TargetKind::Rate))];
    let of = |figure: Option<&str>, is_due| {
        let figures = RollUp::of(figure.map(|figure| report(1, 1, 7, &[(1, figure)])));
        let leads = [unit(1)];
        // Whatever the lead states.
        let work = Work { is_due, stated_percent: Some(number("100")), ..work(&goals, &leads) };
        let completion = complete(&work, &figures).expect("a completion");
        assert_eq!(completion.basis, Basis::Ceilings);
        let target = &completion.targets[0];
        (percent(&completion), target.ceiling(), target.met, completion.is_complete())
    };
    assert_eq!(of(None, false), (None, None, None, false));
    assert_eq!(of(None, true), (None, None, None, false), "nobody knows whether it was kept");
    assert_eq!(of(Some("3.57"), false), (None, Some(Ceiling::Kept), None, false));
    assert_eq!(of(Some("3.57"), true), (is("100"), Some(Ceiling::Kept), Some(true), true));
    assert_eq!(of(Some("4.3"), true), (is("100"), Some(Ceiling::Kept), Some(true), true));
    assert_eq!(of(Some("9"), false), (None, Some(Ceiling::Broken), Some(false), false));
    assert_eq!(of(Some("9"), true), (is("0"), Some(Ceiling::Broken), Some(false), false));
    assert!(goals[0].can_come_back() && !plain(promise(1, "4", Comparator::AtMost, TargetKind::Increment)).can_come_back());
}

#[test]
fn about_is_met_from_five_percent_below_and_never_less_for_more() {
    let goals = [plain(promise(1, "500", Comparator::About, TargetKind::Increment)), plain(increment(2, "10"))];
    let of = |about: &str, tolerance: &str| {
        let leads = [unit(1)];
        let work = Work { tolerance: Tolerance::new(number(tolerance)).expect("a tolerance"), ..work(&goals, &leads) };
        let completion = complete(&work, &RollUp::of([report(1, 1, 7, &[(1, about), (2, "10")])])).expect("a completion");
        let target = completion.targets[0].clone();
        (target.share.as_ref().map(Share::percent), target.met, percent(&completion), completion.is_complete())
    };
    // 495 of about 500 shows 0.99, is met, and counts as the whole.
    assert_eq!(of("495", "5"), (is("99"), Some(true), is("100"), true));
    assert_eq!(of("475", "5"), (is("95"), Some(true), is("100"), true));
    assert_eq!(of("474.9999", "5"), (is("94.99"), Some(false), is("97.49"), false));
    assert_eq!(of("495", "0"), (is("99"), Some(false), is("99.5"), false));
    assert_eq!(of("600", "5"), (is("120"), Some(true), is("100"), true), "downward alone");
}

#[test]
fn a_rate_or_level_runs_from_its_baseline_and_a_reduction_down_from_it() {
    let goal = |value: &str, baseline: &str, comparator| {
        plain(Target { baseline: Some(number(baseline)), ..promise(1, value, comparator, TargetKind::Rate) })
    };
    let of = |goal: &Goal, figure: &str| {
        let (goals, leads) = ([goal.clone()], [unit(1)]);
        let completion = complete(&work(&goals, &leads), &RollUp::of([report(1, 1, 7, &[(1, figure)])])).expect("a completion");
        assert_eq!(completion.basis, Basis::Targets);
        (completion.targets[0].share.as_ref().map(Share::percent), completion.is_complete())
    };
    // 85 of 90 in January is a sixth of the way from 84, and not 94 % done.
    let up = goal("90", "84", Comparator::AtLeast);
    assert_eq!(of(&up, "85"), (is("16.66"), false));
    assert_eq!((of(&up, "84"), of(&up, "80")), ((is("0"), false), (is("0"), false)));
    assert_eq!((of(&up, "90"), of(&up, "91.5")), ((is("100"), true), (is("125"), true)));
    assert_eq!(of(&goal("70", "56", Comparator::AtLeast), "63"), (is("50"), false));
    // Without one it is 94 %, and one that the target has reached already is none.
    assert_eq!(of(&plain(promise(1, "90", Comparator::AtLeast, TargetKind::Rate)), "85"), (is("94.44"), false));
    assert_eq!(of(&goal("90", "95", Comparator::AtLeast), "85"), (is("94.44"), false));
    // From 40 down to 30 at most: 34 is six tenths of the way.
    let down = goal("30", "40", Comparator::AtMost);
    assert_eq!((down.measure(), down.runs_down(), down.counts()), (Measure::Progress, true, true));
    assert_eq!((of(&down, "34"), of(&down, "41"), of(&down, "30")), ((is("60"), false), (is("0"), false), (is("100"), true)));
    assert_eq!(goal("30", "20", Comparator::AtMost).measure(), Measure::Ceiling, "a ceiling that is not reached yet");
    // The figure that is enough, upwards and down.
    let figure = |goal: &Goal, share: &str| {
        let (goals, leads) = ([goal.clone()], [unit(1)]);
        let completion = complete(&work(&goals, &leads), &RollUp::default()).expect("a completion");
        completion.targets[0].figure_at(&Share::from(number(share)), 1, false).normalize()
    };
    assert_eq!((figure(&up, "0.5"), figure(&down, "0.5"), figure(&down, "0.333")), (number("87"), number("35"), number("36.6")));
}

#[test]
fn parts_that_are_all_there_make_a_whole_that_is_left_out() {
    let part = |id, value: &str, whole: u128| Target { part_of_id: Some(TargetId(Uuid::from_u128(whole))), ..increment(id, value) };
    // 34 400 jobs, 6400 and 28 000 of them: the one is left out, and made of the others.
    let jobs = [plain(increment(1, "34400")), plain(part(2, "6400", 1)), plain(part(3, "28000", 1))];
    let of = |goals: &[Goal], figures: &[(u128, &str)]| {
        let leads = [unit(1)];
        let completion = complete(&work(goals, &leads), &RollUp::of([report(1, 1, 7, figures)])).expect("a completion");
        (completion.targets[0].achieved, completion.targets[0].is_made_of_parts, percent(&completion))
    };
    assert_eq!(of(&jobs, &[(2, "3200"), (3, "14000")]), (Some(number("17200")), true, is("50")));
    assert_eq!(of(&jobs, &[(2, "3200")]), (None, false, None), "one is unknown");
    assert_eq!(
        of(&jobs, &[(1, "30000"), (2, "3200"), (3, "14000")]),
        (Some(number("30000")), false, is("87.2")),
        "what is reported stands"
    );
    // 5220 of 25 700 are not the whole.
    let homes = [plain(increment(1, "25700")), plain(part(2, "5220", 1))];
    assert_eq!(of(&homes, &[(2, "5220")]), (None, false, None));
    // Parts of parts are made first.
    let nested =
        [plain(increment(1, "10")), plain(part(2, "4", 1)), plain(part(3, "3", 2)), plain(part(4, "1", 2)), plain(part(5, "6", 1))];
    assert_eq!(of(&nested, &[(3, "3"), (4, "1"), (5, "6")]), (Some(number("10")), true, is("100")));
    let rates = [plain(promise(1, "50", Comparator::AtLeast, TargetKind::Rate))];
    assert!(!parts::make(&rates[0], &[]));
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
fn what_nobody_reported_is_unknown_and_keeps_the_task_from_being_complete() {
    let goals = [plain(increment(1, "100")), plain(increment(2, "50"))];
    let of = |figures: &[(u128, &str)]| complete(&work(&goals, &[unit(1)]), &RollUp::of([report(1, 1, 7, figures)])).expect("a completion");
    let nothing = of(&[]);
    assert_eq!((percent(&nothing), nothing.targets[0].share.clone()), (None, None), "unknown, and not zero");
    assert_eq!((nothing.reported(), nothing.counted(), nothing.is_complete()), (0, 2, false));
    // A at 100 %, B never reported: it is in no mean, and the task is not done.
    let half = of(&[(1, "100")]);
    assert_eq!((percent(&half), half.reported(), half.counted(), half.is_complete()), (is("100"), 1, 2, false));
    assert_eq!(half.unreported().map(|target| target.label.as_str()).collect::<Vec<_>>(), ["目标2"]);
    // Nothing done of it is known, and is in the mean.
    assert_eq!(percent(&of(&[(1, "100"), (2, "0")])), is("50"));
    assert!(of(&[(1, "100"), (2, "50")]).is_complete());
    // A ceiling is asked for like any other; a part is in its whole.
    let ceiling = [plain(increment(1, "100")), plain(promise(2, "30", Comparator::AtMost, TargetKind::Rate))];
    let unkept = complete(&work(&ceiling, &[unit(1)]), &RollUp::of([report(1, 1, 7, &[(1, "100")])])).expect("a completion");
    assert_eq!((percent(&unkept), unkept.is_complete()), (is("100"), false));
    let part = [plain(increment(1, "100")), plain(Target { part_of_id: Some(TargetId(Uuid::from_u128(1))), ..increment(2, "50") })];
    assert!(complete(&work(&part, &[unit(1)]), &RollUp::of([report(1, 1, 7, &[(1, "100")])])).expect("a completion").is_complete());
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

/// One report a unit and period, as the service has it; its id and its place are tied together.
fn any_report() -> impl Strategy<Value = AcceptedReport> {
    (0_u128..4, 0_u128..6, prop::collection::btree_map(0_u128..3, 0_i64..5_000_000, 0..4)).prop_map(|(unit_number, period, figures)| {
        AcceptedReport {
            id: ProgressReportId(Uuid::from_u128(period * 100 + unit_number)),
            unit_id: unit(unit_number),
            // Two periods end on the same day.
            ends_on: day(i64::try_from(period / 2).expect("small")),
            figures: figures.into_iter().map(|(id, value)| (TargetId(Uuid::from_u128(id)), Decimal::new(value, 4))).collect(),
        }
    })
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => any_report().prop_map(Change::Accepted),
        1 => any_report().prop_map(|report| Change::Reopened(report.id)),
    ]
}

fn goals() -> Vec<Goal> {
    let rate = promise(1, "0.3", Comparator::AtLeast, TargetKind::Rate);
    let weight = Weight::new(number("2.5")).expect("a weight");
    vec![plain(increment(0, "3.7")), plain(rate), Goal::new(increment(2, "450"), None, weight)]
}

/// The rule of the house written a second time, the slow way.
fn by_hand(accepted: &BTreeMap<ProgressReportId, AcceptedReport>, goal: &Goal, leads: &[UnitId]) -> Option<Decimal> {
    let mut latest: BTreeMap<UnitId, (NaiveDate, ProgressReportId, Decimal)> = BTreeMap::new();
    for report in accepted.values() {
        if let Some(value) = report.figures.get(&goal.target().id) {
            let candidate = (report.ends_on, report.id, *value);
            let entry = latest.entry(report.unit_id).or_insert(candidate);
            if (candidate.0, candidate.1) > (entry.0, entry.1) {
                *entry = candidate;
            }
        }
    }
    if goal.aggregation() == Aggregation::Sum {
        let of_leads: Vec<Decimal> = leads.iter().filter_map(|lead| latest.get(lead)).map(|(_, _, value)| *value).collect();
        return (!of_leads.is_empty()).then(|| of_leads.iter().sum());
    }
    let newest = leads.iter().filter_map(|lead| latest.get(lead)).map(|(ends_on, _, _)| *ends_on).max()?;
    leads.iter().filter_map(|lead| latest.get(lead)).find(|(ends_on, _, _)| *ends_on == newest).map(|(_, _, value)| *value)
}

proptest! {
    #[test]
    fn recomputation_from_history_equals_the_state_kept_up(history in prop::collection::vec(any_change(), 0..40)) {
        let mut accepted = BTreeMap::new();
        let mut kept = RollUp::default();
        let leads = [unit(2), unit(0)];
        for change in history {
            match &change {
                Change::Accepted(report) => { accepted.insert(report.id, report.clone()); }
                Change::Reopened(id) => { accepted.remove(id); }
            }
            kept = kept.apply(change);
        }
        prop_assert_eq!(&kept, &RollUp::of(accepted.values().cloned()));
        for goal in goals() {
            prop_assert_eq!(kept.achieved(&goal, &leads, &[]), Ok(by_hand(&accepted, &goal, &leads)));
        }
    }

    #[test]
    fn the_order_of_units_reports_and_targets_does_not_matter(
        reports in prop::collection::vec(any_report(), 0..20).prop_map(|reports| {
            reports.into_iter().map(|report| (report.id, report)).collect::<BTreeMap<_, _>>().into_values().collect::<Vec<_>>()
        }),
        seed in any::<u64>(),
    ) {
        let leads = [unit(2), unit(0)];
        let order = |length: usize| {
            let mut order: Vec<usize> = (0..length).collect();
            order.sort_by_key(|index| (*index as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
            order
        };
        let shuffled: Vec<_> = order(reports.len()).into_iter().map(|index| reports[index].clone()).collect();
        let goals = goals();
        let reordered: Vec<_> = order(goals.len()).into_iter().map(|index| goals[index].clone()).collect();
        let one = complete(&work(&goals, &leads), &RollUp::of(reports)).expect("a completion");
        let other = complete(&work(&reordered, &leads), &RollUp::of(shuffled)).expect("a completion");
        prop_assert_eq!((one.share, one.basis), (other.share, other.basis));
    }

    #[test]
    fn the_task_is_capped_and_the_target_is_not(value in 1_i64..1_000_000, achieved in 0_i64..9_000_000_000) {
        let goals = [plain(Target { value: Decimal::new(value, 4), ..increment(1, "1") })];
        let mut accepted = report(1, 1, 7, &[]);
        accepted.figures.insert(TargetId(Uuid::from_u128(1)), Decimal::new(achieved, 4));
        let completion = complete(&work(&goals, &[unit(1)]), &RollUp::of([accepted])).expect("a completion");
        prop_assert!(completion.share <= Some(Share::whole()));
        prop_assert_eq!(completion.is_complete(), achieved >= value);
        prop_assert_eq!(completion.targets[0].share.clone(), Share::of(Decimal::from(achieved), Decimal::from(value)));
    }

    #[test]
    fn more_of_a_target_is_never_less_of_the_task(
        low in 0_i64..10_000, more in 0_i64..10_000, other in 0_i64..10_000,
    ) {
        let goals = [plain(increment(1, "4321")), plain(increment(2, "777"))];
        let share = |first: i64| {
            let figures = RollUp::of([report(1, 1, 7, &[(1, &first.to_string()), (2, &other.to_string())])]);
            complete(&work(&goals, &[unit(1)]), &figures).expect("a completion").share
        };
        prop_assert!(share(low) <= share(low + more));
    }
}
