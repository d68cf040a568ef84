//! Every number of a comparison is what plain arithmetic makes of the tables, for whoever asks.
//!
//! The arithmetic is written a second time here, on decimals and without the domain's types, and the rule of visibility in words.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    Aggregation, AssignmentRole, Comparator, Disclosure, IndicatorId, JurisdictionId, NoticeState, Role, TargetId, TargetKind, TaskId,
    UnitId, assignment, indicator, jurisdiction, notice, target, task,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{
    contract::{COMPARE, COVERAGE},
    generated::{Figure, scatter},
};
use crate::{
    cases,
    support::{
        actor::Actor,
        app::App,
        chance::{Dice, SaysSeed},
        rows,
    },
};

cases![every_number_is_what_the_tables_make_of_it_in_world_1, every_number_is_what_the_tables_make_of_it_in_world_2];

async fn every_number_is_what_the_tables_make_of_it_in_world_1(app: App) {
    explore(&app, 1).await;
}

async fn every_number_is_what_the_tables_make_of_it_in_world_2(app: App) {
    explore(&app, 2).await;
}

/// Who asks, and the jurisdictions whose internal state is theirs to read.
const VIEWERS: [Option<(Role, &str)>; 6] = [
    None,
    Some((Role::Office, "jining")),
    Some((Role::Leader, "yanzhou")),
    Some((Role::Unit, "taibai-lake")),
    Some((Role::Unit, "jining")),
    Some((Role::Deputy, "yanzhou")),
];

async fn explore(app: &App, seed: u64) {
    let _seed = SaysSeed(seed);
    let figures = scatter(app, &mut Dice(seed)).await;
    assert!(figures.len() > 100, "there is something to add up");
    let tables = Tables::read(app, figures).await;
    for (number, viewer) in VIEWERS.into_iter().enumerate() {
        let actor = match viewer {
            Some((role, place)) => Some(app.actor(&format!("viewer{number}"), role, place).await),
            None => None,
        };
        let visible = tables.visible(viewer);
        let mut compared = 0;
        for indicator in
            tables.indicators.iter().filter(|indicator| tables.targets.iter().any(|target| target.indicator_id == Some(indicator.id)))
        {
            let told = ask(app, actor.as_ref(), COMPARE, json!({ "indicator": indicator.code })).await["comparison"].clone();
            let expected = tables.comparison(indicator, &visible);
            compared += expected.as_array().expect("rows").len();
            assert_eq!(shown(&told), expected, "{viewer:?} {}", indicator.code);
            assert_eq!(absences(&told), tables.absent(indicator, &visible), "{viewer:?} {}", indicator.code);
        }
        assert!(compared > 30, "{viewer:?} sees {compared} rows");
        let coverage = COVERAGE.replace("completion }", "reportedCount completion }");
        let told = ask(app, actor.as_ref(), &coverage, json!({ "years": [2022, 2023, 2024] })).await["coverage"].clone();
        assert_eq!(tables.counts(&visible), cells(&told), "{viewer:?}");
    }
}

async fn ask(app: &App, actor: Option<&Actor<'_>>, query: &str, variables: Value) -> Value {
    match actor {
        Some(actor) => actor.data(query, variables).await,
        None => app.data(query, variables).await,
    }
}

fn shown(comparison: &Value) -> Value {
    let rows = comparison["rows"].as_array().expect("rows").iter();
    rows.map(|row| {
        let tasks: Value = row["tasks"].as_array().expect("tasks").iter().map(|task| task["title"].clone()).collect();
        json!([
            row["jurisdiction"]["code"],
            row["year"],
            row["target"],
            row["achieved"],
            row["completion"],
            row["rank"],
            row["shareOfParentTarget"],
            row["changeFromPreviousYear"],
            tasks
        ])
    })
    .collect()
}

fn absences(comparison: &Value) -> BTreeSet<(i64, String)> {
    let absent = comparison["absent"].as_array().expect("absent").iter();
    absent.map(|row| (row["year"].as_i64().expect("a year"), row["jurisdiction"]["code"].as_str().expect("a code").to_owned())).collect()
}

