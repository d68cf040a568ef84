//! GraphQL over HTTP: methods, media types, status codes, and bodies that are none.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use endpoint::Surface;
use serde_json::{Value, json};

use crate::{
    cases,
    support::app::{App, Reply},
};

cases![
    a_query_may_come_by_get,
    an_operation_with_a_name_is_held_by_every_rule,
    what_is_no_request_is_refused,
    the_media_type_decides_the_status,
    a_refused_request_has_no_data,
    keys_are_in_the_order_of_the_request,
    what_would_exhaust_the_engine_is_refused,
    lists_within_lists_are_refused_before_they_fill_the_memory,
    the_deepest_query_that_is_taken_does_not_exhaust_the_stack,
    what_is_left_out_is_not_asked,
    changes_are_few_and_told_apart,
    a_failed_page_fails_alone,
    every_answer_has_a_request_id,
    faults_of_ours_show_nothing_but_the_request_id,
    the_playground_is_served_from_here_where_it_is_wanted,
];

async fn post(app: &App, content_type: &str, accept: &str, body: impl Into<Body>) -> Reply {
    let request = Request::post("/graphql").header("content-type", content_type).header("accept", accept);
    app.send(request.body(body.into()).expect("a request")).await
}

const GRAPHQL: &str = "application/graphql-response+json";

