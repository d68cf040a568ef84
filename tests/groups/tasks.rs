//! Groups of tasks, asked for at random and recomputed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use entity::{Comparator, IndicatorId, StatusLight, TargetKind, UnitId};
use minsheng::domain::{
    progress::{
        calendar::DutyState,
        dossier::{Owed, TaskState},
    },
    share::Share,
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::truth::{Common, DATES, Row, Truth, compliance, light_rank, points, shown, whole};
use crate::{
    access_property::{generate::Asker, progress::reads_compliance},
    support::{app::App, chance::Dice, global},
};

const DIMENSIONS: [&str; 9] = ["JURISDICTION", "UNIT", "LEAD_UNIT", "TOPIC", "INDICATOR", "YEAR", "LIGHT", "STATE", "MONTH"];

const QUERY: &str =
    "query($by: [TaskGroupBy!]!, $filter: TaskFilter, $having: TaskGroupHaving, $orderBy: TaskGroupOrder, $limit: Int, $on: Date) {
  taskGroups(by: $by, filter: $filter, having: $having, orderBy: $orderBy, limit: $limit, on: $on) {
    groupCount
    total { ...figures }
    groups { key { jurisdiction { code } unit { id } leadUnit { id } topic { code } indicator { code } year light state month } ...grouped }
  }
}
fragment figures on TaskFigures { FIGURES }
fragment grouped on TaskGroup { FIGURES }";

const FIGURES: &str = "taskCount targetCount lights { light count } stale reportedCount completion planned gap
  sum { indicator { code } targetCount promised reportedCount metCount reportedPromised achieved completion reason }
  compliance { expected received onTime late missing reportingRate onTimeRate }";

/// The measures that are asked for, with the field of `having` that bounds each.
const MEASURES: [(&str, &str); 12] = [
    ("TASK_COUNT", "taskCount"),
    ("TARGET_COUNT", "targetCount"),
    ("RED", "red"),
    ("BLUE", "blue"),
    ("STALE", "stale"),
    ("COMPLETION", "completion"),
    ("GAP", "gap"),
    ("PROMISED", "promised"),
    ("ACHIEVED", "achieved"),
    ("EXPECTED", "expected"),
    ("MISSING", "missing"),
    ("REPORTING_RATE", "reportingRate"),
];

/// What has been compared so far.
#[derive(Default)]
pub struct Met {
    seen: BTreeSet<String>,
}

impl Met {
    pub fn assert_everything(&self) {
        let reasons = ["SEVERAL_INDICATORS", "NOTHING", "NOT_ADDITIVE", "NOT_TO_REACH", "CITY_AND_DISTRICTS", "SEVERAL_YEARS", "null"];
        let wanted = DIMENSIONS.iter().map(|by| format!("by {by}")).chain(reasons.iter().map(|reason| format!("sum {reason}")));
        let wanted = wanted.chain(["told", "untold", "achieved", "some", "CLAIMED", "cut", "dropped"].map(str::to_owned));
        let unmet: Vec<String> = wanted.filter(|what| !self.seen.contains(what)).collect();
        assert!(unmet.is_empty(), "never met: {unmet:?}");
    }
}

