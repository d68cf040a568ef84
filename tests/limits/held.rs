//! What is held for a client while it takes its time: answers, and sockets on which nothing runs.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode},
    response::Response,
};
use endpoint::{Endpoint, Gate, Limits};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        app::{App, generous},
        follow::Socket,
    },
};

cases![an_answer_has_so_many_bytes, an_answer_is_counted_until_it_has_been_taken, idle_sockets_are_counted, opening_a_socket_costs_a_point];

const GRAPHQL: &str = "application/graphql-response+json";

/// All topics, so many times, each with its id forty times: more than twenty thousand bytes each time.
fn large(times: usize) -> String {
    let ids = (0..40).map(|number| format!("i{number}: id")).collect::<Vec<_>>().join(" ");
    let fields = (0..times).map(|number| format!("a{number}: topics {{ {ids} }}")).collect::<Vec<_>>().join(" ");
    format!("{{ {fields} }}")
}

/// The beginning of the answer to a client at an address.
async fn begin(app: &App, address: [u8; 4], query: &str) -> Response {
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", GRAPHQL);
    let mut request = request.body(Body::from(json!({ "query": query }).to_string())).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((IpAddr::from(address), 4711))));
    app.begin(request).await
}

async fn read(response: Response) -> Value {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    serde_json::from_slice(&bytes).expect("JSON")
}

async fn an_answer_has_so_many_bytes(app: App) {
    let whole = app.post(&large(5), json!({})).await;
    // Beside the data are the braces of the answer and the name.
    let bytes = whole.text.len() - r#"{"data":}"#.len();
    assert!(bytes > 65_536 && whole.body.get("errors").is_none(), "{}", whole.text);
    let most = u32::try_from(bytes).expect("a number");
    let app = app.within(Limits { answer_bytes: most, ..generous() });
    assert_eq!(app.post(&large(5), json!({})).await.text, whole.text, "as many as there may be");
    let app = app.within(Limits { answer_bytes: most - 1, ..generous() });
    let refused = app.post_with(&large(5), json!({}), &[("accept", GRAPHQL), ("accept-language", "en")]).await;
    assert_eq!(
        (refused.status, refused.body),
        (
            StatusCode::OK,
            json!({ "data": null, "errors": [{
                "message": format!("Too much: at most {} bytes of an answer, these are {bytes}. Ask for smaller pages, or for fewer fields.", most - 1),
                "extensions": { "code": "QUERY_TOO_COMPLEX", "limit": "answerBytes", "value": most - 1, "counted": bytes },
            }] })
        )
    );
}

async fn an_answer_is_counted_until_it_has_been_taken(app: App) {
    let app = app.within(Limits { concurrent: 1, ..generous() });
    let (one, other) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    let untaken = begin(&app, one, &large(1)).await;
    assert_eq!(untaken.status(), StatusCode::OK);
    let refused = begin(&app, one, "{ __typename }").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(read(refused).await["errors"][0]["extensions"]["limit"], "concurrent");
    assert_eq!(begin(&app, other, "{ __typename }").await.status(), StatusCode::OK, "another client");
    // Taken, or not wanted any more.
    assert!(read(untaken).await["data"]["a0"].is_array());
    let unwanted = begin(&app, one, &large(1)).await;
    assert_eq!(unwanted.status(), StatusCode::OK);
    drop(unwanted);
    assert_eq!(begin(&app, one, "{ __typename }").await.status(), StatusCode::OK);
}

async fn opening_a_socket_costs_a_point(app: App) {
    let limits = Limits { address_points: 4, socket_begin_seconds: 60, ..generous() };
    let endpoint = Endpoint::new(app.service.clone(), limits);
    let app = app.behind(Gate::new(endpoint, "127.0.0.1".parse().expect("a proxy")));
    let served = app.serve().await;
    let open = async |address: &str| Socket::open(&served, &[("x-forwarded-for", address)]).await;
    // Half of a minute's points may be used at once.
    let opened = [open("192.0.2.1").await.expect("it opens"), open("192.0.2.1").await.expect("it opens")];
    let tokio_tungstenite::tungstenite::Error::Http(response) = open("192.0.2.1").await.err().expect("it is refused") else {
        panic!("an answer")
    };
    let body: Value = serde_json::from_slice(response.body().as_deref().unwrap_or_default()).expect("JSON");
    let error = &body["errors"][0]["extensions"];
    assert_eq!((response.status().as_u16(), &error["code"], &error["limit"]), (429, &json!("RATE_LIMITED"), &json!("addressPoints")));
    let other = open("192.0.2.2").await.expect("another client");
    drop((opened, other));
    served.stop().await;
}

async fn idle_sockets_are_counted(app: App) {
    // None of them begins, and none is to be closed for that.
    let limits = Limits { client_sockets: 1, sockets: 2, socket_begin_seconds: 60, ..generous() };
    let endpoint = Endpoint::new(app.service.clone(), limits);
    let app = app.behind(Gate::new(endpoint, "127.0.0.1".parse().expect("a proxy")));
    let served = app.serve().await;
    let open = async |address: &str| Socket::open(&served, &[("x-forwarded-for", address)]).await;
    let refused = async |address: &str| {
        let tokio_tungstenite::tungstenite::Error::Http(response) = open(address).await.err().expect("it is refused") else {
            panic!("an answer")
        };
        let body: Value = serde_json::from_slice(response.body().as_deref().unwrap_or_default()).expect("JSON");
        (response.status().as_u16(), body["errors"][0]["extensions"].clone())
    };
    let first = open("192.0.2.1").await.expect("it opens");
    let told = json!({ "code": "RATE_LIMITED", "limit": "clientSockets", "value": 1, "retryAfter": 1 });
    assert_eq!(refused("192.0.2.1").await, (429, told));
    let second = open("192.0.2.2").await.expect("another client");
    let told = json!({ "code": "RATE_LIMITED", "limit": "sockets", "value": 2, "retryAfter": 1 });
    assert_eq!(refused("192.0.2.3").await, (429, told));
    drop(second);
    // The service notices in a moment.
    let third = loop {
        if let Ok(third) = open("192.0.2.3").await {
            break third;
        }
    };
    drop((first, third));
    served.stop().await;
}
