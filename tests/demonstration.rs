//! The invented year of the demo: all that can occur does, all of it is marked, and it keeps to the rules.

use std::collections::{BTreeMap, BTreeSet};

use entity::{progress_report, report_transition};
use minsheng::{domain::progress::report::Step, service::demonstration::Invented};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{actor::Actor, app::App},
};

cases![
    every_light_occurs_today_and_at_the_years_ends,
    every_state_of_a_report_occurs_and_is_marked,
    everything_else_occurs,
    work_waits_for_every_demo_account,
    it_keeps_to_the_rules,
    it_is_invented_once_and_around_nothing,
];

const NOTICES: [(&str, i32); 5] = [("jining", 2022), ("yanzhou", 2023), ("yanzhou", 2024), ("jining-etdz", 2023), ("taibai-lake", 2024)];

const PLACES: [&str; 4] = ["jining", "yanzhou", "jining-etdz", "taibai-lake"];

/// Reports whose internals the viewer may see, of a jurisdiction alone.
const REPORTS: &str = "query($place: String!, $after: String, $state: [ReportState!]) {
    reports(first: 100, after: $after, filter: { jurisdiction: [$place], includeDescendants: false, state: $state }) {
        nodes { state invented narrative period { key startsOn } warnings { code } history { decision } blockers { state description } }
        pageInfo { hasNextPage endCursor }
    }
}";

/// The demo over the five notices, and the password of its accounts.
async fn demo(app: App) -> (App, String, Invented) {
    let app = app.into_demonstration();
    let demonstration = app.service.prepare_demonstration(&app.operator()).await.expect("accounts");
    let invented = app.service.invent_progress(&app.operator(), &|_, _| {}).await.expect("an invented year");
    (app, demonstration.password.reveal().to_owned(), invented)
}

/// The rows of a ledger, as the office of the place sees them, or as the public does.
async fn ledger(app: &App, office: Option<&str>, place: &str, year: i32, on: Option<String>) -> Vec<Value> {
    let query = "query($place: String!, $year: Int!, $on: Date) { ledger(jurisdiction: $place, year: $year, on: $on, first: 100) {
        nodes { light stale invented state { light stale invented proof { explanation backLoading { planned straight } } }
            targets { achieved } task { number } latestReport { invented } } } }";
    let variables = json!({ "place": place, "year": year, "on": on });
    let data = match office {
        Some(bearer) => app.bearing(bearer).data(query, variables).await,
        None => app.data(query, variables).await,
    };
    data["ledger"]["nodes"].as_array().expect("rows").clone()
}

async fn reports(actor: &Actor<'_>, place: &str, state: Option<&str>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = actor.data(REPORTS, json!({ "place": place, "after": after, "state": state.map(|state| [state]) })).await;
        found.extend(page["reports"]["nodes"].as_array().expect("reports").iter().cloned());
        if page["reports"]["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["reports"]["pageInfo"]["endCursor"].clone();
    }
}

fn texts<'a>(rows: &'a [Value], path: &str) -> BTreeSet<&'a str> {
    rows.iter().filter_map(|row| row.pointer(path).and_then(Value::as_str)).collect()
}

async fn every_light_occurs_today_and_at_the_years_ends(app: App) {
    let (app, password, _) = demo(app).await;
    let mut inside = Vec::new();
    let mut at_ends = Vec::new();
    let mut today = Vec::new();
    for (place, year) in NOTICES {
        let office = app.sign_in_as(&format!("{place}-office"), &password).await;
        inside.extend(ledger(&app, Some(office.bearer()), place, year, Some(format!("{year}-12-31"))).await);
        at_ends.extend(ledger(&app, None, place, year, Some(format!("{year}-12-31"))).await);
        today.extend(ledger(&app, Some(office.bearer()), place, year, None).await);
        // In the middle of the year the demo has something to show as well.
        let middle = ledger(&app, None, place, year, Some(format!("{year}-08-31"))).await;
        assert!(texts(&middle, "/light").len() >= 3, "{place} {year}: {:?}", texts(&middle, "/light"));
    }
    let all = BTreeSet::from(["BLUE", "GREEN", "YELLOW", "RED", "GREY"]);
    for (when, rows) in [("at the years' ends", &at_ends), ("today", &today)] {
        assert_eq!(rows.len(), 96);
        assert_eq!(texts(rows, "/light"), all, "{when}");
        // Today is asked as the offices see it: the yellow lights of old years come from silence, which the public is not told of.
        assert_eq!(rows.iter().all(|row| row["stale"].is_null()), when != "today", "{when}");
        for row in rows {
            assert!(row["invented"] == true && row["state"]["invented"] == true, "{when}: {row:#}");
            assert_eq!(row["latestReport"]["invented"], true, "{when}: {row:#}");
            assert_eq!(row["light"], row["state"]["light"]);
        }
    }
    assert_eq!(texts(&inside, "/light"), all);
    assert!(inside.iter().any(|row| row["stale"] == true) && inside.iter().any(|row| row["stale"] == false));
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &at_ends {
        *counts.entry(row["light"].as_str().expect("a light")).or_default() += 1;
    }
    assert!(counts["GREEN"] > 30 && counts["RED"] < 20, "most went well: {counts:?}");
    assert!(at_ends.iter().any(|row| !row["state"]["proof"]["backLoading"].is_null()), "a plan is back-loaded");
}