struct Question {
    by: Vec<&'static str>,
    filter: Value,
    /// Which of the dates.
    on: usize,
    having: Option<(&'static str, &'static str, &'static str, Decimal)>,
    order: Option<(&'static str, bool)>,
    limit: usize,
}

fn question(truth: &Truth, dice: &mut Dice) -> Question {
    let mut by: Vec<&str> = DIMENSIONS.to_vec();
    dice.shuffle(&mut by);
    by.truncate(1 + dice.below(3));
    let mut filter = Map::new();
    if dice.below(3) == 0 {
        let codes: Vec<&String> = truth.world.codes.values().collect();
        filter.insert("jurisdiction".into(), json!([dice.pick(&["jining", "yanzhou", "wide"]), dice.pick(&codes)]));
        filter.insert("includeDescendants".into(), json!(dice.below(2) == 0));
    }
    if dice.below(3) == 0 {
        filter.insert("year".into(), json!([dice.pick(&[2020, 2022, 2023]), dice.pick(&[2023, 2024])]));
    }
    if dice.below(4) == 0 {
        let targets: Vec<&str> = truth.indicators.values().map(|indicator| indicator.code.as_str()).collect();
        let mut chosen = vec![*dice.pick(&targets)];
        if dice.below(3) == 0 {
            chosen.push(*dice.pick(&targets));
        }
        filter.insert("indicator".into(), json!(chosen));
    }
    if dice.below(5) == 0 {
        filter.insert("light".into(), json!([dice.pick(&["RED", "BLUE"]), dice.pick(&["GREY", "YELLOW", "GREEN"])]));
    }
    let on = dice.below(DATES.len());
    let bound = match dice.below(3) {
        0 => Decimal::ZERO,
        1 => Decimal::from(dice.below(4)),
        _ => Decimal::from(dice.below(20)) / Decimal::TEN,
    };
    let having = (dice.below(3) == 0).then(|| {
        let (measure, field) = *dice.pick(&MEASURES);
        (measure, field, *dice.pick(&["gt", "gte", "lt", "lte", "eq"]), bound)
    });
    let order = (dice.below(2) == 0).then(|| (dice.pick(&MEASURES).0, dice.below(2) == 0));
    Question { by, filter: filter.into(), on, having, order, limit: if dice.below(2) == 0 { 100 } else { 1 + dice.below(8) } }
}

/// Asks one question in somebody's name, and compares every figure of the answer.
pub async fn ask(app: &App, truth: &Truth, asker: &Asker, dice: &mut Dice, met: &mut Met) {
    compare(app, truth, asker, question(truth, dice), met).await;
}

/// Asks for the sums under every indicator, of all places and of one that promises the same in two years, and compares them as well.
pub async fn ask_for_sums(app: &App, truth: &Truth, asker: &Asker, met: &mut Met) {
    for filter in [json!({}), json!({ "jurisdiction": ["yanzhou"], "includeDescendants": false })] {
        let question = Question { by: vec!["INDICATOR"], filter, on: 0, having: None, order: None, limit: 100 };
        compare(app, truth, asker, question, met).await;
    }
}

async fn compare(app: &App, truth: &Truth, asker: &Asker, question: Question, met: &mut Met) {
    let mut variables = json!({ "by": question.by, "filter": question.filter, "limit": question.limit, "on": DATES[question.on] });
    if let Some((_, field, bound, value)) = question.having {
        variables["having"] = json!({ field: { bound: value.to_string() } });
    }
    if let Some((measure, descending)) = question.order {
        variables["orderBy"] = json!({ "field": measure, "direction": if descending { "DESC" } else { "ASC" } });
    }
    let document = QUERY.replace("FIGURES", FIGURES);
    let body = match &asker.bearer {
        Some(bearer) => app.bearing(bearer).post(&document, variables.clone()).await.body,
        None => app.post(&document, variables.clone()).await.body,
    };
    let expected = expected(truth, asker, &question, met);
    assert_eq!(body["data"]["taskGroups"], expected, "{}: {variables}\n{:#}", asker.name, body["errors"]);
}

/// A task as it stands on the date.
struct Standing<'a> {
    row: &'a Row,
    state: &'a TaskState,
    phase: &'static str,
    compliance: Option<&'a [Owed]>,
    /// What it has in each respect that is asked about.
    commons: Vec<Vec<Common>>,
}

fn expected(truth: &Truth, asker: &Asker, question: &Question, met: &mut Met) -> Value {
    let seen = truth.seen_by(asker).into_iter().filter(|row| is_chosen(truth, question, row));
    let tasks: Vec<Standing<'_>> = seen
        .map(|row| stand(truth, asker, row, question))
        .filter(|task| {
            let lights = question.filter["light"].as_array();
            lights.is_none_or(|lights| lights.contains(&json!(task.state.verdict.light)))
        })
        .collect();
    let mut keys: BTreeSet<Vec<Common>> = BTreeSet::new();
    for task in &tasks {
        let mut combined: Vec<Vec<Common>> = vec![Vec::new()];
        for commons in &task.commons {
            combined =
                combined.iter().flat_map(|known| commons.iter().map(|common| [known.clone(), vec![common.clone()]].concat())).collect();
        }
        keys.extend(combined);
    }
    let mut groups = Vec::new();
    for key in keys {
        let is_in = |task: &&Standing<'_>| task.commons.iter().zip(&key).all(|(commons, common)| commons.contains(common));
        let members: Vec<&Standing<'_>> = tasks.iter().filter(is_in).collect();
        let (figures, measures) = figures(truth, question, &key, &members, met);
        groups.push((key, figures, measures));
    }
    met.seen.extend(question.by.iter().map(|by| format!("by {by}")));
    if let Some((measure, _, bound, value)) = question.having {
        let before = groups.len();
        groups.retain(|(_, _, measures)| holds(measures[measure].as_ref(), measure, bound, value));
        if groups.len() < before {
            met.seen.insert("dropped".into());
        }
    }
    if let Some((measure, descending)) = question.order {
        groups.sort_by(|(one_key, _, one), (other_key, _, other)| {
            let values = (&one[measure], &other[measure]);
            let order = match values {
                (Some(one), Some(other)) if descending => other.cmp(one),
                (Some(one), Some(other)) => one.cmp(other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            };
            order.then_with(|| one_key.cmp(other_key))
        });
    }
    let count = groups.len();
    if count > question.limit {
        met.seen.insert("cut".into());
    }
    let all: Vec<&Standing<'_>> = tasks.iter().collect();
    let (total, _) = figures(truth, question, &[], &all, met);
    let shown = groups.into_iter().take(question.limit).map(|(key, mut figures, _)| {
        let fields = ["jurisdiction", "unit", "leadUnit", "topic", "indicator", "year", "light", "state", "month"];
        let value = |field: &str| key.iter().find(|common| common.field == field).map_or(Value::Null, Common::value);
        figures["key"] = fields.into_iter().map(|field| (field.to_owned(), value(field))).collect::<Map<_, _>>().into();
        figures
    });
    json!({ "groupCount": count, "total": total, "groups": shown.collect::<Vec<_>>() })
}

fn is_chosen(truth: &Truth, question: &Question, row: &Row) -> bool {
    let texts = |field: &str| question.filter[field].as_array().map(|values| values.iter().filter_map(Value::as_str).collect::<Vec<_>>());
    let within = |code: &&str| {
        let place = truth.places.values().find(|place| place.code == **code).expect("a place");
        if question.filter["includeDescendants"] == true { truth.world.holds(place.id, row.place) } else { place.id == row.place }
    };
    let years = question.filter["year"].as_array();
    let under = |code: &&str| row.targets.iter().filter_map(|target| target.indicator_id).any(|id| truth.indicators[&id].code == **code);
    let notice = &row.dossier.notice;
    let on = row.stands[question.on].state.on;
    let was_issued = notice.issued_on.map_or(notice.year <= on.year(), |day| day <= on);
    was_issued
        && texts("jurisdiction").is_none_or(|codes| codes.iter().any(within))
        && years.is_none_or(|years| years.contains(&json!(row.year)))
        && texts("indicator").is_none_or(|codes| codes.iter().any(under))
}

fn stand<'a>(truth: &Truth, asker: &Asker, row: &'a Row, question: &Question) -> Standing<'a> {
    let is_internal = reads_compliance(&truth.world, asker, row.place);
    let stand = if is_internal { &row.stands[question.on] } else { &row.outside[question.on] };
    let on = stand.state.on;
    let phase = row.standing.as_ref().map_or("OPEN", |standing| {
        let by = |day: Option<NaiveDate>| day.is_some_and(|day| day <= on);
        if by(standing.in_force_on) {
            "CLOSED"
        } else if by(standing.suspended_on) {
            "SUSPENDED"
        } else if by(standing.claimed_on) && (is_internal || standing.accepted_on.is_some()) {
            "CLAIMED"
        } else {
            "OPEN"
        }
    });
    let compliance = is_internal.then_some(stand.owed.as_slice());
    let mut task = Standing { row, state: &stand.state, phase, compliance, commons: Vec::new() };
    task.commons = question.by.iter().map(|by| commons(truth, &task, by)).collect();
    task
}

