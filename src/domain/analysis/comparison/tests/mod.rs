#![expect(clippy::arithmetic_side_effects, reason = "a test that panics has failed, as it should")]

pub mod scene;

use std::collections::BTreeSet;

use entity::{Aggregation, Comparator, StatusLight, TargetKind};
use rust_decimal::Decimal;

use super::{Obstacle, Row, absent};
use crate::domain::{progress::dossier::Dossier, share::Share};
use scene::{CITY, Promise, compared, indicator, judged, place, places_added, promise, task};

fn of(numerator: i64, denominator: i64) -> Option<Share> {
    Share::of(numerator.into(), denominator.into())
}

fn ranks(rows: &[Row]) -> Vec<(Option<u32>, Option<u32>)> {
    rows.iter().map(|row| (row.rank.map(|rank| rank.place), row.rank.map(|rank| rank.among))).collect()
}

#[test]
fn ties_share_a_place_and_the_next_is_left_out() {
    let achieved = [Some(50), Some(90), Some(50), None, Some(120)];
    let dossiers: Vec<Dossier> =
        (1_u128..).zip(achieved).map(|(place, achieved)| task(&places_added(), place, 2024, 1, &[promise(100, achieved)])).collect();
    let rows = compared(&places_added(), &dossiers);
    // Who has not reported has no place, and is none of those among whom the others have theirs.
    let expected = [Some(3), Some(2), Some(3), None, Some(1)].map(|place| (place, place.map(|_| 4)));
    assert_eq!(ranks(&rows), expected);
    assert_eq!((rows[3].figures.achieved, rows[3].figures.completion.clone()), (None, None));
    assert_eq!(rows[4].figures.completion, of(12, 10), "what was done beyond the target is shown");
}

#[test]
fn a_city_is_not_ranked_among_its_districts_and_years_are_apart() {
    let indicator = places_added();
    let dossiers = [
        task(&indicator, CITY, 2024, 1, &[promise(1000, Some(100))]),
        task(&indicator, 1, 2024, 1, &[promise(250, Some(200))]),
        task(&indicator, 2, 2024, 1, &[promise(100, Some(90))]),
        task(&indicator, 1, 2023, 1, &[promise(300, None)]),
    ];
    let rows = compared(&indicator, &dossiers);
    assert_eq!(
        rows.iter().map(|row| (row.jurisdiction_id, row.year)).collect::<Vec<_>>(),
        [(place(CITY), 2024), (place(1), 2023), (place(1), 2024), (place(2), 2024)]
    );
    assert_eq!(ranks(&rows), [(Some(1), Some(1)), (None, None), (Some(2), Some(2)), (Some(1), Some(2))]);
    assert_eq!(rows.iter().map(|row| row.share_of_parent_target.clone()).collect::<Vec<_>>(), [None, None, of(1, 4), of(1, 10)]);
    let changes: Vec<_> = rows.iter().map(|row| row.change_from_previous_year).collect();
    assert_eq!(changes, [None, None, Some(Decimal::from(-50)), None]);
}

#[test]
fn a_share_of_more_than_all_is_explained() {
    let indicator = places_added();
    let dossiers = [
        task(&indicator, CITY, 2024, 1, &[promise(300, Some(100))]),
        task(&indicator, 1, 2024, 1, &[promise(400, Some(200))]),
        task(&indicator, 2, 2024, 1, &[promise(300, Some(90))]),
    ];
    let rows = compared(&indicator, &dossiers);
    assert_eq!(rows.iter().map(|row| row.share_of_parent_target.clone()).collect::<Vec<_>>(), [None, of(4, 3), of(1, 1)]);
    let told: Vec<_> = rows.iter().map(|row| row.above_parent().map(|text| text.to_string())).collect();
    assert!(matches!(told.as_slice(), [None, Some(why), None] if why.contains("承诺 400，多于上级目标 300")), "{told:?}");
}

#[test]
fn parts_do_not_count_twice() {
    let indicator = places_added();
    let inner = Promise { part_of: Some(0), ..promise(40, Some(30)) };
    let within = Promise { part_of: Some(1), ..promise(5, Some(5)) };
    let rows = compared(&indicator, &[task(&indicator, 1, 2024, 1, &[promise(100, Some(60)), inner, within])]);
    assert_eq!((rows[0].figures.target, rows[0].figures.achieved), (Some(100.into()), Some(60.into())));
    assert_eq!(rows[0].targets.len(), 1);

    // A part whose whole counts under nothing, or under another indicator, is all that the notice says under this one.
    let whole = Promise { counts_under: false, ..promise(100, Some(60)) };
    let rows = compared(&indicator, &[task(&indicator, 1, 2024, 1, &[whole, inner])]);
    assert_eq!((rows[0].figures.target, rows[0].figures.achieved), (Some(40.into()), Some(30.into())));
}

