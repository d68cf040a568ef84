//! The loader over small folders written for each test, and over the seeds that the program brings along.

mod catalogue;
mod holidays;
mod notices;
mod populations;
mod shapes;

use std::{collections::BTreeMap, fs};

use chrono::NaiveDate;
use entity::{AssignmentRole, Cadence, RecipientRole};
use rust_decimal::Decimal;
use tempfile::TempDir;

use super::{Source, check};
use crate::domain::{
    fault::{Fault, Place, listing},
    language::Language,
    notices::seed::Seed,
};

/// A small folder of seeds without a fault.
const FILES: [(&str, &str); 7] = [
    ("jurisdictions.yaml", JURISDICTIONS),
    ("topics.yaml", TOPICS),
    ("indicators.yaml", INDICATORS),
    ("units/city.yaml", CITY_UNITS),
    ("units/east.yaml", EAST_UNITS),
    ("notices/2024-east.yaml", NOTICE),
    ("holidays/2024.yaml", HOLIDAYS),
];

const JURISDICTIONS: &str = "\
- code: city
  name: 市
  nameEnglish: City
  kind: CITY
  divisionCode: \"370800\"
- code: east
  name: 东区
  nameEnglish: East District
  kind: DISTRICT
  divisionCode: \"370811\"
  parent: city
";

const TOPICS: &str = "\
- code: childcare
  name: 托育
  nameEnglish: Childcare
- code: housing
  name: 住房
  nameEnglish: Housing
";

const INDICATORS: &str = "\
- code: childcare-places-added
  name: 新增托位
  nameEnglish: Childcare places added
  topic: childcare
  unit: 个
  kind: INCREMENT
  aggregation: SUM
  higherIsBetter: true
  description: 当年新建成的托位。
  descriptionEnglish: Places newly available.
- code: public-share
  name: 公办率
  nameEnglish: Public share
  topic: childcare
  unit: \"%\"
  kind: RATE
  aggregation: LATEST
  higherIsBetter: false
  description: 公办托位占比。
  descriptionEnglish: The share of public places.
";

const CITY_UNITS: &str = "\
jurisdiction: city
units:
  - name: 市教育局
    kind: DEPARTMENT
  - name: 各区
    kind: COLLECTIVE
    members: [east/东区政府]
";

const EAST_UNITS: &str = "\
jurisdiction: east
units:
  - name: 东区人民政府
    kind: GOVERNMENT
    aliases: [东区政府]
  - name: 区卫生健康局
    kind: DEPARTMENT
    aliases: [区卫健局]
  - name: 大安镇
    kind: TOWN
  - name: 各镇街
    kind: COLLECTIVE
    members: [大安镇]
";

const NOTICE: &str = "\
jurisdiction: east
year: 2024
title: 关于办好实事的通知
documentNumber: 东政发〔2024〕2号
issuer: 东区政府
issuedOn: 2024-01-12
disclosure: PROACTIVE
adoption:
  method: DEPUTY_VOTE
  meeting: 区人大三次会议
supervisor: 区卫健局
addressees: [各镇人民政府]
carbonCopies: [区委办公室]
reportingDuties:
  - kind: PROGRESS_REPORT
    cadence: MONTHLY
    obligor: LEAD_UNITS
    description: 每月报告。
    descriptionEnglish: A report every month.
    graceDays: 3
projects:
  - number: 8
    title: 托育
    tasks:
      - number: 8
        label: (8)
        title: 新增托位
        summary: 支持开设托班。
        topics: [childcare]
        lead: [区卫健局]
        supporting: [各镇街, city/市教育局]
        targets:
          - label: 托位
            value: 17.58万
            unit: 个
            comparator: AT_LEAST
            kind: INCREMENT
            indicator: childcare-places-added
            parts:
              - label: 其中新建
                value: 0.1
                unit: 户
                comparator: EXACTLY
                kind: COVERAGE
  - number: 9
    title: 住房
    tasks:
      - number: 9
        title: 住房
        topics: [housing]
        lead: [大安镇]
";

const HOLIDAYS: &str = "\
year: 2024
documentNumber: 国办发明电〔2023〕7号
holidays:
  - name: 元旦
    nameEnglish: New Year
    from: 2023-12-30
    to: 2024-01-01
  - {name: 劳动节, nameEnglish: Labour Day, from: 2024-05-01, to: 2024-05-05}
workdays: [2024-04-28, 2024-05-11]
";

/// A folder of seeds: the faultless one, changed.
struct Folder {
    files: BTreeMap<&'static str, Vec<u8>>,
}

impl Folder {
    fn new() -> Self {
        Self { files: FILES.into_iter().map(|(path, text)| (path, text.as_bytes().to_vec())).collect() }
    }

