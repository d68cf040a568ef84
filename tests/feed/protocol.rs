//! The protocols: how a socket begins and ends, what a stream of events looks like, and what is refused.

use endpoint::Limits;
use entity::{ProgressEventKind, Role};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::{
    cases,
    support::{
        app::{App, generous},
        follow::{FEED, Served, Socket, Stream, published, short, told},
    },
};

cases![
    queries_and_changes_run_on_a_socket,
    a_message_that_is_none_of_the_protocol_closes_the_socket,
    each_fault_of_the_protocol_has_its_code,
    a_socket_begins_in_time,
    a_token_counts_by_header_and_by_message,
    pings_are_answered,
    a_silent_client_is_left,
    what_a_client_has_ended_is_told_no_more,
    a_socket_has_room_for_so_many_operations,
    pages_of_other_sites_open_no_socket,
    only_one_subprotocol_is_spoken,
    stopping_closes_sockets,
    the_limits_of_documents_hold_for_subscriptions,
    a_subscription_has_one_field,
    a_subscription_by_itself_is_refused,
    a_stream_answers_a_query_too,
];

async fn closed_by(served: &Served, messages: &[Message]) -> (u16, String) {
    let mut socket = Socket::open(served, &[]).await.expect("it opens");
    for message in messages {
        socket.send(message.clone()).await;
    }
    socket.closed().await
}

fn text(message: &Value) -> Message {
    Message::Text(message.to_string().into())
}

async fn queries_and_changes_run_on_a_socket(app: App) {
    let served = app.serve().await;
    app.create("office", Role::Office, "yanzhou").await;
    let mut socket = Socket::begun(&served, None).await;
    socket.ask("q", "query($code: String!) { jurisdiction(code: $code) { name } }", json!({ "code": "yanzhou" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "next", "id": "q", "payload": { "data": { "jurisdiction": { "name": "兖州区" } } } }));
    assert_eq!(socket.hear().await, json!({ "type": "complete", "id": "q" }));
    let query = "mutation($password: String!) { signIn(input: { username: \"office\", password: $password }) { session { account { username } } errors { code } } }";
    socket.ask("q", query, json!({ "password": crate::support::actor::PASSWORD })).await;
    let answer = socket.hear().await;
    assert_eq!(answer["payload"]["data"]["signIn"]["session"]["account"]["username"], "office", "{answer:#}");
    assert_eq!(socket.hear().await["type"], "complete");
    // What cannot be run is an error of the operation; what was run is an answer, whatever is wrong with it.
    socket.ask("w", "{ nonsense }", json!({})).await;
    assert_eq!(socket.failure("w").await, "GRAPHQL_VALIDATION_FAILED");
    socket.ask("w", "{ accounts { totalCount } }", json!({})).await;
    assert_eq!(socket.hear().await["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(socket.hear().await, json!({ "type": "complete", "id": "w" }));
}

async fn a_message_that_is_none_of_the_protocol_closes_the_socket(app: App) {
    let served = app.serve().await;
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": 7 } });
    for message in [
        Message::Text("nonsense".into()),
        Message::Text("".into()),
        Message::Text("[]".into()),
        Message::Text("{}".into()),
        Message::Binary(b"{\"type\":\"ping\"}".to_vec().into()),
        text(&json!({ "type": "start", "id": "1", "payload": { "query": "{ __typename }" } })),
        text(&json!({ "type": "connection_init", "payload": "nonsense" })),
        text(&subscribe),
        Message::Text("[".repeat(100_000).into()),
    ] {
        let (code, reason) = closed_by(&served, std::slice::from_ref(&message)).await;
        assert_eq!(code, 4400, "{message:?}");
        assert!(!reason.is_empty() && reason.len() <= 123, "{reason}");
    }
    let many = text(&json!({ "type": "ping", "payload": { "x": vec![1; 100_000] } }));
    assert_eq!(closed_by(&served, &[many]).await, (1009, "A message holds at most 100000 values".to_owned()));
    let long = text(&json!({ "type": "complete", "id": "x".repeat(257) }));
    assert_eq!(closed_by(&served, &[long]).await, (4400, "Invalid message: the `id` is longer than 256 bytes".to_owned()));
    let aside = text(&json!({ "type": "ping", "payload": { "x": "x".repeat(64 * 1024) } }));
    assert_eq!(closed_by(&served, &[aside]).await.0, 1009, "nothing is asked for");
    // The socket may be closed while such a message is still on its way, so that sending fails before the frame that says why is read.
    let large = json!({ "type": "ping", "payload": { "x": "x".repeat(1024 * 1024) } });
    let mut socket = Socket::open(&served, &[]).await.expect("it opens");
    let sent = socket.try_send(text(&large)).await;
    let closed = socket.ended().await;
    assert!(closed.as_ref().map_or_else(|| sent.is_err(), |(code, _)| *code == 1009), "{sent:?} {closed:?}");
}

async fn each_fault_of_the_protocol_has_its_code(app: App) {
    let served = app.serve().await;
    let begin = text(&json!({ "type": "connection_init" }));
    let follow = text(&json!({ "type": "subscribe", "id": "1", "payload": { "query": FEED, "variables": { "jurisdiction": "jining" } } }));
    assert_eq!(closed_by(&served, std::slice::from_ref(&follow)).await, (4401, "Unauthorized".to_owned()));
    for payload in [
        json!({ "Authorization": "Bearer nonsense" }),
        json!({ "authorization": "Basic nonsense" }),
        json!({ "authorization": 7 }),
        json!({ "authorization": "Bearer nonsense", "Authorization": null }),
    ] {
        let begin = text(&json!({ "type": "connection_init", "payload": payload }));
        assert_eq!(closed_by(&served, &[begin]).await, (4403, "Forbidden".to_owned()), "{payload}");
    }
    assert_eq!(closed_by(&served, &[begin.clone(), follow.clone(), follow]).await, (4409, "Subscriber for 1 already exists".to_owned()));
    assert_eq!(closed_by(&served, &[begin.clone(), begin]).await, (4429, "Too many initialisation requests".to_owned()));
}

async fn a_socket_begins_in_time(app: App) {
    let served = app.serve().await;
    // Pings are no beginning.
    let ping = text(&json!({ "type": "ping" }));
    assert_eq!(closed_by(&served, &[ping.clone(), ping]).await, (4408, "Connection initialisation timeout".to_owned()));
}

async fn a_token_counts_by_header_and_by_message(app: App) {
    let served = app.serve().await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let bearer = format!("Bearer {}", office.bearer());
    let who = "{ viewer { account { username } } }";
    for (header, payload) in [
        (Some(bearer.as_str()), Value::Null),
        (Some(bearer.as_str()), json!({ "authorization": null })),
        (None, json!({ "Authorization": bearer })),
        (None, json!({ "authorization": bearer })),
        (Some("Bearer nonsense"), json!({ "authorization": bearer })),
    ] {
        let headers: Vec<_> = header.map(|value| ("authorization", value)).into_iter().collect();
        let mut socket = Socket::open(&served, &headers).await.expect("it opens");
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }), "{payload}");
        socket.ask("w", who, json!({})).await;
        assert_eq!(socket.hear().await["payload"]["data"]["viewer"]["account"]["username"], "office", "{payload}");
    }
    let mut socket = Socket::open(&served, &[("authorization", "Bearer nonsense")]).await.expect("it opens");
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.closed().await.0, 4403);
}

