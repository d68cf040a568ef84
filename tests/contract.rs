//! The operations that consumers send, as they send them, and the facts of the five real notices that they must return.

use serde_json::{Value, json};

use crate::{cases, support::app::App};

const OVERVIEW: &str = include_str!("contract/01-overview.graphql");
const NOTICE_TABLE: &str = include_str!("contract/02-notice-table.graphql");
const FIND_TASKS: &str = include_str!("contract/05-find-tasks.graphql");

cases![
    the_overview_shows_the_city_and_all_its_notices,
    yanzhou_2024_is_as_printed,
    taibai_lake_2024_is_as_printed,
    jining_etdz_2023_is_as_printed,
    jining_2022_is_as_printed,
    the_annexes_are_whole,
    tasks_are_found_by_text,
    tasks_are_found_by_every_filter,
];

async fn table(app: &App, jurisdiction: &str, year: i32) -> Value {
    app.data(NOTICE_TABLE, json!({ "jurisdiction": jurisdiction, "year": year })).await["notice"].clone()
}

/// `value` of each element of a list.
fn each<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    list.as_array().expect("a list").iter().map(|element| element.pointer(pointer).and_then(Value::as_str).unwrap_or("null")).collect()
}

fn tasks(notice: &Value) -> Vec<&Value> {
    notice["projects"].as_array().expect("projects").iter().flat_map(|project| project["tasks"].as_array().expect("tasks")).collect()
}

fn units<'a>(task: &'a Value, role: &str) -> Vec<&'a str> {
    let assignments = task["assignments"].as_array().expect("assignments").iter().filter(|assignment| assignment["role"] == role);
    assignments.filter_map(|assignment| assignment["unit"]["name"].as_str()).collect()
}

fn targets(task: &Value) -> Value {
    let targets = task["targets"].as_array().expect("targets").iter();
    targets
        .map(|target| {
            json!([target["label"], target["value"], target["unit"], target["comparator"], target["kind"], target["indicator"]["code"],])
        })
        .collect()
}

async fn the_overview_shows_the_city_and_all_its_notices(app: App) {
    let city = app.data(OVERVIEW, json!({})).await["jurisdiction"].clone();
    assert_eq!([&city["code"], &city["name"], &city["kind"]], ["jining", "济宁市", "CITY"]);
    let children = city["children"].as_array().expect("children");
    assert_eq!(children.len(), 15);
    for code in ["rencheng", "yanzhou", "jining-high-tech", "taibai-lake", "jining-etdz", "qufu-culture-zone"] {
        assert!(children.iter().any(|child| child["code"] == code), "{code}");
    }
    let notices = |jurisdiction: &Value| -> Value {
        let nodes = jurisdiction["notices"]["nodes"].as_array().expect("nodes");
        assert_eq!(jurisdiction["notices"]["totalCount"], nodes.len());
        nodes.iter().map(|notice| json!([notice["year"], notice["documentNumber"], notice["projectCount"], notice["taskCount"]])).collect()
    };
    let child = |code: &str| children.iter().find(|child| child["code"] == code).expect("a child");
    assert_eq!(notices(&city), json!([[2022, null, 15, 31]]));
    assert_eq!(notices(child("yanzhou")), json!([[2023, "济兖政发〔2023〕2号", 12, 13], [2024, "济兖政发〔2024〕2号", 10, 10]]));
    assert_eq!(notices(child("jining-etdz")), json!([[2023, null, 22, 22]]));
    assert_eq!(notices(child("taibai-lake")), json!([[2024, "济太管发〔2024〕1号", 13, 20]]));
    assert_eq!(notices(child("rencheng")), json!([]));
}