fn commons(truth: &Truth, task: &Standing<'_>, by: &str) -> Vec<Common> {
    let row = task.row;
    match by {
        "JURISDICTION" => truth.place(row.place),
        "UNIT" => truth.each_unit("unit", &row.units),
        "LEAD_UNIT" => truth.each_unit("leadUnit", &row.leads),
        "TOPIC" => truth.each_topic(&row.topics),
        "INDICATOR" => truth.each_indicator(&row.targets),
        "YEAR" => vec![Common::number("year", row.year.into(), &json!(row.year))],
        "LIGHT" => vec![Common::number("light", light_rank(task.state.verdict.light), &json!(task.state.verdict.light))],
        "STATE" => {
            let order = ["OPEN", "SUSPENDED", "CLAIMED", "CLOSED"];
            let rank = order.iter().position(|phase| *phase == task.phase).expect("a phase");
            vec![Common::number("state", i64::try_from(rank).expect("few"), &json!(task.phase))]
        }
        "MONTH" => {
            let last = NaiveDate::from_ymd_opt(row.year, 12, 31).expect("a day");
            let due = row.standing.as_ref().and_then(|standing| standing.due_on).unwrap_or(last);
            let number = i64::from(due.year()) * 12 + i64::from(due.month());
            vec![Common::number("month", number, &json!(due.format("%Y-%m").to_string()))]
        }
        other => panic!("no such respect: {other}"),
    }
}

