//! Each limit at its edge, what a refusal says, and what a client learns of its budget.

use std::net::IpAddr;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use endpoint::Limits;
use entity::Role;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::{App, Reply, generous},
        follow::Stream,
    },
};

cases![
    a_refusal_names_the_limit,
    a_body_is_so_large_at_most,
    a_body_comes_in_time,
    what_a_subscription_keeps_is_bounded,
    documents_are_held_at_the_edge,
    pages_are_as_long_as_is_set,
    an_answer_has_so_many_objects,
    so_many_errors_are_told,
    a_slow_query_is_stopped,
    introspection_has_a_budget_of_its_own,
    the_playground_works_within_all_limits,
    a_client_that_asks_too_often_waits,
    an_account_has_an_allowance_of_its_own,
    large_answers_cost_more,
    changes_cost_more,
    clients_learn_their_budget,
    what_is_made_to_cost_is_refused_and_ends_nothing,
];

const GRAPHQL: &str = "application/graphql-response+json";

async fn post_body(app: &App, body: String) -> Reply {
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", GRAPHQL);
    app.send(request.body(Body::from(body)).expect("a request")).await
}

/// What an only error says of its limit.
fn said(reply: &Reply) -> Value {
    assert_eq!(reply.body["errors"].as_array().map(Vec::len), Some(1), "{}", reply.text);
    let extensions = &reply.body["errors"][0]["extensions"];
    json!([extensions["code"], extensions["limit"], extensions["value"], extensions["counted"]])
}

/// So many pieces.
fn times(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

async fn a_refusal_names_the_limit(app: App) {
    let query = format!("{{ {} }}", "topics { code } ".repeat(31));
    let reply = app.post_with(&query, json!({}), &[("accept", GRAPHQL), ("accept-language", "en")]).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        reply.body,
        json!({ "errors": [{
            "message": "Too much: at most 30 root fields, these are 31. Ask in several requests.",
            "extensions": { "code": "QUERY_TOO_COMPLEX", "limit": "rootFields", "value": 30, "counted": 31 },
        }] })
    );
}

async fn a_body_is_so_large_at_most(app: App) {
    let app = app.within(Limits { body_bytes: 2_000, ..generous() });
    let body = |bytes: usize| {
        let empty = json!({ "query": "{ __typename }", "ignored": "" }).to_string();
        json!({ "query": "{ __typename }", "ignored": " ".repeat(bytes - empty.len()) }).to_string()
    };
    assert_eq!(body(2_000).len(), 2_000);
    assert_eq!(post_body(&app, body(2_000)).await.status, StatusCode::OK);
    let request = Request::post("/graphql").header("content-type", "application/json").header("content-length", "2001");
    let refused = app.send(request.body(Body::from(body(2_001))).expect("a request")).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(said(&refused), json!(["QUERY_TOO_COMPLEX", "bodyBytes", 2_000, 2_001]));
}

async fn a_body_comes_in_time(app: App) {
    let app = app.within(Limits { body_seconds: 1, ..generous() });
    let begun = futures_util::stream::once(async { Ok::<_, std::io::Error>("{") }).chain(futures_util::stream::pending());
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", GRAPHQL);
    let refused = app.send(request.body(Body::from_stream(begun)).expect("a request")).await;
    assert_eq!(refused.status, StatusCode::REQUEST_TIMEOUT);
    let extensions = json!({ "code": "TIMEOUT", "limit": "bodySeconds", "value": 1 });
    assert_eq!(refused.body["errors"][0]["extensions"], extensions);
}

async fn what_a_subscription_keeps_is_bounded(app: App) {
    let app = app.within(Limits { following_bytes: 1_024, ..generous() });
    let document = "subscription($j: String!) { progressEvents(jurisdiction: $j) { id } }";
    let body = json!({ "query": document, "variables": { "j": "x".repeat(1_024) } }).to_string();
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", "text/event-stream");
    let refused = app.send(request.body(Body::from(body)).expect("a request")).await;
    let counted = document.len() + json!({ "j": "x".repeat(1_024) }).to_string().len();
    assert_eq!(said(&refused), json!(["QUERY_TOO_COMPLEX", "followingBytes", 1_024, counted]));
    // What nobody can use is not kept, and does not count.
    let served = app.serve().await;
    let stream = Stream::post(&served, document, json!({ "j": "jining", "x": vec![1; 2_000] }), &[]).await;
    assert!(stream.head.starts_with("http/1.1 200"), "{}", stream.head);
    drop(stream);
    served.stop().await;
}

