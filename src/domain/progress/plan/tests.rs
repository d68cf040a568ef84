use proptest::prelude::*;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn year() -> Plan {
    Plan::new(date("2023-01-01"), date("2023-12-31")).expect("a plan")
}

fn through(milestones: &[(&str, &str)]) -> Result<Plan, PlanProblem> {
    year().through(milestones.iter().map(|(on, share)| (date(on), number(share))))
}

#[test]
fn the_straight_line_runs_from_nothing_to_the_whole() {
    for (on, percent) in [
        ("2022-06-01", "0"),
        ("2023-01-01", "0"),
        ("2023-07-02", "50"),
        ("2023-12-30", "99.72"),
        ("2023-12-31", "100"),
        ("2024-05-01", "100"),
    ] {
        assert_eq!(year().straight_line(date(on)).share.percent(), number(percent), "{on}");
    }
    assert_eq!(year().own(date("2023-07-02")), None);
    assert_eq!(year().by(Curve::OwnPlan, date("2023-07-02")).curve, Curve::StraightLine);
}

#[test]
fn a_plan_of_one_day_is_due_on_that_day() {
    let plan = Plan::new(date("2023-05-01"), date("2023-05-01")).expect("a plan");
    assert_eq!(plan.straight_line(date("2023-04-30")).share, Share::nothing());
    assert_eq!(plan.straight_line(date("2023-05-01")).share, Share::whole());
}

#[test]
fn the_own_plan_goes_through_its_milestones_and_both_curves_are_there() {
    let plan = through(&[("2023-03-31", "0.1"), ("2023-06-30", "0.6"), ("2023-06-30", "0.6")]).expect("a plan");
    let own = |on: &str| plan.own(date(on)).expect("a plan of its own").share;
    assert_eq!(own("2023-06-30"), Share::from(number("0.6")));
    assert_eq!(own("2023-03-31"), Share::from(number("0.1")));
    // 45 of the 91 days between the two.
    assert_eq!(own("2023-05-15").percent(), number("34.72"));
    assert_eq!(own("2023-12-31"), Share::whole());
    assert_eq!(plan.straight_line(date("2023-06-30")).share.percent(), number("49.45"));
}

#[test]
fn nanming_is_not_back_loaded_and_chongchuan_is() {
    let nanming = through(&[("2023-06-30", "0.6")]).expect("a plan");
    assert_eq!(nanming.back_loading(), None);
    let chongchuan = through(&[("2023-06-30", "0.4"), ("2023-11-30", "0.6")]).expect("a plan");
    let loading = chongchuan.back_loading().expect("back-loaded");
    assert_eq!((loading.on, loading.behind().percent()), (date("2023-11-30"), number("31.48")));
    // The usual rules forgive nine points below at mid-year.
    assert_eq!(through(&[("2023-07-02", "0.41")]).expect("a plan").back_loading(), None);
    assert_eq!(through(&[("2023-07-02", "0.4")]).expect("a plan").back_loading(), None);
    assert!(through(&[("2023-07-02", "0.39")]).expect("a plan").back_loading().is_some());
}

#[test]
fn what_is_no_curve_is_refused() {
    for (milestones, problem) in [
        (&[("2022-12-31", "0.1")][..], PlanProblem::OutsidePlan(date("2022-12-31"))),
        (&[("2024-01-01", "1")], PlanProblem::OutsidePlan(date("2024-01-01"))),
        (&[("2023-03-01", "1.01")], PlanProblem::ShareOutOfRange(date("2023-03-01"))),
        (&[("2023-03-01", "-0.1")], PlanProblem::ShareOutOfRange(date("2023-03-01"))),
        (&[("2023-03-01", "0.2"), ("2023-02-01", "0.3")], PlanProblem::OutOfOrder(date("2023-02-01"))),
        (&[("2023-03-01", "0.2"), ("2023-03-01", "0.3")], PlanProblem::TwoShares(date("2023-03-01"))),
        (&[("2023-03-01", "0.2"), ("2023-04-01", "0.1")], PlanProblem::Falling(date("2023-04-01"))),
        (&[("2023-12-31", "0.9")], PlanProblem::EndsBelowWhole),
    ] {
        assert_eq!(through(milestones), Err(problem));
    }
    assert_eq!(Plan::new(date("2023-02-01"), date("2023-01-01")), Err(PlanProblem::DueBeforeStart));
    assert_eq!(year().extended(date("2023-12-31")), Err(PlanProblem::ExtensionNotLater));
    let extended = year().extended(date("2024-03-31")).expect("a plan");
    assert_eq!(extended.straight_line(date("2023-07-02")), year().straight_line(date("2023-07-02")));
}

/// Plans with any rising shares, built as the generator of other tests wants them.
pub(crate) fn any_plan() -> impl Strategy<Value = Plan> {
    (1_i64..400, prop::collection::btree_map(0_i64..400, 0_u32..=100, 0..6)).prop_map(|(length, steps)| {
        let start = date("2023-01-01");
        let day = |offset: i64| start.checked_add_signed(chrono::TimeDelta::days(offset)).expect("a date");
        let mut shares: Vec<u32> = steps.values().copied().collect();
        shares.sort_unstable();
        let milestones = steps.keys().zip(shares).filter(|(offset, _)| **offset < length);
        Plan::new(start, day(length))
            .and_then(|plan| plan.through(milestones.map(|(offset, share)| (day(*offset), Decimal::new(share.into(), 2)))))
            .expect("a plan")
    })
}

pub(crate) fn any_day() -> impl Strategy<Value = NaiveDate> {
    (-20_i64..450).prop_map(|offset| date("2023-01-01").checked_add_signed(chrono::TimeDelta::days(offset)).expect("a date"))
}

proptest! {
    #[test]
    fn both_curves_rise_and_stay_within_the_whole(plan in any_plan(), one in any_day(), other in any_day()) {
        let (earlier, later) = (one.min(other), one.max(other));
        for curve in [Curve::StraightLine, Curve::OwnPlan] {
            let [before, after] = [earlier, later].map(|on| plan.by(curve, on).share);
            prop_assert!(Share::nothing() <= before && before <= after && after <= Share::whole());
        }
    }

    #[test]
    fn the_plan_passes_through_every_milestone(plan in any_plan()) {
        for point in &plan.points {
            prop_assert_eq!(plan.own(point.on).map(|planned| planned.share), Some(point.share.clone()));
        }
    }

    #[test]
    fn no_day_is_worse_than_the_flag_says(plan in any_plan(), on in any_day()) {
        if let Some(own) = plan.own(on) {
            let behind = plan.straight_line(on).share.minus(&own.share);
            let worst = plan.back_loading().map_or_else(|| Share::from_percent(number("10")), |loading| loading.behind());
            prop_assert!(behind <= worst);
        }
    }
}