type Measures = BTreeMap<&'static str, Option<Share>>;

fn figures(truth: &Truth, question: &Question, key: &[Common], members: &[&Standing<'_>], met: &mut Met) -> (Value, Measures) {
    let lights = [StatusLight::Blue, StatusLight::Green, StatusLight::Yellow, StatusLight::Red, StatusLight::Grey];
    let with = |light: StatusLight| members.iter().filter(|task| task.state.verdict.light == light).count();
    // What nobody knows is in no mean, and what is planned is planned of the same tasks.
    let known: Vec<(&Share, &Share)> =
        members.iter().filter_map(|task| Some((task.state.completion.share.as_ref()?, &task.state.verdict.proof.planned))).collect();
    let mean = |shares: Vec<&Share>| shares.iter().fold(Share::nothing(), |sum, share| sum.plus(share)).over(&whole(shares.len()));
    let completion = mean(known.iter().map(|(completion, _)| *completion).collect());
    let planned = mean(known.iter().map(|(_, planned)| *planned).collect());
    met.seen.extend((known.len() < members.len() && !known.is_empty()).then(|| "some".into()));
    let gap = planned.as_ref().map(|planned| planned.minus(completion.as_ref().expect("a mean")));
    let indicator = key.iter().find(|common| common.field == "indicator");
    let of_indicator = indicator.filter(|common| !common.rank.0).map(|common| IndicatorId(common.rank.3));
    let counted = |task: &&Standing<'_>| match of_indicator {
        Some(id) => counted(task.row, id).len(),
        None => task.row.targets.iter().filter(|target| target.part_of_id.is_none()).count(),
    };
    let targets = members.iter().map(counted).sum::<usize>();
    let stale: Option<usize> = members.iter().map(|task| task.state.stale().map(usize::from)).sum();
    let named = question.filter["indicator"].as_array().filter(|codes| codes.iter().all(|code| code == &codes[0]));
    let chosen = named.and_then(|codes| truth.indicators.values().find(|indicator| json!(indicator.code) == codes[0])).map(|row| row.id);
    let (sum, mut measures) = sum(truth, if indicator.is_some() { of_indicator } else { chosen }, members);
    let unit = ["unit", "leadUnit"].into_iter().find_map(|field| key.iter().find(|common| common.field == field));
    let told: Option<Vec<DutyState>> = members
        .iter()
        .map(|task| {
            let owed = task.compliance?;
            let of_unit = |id: UnitId| unit.is_none_or(|common| common.value() == json!({ "id": global("unit", id.0) }));
            Some(owed.iter().filter(|owed| of_unit(owed.unit_id)).map(|owed| owed.state).collect::<Vec<_>>())
        })
        .collect::<Option<Vec<_>>>()
        .map(|states| states.concat());
    let (compliance, of_compliance) = match told {
        Some(states) => compliance(&states),
        None => (Value::Null, ["EXPECTED", "MISSING", "REPORTING_RATE"].map(|measure| (measure, None)).into()),
    };
    measures.extend(of_compliance);
    measures.extend([
        ("TASK_COUNT", Some(whole(members.len()))),
        ("TARGET_COUNT", Some(whole(targets))),
        ("RED", Some(whole(with(StatusLight::Red)))),
        ("BLUE", Some(whole(with(StatusLight::Blue)))),
        ("STALE", stale.map(whole)),
        ("COMPLETION", completion.clone()),
        ("GAP", gap.clone()),
    ]);
    met.seen.insert(format!("sum {}", sum["reason"].as_str().unwrap_or("null")));
    met.seen.insert(if compliance.is_null() { "untold" } else { "told" }.into());
    met.seen.extend((!sum["achieved"].is_null()).then(|| "achieved".into()));
    met.seen.extend(members.iter().map(|task| task.phase.to_owned()));
    let shown_figures = json!({
        "taskCount": members.len(),
        "targetCount": targets,
        "lights": lights.map(|light| json!({ "light": light, "count": with(light) })),
        "stale": stale,
        "reportedCount": known.len(),
        "completion": completion.as_ref().map(shown),
        "planned": planned.as_ref().map(shown),
        "gap": gap.as_ref().map(points),
        "sum": sum,
        "compliance": compliance,
    });
    (shown_figures, measures)
}

