//! What ADR 0022 says of the engine, each with nothing else around it: `cargo run --example engine-defects`.
//!
//! Each line has the expected result, the actual result, and whether the defect is still there. Run this after an upgrade of the engine:
//! `docs/adr/0022-upstream.md` says which code may then be deleted.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    reason = "it tells what it sees, and its resolvers are as short as they can be"
)]

use std::{
    env,
    process::{Command, ExitCode, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use async_graphql::{
    Enum, InputObject, Object, Request, Result, Schema, SimpleObject, Subscription, Variables,
    futures_util::{StreamExt as _, stream},
};
use serde_json::{Value, json};

type Engine = Schema<Query, Mutation, Feed>;

/// How many resolvers have run.
static RUN: AtomicUsize = AtomicUsize::new(0);

/// How long a document of a few kilobytes may take.
const LONGEST: Duration = Duration::from_secs(5);

/// The stack of a thread of the runtime.
const STACK: usize = 2 * 1024 * 1024;

struct Query;
struct Mutation;
struct Feed;

#[derive(SimpleObject, Default)]
struct Thing {
    one: i32,
    other: i32,
}

#[derive(InputObject)]
struct Filter {
    year: Option<i32>,
    #[graphql(default = 20)]
    size: i32,
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Red,
}

struct Broken;

#[Object]
impl Broken {
    async fn value(&self) -> Result<i32> {
        Err("it fails".into())
    }
}

#[Object]
impl Query {
    /// How often it has run.
    async fn count(&self) -> usize {
        RUN.fetch_add(1, Ordering::Relaxed) + 1
    }

    async fn thing(&self) -> Thing {
        Thing::default()
    }

    async fn page(&self, #[graphql(default = 20)] size: i32) -> i32 {
        size
    }

    async fn pages(&self, sizes: Option<Vec<i32>>) -> String {
        format!("{sizes:?}")
    }

    async fn year(&self, year: Option<i32>) -> String {
        format!("{year:?}")
    }

    async fn find(&self, filter: Option<Filter>) -> String {
        filter.map_or_else(|| "nothing".to_owned(), |filter| format!("{:?}, {}", filter.year, filter.size))
    }

    async fn colour(&self, colour: Option<Colour>) -> bool {
        colour == Some(Colour::Red)
    }

    async fn text(&self, text: String) -> String {
        text
    }

    async fn broken(&self) -> Vec<Broken> {
        vec![Broken]
    }

    async fn perhaps(&self) -> Result<Option<i32>> {
        Err("it fails".into())
    }
}

#[Object]
impl Mutation {
    async fn change(&self) -> Thing {
        RUN.fetch_add(1, Ordering::Relaxed);
        Thing::default()
    }
}

#[Subscription]
impl Feed {
    async fn one(&self) -> impl stream::Stream<Item = i32> {
        stream::iter([1])
    }

    async fn other(&self) -> impl stream::Stream<Item = i32> {
        stream::iter([2])
    }
}

/// What came of a request.
struct Came {
    answer: Value,
    run: usize,
}

fn engine() -> Engine {
    Schema::new(Query, Mutation, Feed)
}

/// Waits on this thread, as nothing here waits for anything.
fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}

fn ask_with(engine: &Engine, query: &str, variables: Value) -> Came {
    let before = RUN.load(Ordering::Relaxed);
    let answer = wait(engine.execute(Request::new(query).variables(Variables::from_json(variables))));
    let answer = serde_json::to_value(answer).expect("an answer is JSON");
    Came { answer, run: RUN.load(Ordering::Relaxed) - before }
}

fn ask(query: &str, variables: Value) -> Came {
    ask_with(&engine(), query, variables)
}

impl Came {
    /// Whether it was told before anything ran.
    fn is_refused(&self) -> bool {
        self.answer["errors"].is_array() && self.answer["data"].is_null() && self.run == 0
    }

    fn text(&self) -> String {
        let text = self.answer.to_string();
        let short: String = text.chars().take(160).collect();
        format!("{short}{}{}", if short.len() < text.len() { " …" } else { "" }, ran(self.run))
    }

    fn messages(&self) -> usize {
        let errors = self.answer["errors"].as_array();
        errors.into_iter().flatten().filter_map(|error| error["message"].as_str()).map(str::len).sum()
    }
}

fn ran(run: usize) -> String {
    if run == 0 { String::new() } else { format!("; resolvers that had run: {run}") }
}

/// Tells of the defects, and counts them.
#[derive(Default)]
struct Report {
    there: usize,
    mended: usize,
}

impl Report {
    fn tell(&mut self, name: &str, section: &str, query: &str, wanted: &str, came: &str, is_mended: bool) {
        *(if is_mended { &mut self.mended } else { &mut self.there }) += 1;
        let mark = if is_mended { "MENDED" } else { "defect" };
        println!("\n{mark}: {name} ({section})\n  asked:  {query}\n  wanted: {wanted}\n  came:   {came}");
    }

    /// What must be refused before anything runs. `count` beside it shows whether something did.
    fn refused(&mut self, name: &str, section: &str, query: &str, variables: Value) {
        let asked = if variables.is_null() { query.to_owned() } else { format!("{query} with {variables}") };
        let came = ask(query, variables);
        self.tell(name, section, &asked, "an error of the request, and nothing runs", &came.text(), came.is_refused());
    }

    fn answered(&mut self, name: &str, section: &str, query: &str, variables: Value, wanted: &Value) {
        let asked = if variables.is_null() { query.to_owned() } else { format!("{query} with {variables}") };
        let came = ask(query, variables);
        self.tell(name, section, &asked, &wanted.to_string(), &came.text(), came.answer["data"] == *wanted);
    }

    /// What must be answered in a time that grows with its length, by a process of its own, which it may end.
    fn survives(&mut self, name: &str, section: &str, asked: &str, case: &str) {
        let ended = alone(case);
        let is_mended = ended.as_ref().is_ok_and(|took| *took < LONGEST.as_millis() / 50);
        let told = ended.map_or_else(|what| what, |took| format!("an answer after {took} ms"));
        self.tell(name, section, asked, "an answer within some milliseconds", &told, is_mended);
    }
}

fn part(title: &str) {
    println!("\n# {title}");
}

/// How many milliseconds a case took in a process of its own, or how that ended.
fn alone(case: &str) -> Result<u128, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let mut child =
        Command::new(program).arg(case).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(|error| error.to_string())?;
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return if status.success() { Ok(began.elapsed().as_millis()) } else { Err(format!("the process ended: {status}")) };
        }
        if began.elapsed() > LONGEST {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("no answer within {} seconds", LONGEST.as_secs()));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// So many pieces.
