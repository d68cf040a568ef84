//! Small worlds: a city, its districts, and tasks with targets that are reported on.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    Aggregation, AssignmentRole, Comparator, IndicatorId, JurisdictionId, JurisdictionKind, NoticeId, NoticeState, ProgressReportId,
    ProjectId, TargetId, TargetKind, TaskId, TopicId, UnitId,
};
use uuid::Uuid;

use crate::domain::{
    analysis::comparison::{Item, Row, rows},
    catalogue::indicator::Indicator,
    notices::{notice::Notice, target::Target, task::Task},
    places::{
        holiday::Holidays,
        jurisdiction::{Jurisdiction, Tree},
    },
    progress::{
        audience::Audience,
        calendar::DEFAULT_ZONE,
        completion::{Goal, Weight},
        dossier::{Acceptance, Dossier, Party, Reckoning, Reporting, TaskState},
        standing::TaskStanding,
    },
};

/// The city, above the districts 1 to 9.
pub const CITY: u128 = 10;

pub fn place(number: u128) -> JurisdictionId {
    JurisdictionId(Uuid::from_u128(number))
}

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, month, day).expect("a date")
}

fn noon(date: NaiveDate) -> DateTime<Utc> {
    date.and_hms_opt(4, 0, 0).expect("noon in Shanghai").and_utc()
}

/// The last day of 2024.
pub fn reckoning() -> Reckoning {
    Reckoning { zone: DEFAULT_ZONE, holidays: Arc::new(Holidays::default()), now: noon(day(12, 31)) }
}

pub fn tree() -> Tree {
    let jurisdiction = |number: u128| Jurisdiction {
        id: place(number),
        code: number.to_string(),
        name: number.to_string(),
        name_english: number.to_string(),
        kind: if number == CITY { JurisdictionKind::City } else { JurisdictionKind::District },
        division_code: None,
        parent_id: (number != CITY).then(|| place(CITY)),
        position: if number == CITY { 0 } else { i32::try_from(number).expect("small") },
    };
    Tree::new(std::iter::once(CITY).chain(1..=9).map(jurisdiction).collect())
}

pub fn indicator(kind: TargetKind, aggregation: Aggregation) -> Indicator {
    Indicator {
        id: IndicatorId(Uuid::from_u128(1)),
        code: "one".into(),
        name: "一".into(),
        name_english: "one".into(),
        description: String::new(),
        description_english: String::new(),
        topic_id: TopicId(Uuid::nil()),
        unit: "个".into(),
        kind,
        aggregation,
        higher_is_better: true,
        position: 1,
    }
}

pub fn places_added() -> Indicator {
    indicator(TargetKind::Increment, Aggregation::Sum)
}

/// A target: its value and comparator, the reported figure, and the earlier target in the task of which it is a part.
#[derive(Clone, Copy)]
pub struct Promise {
    pub value: i64,
    pub comparator: Comparator,
    pub reported: Option<i64>,
    pub part_of: Option<usize>,
    pub counts_under: bool,
}

pub fn promise(value: i64, reported: Option<i64>) -> Promise {
    Promise { value, comparator: Comparator::Exactly, reported, part_of: None, counts_under: true }
}

/// A task of a jurisdiction's notice of a year, reported on in June of 2024.
pub fn task(indicator: &Indicator, jurisdiction: u128, year: i32, number: i32, promises: &[Promise]) -> Dossier {
    let notice_id = NoticeId(Uuid::from_u128(jurisdiction * 10_000 + u128::try_from(year).expect("a year")));
    let task_id = TaskId(Uuid::from_u128(notice_id.0.as_u128() * 1000 + u128::try_from(number).expect("a number")));
    let target_id = |place: usize| TargetId(Uuid::from_u128(task_id.0.as_u128() * 100 + place as u128));
    let unit_id = UnitId(Uuid::from_u128(jurisdiction));
    let goal = |(place, promise): (usize, &Promise)| {
        let target = Target {
            id: target_id(place),
            task_id,
            label: format!("目标{place}"),
            value: promise.value.into(),
            baseline: None,
            unit: indicator.unit.clone(),
            comparator: promise.comparator,
            kind: indicator.kind,
            part_of_id: promise.part_of.map(target_id),
            indicator_id: promise.counts_under.then_some(indicator.id),
        };
        Goal::new(target, promise.counts_under.then_some(indicator), Weight::default())
    };
    let figures: BTreeMap<TargetId, _> =
        promises.iter().enumerate().filter_map(|(place, promise)| Some((target_id(place), promise.reported?.into()))).collect();
    let acceptance = Acceptance {
        report_id: ProgressReportId(Uuid::from_u128(task_id.0.as_u128())),
        unit_id,
        ends_on: day(6, 30),
        figures,
        milestones: Vec::new(),
        stated_percent: None,
        demonstration: false,
        accepted_at: noon(day(7, 1)),
        ended_at: None,
    };
    Dossier {
        audience: Audience::Office,
        task: Task {
            id: task_id,
            notice_id,
            project_id: ProjectId(Uuid::nil()),
            number,
            label: None,
            title: format!("任务{number}"),
            summary: None,
        },
        notice: Arc::new(Notice {
            id: notice_id,
            jurisdiction_id: place(jurisdiction),
            year,
            title: String::new(),
            document_number: None,
            state: NoticeState::Issued,
            version: 1,
            issuer_id: None,
            supervisor_id: None,
            adoption_method: None,
            adoption_meeting: None,
            issued_on: None,
            disclosure: None,
        }),
        reporting: Arc::new(Reporting::default()),
        parties: vec![Party { unit_id, role: AssignmentRole::Lead }],
        unresolved: Vec::new(),
        goals: promises.iter().enumerate().map(goal).collect(),
        allocations: Vec::new(),
        milestones: Vec::new(),
        standing: TaskStanding::default(),
        submissions: Vec::new(),
        acceptances: vec![acceptance],
    }
}

pub fn judged(dossiers: &[Dossier]) -> Vec<TaskState> {
    dossiers.iter().map(|dossier| dossier.state(day(12, 31), &reckoning()).expect("a state")).collect()
}

pub fn compared(indicator: &Indicator, dossiers: &[Dossier]) -> Vec<Row> {
    let states = judged(dossiers);
    let items: Vec<Item<'_>> = dossiers.iter().zip(&states).map(|(dossier, state)| Item { dossier, state }).collect();
    rows(indicator, &tree(), &items).expect("rows")
}
