//! Files that are missing, misplaced or unreadable, and the faults that are then not reported.

use std::path::PathBuf;

use super::{Folder, INDICATORS, JURISDICTIONS, NOTICE};
use crate::service::notices::seed::{Source, check};

/// Spots and reasons, each reason by how it begins.
fn assert_faults(folder: &Folder, expected: &[(&str, &str)]) {
    let faults = folder.faults();
    let alike = faults.len() == expected.len()
        && faults.iter().zip(expected).all(|(fault, (spot, reason))| fault.spot == *spot && fault.reason.starts_with(reason));
    assert!(alike, "{faults:#?}\nexpected {expected:#?}");
}

#[test]
fn a_file_that_is_missing_is_one_fault() {
    for path in ["jurisdictions.yaml", "topics.yaml", "indicators.yaml"] {
        assert_faults(&Folder::new().without(path), &[(&format!("{path}:0"), "the file is missing")]);
        assert_faults(&Folder::new().with(path, "# nothing\n"), &[(&format!("{path}:0"), "the file lists nothing")]);
    }
    assert_faults(
        &Folder::new().without("units/east.yaml"),
        &[
            ("notices/2024-east.yaml:1", "there is no units/east.yaml"),
            ("units/city.yaml:7", "there is no unit “east/东区政府”; correct it, or add it to units/east.yaml first"),
        ],
    );
}

#[test]
fn a_file_that_cannot_be_understood_is_one_fault_and_other_files_are_still_checked() {
    for (path, content, spot, reason) in [
        (
            "jurisdictions.yaml",
            "- code: [\n",
            "jurisdictions.yaml:1",
            "one text is wanted here, not a list or further fields (expected string scalar)",
        ),
        ("topics.yaml", "childcare\n", "topics.yaml:1", "a list is wanted here: write it like [甲, 乙]"),
        ("topics.yaml", "- code：childcare\n  name：托育\n", "topics.yaml:1", "the file cannot be understood ("),
        ("indicators.yaml", "- code: a\n  code: b\n", "indicators.yaml:2", "“code” is written twice here"),
        (
            "units/east.yaml",
            "jurisdiction: east\nunit: []\n",
            "units/east.yaml:2",
            "there is no field “unit”; use one of jurisdiction, units",
        ),
        ("units/east.yaml", "jurisdiction: east\n---\njurisdiction: east\n", "units/east.yaml:3", "the file cannot be understood ("),
    ] {
        assert_faults(&Folder::new().with(path, content), &[(spot, reason)]);
    }
    let folder = Folder::new().with("units/east.yaml", "units: [").changed("topics.yaml", "Housing", "''");
    assert_faults(&folder, &[("topics.yaml:6", "this is blank"), ("units/east.yaml:1", "the file cannot be understood (")]);
}

#[test]
fn a_file_of_another_name_is_unexpected_and_other_files_are_passed_over() {
    let folder = Folder::new()
        .with("README.md", "no YAML: [")
        .with(".cache/topics.yaml", "no YAML: [")
        .with("topics.yml", "[]")
        .with("units/East.yaml", "[]")
        .with("notices/24-east.yaml", "[]");
    let reason = "no such file is expected";
    assert_faults(&folder, &[("notices/24-east.yaml:0", reason), ("topics.yml:0", reason), ("units/East.yaml:0", reason)]);
}

#[test]
fn a_file_in_another_encoding_says_so() {
    assert_faults(&Folder::new().with("topics.yaml", b"- code: \xcd\xd0\xd3\xfd\n"), &[("topics.yaml:0", "the file is not UTF-8")]);
}

#[test]
fn files_saved_by_a_windows_editor_are_read() {
    let folder = Folder::new()
        .with("jurisdictions.yaml", format!("\u{feff}{JURISDICTIONS}"))
        .with("indicators.yaml", INDICATORS.replace('\n', "\r\n"))
        .with("notices/2024-east.yaml", format!("\u{feff}{}", NOTICE.replace('\n', "\r\n")));
    assert_faults(&folder, &[]);
    let folder = folder.changed("notices/2024-east.yaml", "PROACTIVE", "proactive");
    assert_faults(&folder, &[("notices/2024-east.yaml:7", "“proactive” is not a word for this place; use one of PROACTIVE,")]);
}

#[test]
fn a_folder_that_is_not_there_is_one_fault() {
    let faults = check(&Source::Folder(PathBuf::from("/no/such/folder"))).expect_err("a fault");
    assert_eq!(faults.len(), 1);
    assert!(faults[0].to_string().starts_with("/no/such/folder: 文件夹无法读取（"), "{}", faults[0]);
}

#[test]
fn a_fault_reads_as_a_line() {
    let folder = Folder::new().changed("indicators.yaml", "个", "户");
    let line = &folder.faults()[0];
    assert_eq!(line.spot, "notices/2024-east.yaml:35");
    assert_eq!(line.place, "项目 8 › 任务 8 › 目标“托位” › unit");
    assert_eq!(
        line.reason,
        "a target counted in “个” cannot be under childcare-places-added, which is counted in “户”; correct the unit, or use another \
         indicator or none"
    );
}