/// Place, year, topic → tasks and targets, those with any.
type Counts = BTreeMap<(String, i64, String), (u64, u64)>;

fn cells(coverage: &Value) -> Counts {
    let mut found = Counts::new();
    for row in coverage["rows"].as_array().expect("rows") {
        for cell in row["cells"].as_array().expect("cells") {
            let text = |value: &Value| value.as_str().expect("a code").to_owned();
            let key = (text(&row["jurisdiction"]["code"]), row["year"].as_i64().expect("a year"), text(&cell["topic"]["code"]));
            let counts = (cell["taskCount"].as_u64().expect("a count"), cell["targetCount"].as_u64().expect("a count"));
            assert_eq!(cell["reportedCount"] == 0, cell["completion"].is_null());
            assert!(cell["reportedCount"].as_u64() <= Some(counts.0));
            if counts.0 > 0 {
                found.insert(key, counts);
            }
        }
    }
    found
}

struct Tables {
    jurisdictions: Vec<jurisdiction::Model>,
    indicators: Vec<indicator::Model>,
    notices: Vec<notice::Model>,
    tasks: Vec<task::Model>,
    targets: Vec<target::Model>,
    assignments: Vec<assignment::Model>,
    topics: BTreeMap<entity::TopicId, String>,
    topics_of: Vec<(TaskId, entity::TopicId)>,
    members: BTreeMap<UnitId, Vec<UnitId>>,
    figures: Vec<Figure>,
}

/// What a notice says under an indicator.
struct Sums {
    place: JurisdictionId,
    year: i32,
    target: Option<Decimal>,
    achieved: Option<Decimal>,
    completion: Option<(Decimal, Decimal)>,
    adds_up: bool,
    ranked: bool,
    tasks: Vec<String>,
}

impl Tables {
    async fn read(app: &App, figures: Vec<Figure>) -> Self {
        let mut jurisdictions = rows!(app, jurisdiction);
        jurisdictions.sort_by_key(|row| row.position);
        let mut targets = rows!(app, target);
        targets.sort_by_key(|row| row.position);
        let mut tasks = rows!(app, task);
        tasks.sort_by_key(|row| row.number);
        let mut assignments = rows!(app, assignment);
        assignments.sort_by_key(|row| row.position);
        let mut links = rows!(app, unit_member);
        links.sort_by_key(|row| row.position);
        let mut members: BTreeMap<UnitId, Vec<UnitId>> = BTreeMap::new();
        for link in links {
            members.entry(link.collective_id).or_default().push(link.member_id);
        }
        Self {
            jurisdictions,
            indicators: rows!(app, indicator),
            notices: rows!(app, notice),
            tasks,
            targets,
            assignments,
            topics: rows!(app, topic).into_iter().map(|row| (row.id, row.code)).collect(),
            topics_of: rows!(app, task_topic).into_iter().map(|row| (row.task_id, row.topic_id)).collect(),
            members,
            figures,
        }
    }

    fn code(&self, id: JurisdictionId) -> &str {
        &self.jurisdictions.iter().find(|row| row.id == id).expect("a jurisdiction").code
    }

    fn above(&self, id: JurisdictionId) -> Option<JurisdictionId> {
        self.jurisdictions.iter().find(|row| row.id == id).and_then(|row| row.parent_id)
    }

    /// Issued notices: what is published, and what is internal to the viewer's jurisdiction, for offices and leaders also below it.
    fn visible(&self, viewer: Option<(Role, &str)>) -> Vec<&notice::Model> {
        let is_theirs = |notice: &notice::Model| {
            let Some((role, place)) = viewer else { return false };
            let own = self.code(notice.jurisdiction_id) == place;
            let below = std::iter::successors(self.above(notice.jurisdiction_id), |id| self.above(*id)).any(|id| self.code(id) == place);
            match role {
                Role::Unit => own,
                Role::Office | Role::Leader => own || below,
                Role::Deputy | Role::Admin => false,
            }
        };
        let is_published = |notice: &notice::Model| matches!(notice.disclosure, None | Some(Disclosure::Proactive));
        self.notices.iter().filter(|notice| notice.state == NoticeState::Issued && (is_published(notice) || is_theirs(notice))).collect()
    }

