//! The city of these tests: a hundred units in ten groups, a task for each group and one for all.

use chrono::NaiveDate;
use entity::{
    Aggregation, AssignmentRole, Cadence, Comparator, DutyKind, JurisdictionKind, Obligor, Quantity, RecipientRole, Role, TargetId,
    TargetKind, TaskId, UnitId, UnitKind, notice, target, task, unit,
};
use futures_util::{StreamExt as _, stream};
use minsheng::{
    access::password::Password,
    domain::notices::seed::{
        Seed, SeedDuty, SeedIndicator, SeedJurisdiction, SeedNotice, SeedProject, SeedTarget, SeedTask, SeedTopic, SeedUnit, UnitKey,
    },
    service::people::account::{InitialPassword, NewAccount},
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::support::{actor::PASSWORD, app::App};

pub const CITY: &str = "deadline";
pub const UNITS: usize = 100;
/// So many units make a group, and have a task together.
pub const GROUP: usize = 10;
/// The place of the task that all units have a part in.
pub const OF_ALL: usize = UNITS / GROUP;
/// What a group's first target comes to, and what each of its units is to do of it.
const WHOLE: i64 = 1000;
pub const SHARE: i64 = 100;

/// What there is to report on.
pub struct Scene {
    pub year: i32,
    /// In the order of the seed.
    pub units: Vec<UnitId>,
    /// One a group, and the one of all.
    pub tasks: Vec<Assigned>,
}

/// A task with its targets.
pub struct Assigned {
    pub id: TaskId,
    pub targets: Vec<TargetId>,
}

impl Scene {
    /// Loads the city and its notice of a year, and makes the accounts of its first `units` units and two offices.
    pub async fn make(app: &App, year: i32, units: usize) -> Self {
        app.database.load_seed(&seed(year)).await.expect("the city");
        let scene = Self::find(app, year).await;
        let named = (0..units).map(|place| (name_of(place), Role::Unit, Some(scene.units[place])));
        let all = named.chain(OFFICES.map(|name| (name.to_owned(), Role::Office, None)));
        let made = stream::iter(all).map(|(username, role, unit)| {
            let new = NewAccount {
                username,
                role,
                jurisdiction: CITY.into(),
                unit,
                external_subject: None,
                password: InitialPassword::Given(Password::new(PASSWORD)),
            };
            let operator = app.operator();
            async move { app.service.create_account(&operator, new).await.map(drop) }
        });
        let made: Vec<_> = made.buffer_unordered(4).collect().await;
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), units + OFFICES.len(), "{made:?}");
        scene
    }

    #[expect(clippy::disallowed_methods, reason = "looks up what the seed has made")]
    async fn find(app: &App, year: i32) -> Self {
        let mut units = unit::Entity::find().filter(unit::Column::Name.starts_with("报送单位")).all(&app.raw).await.expect("units");
        units.sort_by(|one, other| one.name.cmp(&other.name));
        let tasks = task::Entity::find()
            .find_also_related(notice::Entity)
            .filter(notice::Column::Title.eq(TITLE))
            .order_by_asc(task::Column::Number)
            .all(&app.raw)
            .await
            .expect("tasks");
        let mut assigned = Vec::new();
        for (task, _) in tasks {
            let targets = target::Entity::find().filter(target::Column::TaskId.eq(task.id)).order_by_asc(target::Column::Position);
            let targets = targets.all(&app.raw).await.expect("targets").into_iter().map(|target| target.id).collect();
            assigned.push(Assigned { id: task.id, targets });
        }
        assert_eq!((units.len(), assigned.len()), (UNITS, OF_ALL + 1));
        Self { year, units: units.into_iter().map(|unit| unit.id).collect(), tasks: assigned }
    }
}

pub const OFFICES: [&str; 2] = ["office-1", "office-2"];
const TITLE: &str = "截止日通知";

/// The name of a unit's account.
pub fn name_of(place: usize) -> String {
    format!("unit-{place:03}")
}

fn unit_named(place: usize) -> UnitKey {
    UnitKey { jurisdiction: CITY.into(), name: format!("报送单位{place:03}") }
}

fn seed(year: i32) -> Seed {
    let mut seed = Seed::default();
    seed.jurisdictions.push(SeedJurisdiction {
        code: CITY.into(),
        name: "截止市".into(),
        name_english: "Deadline".into(),
        kind: JurisdictionKind::City,
        division_code: None,
        parent: None,
    });
    seed.topics.push(SeedTopic { code: CITY.into(), name: "截止".into(), name_english: "Deadlines".into() });
    seed.indicators.push(SeedIndicator {
        code: CITY.into(),
        name: "累计数".into(),
        name_english: "A sum".into(),
        description: "各单位之和".into(),
        description_english: "The sum over all units".into(),
        topic: CITY.into(),
        unit: "个".into(),
        kind: TargetKind::Increment,
        aggregation: Aggregation::Sum,
        higher_is_better: true,
    });
    let single = |place| SeedUnit { key: unit_named(place), kind: UnitKind::Department, aliases: Vec::new(), members: Vec::new() };
    seed.units.extend((0..UNITS).map(single));
    let mut tasks = Vec::new();
    for task in 0..=OF_ALL {
        let members = if task == OF_ALL { 0..UNITS } else { task * GROUP..(task + 1) * GROUP };
        let collective = UnitKey { jurisdiction: CITY.into(), name: format!("集合{task:02}") };
        seed.units.push(SeedUnit {
            key: collective.clone(),
            kind: UnitKind::Collective,
            aliases: Vec::new(),
            members: members.clone().map(unit_named).collect(),
        });
        tasks.push(SeedTask {
            number: i32::try_from(task).expect("few") + 1,
            label: None,
            title: format!("任务{task}"),
            summary: None,
            topics: vec![CITY.into()],
            assignments: vec![(AssignmentRole::Lead, unit_named(members.start)), (AssignmentRole::Supporting, collective)],
            targets: ["甲", "乙"].map(target).into(),
        });
    }
    let duty = |obligor| SeedDuty {
        kind: DutyKind::ProgressReport,
        cadence: Cadence::Weekly,
        obligor,
        description: "每周报告。".into(),
        description_english: "A report every week.".into(),
        grace_days: None,
    };
    seed.notices.push(SeedNotice {
        jurisdiction: CITY.into(),
        year,
        title: TITLE.into(),
        document_number: None,
        issuer: None,
        supervisor: None,
        adoption_method: None,
        adoption_meeting: None,
        issued_on: NaiveDate::from_ymd_opt(year, 1, 5),
        disclosure: None,
        recipients: vec![(RecipientRole::Addressee, "各单位".into())],
        duties: [Obligor::LeadUnits, Obligor::SupportingUnits].map(duty).into(),
        projects: vec![SeedProject { number: 1, title: "项目".into(), tasks }],
    });
    seed
}

fn target(label: &str) -> SeedTarget {
    SeedTarget {
        label: label.into(),
        value: Quantity::try_from(Decimal::from(WHOLE)).expect("a quantity"),
        baseline: None,
        unit: "个".into(),
        comparator: Comparator::AtLeast,
        kind: TargetKind::Increment,
        part_of: None,
        indicator: Some(CITY.into()),
    }
}
