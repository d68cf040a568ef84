//! What a point buys: for every root field of the schema, the processor time of its dearest plain form, by the points that it costs; and the
//! same for forms that were used to attack the service. On the embedded database, with many times the data of the demo.
//! `cargo bench --bench price`; `MINSHENG_BENCH_TIMES` sets how many times the data.
//!
//! It prints the table of `docs/PERFORMANCE.md`, and fails where a root field has no case or a point buys more than five times the median.
//! The ratios are what to read: times are of one machine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

use std::{collections::BTreeSet, env, fs, time::Instant};

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use entity::{AssignmentRole, JurisdictionKind, Role};
use minsheng::{
    access::{password::Password, viewer::Viewer},
    domain::{
        audit::Occasion,
        notices::seed::{Seed, SeedJurisdiction, SeedNotice},
    },
    graphql::sdl,
    service::{
        Call, Clock, Service,
        notices::seed::{Source, check},
        people::account::{InitialPassword, NewAccount},
    },
    store::Database,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// How much processor time a case is measured for, in ticks of a hundredth of a second, and how often at most.
const TICKS: u64 = 60;
const MOST_RUNS: u32 = 200;
/// How much more than the median a point may buy.
const BAR: f64 = 5.0;
const PASSWORD: &str = "wisteria-quilt-57-Ngong";
const SIGN_IN: &str =
    "mutation($u: String!, $p: String!) { signIn(input: { username: $u, password: $p }) { session { accessToken } errors { code } } }";

/// A case: what is asked, and whether by an office instead of the public.
struct Case {
    name: &'static str,
    query: String,
    by_office: bool,
}

struct Measured {
    name: &'static str,
    points: u64,
    /// Milliseconds of the processor, for one request.
    millis: f64,
}

impl Measured {
    fn each(&self) -> f64 {
        self.millis / self.points as f64
    }
}

fn main() {
    minsheng::cli::runtime().expect("a runtime").block_on(measure());
}

async fn measure() {
    let times = env::var("MINSHENG_BENCH_TIMES").map_or(50, |times| times.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::open_file(&folder.path().join("price.db")).await.expect("it opens");
    database.migrate().await.expect("migrated");
    database.load_seed(&check(&Source::Embedded).expect("the seeds are sound")).await.expect("loaded");
    let service = Service::new(database.clone(), Clock::of_the_machine()).expect("a service").as_demonstration(true);
    service.invent_progress(&operator(&service), &|_, _| ()).await.expect("a year");
    database.load_seed(&multiplied(times)).await.expect("loaded");
    let new = NewAccount {
        username: "bench-office".into(),
        role: Role::Office,
        jurisdiction: "jining".into(),
        unit: None,
        external_subject: None,
        password: InitialPassword::Given(Password::new(PASSWORD)),
    };
    service.create_account(&operator(&service), new).await.expect("an account");
    let limits = Limits { objects: 1_000_000, query_seconds: 300, ..Limits::default() };
    let router = http::router(Gate::new(Endpoint::new(service, limits), Proxies::default()));
    let signed_in = post(&router, None, &json!({ "query": SIGN_IN, "variables": { "u": "bench-office", "p": PASSWORD } })).await;
    let token = signed_in["data"]["signIn"]["session"]["accessToken"].as_str().expect("a token").to_owned();
    let ids = ids(&router).await;

    let cases = cases(&ids);
    let named: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    let missing: Vec<String> = root_fields().into_iter().filter(|field| !named.contains(field.as_str())).collect();
    assert!(missing.is_empty(), "these root fields have no case: {missing:?}");
    let (mut measured, mut broken) = (Vec::new(), Vec::new());
    for case in &cases {
        match run(&router, case, &token).await {
            Ok(done) => measured.push(done),
            Err(errors) => broken.push(format!("{}: {errors}", case.name)),
        }
    }
    assert!(broken.is_empty(), "these cases were not answered:\n{}", broken.join("\n"));
    let of_fields: Vec<&Measured> = measured.iter().filter(|measured| !measured.name.contains(' ')).collect();
    let mut each: Vec<f64> = of_fields.iter().map(|measured| measured.each()).collect();
    each.sort_by(f64::total_cmp);
    let median = each[each.len() / 2];
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    println!("{} tasks, profile {profile}, {} cores", 96 * times, std::thread::available_parallelism().map_or(0, usize::from));
    println!("\n| field | points | CPU of a request, ms | CPU of a point, ms | ÷ median |");
    println!("|---|---:|---:|---:|---:|");
    for measured in &measured {
        let Measured { name, points, millis } = measured;
        println!("| {name} | {points} | {millis:.1} | {:.2} | {:.2} |", measured.each(), measured.each() / median);
    }
    let dear: Vec<&str> = measured.iter().filter(|measured| measured.each() > BAR * median).map(|measured| measured.name).collect();
    println!("\nmedian: {median:.2} ms; dearer than {BAR} × the median: {dear:?}");
    if !dear.is_empty() {
        std::process::exit(1);
    }
}

/// Measures a case, or says what is wrong with it.
async fn run(router: &Router, case: &Case, token: &str) -> Result<Measured, Value> {
    let body = json!({ "query": case.query, "extensions": { "cost": true } });
    let token = case.by_office.then_some(token);
    // Once for what is made when it is first wanted.
    let answer = post(router, token, &body).await;
    if let Some(errors) = answer.get("errors") {
        return Err(errors.clone());
    }
    let points = answer["extensions"]["cost"]["points"].as_u64().expect("points");
    let (before, begun, mut runs) = (ticks(), Instant::now(), 0_u32);
    let mut used = 0;
    while used < TICKS && runs < MOST_RUNS {
        post(router, token, &body).await;
        runs += 1;
        used = ticks() - before;
    }
    eprint_progress(case.name, runs, begun);
    Ok(Measured { name: case.name, points, millis: used as f64 * 10.0 / f64::from(runs) })
}

#[allow(clippy::print_stderr, reason = "a long benchmark says where it is")]
fn eprint_progress(name: &str, runs: u32, begun: Instant) {
    eprintln!("{name}: {runs} runs in {:.1?}", begun.elapsed());
}

/// The processor time of this process, in hundredths of a second, as the system keeps it.
fn ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("a system that tells");
    // The name in brackets may hold spaces; user and system time are the 14th and 15th figure of all.
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    rest.split_whitespace().skip(11).take(2).map(|figure| figure.parse::<u64>().expect("a figure")).sum()
}

/// The root fields of queries and subscriptions.
fn root_fields() -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for definition in parse_schema(sdl()).expect("a schema").definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let TypeKind::Object(object) = definition.node.kind
            // A subscription is measured by what it tells: `progressEvents` runs its operation as a query for each event.
            && definition.node.name.node == "Query"
        {
            fields.extend(object.fields.into_iter().map(|field| field.node.name.node.to_string()));
        }
    }
    assert!(fields.len() > 20);
    fields
}