/// What the unit tests of `graphql/limit` count exactly is the same through the router.
async fn documents_are_held_at_the_edge(app: App) {
    let limits = Limits {
        document_bytes: 3_000,
        tokens: 500,
        nesting: 16,
        value_depth: 4,
        values: 1_000,
        operations: 2,
        fragments: 10,
        depth: 10,
        fields: 100,
        aliases: 10,
        directives: 10,
        arguments: 20,
        root_fields: 10,
        repeats: 10,
        changes: 2,
        following_bytes: 1_024,
        ..generous()
    };
    let app = app.within(limits);
    let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let wide = |count: usize| format!("{{ topics {{ {} }} }}", times(count, |index| format!("a{index}: code ")));
    let parents = |depth: usize| format!("{{ jurisdictions {{ {} code {} }} }}", "parent { ".repeat(depth), "}".repeat(depth));
    let spaced = |bytes: usize| format!("{{ topics {{ code }}{}}}", " ".repeat(bytes - 18));
    assert_eq!(spaced(3_000).len(), 3_000);
    // Beside the document: the request, its two fields and the list.
    let unused = |count: usize| json!({ "v": vec![1; count - 4] });
    for (limit, value, allowed, refused) in [
        ("documentBytes", 3_000, (spaced(3_000), json!({})), (spaced(3_001), json!({}))),
        ("values", 1_000, ("{ topics { code } }".to_owned(), unused(1_000)), ("{ topics { code } }".to_owned(), unused(1_001))),
        ("aliases", 10, (wide(10), json!({})), (wide(11), json!({}))),
        ("depth", 10, (parents(8), json!({})), (parents(9), json!({}))),
        (
            "valueDepth",
            4,
            ("{ topics { code } }".to_owned(), json!({ "unused": nested(4) })),
            ("{ topics { code } }".to_owned(), json!({ "unused": nested(5) })),
        ),
        (
            "repeats",
            10,
            (format!("{{ topics {{ {} }} }}", "code ".repeat(11)), json!({})),
            (format!("{{ topics {{ {} }} }}", "code ".repeat(12)), json!({})),
        ),
        (
            "operations",
            2,
            // Which of several is meant is said by name alone, so one that is not chosen is no other refusal.
            ("query { topics { code } }".to_owned(), json!({})),
            ("query A { topics { code } } query B { topics { code } } query C { topics { code } }".to_owned(), json!({})),
        ),
        (
            "values",
            1_000,
            ("query($v: [Int!]) { tasks(filter: { year: $v }) { totalCount } }".to_owned(), json!({ "v": vec![2024; 90] })),
            ("query($v: [Int!]) { tasks(filter: { year: $v }) { totalCount } }".to_owned(), json!({ "v": vec![2024; 998] })),
        ),
        (
            "changes",
            2,
            ("mutation { a: signOut { ended } b: signOut { ended } }".to_owned(), json!({})),
            ("mutation { a: signOut { ended } b: signOut { ended } c: signOut { ended } }".to_owned(), json!({})),
        ),
    ] {
        let reply = app.post(&allowed.0, allowed.1).await;
        assert!(!reply.text.contains("QUERY_TOO_COMPLEX") && reply.body.get("data").is_some(), "{limit}: {}", reply.text);
        let reply = said(&app.post(&refused.0, refused.1).await);
        assert_eq!((&reply[0], &reply[1], &reply[2]), (&json!("QUERY_TOO_COMPLEX"), &json!(limit), &json!(value)), "{limit}");
        assert!(reply[3].as_u64().expect("a count") > value, "{limit}");
    }
    let complexity = app.within(Limits { complexity: 10_000, ..generous() });
    let pages = |first: usize| format!("{{ tasks(first: {first}) {{ nodes {{ a: title {} }} }} }}", "id ".repeat(98));
    // 2 of the page, and 100 of each row.
    assert_eq!(complexity.post(&pages(99), json!({})).await.body.get("errors"), None);
    let refused = complexity.post(&pages(100), json!({})).await;
    assert_eq!(said(&refused), json!(["QUERY_TOO_COMPLEX", "complexity", 10_000, 10_002]));
}

