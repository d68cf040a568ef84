//! Groups of reports, asked for at random and recomputed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Utc};
use entity::{ReportState, TaskId, UnitId, progress_report};
use minsheng::domain::{
    progress::{calendar::DutyState, dossier::Owed, period::Period},
    share::Share,
};
use serde_json::{Map, Value, json};

use super::truth::{Common, Row, Truth, compliance, light_rank, whole};
use crate::{
    access_property::{generate::Asker, progress::reads_compliance},
    support::{app::App, chance::Dice, global},
};

const DIMENSIONS: [&str; 8] = ["JURISDICTION", "UNIT", "TOPIC", "INDICATOR", "YEAR", "LIGHT", "STATE", "MONTH"];

const QUERY: &str =
    "query($by: [ReportGroupBy!]!, $filter: ReportFilter, $having: ReportGroupHaving, $orderBy: ReportGroupOrder, $limit: Int) {
  reportGroups(by: $by, filter: $filter, having: $having, orderBy: $orderBy, limit: $limit) {
    groupCount
    total { ...figures }
    groups { key { jurisdiction { code } unit { id } topic { code } indicator { code } year light state month } ...grouped }
  }
}
fragment figures on ReportFigures { FIGURES }
fragment grouped on ReportGroup { FIGURES }";

const FIGURES: &str = "reportCount taskCount unitCount states { state count } onTime late unasked
  compliance { expected received onTime late missing reportingRate onTimeRate }";

const MEASURES: [(&str, &str); 7] = [
    ("REPORT_COUNT", "reportCount"),
    ("TASK_COUNT", "taskCount"),
    ("UNIT_COUNT", "unitCount"),
    ("ACCEPTED", "accepted"),
    ("LATE", "late"),
    ("MISSING", "missing"),
    ("ON_TIME_RATE", "onTimeRate"),
];

/// What has been compared so far.
#[derive(Default)]
pub struct Met {
    seen: BTreeSet<String>,
}

impl Met {
    pub fn assert_everything(&self) {
        let wanted = DIMENSIONS.iter().map(|by| format!("by {by}"));
        let wanted = wanted.chain(["told", "untold", "silent", "on time", "late", "unasked", "draft"].map(str::to_owned));
        let unmet: Vec<String> = wanted.filter(|what| !self.seen.contains(what)).collect();
        assert!(unmet.is_empty(), "never met: {unmet:?}");
    }
}

/// A report that is there, or what is owed.
struct Item<'a> {
    row: &'a Row,
    unit: UnitId,
    period: Period,
    report: Option<&'a progress_report::Model>,
    owed: Option<DutyState>,
}

