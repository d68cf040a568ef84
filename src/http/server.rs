//! Listening, serving, and stopping cleanly.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, time::sleep};

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

/// How long running requests may take to finish once the service is asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `stop`, then lets running requests finish, though no longer than `DRAIN`: a client that never finishes must not
/// keep the process.
///
/// # Errors
/// The listener broke.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    let (asked, stopping) = oneshot::channel();
    let stop = async move {
        stop.await;
        // Nobody listens only where serving has ended by itself.
        let _ = asked.send(());
    };
    let out_of_patience = async move {
        // The sender lives as long as serving does.
        let _ = stopping.await;
        sleep(DRAIN).await;
    };
    tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(stop) => served.map_err(ServeError::Serve),
        () = out_of_patience => Ok(()),
    }
}
