//! Following events over real connections: a service that listens, a WebSocket and a stream of events as clients have them.

use std::{net::SocketAddr, time::Duration};

use endpoint::{self as http, ServeError};
use entity::{Action, ProgressEventKind};
use futures_util::{SinkExt as _, StreamExt as _};
use minsheng::{
    access::{policy, viewer::Viewer},
    domain::{
        audit::Occasion,
        progress::event::{NewEvent, Scene},
    },
    store::{Record, Visible},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _, protocol::CloseFrame},
};

use super::app::App;

/// Longer than anything takes that comes at all.
pub const SOON: Duration = Duration::from_secs(20);

/// Long enough for what must not come to have come.
pub const A_WHILE: Duration = Duration::from_millis(1500);

pub const FEED: &str = "subscription($jurisdiction: String!, $after: ID, $all: Boolean! = true) {
  progressEvents(jurisdiction: $jurisdiction, after: $after, includeDescendants: $all) { id kind task { number notice { jurisdiction { code } } } }
}";

/// A service that listens.
pub struct Served {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ServeError>>,
}

impl Served {
    /// Asks it to stop, and waits until it has.
    pub async fn stop(self) {
        self.stop.send(()).expect("it still runs");
        timeout(SOON, self.ended).await.expect("it stops in time").expect("it ends").expect("it served");
    }
}

impl App {
    /// Lets the service listen.
    pub async fn serve(&self) -> Served {
        let listener = http::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(http::serve(listener, self.router.clone(), async move { stopped.await.unwrap_or_default() }));
        Served { address, stop, ended }
    }

    /// A task of a notice, at this moment.
    pub async fn scene(&self, jurisdiction: &str, year: i32, number: i32) -> Scene {
        let visible = Visible::new(self.database.clone(), Viewer::Operator);
        let jurisdiction_id = visible.jurisdictions().await.expect("a tree").by_code(jurisdiction).expect("a jurisdiction").id;
        let notice = visible.notice_of_year(jurisdiction_id, year).await.expect("it is read").expect("a notice");
        let task = visible.task_by_number(notice.id, number).await.expect("it is read").expect("a task");
        Scene { at: self.now(), task_id: task.id, jurisdiction_id }
    }

    /// Has something happen, in one writing.
    pub async fn emit(&self, events: &[NewEvent]) {
        let permit = policy::authorise(&Viewer::Operator, Action::WatchTime, &[]).expect("the operator may");
        let mut writer = self.database.writing(permit).await.expect("a writer");
        writer.emit(events).await.expect("it is written");
        let occasion = Occasion { at: self.now(), request_id: "test".into(), address: None };
        writer.commit(&occasion, Record::done()).await.expect("it is committed");
    }
}

/// Something that is told to whoever sees the notice.
pub fn published(scene: Scene) -> NewEvent {
    NewEvent::light_changed(scene, None, entity::StatusLight::Red)
}

/// Something that is internal to the jurisdiction.
pub fn internal(scene: Scene) -> NewEvent {
    NewEvent::completion_claimed(scene, None)
}

/// What is told of an event, in short.
pub fn told(kind: ProgressEventKind, jurisdiction: &str, number: i32) -> (String, String, i64) {
    let kind = serde_json::to_value(kind).expect("a word").as_str().expect("a word").to_owned();
    (kind, jurisdiction.to_owned(), i64::from(number))
}

