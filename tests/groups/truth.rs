//! What there is, read past the service, and the arithmetic that groups are compared with.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    AssignmentRole, IndicatorId, JurisdictionId, NoticeState, StatusLight, TaskId, TopicId, UnitId, indicator, jurisdiction, target,
    task_standing, topic, unit,
};
use minsheng::{
    access::viewer::Viewer,
    domain::{
        places::holiday::Holidays,
        progress::{
            audience::Audience,
            calendar::{DEFAULT_ZONE, DutyState},
            dossier::{Dossier, Owed, Reckoning, TaskState, instant},
        },
        share::Share,
    },
    store::Visible,
};
use num_bigint::{BigInt, Sign};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access_property::{generate::Asker, world::World},
    support::{app::App, global, rows},
};

/// Everything there is.
pub struct Truth {
    pub world: World,
    pub rows: Vec<Row>,
    pub places: BTreeMap<JurisdictionId, jurisdiction::Model>,
    pub units: BTreeMap<UnitId, unit::Model>,
    pub topics: BTreeMap<TopicId, topic::Model>,
    pub indicators: BTreeMap<IndicatorId, indicator::Model>,
    pub reckoning: Reckoning,
}

/// A task.
pub struct Row {
    pub task: TaskId,
    pub place: JurisdictionId,
    pub year: i32,
    pub in_force: bool,
    pub units: BTreeSet<UnitId>,
    pub leads: BTreeSet<UnitId>,
    pub topics: BTreeSet<TopicId>,
    pub targets: Vec<target::Model>,
    pub standing: Option<task_standing::Model>,
    /// What the domain makes of it.
    pub dossier: Dossier,
    /// Where it stands, and what its units owe, on each of the dates.
    pub stands: Vec<Stand>,
    /// What those are shown who do not read what is internal there.
    pub outside: Vec<Stand>,
}

/// Where a task stands on a date.
pub struct Stand {
    pub state: TaskState,
    pub owed: Vec<Owed>,
}

/// The dates that are asked about; today is the first.
pub const DATES: [Option<&str>; 3] = [None, Some("2024-08-20"), Some("2023-06-30")];

/// What a group has in common in one respect: where it stands among others, and how it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Common {
    pub rank: (bool, i64, i64, Uuid),
    pub field: &'static str,
    pub shown: String,
}

impl Common {
    pub fn number(field: &'static str, number: i64, shown: &Value) -> Self {
        Self { rank: (false, number, 0, Uuid::nil()), field, shown: shown.to_string() }
    }

    fn none(field: &'static str) -> Self {
        Self { rank: (true, 0, 0, Uuid::nil()), field, shown: Value::Null.to_string() }
    }

    pub fn value(&self) -> Value {
        serde_json::from_str(&self.shown).expect("JSON")
    }
}

impl Truth {
    pub async fn read(app: &App) -> Self {
        let world = World::read(app).await;
        let units: BTreeMap<UnitId, unit::Model> = rows!(app, unit).into_iter().map(|row| (row.id, row)).collect();
        let mut members: BTreeMap<UnitId, Vec<UnitId>> = BTreeMap::new();
        for row in rows!(app, unit_member) {
            members.entry(row.collective_id).or_default().push(row.member_id);
        }
        let ids: Vec<TaskId> = world.tasks.iter().map(|task| task.id).collect();
        let mut dossiers = Visible::new(app.database.clone(), Viewer::Operator).dossiers(&ids).await.expect("dossiers");
        let (topics_of, targets, standings) = (rows!(app, task_topic), rows!(app, target), rows!(app, task_standing));
        let reckoning = Reckoning { zone: DEFAULT_ZONE, holidays: Holidays::default().into(), now: app.now() };
        let mut row = |task: &entity::task::Model| {
            let notice = world.notices.iter().find(|notice| notice.id == task.notice_id).expect("a notice");
            let reached = |role: Option<AssignmentRole>| -> BTreeSet<UnitId> {
                let assigned = world.assignments.iter().filter(|row| row.task_id == task.id && role.is_none_or(|role| row.role == role));
                let each = assigned.flat_map(|row| {
                    let is_collective = units[&row.unit_id].kind == entity::UnitKind::Collective;
                    let members = members.get(&row.unit_id).filter(|_| is_collective);
                    // A collective unit that nobody is known to belong to stands for itself.
                    members.cloned().unwrap_or_else(|| vec![row.unit_id])
                });
                each.collect()
            };
            let dossier = dossiers.remove(&task.id).expect("a dossier");
            let stands = |dossier: &Dossier| {
                DATES.map(|date| {
                    let on = date.map_or(reckoning.today(), |date| date.parse().expect("a date"));
                    let state = dossier.state(on, &reckoning).expect("a state");
                    Stand { state, owed: dossier.owed(&reckoning, instant(on, &reckoning)).collect() }
                })
            };
            let outside = stands(&Dossier { audience: Audience::Public, ..dossier.clone() });
            let stands = stands(&dossier);
            Row {
                task: task.id,
                place: notice.jurisdiction_id,
                year: notice.year,
                in_force: notice.state == NoticeState::Issued,
                units: reached(None),
                leads: reached(Some(AssignmentRole::Lead)),
                topics: topics_of.iter().filter(|row| row.task_id == task.id).map(|row| row.topic_id).collect(),
                targets: targets.iter().filter(|row| row.task_id == task.id).cloned().collect(),
                standing: standings.iter().find(|row| row.task_id == task.id).cloned(),
                stands: stands.into(),
                outside: outside.into(),
                dossier,
            }
        };
        let tasks = world.tasks.iter().map(&mut row).collect();
        Self {
            rows: tasks,
            places: rows!(app, jurisdiction).into_iter().map(|row| (row.id, row)).collect(),
            topics: rows!(app, topic).into_iter().map(|row| (row.id, row)).collect(),
            indicators: rows!(app, indicator).into_iter().map(|row| (row.id, row)).collect(),
            reckoning,
            units,
            world,
        }
    }