fn times(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

/// The documents that may end the process.
fn hostile(case: &str) -> (String, Value) {
    let doubled = |last: &str| {
        let each = times(24, |level| format!("fragment f{level} on Query {{ ...f{0} ...f{0} }} ", level + 1));
        format!("{{ ...f0 }} {each} fragment f24 on Query {{ {last} }}")
    };
    match case {
        "brackets" => (format!("{{ pages(sizes: {}{}) }}", "[".repeat(2_000), "]".repeat(2_000)), Value::Null),
        "doubled" => (doubled("count"), Value::Null),
        "nowhere" => (doubled("...nowhere"), Value::Null),
        "copies" => {
            let uses = times(400, |index| format!("a{index}: pages(sizes: $v) "));
            (format!("query($v: [Int!]) {{ {uses} unknown }}"), json!({ "v": vec![1; 90_000] }))
        }
        _ => ("query($v: [Nothing!] = [1]) { thing { one } }".to_owned(), Value::Null),
    }
}

fn main() -> ExitCode {
    if let Some(case) = env::args().nth(1) {
        // Where documents are read in a service.
        let reader = thread::Builder::new().stack_size(STACK).spawn(move || {
            let (query, variables) = hostile(&case);
            ask(&query, variables)
        });
        return if reader.is_ok_and(|reader| reader.join().is_ok()) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let mut report = Report::default();
    escapes(&mut report);
    left_out(&mut report);
    merging(&mut report);
    values(&mut report);
    errors(&mut report);
    operations(&mut report);
    costs(&mut report);
    println!("\nDefects: {}. Mended: {}.", report.there, report.mended);
    ExitCode::SUCCESS
}

/// `unescape`.
fn escapes(report: &mut Report) {
    part("Escapes: src/graphql/unescape.rs");
    let smile = json!({ "text": "\u{1F600}" });
    report.answered("an escape in braces is no syntax", "2.9.4 of September 2025", r#"{ text(text: "\u{1F600}") }"#, Value::Null, &smile);
    report.answered(
        "a pair of surrogates is no syntax",
        "2.9.4 of September 2025",
        r#"{ text(text: "\ud83d\ude00") }"#,
        Value::Null,
        &smile,
    );
}

/// `absent_variables`.
fn left_out(report: &mut Report) {
    part("Variables that are left out: src/graphql/absent_variables.rs, `missing_variable`");
    report.answered(
        "the default of an argument does not hold",
        "6.4.1",
        "query($n: Int) { page(size: $n) }",
        json!({}),
        &json!({ "page": 20 }),
    );
    report.refused(
        "nothing of an argument is checked that has one",
        "5.6.2",
        "query($y: Int) { count find(filter: {year: $y, nothing: 1}) }",
        json!({}),
    );
    report.refused("a variable that must be given is not", "6.1.2", "query($t: Int!) { count year(year: $t) }", json!({}));
}

/// `limit/merge`.
fn merging(report: &mut Report) {
    part("Fields that merge: src/graphql/limit/merge.rs, `repeats`, `root::too_much`");
    report.refused("fields below merged fields differ", "5.3.2", "{ count thing { x: one } thing { x: other } }", Value::Null);
    let came = ask("{ count count }", Value::Null);
    report.tell("a field that is selected twice runs twice", "6.3.2", "{ count count }", "it runs once", &came.text(), came.run == 1);
    let query = "mutation { change { one } change { other } }";
    let came = ask(query, Value::Null);
    report.tell("so does a change", "6.3.2", query, "it runs once", &came.text(), came.run == 1);
    let query = "mutation { ...F ...F } fragment F on Mutation { change { one } }";
    let came = ask(query, Value::Null);
    report.tell("so does one in a fragment that is spread twice", "6.3.2", query, "it runs once", &came.text(), came.run == 1);
    let sizes = [100, 200].map(|count| {
        let arguments = times(count, |index| format!("x{index}: 1 "));
        ask(&format!("{{ page({arguments}) {} }}", "page ".repeat(count)), Value::Null).messages()
    });
    report.tell(
        "each conflict is told with each argument",
        "5.3.2",
        "{ page(x1: 1 x2: 1 …) page page … }, with 100 of each, and with 200",
        "messages that grow no faster than the document",
        &format!("{} and {} bytes of messages", sizes[0], sizes[1]),
        sizes[1] <= sizes[0] * 3,
    );
}

/// `coercion`.
fn values(report: &mut Report) {
    part("Values, variables and directives: src/graphql/coercion");
    let null = || Value::Null;
    report.refused("a variable stands where another type is wanted", "5.8.5", "query($n: String) { count year(year: $n) }", json!({}));
    report.refused(
        "a variable may be null where null may not be",
        "5.8.5",
        "query($t: String) { count text(text: $t) }",
        json!({ "t": "x" }),
    );
    report.refused("a number is out of the range of Int", "3.5.1, 5.6.1", "{ count year(year: 3000000000) }", null());
    report.refused("the same in a variable", "3.5.1, 6.1.2", "query($y: Int) { count year(year: $y) }", json!({ "y": 3_000_000_000_u64 }));
    report.refused("a number is given for an input object", "5.6.1", "{ count find(filter: 7) }", null());
    report.refused("the same in a variable", "6.1.2", "query($f: Filter) { count find(filter: $f) }", json!({ "f": 7 }));
    report.refused("a text is given for a word of an enumeration", "3.9, 5.6.1", "{ count colour(colour: \"RED\") }", null());
    report.refused("the name of a type has a selection", "5.3.3", "{ count __typename { x } }", null());
    report.refused("the name of a type has arguments", "5.4.1", "{ count __typename(x: 1) }", null());
    report.refused("the name of a type has a directive that there is not", "5.7.1", "{ count __typename @nothing }", null());
    report.refused(
        "a variable has a directive that there is not",
        "5.7.1",
        "query($n: Int @nothing) { count page(size: $n) }",
        json!({ "n": 1 }),
    );
    let came = alone("default");
    let is_mended = came.is_ok();
    let came = came.map_or_else(|what| what, |_| "an answer".to_owned());
    let query = hostile("default").0;
    report.tell("a variable of a type that there is not has a default", "5.8.2", &query, "an error of the request", &came, is_mended);
}

/// `error`.
fn errors(report: &mut Report) {
    part("Errors: src/graphql/error.rs, `engine_message`");
    let path = |query: &str| ask(query, Value::Null).answer["errors"][0]["path"].clone();
    let came = path("{ broken { value } }");
    report.tell(
        "the path ends at the index of a list of what is never null",
        "7.1.2",
        "{ broken { value } }",
        r#"["broken",0,"value"]"#,
        &came.to_string(),
        came == json!(["broken", 0, "value"]),
    );
    report.answered(
        "a nullable field of Result<Option<T>> fails as if it were never null",
        "6.4.4",
        "{ page perhaps }",
        Value::Null,
        &json!({ "page": 20, "perhaps": null }),
    );
    let (syntax, unknown, failed) = (ask("{", Value::Null), ask("{ nothing }", Value::Null), ask("{ broken { value } }", Value::Null));
    let codes = [syntax, unknown, failed].map(|came| came.answer["errors"][0]["extensions"]["code"].clone());
    report.tell(
        "nothing tells documents that are not valid from fields that fail",
        "no section; HTTP needs it",
        "{ and { nothing } and { broken { value } }",
        "codes",
        &json!(codes).to_string(),
        codes.iter().all(Value::is_string),
    );
    let came = ask(&format!("{{ {} !", "count ".repeat(10_000)), Value::Null);
    report.tell(
        "an error of syntax quotes the whole line",
        "no section",
        "{ count count … !, 60 KB in a line",
        "a message of a bounded length",
        &format!("{} bytes of messages", came.messages()),
        came.messages() < 1_000,
    );
}

/// `root::not_one` and `limit/text`.
fn operations(report: &mut Report) {
    part("Operations: `root::not_one`, `limit/text`");
    let ask = |query: &str| -> Vec<Value> {
        let answers = wait(engine().execute_stream(query).collect::<Vec<_>>());
        answers.into_iter().filter_map(|answer| serde_json::to_value(answer).ok()).collect()
    };
    let query = "subscription { one other }";
    let came = ask(query);
    let is_mended = came.len() == 1 && came[0]["errors"].is_array();
    report.tell("a subscription has two fields", "5.2.3.1", query, "an error of the request", &json!(came).to_string(), is_mended);
    let query = "subscription { ...F } fragment F on Feed { one }";
    let came = ask(query);
    report.tell(
        "the field of a subscription is in a fragment",
        "6.2.3",
        query,
        "one event",
        &json!(came).to_string(),
        came == [json!({ "data": { "one": 1 } })],
    );
    report.refused("a name stands twice in an input object", "5.6.3", "{ count find(filter: {year: 1, year: 2}) }", Value::Null);
}

/// `limit`, where a limit of ours stays whatever is mended.
fn costs(report: &mut Report) {
    part("What a document may cost: src/graphql/limit, which stays");
    report.survives("the parser goes down a frame a bracket", "no section", "{ pages(sizes: [[[[… ]]]]) }, 2000 brackets", "brackets");
    report.survives(
        "validation walks a fragment for every spread",
        "no section",
        "24 fragments that each spread the next twice",
        "doubled",
    );
    report.survives("the same where the last is not there", "5.5.2.1", "the same, and the last spreads ...nowhere", "nowhere");
    report.survives(
        "a variable is copied for every use, before the document is refused",
        "no section",
        "400 uses of a list of 90 000, and an unknown field",
        "copies",
    );
    let limited = Schema::build(Query, Mutation, Feed).limit_depth(8).limit_complexity(60).finish();
    let came = ask_with(&limited, include_str!("../../tests/limits/introspection.graphql"), Value::Null);
    report.tell(
        "depth and complexity count introspection",
        "4.2",
        "the usual introspection, with limit_depth(8) and limit_complexity(60)",
        "the schema",
        &came.text(),
        came.answer["errors"].is_null(),
    );
}
