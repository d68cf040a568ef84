//! Listening, serving, and stopping cleanly.
//!
//! This speaks to `hyper` itself because `axum::serve` takes none of its settings, and those decide what becomes of a request with
//! long or slow headers. The builder of `hyper-util` that guesses between HTTP/1 and HTTP/2 is no way out: it waits for the first
//! bytes of a connection before any time limit begins.

mod descriptors;
mod door;
mod head;
mod stream;
#[cfg(test)]
mod tests;

use std::{
    future::Future,
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::pin,
    time::Duration,
};

use axum::{Router, extract::ConnectInfo, middleware::from_fn};
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

pub use descriptors::raise as raise_descriptors;
use door::{Door, Entry};
use stream::{Owed, Received, patient};

use crate::{http::Proxies, limit::Limits};

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

/// How many bytes the head of a request may have. Beyond that `hyper` answers a bare 431 before the router sees anything. A token has 8 KiB
/// at most, so that 64 KiB leave room for cookies and proxies.
const LARGEST_HEAD: usize = 64 * 1024;

/// How long to leave the listener alone after it failed for want of something, such as descriptors: asking again at once would keep
/// a processor busy until another connection ends.
const RESPITE: Duration = Duration::from_secs(1);

/// How long clients may take, and how many may come.
#[derive(Clone, Debug)]
pub struct Terms {
    /// For the head of a request, counted from when the connection is ready for it. So it also is how long a connection may stay
    /// idle between two requests.
    head: Duration,
    /// For running requests to finish once the service is asked to stop.
    drain: Duration,
    /// For a client to take the next part of an answer.
    answer: Duration,
    /// Connections at once.
    connections: u32,
    /// Connections of one address at once; 0 for any number.
    address_connections: u32,
    /// Proxies, whose connections are those of many clients.
    proxies: Proxies,
}

impl Terms {
    /// The terms of these limits. `descriptors` is how many the process may have, where that is known: the database and files need
    /// some, so that connections get three of four.
    #[must_use]
    pub fn of(limits: &Limits, proxies: Proxies, descriptors: Option<u64>) -> Self {
        let room = descriptors.map_or(u32::MAX, |all| u32::try_from(all.saturating_sub(all.div_ceil(4))).unwrap_or(u32::MAX));
        Self {
            head: Duration::from_secs(10),
            drain: Duration::from_secs(10),
            answer: Duration::from_secs(limits.answer_seconds.into()),
            connections: limits.connections.min(room),
            address_connections: limits.address_connections,
            proxies,
        }
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self::of(&Limits::default(), Proxies::default(), None)
    }
}

/// Tells a handler that the service is asked to stop, and the service that the handler has not ended.
#[derive(Clone, Debug)]
pub(crate) struct Stopping {
    told: watch::Receiver<()>,
    _alive: mpsc::Sender<()>,
}

impl Stopping {
    /// Waits until the service is asked to stop.
    pub(crate) async fn told(&mut self) {
        // Nothing is ever sent: the sender goes when the service is to stop.
        let _ = self.told.changed().await;
    }
}

/// Serves until `stop`, then lets running requests finish, though no longer than ten seconds: a client that never finishes must not
/// keep the process. What still runs then is dropped.
///
/// Handlers learn who connected from [`ConnectInfo<SocketAddr>`](ConnectInfo), and of `stop` from `Stopping`, which those that answer
/// without end must heed: a connection that became a WebSocket is its handler's alone, and is waited for as long as that keeps it.
///
/// # Errors
/// The listener broke.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    serve_on(Terms::default(), listener, router, stop).await
}

/// Serves on other terms than the default ones.
///
/// # Errors
/// The listener broke.
pub async fn serve_on(terms: Terms, listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(terms.head).max_buf_size(LARGEST_HEAD).half_close(true);
    let router = router.layer(from_fn(head::check));
    // Completes the routes here, once, rather than for every request.
    let router: Router = router.with_state(());

    // Dropping the sender is what tells the connections.
    let (serving, told) = watch::channel(());
    let (alive, mut all) = mpsc::channel(1);
    let stopping = Stopping { told, _alive: alive };
    let door = Door::new(&terms);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    let ended = loop {
        tokio::select! {
            accepted = accept(&listener) => match accepted {
                Ok((stream, peer)) => {
                    // The set keeps those that have ended until somebody asks. Not a branch of its own: the end of one would cut
                    // short the respite of the listener.
                    while connections.try_join_next().is_some() {}
                    let Some(entry) = door.enter(peer.ip()) else {
                        door::turn_away(stream);
                        continue;
                    };
                    let guest = Guest { stream, peer, patience: terms.answer, entry };
                    connections.spawn(converse(http.clone(), guest, router.clone(), stopping.clone()));
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
    if timeout(terms.drain, drained).await.is_err() {
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

/// Whoever has connected.
struct Guest {
    stream: TcpStream,
    peer: SocketAddr,
    /// How long it may take for the next part of an answer.
    patience: Duration,
    /// Counted until the connection ends, also as a WebSocket.
    entry: Entry,
}

/// Answers the requests of one connection until it ends.
async fn converse(http: http1::Builder, guest: Guest, router: Router, mut stopping: Stopping) {
    let Guest { stream, peer, patience, entry } = guest;
    let router = TowerToHyperService::new(router);
    let (told, owed) = (stopping.clone(), Owed::default());
    let of_requests = owed.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(told.clone());
        router.call(request.map(|body| Received::new(body, of_requests.clone())))
    });
    let stream = TokioIo::new(patient(stream, patience, owed, entry));
    let mut connection = pin!(http.serve_connection(stream, service).with_upgrades());
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
