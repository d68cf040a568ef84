//! The server as clients meet it, over real sockets.

use std::{
    convert::Infallible,
    future::{pending, poll_fn},
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream as Client},
    pin::Pin,
    sync::Arc,
    time::Instant,
};

use axum::{
    body::{Body, Bytes},
    extract::Request as AxumRequest,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use futures_util::stream;
use hyper::rt::Write as _;
use tokio::{
    sync::{Notify, oneshot},
    task::JoinHandle,
};

use super::*;

/// Long enough never to be waited for, unless something is wrong.
const NEVER: Duration = Duration::from_secs(20);
const SOON: Duration = Duration::from_millis(200);
const GET: &str = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
const GET_AND_CLOSE: &str = "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

/// A service of its own for each test, on a free port.
struct Service {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Service {
    async fn start(terms: Terms, router: Router) -> Self {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stop_signal = async move { stopped.await.unwrap_or_default() };
        Self { address, stop, served: tokio::spawn(serve_on(terms, listener, router, stop_signal)) }
    }

    /// The client blocks its thread, so that no test needs more of `tokio` than the service does; the service has others.
    fn connect(&self) -> Client {
        let client = Client::connect(self.address).unwrap();
        client.set_read_timeout(Some(NEVER)).unwrap();
        client
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

/// All that comes until the server closes the connection.
fn rest(mut client: Client) -> String {
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    text
}

/// All that comes up to a text at its end.
fn read_until(client: &mut Client, end: &str) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(end.as_bytes()) {
        client.read_exact(&mut byte).unwrap();
        bytes.extend(byte);
    }
    String::from_utf8(bytes).unwrap()
}

/// A route that tells when a request has come, and answers when told to.
fn held(come: &Arc<Notify>, go: &Arc<Notify>) -> Router {
    let (come, go) = (Arc::clone(come), Arc::clone(go));
    Router::new().route(
        "/",
        get(move || async move {
            come.notify_one();
            go.notified().await;
            "finished"
        }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_bounded() {
    let length = |headers: HeaderMap| async move { headers[header::AUTHORIZATION].len().to_string() };
    let service = Service::start(Terms::default(), Router::new().route("/", get(length))).await;
    let ask = |bytes: usize| {
        let mut client = service.connect();
        let token = "x".repeat(bytes);
        write!(client, "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nAuthorization: {token}\r\n\r\n").unwrap();
        rest(client)
    };
    let answer = ask(60 * 1024);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("\r\n61440"), "{answer}");
    // The client has sent all of it before it reads, and reads the answer all the same.
    for bytes in [LARGEST_HEAD, 4 * 1024 * 1024] {
        let answer = ask(bytes);
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let service = Service::start(Terms::default(), Router::new().route("/", get(|| async { "here" }))).await;
    let ask = |head: &str| {
        let mut client = service.connect();
        client.write_all(format!("{head}\r\nConnection: close\r\nAccept-Language: en\r\n\r\n").as_bytes()).unwrap();
        rest(client)
    };
    assert!(ask("GET / HTTP/1.1\r\nHost: here").ends_with("\r\n\r\nhere"));
    assert!(ask("GET / HTTP/1.0").ends_with("\r\n\r\nhere"));
    for head in ["GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: here\r\nHost: here", "GET / HTTP/1.1\r\nHost: here, there"] {
        let answer = ask(head);
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("\"BAD_USER_INPUT\""), "{answer}");
        assert!(answer.contains("A request has exactly one valid header `Host`."), "{answer}");
    }
    service.stop().await;
}

/// A body without end, and a word once nobody sends it any more.
fn endless(ended: &Arc<Notify>) -> Router {
    struct Ending(Arc<Notify>);

    impl Drop for Ending {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    let ended = Arc::clone(ended);
    let answer = move || async move {
        let ending = Ending(ended);
        Body::from_stream(stream::repeat_with(move || {
            let _ = &ending;
            Ok::<_, Infallible>(Bytes::from(vec![0; 64 * 1024]))
        }))
    };
    Router::new().route("/", get(answer))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_ends() {
    let ended = Arc::new(Notify::new());
    let service = Service::start(Terms { answer: SOON, ..Terms::default() }, endless(&ended)).await;
    let mut client = service.connect();
    client.write_all(GET.as_bytes()).unwrap();
    timeout(NEVER, ended.notified()).await.expect("the body is dropped while the client still waits");
    // What had been sent by then can still be read, and then the connection has ended.
    let mut read = Vec::new();
    let broken = client.read_to_end(&mut read);
    assert!(broken.is_err() || !read.ends_with(b"\r\n0\r\n\r\n"), "nobody takes it for whole");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_gets_all() {
    const PIECES: usize = 60;
    const PIECE: usize = 1024 * 1024;
    let pieces = || async { Body::from_stream(stream::iter((0..PIECES).map(|_| Ok::<_, Infallible>(Bytes::from(vec![1; PIECE]))))) };
    // Far more than the systems between keep, in longer than may pass without progress.
    let patience = Duration::from_secs(2);
    let service = Service::start(Terms { answer: patience, ..Terms::default() }, Router::new().route("/", get(pieces))).await;
    let mut client = service.connect();
    client.write_all(GET_AND_CLOSE.as_bytes()).unwrap();
    let begun = Instant::now();
    let mut piece = vec![0; PIECE];
    let mut ones = Vec::new();
    loop {
        let read = client.read(&mut piece).unwrap();
        if read == 0 {
            break;
        }
        ones.push(piece[..read].iter().map(|byte| usize::from(*byte == 1)).sum());
        if begun.elapsed() < patience.saturating_mul(2) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    assert_eq!(ones.iter().sum::<usize>(), PIECES * PIECE);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_refused_is_read_to_its_end_so_that_the_answer_can_be() {
    let service = Service::start(Terms::default(), Router::new().route("/", post(|| async { StatusCode::PAYLOAD_TOO_LARGE }))).await;
    // As plain clients do it: all is sent before anything is read.
    let mut client = service.connect();
    let length = 50 * 1024 * 1024;
    write!(client, "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n").unwrap();
    client.write_all(&vec![b' '; length]).expect("all of it is taken");
    let answer = rest(client);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    // One that never ends is not read for ever.
    let mut client = service.connect();
    client.write_all(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000000000\r\n\r\n").unwrap();
    let piece = vec![b' '; 1024 * 1024];
    let sent = (0..1_000).take_while(|_| client.write_all(&piece).is_ok()).count();
    assert!((50..1_000).contains(&sent), "{sent}");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_has_closed_its_half_is_answered() {
    let (come, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let service = Service::start(Terms::default(), held(&come, &go)).await;
    let mut client = service.connect();
    client.write_all(GET.as_bytes()).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    come.notified().await;
    // Long enough for the server to have seen it.
    sleep(SOON).await;
    go.notify_one();
    let answer = rest(client);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("finished"), "{answer}");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_connections_are_open_at_once() {
    let service =
        Service::start(Terms { connections: 2, head: NEVER, ..Terms::default() }, Router::new().route("/", get(|| async { "in" }))).await;
    let ask = |client: &mut Client| {
        client.write_all(GET.as_bytes()).unwrap();
        read_until(client, "in")
    };
    let (mut first, mut second) = (service.connect(), service.connect());
    ask(&mut first);
    ask(&mut second);
    // It says nothing, so that the answer cannot get lost.
    let answer = rest(service.connect());
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    drop(first);
    let begun = Instant::now();
    loop {
        let mut client = service.connect();
        let _ = client.write_all(GET_AND_CLOSE.as_bytes());
        let mut answer = String::new();
        if client.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200 ") {
            break;
        }
        assert!(begun.elapsed() < NEVER, "there is room for another");
    }
    ask(&mut second);
    drop(second);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_see_who_connected() {
    let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
    let service = Service::start(Terms::default(), Router::new().route("/", get(peer))).await;
    let mut client = service.connect();
    let address = client.local_addr().unwrap().to_string();
    client.write_all(GET_AND_CLOSE.as_bytes()).unwrap();
    assert!(rest(client).ends_with(&address));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_silent_clients_are_cut() {
    let service =
        Service::start(Terms { head: SOON, drain: NEVER, ..Terms::default() }, Router::new().route("/", get(|| async { "fast" }))).await;
    let begun = Instant::now();
    let silent = service.connect();
    let mut slow = service.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: he").unwrap();
    let mut idle = service.connect();
    idle.write_all(GET.as_bytes()).unwrap();
    read_until(&mut idle, "fast");
    // What is sent bit by bit gets no more time than what is not.
    let mut dripping = service.connect();
    let dripped = Instant::now();
    while dripping.write_all(b"G").is_ok() {
        assert!(dripped.elapsed() < NEVER);
        std::thread::sleep(Duration::from_millis(10));
    }
    for cut in [silent, slow, idle] {
        assert_eq!(rest(cut), "");
    }
    assert!(begun.elapsed() >= SOON && begun.elapsed() < NEVER);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_request_finishes_after_stop_and_idle_connections_close() {
    let (come, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let router = held(&come, &go).route("/fast", get(|| async { "fast" }));
    let service = Service::start(Terms { head: NEVER, drain: NEVER, ..Terms::default() }, router).await;
    let begun = Instant::now();
    let silent = service.connect();
    let mut idle = service.connect();
    idle.write_all(b"GET /fast HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
    read_until(&mut idle, "fast");
    // Without `Connection: close`: it is the server that ends the connection after the answer.
    let mut running = service.connect();
    running.write_all(GET.as_bytes()).unwrap();
    come.notified().await;

    let address = service.address;
    let stopped = tokio::spawn(service.stop());
    assert_eq!((rest(silent), rest(idle)), (String::new(), String::new()));
    assert!(Client::connect(address).is_err());
    assert!(!stopped.is_finished());
    go.notify_one();
    let answer = rest(running);
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("finished"), "{answer}");
    stopped.await.unwrap();
    assert!(begun.elapsed() < NEVER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_finishes_is_dropped() {
    let (come, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let service = Service::start(Terms { head: NEVER, drain: SOON, ..Terms::default() }, held(&come, &go)).await;
    let mut running = service.connect();
    running.write_all(GET.as_bytes()).unwrap();
    come.notified().await;
    let asked = Instant::now();
    service.stop().await;
    assert!(asked.elapsed() >= SOON && asked.elapsed() < NEVER);
    // Closed without an answer: the handler is gone, not left to run on.
    assert_eq!(rest(running), "");
    // One is left, this test's: neither the handler nor the router has another.
    timeout(NEVER, async {
        while Arc::strong_count(&go) > 1 {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_can_be_upgraded() {
    async fn upgrade(mut request: AxumRequest) -> impl IntoResponse {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut connection = upgraded.await.unwrap();
            poll_fn(|context| Pin::new(&mut connection).poll_write(context, b"upgraded")).await.unwrap();
        });
        (StatusCode::SWITCHING_PROTOCOLS, [(header::CONNECTION, "upgrade"), (header::UPGRADE, "echo")])
    }
    let service = Service::start(Terms::default(), Router::new().route("/", get(upgrade))).await;
    let mut client = service.connect();
    client.write_all(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n").unwrap();
    let answer = rest(client);
    assert!(answer.starts_with("HTTP/1.1 101 ") && answer.ends_with("\r\n\r\nupgraded"), "{answer}");
    service.stop().await;
}

/// On Linux alone, where a socket can be told to cease listening.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_listener_ends_serving() {
    use std::os::fd::OwnedFd;

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let breaker = Client::from(OwnedFd::from(listener.try_clone().unwrap()));
    let served = tokio::spawn(serve_on(Terms::default(), TcpListener::from_std(listener).unwrap(), Router::new(), pending()));
    breaker.shutdown(Shutdown::Both).unwrap();
    assert!(matches!(timeout(NEVER, served).await.unwrap().unwrap(), Err(ServeError::Serve(_))));
}
