//! The rules of notices, their annexes and targets, each by a folder that breaks it.

use super::{Folder, NOTICE, assert_each};

const LETTER: &str = "notices/2024-east.yaml";

#[test]
fn letters() {
    assert_each(&[
        (LETTER, "jurisdiction: east", "jurisdiction: city", 1, "jurisdiction", "this says “city”, the name of the file says “east”"),
        (LETTER, "year: 2024", "year: 2023", 2, "year", "this says “2023”, the name of the file says “2024”"),
        (LETTER, "year: 2024", "year: 1948", 2, "year", "“1948” is not a whole number from 1949 to 2200"),
        (LETTER, "title: 关于办好实事的通知\n", "", 1, "title", "title is missing"),
        (LETTER, "title: 关于办好实事的通知", "title: \"a\\0b\"", 3, "title", "this contains a NUL character"),
        (LETTER, "issuer: 东区政府", "issuer: 西区政府", 5, "issuer", "there is no unit “西区政府” (similar: 东区政府)"),
        (
            LETTER,
            "issuer: 东区政府",
            "issuer: city/市教育局",
            5,
            "issuer",
            "“city/市教育局” belongs elsewhere; who issues and who supervises",
        ),
        (LETTER, "supervisor: 区卫健局", "supervisor: 督查室", 11, "supervisor", "there is no unit “督查室”; correct it"),
        (LETTER, "2024-01-12", "2024年", 6, "issuedOn", "“2024年” is not a date"),
        (LETTER, "PROACTIVE", "OPEN", 7, "disclosure", "“OPEN” is not a word for this place; use one of PROACTIVE,"),
        (LETTER, "DEPUTY_VOTE", "VOTE", 9, "adoption.method", "“VOTE” is not a word for this place; use one of DEPUTY_VOTE,"),
        (LETTER, "[各镇人民政府]", "[各镇人民政府, '']", 12, "addressees", "this is blank"),
        (LETTER, "[区委办公室]", "[' ']", 13, "carbonCopies", "this is blank"),
        (LETTER, "kind: PROGRESS_REPORT", "kind: REPORT", 15, "第 1 个报送要求 › kind", "“REPORT” is not a word for this place"),
        (LETTER, "graceDays: 3", "graceDays: 91", 20, "第 1 个报送要求 › graceDays", "“91” is not a whole number from 0 to 90"),
        (
            LETTER,
            "graceDays: 3",
            "graceDays: 3\n  - {kind: PROGRESS_REPORT, cadence: MONTHLY, obligor: LEAD_UNITS, description: 再, descriptionEnglish: again}",
            21,
            "第 2 个报送要求 › kind",
            "“PROGRESS_REPORT MONTHLY LEAD_UNITS” stands in notices/2024-east.yaml:15 already",
        ),
    ]);
}

#[test]
fn a_notice_is_of_one_jurisdiction_and_year_and_has_its_own_document_number() {
    let copied = Folder::new().with("notices/2023-east.yaml", NOTICE).faults();
    let found: Vec<_> = copied.iter().map(|fault| (fault.spot.as_str(), fault.reason.as_str())).collect();
    assert_eq!(
        found,
        [
            ("notices/2023-east.yaml:2", "this says “2024”, the name of the file says “2023”; make them agree"),
            (
                "notices/2024-east.yaml:2",
                "notices/2023-east.yaml:2 is the notice of east for 2024 already, and there is one a year; correct the year or delete one"
            ),
            (
                "notices/2024-east.yaml:4",
                "“东政发〔2024〕2号” stands in notices/2023-east.yaml:4 already and cannot be repeated; correct or delete one of them"
            ),
        ]
    );
}

#[test]
fn annexes() {
    assert_each(&[
        (
            LETTER,
            "- number: 9\n    title",
            "- number: 8\n    title",
            45,
            "项目 8 › number",
            "“8” stands in notices/2024-east.yaml:22 already",
        ),
        (
            LETTER,
            "- number: 9\n        title",
            "- number: 8\n        title",
            48,
            "项目 9 › 任务 8 › number",
            "“8” stands in notices/2024-east.yaml:25 already",
        ),
        (LETTER, "- number: 9\n    title", "- number: 0\n    title", 45, "项目 0 › number", "“0” is not a whole number from 1"),
        (LETTER, "- number: 9\n        title", "- title", 48, "项目 9 › 第 1 个任务 › number", "number is missing"),
        (
            LETTER,
            "    tasks:\n      - number: 9\n        title: 住房\n        topics: [housing]\n        lead: [大安镇]\n",
            "",
            45,
            "项目 9 › tasks",
            "the project has no task",
        ),
        (LETTER, "        lead: [大安镇]\n", "", 48, "项目 9 › 任务 9 › lead", "the task has no lead unit; write at least one in lead"),
        (LETTER, "lead: [大安镇]", "lead:", 48, "项目 9 › 任务 9 › lead", "the task has no lead unit"),
        (
            LETTER,
            "lead: [大安镇]",
            "lead: [大安镇, 区卫生健康局, 区卫健局]",
            51,
            "项目 9 › 任务 9 › lead",
            "“区卫健局” stands in notices/2024-east.yaml:51 already",
        ),
        (
            LETTER,
            "lead: [大安镇]",
            "lead: [大安镇]\n        supporting: [大安镇]",
            52,
            "项目 9 › 任务 9 › supporting",
            "“大安镇” stands in notices/2024-east.yaml:51 already",
        ),
        (
            LETTER,
            "lead: [大安镇]",
            "lead: [大安]",
            51,
            "项目 9 › 任务 9 › lead",
            "there is no unit “大安” (similar: 大安镇); correct it, or add it to units/east.yaml first",
        ),
        (
            LETTER,
            "city/市教育局",
            "city/市教肓局",
            31,
            "项目 8 › 任务 8 › supporting",
            "there is no unit “city/市教肓局” (similar: city/市教育局); correct it, or add it to units/city.yaml first",
        ),
        (LETTER, "topics: [housing]", "topics: [house]", 50, "项目 9 › 任务 9 › topics", "there is no topic “house”"),
        (LETTER, "topics: [housing]", "topics: []", 48, "项目 9 › 任务 9 › topics", "the task has no topic"),
        (
            LETTER,
            "topics: [housing]",
            "topics: [housing, childcare, housing]",
            50,
            "项目 9 › 任务 9 › topics",
            "“housing” stands in notices/2024-east.yaml:50 already",
        ),
        (LETTER, "summary: 支持开设托班。", "summary: \"\"", 28, "项目 8 › 任务 8 › summary", "this is blank"),
    ]);
}

