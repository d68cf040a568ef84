//! Loading seeds: once, again, corrected, and not at all where anything is wrong.

use std::fs;

use chrono::NaiveDate;
use minsheng::{
    access::viewer::Viewer,
    domain::{
        fault::{Fault, Place},
        places::holiday::{Holiday, HolidayYear, Holidays},
    },
    service::notices::seed::{self, SeedError, Source},
    store::{Tally, Visible},
};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    cases,
    support::{app::App, sample},
};

cases![
    loading_again_changes_nothing,
    a_correction_touches_only_what_it_corrects,
    what_the_files_no_longer_say_is_removed,
    a_fault_anywhere_leaves_everything_as_it_was,
    a_failing_database_leaves_everything_as_it_was,
    a_renamed_unit_is_the_same_unit,
    a_withdrawn_notice_and_a_draft_stay_as_they_are,
    the_unit_of_an_indicator_is_corrected_with_its_targets,
    what_is_of_others_stays,
    holidays_are_stored_as_the_files_say,
    a_year_of_holidays_is_corrected_and_others_stay,
];

fn folder() -> (TempDir, Source) {
    let folder = tempfile::tempdir().expect("a folder");
    sample::copy_seeds(folder.path());
    let source = Source::Folder(folder.path().to_owned());
    (folder, source)
}

fn replace(folder: &TempDir, file: &str, from: &str, to: &str) {
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).expect("a seed file");
    assert!(text.contains(from), "{file} has {from:?}");
    fs::write(path, text.replacen(from, to, 1)).expect("a corrected file");
}

async fn ids(app: &App) -> serde_json::Value {
    app.data("{ tasks(first: 100) { nodes { id title targets { id label value } assignments { id } } } }", json!({})).await
}

async fn loading_again_changes_nothing(app: App) {
    let before = ids(&app).await;
    let tally = seed::load(&app.database, &Source::Embedded).await.expect("loaded");
    assert_eq!(tally, Tally::default());
    let (_folder, source) = folder();
    assert_eq!(seed::load(&app.database, &source).await.expect("loaded"), Tally::default());
    assert_eq!(ids(&app).await, before);
}

async fn a_correction_touches_only_what_it_corrects(app: App) {
    let before = ids(&app).await;
    let (folder, source) = folder();
    replace(&folder, "notices/2024-yanzhou.yaml", "value: 576", "value: 577");
    replace(&folder, "notices/2024-yanzhou.yaml", "documentNumber: 济兖政发〔2024〕2号", "documentNumber: 济兖政发〔2024〕3号");
    let tally = seed::load(&app.database, &source).await.expect("loaded");
    assert_eq!(tally, Tally { added: 0, changed: 2, removed: 0 });
    let after = ids(&app).await;
    assert_eq!(after.to_string(), before.to_string().replace("\"value\":\"576\"", "\"value\":\"577\""));
    let notice = app.data("{ notice(jurisdiction: \"yanzhou\", year: 2024) { documentNumber version } }", json!({})).await;
    assert_eq!(notice["notice"], json!({ "documentNumber": "济兖政发〔2024〕3号", "version": 2 }));
}

async fn what_the_files_no_longer_say_is_removed(app: App) {
    let (folder, source) = folder();
    replace(&folder, "notices/2024-yanzhou.yaml", "carbonCopies: [区委办公室, ", "carbonCopies: [");
    let removed = seed::load(&app.database, &source).await.expect("loaded");
    assert_eq!(removed, Tally { added: 0, changed: 4, removed: 1 }, "four copies move up, the last place is empty");
    let tally = seed::load(&app.database, &Source::Embedded).await.expect("loaded");
    assert_eq!(tally, Tally { added: 1, changed: 4, removed: 0 });
}

fn file(fault: &Fault) -> &str {
    let Place::Line { file, .. } = &fault.place else { panic!("{fault} is in no file") };
    file
}

