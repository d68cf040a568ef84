//! The endpoint over a product of its own: a library, through the router.

#![allow(missing_docs, reason = "a test says what it shows by its name")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod toy;

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use endpoint::{Endpoint, Gate, Limits, Metrics, Proxies, Surface, router};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt as _;
use toy::{Library, STAFF};

fn served(limits: Limits) -> Router {
    let surface = Surface { graphiql: true, ..Surface::default() };
    router(Gate::new(Endpoint::new(Library::default(), limits), Proxies::default()).showing(surface))
}

async fn answered(router: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
}

fn post(query: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT_LANGUAGE, "en");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::from(json!({ "query": query }).to_string())).expect("a request")
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

async fn json_of(router: &Router, query: &str, token: Option<&str>) -> Value {
    let (_, _, text) = answered(router, post(query, token)).await;
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn a_list_is_answered_and_has_a_tag() {
    let router = served(Limits::default());
    let answer = json_of(&router, "{ genres { code } books(first: 2) { totalCount nodes { title } } }", None).await;
    assert_eq!(answer["data"]["genres"].as_array().map(Vec::len), Some(3));
    assert_eq!((&answer["data"]["books"]["totalCount"], &answer["data"]["books"]["nodes"][1]["title"]), (&json!(250), &json!("Book 1")));
    let (status, headers, _) = answered(&router, get("/graphql?query=%7Bgenres%7Bcode%7D%7D")).await;
    let tag = headers[header::ETAG].clone();
    assert_eq!(status, StatusCode::OK);
    let again = Request::get("/graphql?query=%7Bgenres%7Bcode%7D%7D").header(header::IF_NONE_MATCH, tag).body(Body::empty());
    assert_eq!(answered(&router, again.expect("a request")).await.0, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_is_internal_is_closed_to_the_public() {
    let router = served(Limits::default());
    let refused = json_of(&router, "{ orders }", None).await;
    assert_eq!(refused["errors"][0]["extensions"], json!({ "code": "UNAUTHENTICATED", "reason": "SIGN_IN_FIRST" }));
    assert_eq!(json_of(&router, "{ orders }", Some(STAFF)).await, json!({ "data": { "orders": [] } }));
    let (status, headers, _) = answered(&router, post("{ orders }", Some("somebody"))).await;
    assert_eq!(
        (status, headers[header::WWW_AUTHENTICATE].to_str().expect("text")),
        (StatusCode::UNAUTHORIZED, "Bearer realm=\"library\", error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn what_is_slow_is_stopped() {
    let router = served(Limits { query_seconds: 1, ..Limits::default() });
    let stopped = json_of(&router, "{ slow(milliseconds: 60000) }", None).await;
    assert_eq!((&stopped["errors"][0]["extensions"]["code"], &stopped["data"]), (&json!("TIMEOUT"), &Value::Null));
    assert_eq!(json_of(&router, "{ slow(milliseconds: 1) }", None).await["data"]["slow"], true);
}

#[tokio::test]
async fn a_change_is_made_by_post_alone() {
    let router = served(Limits::default());
    let (status, headers, _) = answered(&router, get("/graphql?query=mutation%7Border(title:%22x%22)%7Bcount%7D%7D")).await;
    assert_eq!((status, headers[header::ALLOW].to_str().expect("text")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert_eq!(json_of(&router, "mutation { order(title: \"x\") { count } }", None).await["data"]["order"]["count"], 1);
}

#[tokio::test]
async fn whoever_follows_is_told_what_happens() {
    let router = served(Limits::default());
    assert_eq!(json_of(&router, "mutation { order(title: \"first\") { count } }", None).await["data"]["order"]["count"], 1);
    let mut request = post("subscription { ordered(after: 0) { title } }", None);
    request.headers_mut().insert(header::ACCEPT, "text/event-stream".parse().expect("a value"));
    let response = router.clone().oneshot(request).await.expect("an answer");
    let mut body = response.into_body().into_data_stream();
    let mut told = String::new();
    json_of(&router, "mutation { order(title: \"second\") { count } }", None).await;
    while !told.contains("second") {
        let part = timeout(Duration::from_secs(20), body.next()).await.expect("in time").expect("a part").expect("no error");
        told.push_str(&String::from_utf8_lossy(&part));
    }
    assert!(told.contains(r#"data: {"data":{"ordered":{"title":"first"}}}"#) && told.contains("id: 2"), "{told}");
}

#[tokio::test]
async fn a_query_becomes_a_file_with_all_its_pages() {
    let router = served(Limits::default());
    let (status, headers, text) = answered(&router, get("/export/query.csv?query=%7Bbooks%7Bnodes%7Btitle%20year%7D%7D%7D")).await;
    assert_eq!(
        (status, headers[header::CONTENT_TYPE].to_str().expect("text")),
        (StatusCode::OK, "text/csv; charset=utf-8; header=present")
    );
    assert_eq!(text.lines().count(), 251, "{text}");
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_runs() {
    let router = served(Limits::default());
    let deep = format!("{{ {} a {} }}", "a { ".repeat(80), "}".repeat(80));
    let refused = json_of(&router, &deep, None).await;
    assert_eq!(refused["errors"][0]["extensions"]["limit"], "nesting");
    let unknown = json_of(&router, "{ books(first: \"x\") { totalCount } }", None).await;
    assert_eq!(unknown["errors"][0]["extensions"]["argument"], "first");
}

#[tokio::test]
async fn the_operator_is_told_how_it_goes() {
    let endpoint = Endpoint::new(Library::default(), Limits::default());
    let metrics = Metrics::default();
    let router = router(Gate::new(endpoint.clone(), Proxies::default()).measured_by(metrics.clone()));
    json_of(&router, "{ genres { code } }", None).await;
    let (status, _, text) = answered(&router, get("/readyz")).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, r#"{"checks":{"shelves":"OK"},"status":"READY"}"#));
    let (_, _, text) = answered(&metrics.router(endpoint), get("/metrics")).await;
    assert!(text.contains(r#"library_operation_duration_seconds_count{kind="query",operation="genres",outcome="OK"} 1"#), "{text}");
    assert!(text.contains(r#"library_ready{check="shelves"} 1"#), "{text}");
}

#[tokio::test]
async fn what_a_product_does_not_have_is_not_there() {
    let router = served(Limits::default());
    assert_eq!(answered(&router, get("/.well-known/jwks.json")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(answered(&router, get("/export/ledger.csv")).await.0, StatusCode::NOT_FOUND);
    let (_, _, page) = answered(&router, get("/graphiql")).await;
    assert!(page.contains("<title>library GraphiQL</title>"), "{page}");
}