async fn pages_are_as_long_as_is_set(app: App) {
    let app = app.within(Limits { page_size: 30, ..generous() });
    assert!(app.data("{ tasks(first: 30) { totalCount } }", json!({})).await["tasks"].is_object());
    assert_eq!(app.error("{ tasks(first: 31) { totalCount } }", json!({})).await["extensions"]["argument"], "first");
    assert_eq!(app.error("{ tasks(last: 31) { totalCount } }", json!({})).await["extensions"]["argument"], "last");
    let ids = |count: usize| json!({ "ids": vec!["task_01h455vb4pex5vsknk084sn02q"; count] });
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert!(app.data(query, ids(30)).await["nodes"].is_array());
    assert_eq!(app.error(query, ids(31)).await["extensions"]["argument"], "ids");
}

async fn an_answer_has_so_many_objects(app: App) {
    let app = app.within(Limits { objects: 1_000, ..generous() });
    let pages = |count: usize| format!("{{ {} }}", times(count, |index| format!("a{index}: tasks(first: 100) {{ totalCount }} ")));
    assert_eq!(app.post(&pages(10), json!({})).await.body.get("errors"), None);
    let refused = app.post(&pages(11), json!({})).await;
    assert_eq!(said(&refused), json!(["QUERY_TOO_COMPLEX", "objects", 1_000, 1_100]));
}

async fn so_many_errors_are_told(app: App) {
    let app = app.within(Limits { errors: 3, ..generous() });
    let wrong = |count: usize| format!("{{ {} }}", times(count, |index| format!("a{index}: node(id: \"x\") {{ id }} ")));
    let all = app.post(&wrong(3), json!({})).await.body;
    assert_eq!((all["errors"].as_array().map(Vec::len), all.get("extensions")), (Some(3), None));
    let some = app.post(&wrong(10), json!({})).await.body;
    assert_eq!((some["errors"].as_array().map(Vec::len), &some["extensions"]), (Some(3), &json!({ "omittedErrors": 7 })));
    let unknown = app.post("{ a b c d e }", json!({})).await.body;
    assert_eq!((unknown["errors"].as_array().map(Vec::len), &unknown["extensions"]), (Some(3), &json!({ "omittedErrors": 2 })));
}

async fn a_slow_query_is_stopped(app: App) {
    use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
    // Whoever holds the rows keeps a query waiting on PostgreSQL alone: SQLite reads past it.
    if app.backend.to_string() != "postgres" {
        return;
    }
    let app = app.within(Limits { query_seconds: 1, ..generous() });
    let holding = app.raw.begin().await.expect("a transaction");
    holding.execute_unprepared("LOCK TABLE task IN ACCESS EXCLUSIVE MODE").await.expect("locked");
    let error = app.error("{ tasks(first: 1) { totalCount } }", json!({})).await;
    assert_eq!(error["extensions"], json!({ "code": "TIMEOUT", "limit": "querySeconds", "value": 1 }));
    holding.rollback().await.expect("released");
    assert!(app.data("{ tasks(first: 1) { totalCount } }", json!({})).await["tasks"].is_object());
}

async fn introspection_has_a_budget_of_its_own(app: App) {
    // Far deeper and wider than a query may be here.
    let tight = Limits { depth: 10, fields: 100, ..generous() };
    let app = app.within(tight);
    assert!(app.data(INTROSPECTION, json!({})).await["__schema"]["types"].is_array());
    let off = app.within(Limits { introspection: false, ..generous() });
    let error = off.error(INTROSPECTION, json!({})).await;
    let told = json!({ "code": "GRAPHQL_VALIDATION_FAILED", "limit": "introspection", "value": false, "counted": 1 });
    assert_eq!(error["extensions"], told);
    assert!(error["message"].as_str().expect("a message").contains("schema.graphql"), "{error}");
    assert_eq!(off.data("{ __typename }", json!({})).await, json!({ "__typename": "Query" }));
}

