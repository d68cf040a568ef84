//! What is known of a target, whose figures make it, and when it is met: the examples of offices.

use entity::AllocationId;

use super::*;

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
    let completion = complete(&Work { allocations: &shares, ..work(std::slice::from_ref(&goal), &leads) }, &figures).expect("a completion");
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
