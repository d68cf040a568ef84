//! Where the engine departs from the specification and we do not: what is valid, what is null, and where an error came about.

use axum::http::StatusCode;
use serde_json::json;

use crate::{cases, support::app::App};

cases![
    the_path_of_an_error_is_complete,
    a_failed_field_nulls_its_nearest_nullable_parent,
    numbers_out_of_range_are_not_valid,
    variables_fit_their_places,
    what_is_left_out_of_an_object_hides_nothing,
    a_name_twice_in_a_value_is_not_valid,
    a_name_twice_in_variables_is_refused,
    fields_that_cannot_be_merged_are_not_valid,
    an_argument_keeps_its_default_where_its_variable_is_left_out,
    a_list_of_requests_is_refused_in_words,
    escapes_of_other_planes_are_understood,
    no_text_of_the_database_gets_out,
    what_is_wrong_with_a_document_is_told_in_chinese,
];

/// The only error of a query in English, and the status of its answer.
async fn refused(app: &App, query: &str, variables: serde_json::Value) -> (StatusCode, serde_json::Value) {
    let headers = [("accept", "application/graphql-response+json"), ("accept-language", "en")];
    let reply = app.post_with(query, variables, &headers).await;
    assert_eq!(reply.body["errors"].as_array().map(Vec::len), Some(1), "{query}: {}", reply.text);
    (reply.status, reply.body["errors"][0].clone())
}