    /// The tasks that exist for somebody.
    pub fn seen_by(&self, asker: &Asker) -> Vec<&Row> {
        let notices: BTreeSet<TaskId> = self
            .world
            .tasks
            .iter()
            .filter(|task| {
                let notice = self.world.notices.iter().find(|notice| notice.id == task.notice_id).expect("a notice");
                self.world.reads_notice(asker, notice)
            })
            .map(|task| task.id)
            .collect();
        self.rows.iter().filter(|row| notices.contains(&row.task)).collect()
    }

    pub fn place(&self, id: JurisdictionId) -> Vec<Common> {
        let place = &self.places[&id];
        let rank = (false, i64::from(place.position), 0, id.0);
        vec![Common { rank, field: "jurisdiction", shown: json!({ "code": place.code }).to_string() }]
    }

    pub fn each_unit(&self, field: &'static str, ids: &BTreeSet<UnitId>) -> Vec<Common> {
        let common = |id: &UnitId| {
            let unit = &self.units[id];
            let place = i64::from(self.places[&unit.jurisdiction_id].position);
            Common { rank: (false, place, unit.position.into(), id.0), field, shown: json!({ "id": global("unit", id.0) }).to_string() }
        };
        or_none(field, ids.iter().map(common).collect())
    }

    pub fn each_topic(&self, ids: &BTreeSet<TopicId>) -> Vec<Common> {
        let common = |id: &TopicId| {
            let topic = &self.topics[id];
            Common { rank: (false, topic.position.into(), 0, id.0), field: "topic", shown: json!({ "code": topic.code }).to_string() }
        };
        or_none("topic", ids.iter().map(common).collect())
    }

    pub fn each_indicator(&self, targets: &[target::Model]) -> Vec<Common> {
        let ids: BTreeSet<IndicatorId> = targets.iter().filter_map(|target| target.indicator_id).collect();
        let common = |id: &IndicatorId| {
            let indicator = &self.indicators[id];
            let rank = (false, indicator.position.into(), 0, id.0);
            Common { rank, field: "indicator", shown: json!({ "code": indicator.code }).to_string() }
        };
        or_none("indicator", ids.iter().map(common).collect())
    }
}

fn or_none(field: &'static str, found: Vec<Common>) -> Vec<Common> {
    if found.is_empty() { vec![Common::none(field)] } else { found }
}

/// The place of a light among others.
pub fn light_rank(light: StatusLight) -> i64 {
    let order = [StatusLight::Blue, StatusLight::Green, StatusLight::Yellow, StatusLight::Red, StatusLight::Grey];
    i64::try_from(order.iter().position(|other| *other == light).expect("a light")).expect("few")
}

/// How duties were met, as it is shown.
pub fn compliance(states: &[DutyState]) -> (Value, BTreeMap<&'static str, Option<Share>>) {
    let count = |wanted: DutyState| states.iter().filter(|state| **state == wanted).count();
    let (on_time, late, missing) = (count(DutyState::OnTime), count(DutyState::Late), count(DutyState::Missing));
    let (received, expected) = (on_time + late, on_time + late + missing);
    let rate = |part: usize| {
        let share = Decimal::from(part).checked_div(Decimal::from(expected))?;
        Some(share.trunc_with_scale(4).normalize().to_string())
    };
    let shown = json!({
        "expected": expected, "received": received, "onTime": on_time, "late": late, "missing": missing,
        "reportingRate": rate(received), "onTimeRate": rate(on_time),
    });
    let measures = BTreeMap::from([
        ("EXPECTED", Some(whole(expected))),
        ("MISSING", Some(whole(missing))),
        ("REPORTING_RATE", whole(received).over(&whole(expected))),
        ("ON_TIME_RATE", whole(on_time).over(&whole(expected))),
    ]);
    (shown, measures)
}

pub fn whole(number: usize) -> Share {
    Share::from(i64::try_from(number).expect("a number"))
}

/// As a share from 0 to 1 is shown: its exact fraction is written out, and cut after four digits.
pub fn shown(share: &Share) -> String {
    tenths(share, 4, false)
}

/// As a gap is shown in percentage points: two digits, away from zero.
pub fn points(gap: &Share) -> String {
    tenths(&gap.times(&Share::from(100)), 2, true)
}

/// The digits of a fraction by long division.
fn tenths(share: &Share, digits: usize, away: bool) -> String {
    let text = share.to_string();
    let (above, below) = text.split_once('/').unwrap_or((&text, "1"));
    let (above, below): (BigInt, BigInt) = (above.parse().expect("a number"), below.parse().expect("a number"));
    let sign = if above.sign() == Sign::Minus { -1 } else { 1 };
    let scaled = above * sign * BigInt::from(10).pow(u32::try_from(digits).expect("few"));
    let (mut units, rest): (BigInt, BigInt) = (&scaled / &below, &scaled % &below);
    if away && rest.sign() == Sign::Plus {
        units += 1;
    }
    let digits = u32::try_from(digits).expect("few");
    Decimal::from_i128_with_scale(i128::try_from(units * sign).expect("a share"), digits).normalize().to_string()
}