async fn the_playground_works_within_all_limits(app: App) {
    let app = app.within(Limits::default());
    let data = app.data(INTROSPECTION, json!({})).await;
    assert!(data["__schema"]["types"].as_array().is_some_and(|types| types.len() > 100));
}

async fn from(app: &App, address: &str, query: &str) -> Reply {
    let request = Request::post("/graphql").header("content-type", "application/json");
    let body = json!({ "query": query }).to_string();
    app.send_from(address.parse::<IpAddr>().expect("an address"), request.body(Body::from(body)).expect("a request")).await
}

async fn a_client_that_asks_too_often_waits(app: App) {
    // Two a minute: one at once, the next in half a minute.
    let app = app.within(Limits { address_points: 2, ..generous() });
    assert_eq!(from(&app, "2001:db8::1", "{ __typename }").await.status, StatusCode::OK);
    let refused = from(&app, "2001:db8::2", "{ __typename }").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers["retry-after"].to_str().expect("a text").parse().expect("a number");
    assert!((1..=30).contains(&seconds), "{seconds}");
    let extensions = &refused.body["errors"][0]["extensions"];
    assert_eq!(extensions, &json!({ "code": "RATE_LIMITED", "limit": "addressPoints", "value": 2, "retryAfter": seconds }));
    assert!(refused.body.get("data").is_none());
    // What is no request counts too, and other networks do not.
    assert_eq!(from(&app, "2001:db8:0:1::1", "{").await.status, StatusCode::OK);
    assert_eq!(from(&app, "2001:db8:0:1::1", "{ __typename }").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from(&app, "192.0.2.7", "{ __typename }").await.status, StatusCode::OK);
    // A file is asked for as anything else is.
    let file = async |address: &str| {
        let request = Request::get("/export/notice.csv?jurisdiction=yanzhou&year=2024");
        app.send_from(address.parse().expect("an address"), request.body(Body::empty()).expect("a request")).await
    };
    assert_eq!(file("192.0.2.8").await.status, StatusCode::OK);
    let refused = file("192.0.2.8").await;
    assert_eq!(
        (refused.status, &refused.body["errors"][0]["extensions"]["limit"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("addressPoints"))
    );
    assert!(refused.headers.contains_key("retry-after"));
    // This machine is not limited.
    for _ in 0..5 {
        assert_eq!(from(&app, "127.0.0.1", "{ __typename }").await.status, StatusCode::OK);
    }
}

async fn an_account_has_an_allowance_of_its_own(app: App) {
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let bearer = format!("Bearer {}", office.bearer());
    let ask = async |app: &App, address: [u8; 4]| {
        let request = Request::post("/graphql").header("content-type", "application/json").header("authorization", &bearer);
        let body = json!({ "query": "{ viewer { account { username } } }" }).to_string();
        app.send_from(IpAddr::from(address), request.body(Body::from(body)).expect("a request")).await
    };
    let app = app.replica().within(Limits { account_points: 2, ..generous() });
    assert_eq!(ask(&app, [192, 0, 2, 1]).await.status, StatusCode::OK);
    let refused = ask(&app, [198, 51, 100, 1]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "from wherever it asks");
    assert_eq!(refused.body["errors"][0]["extensions"]["limit"], "accountPoints");
    assert!(app.data("{ topics { code } }", json!({})).await["topics"].is_array(), "the public is another client");
}

async fn large_answers_cost_more(app: App) {
    // Sixty a minute, thirty at once.
    let app = app.within(Limits { address_points: 60, ..generous() });
    let large =
        "{ tasks(first: 100) { nodes { id title targets { id value indicator { id name } } assignments { id unit { id name } } } } }";
    let cost = app.post(&large.replace("nodes", "pageInfo { hasNextPage } nodes"), json!({})).await;
    assert_eq!(cost.status, StatusCode::OK);
    let mut answered = 1;
    while app.post(large, json!({})).await.status == StatusCode::OK {
        answered += 1;
        assert!(answered < 30, "each costs more than one point");
    }
    assert!(answered > 2, "{answered}");
}

/// A change costs 20 points and a sign-in 10, whatever becomes of them and however often a fragment repeats them.
async fn changes_cost_more(app: App) {
    let cost = async |query: &str| {
        let body = json!({ "query": query, "extensions": { "cost": true } }).to_string();
        post_body(&app, body).await.body["extensions"]["cost"]["points"].clone()
    };
    assert_eq!(cost("mutation { signOut { ended } }").await, 1 + 20);
    assert_eq!(
        cost("mutation { a: signOut { ended } b: signOutEverywhere { ended } ...F } fragment F on Mutation { c: signOut { ended } }").await,
        1 + 3 * 20
    );
    let sign_in = "mutation { signIn(input: { username: \"nobody\", password: \"wrong\" }) { errors { code } } }";
    assert_eq!(cost(sign_in).await, 1 + 10);
    // Thirty points can be used at once.
    let app = app.within(Limits { address_points: 60, ..generous() });
    assert_eq!(app.post("mutation { signOut { ended } }", json!({})).await.status, StatusCode::OK);
    let refused = app.post("mutation { signOut { ended } }", json!({})).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text);
    assert_eq!(refused.body["errors"][0]["extensions"]["limit"], "addressPoints");
}

