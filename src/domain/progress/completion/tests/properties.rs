//! What holds of all figures, whoever reports them in whichever order.

use proptest::prelude::*;

use super::*;

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