async fn every_state_of_a_report_occurs_and_is_marked(app: App) {
    let (app, password, invented) = demo(app).await;
    let mut count = 0;
    let mut states = BTreeSet::new();
    let mut decisions = BTreeSet::new();
    let mut blockers = BTreeSet::new();
    let mut warnings = BTreeSet::new();
    for place in PLACES {
        let office = app.sign_in_as(&format!("{place}-office"), &password).await;
        let seen = reports(&office, place, None).await;
        count += seen.len();
        for report in &seen {
            assert_eq!(report["invented"], true);
            let narrative = report["narrative"].as_str().expect("words");
            assert!(narrative.contains("【演示数据】") && narrative.contains("Invented for the demo"), "{narrative}");
            states.insert(report["state"].as_str().expect("a state").to_owned());
            for (list, part, into) in
                [("history", "decision", &mut decisions), ("blockers", "state", &mut blockers), ("warnings", "code", &mut warnings)]
            {
                into.extend(report[list].as_array().expect("a list").iter().map(|one| one[part].as_str().expect("a word").to_owned()));
            }
            for blocker in report["blockers"].as_array().expect("blockers") {
                assert!(blocker["description"].as_str().expect("words").contains("演示数据"));
            }
        }
        let unit = app.sign_in_as(&format!("{place}-unit"), &password).await;
        let drafts = reports(&unit, place, Some("DRAFT")).await;
        assert!(!drafts.is_empty() && drafts.iter().all(|draft| draft["invented"] == true), "{place}");
        count += drafts.len();
        states.extend(drafts.iter().map(|draft| draft["state"].as_str().expect("a state").to_owned()));
    }
    let set = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(states, set(&["DRAFT", "SUBMITTED", "ACCEPTED", "RETURNED"]));
    assert_eq!(decisions, set(&["SUBMIT", "ACCEPT", "RETURN", "REOPEN"]));
    // A report does not list what it names no more.
    assert_eq!(blockers, set(&["OPEN", "RESOLVED"]));
    assert!(app.number("SELECT COUNT(*) FROM blocker WHERE state = 'WITHDRAWN' AND description LIKE '%演示数据%'").await > 0);
    assert_eq!(warnings, set(&["ABOVE_TWICE_THE_TARGET", "LARGEST_JUMP", "NO_CHANGE"]));
    assert_eq!(count, invented.reports);
    assert_eq!(invented.notices, 5);
    assert!((600..2000).contains(&count), "{count}: enough to page through, and no more");
}