    fn with(mut self, path: &'static str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path, content.into());
        self
    }

    fn without(mut self, path: &'static str) -> Self {
        self.files.remove(path).expect("a file of the folder");
        self
    }

    /// Replaces the one place where `path` says `from`.
    fn changed(self, path: &'static str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.files[path].clone()).expect("UTF-8");
        assert_eq!(text.matches(from).count(), 1, "{path} says “{from}” once");
        self.with(path, text.replace(from, to))
    }

    /// The folder on the disk, and its path with a slash behind it.
    fn written(&self) -> (TempDir, String) {
        let folder = TempDir::new().expect("a folder");
        for (path, content) in &self.files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
        let root = format!("{}/", folder.path().display());
        (folder, root)
    }

    fn check(&self) -> Result<Seed, Vec<Line>> {
        let (folder, root) = self.written();
        check(&Source::Folder(folder.path().to_owned())).map_err(|faults| faults.iter().map(|fault| Line::of(fault, &root)).collect())
    }

    fn faults(&self) -> Vec<Line> {
        self.check().err().unwrap_or_default()
    }
}

/// A fault for comparison: its file and line, its place, and its reason in English.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    spot: String,
    place: String,
    reason: String,
}

impl Line {
    fn of(fault: &Fault, root: &str) -> Self {
        let Place::Line { file, line, trail, .. } = &fault.place else { panic!("{fault} is in no file") };
        let file = file.replace(root, "");
        Self { spot: format!("{file}:{line}"), place: trail.clone(), reason: fault.text.in_language(Language::English).replace(root, "") }
    }
}

/// A file, a text in it, and its replacement. The one fault that follows: its line, its place, and the beginning of its reason.
type Case<'c> = (&'c str, &'c str, &'c str, usize, &'c str, &'c str);

fn assert_each(cases: &[Case<'_>]) {
    for case @ (path, from, to, line, place, reason) in cases.iter().copied() {
        let path = FILES.iter().map(|(known, _)| *known).find(|known| *known == path).expect("a file of the folder");
        let faults = Folder::new().changed(path, from, to).faults();
        let alike = faults.len() == 1
            && faults[0].spot == format!("{path}:{line}")
            && faults[0].place == place
            && faults[0].reason.starts_with(reason);
        assert!(alike, "{case:#?}\ngave {faults:#?}");
    }
}

#[test]
fn the_embedded_seeds_have_no_fault() {
    let seed = match check(&Source::Embedded) {
        Ok(seed) => seed,
        Err(faults) => panic!("{}", listing(&faults)),
    };
    let tasks: Vec<_> = seed.notices.iter().flat_map(|notice| &notice.projects).flat_map(|project| &project.tasks).collect();
    let assigned = |wanted| tasks.iter().flat_map(|task| &task.assignments).filter(|(role, _)| *role == wanted).count();
    assert_eq!(seed.notices.len(), 5);
    assert_eq!(seed.notices.iter().map(|notice| notice.projects.len()).sum::<usize>(), 72);
    assert_eq!(tasks.len(), 96);
    assert_eq!(assigned(AssignmentRole::Lead), 96);
    assert_eq!(assigned(AssignmentRole::Supporting), 257);
    assert_eq!(tasks.iter().map(|task| task.targets.len()).sum::<usize>(), 145);
    assert!(seed.indicators.len() >= 30);
    assert_eq!(seed.holidays.iter().map(|year| year.year).collect::<Vec<_>>(), [2022, 2023, 2024, 2025, 2026]);
}

#[test]
fn a_folder_and_what_was_embedded_of_it_say_the_same() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds").into();
    let (embedded, read) = (check(&Source::Embedded).expect("no fault"), check(&Source::Folder(folder)).expect("no fault"));
    assert_eq!(format!("{embedded:?}"), format!("{read:?}"));
}