    fn is_within(&self, target: &target::Model, indicator: IndicatorId) -> bool {
        let whole = |id: Option<TargetId>| id.and_then(|id| self.targets.iter().find(|other| other.id == id));
        std::iter::successors(whole(target.part_of_id), |other| whole(other.part_of_id)).any(|other| other.indicator_id == Some(indicator))
    }

    fn leads(&self, task: TaskId) -> Vec<UnitId> {
        let leads = self.assignments.iter().filter(|row| row.task_id == task && row.role == AssignmentRole::Lead);
        leads.flat_map(|row| self.members.get(&row.unit_id).cloned().unwrap_or_else(|| vec![row.unit_id])).collect()
    }

    /// What is achieved, or what all parts make of a whole that nobody reported.
    fn achieved(&self, target: &target::Model, latest: bool) -> Option<Decimal> {
        self.reported(target, latest).or_else(|| {
            let parts: Vec<&target::Model> = self.targets.iter().filter(|part| part.part_of_id == Some(target.id)).collect();
            let promised: Decimal = parts.iter().map(|part| Decimal::from(part.value)).sum();
            let makes =
                !latest && !parts.is_empty() && promised == target.value.into() && parts.iter().all(|part| part.unit == target.unit);
            let figures = parts.iter().map(|part| self.achieved(part, latest));
            makes.then(|| figures.collect::<Option<Vec<_>>>().map(|figures| figures.into_iter().sum())).flatten()
        })
    }

    fn reported(&self, target: &target::Model, latest: bool) -> Option<Decimal> {
        let mut of_unit: BTreeMap<UnitId, &Figure> = BTreeMap::new();
        for figure in self.figures.iter().filter(|figure| figure.target_id == target.id && !figure.ended) {
            let kept = of_unit.entry(figure.unit_id).or_insert(figure);
            if figure.place > kept.place {
                *kept = figure;
            }
        }
        // Nothing is split here, so the leads' figures are the whole, and those of others stand beside them.
        if !latest {
            let of_leads: BTreeSet<UnitId> = self.leads(target.task_id).into_iter().collect();
            let added: Vec<Decimal> = of_leads.iter().filter_map(|lead| of_unit.get(lead)).map(|figure| figure.value).collect();
            return (!added.is_empty()).then(|| added.iter().sum());
        }
        let leads = self.leads(target.task_id);
        let of_leads = leads.iter().rev().filter_map(|lead| of_unit.get(lead));
        // Of equal days the one that is listed first stays last, and wins.
        of_leads.max_by_key(|figure| figure.place.0).map(|figure| figure.value)
    }

    fn sums(&self, indicator: &indicator::Model, notice: &notice::Model) -> Option<Sums> {
        let tasks: Vec<&task::Model> = self.tasks.iter().filter(|task| task.notice_id == notice.id).collect();
        let counted: Vec<(&task::Model, &target::Model)> = tasks
            .iter()
            .flat_map(|task| self.targets.iter().filter(|target| target.task_id == task.id).map(|target| (*task, target)))
            .filter(|(_, target)| target.indicator_id == Some(indicator.id) && !self.is_within(target, indicator.id))
            .collect();
        let first = counted.first()?;
        let latest = matches!(indicator.kind, TargetKind::Rate | TargetKind::Level)
            || first.1.unit.contains(['%', '‰'])
            || indicator.aggregation == Aggregation::Latest;
        let several_rates = latest && counted.len() > 1;
        let ceilings = counted.iter().filter(|(_, target)| target.comparator == Comparator::AtMost).count();
        assert!(ceilings == 0 || ceilings == counted.len(), "no notice mixes them");
        let add = |figures: Vec<Decimal>| (!several_rates && !figures.is_empty()).then(|| figures.into_iter().sum::<Decimal>());
        let target = add(counted.iter().map(|(_, target)| target.value.into()).collect());
        let achieved = add(counted.iter().filter_map(|(_, target)| self.achieved(target, latest)).collect());
        // The ratio is of what those promise that have reported.
        let told = counted.iter().filter(|(_, target)| self.achieved(target, latest).is_some());
        let of_reported = add(told.map(|(_, target)| target.value.into()).collect());
        let completion = achieved.zip(of_reported).filter(|_| ceilings == 0);
        let mut titles: Vec<String> = counted.iter().map(|(task, _)| task.title.clone()).collect();
        titles.dedup();
        Some(Sums {
            place: notice.jurisdiction_id,
            year: notice.year,
            target,
            achieved,
            ranked: completion.is_some() && indicator.higher_is_better,
            completion,
            adds_up: !latest,
            tasks: titles,
        })
    }

