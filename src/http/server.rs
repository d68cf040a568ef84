//! Listening, serving, and stopping cleanly.
//!
//! This speaks to `hyper` itself because `axum::serve` takes none of its settings, and those decide what becomes of a request with
//! long or slow headers. The builder of `hyper-util` that guesses between HTTP/1 and HTTP/2 is no way out: it waits for the first
//! bytes of a connection before any time limit begins.

use std::{
    future::Future,
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::pin,
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

/// Why the service cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The listener broke while serving.
    #[error("the listener broke")]
    Serve(#[source] io::Error),
}

/// Takes the address.
///
/// # Errors
/// It is taken, or not ours to listen on.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })
}

/// How many bytes the head of a request may have, and somewhat more if they come in large pieces. Beyond that `hyper` answers a bare
/// 431 before the router sees anything; a token of a megabyte must get as far as the router, which alone can answer it as the API
/// promises.
const LARGEST_HEAD: usize = 2 * 1024 * 1024;

/// How long to leave the listener alone after it failed for want of something, such as descriptors: asking again at once would keep
/// a processor busy until another connection ends.
const RESPITE: Duration = Duration::from_secs(1);

/// How long clients may take.
#[derive(Clone, Copy)]
struct Patience {
    /// For the head of a request, counted from when the connection is ready for it. So it also is how long a connection may stay
    /// idle between two requests.
    head: Duration,
    /// For running requests to finish once the service is asked to stop.
    drain: Duration,
}

/// Tells a handler that the service is asked to stop, and the service that the handler has not ended.
#[derive(Clone, Debug)]
pub(super) struct Stopping {
    told: watch::Receiver<()>,
    _alive: mpsc::Sender<()>,
}

impl Stopping {
    /// Waits until the service is asked to stop.
    pub(super) async fn told(&mut self) {
        // Nothing is ever sent: the sender goes when the service is to stop.
        let _ = self.told.changed().await;
    }
}

const PATIENCE: Patience = Patience { head: Duration::from_secs(10), drain: Duration::from_secs(10) };

/// Serves until `stop`, then lets running requests finish, though no longer than ten seconds: a client that never finishes must not
/// keep the process. What still runs then is dropped.
///
/// Handlers learn who connected from [`ConnectInfo<SocketAddr>`](ConnectInfo), and of `stop` from `Stopping`, which those that answer
/// without end must heed: a connection that became a WebSocket is its handler's alone, and is waited for as long as that keeps it.
///
/// # Errors
/// The listener broke.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    serve_with(PATIENCE, listener, router, stop).await
}

async fn serve_with(patience: Patience, listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.head).max_buf_size(LARGEST_HEAD);
    // Completes the routes here, once, rather than for every request.
    let router: Router = router.with_state(());

    // Dropping the sender is what tells the connections.
    let (serving, told) = watch::channel(());
    let (alive, mut all) = mpsc::channel(1);
    let stopping = Stopping { told, _alive: alive };
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    let ended = loop {
        tokio::select! {
            accepted = accept(&listener) => match accepted {
                Ok((stream, peer)) => {
                    // The set keeps those that have ended until somebody asks. Not a branch of its own: the end of one would cut
                    // short the respite of the listener.
                    while connections.try_join_next().is_some() {}
                    connections.spawn(converse(http.clone(), stream, peer, router.clone(), stopping.clone()));
                }
                Err(error) => break Err(ServeError::Serve(error)),
            },
            () = &mut stop => break Ok(()),
        }
    };

    // Closed before the wait, so that whoever comes now is refused at once and can go elsewhere.
    drop(listener);
    drop(serving);
    drop(stopping);
    let drained = async {
        while connections.join_next().await.is_some() {}
        // Nothing is ever sent: it ends when the last handler has.
        while all.recv().await.is_some() {}
    };
    if timeout(patience.drain, drained).await.is_err() {
        tracing::warn!(connections = connections.len(), "requests that did not finish in time are dropped");
    }
    // Dropping the set ends what is left in it.
    ended
}

/// The next connection. An error comes back only where no other connection can ever come.
async fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    loop {
        let error = match listener.accept().await {
            Ok(connection) => return Ok(connection),
            Err(error) => error,
        };
        match error.kind() {
            // This one left before its turn came; the next may be waiting.
            ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::Interrupted => {}
            // The socket no longer listens, and nothing makes it listen again.
            ErrorKind::InvalidInput => return Err(error),
            // Descriptors or memory ran out, or the network is down: all of it passes.
            _ => {
                tracing::error!(%error, "cannot accept connections");
                sleep(RESPITE).await;
            }
        }
    }
}

/// Answers the requests of one connection until it ends.
async fn converse(http: http1::Builder, stream: TcpStream, peer: SocketAddr, router: Router, mut stopping: Stopping) {
    let router = TowerToHyperService::new(router);
    let told = stopping.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(told.clone());
        router.call(request)
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        // In this order, so that an answer given after the stop says that the connection closes.
        biased;
        () = stopping.told() => {
            // An idle connection closes now, a busy one after the answer that it is at.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        ended = &mut connection => ended,
    };
    if let Err(error) = ended {
        // Clients break off all the time.
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, poll_fn},
        io::{Read as _, Write as _},
        net::TcpStream as Client,
        pin::Pin,
        sync::Arc,
        time::Instant,
    };

    use axum::{
        extract::Request as AxumRequest,
        http::{HeaderMap, StatusCode, header},
        response::IntoResponse,
        routing::get,
    };
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
        async fn start(patience: Patience, router: Router) -> Self {
            let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = oneshot::channel();
            let stop_signal = async move { stopped.await.unwrap_or_default() };
            Self { address, stop, served: tokio::spawn(serve_with(patience, listener, router, stop_signal)) }
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
    async fn a_header_of_a_megabyte_reaches_the_handler() {
        let length = |headers: HeaderMap| async move { headers[header::AUTHORIZATION].len().to_string() };
        let service = Service::start(PATIENCE, Router::new().route("/", get(length))).await;
        let mut client = service.connect();
        let token = "x".repeat(1024 * 1024);
        write!(client, "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nAuthorization: {token}\r\n\r\n").unwrap();
        let answer = rest(client);
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("\r\n1048576"), "{answer}");
        service.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn handlers_see_who_connected() {
        let peer = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
        let service = Service::start(PATIENCE, Router::new().route("/", get(peer))).await;
        let mut client = service.connect();
        let address = client.local_addr().unwrap().to_string();
        client.write_all(GET_AND_CLOSE.as_bytes()).unwrap();
        assert!(rest(client).ends_with(&address));
        service.stop().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn slow_and_silent_clients_are_cut() {
        let service = Service::start(Patience { head: SOON, drain: NEVER }, Router::new().route("/", get(|| async { "fast" }))).await;
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
        let service = Service::start(Patience { head: NEVER, drain: NEVER }, router).await;
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
        let service = Service::start(Patience { head: NEVER, drain: SOON }, held(&come, &go)).await;
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
        let service = Service::start(PATIENCE, Router::new().route("/", get(upgrade))).await;
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
        use std::{net::Shutdown, os::fd::OwnedFd};

        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let breaker = Client::from(OwnedFd::from(listener.try_clone().unwrap()));
        let served = tokio::spawn(serve_with(PATIENCE, TcpListener::from_std(listener).unwrap(), Router::new(), pending()));
        breaker.shutdown(Shutdown::Both).unwrap();
        assert!(matches!(timeout(NEVER, served).await.unwrap().unwrap(), Err(ServeError::Serve(_))));
    }
}