/// Ids of twenty tasks and of one.
struct Ids {
    twenty: String,
    one: String,
}

async fn ids(router: &Router) -> Ids {
    let query = "{ tasks(first: 20, filter: { jurisdiction: [\"jining\"] }) { nodes { id } } }";
    let answer = post(router, None, &json!({ "query": query })).await;
    let ids: Vec<String> = answer["data"]["tasks"]["nodes"].as_array().expect("tasks").iter().map(|task| task["id"].to_string()).collect();
    assert_eq!(ids.len(), 20);
    Ids { one: ids[0].clone(), twenty: ids.join(", ") }
}

fn times(count: usize, field: &str) -> String {
    let fields: Vec<String> = (0..count).map(|place| format!("a{place}: {field}")).collect();
    let fields = fields.join(" ");
    format!("{{ {fields} }}")
}

/// The dearest plain form of each root field, and the requests of known attacks.
fn cases(ids: &Ids) -> Vec<Case> {
    let Ids { twenty, one } = ids;
    let task = "id title summary leadUnits { name } targets { id label value indicator { code } } topics { code }";
    let open = |name, query: &str| Case { name, query: format!("{{ {query} }}"), by_office: false };
    let closed = |name, query: &str| Case { by_office: true, ..open(name, query) };
    let plain = |name, query: String| Case { name, query, by_office: false };
    let by = "by: [JURISDICTION, LEAD_UNIT, TOPIC], limit: 100";
    let compared = format!("compareTasks(ids: [{twenty}]) {{ on }}");
    vec![
        closed("account", "account(username: \"bench-office\") { id username role jurisdiction { name } }"),
        closed("accounts", "accounts(first: 100) { totalCount nodes { id username role } }"),
        closed("auditEvents", "auditEvents(first: 100) { totalCount nodes { id at action changes } }"),
        open("budget", "budget { limits { tokens } cost { points } address { left } }"),
        open("builtInRuleSets", "builtInRuleSets { code name bands { light above } }"),
        open(
            "compareTasks",
            &format!(
                "compareTasks(ids: [{twenty}]) {{ tasks {{ task {{ {task} }} state {{ light completion }} }} indicators {{ shared }} }}"
            ),
        ),
        open("comparison", "comparison(indicator: \"childcare-places-added\") { rows { target completion light rank } absent { year } }"),
        closed(
            "compliance",
            "compliance(jurisdiction: \"jining\", from: \"2022-01-01\", to: \"2024-01-31\") { total { missing } units { missing { kind } } }",
        ),
        open("coverage", "coverage(root: \"jining\", years: [2022, 2023, 2024]) { rows { year cells { taskCount completion } } }"),
        open("indicator", "indicator(code: \"childcare-places-added\") { name targets(first: 100) { totalCount nodes { label value } } }"),
        open("indicators", "indicators(first: 100, filter: { text: \"数\" }) { totalCount nodes { code name } }"),
        open(
            "jurisdiction",
            "jurisdiction(code: \"jining\") { name units(first: 100) { totalCount nodes { name } } notices(first: 10) { totalCount nodes { title } } }",
        ),
        open("jurisdictions", "jurisdictions { code name notices(first: 1) { totalCount } }"),
        closed("leaderDuties", "leaderDuties(jurisdiction: \"yanzhou\", year: 2024) { state period { key } }"),
        open(
            "ledger",
            "ledger(jurisdiction: \"jining\", year: 2022, first: 100) { totalCount summary { completion } nodes { light completion task { title } } }",
        ),
        open("node", &format!("node(id: {one}) {{ id ... on Task {{ {task} state {{ light }} }} }}")),
        open("nodes", &format!("nodes(ids: [{twenty}]) {{ id ... on Task {{ {task} state {{ light }} }} }}")),
        open("notice", &format!("notice(jurisdiction: \"jining\", year: 2022) {{ title projects {{ title tasks {{ {task} }} }} }}")),
        open("notices", "notices(first: 100) { totalCount nodes { title taskCount projectCount } }"),
        open("project", &format!("project(jurisdiction: \"jining\", year: 2022, number: 1) {{ title tasks {{ {task} }} }}")),
        open(
            "projects",
            &format!("projects(first: 100, filter: {{ text: \"建设\" }}) {{ totalCount nodes {{ title tasks {{ {task} }} }} }}"),
        ),
        open(
            "reportGroups",
            "reportGroups(by: [JURISDICTION, UNIT], limit: 100) { groupCount total { compliance { late } } groups { reportCount compliance { late } } }",
        ),
        open("reports", "reports(first: 100) { totalCount nodes { narrative period { key } achievements { value } } }"),
        open("similarTasks", &format!("similarTasks(task: {one}, first: 100) {{ textLikeness task {{ title }} }}")),
        open(
            "task",
            &format!(
                "task(jurisdiction: \"jining\", year: 2022, number: 1) {{ {task} state {{ light }} reports(first: 100) {{ totalCount nodes {{ narrative }} }} }}"
            ),
        ),
        open(
            "taskGroups",
            &format!("taskGroups({by}) {{ groupCount total {{ compliance {{ late }} }} groups {{ taskCount lights {{ count }} }} }}"),
        ),
        open("tasks", &format!("tasks(first: 100, filter: {{ text: \"建设\" }}) {{ totalCount nodes {{ {task} state {{ light }} }} }}")),
        open("topic", "topic(code: \"childcare\") { name tasks(first: 100) { totalCount nodes { title } } }"),
        open("topics", "topics { code tasks(first: 1) { totalCount } indicators(first: 1) { totalCount } }"),
        open("trend", "trend(jurisdiction: \"yanzhou\", indicator: \"childcare-places-added\") { years { year points { completion } } }"),
        open(
            "unit",
            "unit(jurisdiction: \"jining\", name: \"市教育局\") { name assignments(first: 100) { totalCount nodes { task { title } } } }",
        ),
        open("units", "units(first: 100, filter: { text: \"局\" }) { totalCount nodes { name } }"),
        closed("viewer", "viewer { actions sessions { id } dueReports { state task { title } } returnedReports { id } }"),
        plain("30 × compareTasks(20 ids)", times(30, &compared)),
        plain("30 × tasks(text) totalCount", times(30, "tasks(filter: { text: \"建设\" }) { totalCount }")),
        plain("30 × tasks totalCount", times(30, "tasks { totalCount }")),
        plain("30 × reports totalCount", times(30, "reports { totalCount }")),
        plain("30 × tasks(first: 1)", times(30, "tasks(first: 1) { nodes { id } }")),
        plain("30 × task state", times(30, "task(jurisdiction: \"jining\", year: 2022, number: 1) { state { light } }")),
        open("tasks by light", "tasks(filter: { light: [RED] }, first: 1) { nodes { id } }"),
        open("tasks, state of each", "tasks(first: 100) { nodes { state { light completion proof { steps { text } } } } }"),
        open("tasks, breakdown of targets", "tasks(first: 100) { nodes { targets { breakdown { parts { completion } } } } }"),
        open(
            "tasks, standing and reports",
            "tasks(first: 100) { nodes { standing { version } reports(first: 5) { totalCount nodes { id } } } }",
        ),
    ]
}