async fn yanzhou_2024_is_as_printed(app: App) {
    let notice = table(&app, "yanzhou", 2024).await;
    assert_eq!(notice["issuedOn"], "2024-01-12");
    assert_eq!(notice["disclosure"], "PROACTIVE");
    assert_eq!(notice["issuer"]["name"], "济宁市兖州区人民政府");
    assert_eq!(notice["supervisor"]["name"], "区委区政府督查室");
    assert_eq!(notice["adoption"], json!({ "method": "DEPUTY_VOTE", "meeting": "区十九届人大三次会议" }));
    assert_eq!(notice["carbonCopies"], json!(["区委办公室", "区人大常委会办公室", "区政协办公室", "区法院", "区检察院"]));
    assert_eq!(notice["reportingDuties"], json!([]));
    let task = tasks(&notice)[7];
    assert_eq!(
        targets(task),
        json!([
            ["新增托位", "576", "个", "EXACTLY", "INCREMENT", "childcare-places-added"],
            ["医育融合示范点", "2", "处", "EXACTLY", "INCREMENT", null],
        ])
    );
}

async fn taibai_lake_2024_is_as_printed(app: App) {
    let notice = table(&app, "taibai-lake", 2024).await;
    assert_eq!(notice["issuedOn"], "2024-04-02");
    let duties: Vec<Value> = notice["reportingDuties"]
        .as_array()
        .expect("duties")
        .iter()
        .map(|duty| json!([duty["kind"], duty["cadence"], duty["obligor"]]))
        .collect();
    for duty in [
        json!(["LEDGER_UPDATE", "WEEKLY", "LEAD_UNITS"]),
        json!(["DISPATCH", "WEEKLY", "LEADERS"]),
        json!(["PROGRESS_REPORT", "MONTHLY", "LEAD_UNITS"]),
        json!(["MEETING", "QUARTERLY", "LEADERS"]),
    ] {
        assert!(duties.contains(&duty), "{duty}");
    }
    assert_eq!(duties.len(), 4);
    assert_eq!(each(&notice["projects"][0]["tasks"], "/label"), ["(1)", "(2)", "(3)", "(4)"]);
}

async fn jining_etdz_2023_is_as_printed(app: App) {
    let notice = table(&app, "jining-etdz", 2023).await;
    assert_eq!([&notice["issuedOn"], &notice["disclosure"], &notice["documentNumber"]], [&Value::Null; 3]);
    let task = tasks(&notice)[0];
    assert_eq!(units(task, "LEAD"), ["市卫健委经开区管理办公室"]);
    assert_eq!(units(task, "SUPPORTING"), ["区金融和国资管理局", "市教育局经开区分局", "济宁经开城建开发集团有限公司"]);
    assert_eq!(each(&task["assignments"], "/unit/jurisdiction/code"), ["jining-etdz"; 4]);
    // A level is no increment, whatever it counts.
    assert_eq!(
        targets(task),
        json!([
            ["新增托位", "162", "个", "EXACTLY", "INCREMENT", "childcare-places-added"],
            ["托位总数", "537", "个", "EXACTLY", "LEVEL", "childcare-places-total"],
        ])
    );
}

