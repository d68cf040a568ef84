//! What a post costs, on the embedded database: a unit posts one report after another; nine post at once, each of its own task; and nine
//! units post at once of one task. Against a query that reads next to nothing. `cargo bench --bench posting`
//!
//! Times are of one run on one machine; the ratios are what to read.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::{Datelike as _, NaiveDate};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::{AssignmentRole, Cadence, DutyKind, JurisdictionKind, Obligor, Role, UnitKind};
use futures_util::future::join_all;
use minsheng::{
    access::{password::Password, viewer::Viewer},
    domain::{
        audit::Occasion,
        notices::seed::{Seed, SeedDuty, SeedJurisdiction, SeedNotice, SeedProject, SeedTask, SeedUnit, UnitKey},
        page::{Direction, PageRequest},
    },
    service::{
        Call, Clock, Service,
        people::account::{InitialPassword, NewAccount},
    },
    store::{Database, UnitFilter, Visible},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const CITY: &str = "bench";
const UNITS: usize = 10;
/// Weeks of the year of the notice, which is over; each is reported on once.
const WEEKS: std::ops::RangeInclusive<u32> = 3..=47;
const RUNS: usize = 300;
const PASSWORD: &str = "wisteria-quilt-57-Ngong";
const SMALL: &str = "{ viewer { actions } }";
const SIGN_IN: &str =
    "mutation($u: String!, $p: String!) { signIn(input: { username: $u, password: $p }) { session { accessToken } errors { code } } }";
const SUBMIT: &str = "mutation($input: SubmitProgressInput!) { submitProgress(input: $input) { report { id } errors { code field } } }";

fn main() {
    minsheng::cli::runtime().expect("a runtime").block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::open_file(&folder.path().join("bench.db")).await.expect("it opens");
    database.migrate().await.expect("migrated");
    let clock = Clock::of_the_machine();
    let year = clock.now().year() - 1;
    database.load_seed(&seed(year)).await.expect("the city");
    let service = Service::new(database, clock).expect("a service");
    let units = make_accounts(&service).await;
    let router = http::router(Gate::new(Endpoint::new(service, Limits { account_points: 0, ..Limits::default() }), Proxies::default()));
    let mut tokens = Vec::new();
    for unit in units {
        let answer = post(&router, None, &json!({ "query": SIGN_IN, "variables": { "u": unit, "p": PASSWORD } })).await;
        tokens.push(answer["data"]["signIn"]["session"]["accessToken"].as_str().expect("a token").to_owned());
    }
    let query = "query($c: String!, $y: Int!) { notice(jurisdiction: $c, year: $y) { projects { tasks { id } } } }";
    let answer = post(&router, None, &json!({ "query": query, "variables": { "c": CITY, "y": year } })).await;
    let tasks = answer["data"]["notice"]["projects"][0]["tasks"].as_array().expect("tasks").clone();

    let small = json!({ "query": SMALL });
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let begun = Instant::now();
        post(&router, Some(&tokens[0]), &small).await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let plain = times[RUNS / 2];
    println!("{:<34} {:>8} {:>12} {:>10} {:>10}", "", "posts", "each", "posts/s", "÷ query");
    println!("{:<34} {:>8} {plain:>12.1?}", "small query", "");
    let own: Vec<usize> = (1..UNITS).collect();
    let (count, took) = posted(&router, &tokens, &tasks, year, &[0], |unit| unit).await;
    tell("one unit, one after another", count, took, plain);
    let (count, took) = posted(&router, &tokens, &tasks, year, &own, |unit| unit).await;
    tell("nine units at once, nine tasks", count, took, plain);
    let (count, took) = posted(&router, &tokens, &tasks, year, &own, |_| UNITS).await;
    tell("nine units at once, one task", count, took, plain);
}

fn tell(what: &str, count: u32, took: Duration, plain: Duration) {
    let each = took / count;
    let ratio = each.as_secs_f64() / plain.as_secs_f64();
    println!("{what:<34} {count:>8} {each:>12.1?} {:>10.0} {ratio:>10.1}", 1.0 / each.as_secs_f64());
}

/// All weeks of these units, each unit's one after another; how many posts, and how long they took.
async fn posted(
    router: &Router,
    tokens: &[String],
    tasks: &[Value],
    year: i32,
    units: &[usize],
    task: impl Fn(usize) -> usize,
) -> (u32, Duration) {
    let begun = Instant::now();
    let counts = join_all(units.iter().map(|&unit| {
        let task = &tasks[task(unit)]["id"];
        async move {
            let mut count = 0;
            for week in WEEKS {
                let blockers = json!([{ "description": "资金未到位", "needs": "请拨付" }]);
                let input =
                    json!({ "taskId": task, "period": format!("{year}-W{week:02}"), "narrative": "按计划推进。", "blockers": blockers });
                let answer = post(router, Some(&tokens[unit]), &json!({ "query": SUBMIT, "variables": { "input": input } })).await;
                assert_eq!(answer["data"]["submitProgress"]["errors"], json!([]), "{answer:#}");
                count += 1;
            }
            count
        }
    }))
    .await;
    (counts.into_iter().sum(), begun.elapsed())
}

/// Makes an account for each unit; their names, in the order of the units.
async fn make_accounts(service: &Service) -> Vec<String> {
    let operator = Call {
        viewer: Viewer::Operator,
        occasion: Occasion { at: service.now(), request_id: "bench".into(), address: None },
        user_agent: None,
        jurisdictions: None,
    };
    let filter = UnitFilter { jurisdictions: Some(vec![CITY.into()]), kinds: Some(vec![UnitKind::Department]), ..UnitFilter::default() };
    let request = PageRequest { size: 100, direction: Direction::Forward, after: None, before: None, counted: false };
    let page = Visible::new(service.database().clone(), Viewer::Operator).unit_page(&filter, &request).await.expect("units");
    let mut names = Vec::new();
    for (_, unit) in page.rows {
        let place = (0..UNITS).find(|place| named(*place).name == unit.name).expect("one of the units");
        let name = format!("unit-{place}");
        let new = NewAccount {
            username: name.clone(),
            role: Role::Unit,
            jurisdiction: CITY.into(),
            unit: Some(unit.id),
            external_subject: None,
            password: InitialPassword::Given(Password::new(PASSWORD)),
        };
        service.create_account(&operator, new).await.expect("an account");
        names.push(name);
    }
    names.sort();
    names
}

fn named(place: usize) -> UnitKey {
    UnitKey { jurisdiction: CITY.into(), name: format!("单位{place}") }
}

/// A task for each unit, and one of all of them.
fn seed(year: i32) -> Seed {
    let mut seed = Seed::default();
    seed.jurisdictions.push(SeedJurisdiction {
        code: CITY.into(),
        name: "测速市".into(),
        name_english: "Bench".into(),
        kind: JurisdictionKind::City,
        division_code: None,
        parent: None,
    });
    let unit = |place| SeedUnit { key: named(place), kind: UnitKind::Department, aliases: Vec::new(), members: Vec::new() };
    seed.units.extend((0..UNITS).map(unit));
    let task = |number: usize, units: Vec<usize>| SeedTask {
        number: i32::try_from(number).expect("few") + 1,
        label: None,
        title: format!("任务{number}"),
        summary: None,
        topics: Vec::new(),
        assignments: units.into_iter().map(|unit| (AssignmentRole::Lead, named(unit))).collect(),
        targets: Vec::new(),
    };
    let mut tasks: Vec<SeedTask> = (0..UNITS).map(|unit| task(unit, vec![unit])).collect();
    tasks.push(task(UNITS, (0..UNITS).collect()));
    seed.notices.push(SeedNotice {
        jurisdiction: CITY.into(),
        year,
        title: "测速通知".into(),
        document_number: None,
        issuer: None,
        supervisor: None,
        adoption_method: None,
        adoption_meeting: None,
        issued_on: NaiveDate::from_ymd_opt(year, 1, 5),
        disclosure: None,
        recipients: Vec::new(),
        duties: vec![SeedDuty {
            kind: DutyKind::ProgressReport,
            cadence: Cadence::Weekly,
            obligor: Obligor::LeadUnits,
            description: "每周报告。".into(),
            description_english: "A report every week.".into(),
            grace_days: None,
        }],
        projects: vec![SeedProject { number: 1, title: "项目".into(), tasks }],
    });
    seed
}

async fn post(router: &Router, bearer: Option<&str>, body: &Value) -> Value {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(bearer) = bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let response = router.clone().oneshot(request.body(Body::from(body.to_string())).expect("a request")).await.expect("an answer");
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer
}