/// Asks one question in somebody's name, and compares every figure of the answer.
pub async fn ask(app: &App, truth: &Truth, asker: &Asker, dice: &mut Dice, met: &mut Met) {
    let mut by: Vec<&str> = DIMENSIONS.to_vec();
    dice.shuffle(&mut by);
    by.truncate(1 + dice.below(3));
    let mut filter = Map::new();
    if dice.below(3) == 0 {
        filter.insert("jurisdiction".into(), json!([dice.pick(&["jining", "yanzhou", "wide", "taibai-lake"])]));
        filter.insert("includeDescendants".into(), json!(dice.below(2) == 0));
    }
    if dice.below(3) == 0 {
        filter.insert("year".into(), json!([dice.pick(&[2020, 2022, 2023]), dice.pick(&[2023, 2024])]));
    }
    if dice.below(5) == 0 {
        filter.insert("state".into(), json!(["ACCEPTED", dice.pick(&["SUBMITTED", "RETURNED"])]));
    }
    if dice.below(5) == 0 {
        let units: Vec<UnitId> = truth.world.progress.reports.iter().map(|report| report.unit_id).collect();
        filter.insert("unit".into(), json!([global("unit", dice.pick(&units).0), global("unit", dice.pick(&units).0)]));
    }
    if dice.below(8) == 0 {
        filter.insert("period".into(), json!(dice.pick(&truth.world.progress.reports).period));
    }
    let filter = Value::from(filter);
    let limit = if dice.below(2) == 0 { 100 } else { 1 + dice.below(8) };
    let having = (dice.below(3) == 0).then(|| (*dice.pick(&MEASURES), dice.below(3)));
    let order = (dice.below(2) == 0).then(|| (dice.pick(&MEASURES).0, dice.below(2) == 0));
    let mut variables = json!({ "by": by, "filter": filter, "limit": limit });
    if let Some(((_, field), least)) = having {
        variables["having"] = json!({ field: { "gte": least } });
    }
    if let Some((measure, descending)) = order {
        variables["orderBy"] = json!({ "field": measure, "direction": if descending { "DESC" } else { "ASC" } });
    }
    let document = QUERY.replace("FIGURES", FIGURES);
    let body = match &asker.bearer {
        Some(bearer) => app.bearing(bearer).post(&document, variables.clone()).await.body,
        None => app.post(&document, variables.clone()).await.body,
    };

    let tells = filter["state"].is_null() && !by.contains(&"STATE");
    let items = items(truth, asker, &filter, tells);
    let mut members: BTreeMap<Vec<Common>, Vec<&Item<'_>>> = BTreeMap::new();
    for item in &items {
        let mut combined: Vec<Vec<Common>> = vec![Vec::new()];
        for by in &by {
            let commons = commons(truth, asker, item, by);
            combined =
                combined.iter().flat_map(|known| commons.iter().map(|common| [known.clone(), vec![common.clone()]].concat())).collect();
        }
        for key in combined {
            members.entry(key).or_default().push(item);
        }
    }
    let mut groups = Vec::new();
    for (key, members) in members {
        let (figures, measures) = figures(truth, asker, tells, &members, met);
        groups.push((key, figures, measures));
    }
    met.seen.extend(by.iter().map(|by| format!("by {by}")));
    if let Some(((measure, _), least)) = having {
        groups.retain(|(_, _, measures)| measures[measure].as_ref().is_some_and(|value| *value >= whole(least)));
    }
    if let Some((measure, descending)) = order {
        groups.sort_by(|(one_key, _, one), (other_key, _, other)| {
            let order = match (&one[measure], &other[measure]) {
                (Some(one), Some(other)) if descending => other.cmp(one),
                (Some(one), Some(other)) => one.cmp(other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            };
            order.then_with(|| one_key.cmp(other_key))
        });
    }
    let count = groups.len();
    let (total, _) = figures(truth, asker, tells, &items.iter().collect::<Vec<_>>(), met);
    let shown = groups.into_iter().take(limit).map(|(key, mut figures, _)| {
        let fields = ["jurisdiction", "unit", "topic", "indicator", "year", "light", "state", "month"];
        let value = |field: &str| key.iter().find(|common| common.field == field).map_or(Value::Null, Common::value);
        figures["key"] = fields.into_iter().map(|field| (field.to_owned(), value(field))).collect::<Map<_, _>>().into();
        figures
    });
    let expected = json!({ "groupCount": count, "total": total, "groups": shown.collect::<Vec<_>>() });
    assert_eq!(body["data"]["reportGroups"], expected, "{}: {variables}\n{:#}", asker.name, body["errors"]);
}

/// The reports that exist for somebody, and what is owed where that is for them.
fn items<'a>(truth: &'a Truth, asker: &Asker, filter: &Value, tells: bool) -> Vec<Item<'a>> {
    let rows: BTreeMap<TaskId, &Row> =
        truth.seen_by(asker).into_iter().filter(|row| is_within(truth, filter, row)).map(|row| (row.task, row)).collect();
    let units = filter["unit"].as_array();
    let is_chosen = |unit: UnitId, period: Period| {
        units.is_none_or(|units| units.contains(&json!(global("unit", unit.0))))
            && (filter["period"].is_null() || filter["period"] == period.key().as_str())
    };
    let written = truth.world.progress.reports.iter().filter(|report| truth.world.progress.reads_report(&truth.world, asker, report));
    let mut items: Vec<Item<'_>> = written
        .filter(|report| filter["state"].as_array().is_none_or(|states| states.contains(&json!(report.state))))
        .filter_map(|report| {
            let period: Period = report.period.parse().expect("a period");
            let row = rows.get(&report.task_id).filter(|_| is_chosen(report.unit_id, period))?;
            Some(Item { row, unit: report.unit_id, period, report: Some(report), owed: None })
        })
        .collect();
    for row in rows.values().filter(|row| tells && reads_compliance(&truth.world, asker, row.place)) {
        let counts = |owed: &Owed| !matches!(owed.state, DutyState::NotYetDue | DutyState::Released);
        for owed in row.stands[0].owed.iter().filter(|owed| counts(owed)) {
            if is_chosen(owed.unit_id, owed.occurrence.period) {
                items.push(Item { row, unit: owed.unit_id, period: owed.occurrence.period, report: None, owed: Some(owed.state) });
            }
        }
    }
    items
}

fn is_within(truth: &Truth, filter: &Value, row: &Row) -> bool {
    let within = |code: &Value| {
        let place = truth.places.values().find(|place| *code == place.code.as_str()).expect("a place");
        if filter["includeDescendants"] == true { truth.world.holds(place.id, row.place) } else { place.id == row.place }
    };
    filter["jurisdiction"].as_array().is_none_or(|codes| codes.iter().any(within))
        && filter["year"].as_array().is_none_or(|years| years.contains(&json!(row.year)))
}