async fn pings_are_answered(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket.say(json!({ "type": "ping", "payload": { "a": [1] } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "a": [1] } }));
    socket.say(json!({ "type": "pong" })).await;
    socket.silent().await;
}

/// One that answers pings stays however little it says; one that answers nothing does not.
async fn a_silent_client_is_left(app: App) {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
    };
    let app = app.within(Limits { socket_ping_seconds: 1, socket_begin_seconds: 60, ..generous() });
    let served = app.serve().await;
    let mut answering = Socket::begun(&served, None).await;
    answering.follow("a", "yanzhou", None).await;
    let mut silent = TcpStream::connect(served.address).await.expect("connected");
    let upgrade = "GET /graphql HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
    silent.write_all(upgrade.as_bytes()).await.expect("sent");
    let mut told = Vec::new();
    // The library of the other socket answers pings only while it is read.
    tokio::select! {
        read = silent.read_to_end(&mut told) => drop(read.expect("until it is closed")),
        came = answering.next() => panic!("{came:?}"),
    }
    let head = told.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    // A ping, then a close with 1001.
    assert_eq!(&told[head..head + 2], [0x89, 0], "{told:?}");
    assert_eq!((told[head + 2], &told[head + 4..head + 6]), (0x88, 1001_u16.to_be_bytes().as_slice()), "{told:?}");
    answering.say(json!({ "type": "ping" })).await;
    assert_eq!(answering.hear().await["type"], "pong");
}

async fn what_a_client_has_ended_is_told_no_more(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    socket.follow("a", "yanzhou", None).await;
    socket.follow("b", "yanzhou", None).await;
    socket.say(json!({ "type": "complete", "id": "a" })).await;
    socket.say(json!({ "type": "complete", "id": "unknown" })).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    let scene = app.scene("yanzhou", 2024, 1).await;
    app.emit(&[published(scene)]).await;
    socket.event("b").await;
    socket.silent().await;
    // The id is free again.
    socket.follow("a", "yanzhou", None).await;
    socket.say(json!({ "type": "complete", "id": "b" })).await;
    app.emit(&[published(scene)]).await;
    assert_eq!(short(&socket.event("a").await), told(ProgressEventKind::LightChanged, "yanzhou", 1));
}

async fn a_socket_has_room_for_so_many_operations(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    for index in 0..50 {
        socket.ask(&index.to_string(), FEED, json!({ "jurisdiction": "yanzhou" })).await;
    }
    socket.ask("more", FEED, json!({ "jurisdiction": "yanzhou" })).await;
    assert_eq!(socket.failure("more").await, "RATE_LIMITED");
}