/// The targets of a task under an indicator that are within no other of them.
fn counted(row: &Row, id: IndicatorId) -> Vec<&entity::target::Model> {
    let whole_of = |target: &entity::target::Model| row.targets.iter().find(|other| Some(other.id) == target.part_of_id);
    let is_within = |target: &entity::target::Model| {
        let mut upper = whole_of(target);
        while upper.is_some_and(|upper| upper.indicator_id != Some(id)) {
            upper = upper.and_then(whole_of);
        }
        upper.is_some()
    };
    row.targets.iter().filter(|target| target.indicator_id == Some(id) && !is_within(target)).collect()
}

/// What the targets under an indicator add up to, from the rows of the tables.
fn sum(truth: &Truth, indicator: Option<IndicatorId>, members: &[&Standing<'_>]) -> (Value, Measures) {
    let none = |reason: &str| {
        let nothing = json!({ "indicator": null, "targetCount": null, "promised": null, "reportedCount": null, "metCount": null, "reportedPromised": null,
            "achieved": null, "completion": null, "reason": reason });
        (nothing, Measures::from([("PROMISED", None), ("ACHIEVED", None)]))
    };
    let Some(id) = indicator else { return none("SEVERAL_INDICATORS") };
    let indicator = &truth.indicators[&id];
    let mut added = Vec::new();
    for task in members.iter().filter(|task| task.row.in_force) {
        for target in counted(task.row, id) {
            let done = task.state.completion.targets.iter().find(|done| done.target_id == target.id).expect("the target");
            added.push((task.row, target, done.achieved));
        }
    }
    if added.is_empty() {
        return none("NOTHING");
    }
    let is_latest = indicator.aggregation == entity::Aggregation::Latest || matches!(indicator.kind, TargetKind::Rate | TargetKind::Level);
    if is_latest || indicator.unit.contains('%') {
        return none("NOT_ADDITIVE");
    }
    let is_to_reach =
        |target: &entity::target::Model| target.comparator != Comparator::AtMost && Decimal::from(target.value) > Decimal::ZERO;
    if !added.iter().all(|(_, target, _)| is_to_reach(target)) {
        return none("NOT_TO_REACH");
    }
    let is_above = |one: &Row, other: &Row| one.place != other.place && truth.world.holds(one.place, other.place);
    if added.iter().any(|(one, ..)| added.iter().any(|(other, ..)| is_above(one, other))) {
        return none("CITY_AND_DISTRICTS");
    }
    if indicator.kind == TargetKind::Coverage && added.iter().any(|(row, ..)| row.year != added[0].0.year) {
        return none("SEVERAL_YEARS");
    }
    let promised: Decimal = added.iter().map(|(_, target, _)| Decimal::from(target.value)).sum();
    let figures: Vec<Decimal> = added.iter().filter_map(|(.., achieved)| *achieved).collect();
    let achieved: Option<Decimal> = (!figures.is_empty()).then(|| figures.iter().sum());
    // The ratio is of what those promise that have reported.
    let of_reported: Decimal =
        added.iter().filter(|(.., achieved)| achieved.is_some()).map(|(_, target, _)| Decimal::from(target.value)).sum();
    // What is about so much is met from five percent below.
    let least = |target: &entity::target::Model| match target.comparator {
        Comparator::About => Decimal::from(target.value) * Decimal::new(95, 2),
        _ => target.value.into(),
    };
    let met = added.iter().filter(|(_, target, achieved)| achieved.is_some_and(|achieved| achieved >= least(target))).count();
    let completion = achieved.map(|achieved| Share::of(achieved, of_reported).expect("a share"));
    let text = |number: Decimal| number.normalize().to_string();
    let shown = json!({
        "indicator": { "code": indicator.code }, "targetCount": added.len(), "promised": text(promised), "achieved": achieved.map(text),
        "reportedCount": figures.len(), "metCount": met, "reportedPromised": text(of_reported),
        "completion": completion.as_ref().map(shown), "reason": null,
    });
    (shown, Measures::from([("PROMISED", Some(promised.into())), ("ACHIEVED", achieved.map(Share::from))]))
}

fn holds(value: Option<&Share>, measure: &str, bound: &str, than: Decimal) -> bool {
    let than = if measure == "GAP" { Share::from_percent(than) } else { Share::from(than) };
    value.is_some_and(|value| match bound {
        "gt" => *value > than,
        "gte" => *value >= than,
        "lt" => *value < than,
        "lte" => *value <= than,
        _ => *value == than,
    })
}