async fn everything_else_occurs(app: App) {
    let (app, password, _) = demo(app).await;
    let query = "query($place: String!, $year: Int!) { notice(jurisdiction: $place, year: $year) {
        meetings { kind heldOn summary } reportingDuties { kind cadence origin description }
        projects { tasks { title milestones { title plannedShare }
            standing { claimedOn claimNote inForceOn closingNote returnReason suspendedOn suspensionReason extendedTo extensionReason }
            targets { value allocations { value } } } } } }";
    let mut tasks = Vec::new();
    let mut meetings = Vec::new();
    // What leaders decided and what was said of claims is for those above too, and not for the public.
    let office = app.sign_in_as("jining-office", &password).await;
    for (place, year) in NOTICES {
        let data = office.data(query, json!({ "place": place, "year": year })).await;
        for meeting in data["notice"]["meetings"].as_array().expect("meetings") {
            assert!(meeting["summary"].as_str().expect("words").contains("演示数据"));
            assert!(meeting["heldOn"].as_str().expect("a day").starts_with(&year.to_string()));
            meetings.push(meeting.clone());
        }
        let duties = data["notice"]["reportingDuties"].as_array().expect("duties");
        let of_office = duties.iter().filter(|duty| duty["origin"] == "OFFICE").collect::<Vec<_>>();
        assert_eq!(of_office.len(), usize::from(place == "yanzhou"), "{place}: its letter names no duty");
        assert!(
            of_office.iter().all(|duty| duty["cadence"] == "MONTHLY" && duty["description"].as_str().expect("words").contains("演示数据"))
        );
        for project in data["notice"]["projects"].as_array().expect("projects") {
            tasks.extend(project["tasks"].as_array().expect("tasks").iter().cloned());
        }
    }
    assert_eq!(texts(&meetings, "/kind"), BTreeSet::from(["DISPATCH", "MEETING"]));
    for (field, note) in [
        ("claimedOn", "claimNote"),
        ("inForceOn", "closingNote"),
        ("suspendedOn", "suspensionReason"),
        ("extendedTo", "extensionReason"),
        ("returnReason", "returnReason"),
    ] {
        let with: Vec<&Value> = tasks.iter().filter(|task| !task["standing"][field].is_null()).collect();
        assert!(!with.is_empty(), "{field}");
        assert!(with.iter().all(|task| task["standing"][note].as_str().is_some_and(|note| note.contains("演示数据"))), "{note}");
    }
    let milestones: Vec<&Value> = tasks.iter().flat_map(|task| task["milestones"].as_array().expect("milestones")).collect();
    assert!(milestones.iter().any(|milestone| milestone["plannedShare"].is_null()));
    assert!(milestones.iter().any(|milestone| !milestone["plannedShare"].is_null()));
    assert!(milestones.iter().all(|milestone| milestone["title"].as_str().expect("a title").contains("演示数据")));
    let split: Vec<&Value> = tasks
        .iter()
        .flat_map(|task| task["targets"].as_array().expect("targets"))
        .filter(|target| target["allocations"].as_array().is_some_and(|allocations| !allocations.is_empty()))
        .collect();
    assert!(split.len() >= 3);
    for target in split {
        let number = |value: &Value| value.as_str().expect("a number").parse::<rust_decimal::Decimal>().expect("a number");
        let sum: rust_decimal::Decimal =
            target["allocations"].as_array().expect("shares").iter().map(|share| number(&share["value"])).sum();
        assert_eq!(sum, number(&target["value"]), "the shares make the target");
    }

    for (place, year) in NOTICES {
        let office = app.sign_in_as(&format!("{place}-office"), &password).await;
        let query = "query($place: String!, $year: Int!, $from: Date!, $to: Date!) {
            leaderDuties(jurisdiction: $place, year: $year) { state }
            compliance(jurisdiction: $place, from: $from, to: $to) { total { onTime late missing } leaders { onTime missing } } }";
        let variables = json!({ "place": place, "year": year, "from": format!("{year}-01-01"), "to": format!("{}-01-31", year + 1) });
        let data = office.data(query, variables).await;
        let total = &data["compliance"]["total"];
        assert!(
            total["onTime"].as_u64() > Some(0) && total["late"].as_u64() > Some(0) && total["missing"].as_u64() > Some(0),
            "{place}: {total}"
        );
        let duties = data["leaderDuties"].as_array().expect("duties");
        if place != "yanzhou" {
            assert!(texts(duties, "/state").is_superset(&BTreeSet::from(["ON_TIME", "MISSING"])), "{place}: {duties:?}");
        }
    }
}

async fn work_waits_for_every_demo_account(app: App) {
    let (app, password, _) = demo(app).await;
    for place in PLACES {
        let unit = app.sign_in_as(&format!("{place}-unit"), &password).await;
        let query = "{ viewer { dueReports { state report { state } } returnedReports { state invented review { reason } } } }";
        let data = unit.data(query, json!({})).await;
        let due = data["viewer"]["dueReports"].as_array().expect("due reports");
        assert!(!due.is_empty(), "{place}: something is due");
        assert!(due.iter().any(|due| due["report"]["state"] == "DRAFT"), "{place}: a draft is begun");
        let returned = data["viewer"]["returnedReports"].as_array().expect("returned reports");
        assert!(!returned.is_empty() && returned.iter().all(|report| report["invented"] == true), "{place}: something was returned");
        assert!(returned.iter().all(|report| report["review"]["reason"].as_str().expect("why").contains("演示数据")));
        let office = app.sign_in_as(&format!("{place}-office"), &password).await;
        assert!(!reports(&office, place, Some("SUBMITTED")).await.is_empty(), "{place}: something waits for review");
    }
}