async fn jining_2022_is_as_printed(app: App) {
    let notice = table(&app, "jining", 2022).await;
    let second = notice["projects"][1]["tasks"].as_array().expect("tasks");
    let targets: Vec<Value> = second[0]["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .map(|target| json!([target["label"], target["value"], target["comparator"]]))
        .collect();
    assert!(targets.contains(&json!(["新增班次", "500", "AT_LEAST"])), "{targets:?}");
    assert!(targets.contains(&json!(["新增托位", "10000", "AT_LEAST"])), "{targets:?}");
    let collective = &second[0]["assignments"].as_array().expect("assignments").iter().find(|part| part["unit"]["kind"] == "COLLECTIVE");
    let collective = collective.expect("a collective unit");
    assert_eq!(collective["unit"]["name"], "各县（市、区）");
    assert_eq!(collective["unit"]["members"].as_array().map(Vec::len), Some(11));
    // A unit cell that is merged with the row above names the same units.
    for role in ["LEAD", "SUPPORTING"] {
        assert_eq!(units(&second[1], role), units(&second[0], role));
    }
    // A part says of which whole.
    let jobs = tasks(&notice).into_iter().flat_map(|task| task["targets"].as_array().expect("targets")).collect::<Vec<_>>();
    let whole = jobs.iter().find(|target| target["value"] == "34400").expect("3.44万个");
    let parts: Vec<_> = jobs.iter().filter(|target| target["partOf"]["id"] == whole["id"]).map(|target| &target["value"]).collect();
    assert_eq!(parts, ["6400", "28000"]);
}

async fn the_annexes_are_whole(app: App) {
    let (mut projects, mut task_count, mut leads, mut supporting, mut target_count) = (0, 0, 0, 0, 0);
    for (jurisdiction, year) in [("jining", 2022), ("yanzhou", 2023), ("yanzhou", 2024), ("jining-etdz", 2023), ("taibai-lake", 2024)] {
        let notice = table(&app, jurisdiction, year).await;
        projects += notice["projects"].as_array().expect("projects").len();
        for task in tasks(&notice) {
            task_count += 1;
            assert!(!units(task, "LEAD").is_empty(), "{task}");
            leads += units(task, "LEAD").len();
            supporting += units(task, "SUPPORTING").len();
            target_count += task["targets"].as_array().expect("targets").len();
            assert!(task["summary"].is_string(), "{task}");
        }
    }
    assert_eq!((projects, task_count, leads, supporting, target_count), (72, 96, 96, 257, 145));
}

async fn tasks_are_found_by_text(app: App) {
    let found = app.data(FIND_TASKS, json!({ "text": "托育", "first": 100 })).await["tasks"].clone();
    let mut notices: Vec<(String, i64)> = found["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|task| {
            let notice = &task["project"]["notice"];
            (notice["jurisdiction"]["code"].as_str().unwrap_or_default().to_owned(), notice["year"].as_i64().unwrap_or_default())
        })
        .collect();
    assert!(notices.is_sorted_by_key(|(code, year)| (position(code), *year)), "{notices:?}");
    notices.dedup();
    let expected = [("jining", 2022), ("yanzhou", 2023), ("yanzhou", 2024), ("jining-etdz", 2023)];
    assert_eq!(notices, expected.map(|(code, year)| (code.to_owned(), year)));
    assert_eq!(found["totalCount"], found["nodes"].as_array().expect("nodes").len());
}

fn position(code: &str) -> usize {
    ["jining", "yanzhou", "taibai-lake", "jining-etdz"].iter().position(|known| *known == code).expect("a known code")
}

async fn tasks_are_found_by_every_filter(app: App) {
    let count = async |variables: Value| app.data(FIND_TASKS, variables).await["tasks"]["totalCount"].as_i64().expect("a count");
    assert_eq!(count(json!({ "first": 1 })).await, 96);
    assert_eq!(count(json!({ "first": 1, "year": [2024] })).await, 30);
    assert_eq!(count(json!({ "first": 1, "year": [2023, 2024], "jurisdiction": ["yanzhou"] })).await, 23);
    assert_eq!(count(json!({ "first": 1, "jurisdiction": ["jining"] })).await, 96);
    assert_eq!(count(json!({ "first": 1, "jurisdiction": ["nowhere"] })).await, 0);
    assert_eq!(count(json!({ "first": 1, "jurisdiction": [] })).await, 0);
    assert_eq!(count(json!({ "first": 1, "topic": ["childcare"], "jurisdiction": ["yanzhou"] })).await, 2);
    let unit = "query($name: String!) { unit(jurisdiction: \"yanzhou\", name: $name) { id } }";
    let lead = app.data(unit, json!({ "name": "区卫生健康局" })).await["unit"]["id"].clone();
    assert_eq!(count(json!({ "first": 1, "lead": lead })).await, 2);
}