async fn a_fault_anywhere_leaves_everything_as_it_was(app: App) {
    let before = ids(&app).await;
    let (folder, source) = folder();
    replace(&folder, "notices/2024-yanzhou.yaml", "value: 576", "value: 577");
    replace(&folder, "notices/2022-jining.yaml", "lead: [市民政局]", "lead: []");
    replace(&folder, "notices/2023-yanzhou.yaml", "indicator: childcare-places-added", "indicator: elder-canteens");
    let Err(SeedError::Faults(faults)) = seed::load(&app.database, &source).await else { panic!("the faults are found") };
    let files: Vec<&str> = faults.iter().map(file).collect();
    assert!(
        files.iter().any(|file| file.ends_with("2022-jining.yaml")) && files.iter().any(|file| file.ends_with("2023-yanzhou.yaml")),
        "{faults:#?}"
    );
    assert_eq!(ids(&app).await, before);
}

async fn a_failing_database_leaves_everything_as_it_was(app: App) {
    // The last table that a load writes refuses; what was written before it must not stay.
    let before = app.number("SELECT count(*) FROM jurisdiction").await;
    app.execute("ALTER TABLE search_entry RENAME TO lost").await.expect("a broken database");
    let result = app.database.load_seed(&sample::wide(3)).await;
    assert!(result.is_err());
    assert_eq!(app.number("SELECT count(*) FROM jurisdiction").await, before);
}

async fn a_renamed_unit_is_the_same_unit(app: App) {
    let query = "query($name: String!) { unit(jurisdiction: \"yanzhou\", name: $name) { id name aliases assignments { totalCount } } }";
    let before = app.data(query, json!({ "name": "区水务局" })).await["unit"].clone();
    let (folder, source) = folder();
    replace(
        &folder,
        "units/yanzhou.yaml",
        "name: 区水务局\n    kind: DEPARTMENT",
        "name: 区水利局\n    kind: DEPARTMENT\n    aliases: [区水务局]",
    );
    let renamed = seed::load(&app.database, &source).await.expect("renamed");
    assert_eq!(renamed, Tally { added: 1, changed: 1, removed: 0 }, "the name, and the former one as another");
    for name in ["区水利局", "区水务局"] {
        let after = app.data(query, json!({ "name": name })).await["unit"].clone();
        assert_eq!([&after["id"], &after["assignments"]], [&before["id"], &before["assignments"]]);
        assert_eq!([&after["name"], &after["aliases"]], [&json!("区水利局"), &json!(["区水务局"])]);
    }
    let back = seed::load(&app.database, &Source::Embedded).await.expect("named back");
    assert_eq!(back, Tally { added: 0, changed: 1, removed: 1 }, "its other name is its own again");
}

async fn a_withdrawn_notice_and_a_draft_stay_as_they_are(app: App) {
    for state in ["state = 'WITHDRAWN'", "state = 'DRAFT', issued_on = NULL, title = '草稿'"] {
        app.execute(&format!("UPDATE notice SET {state} WHERE document_number = '济兖政发〔2024〕2号'")).await.expect("changed");
        let before = app.number("SELECT count(*) FROM notice").await;
        assert_eq!(seed::load(&app.database, &Source::Embedded).await.expect("loaded"), Tally::default(), "{state}");
        assert_eq!(app.number("SELECT count(*) FROM notice").await, before, "{state}");
    }
}

async fn the_unit_of_an_indicator_is_corrected_with_its_targets(app: App) {
    let (folder, source) = folder();
    replace(&folder, "indicators.yaml", "code: elder-canteens", "code: elder-canteens # corrected");
    let path = folder.path().join("indicators.yaml");
    let text = fs::read_to_string(&path).expect("the catalogue");
    let (head, tail) = text.split_once("code: elder-canteens # corrected").expect("the indicator");
    fs::write(&path, format!("{head}code: elder-canteens{}", tail.replacen("unit: 处", "unit: 家", 1))).expect("corrected");
    for (file, label) in [
        ("notices/2022-jining.yaml", "value: 100\n            unit: 处"),
        ("notices/2024-taibai-lake.yaml", "value: 3\n            unit: 处"),
    ] {
        replace(&folder, file, label, &label.replace('处', "家"));
    }
    seed::load(&app.database, &source).await.expect("loaded");
    let targets = app.data("{ indicator(code: \"elder-canteens\") { unit targets { nodes { unit } } } }", json!({})).await;
    assert_eq!(targets["indicator"], json!({ "unit": "家", "targets": { "nodes": [{ "unit": "家" }, { "unit": "家" }] } }));
}