#[test]
fn tasks_of_a_notice_are_one_figure_with_the_light_that_wants_attention() {
    let indicator = places_added();
    let at_least = Promise { comparator: Comparator::AtLeast, ..promise(60, Some(60)) };
    let rows = compared(&indicator, &[task(&indicator, 1, 2024, 2, &[promise(40, Some(10))]), task(&indicator, 1, 2024, 1, &[at_least])]);
    let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
    assert_eq!((row.figures.target, row.figures.achieved), (Some(100.into()), Some(70.into())));
    assert_eq!(row.figures.comparator, Some(Comparator::AtLeast));
    assert_eq!(row.light, StatusLight::Red);
    assert_eq!(row.tasks.len(), 2);
    assert!(row.tasks[0] < row.tasks[1], "by their number");
}

#[test]
fn what_cannot_be_compared_says_why_and_is_not_ranked() {
    let rate = indicator(TargetKind::Rate, Aggregation::Latest);
    let twice = compared(
        &rate,
        &[
            task(&rate, 1, 2024, 1, &[promise(50, Some(40))]),
            task(&rate, 1, 2024, 2, &[promise(60, Some(60))]),
            task(&rate, 2, 2024, 1, &[promise(50, Some(10))]),
            task(&rate, CITY, 2024, 1, &[promise(56, Some(56))]),
        ],
    );
    assert_eq!(twice[1].figures.obstacle, Some(Obstacle::SeveralRates));
    assert_eq!((twice[1].figures.target, twice[1].figures.achieved, twice[1].rank), (None, None, None), "rates are never averaged");
    assert_eq!(twice[2].rank.map(|rank| (rank.place, rank.among)), Some((1, 1)));
    assert_eq!(twice[2].share_of_parent_target, None, "a rate is no share of another");

    let added = places_added();
    let ceiling = Promise { comparator: Comparator::AtMost, ..promise(10, Some(4)) };
    for beside in [ceiling, promise(0, None)] {
        let rows = compared(&added, &[task(&added, 1, 2024, 1, &[promise(10, Some(5)), beside])]);
        assert_eq!((rows[0].figures.obstacle, rows[0].rank), (Some(Obstacle::MixedComparators), None));
    }
    let less = crate::domain::catalogue::indicator::Indicator { higher_is_better: false, ..places_added() };
    let rows = compared(&less, &[task(&less, 1, 2024, 1, &[ceiling])]);
    assert_eq!(rows[0].figures.obstacle, Some(Obstacle::Ceiling));
    assert_eq!((rows[0].figures.target, rows[0].figures.completion.clone()), (Some(10.into()), None));
    let rows = compared(&less, &[task(&less, 1, 2024, 1, &[promise(10, Some(4))])]);
    assert_eq!((rows[0].figures.obstacle, rows[0].rank), (Some(Obstacle::LessIsBetter), None));
    let rows = compared(&added, &[task(&added, 1, 2024, 1, &[ceiling])]);
    assert_eq!(rows[0].figures.obstacle, Some(Obstacle::Term), "the most that one may get, where more is better");
}

#[test]
fn who_has_no_such_item_is_named_with_the_notice_that_leaves_it_out() {
    let indicator = places_added();
    let dossiers = [task(&indicator, 1, 2024, 1, &[promise(1, None)])];
    let other = task(&indicator, 2, 2024, 1, &[Promise { counts_under: false, ..promise(1, None) }]);
    let rows = compared(&indicator, &dossiers);
    let notices = [(*dossiers[0].notice).clone(), (*other.notice).clone()];
    let found = absent(&rows, &notices, &[place(1), place(2), place(3)], &BTreeSet::from([2023, 2024]));
    let found: Vec<_> = found.iter().map(|absence| (absence.year, absence.jurisdiction_id, absence.notice_id)).collect();
    assert_eq!(
        found,
        [
            (2023, place(1), None),
            (2023, place(2), None),
            (2023, place(3), None),
            (2024, place(2), Some(other.notice.id)),
            (2024, place(3), None)
        ]
    );
}

#[test]
fn more_than_promised_here_does_not_hide_nothing_done_there() {
    let indicator = places_added();
    let dossiers = [task(&indicator, 1, 2024, 1, &[promise(100, Some(150))]), task(&indicator, 1, 2024, 2, &[promise(50, Some(0))])];
    let rows = compared(&indicator, &dossiers);
    let figures = &rows[0].figures;
    assert_eq!((figures.completion.clone(), figures.met, figures.targets), (of(1, 1), 1, 2));
}

#[test]
fn what_nobody_reported_is_on_neither_side_of_the_ratio() {
    let indicator = places_added();
    let dossiers = [task(&indicator, 1, 2024, 1, &[promise(10, None), promise(20, Some(5))])];
    assert_eq!(judged(&dossiers)[0].completion.share, of(5, 20));
    let rows = compared(&indicator, &dossiers);
    let figures = &rows[0].figures;
    assert_eq!((figures.target, figures.reported_target, figures.achieved), (Some(30.into()), Some(20.into()), Some(5.into())));
    assert_eq!((figures.reported, figures.targets, figures.completion.clone()), (1, 2, of(5, 20)));
}
