//! Listening, serving, and stopping cleanly.

use std::{future::Future, io, net::SocketAddr};

use axum::Router;
use tokio::net::TcpListener;

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

/// Serves until `stop`, then lets running requests finish.
///
/// # Errors
/// The listener broke.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    axum::serve(listener, router).with_graceful_shutdown(stop).await.map_err(ServeError::Serve)
}