async fn what_is_of_others_stays(app: App) {
    app.database.load_seed(&sample::wide(2)).await.expect("another city");
    let before = app.number("SELECT count(*) FROM assignment").await;
    assert_eq!(seed::load(&app.database, &Source::Embedded).await.expect("loaded"), Tally::default());
    assert_eq!(app.number("SELECT count(*) FROM assignment").await, before);
    assert_eq!(app.data("{ notices { totalCount } }", json!({})).await["notices"]["totalCount"], 8);
}

async fn holidays(app: &App) -> Holidays {
    Visible::new(app.database.clone(), Viewer::Public).holidays().await.expect("holidays")
}

async fn holidays_are_stored_as_the_files_say(app: App) {
    let files = seed::check(&Source::Embedded).expect("no fault").holidays;
    assert_eq!(holidays(&app).await, Holidays::new(files.clone()).expect("a calendar"));
    for year in files {
        let number = year.document_number;
        let days = year.holidays.iter().map(|holiday| holiday.days().count()).sum::<usize>() + year.workdays.len();
        let statement = "SELECT count(*) FROM holiday WHERE year = (SELECT year FROM holiday_year WHERE document_number";
        assert_eq!(app.number(&format!("{statement} = '{number}')")).await, i64::try_from(days).expect("few days"), "{number}");
    }
    assert_eq!(app.number("SELECT count(*) FROM holiday WHERE name = '劳动节' AND name_english = 'Labour Day' AND year = 2024").await, 5);
}

async fn a_year_of_holidays_is_corrected_and_others_stay(app: App) {
    let before = holidays(&app).await;
    for statement in [
        "INSERT INTO holiday_year (year, document_number) VALUES (2021, '国办发明电〔2020〕27号')",
        "INSERT INTO holiday (day, year, name, name_english) VALUES ('2021-01-01', 2021, '元旦', 'New Year')",
        "INSERT INTO holiday (day, year) VALUES ('2021-02-07', 2021)",
    ] {
        app.execute(statement).await.expect("a year of somebody else's");
    }
    let (folder, source) = folder();
    fs::remove_file(folder.path().join("holidays/2022.yaml")).expect("a year that is not mentioned");
    replace(&folder, "holidays/2026.yaml", "2026-10-10]", "2026-10-11]");
    replace(&folder, "holidays/2026.yaml", "name: 中秋节,", "name: 中秋,");
    replace(&folder, "holidays/2025.yaml", "〔2024〕12号", "〔2024〕13号");
    let tally = seed::load(&app.database, &source).await.expect("loaded");
    assert_eq!(tally, Tally { added: 1, changed: 4, removed: 1 }, "a day worked on another; a number, and the name of three days");

    let mut years = seed::check(&Source::Embedded).expect("no fault").holidays;
    let last = years.last_mut().expect("a year");
    last.workdays = last.workdays.iter().map(|day| if *day == date("2026-10-10") { date("2026-10-11") } else { *day }).collect();
    let new_year = Holiday { name: "元旦".into(), name_english: "New Year".into(), from: date("2021-01-01"), to: date("2021-01-01") };
    years.push(HolidayYear { year: 2021, document_number: String::new(), holidays: vec![new_year], workdays: vec![date("2021-02-07")] });
    assert_eq!(holidays(&app).await, Holidays::new(years).expect("a calendar"));

    fs::remove_dir_all(folder.path().join("holidays")).expect("no holidays at all");
    assert_eq!(seed::load(&app.database, &source).await.expect("loaded"), Tally::default(), "they stay");
    assert_eq!(seed::load(&app.database, &Source::Embedded).await.expect("loaded"), Tally { added: 1, changed: 4, removed: 1 });
    app.execute("DELETE FROM holiday WHERE year = 2021").await.expect("removed");
    app.execute("DELETE FROM holiday_year WHERE year = 2021").await.expect("removed");
    assert_eq!(holidays(&app).await, before);
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}
