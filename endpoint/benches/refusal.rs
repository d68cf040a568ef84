//! How long a request can hold a core before it is refused: requests of up to a megabyte that are made to cost, through the whole path
//! from bytes to validation. `cargo bench -p endpoint --bench refusal`
//!
//! First by POST, within the process; then as messages on a WebSocket, over a real connection, whose transport is in the time. Times are
//! the best of several, of one machine. Whatever takes longer than 50 ms fails. Only what is refused counts: what is run is bounded by
//! the time of an operation.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

#[path = "refusal/cases.rs"]
mod cases;
#[path = "../tests/toy/mod.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod toy;

use std::{
    net::SocketAddr,
    process::ExitCode,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use cases::Case;
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};
use tower::ServiceExt as _;

const RUNS: usize = 5;
const LONGEST: Duration = Duration::from_millis(50);

/// What a message has besides the body of the same request.
const ENVELOPE: usize = 100;

fn main() -> ExitCode {
    // The engine answers nested selections by recursion, which needs more than the usual stack in a debug build.
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(16 * 1024 * 1024).enable_all().build();
    runtime.expect("a runtime").block_on(measure())
}

async fn measure() -> ExitCode {
    let limits = Limits::default();
    let router = http::router(Gate::new(Endpoint::new(toy::Library::default(), limits), Proxies::default()));
    let [bytes, document, tokens] = [limits.body_bytes, limits.document_bytes, limits.tokens].map(|limit| limit as usize);
    let mut too_long = 0;

    println!("{:<40} {:>9} {:>7} {:>28} {:>10}", "by POST", "bytes", "status", "code", "time");
    for case in cases::cases(bytes, document, tokens) {
        assert!(case.body.len() <= bytes, "{} has {} bytes", case.name, case.body.len());
        let mut best = Duration::MAX;
        let (mut status, mut code) = (StatusCode::OK, String::new());
        for _ in 0..RUNS {
            let (took, answered, with) = post(&router, &case).await;
            best = best.min(took);
            (status, code) = (answered, with);
        }
        let mark = mark(status != StatusCode::OK, best);
        too_long += usize::from(!mark.is_empty());
        let size = case.header.as_ref().map_or(case.body.len(), |(_, value)| value.len());
        println!("{:<40} {size:>9} {:>7} {code:>28} {best:>10.1?}{mark}", case.name, status.as_u16());
    }

    let listener = http::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(http::serve(listener, router, std::future::pending()));
    println!("\n{:<40} {:>9} {:>36} {:>10}", "on a WebSocket", "bytes", "answer", "time");
    for case in cases::cases(bytes - ENVELOPE, document, tokens).iter().filter(|case| case.header.is_none()) {
        let mut best = Duration::MAX;
        let mut answer = String::new();
        let mut is_refused = false;
        for _ in 0..RUNS {
            let (took, refused, with) = say(address, case).await;
            best = best.min(took);
            (is_refused, answer) = (refused, with);
        }
        let mark = mark(is_refused, best);
        too_long += usize::from(!mark.is_empty());
        println!("{:<40} {:>9} {answer:>36} {best:>10.1?}{mark}", case.name, case.body.len());
    }
    if too_long == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn mark(is_refused: bool, took: Duration) -> &'static str {
    if is_refused && took > LONGEST { "  too long" } else { "" }
}

async fn post(router: &Router, case: &Case) -> (Duration, StatusCode, String) {
    let mut request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json");
    if let Some((name, value)) = &case.header {
        let headers = request.headers_mut().expect("headers");
        headers.insert(*name, value.parse().expect("a value"));
    }
    let request = request.body(Body::from(case.body.clone())).expect("a request");
    let began = Instant::now();
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let took = began.elapsed();
    let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    (took, status, code(answer.get("errors")))
}

/// The code of the first of some errors, or its limit.
fn code(errors: Option<&Value>) -> String {
    let extensions = errors.and_then(|errors| errors.pointer("/0/extensions"));
    let code = extensions.and_then(|extensions| extensions.get("limit").or_else(|| extensions.get("code"))).and_then(Value::as_str);
    code.unwrap_or_default().to_owned()
}

/// How long it takes until a message is answered, whether it is refused, and with what.
async fn say(address: SocketAddr, case: &Case) -> (Duration, bool, String) {
    let mut socket = begun(address).await;
    let message = format!("{{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}}}", case.body);
    let message = Message::text(message);
    let began = Instant::now();
    socket.send(message).await.expect("it is sent");
    let answer = loop {
        match socket.next().await.expect("an answer").expect("a message") {
            Message::Ping(_) => {}
            message => break message,
        }
    };
    let took = began.elapsed();
    match answer {
        Message::Text(text) => {
            let said: Value = serde_json::from_str(&text).expect("JSON");
            match said.get("type").and_then(Value::as_str) {
                Some("error") => (took, true, code(said.get("payload"))),
                _ => (took, false, code(said.pointer("/payload/errors"))),
            }
        }
        Message::Close(Some(frame)) => (took, true, format!("closed with {}", u16::from(frame.code))),
        other => panic!("{other:?}"),
    }
}

async fn begun(address: SocketAddr) -> WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>> {
    let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
    request.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, "graphql-transport-ws".parse().expect("a value"));
    let (mut socket, _) = connect_async(request).await.expect("it opens");
    socket.send(Message::text("{\"type\":\"connection_init\"}")).await.expect("it is sent");
    socket.next().await.expect("an answer").expect("acknowledged");
    socket
}
