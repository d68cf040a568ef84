//! Trusted documents: what clients name by its hash, over every transport, and all that is run where nothing else is.

use std::time::Duration;

use axum::http::StatusCode;
use endpoint::{Endpoint, Gate, Limits, Metrics, Proxies};
use minsheng::domain::document::DocumentHash;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    cases,
    support::{
        app::{App, Reply},
        follow::{FEED, SOON, Socket, published},
    },
};

cases![
    a_registered_document_is_run_by_its_hash,
    clients_of_apollo_are_answered_in_their_words,
    nobody_adds_a_document_by_asking,
    nothing_else_is_run_in_production,
    what_names_no_document_is_refused,
    a_retired_document_is_run_no_longer_and_may_come_back,
    documents_go_over_a_socket_and_a_stream,
    registering_leaves_an_event,
    a_document_is_measured_by_its_name,
];

const TOPICS: &str = "query Topics { topics { code } }";
const PLACE: &str = "query Place($code: String!) { jurisdiction(code: $code) { name } }";
const CHANGE: &str = "mutation { signOut { ended } }";

async fn register(app: &App, documents: &[(&str, &str)]) {
    let documents: Vec<_> = documents.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect();
    app.service.register_documents(&app.operator(), &documents).await.expect("registered");
}

fn hash(text: &str) -> String {
    DocumentHash::of(text).to_string()
}

fn code(reply: &Reply) -> &str {
    reply.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("OK")
}