#[test]
fn a_faultless_folder_becomes_rows_with_names_resolved() {
    let seed = Folder::new().check().expect("no fault");
    let unit_names: Vec<&str> = seed.units.iter().map(|unit| unit.key.name.as_str()).collect();
    assert_eq!(unit_names, ["市教育局", "各区", "东区人民政府", "区卫生健康局", "大安镇", "各镇街"]);
    assert_eq!(seed.units[1].members[0].name, "东区人民政府");

    let notice = &seed.notices[0];
    assert_eq!(notice.issuer.as_ref().map(|unit| unit.name.as_str()), Some("东区人民政府"));
    assert_eq!(notice.issued_on, NaiveDate::from_ymd_opt(2024, 1, 12));
    assert_eq!(
        notice.recipients,
        [(RecipientRole::Addressee, "各镇人民政府".to_owned()), (RecipientRole::CarbonCopy, "区委办公室".to_owned())]
    );
    assert_eq!((notice.duties[0].cadence, notice.duties[0].grace_days), (Cadence::Monthly, Some(3)));

    let task = &notice.projects[0].tasks[0];
    let assignments: Vec<_> = task.assignments.iter().map(|(role, unit)| (*role, unit.jurisdiction.as_str(), unit.name.as_str())).collect();
    assert_eq!(
        assignments,
        [
            (AssignmentRole::Lead, "east", "区卫生健康局"),
            (AssignmentRole::Supporting, "east", "各镇街"),
            (AssignmentRole::Supporting, "city", "市教育局"),
        ]
    );
    let targets: Vec<_> = task
        .targets
        .iter()
        .map(|target| (target.label.as_str(), Decimal::from(target.value).to_string(), target.part_of.as_deref()))
        .collect();
    assert_eq!(targets, [("托位", "175800".to_owned(), None), ("其中新建", "0.1".to_owned(), Some("托位"))]);
}

#[test]
fn units_come_in_the_official_order_of_their_jurisdictions() {
    let seed = Folder::new()
        .with(
            "jurisdictions.yaml",
            "- {code: east, name: 东区, nameEnglish: East, kind: DISTRICT}\n- {code: city, name: 市, nameEnglish: City, kind: CITY}\n",
        )
        .check()
        .expect("no fault");
    assert_eq!(seed.units.first().map(|unit| unit.key.jurisdiction.as_str()), Some("east"));
}

#[test]
fn all_faults_are_reported_at_once_by_file_and_line() {
    let letter = "notices/2024-east.yaml";
    let faults = Folder::new()
        .changed("jurisdictions.yaml", "kind: CITY", "kind: TOWN")
        .changed("topics.yaml", "name: 住房", "name: 托育")
        .changed("indicators.yaml", "unit: \"%\"", "unit: 个")
        .changed("units/east.yaml", "members: [大安镇]", "members: [大安镇, 小安镇]")
        .changed(letter, "year: 2024", "year: 2025")
        .changed(letter, "supervisor: 区卫健局", "supervisor: 区督查室")
        .changed(letter, "unit: 个", "unit: 户")
        .changed(letter, "kind: COVERAGE", "kind: RATE\n                indicator: public-rate")
        .changed(letter, "- number: 9\n        title", "- number: 8\n        title")
        .changed(letter, "        lead: [大安镇]\n", "")
        .changed("holidays/2024.yaml", "2024-04-28", "2024-04-29")
        .with("units/west.yaml", "units: [")
        .with("notices/readme.yaml", "")
        .faults();
    let wrong = |line: &Line| line.reason.split(';').next().unwrap_or_default().to_owned();
    let found: Vec<_> = faults.iter().map(|line| format!("{} {}: {}", line.spot, line.place, wrong(line))).collect();
    let expected = [
        "holidays/2024.yaml:9 workdays: 2024-04-29 is from Monday to Friday and worked anyhow: compare it with the notice.",
        "indicators.yaml:15 指标“public-share” › unit: a RATE cannot be counted in “个”",
        "jurisdictions.yaml:4 辖区“city” › kind: “TOWN” is not a word for this place",
        "notices/2024-east.yaml:2 year: this says “2025”, the name of the file says “2024”",
        "notices/2024-east.yaml:11 supervisor: there is no unit “区督查室”",
        "notices/2024-east.yaml:35 项目 8 › 任务 8 › 目标“托位” › unit: a target counted in “户” cannot be under childcare-places-added, \
         which is counted in “个”",
        "notices/2024-east.yaml:45 项目 8 › 任务 8 › 目标“托位” › 其中“其中新建” › indicator: there is no indicator “public-rate” \
         (similar: public-share)",
        "notices/2024-east.yaml:49 项目 9 › 任务 8 › lead: the task has no lead unit",
        "notices/2024-east.yaml:49 项目 9 › 任务 8 › number: “8” stands in notices/2024-east.yaml:25 already and cannot be repeated",
        "notices/readme.yaml:0 : no such file is expected: only jurisdictions.yaml, topics.yaml, indicators.yaml, \
         units/<jurisdiction code>.yaml, notices/<four-digit year>-<jurisdiction code>.yaml, holidays/<four-digit year>.yaml and population/<four-digit year>.yaml",
        "topics.yaml:5 领域“housing” › name: “托育” stands in topics.yaml:2 already and cannot be repeated",
        "units/east.yaml:13 单位“各镇街” › members: there is no unit “小安镇”",
        "units/west.yaml:1 : the file cannot be understood (unclosed bracket '[')",
    ];
    assert_eq!(found, expected);
}
