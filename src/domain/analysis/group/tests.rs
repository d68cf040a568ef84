use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    Aggregation, Cadence, DutyKind, IndicatorId, JurisdictionId, JurisdictionKind, Obligor, ReportingDutyId, StatusLight, TargetKind,
    TaskId, TopicId, UnitId,
};
use rust_decimal::Decimal;

use super::*;
use crate::domain::{
    places::jurisdiction::{Jurisdiction, Tree},
    progress::{
        calendar::{Compliance, DutyState, Occurrence},
        completion::Measure,
        period::Period,
        standing::Phase,
    },
    share::Share,
};

/// A city with two districts; one district has a zone.
struct Places {
    tree: Tree,
    city: JurisdictionId,
    east: JurisdictionId,
    west: JurisdictionId,
    zone: JurisdictionId,
}

fn places() -> Places {
    let [city, east, west, zone] = std::array::from_fn(|_| JurisdictionId::generate());
    let place = |id, position, parent_id| Jurisdiction {
        id,
        code: format!("place-{position}"),
        name: "辖区".into(),
        name_english: "Place".into(),
        kind: JurisdictionKind::District,
        division_code: None,
        parent_id,
        position,
    };
    let rows = vec![place(city, 0, None), place(east, 1, Some(city)), place(west, 2, Some(city)), place(zone, 3, Some(east))];
    Places { tree: Tree::new(rows), city, east, west, zone }
}

fn addend(indicator_id: IndicatorId, value: i64, achieved: Option<i64>) -> Addend {
    Addend {
        indicator_id,
        kind: TargetKind::Increment,
        aggregation: Aggregation::Sum,
        measure: Measure::Progress,
        value: value.into(),
        achieved: achieved.map(Decimal::from),
        met: achieved.map(|achieved| achieved >= value),
    }
}

/// The sum of the addends of each place and year.
fn added(places: &Places, indicator: IndicatorId, promises: &[(JurisdictionId, i32, Vec<Addend>)]) -> Result<Sum, NoSum> {
    let promises =
        promises.iter().map(|(jurisdiction_id, year, addends)| Promise { jurisdiction_id: *jurisdiction_id, year: *year, addends });
    sum(Some(indicator), promises, &places.tree)
}

#[test]
fn districts_and_years_add_up() {
    let (places, indicator, other) = (places(), IndicatorId::generate(), IndicatorId::generate());
    let found = added(
        &places,
        indicator,
        &[
            (places.east, 2023, vec![addend(indicator, 581, Some(600)), addend(other, 9, None)]),
            (places.east, 2024, vec![addend(indicator, 576, None)]),
            (places.west, 2023, vec![addend(indicator, 162, Some(0))]),
        ],
    );
    let sum = found.expect("a sum");
    assert_eq!((sum.targets, sum.promised, sum.achieved), (3, Decimal::from(1319), Some(Decimal::from(600))));
    // 576 nobody has reported on are on neither side of the ratio.
    assert_eq!((sum.reported, sum.reported_promised), (2, Decimal::from(743)));
    assert_eq!(sum.completion(), Share::of(Decimal::from(600), Decimal::from(743)));
    let silent = added(&places, indicator, &[(places.east, 2024, vec![addend(indicator, 576, None)])]).expect("a sum");
    assert_eq!((silent.reported, silent.achieved, silent.completion()), (0, None, None));
}

#[test]
fn more_than_promised_here_does_not_hide_nothing_done_there() {
    let (places, indicator) = (places(), IndicatorId::generate());
    let sum = added(&places, indicator, &[(places.east, 2024, vec![addend(indicator, 100, Some(150)), addend(indicator, 50, Some(0))])]);
    let sum = sum.expect("a sum");
    assert_eq!((sum.completion(), sum.met, sum.targets), (Some(Share::whole()), 1, 2));
}