async fn pages_of_other_sites_open_no_socket(app: App) {
    let served = app.serve().await;
    let own = format!("http://{}", served.address);
    Socket::open(&served, &[("origin", &own)]).await.map(|_| ()).expect("it opens");
    for origin in ["http://elsewhere.example", "null", "http://127.0.0.1"] {
        match Socket::open(&served, &[("origin", origin)]).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), 403, "{origin}"),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("{origin} opened a socket"),
        }
    }
}

async fn only_one_subprotocol_is_spoken(app: App) {
    let served = app.serve().await;
    for protocol in ["graphql-ws", "soap", ""] {
        match Socket::open(&served, &[("sec-websocket-protocol", protocol)]).await {
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), 400, "{protocol}");
                let body = String::from_utf8_lossy(answer.body().as_deref().unwrap_or_default()).into_owned();
                assert!(body.contains("graphql-transport-ws"), "{body}");
            }
            Err(error) => panic!("{protocol}: {error}"),
            Ok(_) => panic!("{protocol} opened a socket"),
        }
    }
    let both = Socket::open(&served, &[("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")]).await;
    both.map(|_| ()).expect("it opens");
}

async fn stopping_closes_sockets(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    socket.follow("a", "yanzhou", None).await;
    let mut silent = Socket::open(&served, &[]).await.expect("it opens");
    let begun = std::time::Instant::now();
    let (first, second, ()) = tokio::join!(socket.closed(), silent.closed(), served.stop());
    assert_eq!((first.0, second.0), (1012, 1012));
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
}

async fn the_limits_of_documents_hold_for_subscriptions(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    let deep = format!("subscription {{ progressEvents(jurisdiction: {}1{}) {{ id }} }}", "[".repeat(2000), "]".repeat(2000));
    let long = format!("subscription {{ progressEvents(jurisdiction: \"jining\") {{ {} }} }}", "id ".repeat(16_000));
    let doubled = (0..30)
        .map(|index| format!("fragment f{index} on ProgressEvent {{ ...f{n} ...f{n} }} ", n = index + 1))
        .collect::<Vec<_>>()
        .concat();
    let doubled =
        format!("subscription {{ progressEvents(jurisdiction: \"jining\") {{ ...f0 }} }} {doubled} fragment f30 on ProgressEvent {{ id }}");
    for query in [deep, long, doubled] {
        socket.ask("a", &query, json!({})).await;
        assert_eq!(socket.failure("a").await, "QUERY_TOO_COMPLEX");
    }
    for (query, code) in [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { progressEvents { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { progressEvents(jurisdiction: \"jining\") }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { progressEvents(jurisdiction: \"nowhere\") { id } }", "BAD_USER_INPUT"),
        ("subscription($j: String!) { progressEvents(jurisdiction: $j) { id } }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        socket.ask("a", query, json!({})).await;
        assert_eq!(socket.failure("a").await, code, "{query}");
    }
}

async fn a_subscription_has_one_field(app: App) {
    let served = app.serve().await;
    let mut socket = Socket::begun(&served, None).await;
    for query in [
        "subscription { a: progressEvents(jurisdiction: \"jining\") { id } b: progressEvents(jurisdiction: \"jining\") { id } }",
        "subscription { ...F } fragment F on Subscription { progressEvents(jurisdiction: \"jining\") { id } }",
        "subscription { ... { progressEvents(jurisdiction: \"jining\") { id } } }",
        "subscription { progressEvents(jurisdiction: \"jining\") @skip(if: true) { id } }",
        "subscription { __typename }",
    ] {
        socket.ask("a", query, json!({})).await;
        assert_eq!(socket.failure("a").await, "GRAPHQL_VALIDATION_FAILED", "{query}");
    }
}

async fn a_subscription_by_itself_is_refused(app: App) {
    let error = app.error(FEED, json!({ "jurisdiction": "jining" })).await;
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(error["message"].as_str().is_some_and(|text| text.contains("text/event-stream")), "{error:#}");
}

async fn a_stream_answers_a_query_too(app: App) {
    let served = app.serve().await;
    let query = "query($code: String!) { jurisdiction(code: $code) { name } }";
    let mut stream = Stream::post(&served, query, json!({ "code": "yanzhou" }), &[]).await;
    assert!(stream.head.contains("text/event-stream") && stream.head.contains("cache-control: no-store"), "{}", stream.head);
    assert_eq!(stream.next().await.expect("an answer").data, json!({ "data": { "jurisdiction": { "name": "兖州区" } } }));
    assert_eq!(stream.next().await.expect("the end").event, "complete");
    assert_eq!(stream.next().await, None);
    // Whoever takes both gets a query's answer at once.
    let both = [("Accept", "application/json")];
    let plain = Stream::post(&served, query, json!({ "code": "yanzhou" }), &both).await;
    assert!(plain.head.contains("content-type: application/json"), "{}", plain.head);
    let stream = Stream::post(&served, FEED, json!({ "jurisdiction": "jining" }), &both).await;
    assert!(stream.head.contains("text/event-stream"), "{}", stream.head);
    let refused = Stream::post(&served, "{ nonsense }", json!({}), &[("Connection", "close")]).await;
    assert!(refused.head.starts_with("http/1.1 400 "), "{}", refused.head);
}