fn operator(service: &Service) -> Call {
    let occasion = Occasion { at: service.now(), request_id: "bench".into(), address: None };
    Call { viewer: Viewer::Operator, occasion, user_agent: None }
}

/// The five notices, and as many copies of them in made-up jurisdictions as make `times` of each.
fn multiplied(times: usize) -> Seed {
    let mut seed = check(&Source::Embedded).expect("the seeds are sound");
    let originals: Vec<SeedNotice> = seed.notices.clone();
    for copy in 1..times {
        for (index, original) in originals.iter().enumerate() {
            let code = format!("copy-{copy}-{index}");
            seed.jurisdictions.push(SeedJurisdiction {
                code: code.clone(),
                name: code.clone(),
                name_english: code.clone(),
                kind: JurisdictionKind::District,
                division_code: None,
                parent: Some("jining".into()),
            });
            let mut notice = SeedNotice { jurisdiction: code, document_number: None, issuer: None, supervisor: None, ..original.clone() };
            for task in notice.projects.iter_mut().flat_map(|project| &mut project.tasks) {
                task.assignments.retain(|(role, _)| *role == AssignmentRole::Lead);
            }
            seed.notices.push(notice);
        }
    }
    seed
}

async fn post(router: &Router, token: Option<&str>, body: &Value) -> Value {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(body.to_string())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    serde_json::from_slice(&bytes).expect("JSON")
}