#[test]
fn targets() {
    let (whole, part) = ("项目 8 › 任务 8 › 目标“托位”", "项目 8 › 任务 8 › 目标“托位” › 其中“其中新建”");
    let (value, of) = (format!("{whole} › value"), |field: &str| format!("{whole} › {field}"));
    assert_each(&[
        (LETTER, "17.58万", "许多", 34, &value, "“许多” is not a figure"),
        (LETTER, "17.58万", "-5", 34, &value, "“-5” is below zero"),
        (LETTER, "17.58万", "0.00001", 34, &value, "“0.00001” has more than four decimals"),
        (LETTER, "17.58万", "9001亿", 34, &value, "“9001亿” is beyond 900 billion"),
        (LETTER, "17.58万", "''", 34, &value, "this is blank"),
        (
            LETTER,
            "unit: 个",
            "unit: 户",
            35,
            &of("unit"),
            "a target counted in “户” cannot be under childcare-places-added, which is counted in “个”",
        ),
        (LETTER, "AT_LEAST", "≥", 36, &of("comparator"), "“≥” is not a word for this place; use one of EXACTLY,"),
        (
            LETTER,
            "kind: INCREMENT",
            "kind: LEVEL",
            37,
            &of("kind"),
            "a target of kind LEVEL cannot be under childcare-places-added, which is of kind INCREMENT",
        ),
        (
            LETTER,
            "childcare-places-added",
            "childcare-places",
            38,
            &of("indicator"),
            "there is no indicator “childcare-places” (similar: childcare-places-added)",
        ),
        (
            LETTER,
            "label: 其中新建",
            "label: 托位",
            40,
            &format!("{whole} › 其中“托位” › label"),
            "“托位” stands in notices/2024-east.yaml:33 already",
        ),
        (LETTER, "value: 0.1", "value: 0.1个", 41, &format!("{part} › value"), "“0.1个” is not a figure"),
        (LETTER, "                unit: 户\n", "", 40, &format!("{part} › unit"), "unit is missing"),
        (
            LETTER,
            "value: 17.58万",
            "value: 17.58万\n            baseline: 3",
            35,
            &of("baseline"),
            "only a rate (RATE) or a level (LEVEL) has a",
        ),
    ]);
}

#[test]
fn parts_are_within_their_whole() {
    let value = "项目 8 › 任务 8 › 目标“托位” › value";
    let part = "value: 0.1\n                unit: 户\n                comparator: EXACTLY\n                kind: COVERAGE";
    let with = |value: &str| part.replace("0.1", value).replace("户", "个").replace("COVERAGE", "INCREMENT");
    let (above, within) = (with("17.59万"), with("17.58万"));
    assert_each(&[(LETTER, part, &above, 34, value, "its parts are 175900, more than the whole of “17.58万”")]);
    assert!(Folder::new().with(LETTER, NOTICE.replace(part, &within)).faults().is_empty());
}

/// A rate in the place of the places.
fn rate(more: &str) -> String {
    let before = "            value: 17.58万\n            unit: 个\n            comparator: AT_LEAST\n            kind: INCREMENT\n            indicator: childcare-places-added\n";
    assert!(NOTICE.contains(before));
    NOTICE.replace(before, &format!("            unit: \"%\"\n            kind: RATE\n{more}"))
}

#[test]
fn a_baseline_is_where_a_rate_starts_and_no_rate_is_above_its_base() {
    let faults = |more: &str| -> Vec<String> {
        let found = Folder::new().with(LETTER, rate(more)).faults();
        found.iter().map(|fault| format!("{} {}", fault.spot.as_str(), fault.reason.as_str())).collect()
    };
    assert_eq!(faults("            comparator: AT_LEAST\n            value: 70\n            baseline: 56\n"), [""; 0]);
    assert_eq!(faults("            comparator: AT_MOST\n            value: 30\n            baseline: 40\n"), [""; 0]);
    for (more, reason) in [
        (
            "            comparator: AT_LEAST\n            value: 70\n            baseline: 70\n",
            "38 the baseline “70” is where the target is already",
        ),
        (
            "            comparator: AT_MOST\n            value: 30\n            baseline: 20\n",
            "38 the baseline “20” is where the target is already",
        ),
        ("            comparator: AT_LEAST\n            value: 170\n            baseline: 56\n", "37 “170” is above 100, which a rate"),
        ("            comparator: AT_MOST\n            value: 30\n            baseline: 101\n", "38 “101” is above 100, which a rate"),
        ("            comparator: AT_LEAST\n            value: 70\n            baseline: 一半\n", "38 “一半” is not a figure"),
    ] {
        let found = faults(more);
        assert!(matches!(found.as_slice(), [only] if only.starts_with(&format!("{LETTER}:{reason}"))), "{more}: {found:?}");
    }
}
