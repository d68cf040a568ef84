//! The rules of public holidays, each by a folder that breaks it.

use super::{Case, Folder, HOLIDAYS, assert_each};
use crate::{
    domain::places::holiday::{Holiday, HolidayYear, Holidays},
    service::notices::seed::{Source, check},
};

const FILE: &str = "holidays/2024.yaml";
const HOLIDAY: &str = "节假日“劳动节”";

fn spots(folder: &Folder) -> Vec<String> {
    folder.faults().iter().map(|fault| format!("{} {}: {}", fault.spot, fault.place, fault.reason)).collect()
}

#[test]
fn a_year_is_read_as_it_is_written() {
    let date = |text: &str| text.parse().expect("a date");
    let holiday = |name: &str, name_english: &str, from: &str, to: &str| Holiday {
        name: name.into(),
        name_english: name_english.into(),
        from: date(from),
        to: date(to),
    };
    let year = HolidayYear {
        year: 2024,
        document_number: "国办发明电〔2023〕7号".into(),
        holidays: vec![
            holiday("元旦", "New Year", "2023-12-30", "2024-01-01"),
            holiday("劳动节", "Labour Day", "2024-05-01", "2024-05-05"),
        ],
        workdays: vec![date("2024-04-28"), date("2024-05-11")],
    };
    assert_eq!(Folder::new().check().expect("no fault").holidays, [year]);
}

#[test]
fn a_folder_may_bring_no_holidays() {
    assert_eq!(Folder::new().without(FILE).check().expect("no fault").holidays, []);
    let folder = Folder::new().changed(FILE, "workdays: [2024-04-28, 2024-05-11]\n", "");
    assert_eq!(folder.check().expect("no fault").holidays[0].workdays, []);
    assert_eq!(spots(&Folder::new().with(FILE, "year: 2024\n")), ["holidays/2024.yaml:0 : the file lists nothing; add its entries"]);
}

#[test]
fn a_file_of_another_name_is_unexpected() {
    for path in ["holidays/24.yaml", "holidays/2024.yml", "holidays/2024-east.yaml"] {
        let faults = Folder::new().without(FILE).with(path, HOLIDAYS).faults();
        assert!(faults.len() == 1 && faults[0].spot == format!("{path}:0"), "{faults:#?}");
        assert!(faults[0].reason.contains("holidays/<four-digit year>.yaml and population/<four-digit year>.yaml; rename"), "{faults:#?}");
    }
}

#[test]
fn fields() {
    let new_year = "节假日“元旦”";
    let cases: &[Case<'_>] = &[
        (FILE, "year: 2024", "year: 2025", 1, "year", "this says “2025”, the name of the file says “2024”"),
        (FILE, "year: 2024", "year: 二〇二四", 1, "year", "“二〇二四” is not a whole number from 1949 to 2200"),
        (FILE, "year: 2024\n", "", 1, "year", "year is missing"),
        (FILE, "documentNumber: 国办发明电〔2023〕7号", "documentNumber: ''", 2, "documentNumber", "this is blank"),
        (FILE, "documentNumber: 国办发明电〔2023〕7号\n", "", 1, "documentNumber", "documentNumber is missing"),
        (FILE, "    nameEnglish: New Year\n", "", 4, &format!("{new_year} › nameEnglish"), "nameEnglish is missing"),
        (FILE, "name: 元旦", "name: ''", 4, "第 1 个节假日 › name", "this is blank"),
        (FILE, "    from: 2023-12-30\n", "", 4, &format!("{new_year} › from"), "from is missing"),
        (FILE, "to: 2024-01-01", "to: 2024-01-32", 7, &format!("{new_year} › to"), "“2024-01-32” is not a date; write it like"),
        (FILE, "2024-05-05", "5月5日", 8, &format!("{HOLIDAY} › to"), "“5月5日” is not a date"),
        (FILE, "2024-05-11", "05-11", 9, "workdays", "“05-11” is not a date"),
        (FILE, "2024-05-11", "''", 9, "workdays", "this is blank"),
        (FILE, "workdays:", "workDays:", 9, "", "there is no field “workDays”; use one of year, documentNumber, holidays, workdays"),
        (FILE, "Labour Day, from", "Labour Day, days: 5, from", 8, "", "there is no field “days”; use one of name, nameEnglish, from, to"),
    ];
    assert_each(cases);
}

