//! Made-up seeds for tests that need more, or other, data than the five notices.

use std::fs;
use std::path::Path;

use entity::{
    Aggregation, AssignmentRole, Cadence, Comparator, DutyKind, JurisdictionKind, Obligor, Quantity, RecipientRole, TargetKind, UnitKind,
};
use minsheng::domain::notices::seed::{
    Seed, SeedDuty, SeedIndicator, SeedJurisdiction, SeedNotice, SeedProject, SeedTarget, SeedTask, SeedTopic, SeedUnit, UnitKey,
};
use rust_decimal::Decimal;

/// A city `wide` with one notice in which everything occurs `width` times: districts, units, projects, tasks of the first project,
/// and of the first task its targets, units and topics.
pub fn wide(width: i32) -> Seed {
    let unit = |jurisdiction: &str, name: String| UnitKey { jurisdiction: jurisdiction.into(), name };
    let mut seed = Seed::default();
    seed.jurisdictions.push(jurisdiction("wide", JurisdictionKind::City, None));
    for index in 1..=width {
        let code = format!("wide-{index}");
        seed.jurisdictions.push(jurisdiction(&code, JurisdictionKind::District, Some("wide")));
        seed.topics
            .push(SeedTopic { code: format!("wide-{index}"), name: format!("领域{index}"), name_english: format!("Topic {index}") });
        seed.indicators.push(SeedIndicator {
            code: format!("wide-{index}"),
            name: format!("指标{index}"),
            name_english: format!("Indicator {index}"),
            description: "说明".into(),
            description_english: "What it counts".into(),
            topic: format!("wide-{index}"),
            unit: "个".into(),
            kind: TargetKind::Increment,
            aggregation: Aggregation::Sum,
            higher_is_better: true,
        });
        let key = unit("wide", format!("单位{index}"));
        seed.units.push(SeedUnit { key, kind: UnitKind::Department, aliases: vec![format!("别名{index}")], members: Vec::new() });
        seed.notices
            .push(notice(&code, vec![project(1, vec![task(1, vec![unit("wide", "单位1".into())], vec![target(1, None)], Vec::new())])]));
    }
    seed.units.push(SeedUnit {
        key: unit("wide", "全体单位".into()),
        kind: UnitKind::Collective,
        aliases: Vec::new(),
        members: (1..=width).map(|index| unit("wide", format!("单位{index}"))).collect(),
    });
    let mut number = 0;
    let projects = (1..=width).map(|index| {
        let tasks = (1..=if index == 1 { width } else { 1 }).map(|_| {
            number += 1;
            let many = if number == 1 { width } else { 1 };
            let mut units = vec![unit("wide", "单位1".into()), unit("wide", "全体单位".into())];
            units.extend((2..=many).map(|index| unit("wide", format!("单位{index}"))));
            let targets = (1..=many).map(|index| target(index, (index > 1).then_some(1))).collect();
            task(number, units, targets, (1..=many).map(|index| format!("wide-{index}")).collect())
        });
        project(index, tasks.collect())
    });
    let projects = projects.collect();
    seed.notices.push(notice("wide", projects));
    seed
}

fn jurisdiction(code: &str, kind: JurisdictionKind, parent: Option<&str>) -> SeedJurisdiction {
    SeedJurisdiction {
        code: code.into(),
        name: format!("辖区{code}"),
        name_english: code.into(),
        kind,
        division_code: None,
        parent: parent.map(str::to_owned),
    }
}

fn notice(jurisdiction: &str, projects: Vec<SeedProject>) -> SeedNotice {
    SeedNotice {
        jurisdiction: jurisdiction.into(),
        year: 2020,
        title: format!("{jurisdiction}通知"),
        document_number: None,
        issuer: None,
        supervisor: None,
        adoption_method: None,
        adoption_meeting: None,
        issued_on: None,
        disclosure: None,
        recipients: vec![(RecipientRole::Addressee, "各单位".into())],
        duties: vec![SeedDuty {
            kind: DutyKind::ProgressReport,
            cadence: Cadence::Monthly,
            obligor: Obligor::LeadUnits,
            description: "每月报告。".into(),
            description_english: "A report every month.".into(),
            grace_days: None,
        }],
        projects,
    }
}

fn project(number: i32, tasks: Vec<SeedTask>) -> SeedProject {
    SeedProject { number, title: format!("项目{number}"), tasks }
}

fn task(number: i32, units: Vec<UnitKey>, targets: Vec<SeedTarget>, topics: Vec<String>) -> SeedTask {
    let roles = std::iter::once(AssignmentRole::Lead).chain(std::iter::repeat(AssignmentRole::Supporting));
    SeedTask {
        number,
        label: None,
        title: format!("任务{number}"),
        summary: Some("概要".into()),
        topics,
        assignments: roles.zip(units).collect(),
        targets,
    }
}

fn target(index: i32, part_of: Option<i32>) -> SeedTarget {
    SeedTarget {
        label: format!("目标{index}"),
        value: Quantity::try_from(Decimal::from(index)).expect("a quantity"),
        baseline: None,
        unit: "个".into(),
        comparator: Comparator::AtLeast,
        kind: TargetKind::Increment,
        part_of: part_of.map(|whole| format!("目标{whole}")),
        indicator: Some(format!("wide-{index}")),
    }
}

/// Copies the seed files to a folder where a test may spoil them.
pub fn copy_seeds(to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    for folder in ["", "units", "notices", "holidays"] {
        fs::create_dir_all(to.join(folder)).expect("a folder");
        for entry in fs::read_dir(from.join(folder)).expect("the seeds") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                fs::copy(&path, to.join(folder).join(path.file_name().expect("a name"))).expect("a copy");
            }
        }
    }
}