fn commons(truth: &Truth, asker: &Asker, item: &Item<'_>, by: &str) -> Vec<Common> {
    let row = item.row;
    match by {
        "JURISDICTION" => truth.place(row.place),
        "UNIT" => truth.each_unit("unit", &BTreeSet::from([item.unit])),
        "TOPIC" => truth.each_topic(&row.topics),
        "INDICATOR" => truth.each_indicator(&row.targets),
        "YEAR" => vec![Common::number("year", row.year.into(), &json!(row.year))],
        "LIGHT" => {
            let is_inside = reads_compliance(&truth.world, asker, row.place);
            let light = if is_inside { &row.stands } else { &row.outside }[0].state.verdict.light;
            vec![Common::number("light", light_rank(light), &json!(light))]
        }
        "STATE" => {
            let order = [ReportState::Draft, ReportState::Submitted, ReportState::Returned, ReportState::Accepted];
            let state = item.report.expect("what is owed is not told by state").state;
            let rank = order.iter().position(|other| *other == state).expect("a state");
            vec![Common::number("state", i64::try_from(rank).expect("few"), &json!(state))]
        }
        "MONTH" => {
            let end = item.period.ends_on();
            vec![Common::number("month", i64::from(end.year()) * 12 + i64::from(end.month()), &json!(end.format("%Y-%m").to_string()))]
        }
        other => panic!("no such respect: {other}"),
    }
}

type Measures = BTreeMap<&'static str, Option<Share>>;

fn figures(truth: &Truth, asker: &Asker, tells: bool, members: &[&Item<'_>], met: &mut Met) -> (Value, Measures) {
    let written: Vec<(&Item<'_>, &progress_report::Model)> = members.iter().filter_map(|item| Some((*item, item.report?))).collect();
    let with = |state: ReportState| written.iter().filter(|(_, report)| report.state == state).count();
    let in_time = |wanted: &str| written.iter().filter(|(item, report)| timeliness(truth, item, report) == Some(wanted)).count();
    let (on_time, late, unasked) = (in_time("on time"), in_time("late"), in_time("unasked"));
    let tasks = written.iter().map(|(item, _)| item.row.task).collect::<BTreeSet<_>>().len();
    let units = written.iter().map(|(item, _)| item.unit).collect::<BTreeSet<_>>().len();
    let is_inside = members.iter().all(|item| reads_compliance(&truth.world, asker, item.row.place));
    let is_told = tells && is_inside;
    // With nothing to hide there is nothing that is hidden, but only whoever reads any compliance is told of it.
    let is_told = is_told && reads_any(truth, asker);
    let states: Vec<DutyState> = members.iter().filter_map(|item| item.owed).collect();
    let (compliance, mut measures) =
        if is_told { compliance(&states) } else { (Value::Null, ["MISSING", "ON_TIME_RATE"].map(|measure| (measure, None)).into()) };
    measures.extend([
        ("REPORT_COUNT", Some(whole(written.len()))),
        ("TASK_COUNT", Some(whole(tasks))),
        ("UNIT_COUNT", Some(whole(units))),
        ("ACCEPTED", Some(whole(with(ReportState::Accepted)))),
        ("LATE", is_inside.then(|| whole(late))),
    ]);
    met.seen.insert(if compliance.is_null() { "untold" } else { "told" }.into());
    for (what, is_met) in [
        ("silent", written.is_empty() && !states.is_empty()),
        ("on time", on_time > 0),
        ("late", late > 0),
        ("unasked", unasked > 0),
        ("draft", with(ReportState::Draft) > 0),
    ] {
        met.seen.extend(is_met.then(|| what.to_owned()));
    }
    let states = [ReportState::Draft, ReportState::Submitted, ReportState::Returned, ReportState::Accepted];
    let shown = json!({
        "reportCount": written.len(),
        "taskCount": tasks,
        "unitCount": units,
        "states": states.map(|state| json!({ "state": state, "count": with(state) })),
        "onTime": is_inside.then_some(on_time),
        "late": is_inside.then_some(late),
        "unasked": is_inside.then_some(unasked),
        "compliance": compliance,
    });
    (shown, measures)
}

fn reads_any(truth: &Truth, asker: &Asker) -> bool {
    truth.places.keys().any(|place| reads_compliance(&truth.world, asker, *place))
}

/// Whether a report came in time for the duty of its own period or, without one, for the last of those that it discharges.
fn timeliness(truth: &Truth, item: &Item<'_>, report: &progress_report::Model) -> Option<&'static str> {
    let at = DateTime::<Utc>::from(report.first_submitted_at?);
    let discharged = item.row.dossier.discharged_by(item.unit, item.period, &truth.reckoning);
    let own: Vec<DateTime<Utc>> = discharged.iter().filter(|owed| owed.period == item.period).map(|owed| owed.due_at).collect();
    let any: Vec<DateTime<Utc>> = discharged.iter().map(|owed| owed.due_at).collect();
    Some(match own.into_iter().max().or_else(|| any.into_iter().max()) {
        Some(due_at) if at <= due_at => "on time",
        Some(_) => "late",
        None => "unasked",
    })
}
