//! What offices set: duties where a letter names none, holidays, and the meetings of leaders.

use entity::Role;
use serde_json::{Value, json};

use super::scene::{Scene, at, faults};
use crate::{cases, support::app::App};

cases![
    an_office_sets_the_duties_that_its_letter_leaves_open,
    an_office_does_not_repeat_a_duty_of_its_letter,
    due_days_move_past_holidays_where_the_notice_says_so,
    leaders_discharge_what_they_owe
];

const CHANGE: &str = "mutation($input: ChangeReportingInput!) { changeReporting(input: $input) {
    notice { setting { version movedByHolidays } reportingDuties { kind cadence obligor origin description } } errors { code field message } } }";

async fn notice(app: &App, jurisdiction: &str, year: i32) -> Value {
    let query =
        "query($jurisdiction: String!, $year: Int!) { notice(jurisdiction: $jurisdiction, year: $year) { id setting { version } } }";
    app.data(query, json!({ "jurisdiction": jurisdiction, "year": year })).await["notice"].clone()
}

async fn an_office_sets_the_duties_that_its_letter_leaves_open(app: App) {
    app.travel_to("2024-03-15T02:00:00Z");
    let office = app.actor("yanzhou-office", Role::Office, "yanzhou").await;
    let unit = app.of_unit("health", "yanzhou", "区卫生健康局").await;
    let due = "{ viewer { dueReports { duty { cadence origin } period { key } } } }";
    assert_eq!(unit.data(due, json!({})).await["viewer"]["dueReports"], json!([]));
    let notice = notice(&app, "yanzhou", 2024).await;
    let duties =
        |duties: Value, version: i64| json!({ "input": { "noticeId": notice["id"], "expectedVersion": version, "duties": duties } });
    let monthly = json!({ "kind": "PROGRESS_REPORT", "cadence": "MONTHLY", "obligor": "LEAD_UNITS", "graceDays": 3 });
    let wrong = json!([{ "kind": "DISPATCH", "cadence": "WEEKLY", "obligor": "LEAD_UNITS", "graceDays": 99 }, monthly, monthly]);
    let told = faults(&office.data(CHANGE, duties(wrong, 0)).await["changeReporting"]);
    assert_eq!(
        told,
        [
            ("GRACE_OUT_OF_RANGE", "input.duties.0.graceDays"),
            ("OBLIGOR_MISMATCH", "input.duties.0.obligor"),
            ("DUTY_REPEATED", "input.duties.2.kind")
        ]
        .map(|(code, path)| (code.to_owned(), at(path)))
    );
    let changed = office.data(CHANGE, duties(json!([monthly]), 0)).await["changeReporting"].clone();
    assert_eq!(changed["notice"]["reportingDuties"][0]["origin"], "OFFICE");
    let owed = unit.data(due, json!({})).await["viewer"]["dueReports"].clone();
    let mut periods: Vec<&str> = owed.as_array().expect("due").iter().filter_map(|due| due["period"]["key"].as_str()).collect();
    periods.dedup();
    assert_eq!(periods, ["2024-01", "2024-02", "2024-03"]);
    // Taken back, it runs no longer.
    let changed = office.data(CHANGE, duties(json!([]), 1)).await["changeReporting"].clone();
    assert_eq!(changed["notice"]["reportingDuties"], json!([]));
    assert_eq!(unit.data(due, json!({})).await["viewer"]["dueReports"], json!([]));
}

async fn an_office_does_not_repeat_a_duty_of_its_letter(app: App) {
    let scene = Scene::of(&app).await;
    let query =
        "{ notice(jurisdiction: \"taibai-lake\", year: 2024) { id setting { version } reportingDuties { kind cadence obligor origin } } }";
    let notice = app.data(query, json!({})).await["notice"].clone();
    let mut duty =
        notice["reportingDuties"].as_array().expect("duties").iter().find(|duty| duty["origin"] == "NOTICE").expect("one").clone();
    duty.as_object_mut().expect("a duty").remove("origin");
    let other = json!({ "kind": "PROGRESS_REPORT", "cadence": "TEN_DAY", "obligor": "LEAD_UNITS" });
    let input = json!({ "input": { "noticeId": notice["id"], "expectedVersion": notice["setting"]["version"], "duties": [other, duty] } });
    let refused = scene.office.data(CHANGE, input).await["changeReporting"].clone();
    assert_eq!(faults(&refused), [("DUTY_IN_NOTICE".to_owned(), at("input.duties.1.kind"))]);
    // Nothing is half done.
    assert_eq!(app.data(query, json!({})).await["notice"], notice);
}

