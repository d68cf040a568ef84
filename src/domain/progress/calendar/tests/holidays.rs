use std::sync::LazyLock;

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use entity::Cadence::Monthly;
use proptest::prelude::*;
use serde::Deserialize;

use super::{any_cadence, any_day, date, period, report};
use crate::domain::{
    language::Language,
    places::holiday::{Holiday, HolidayFault, HolidayYear, Holidays, WorkingDay},
    progress::{
        calendar::{DueRule, Span, occurrences},
        period::Period,
    },
};

const SEEDS: [&str; 5] = [
    include_str!("../../../../../seeds/holidays/2022.yaml"),
    include_str!("../../../../../seeds/holidays/2023.yaml"),
    include_str!("../../../../../seeds/holidays/2024.yaml"),
    include_str!("../../../../../seeds/holidays/2025.yaml"),
    include_str!("../../../../../seeds/holidays/2026.yaml"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct YearDocument {
    year: i32,
    document_number: String,
    holidays: Vec<HolidayDocument>,
    workdays: Vec<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HolidayDocument {
    name: String,
    name_english: String,
    from: NaiveDate,
    to: NaiveDate,
}

fn year_of(text: &str) -> HolidayYear {
    let YearDocument { year, document_number, holidays, workdays } = serde_saphyr::from_str(text).expect("a year");
    let holiday = |HolidayDocument { name, name_english, from, to }| Holiday { name, name_english, from, to };
    HolidayYear { year, document_number, holidays: holidays.into_iter().map(holiday).collect(), workdays }
}

static PUBLISHED: LazyLock<Holidays> = LazyLock::new(|| Holidays::new(SEEDS.map(year_of)).expect("holidays"));

fn moved() -> DueRule<'static> {
    DueRule { moved_by: Some(&PUBLISHED), ..DueRule::default() }
}

/// The spans of the notices have the number of days that the notices state (共3天 and so on).
#[test]
fn the_seeds_have_the_days_of_the_notices() {
    for (text, number, rest, work) in [
        (SEEDS[0], "国办发明电〔2021〕11号", 3 + 7 + 3 + 5 + 3 + 3 + 7, 7),
        (SEEDS[1], "国办发明电〔2022〕16号", 3 + 7 + 1 + 5 + 3 + 8, 7),
        (SEEDS[2], "国办发明电〔2023〕7号", 1 + 8 + 3 + 5 + 1 + 3 + 7, 8),
        (SEEDS[3], "国办发明电〔2024〕12号", 1 + 8 + 3 + 5 + 3 + 8, 5),
        (SEEDS[4], "国办发明电〔2025〕7号", 3 + 9 + 3 + 5 + 3 + 3 + 7, 6),
    ] {
        let year = year_of(text);
        let days: i64 = year.holidays.iter().map(|holiday| (holiday.to - holiday.from).num_days() + 1).sum();
        assert_eq!((year.document_number.as_str(), days, year.workdays.len()), (number, rest, work));
    }
}

#[test]
fn holidays_are_off_and_make_up_days_are_worked() {
    for (day, worked) in [
        ("2024-05-01", false),
        ("2024-05-05", false),
        ("2024-05-06", true),
        ("2024-05-11", true),
        ("2024-05-12", false),
        ("2023-10-07", true),
        ("2022-12-31", false),
        ("2023-01-02", false),
        ("2023-01-03", true),
    ] {
        assert_eq!(PUBLISHED.is_working_day(date(day)), worked, "{day}");
    }
}

#[test]
fn a_due_day_moves_to_the_next_working_day() {
    for (key, due_on) in [
        // 5 May 2024 ends the Labour Day holiday.
        ("2024-04", "2024-05-06"),
        ("2024-04-T3", "2024-05-06"),
        ("2024-W18", "2024-05-07"),
        // Into the National Day holiday of 2023, out of it on a Saturday that is worked.
        ("2023-09-T3", "2023-10-07"),
        ("2023-09", "2023-10-07"),
        // An ordinary Sunday.
        ("2024-05-T1", "2024-05-13"),
        ("2024-09", "2024-10-08"),
        ("2024-W14", "2024-04-09"),
    ] {
        let due = moved().due(period(key), None).expect("a due instant");
        assert_eq!((due.on, due.provisional), (date(due_on), false), "{key}");
    }
    assert_eq!(DueRule::default().due(period("2024-04"), None).map(|due| due.on), Some(date("2024-05-05")));
}

#[test]
fn a_year_without_data_goes_by_the_weekday_and_says_so() {
    // The notice about 2027 is not among the seeds.
    let monday = WorkingDay { date: date("2027-05-03"), published: false };
    assert_eq!(PUBLISHED.next_working_day(date("2027-05-01")), monday);
    assert_eq!(PUBLISHED.next_working_day(date("2027-05-04")), WorkingDay { date: date("2027-05-04"), published: false });
    let provisional: Vec<String> = occurrences(&report(Monthly), &Span::new(2026, None, None).expect("a span"), &moved())
        .into_iter()
        .filter(|owed| owed.provisional)
        .map(|owed| owed.period.key())
        .collect();
    assert_eq!(provisional, ["2026-12"], "due in January 2027");
    // One day without a notice is enough: 2023's says that 31 December 2022 is off, and 2022's is not known here.
    let alone = Holidays::new([year_of(SEEDS[1])]).expect("holidays");
    assert_eq!(alone.next_working_day(date("2022-12-31")), WorkingDay { date: date("2023-01-03"), published: false });
    // The end of December is settled by the notice about the next year.
    assert!(PUBLISHED.is_published(date("2025-12-31")));
    assert!(PUBLISHED.is_published(date("2026-12-24")));
    assert!(!PUBLISHED.is_published(date("2026-12-25")));
    assert_eq!(Holidays::default().next_working_day(date("2024-05-01")), WorkingDay { date: date("2024-05-01"), published: false });
}

#[test]
fn a_wrong_year_is_refused_with_everything_that_is_wrong() {
    let holiday = |from, to| Holiday { name: "元旦".into(), name_english: "New Year".into(), from: date(from), to: date(to) };
    let year = |holidays, workdays: &[&str]| HolidayYear {
        year: 2024,
        document_number: String::new(),
        holidays,
        workdays: workdays.iter().map(|day| date(day)).collect(),
    };
    let backwards = holiday("2024-01-03", "2024-01-01");
    let endless = holiday("2024-01-01", "2024-03-01");
    let faults = [
        (year(vec![backwards.clone()], &[]), HolidayFault::Length(backwards)),
        (year(vec![endless.clone()], &[]), HolidayFault::Length(endless)),
        (year(vec![holiday("2023-12-24", "2024-01-01")], &[]), HolidayFault::OutsideYear(2024, date("2023-12-24"))),
        (year(vec![holiday("2025-01-01", "2025-01-01")], &[]), HolidayFault::OutsideYear(2024, date("2025-01-01"))),
        (year(vec![holiday("2024-01-06", "2024-01-07")], &["2024-01-07"]), HolidayFault::RestAndWork(date("2024-01-07"))),
        (year(vec![], &["2024-01-08"]), HolidayFault::WorkedAnyhow(date("2024-01-08"))),
    ];
    for (year, fault) in &faults {
        assert_eq!(Holidays::new([year.clone()]), Err(vec![fault.clone()]));
    }
    let twice = [year(vec![], &["2024-01-08"]), year(vec![], &["2025-01-04"])];
    let all = vec![
        HolidayFault::WorkedAnyhow(date("2024-01-08")),
        HolidayFault::Repeated(2024),
        HolidayFault::OutsideYear(2024, date("2025-01-04")),
    ];
    assert_eq!(Holidays::new(twice), Err(all.clone()));
    for fault in all.iter().chain(faults.iter().map(|(_, fault)| fault)) {
        for language in [Language::Chinese, Language::English] {
            assert!(fault.text().in_language(language).contains("202"), "{fault}");
        }
    }
}

#[test]
fn stored_days_make_the_same_holidays() {
    let years = SEEDS.map(year_of);
    let rest = years.iter().flat_map(|year| &year.holidays).flat_map(Holiday::days);
    let work = years.iter().flat_map(|year| year.workdays.iter().copied());
    assert_eq!(Holidays::from_stored(years.iter().map(|year| year.year), rest, work), *PUBLISHED);
}

#[test]
fn a_holiday_of_no_believable_length_has_no_days() {
    for (from, to, days) in [
        ("2024-05-01", "2024-05-01", 1),
        ("2024-05-01", "2024-05-15", 15),
        ("2024-05-01", "2024-05-16", 0),
        ("2024-05-01", "2024-04-30", 0),
        ("2024-05-01", "9999-12-31", 0),
    ] {
        let holiday = Holiday { name: String::new(), name_english: String::new(), from: date(from), to: date(to) };
        assert_eq!(holiday.days().count(), days, "{from} to {to}");
    }
}

/// Days off without end, in years that follow each other.
#[test]
fn a_search_for_a_working_day_ends() {
    let weeks = (0..12).map(|week| {
        let from = date("2024-01-01") + Days::new(week * 7);
        Holiday { name: String::new(), name_english: String::new(), from, to: from + Days::new(6) }
    });
    let year = HolidayYear { year: 2024, document_number: String::new(), holidays: weeks.collect(), workdays: vec![] };
    let holidays = Holidays::new([year]).expect("holidays");
    assert_eq!(holidays.next_working_day(date("2024-01-01")), WorkingDay { date: date("2024-01-01"), published: false });
    assert_eq!(holidays.next_working_day(NaiveDate::MAX).date, NaiveDate::MAX);
}

proptest! {
    #[test]
    fn the_next_working_day_is_the_first(day in any_day(), days in 0_u64..1_826) {
        let published = date("2022-01-01").checked_add_days(Days::new(days)).expect("a date");
        for day in [day, published] {
            let next = PUBLISHED.next_working_day(day);
            prop_assert!(PUBLISHED.is_working_day(next.date));
            prop_assert!(day.iter_days().take_while(|between| *between < next.date).all(|rest| !PUBLISHED.is_working_day(rest)));
            prop_assert_eq!(next.published, day.iter_days().take_while(|seen| *seen <= next.date).all(|seen| PUBLISHED.is_published(seen)));
            if !(2022..=2026).contains(&day.year()) {
                let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
                prop_assert_eq!(next.date == day, !weekend);
            }
        }
    }

    #[test]
    fn a_moved_day_is_never_earlier_and_keeps_the_order(cadence in any_cadence(), day in any_day(), grace in prop::option::of(0..=90_i32)) {
        let period = Period::containing(cadence, day);
        let (plain, due) = (DueRule::default().due(period, grace).expect("due"), moved().due(period, grace).expect("due"));
        prop_assert!(due.on >= plain.on && due.at >= plain.at);
        let next = period.next().and_then(|next| moved().due(next, grace)).expect("due");
        prop_assert!(next.at >= due.at);
    }
}