async fn clients_learn_their_budget(app: App) {
    let app = app.within(Limits { address_points: 600, tokens: 1_234, ..generous() });
    let query =
        "{ budget { limits { tokens pageSize introspection } cost { points complexity } address { perMinute left } account { left } } }";
    let budget = app.data(query, json!({})).await;
    let expected = json!({ "budget": {
        "limits": { "tokens": 1_234, "pageSize": 100, "introspection": true },
        "cost": { "points": 1, "complexity": 13 },
        "address": { "perMinute": 600, "left": 299 },
        "account": null,
    } });
    assert_eq!(budget, expected);
    let office = app.actor("office", Role::Office, "yanzhou").await;
    assert_eq!(office.data(query, json!({})).await["budget"]["account"], json!({ "left": null }), "accounts are not limited here");
    // Beside the answer, for whoever asks for it.
    let body = json!({ "query": "{ topics { code } }", "extensions": { "cost": true } }).to_string();
    let cost = post_body(&app, body).await.body["extensions"]["cost"].clone();
    assert_eq!((&cost["points"], &cost["complexity"], &cost["introspection"]), (&json!(1), &json!(41), &json!(0)));
    assert!(cost["objects"].as_u64().is_some_and(|objects| objects > 5), "{cost}");
    assert!(app.post("{ topics { code } }", json!({})).await.body.get("extensions").is_none());
}

#[path = "../../endpoint/benches/refusal/cases.rs"]
mod costly;

/// What the documents of the benchmark are called here: it asks a library.
const WORDS: [(&str, &str); 7] = [
    ("genres", "topics"),
    ("books", "tasks"),
    ("BookFilter", "TaskFilter"),
    ("... on Book ", "... on Task "),
    ("... on Series ", "... on Project "),
    ("saveOrders(input:", "submitProgressBatch(inputs:"),
    ("SaveOrderInput", "SubmitProgressInput"),
];

/// The same as the benchmark measures, somewhat smaller.
async fn what_is_made_to_cost_is_refused_and_ends_nothing(app: App) {
    for case in costly::cases(200_000, 100_000, 15_000) {
        let mut request = Request::post("/graphql").header("content-type", "application/json").header("accept", GRAPHQL);
        if let Some((name, value)) = case.header {
            request = request.header(name, value);
        }
        let body = WORDS.iter().fold(case.body, |body, (theirs, ours)| body.replace(theirs, ours));
        let reply = app.send(request.body(Body::from(body)).expect("a request")).await;
        assert!(!reply.status.is_server_error(), "{}: {}", case.name, reply.status);
        let errors = reply.body["errors"].as_array().map_or(0, Vec::len);
        assert!(reply.body.get("data").is_some() || (1..=100).contains(&errors), "{}: {errors}", case.name);
        assert!(reply.text.len() < 100_000, "{}: {} bytes", case.name, reply.text.len());
    }
    assert_eq!(app.data("{ __typename }", json!({})).await["__typename"], "Query");
}

/// What GraphiQL 3 asks for when it opens.
const INTROSPECTION: &str = include_str!("introspection.graphql");