#[test]
fn what_does_not_add_up_says_why() {
    let (places, indicator) = (places(), IndicatorId::generate());
    let one = |value| addend(indicator, value, None);
    let of = |promises: &[(JurisdictionId, i32, Vec<Addend>)]| added(&places, indicator, promises).expect_err("no sum");
    assert_eq!(of(&[(places.city, 2024, vec![one(10_000)]), (places.east, 2024, vec![one(576)])]), NoSum::CityAndDistricts);
    // Two levels apart, and in another year: a total over the two is that of neither.
    assert_eq!(of(&[(places.zone, 2023, vec![one(3)]), (places.city, 2022, vec![one(100)])]), NoSum::CityAndDistricts);
    assert_eq!(of(&[(places.zone, 2023, vec![one(3)]), (places.east, 2023, vec![one(5)])]), NoSum::CityAndDistricts);
    let level = Addend { kind: TargetKind::Level, aggregation: Aggregation::Latest, ..one(537) };
    assert_eq!(of(&[(places.east, 2023, vec![level])]), NoSum::NotAdditive);
    let price = Addend { kind: TargetKind::Amount, aggregation: Aggregation::Latest, ..one(3) };
    assert_eq!(of(&[(places.east, 2023, vec![price])]), NoSum::NotAdditive);
    let ceiling = Addend { measure: Measure::Ceiling, ..one(3) };
    assert_eq!(of(&[(places.east, 2023, vec![one(3), ceiling])]), NoSum::NotToReach);
    let covered = |value| Addend { kind: TargetKind::Coverage, ..one(value) };
    assert_eq!(of(&[(places.east, 2023, vec![covered(3)]), (places.east, 2024, vec![covered(3)])]), NoSum::SeveralYears);
    assert_eq!(of(&[(places.east, 2023, vec![addend(IndicatorId::generate(), 3, None)])]), NoSum::Nothing);
    let largest = Addend { value: Decimal::MAX, ..one(0) };
    assert_eq!(of(&[(places.east, 2023, vec![largest.clone(), largest])]), NoSum::TooLarge);
    assert_eq!(sum(None, [], &places.tree), Err(NoSum::SeveralIndicators));
    // Equal names of people in two places are different people.
    let found = added(&places, indicator, &[(places.east, 2023, vec![covered(3)]), (places.west, 2023, vec![covered(4)])]);
    assert_eq!(found.map(|sum| sum.promised), Ok(Decimal::from(7)));
}

fn member(places: &Places, units: &[UnitId], topics: &[TopicId]) -> TaskMember {
    TaskMember {
        task_id: TaskId::generate(),
        jurisdiction_id: places.east,
        year: 2024,
        in_force: true,
        units: units.to_vec(),
        leads: units.iter().copied().take(1).collect(),
        topics: topics.to_vec(),
        phase: Phase::Open,
        due_in: Period::containing(Cadence::Monthly, NaiveDate::from_ymd_opt(2024, 12, 31).expect("a day")),
        light: StatusLight::Green,
        is_stale: Some(false),
        completion: Some(Share::nothing()),
        planned: Share::whole(),
        targets: 0,
        addends: Vec::new(),
        compliance: None,
    }
}

#[test]
fn a_member_is_in_the_group_of_each_combination_and_none_is_lost() {
    let places = places();
    let (units, topics) = ([UnitId::generate(), UnitId::generate()], [TopicId::generate(), TopicId::generate(), TopicId::generate()]);
    let members = [member(&places, &units, &topics), member(&places, &units[..1], &[]), member(&places, &[], &[])];
    let by = [TaskDimension::Unit, TaskDimension::Topic];
    let found = groups(&members, |member| member.keys(&by)).expect("few places");
    assert_eq!(found.len(), 2 * 3 + 1 + 1);
    assert_eq!(found[&vec![Key::Unit(None), Key::Topic(None)]].len(), 1);
    assert_eq!(found[&vec![Key::Unit(Some(units[0])), Key::Topic(None)]].len(), 1);
    let many: Vec<UnitId> = (0..1000).map(|_| UnitId::generate()).collect();
    let crowd = [TaskMember { leads: many.clone(), ..member(&places, &many, &[]) }];
    assert_eq!(groups(&crowd, |member| member.keys(&[TaskDimension::Unit, TaskDimension::LeadUnit])), Err(TooManyPlaces));
}

#[test]
fn a_unit_answers_for_itself_and_a_part_does_not_pass_for_the_whole() {
    let places = places();
    let units = [UnitId::generate(), UnitId::generate()];
    let compliance = BTreeMap::from([
        (units[0], [DutyState::OnTime, DutyState::Missing].into_iter().collect::<Compliance>()),
        (units[1], [DutyState::Late].into_iter().collect()),
    ]);
    let told = TaskMember { compliance: Some(compliance), ..member(&places, &units, &[]) };
    let untold = member(&places, &units, &[]);
    let expected =
        |keys: &[Key], members: &[&TaskMember]| TaskFigures::of(keys, members, None, &places.tree).compliance.map(|of| of.expected());
    assert_eq!(expected(&[], &[&told]), Some(3));
    assert_eq!(expected(&[Key::Unit(Some(units[0]))], &[&told]), Some(2));
    assert_eq!(expected(&[Key::LeadUnit(Some(units[0])), Key::Unit(Some(units[1]))], &[&told]), Some(1));
    assert_eq!(expected(&[], &[&told, &untold]), None);
}