/// The same of an event as it came.
pub fn short(event: &Value) -> (String, String, i64) {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{event:#}")).to_owned();
    let jurisdiction = text(&event["task"]["notice"]["jurisdiction"]["code"]);
    (text(&event["kind"]), jurisdiction, event["task"]["number"].as_i64().expect("a number"))
}

/// A WebSocket of a client.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one that has not begun.
    pub async fn open(served: &Served, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}/graphql", served.address).into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a value"));
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a value"));
        }
        Ok(Self(connect_async(request).await?.0))
    }

    /// Opens one that has begun, in the name of whoever has this token.
    pub async fn begun(served: &Served, bearer: Option<&str>) -> Self {
        let mut socket = Self::open(served, &[]).await.expect("it opens");
        let payload = bearer.map(|bearer| json!({ "Authorization": format!("Bearer {bearer}") }));
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.send(Message::Text(message.to_string().into())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.expect("it is sent");
    }

    /// Sends what the service may close the socket upon before it has read all of it.
    pub async fn try_send(&mut self, message: Message) -> Result<(), Error> {
        self.0.send(message).await
    }

    /// With which code and reason it is closed, if a frame says so before the connection breaks.
    pub async fn ended(&mut self) -> Option<(u16, String)> {
        let frame = timeout(SOON, self.next()).await.expect("it ends").err().unwrap_or_else(|| panic!("something is told"));
        frame.map(|frame| (frame.code.into(), frame.reason.to_string()))
    }

    /// Begins an operation.
    pub async fn ask(&mut self, id: &str, query: &str, variables: Value) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query, "variables": variables } })).await;
    }

    /// Follows a jurisdiction. Returns once the service has begun to, which it tells nobody: what is asked after it is answered after it.
    pub async fn follow(&mut self, id: &str, jurisdiction: &str, after: Option<&str>) {
        self.ask(id, FEED, json!({ "jurisdiction": jurisdiction, "after": after })).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        timeout(SOON, self.next()).await.expect("something comes").unwrap_or_else(|closed| panic!("closed: {closed:?}"))
    }

    /// The next message or how the socket was closed.
    pub async fn next(&mut self) -> Result<Value, Option<CloseFrame>> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(frame))) => return Err(frame),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next event of an operation.
    pub async fn event(&mut self, id: &str) -> Value {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"]["progressEvents"].clone()
    }

    /// The code of the only error that ends an operation.
    pub async fn failure(&mut self, id: &str) -> String {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message:#}");
        message["payload"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{message:#}")).to_owned()
    }

    /// Nothing comes for a while.
    pub async fn silent(&mut self) {
        if let Ok(came) = timeout(A_WHILE, self.next()).await {
            panic!("{came:#?}");
        }
    }

    /// With which code and reason it is closed, after whatever else still comes.
    pub async fn closed(&mut self) -> (u16, String) {
        let closed = async {
            loop {
                if let Err(frame) = self.next().await {
                    return frame;
                }
            }
        };
        let frame = timeout(SOON, closed).await.expect("it is closed").expect("it is closed by a frame");
        (frame.code.into(), frame.reason.to_string())
    }
}

/// A stream of events of a client.
pub struct Stream {
    reader: BufReader<TcpStream>,
    pub head: String,
}

/// An event of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub event: String,
    pub id: String,
    pub data: Value,
}

impl Stream {
    /// Posts, and reads the head of the answer.
    pub async fn post(served: &Served, query: &str, variables: Value, headers: &[(&str, &str)]) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let more = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{more}\r\n",
            served.address,
            body.len()
        );
        Self::request(served, &(head + &body)).await
    }

    pub async fn request(served: &Served, request: &str) -> Self {
        let mut stream = TcpStream::connect(served.address).await.expect("it connects");
        stream.write_all(request.as_bytes()).await.expect("it is sent");
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = timeout(SOON, reader.read_line(&mut head)).await.expect("a head comes").expect("a line");
            assert!(read > 0, "{head}");
        }
        Self { reader, head: head.to_ascii_lowercase() }
    }

    /// Follows a jurisdiction.
    pub async fn follow(served: &Served, jurisdiction: &str, headers: &[(&str, &str)]) -> Self {
        let stream = Self::post(served, FEED, json!({ "jurisdiction": jurisdiction }), headers).await;
        assert!(stream.head.starts_with("http/1.1 200 ") && stream.head.contains("content-type: text/event-stream"), "{}", stream.head);
        stream
    }

    /// The next event; `None` where the stream ends. Lines that are none of its own are the sizes of chunks.
    pub async fn next(&mut self) -> Option<Sent> {
        let mut sent = Sent::default();
        loop {
            let mut line = String::new();
            let read = timeout(SOON, self.reader.read_line(&mut line)).await.expect("something comes").unwrap_or_default();
            match line.trim_end().split_once(':') {
                _ if read == 0 => return None,
                Some(("event", value)) => value.trim().clone_into(&mut sent.event),
                Some(("id", value)) => value.trim().clone_into(&mut sent.id),
                Some(("data", value)) => {
                    sent.data = serde_json::from_str(value.trim()).unwrap_or_default();
                }
                _ if line == "\n" && !sent.event.is_empty() => return Some(sent),
                _ => {}
            }
        }
    }

    /// The next event of a task.
    pub async fn event(&mut self) -> (String, Value) {
        let sent = self.next().await.expect("an event");
        assert_eq!(sent.event, "next", "{sent:#?}");
        assert!(sent.data.get("errors").is_none(), "{sent:#?}");
        let event = sent.data["data"]["progressEvents"].clone();
        assert_eq!(event["id"], json!(sent.id));
        (sent.id, event)
    }

    /// All that still comes.
    pub async fn rest(mut self) -> String {
        let mut rest = String::new();
        let _ = timeout(SOON, self.reader.read_to_string(&mut rest)).await.expect("it ends");
        rest
    }
}
