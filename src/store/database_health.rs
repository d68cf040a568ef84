//! Whether the database is there, from three observers: the connections, the requests and the listener for events.
//!
//! A connection is not tried before each use, which would cost every statement a round trip. It is tried before its first use after a sign
//! of trouble, and after it was idle for long. So a restart of `PostgreSQL` fails no request.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::sqlx::{
    self, Connection as _, PgConnection,
    pool::PoolConnectionMetadata,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::discard::Discard;

/// How long a connection may lie idle and still be used untried.
const FRESH: Duration = Duration::from_secs(5);

/// How long an answer to whether the database is there is waited for. A busy server takes seconds to accept a connection. If that counted
/// as absence, every rush would become an outage. A request that waits for a connection meanwhile gives up sooner, each by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a database that is away is looked for.
const RESPITE: Duration = Duration::from_millis(250);

/// Whether the database is there. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct DatabaseHealth(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// When there was a sign of trouble last.
    trouble: Mutex<Option<Instant>>,
    away: watch::Sender<bool>,
    probing: AtomicBool,
    /// How to look for it; `None` for the embedded database, which is in this process.
    options: Option<PgConnectOptions>,
}

impl DatabaseHealth {
    pub(super) fn of(options: Option<PgConnectOptions>) -> Self {
        Self(Arc::new(Shared { trouble: Mutex::default(), away: watch::Sender::new(false), probing: AtomicBool::new(false), options }))
    }

    /// Tries connections before use that have not been used since there was trouble, and closes those that must not be used again.
    pub(super) fn guard(&self, pool: PgPoolOptions, discard: &Discard) -> PgPoolOptions {
        let (health, discard) = (self.clone(), discard.clone());
        pool.before_acquire(move |connection, metadata| {
            let doubtful = health.is_doubtful(&metadata);
            let keeps = discard.keeps(connection, &metadata);
            Box::pin(async move {
                if keeps && doubtful {
                    connection.ping().await?;
                }
                Ok(keeps)
            })
        })
    }

    fn is_doubtful(&self, metadata: &PoolConnectionMetadata) -> bool {
        let trouble = *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        metadata.idle_for >= FRESH || trouble.is_some_and(|trouble| trouble.elapsed() <= metadata.idle_for)
    }

    /// Whether it is known to be away.
    pub(super) fn is_away(&self) -> bool {
        *self.0.away.borrow()
    }

    /// Waits until it is known to be away.
    pub(super) async fn away(&self) {
        let mut away = self.0.away.subscribe();
        if away.wait_for(|away| *away).await.is_err() {
            // Nobody is left to say so.
            std::future::pending::<()>().await;
        }
    }

    /// Takes a sign of trouble: connections are tried from now on, and it is looked whether the database is there.
    pub(super) fn suspect(&self) {
        *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let Some(options) = self.0.options.clone() else { return };
        if !self.0.probing.swap(true, Ordering::AcqRel) {
            let health = self.clone();
            tokio::spawn(async move { health.look_for(&options).await });
        }
    }

    /// Looks for it until it is there.
    async fn look_for(&self, options: &PgConnectOptions) {
        while !is_there(options).await {
            if !self.0.away.send_replace(true) {
                tracing::error!("the database is away: requests are refused until it is back");
            }
            sleep(RESPITE).await;
        }
        if self.0.away.send_replace(false) {
            // Connections that were made while it was going are tried too.
            *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            tracing::info!("the database is back");
        }
        self.0.probing.store(false, Ordering::Release);
    }
}

async fn is_there(options: &PgConnectOptions) -> bool {
    let asked = async {
        let mut connection = PgConnection::connect_with(options).await?;
        connection.ping().await?;
        // Taking leave fails where the server was quicker, which says nothing of the server.
        let _ = connection.close().await;
        Ok(())
    };
    match timeout(PATIENCE, asked).await {
        Ok(Ok(())) => true,
        // A server that says why not is there, for those who have a connection; one that starts or stops is not.
        Ok(Err(sqlx::Error::Database(error))) => error.code().as_deref() != Some("57P03"),
        Ok(Err(_)) | Err(_) => false,
    }
}