async fn due_days_move_past_holidays_where_the_notice_says_so(app: App) {
    let scene = Scene::of(&app).await;
    let notice = notice(&app, "taibai-lake", 2024).await;
    let due = "query($on: Date) { viewer { dueReports(on: $on) { task { number } period { key dueAt } } } }";
    let april = async |scene: &Scene<'_>| {
        let due = scene.lead.data(due, json!({ "on": "2024-04-12" })).await["viewer"]["dueReports"].clone();
        let due = due.as_array().expect("due").iter().find(|due| due["period"]["key"] == "2024-04" && due["task"]["number"] == 2).cloned();
        due.expect("April")["period"]["dueAt"].clone()
    };
    // Five days after April, the last day of the Labour Day holidays.
    assert_eq!(april(&scene).await, "2024-05-05T16:00:00Z");
    let input = json!({ "input": { "noticeId": notice["id"], "expectedVersion": 0, "movedByHolidays": true } });
    assert_eq!(scene.office.data(CHANGE, input).await["changeReporting"]["errors"], json!([]));
    assert_eq!(april(&scene).await, "2024-05-06T16:00:00Z");
}

async fn leaders_discharge_what_they_owe(app: App) {
    let scene = Scene::of(&app).await;
    let leader = app.actor("leader", Role::Leader, "taibai-lake").await;
    let notice = notice(&app, "taibai-lake", 2024).await;
    let owed = "{ leaderDuties(jurisdiction: \"taibai-lake\", year: 2024) { duty { kind } period { key } state } }";
    let state = async |leader: &crate::support::actor::Actor<'_>, kind: &str, period: &str| {
        let owed = leader.data(owed, json!({})).await["leaderDuties"].clone();
        let found =
            owed.as_array().expect("duties").iter().find(|duty| duty["duty"]["kind"] == kind && duty["period"]["key"] == period).cloned();
        found.unwrap_or_else(|| panic!("{kind} {period}"))["state"].clone()
    };
    assert_eq!(state(&leader, "DISPATCH", "2024-W14").await, "MISSING");
    assert_eq!(state(&leader, "MEETING", "2024-Q2").await, "NOT_YET_DUE");
    let record =
        "mutation($input: RecordMeetingInput!) { recordMeeting(input: $input) { meeting { id kind } errors { code field message } } }";
    let held = |kind: &str, day: &str| json!({ "input": { "noticeId": notice["id"], "kind": kind, "heldOn": day, "summary": "逐项过问，明确场地" } });
    let future = leader.data(record, held("DISPATCH", "2024-04-13")).await["recordMeeting"].clone();
    assert_eq!(faults(&future), [("HELD_IN_FUTURE".to_owned(), at("input.heldOn"))]);
    assert_eq!(leader.data(record, held("DISPATCH", "2024-04-03")).await["recordMeeting"]["errors"], json!([]));
    assert_eq!(scene.office.data(record, held("MEETING", "2024-04-10")).await["recordMeeting"]["errors"], json!([]));
    assert_eq!(state(&leader, "DISPATCH", "2024-W14").await, "ON_TIME");
    assert_eq!(state(&leader, "DISPATCH", "2024-W15").await, "NOT_YET_DUE");
    assert_eq!(state(&leader, "MEETING", "2024-Q2").await, "ON_TIME");
    assert_eq!(scene.lead.error(record, held("DISPATCH", "2024-04-03")).await["extensions"]["reason"], "ROLE_MAY_NOT");
}