#[expect(clippy::disallowed_methods, reason = "looks at the tables themselves")]
async fn it_keeps_to_the_rules(app: App) {
    let (app, _, invented) = demo(app).await;
    let count = i64::try_from(invented.reports).expect("a number");
    assert_eq!(app.number("SELECT COUNT(*) FROM progress_report WHERE demonstration").await, count);
    assert_eq!(app.number("SELECT COUNT(*) FROM acceptance WHERE NOT demonstration").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM progress_event").await, 0, "nobody is told of what is long over");
    // Each is dated in the year of its notice.
    let outside = "SELECT COUNT(*) FROM progress_report JOIN task ON task.id = task_id JOIN notice ON notice.id = task.notice_id
        WHERE CAST(starts_on AS text) NOT LIKE CAST(year AS text) || '-%' OR CAST(ends_on AS text) NOT LIKE CAST(year AS text) || '-%'";
    assert_eq!(app.number(outside).await, 0);
    // What counts is accepted, and what is accepted counts.
    let counted = "SELECT COUNT(*) FROM progress_report LEFT JOIN acceptance ON report_id = progress_report.id AND ended_at IS NULL
        WHERE (state = 'ACCEPTED') <> (report_id IS NOT NULL)";
    assert_eq!(app.number(counted).await, 0);
    let contents = "SELECT COUNT(*) FROM acceptance JOIN acceptance_figure ON acceptance_id = acceptance.id
        JOIN report_figure ON report_figure.report_id = acceptance.report_id AND report_figure.target_id = acceptance_figure.target_id
        WHERE ended_at IS NULL AND report_figure.value <> acceptance_figure.value";
    assert_eq!(app.number(contents).await, 0);
    let unexplained = "SELECT COUNT(*) FROM report_figure WHERE value < previous_value AND explanation IS NULL";
    assert_eq!(app.number(unexplained).await, 0, "no figure falls without a word");
    assert!(app.number("SELECT COUNT(*) FROM report_figure WHERE value < previous_value").await > 0);
    // The steps of each tell its state, and when it was submitted.
    let reports = progress_report::Entity::find().all(&app.raw).await.expect("reports");
    let mut steps: BTreeMap<_, Vec<Step>> = BTreeMap::new();
    for row in report_transition::Entity::find().order_by_asc(report_transition::Column::Number).all(&app.raw).await.expect("steps") {
        let (report_id, number, kind, reason, at) = (row.report_id, row.number, row.kind, row.reason, row.at.into());
        steps.entry(row.report_id).or_default().push(Step { report_id, number, at, kind, reason, actor_id: None, actor_username: None });
    }
    for report in reports {
        let life = Step::life(steps.get(&report.id).into_iter().flatten()).unwrap_or_else(|refusal| panic!("{}: {refusal}", report.period));
        assert_eq!(life.state(), report.state, "{}", report.period);
        assert_eq!(life.first_submitted_at(), report.first_submitted_at.map(Into::into), "{}", report.period);
        assert_eq!(life.last_submitted_at(), report.submitted_at.map(Into::into), "{}", report.period);
        assert!(report.changed_at >= report.created_at);
    }
    let standings = "SELECT COUNT(*) FROM task_standing WHERE light IS NOT NULL AND revision > 0 AND version > 0";
    assert_eq!(app.number(standings).await, 96);
    let late = "SELECT COUNT(*) FROM task_standing WHERE accepted_on IS NOT NULL AND light <> 'BLUE'";
    assert_eq!(app.number(late).await, 0);
}

async fn it_is_invented_once_and_around_nothing(app: App) {
    let before = app.service.invent_progress(&app.operator(), &|_, _| {}).await;
    assert!(before.is_err(), "not outside of the demo");
    let app = app.into_demonstration();
    // Somebody has set something of a notice before: it is left alone.
    let task = "SELECT task.id FROM task JOIN notice ON notice.id = notice_id WHERE document_number = '济兖政发〔2023〕2号' AND number = 1";
    app.execute(&format!("INSERT INTO task_standing (task_id, version, revision) VALUES (({task}), 1, 1)")).await.expect("set");
    let (app, _, first) = demo(app).await;
    assert_eq!(first.notices, 4);
    let tables = [
        "progress_report",
        "acceptance",
        "blocker",
        "milestone",
        "allocation",
        "meeting",
        "task_standing",
        "reporting_duty",
        "audit_event",
    ];
    let mut counts = Vec::new();
    for table in tables {
        counts.push(app.number(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    let second = app.service.invent_progress(&app.operator(), &|_, _| {}).await.expect("nothing to do");
    assert_eq!(second, Invented::default());
    for (table, count) in tables.into_iter().zip(counts) {
        assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, count, "{table}");
    }
}