async fn a_query_may_come_by_get(app: App) {
    let uri = "/graphql?query=query%20Q(%24code%3A%20String!)%20%7B%20jurisdiction(code%3A%20%24code)%20%7B%20name%20%7D%20%7D&variables=%7B%22code%22%3A%22yanzhou%22%7D&operationName=Q";
    let reply = app.send(Request::get(uri).header("accept", GRAPHQL).body(Body::empty()).expect("a request")).await;
    assert_eq!((reply.status, &reply.body), (StatusCode::OK, &json!({ "data": { "jurisdiction": { "name": "兖州区" } } })));
    let mutation = "/graphql?query=mutation%20%7B%20a%20%7D";
    let reply = app.send(Request::get(mutation).header("accept", GRAPHQL).body(Body::empty()).expect("a request")).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.headers["allow"], "POST");
    for uri in ["/graphql", "/graphql?query=%7Ba%7D&variables=nonsense", "/graphql?query=%7Ba%7D&variables=%5B%5D"] {
        let reply = app.send(Request::get(uri).body(Body::empty()).expect("a request")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{uri}");
        assert_eq!(reply.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{uri}");
    }
}

/// A document of one operation needs no `operationName`, whether the operation has a name or not: nothing may slip through by having one.
async fn an_operation_with_a_name_is_held_by_every_rule(app: App) {
    let get = async |query: &str| {
        let uri = format!("/graphql?query={}", query.replace(' ', "%20").replace('{', "%7B").replace('}', "%7D").replace('"', "%22"));
        app.send(Request::get(uri).header("accept", GRAPHQL).body(Body::empty()).expect("a request")).await
    };
    let sign_out = "mutation Named { signOut { ended } }";
    assert_eq!(get(sign_out).await.status, StatusCode::METHOD_NOT_ALLOWED);
    // A field that is closed to the public is closed before anything runs.
    let closed = app.post("query Named { jurisdiction(code: \"jining\") { name } auditEvents { nodes { id } } }", json!({})).await;
    assert_eq!(closed.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{}", closed.text);
    let many =
        format!("mutation Named {{ {} }}", (0..21).map(|number| format!("a{number}: signOut {{ ended }}")).collect::<Vec<_>>().join(" "));
    assert_eq!(app.error(&many, json!({})).await["extensions"]["code"], "QUERY_TOO_COMPLEX");
    let missing = app.post("query Named($code: String!) { jurisdiction(code: $code) { name } }", json!({})).await;
    assert_eq!(missing.body["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(missing.body.get("data").is_none(), "{}", missing.text);
}

async fn what_is_no_request_is_refused(app: App) {
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"query": 1}"#,
        r#"{"query": "{a}", "variables": []}"#,
        r#"{"query": "{a}", "variables": "x"}"#,
        r#"{"query": "{a}", "extensions": 7}"#,
        r#"{"query": "{a}", "operationName": {}}"#,
        r#"[{"query": "{__typename}"}]"#,
        r#"["{__typename}", null, null, null]"#,
    ] {
        let reply = post(&app, "application/json", GRAPHQL, body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    }
    let deep = format!(r#"{{"query": "{{__typename}}", "variables": {{"a": {}{}}}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(post(&app, "application/json", GRAPHQL, deep).await.status, StatusCode::BAD_REQUEST);
    // A page of another origin can post text without asking first.
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""] {
        let reply = post(&app, content_type, GRAPHQL, r#"{"query": "{__typename}"}"#).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
    }
    // Compressed, a body would have more bytes than are counted.
    for encoding in ["gzip", "br", "identity, gzip", "nonsense"] {
        let request = Request::post("/graphql").header("content-type", "application/json").header("content-encoding", encoding);
        let reply = app.send(request.body(Body::from(r#"{"query": "{__typename}"}"#)).expect("a request")).await;
        assert_eq!(
            (reply.status, &reply.headers["accept-encoding"]),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, &"identity".parse().expect("a value"))
        );
        assert_eq!(reply.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{encoding}");
    }
    let request = Request::post("/graphql").header("content-type", "application/json").header("content-encoding", "Identity");
    let reply = app.send(request.body(Body::from(r#"{"query": "{__typename}"}"#)).expect("a request")).await;
    assert_eq!(reply.status, StatusCode::OK);
    let large = format!(r#"{{"query": "{{__typename}} #{}"}}"#, "x".repeat(1024 * 1024));
    assert_eq!(post(&app, "application/json", GRAPHQL, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post(&app, "application/json", "text/html", r#"{"query": "{__typename}"}"#).await.status, StatusCode::NOT_ACCEPTABLE);
}

async fn the_media_type_decides_the_status(app: App) {
    for (query, status, code) in [
        ("{ __typename }", StatusCode::OK, Value::Null),
        ("{", StatusCode::BAD_REQUEST, json!("GRAPHQL_PARSE_FAILED")),
        ("{ nothing }", StatusCode::BAD_REQUEST, json!("GRAPHQL_VALIDATION_FAILED")),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", StatusCode::BAD_REQUEST, json!("GRAPHQL_VALIDATION_FAILED")),
        ("query A { __typename } query B { __typename }", StatusCode::BAD_REQUEST, json!("GRAPHQL_VALIDATION_FAILED")),
        ("query($a: Int!) { tasks(first: $a) { totalCount } }", StatusCode::BAD_REQUEST, json!("GRAPHQL_VALIDATION_FAILED")),
        ("{ tasks(first: 0) { totalCount } }", StatusCode::OK, json!("BAD_USER_INPUT")),
    ] {
        let body = json!({ "query": query }).to_string();
        let new = post(&app, "application/json", GRAPHQL, body.clone()).await;
        assert_eq!((new.status, &new.body["errors"][0]["extensions"]["code"]), (status, &code), "{query}: {}", new.body);
        assert_eq!(new.headers["content-type"], "application/graphql-response+json; charset=utf-8");
        let old = post(&app, "application/json; charset=utf-8", "application/json", body).await;
        assert_eq!((old.status, &old.body), (StatusCode::OK, &new.body), "{query}");
        assert_eq!(old.headers["content-type"], "application/json; charset=utf-8");
    }
}

async fn a_refused_request_has_no_data(app: App) {
    let refused = app.post("{ nothing }", json!({})).await.body;
    assert_eq!(refused.as_object().map(|answer| answer.keys().cloned().collect::<Vec<_>>()), Some(vec!["errors".to_owned()]));
    // A failed nullable field is null beside its siblings; a failed non-null one takes the answer with it.
    let nullable = app.post("{ node(id: \"nonsense\") { id } topics { code } }", json!({})).await.body;
    assert!(nullable["data"]["node"].is_null() && nullable["data"]["topics"].is_array(), "{nullable}");
    assert_eq!(nullable["errors"][0]["path"], json!(["node"]));
    let required = app.post("{ topics { code } tasks(first: 0) { totalCount } }", json!({})).await.body;
    assert_eq!(required["data"], Value::Null);
    assert!(required.as_object().expect("an object").contains_key("data"));
}

async fn keys_are_in_the_order_of_the_request(app: App) {
    let request = Request::post("/graphql").header("content-type", "application/json");
    let body = json!({ "query": "{ z: topics { code } a: jurisdiction(code: \"jining\") { name kind code } m: __typename }" }).to_string();
    let response = app.send(request.body(Body::from(body)).expect("a request")).await;
    // serde_json keeps no order here, so the text itself is asked.
    let text = response.text;
    let places: Vec<_> =
        ["\"z\"", "\"a\"", "\"name\"", "\"kind\"", "\"code\":\"jining\"", "\"m\""].iter().map(|key| text.find(key)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {text}");
}

async fn what_would_exhaust_the_engine_is_refused(app: App) {
    for query in [
        format!("{{ node(id: {}{}) {{ id }} }}", "[".repeat(2000), "]".repeat(2000)),
        "{ topics ".repeat(5000),
        format!("{{ node(id: {}{}) {{ id }} }}", "{a: ".repeat(2000), "}".repeat(2000)),
        "[".repeat(500_000),
        "a".repeat(20_000).replace('a', "a "),
        format!("{{ {} }}", "__typename ".repeat(5001)),
        // Each level doubles the one below: 24 levels would take the engine minutes and gigabytes.
        format!(
            "{{ ...f0 }} {} fragment f24 on Query {{ __typename }}",
            (0..24).map(|level| format!("fragment f{level} on Query {{ ...f{0} ...f{0} }} ", level + 1)).collect::<Vec<_>>().concat()
        ),
    ] {
        let error = app.error(&query, json!({})).await;
        assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX");
    }
    assert_eq!(app.data("{ __typename }", json!({})).await["__typename"], "Query");
}

async fn the_deepest_query_that_is_taken_does_not_exhaust_the_stack(app: App) {
    let step = "units(first: 1) { edges { node { jurisdiction { ";
    let mut deepest = 0;
    for times in 1..20 {
        let query = format!("{{ jurisdiction(code: \"jining\") {{ {} id {} }} }}", step.repeat(times), "}".repeat(4 * times));
        let reply = app.post(&query, json!({})).await;
        if reply.body.get("errors").is_none() {
            deepest = times;
        }
    }
    assert!(deepest >= 7, "as deep as the engine lets a query be: {deepest}");
}

async fn lists_within_lists_are_refused_before_they_fill_the_memory(app: App) {
    let nested = |start: &str, step: &str, times: usize, end: &str| {
        let closing = "}".repeat((start.to_owned() + &step.repeat(times)).matches('{').count());
        format!("{start}{}{end}{closing}", step.repeat(times))
    };
    let aliases = |count: usize, field: &str| {
        let fields: Vec<String> = (0..count).map(|index| format!("a{index}: {field} ")).collect();
        format!("{{ {} }}", fields.concat())
    };
    for query in [
        nested("{ jurisdiction(code: \"jining\") {", " children { parent {", 8, " children { code }"),
        nested("{ units(first: 100) { nodes {", " memberOf { members {", 8, " name"),
        nested("{ notice(jurisdiction: \"jining\", year: 2022) {", " projects { notice {", 8, " projects { id }"),
        nested("{ tasks(first: 100) { nodes {", " assignments { unit { assignments(first: 100) { nodes { task {", 3, " id"),
        aliases(1000, "tasks(first: 100) { totalCount }"),
        nested("{ __type(name: \"Node\") {", " possibleTypes { interfaces {", 6, " name"),
        aliases(100, "__schema { types { name } }"),
    ] {
        let reply = app.post(&query, json!({})).await;
        let errors = reply.body["errors"].as_array().expect("errors");
        assert!(errors.iter().all(|error| error["extensions"]["code"] == "QUERY_TOO_COMPLEX"), "{query}: {errors:?}");
        assert!(reply.text.len() < 1_000_000, "{query}: {} bytes", reply.text.len());
    }
}

async fn a_failed_page_fails_alone(app: App) {
    let query = "{
      good: jurisdiction(code: \"jining\") { units(first: 1) { nodes { name } } }
      bad: jurisdiction(code: \"yanzhou\") { units(first: 1, after: \"x\") { nodes { name } } }
    }";
    let reply = app.post(query, json!({})).await.body;
    assert_eq!(reply["data"]["good"]["units"]["nodes"].as_array().map(Vec::len), Some(1), "{reply}");
    assert!(reply["data"]["bad"].is_null());
    assert_eq!(reply["errors"].as_array().map(Vec::len), Some(1));
}

async fn every_answer_has_a_request_id(app: App) {
    let given = app.post_with("{ __typename }", json!({}), &[("x-request-id", "from-the-proxy_1.2")]).await;
    assert_eq!(given.headers["x-request-id"], "from-the-proxy_1.2");
    for bad in ["with space", "", &"x".repeat(65)] {
        let made = app.post_with("{ __typename }", json!({}), &[("x-request-id", bad)]).await;
        assert_ne!(made.headers["x-request-id"], bad);
        assert_eq!(made.headers["x-request-id"].len(), 36);
    }
}

async fn faults_of_ours_show_nothing_but_the_request_id(app: App) {
    app.execute("ALTER TABLE task RENAME TO lost").await.expect("a broken database");
    let reply =
        app.post_with("{ tasks(first: 1) { nodes { id } } }", json!({}), &[("x-request-id", "asked-1"), ("accept-language", "en")]).await;
    let error = &reply.body["errors"][0];
    assert_eq!(error["extensions"], json!({ "code": "INTERNAL" }));
    assert_eq!(
        error["message"],
        "Something failed on our side; try again later. If it persists, tell the operator the request id asked-1."
    );
}

async fn the_playground_is_served_from_here_where_it_is_wanted(app: App) {
    assert_eq!(app.get("/graphiql", &[]).await.status, StatusCode::NOT_FOUND);
    let gate = app.gate().showing(Surface { graphiql: true, ..Surface::default() });
    let app = app.behind(gate);
    let page = app.get("/graphiql", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("graphiql"), "{}", page.text);
    assert!(!page.text.contains("//unpkg") && !page.text.contains("https://"), "nothing is loaded from elsewhere");
}

async fn what_is_left_out_is_not_asked(app: App) {
    let query = "query($with: Boolean = false) {
      topics { code }
      auditEvents(first: 1) @include(if: $with) { totalCount }
      ...Closed @skip(if: true)
    }
    fragment Closed on Query { accounts(first: 1) { totalCount } }";
    assert!(app.data(query, json!({})).await["topics"].is_array());
    assert_eq!(app.error(query, json!({ "with": true })).await["extensions"]["code"], "UNAUTHENTICATED");
    let elsewhere = app.error("mutation { viewer { actions } }", json!({})).await;
    assert_eq!(elsewhere["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "a field of another root does not exist in this one");
}

async fn changes_are_few_and_told_apart(app: App) {
    let many = (0..21).map(|index| format!("a{index}: signOut {{ ended }}")).collect::<Vec<_>>().join(" ");
    assert_eq!(app.error(&format!("mutation {{ {many} }}"), json!({})).await["extensions"]["code"], "QUERY_TOO_COMPLEX");
    let twice =
        app.error("mutation { signOut { ended } ...Again } fragment Again on Mutation { signOut { errors { code } } }", json!({})).await;
    assert_eq!(twice["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    // What the engine would do as often as it is spread is not done at all.
    for spreads in ["...F ...F", "...F ... on Mutation { ...F }", "...G ...H"] {
        let query = format!(
            "mutation {{ {spreads} }} fragment F on Mutation {{ signOut {{ ended }} }} fragment G on Mutation {{ ...F }} fragment H on Mutation {{ ...F }}"
        );
        assert_eq!(app.error(&query, json!({})).await["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{spreads}");
    }
    let spread = format!("mutation {{ {} }} fragment F on Mutation {{ signOut {{ ended }} }}", "...F ".repeat(21));
    assert_eq!(app.error(&spread, json!({})).await["extensions"]["limit"], "changes");
    // A value that cannot be is found before anything is done.
    for value in ["nonsense", "2026-13-01T00:00:00Z"] {
        let query = "mutation($at: DateTime!) { signOut { ended } createApiKey(input: { name: \"x\", expiresAt: $at }) { secret } }";
        let refused = app.post(query, json!({ "at": value })).await;
        assert!(refused.body["data"].is_null() && refused.body["errors"][0]["extensions"]["code"] != "UNAUTHENTICATED", "{}", refused.text);
    }
    assert_eq!(app.number("SELECT count(*) FROM audit_event").await, 0);
}