async fn variables_fit_their_places(app: App) {
    for (query, variables) in [
        ("query($x: Boolean) { topics @include(if: $x) { code } }", json!({})),
        ("query($n: String) { tasks(first: $n) { totalCount } }", json!({})),
        ("query($c: String) { jurisdiction(code: $c) { name } }", json!({ "c": "yanzhou" })),
        ("query($y: Int) { tasks(filter: { year: [$y] }) { totalCount } }", json!({})),
        ("{ topics { __typename { x } } }", json!({})),
    ] {
        let (status, error) = refused(&app, query, variables).await;
        assert_eq!((status, &error["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("GRAPHQL_VALIDATION_FAILED")), "{query}");
    }
}

async fn the_path_of_an_error_is_complete(app: App) {
    let query = "{ jurisdictions { units(first: 1, after: \"x\") { nodes { name } } } }";
    let (status, error) = refused(&app, query, json!({})).await;
    assert_eq!((status, &error["path"]), (StatusCode::OK, &json!(["jurisdictions", 0, "units"])));
    // Lists within lists, and keys that are aliases.
    let query = "{ jurisdiction(code: \"jining\") { all: children { some: children { units(first: 0) { totalCount } } units(first: 0) { totalCount } } } }";
    let reply = app.post(query, json!({})).await;
    let path = &reply.body["errors"][0]["path"];
    assert_eq!((&path[0], &path[1], &path[3]), (&json!("jurisdiction"), &json!("all"), &json!("units")), "{}", reply.text);
    let query = "{ notice(jurisdiction: \"jining\", year: 2022) { projects { tasks { row: assignments { unit { units: assignments(first: 0) { totalCount } } } } } } }";
    let reply = app.post(query, json!({})).await;
    let path = reply.body["errors"][0]["path"].as_array().expect("a path");
    let names: Vec<_> = path.iter().filter_map(|segment| segment.as_str()).collect();
    assert_eq!(names, ["notice", "projects", "tasks", "row", "unit", "units"], "{path:?}");
    assert_eq!(path.len() - names.len(), 3, "an index for each list: {path:?}");
}

async fn a_failed_field_nulls_its_nearest_nullable_parent(app: App) {
    let query =
        "{ good: jurisdiction(code: \"jining\") { name } bad: jurisdiction(code: \"yanzhou\") { name units(first: 0) { totalCount } } }";
    let reply = app.post(query, json!({})).await;
    assert_eq!(reply.body["data"], json!({ "good": { "name": "济宁市" }, "bad": null }));
    assert_eq!(reply.body["errors"][0]["path"], json!(["bad", "units"]));
    let reply = app.post("{ node(id: \"x\") { id } topics { code } }", json!({})).await;
    assert!(reply.body["data"]["node"].is_null() && reply.body["data"]["topics"].is_array(), "{}", reply.text);
}

async fn numbers_out_of_range_are_not_valid(app: App) {
    for (query, variables, argument) in [
        ("{ topics { code } tasks(first: 2147483648) { totalCount } }", json!({}), "first"),
        ("query($n: Int) { topics { code } tasks(first: $n) { totalCount } }", json!({ "n": 4_000_000_000_u64 }), "n"),
        ("{ tasks(filter: { year: [99999999999] }) { totalCount } }", json!({}), "filter.year.0"),
        ("{ tasks(filter: 7) { totalCount } }", json!({}), "filter"),
        ("{ units(filter: { kind: \"DEPARTMENT\" }) { totalCount } }", json!({}), "filter.kind"),
    ] {
        let (status, error) = refused(&app, query, variables).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(error["extensions"], json!({ "code": "GRAPHQL_VALIDATION_FAILED", "argument": argument }), "{query}");
        assert!(error["locations"][0]["line"] == 1 && error.get("path").is_none(), "{error}");
    }
}

async fn what_is_left_out_of_an_object_hides_nothing(app: App) {
    for (query, variables) in [
        ("query($p: String) { tasks(filter: { text: $p, yeer: [1999] }) { totalCount } }", json!({})),
        ("query($f: TaskFilter) { tasks(filter: $f) { totalCount } }", json!({ "f": { "yeer": [1999] } })),
        (
            "query($l: [StatusLight!], $s: Boolean) { ledger(jurisdiction: \"jining\", year: 2022, filter: { light: $l, stale: $s }) { totalCount } }",
            json!({ "l": ["NOPE"] }),
        ),
        ("mutation($s: Date) { savePlan(input: { startsOn: $s, expectedVersion: 1, milestones: [] }) { errors { code } } }", json!({})),
        (
            "mutation($s: Date, $d: Date) { a: signOut { ended } b: savePlan(input: { taskId: \"x\", expectedVersion: 1, startsOn: $s, dueOn: $d, milestones: [] }) { errors { code } } }",
            json!({ "d": "nonsense" }),
        ),
    ] {
        let (status, error) = refused(&app, query, variables).await;
        assert_eq!((status, &error["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("GRAPHQL_VALIDATION_FAILED")), "{query}");
    }
    let query = "query($p: String, $y: [Int!]) { tasks(filter: { text: $p, year: $y }) { totalCount } }";
    let count = async |variables| app.data(query, variables).await["tasks"]["totalCount"].clone();
    assert_eq!(count(json!({ "y": [2024] })).await, count(json!({ "p": null, "y": [2024] })).await);
    assert_ne!(count(json!({ "y": [2024] })).await, count(json!({})).await);
}

async fn a_name_twice_in_a_value_is_not_valid(app: App) {
    let (status, error) = refused(&app, "{ tasks(filter: { text: \"a\", text: \"b\" }) { totalCount } }", json!({})).await;
    assert_eq!((status, &error["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("GRAPHQL_VALIDATION_FAILED")));
    assert_eq!(error["message"], "The field text of an input object is given twice: give it once.");
    assert_eq!(error["locations"], json!([{ "line": 1, "column": 30 }]));
}

async fn a_name_twice_in_variables_is_refused(app: App) {
    use axum::{body::Body, http::Request};
    let body = r#"{"query": "query($f: TaskFilter) { tasks(filter: $f) { totalCount } }", "variables": {"f": {"text": "a", "text": "b"}}}"#;
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept-language", "en");
    let reply = app.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text);
    assert_eq!(reply.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert!(reply.text.contains("`text` is given twice"), "{}", reply.text);
}

async fn fields_that_cannot_be_merged_are_not_valid(app: App) {
    let (status, error) = refused(&app, "{ topics { a: code } topics { a: name } }", json!({})).await;
    assert_eq!((status, &error["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("GRAPHQL_VALIDATION_FAILED")));
    assert_eq!(error["locations"], json!([{ "line": 1, "column": 12 }, { "line": 1, "column": 31 }]));
    let merged = app.data("{ topics { code } topics { code name } }", json!({})).await;
    assert!(merged["topics"][0]["code"].is_string() && merged["topics"][0]["name"].is_string());
}

async fn an_argument_keeps_its_default_where_its_variable_is_left_out(app: App) {
    let query = "query($language: Language) { notice(jurisdiction: \"taibai-lake\", year: 2024) { reportingDuties { description(language: $language) } } }";
    let chinese = app.data(&query.replace("($language: Language)", "").replace("(language: $language)", ""), json!({})).await;
    assert_eq!(app.data(query, json!({})).await, chinese);
    assert_ne!(app.data(query, json!({ "language": "ENGLISH" })).await, chinese);
}

async fn a_list_of_requests_is_refused_in_words(app: App) {
    use axum::{body::Body, http::Request};
    let body = r#"[{"query": "{ __typename }"}, {"query": "{ __typename }"}]"#;
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept-language", "en");
    let reply = app.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.body["errors"][0]["message"], "One request at a time: the body is an object, not a list. Send them one by one.");
}

async fn escapes_of_other_planes_are_understood(app: App) {
    for text in ["\\u{1F600}", "\\ud83d\\ude00", "😀"] {
        let query = format!("{{ tasks(filter: {{ text: \"{text}\" }}) {{ totalCount }} }}");
        assert_eq!(app.data(&query, json!({})).await["tasks"]["totalCount"], 0, "{text}");
    }
    let error = app.error("{ tasks(filter: { text: \"\\ud83d\" }) { totalCount } }", json!({})).await;
    assert_eq!(error["extensions"]["code"], "GRAPHQL_PARSE_FAILED");
}

/// A NUL is text to SQLite and an error to PostgreSQL; neither may tell the caller what it is stored in.
async fn no_text_of_the_database_gets_out(app: App) {
    for query in [
        "{ tasks(filter: { text: \"\\u0000\" }) { totalCount } }",
        "{ jurisdiction(code: \"\\u0000\") { name } }",
        "{ account(username: \"\\u0000\") { id } }",
        "{ unit(jurisdiction: \"jining\", name: \"\\u0000\") { id } }",
    ] {
        let reply = app.post(query, json!({})).await;
        let text = reply.text.to_lowercase();
        for word in ["sql", "postgres", "sqlx", "sea_orm", "constraint", "0x00", "utf8", "database"] {
            assert!(!text.contains(word), "{query}: {text}");
        }
    }
}

/// The engine speaks English only. Its words that no test brings about are those that something of ours says before.
async fn what_is_wrong_with_a_document_is_told_in_chinese(app: App) {
    for (code, query) in [
        ("GRAPHQL_PARSE_FAILED", ""),
        ("GRAPHQL_PARSE_FAILED", "{ topics { code }"),
        ("GRAPHQL_PARSE_FAILED", "{ topics( { code } }"),
        ("GRAPHQL_PARSE_FAILED", "query(v: Int) { topics { code } }"),
        ("GRAPHQL_PARSE_FAILED", "query($v: ) { topics { code } }"),
        ("GRAPHQL_PARSE_FAILED", "{ node(id: ) { id } }"),
        ("GRAPHQL_PARSE_FAILED", "{ node(id: \"x) { id } }"),
        ("GRAPHQL_PARSE_FAILED", "{ node(id: \"\\u00\") { id } }"),
        ("GRAPHQL_PARSE_FAILED", "fragment on on Query { topics { code } }"),
        ("GRAPHQL_PARSE_FAILED", "fragment F on Query { topics { code } }"),
        ("GRAPHQL_PARSE_FAILED", "{ topics { code } } { topics { code } }"),
        ("GRAPHQL_PARSE_FAILED", "query Q { topics { code } } query Q { topics { code } }"),
        ("GRAPHQL_PARSE_FAILED", "{ ...F } fragment F on Query { topics { code } } fragment F on Query { topics { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics { nam } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics(firs: 1) { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics @skip(if: true, iff: true) { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics @skipp(if: true) { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query @skip(if: true) { topics { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics @skip(if: true) @skip(if: true) { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: Nothing) { topics @skip(if: $v) { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ ...F }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics { code } } fragment F on Query { topics { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ ...F } fragment F on Int { code }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ ... on Int { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ ...F } fragment F on Topic { code }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ ... on Topic { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ ...F } fragment F on Query { ...F }"),
        ("GRAPHQL_VALIDATION_FAILED", "query Q { node(id: $v) { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ node(id: $v) { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query Q($v: ID) { topics { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: ID) { topics { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: Topic) { node(id: $v) { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query($v: ID! = 1, $v: ID! = 2) { node(id: $v) { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ node(id: 1, id: 2) { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics @skip { code } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ node { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics { code { x } } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ topics }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ units(filter: { kind: [NOTHING] }) { totalCount } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ tasks(filter: { nothing: 1 }) { totalCount } }"),
        ("GRAPHQL_VALIDATION_FAILED", "{ node(id: null) { id } }"),
        ("GRAPHQL_VALIDATION_FAILED", "mutation { submitProgress(input: {}) { errors { code } } }"),
        ("GRAPHQL_VALIDATION_FAILED", "query A { topics { code } } query B { topics { code } }"),
    ] {
        let reply = app.post(query, json!({})).await;
        let errors = reply.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(!errors.is_empty(), "{query}: {}", reply.text);
        for error in errors {
            assert_eq!(error["extensions"]["code"], code, "{query}: {error}");
            let message = error["message"].as_str().expect("a message");
            let foreign = |word: &&str| !query.contains(word) && !OF_THE_LANGUAGE.contains(word);
            let foreign: Vec<&str> = unquoted(message).filter(foreign).collect();
            assert!(foreign.is_empty(), "{query}: {message}");
        }
    }
}

/// Words of GraphQL itself.
const OF_THE_LANGUAGE: [&str; 9] = ["GraphQL", "query", "mutation", "subscription", "on", "operationName", "Unicode", "Boolean", "ID"];

/// The Latin words of a message that stand in no quotation marks or brackets, where names do.
fn unquoted(message: &str) -> impl Iterator<Item = &str> {
    let outside = message.split(['“', '（']).enumerate().filter_map(|(number, piece)| match number {
        0 => Some(piece),
        _ => piece.split_once(['”', '）']).map(|(_, outside)| outside),
    });
    outside.flat_map(|piece| piece.split(|character: char| !character.is_ascii_alphabetic())).filter(|word| !word.is_empty())
}