#[test]
fn days() {
    let (from, to) = (format!("{HOLIDAY} › from"), format!("{HOLIDAY} › to"));
    assert_each(&[
        (FILE, "2024-05-05", "2024-04-30", 8, &to, "“Labour Day” is from 2024-05-01 to 2024-04-30: a holiday has 1 to 15 days"),
        (FILE, "2024-05-05", "2042-05-05", 8, &to, "“Labour Day” is from 2024-05-01 to 2042-05-05: a holiday has 1 to 15 days"),
        (FILE, "from: 2023-12-30", "from: 2023-12-24", 6, "节假日“元旦” › from", "2023-12-24 is not in 2024: only days of that year"),
        (FILE, "2024-05-11", "2025-05-11", 9, "workdays", "2025-05-11 is not in 2024"),
        (FILE, "2024-05-11", "2024-05-13", 9, "workdays", "2024-05-13 is from Monday to Friday and worked anyhow"),
        (FILE, "2024-05-11", "2024-05-04", 9, "workdays", "2024-05-04 is both off and worked"),
        (FILE, "2024-05-11", "2024-04-28", 9, "workdays", "“2024-04-28” stands in holidays/2024.yaml:9 already and cannot be repeated"),
        (
            FILE,
            "workdays",
            "  - {name: 青年节, nameEnglish: Youth Day, from: 2024-05-04, to: 2024-05-06}\nworkdays",
            9,
            "节假日“青年节” › from",
            "“2024-05-04” stands in holidays/2024.yaml:8 already",
        ),
        (FILE, "from: 2024-05-01, to: 2024-05-05", "from: 2025-05-01, to: 2025-05-01", 8, &from, "2025-05-01 is not in 2024"),
    ]);
}

#[test]
fn years_are_checked_together() {
    let next = "\
year: 2025
documentNumber: 国办发明电〔2023〕7号
holidays:
  - {name: 元旦, nameEnglish: New Year, from: 2024-12-28, to: 2025-01-01}
workdays: [2024-12-29]
";
    let folder = Folder::new().changed(FILE, "2024-05-11", "2024-12-28, 2024-12-29").with("holidays/2025.yaml", next);
    assert_eq!(
        spots(&folder),
        [
            "holidays/2024.yaml:9 workdays: 2024-12-28 is both off and worked: compare it with the notice and delete one.",
            "holidays/2024.yaml:9 workdays: 2024-12-29 is both off and worked: compare it with the notice and delete one.",
            "holidays/2025.yaml:2 documentNumber: “国办发明电〔2023〕7号” stands in holidays/2024.yaml:2 already and cannot be \
             repeated; correct or delete one of them",
            "holidays/2025.yaml:5 workdays: “2024-12-29” stands in holidays/2024.yaml:9 already and cannot be repeated; correct or \
             delete one of them",
        ]
    );
}

#[test]
fn a_fault_of_a_name_hides_no_fault_of_a_day() {
    let folder = Folder::new().changed(FILE, "Labour Day", "''").changed(FILE, "2024-05-11", "2024-05-13");
    let faults = folder.faults();
    assert_eq!(faults.iter().map(|fault| fault.place.as_str()).collect::<Vec<_>>(), ["节假日“劳动节” › nameEnglish", "workdays"]);
}

#[test]
fn a_fault_says_where_in_both_languages() {
    let (folder, root) = Folder::new().changed(FILE, "2024-05-11", "2024-05-13").written();
    let faults = check(&Source::Folder(folder.path().to_owned())).expect_err("a fault");
    let lines: Vec<String> = faults.iter().map(|fault| fault.to_string().replace(&root, "")).collect();
    assert_eq!(
        lines,
        [
            "holidays/2024.yaml:9:24 workdays: 2024-05-13 是星期一至星期五，不是调休上班的日子：请对照通知原文。 · 2024-05-13 is from Monday \
             to Friday and worked anyhow: compare it with the notice."
        ]
    );
}

#[test]
fn the_embedded_years_are_a_calendar() {
    let years = check(&Source::Embedded).expect("no fault").holidays;
    let days = |year: &HolidayYear| (year.holidays.iter().flat_map(Holiday::days).count(), year.workdays.len());
    assert_eq!(years.iter().map(days).collect::<Vec<_>>(), [(31, 7), (27, 7), (28, 8), (28, 5), (33, 6)]);
    assert!(Holidays::new(years).is_ok());
}