    fn comparison(&self, indicator: &indicator::Model, visible: &[&notice::Model]) -> Value {
        let mut all: Vec<Sums> = visible.iter().filter_map(|notice| self.sums(indicator, notice)).collect();
        let position = |sums: &Sums| self.jurisdictions.iter().position(|row| row.id == sums.place);
        all.sort_by_key(|sums| (position(sums), sums.year));
        let depth = |id: JurisdictionId| std::iter::successors(self.above(id), |id| self.above(*id)).count();
        // a ÷ b < c ÷ d without dividing.
        let is_ahead = |one: (Decimal, Decimal), other: (Decimal, Decimal)| one.0 * other.1 > other.0 * one.1;
        let row = |sums: &Sums| {
            let rivals = || all.iter().filter(|other| other.ranked && other.year == sums.year && depth(other.place) == depth(sums.place));
            let completion = sums.completion.map(|(achieved, target)| cut(achieved / target));
            let ahead = rivals().filter(|other| is_ahead(other.completion.expect("ranked"), sums.completion.unwrap_or_default())).count();
            let parent = all.iter().find(|other| Some(other.place) == self.above(sums.place) && other.year == sums.year);
            let share = parent.filter(|parent| parent.adds_up && sums.adds_up).and_then(|parent| Some(cut(sums.target? / parent.target?)));
            let before = all.iter().find(|other| other.place == sums.place && other.year == sums.year - 1);
            json!([
                self.code(sums.place),
                sums.year,
                sums.target.map(text),
                sums.achieved.map(text),
                completion,
                sums.ranked.then_some(ahead + 1),
                share,
                before.and_then(|before| Some(text(sums.target? - before.target?))),
                sums.tasks
            ])
        };
        all.iter().map(row).collect()
    }

    fn absent(&self, indicator: &indicator::Model, visible: &[&notice::Model]) -> BTreeSet<(i64, String)> {
        let years: BTreeSet<i32> = visible.iter().map(|notice| notice.year).collect();
        let has: BTreeSet<(JurisdictionId, i32)> =
            visible.iter().filter_map(|notice| self.sums(indicator, notice)).map(|sums| (sums.place, sums.year)).collect();
        let all = years.iter().flat_map(|year| self.jurisdictions.iter().map(move |row| (row, *year)));
        all.filter(|(row, year)| !has.contains(&(row.id, *year))).map(|(row, year)| (i64::from(year), row.code.clone())).collect()
    }

    fn counts(&self, visible: &[&notice::Model]) -> Counts {
        let mut found = Counts::new();
        for notice in visible {
            for task in self.tasks.iter().filter(|task| task.notice_id == notice.id) {
                let targets = self.targets.iter().filter(|target| target.task_id == task.id && target.part_of_id.is_none()).count();
                for (_, topic) in self.topics_of.iter().filter(|(id, _)| *id == task.id) {
                    let key = (self.code(notice.jurisdiction_id).to_owned(), i64::from(notice.year), self.topics[topic].clone());
                    let counts = found.entry(key).or_default();
                    *counts = (counts.0 + 1, counts.1 + targets as u64);
                }
            }
        }
        found
    }
}

fn cut(share: Decimal) -> String {
    text(share.trunc_with_scale(4))
}

fn text(figure: Decimal) -> String {
    figure.normalize().to_string()
}