async fn post(app: &App, body: Value) -> Reply {
    use axum::{body::Body, http::Request};
    let request =
        Request::post("/graphql").header("content-type", "application/json").header("accept", "application/graphql-response+json");
    app.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// Asks until what was changed a moment ago is known.
async fn until(app: &App, body: &Value, wanted: &str) -> Reply {
    timeout(SOON, async {
        loop {
            let reply = post(app, body.clone()).await;
            if code(&reply) == wanted {
                return reply;
            }
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap_or_else(|_| panic!("never {wanted}: {body}"))
}

/// The service where nothing but registered documents is run.
fn in_production(app: App) -> App {
    let gate = Gate::new(Endpoint::new(app.service.clone(), Limits::default()).running_only_registered(true), Proxies::default());
    app.behind(gate)
}

async fn a_registered_document_is_run_by_its_hash(app: App) {
    register(&app, &[("topics", TOPICS), ("place", PLACE)]).await;
    let whole = app.data(TOPICS, json!({})).await;
    for id in [hash(TOPICS), format!("sha256:{}", hash(TOPICS)), hash(TOPICS).to_ascii_uppercase()] {
        let reply = post(&app, json!({ "documentId": id })).await;
        assert_eq!((reply.status, &reply.body["data"]), (StatusCode::OK, &whole), "{}", reply.text);
        assert_eq!(app.get(&format!("/graphql?documentId={id}"), &[]).await.body["data"], whole, "{id}");
    }
    let place = json!({ "documentId": hash(PLACE), "variables": { "code": "yanzhou" }, "operationName": "Place" });
    assert_eq!(post(&app, place).await.body["data"]["jurisdiction"]["name"], "兖州区");
    let path = format!("/graphql?documentId={}&variables=%7B%22code%22%3A%22yanzhou%22%7D", hash(PLACE));
    let reply = app.get(&path, &[]).await;
    assert_eq!(reply.body["data"]["jurisdiction"]["name"], "兖州区", "{}", reply.text);
    // Anything else is run as before, and a mutation is refused by GET whatever it is called by.
    register(&app, &[("change", CHANGE)]).await;
    until(&app, &json!({ "documentId": hash(CHANGE) }), "UNAUTHENTICATED").await;
    assert_eq!(app.get(&format!("/graphql?documentId={}", hash(CHANGE)), &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

async fn clients_of_apollo_are_answered_in_their_words(app: App) {
    let ask = || post(&app, json!({ "extensions": persisted(&hash(TOPICS)) }));
    let none = ask().await;
    assert_eq!((code(&none), &none.body["errors"][0]["message"]), ("PERSISTED_QUERY_NOT_SUPPORTED", &json!("PersistedQueryNotSupported")));
    register(&app, &[("place", PLACE)]).await;
    let unknown = until(&app, &json!({ "extensions": persisted(&hash(TOPICS)) }), "PERSISTED_QUERY_NOT_FOUND").await;
    assert_eq!(unknown.body["errors"][0]["message"], "PersistedQueryNotFound");
    register(&app, &[("topics", TOPICS)]).await;
    let known = until(&app, &json!({ "extensions": persisted(&hash(TOPICS)) }), "OK").await;
    assert!(known.body["data"]["topics"].is_array(), "{}", known.text);
    let extensions = format!("%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{}%22%7D%7D", hash(TOPICS));
    assert!(app.get(&format!("/graphql?extensions={extensions}"), &[]).await.body["data"]["topics"].is_array());
}

async fn nobody_adds_a_document_by_asking(app: App) {
    register(&app, &[("place", PLACE)]).await;
    // What a client of Apollo sends next: the text with its hash. It is run, and not kept.
    let both = json!({ "query": TOPICS, "extensions": persisted(&hash(TOPICS)) });
    assert!(post(&app, both).await.body["data"]["topics"].is_array());
    for _ in 0..3 {
        assert_eq!(code(&post(&app, json!({ "extensions": persisted(&hash(TOPICS)) })).await), "PERSISTED_QUERY_NOT_FOUND");
        assert_eq!(code(&post(&app, json!({ "documentId": hash(TOPICS) })).await), "DOCUMENT_NOT_REGISTERED");
    }
    assert_eq!(app.number("SELECT count(*) FROM trusted_document").await, 1);
}

async fn nothing_else_is_run_in_production(app: App) {
    register(&app, &[("topics", TOPICS)]).await;
    let app = in_production(app);
    for body in [
        json!({ "documentId": hash(TOPICS) }),
        json!({ "query": TOPICS }),
        json!({ "extensions": persisted(&hash(TOPICS)) }),
        json!({ "query": TOPICS, "extensions": persisted(&hash(TOPICS)) }),
    ] {
        assert!(post(&app, body.clone()).await.body["data"]["topics"].is_array(), "{body}");
    }
    for body in [
        json!({ "query": format!("{TOPICS} ") }),
        json!({ "query": "{ __typename }" }),
        json!({ "query": "{ __schema { types { name } } }" }),
        json!({ "query": "{{{" }),
        json!({ "query": "" }),
        json!({ "query": CHANGE }),
        json!({ "documentId": hash(PLACE) }),
        json!({ "query": PLACE, "extensions": persisted(&hash(PLACE)) }),
    ] {
        let reply = post(&app, body.clone()).await;
        assert_eq!((reply.status, code(&reply)), (StatusCode::BAD_REQUEST, "DOCUMENT_NOT_REGISTERED"), "{body}: {}", reply.text);
        assert!(reply.body.get("data").is_none());
    }
    assert_eq!(code(&post(&app, json!({ "extensions": persisted(&hash(PLACE)) })).await), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(code(&app.get("/graphql?query=%7B__typename%7D", &[]).await), "DOCUMENT_NOT_REGISTERED");
    assert_eq!(app.number("SELECT count(*) FROM audit_event WHERE action = 'SIGN_OUT'").await, 0);
}

async fn what_names_no_document_is_refused(app: App) {
    register(&app, &[("topics", TOPICS)]).await;
    let good = hash(TOPICS);
    for body in [
        json!({ "documentId": "" }),
        json!({ "documentId": "nonsense" }),
        json!({ "documentId": format!("md5:{good}") }),
        json!({ "documentId": good, "query": TOPICS }),
        json!({ "documentId": good, "extensions": persisted(&good) }),
        json!({ "query": PLACE, "extensions": persisted(&good) }),
        json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": good } } }),
        json!({ "extensions": { "persistedQuery": { "sha256Hash": good } } }),
        json!({ "extensions": { "persistedQuery": { "version": 1 } } }),
        json!({ "extensions": { "persistedQuery": [good] } }),
        json!({ "extensions": { "persistedQuery": null } }),
    ] {
        let reply = post(&app, body.clone()).await;
        assert_eq!((reply.status, code(&reply)), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{body}: {}", reply.text);
    }
    for body in [json!({ "documentId": 1 }), json!({ "documentId": [good] }), json!({}), json!({ "extensions": { "documentId": good } })] {
        let reply = post(&app, body.clone()).await;
        assert_eq!((reply.status, code(&reply)), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{body}: {}", reply.text);
    }
    let unknown = post(&app, json!({ "documentId": hash(PLACE) })).await;
    assert_eq!((unknown.status, code(&unknown)), (StatusCode::BAD_REQUEST, "DOCUMENT_NOT_REGISTERED"));
}

async fn a_retired_document_is_run_no_longer_and_may_come_back(app: App) {
    register(&app, &[("topics", TOPICS), ("place", PLACE)]).await;
    let other = app.replica_apart().await;
    let ask = json!({ "documentId": hash(TOPICS) });
    until(&app, &ask, "OK").await;
    until(&other, &ask, "OK").await;
    let retired = app.service.retire_documents(&app.operator(), &["topics".to_owned()]).await.expect("retired");
    assert_eq!(retired.len(), 1);
    until(&app, &ask, "DOCUMENT_NOT_REGISTERED").await;
    until(&other, &ask, "DOCUMENT_NOT_REGISTERED").await;
    for nothing in ["topics", "nothing", &hash(CHANGE)] {
        let refused = app.service.retire_documents(&app.operator(), &["place".to_owned(), nothing.to_owned()]).await;
        assert!(matches!(refused, Err(minsheng::service::Refusal::NotFound)), "{nothing}");
    }
    until(&app, &json!({ "documentId": hash(PLACE), "variables": { "code": "jining" } }), "OK").await;
    register(&app, &[("topics", TOPICS)]).await;
    until(&app, &ask, "OK").await;
    until(&other, &ask, "OK").await;
}

async fn documents_go_over_a_socket_and_a_stream(app: App) {
    register(&app, &[("topics", TOPICS), ("feed", FEED)]).await;
    let app = in_production(app);
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    socket.say(json!({ "type": "subscribe", "id": "a", "payload": { "documentId": hash(TOPICS) } })).await;
    let next = socket.hear().await;
    assert!(next["payload"]["data"]["topics"].is_array(), "{next}");
    assert_eq!(socket.hear().await["type"], "complete");
    socket.ask("b", "{ __typename }", json!({})).await;
    assert_eq!(socket.failure("b").await, "DOCUMENT_NOT_REGISTERED");
    let variables = json!({ "jurisdiction": "jining" });
    socket.say(json!({ "type": "subscribe", "id": "c", "payload": { "documentId": hash(FEED), "variables": variables } })).await;
    // What is asked after it is answered after it has begun.
    sleep(Duration::from_millis(400)).await;
    app.emit(&[published(app.scene("jining", 2022, 1).await)]).await;
    assert_eq!(socket.event("c").await["kind"], "LIGHT_CHANGED");
    drop(socket);
    let path = format!("/graphql?documentId={}", hash(TOPICS));
    let stream = app.get(&path, &[("accept", "text/event-stream")]).await;
    assert!(stream.text.contains("event: next") && stream.text.contains("\"topics\""), "{}", stream.text);
    served.stop().await;
}

async fn registering_leaves_an_event(app: App) {
    register(&app, &[("topics", TOPICS)]).await;
    register(&app, &[("topics", TOPICS)]).await;
    let count = "SELECT count(*) FROM audit_event WHERE action = 'CHANGE_DOCUMENTS' AND outcome = 'SUCCEEDED'";
    assert_eq!(app.number(count).await, 1, "what was known already is no change");
    app.service.retire_documents(&app.operator(), &[hash(TOPICS)]).await.expect("retired");
    assert_eq!(app.number(count).await, 2);
    let public = minsheng::service::Call { viewer: minsheng::access::viewer::Viewer::Public, ..app.operator() };
    let refused = app.service.register_documents(&public, &[("topics".to_owned(), TOPICS.to_owned())]).await;
    assert!(matches!(refused, Err(minsheng::service::Refusal::Forbidden(_))));
    assert_eq!(app.number("SELECT count(*) FROM trusted_document WHERE retired_at IS NULL").await, 0);
    // One that was changed past the service is not what was checked.
    app.execute("UPDATE trusted_document SET document = '{ __typename }', retired_at = NULL").await.expect("changed");
    assert!(app.service.trusted_documents().await.is_err());
}

async fn a_document_is_measured_by_its_name(app: App) {
    register(&app, &[("screens/topics", TOPICS)]).await;
    let metrics = Metrics::default();
    let gate = app.gate().measured_by(metrics.clone());
    let app = app.behind(gate);
    assert!(post(&app, json!({ "documentId": hash(TOPICS) })).await.body["data"].is_object());
    let text = crate::health::collected(&app, &metrics).await;
    let line = "minsheng_operation_duration_seconds_count{kind=\"query\",operation=\"screens/topics\",outcome=\"OK\"} 1";
    assert!(text.lines().any(|told| told == line), "{text}");
}