/// Groups of one number each, known or not.
fn numbered(numbers: &[(i32, Option<i64>)]) -> Vec<Group<Option<i64>>> {
    numbers.iter().map(|(year, number)| Group { keys: vec![Key::Year(*year)], figures: *number }).collect()
}

fn years(listing: &Listing<()>, numbers: &[(i32, Option<i64>)]) -> (Vec<Key>, usize) {
    let listed = list(numbered(numbers), &Ranks::default(), listing, |number, ()| number.map(Share::from));
    (listed.groups.into_iter().flat_map(|group| group.keys).collect(), listed.count)
}

#[test]
fn groups_are_chosen_ordered_and_cut_in_that_order() {
    let numbers = [(2024, Some(3)), (2022, None), (2023, Some(5)), (2021, Some(3)), (2020, Some(1))];
    let keys = |years: &[i32]| years.iter().map(|year| Key::Year(*year)).collect::<Vec<_>>();
    let listing = |measure, direction, limit| Listing { having: Vec::new(), order: Order { measure, direction }, limit };
    assert_eq!(years(&listing(None, Direction::Ascending, 9), &numbers).0, keys(&[2020, 2021, 2022, 2023, 2024]));
    assert_eq!(years(&listing(None, Direction::Descending, 2), &numbers), (keys(&[2024, 2023]), 5));
    // An unknown value comes last in either direction, and equal values stand in the order of their keys.
    assert_eq!(years(&listing(Some(()), Direction::Ascending, 9), &numbers).0, keys(&[2020, 2021, 2024, 2023, 2022]));
    assert_eq!(years(&listing(Some(()), Direction::Descending, 9), &numbers).0, keys(&[2023, 2021, 2024, 2020, 2022]));
    let bounds = |above: Option<i64>, at_most: Option<i64>| Condition {
        measure: (),
        bounds: Bounds { above: above.map(Share::from), at_most: at_most.map(Share::from), ..Bounds::default() },
    };
    let chosen = Listing { having: vec![bounds(Some(1), None), bounds(None, Some(3))], ..listing(None, Direction::Ascending, 1) };
    assert_eq!(years(&chosen, &numbers), (keys(&[2021]), 2));
    // Bounds that ask for nothing leave everything in.
    let open = Listing { having: vec![bounds(None, None)], ..listing(None, Direction::Ascending, 9) };
    assert_eq!(years(&open, &numbers).1, 5);
}

#[test]
fn a_report_is_judged_by_the_duty_of_its_own_period() {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let owed = |period: &str, due_at: &str| Occurrence {
        duty_id: ReportingDutyId::generate(),
        kind: DutyKind::ProgressReport,
        obligor: Obligor::LeadUnits,
        period: period.parse().expect("a period"),
        due_on: instant(due_at).date_naive(),
        due_at: instant(due_at),
        provisional: false,
        released: false,
    };
    let month: Period = "2024-04".parse().expect("a period");
    let discharged = [owed("2024-W15", "2024-04-16T16:00:00Z"), owed("2024-04", "2024-05-05T16:00:00Z")];
    let judged = |period, at: &str, discharged: &[Occurrence]| Timeliness::of(period, instant(at), discharged);
    assert_eq!(judged(month, "2024-05-05T16:00:00Z", &discharged), Timeliness::OnTime);
    assert_eq!(judged(month, "2024-05-05T16:00:01Z", &discharged), Timeliness::Late);
    // Without one of its own, by the last that it discharges.
    assert_eq!(judged(month, "2024-04-16T16:00:01Z", &discharged[..1]), Timeliness::Late);
    assert_eq!(judged("2024-W18".parse().expect("a period"), "2024-05-05T10:00:00Z", &discharged), Timeliness::OnTime);
    assert_eq!(judged(month, "2024-05-01T00:00:00Z", &[]), Timeliness::Unasked);
}
