//! Connections: one writer and several readers for the embedded `SQLite`, one pool for `PostgreSQL`.

use std::{path::Path, str::FromStr as _, sync::Arc, time::Duration};

use fair::{Client, Fair};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait as _,
    sqlx::{
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

use super::{
    commits::Announcer, database_health::DatabaseHealth, discard::Discard, error::StoreError, reader::Reader, transaction::Transaction,
};

/// How long a statement waits for a connection, or `SQLite` for its lock, before it fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Readers of the embedded database: reading scales with cores, and each connection holds a cache of its own.
const SQLITE_READERS: u32 = 4;

/// Connections to `PostgreSQL` that read: more than its server usually has cores for would only queue there instead of here.
const POSTGRES_READERS: u32 = 12;

/// Connections to `PostgreSQL` that write. Writers take turns, and those that wait must not keep readers from theirs.
const POSTGRES_WRITERS: u32 = 4;

/// Readers that no client gets: the service itself identifies callers, and must not wait for the queries of others.
const OWN_READERS: u32 = 1;

/// Readers that one client leaves to others, as one of so many: a client with few queries does not wait for a client with many.
const LEFT_TO_OTHERS: u32 = 3;

/// The number of waiting writers that are let in at once: one writes, and the others read the data that they will need.
const PLACES: usize = 3;

/// A place among the waiting writers; the next writer has it once this is dropped.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held, not used")] Option<OwnedSemaphorePermit>);

/// The connections for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// To `read` or to `write`.
    pub purpose: &'static str,
    /// How many are idle.
    pub idle: usize,
    /// How many are in use.
    pub busy: usize,
}

/// Is told the text of every statement as it is run, so that a test can count them.
pub type StatementObserver = Arc<dyn Fn(&str) + Send + Sync>;

/// The database, whichever it is.
#[derive(Clone, Debug)]
pub struct Database {
    reader: DatabaseConnection,
    /// Nothing runs on it but transactions of [`Database::begin`].
    pub(super) writer: DatabaseConnection,
    /// Errors of connections that read, and of those that write.
    discards: [Discard; 2],
    pub(super) announcer: Announcer,
    /// Those who are about to write wait here in the order in which they came. At a deadline there are many writers. To wait for one's
    /// turn is no sign of trouble with the database; to wait longer than [`PATIENCE`] for a connection is. How many may wait is for the
    /// endpoint to limit.
    places: Arc<Semaphore>,
    /// The readers that clients share.
    readers: Fair<Client>,
    health: DatabaseHealth,
}

/// The readers that clients share, of so many: each client holds two thirds of them at most.
fn shared(readers: u32) -> Fair<Client> {
    let shared = readers.saturating_sub(OWN_READERS);
    let left = shared.checked_div(LEFT_TO_OTHERS).unwrap_or_default();
    let count = |readers: u32| usize::try_from(readers).unwrap_or(usize::MAX);
    Fair::new(count(shared), count(shared.saturating_sub(left)))
}

impl Database {
    /// Opens the database at `url` (`sqlite:PATH` or `postgres://…`), creating an embedded one that is not there.
    ///
    /// # Errors
    /// The address cannot be understood, the folder of the embedded database cannot be made, or nothing answers.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_at(url, true).await
    }

    /// Opens the database at `url`, which must be there.
    ///
    /// # Errors
    /// The address cannot be understood, or nothing is there or answers.
    pub async fn open_existing(url: &str) -> Result<Self, StoreError> {
        Self::open_at(url, false).await
    }

    /// Opens the embedded database in `file`, creating it and its folder where they are not there.
    ///
    /// # Errors
    /// The folder cannot be made, or the file not opened.
    pub async fn open_file(file: &Path) -> Result<Self, StoreError> {
        Self::open_sqlite(SqliteConnectOptions::new().filename(file), true).await
    }

    async fn open_at(url: &str, create: bool) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url).map_err(|error| StoreError::Address { reason: error.to_string() })?;
            if options.get_filename().as_os_str().is_empty() || url.contains(":memory:") || url.contains("mode=memory") {
                return Err(StoreError::Address { reason: "it names no file".into() });
            }
            Self::open_sqlite(options, create).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_postgres(url).await
        } else {
            Err(StoreError::Address { reason: "it starts with neither sqlite: nor postgres:".into() })
        }
    }

    async fn open_sqlite(options: SqliteConnectOptions, create: bool) -> Result<Self, StoreError> {
        if let Some(folder) = options.get_filename().parent().filter(|folder| create && *folder != Path::new("")) {
            std::fs::create_dir_all(folder).map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
        }
        let file = options.get_filename();
        if !create && !file.exists() {
            return Err(StoreError::Absent { path: file.to_owned() });
        }
        // Password hashes are in it: nobody but its owner reads a file that is made here. Its journal gets the same permissions.
        #[cfg(unix)]
        if create && !file.exists() {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Where this fails, opening it fails too, and says why.
            let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        }
        let options = options
            .create_if_missing(create)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit that was acknowledged survives a power cut, not only the death of the process.
            .synchronous(SqliteSynchronous::Full);
        // SQLite has one writer at a time in any case; one connection queues them fairly, where several would busy-wait.
        let discards = [Discard::default(), Discard::default()];
        let [of_reader, of_writer] = &discards;
        let pool = SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
        let writer = of_writer.guard(pool.clone().max_connections(1)).connect_with(options.clone()).await.map_err(StoreError::Connect)?;
        let reader = of_reader
            .guard(pool.max_connections(SQLITE_READERS))
            .connect_with(options.pragma("query_only", "on"))
            .await
            .map_err(StoreError::Connect)?;
        let (reader, writer) = (SqlxSqliteConnector::from_sqlx_sqlite_pool(reader), SqlxSqliteConnector::from_sqlx_sqlite_pool(writer));
        Ok(Self::over(reader, writer, SQLITE_READERS, discards, DatabaseHealth::of(None)))
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        // The error of a malformed address repeats it, password and all.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Address { reason: "it is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE".into() })?
            .application_name("minsheng");
        let health = DatabaseHealth::of(Some(options.clone()));
        let pool = |connections, discard: &Discard| {
            let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE).test_before_acquire(false);
            health.guard(pool, discard)
        };
        let discards = [Discard::default(), Discard::default()];
        let [of_reader, of_writer] = &discards;
        let reader = pool(POSTGRES_READERS, of_reader).connect_with(options.clone()).await.map_err(StoreError::Connect)?;
        let writer = pool(POSTGRES_WRITERS, of_writer).connect_with(options).await.map_err(StoreError::Connect)?;
        let (reader, writer) =
            (SqlxPostgresConnector::from_sqlx_postgres_pool(reader), SqlxPostgresConnector::from_sqlx_postgres_pool(writer));
        Ok(Self::over(reader, writer, POSTGRES_READERS, discards, health))
    }

    /// `places` is how many connections the reader has.
    fn over(reader: DatabaseConnection, writer: DatabaseConnection, places: u32, discards: [Discard; 2], health: DatabaseHealth) -> Self {
        let (announcer, readers) = (Announcer::default(), shared(places));
        let mut database = Self { reader, writer, readers, discards, announcer, places: Arc::new(Semaphore::new(PLACES)), health };
        let nobody: StatementObserver = Arc::new(|_| {});
        database.observe(&nobody);
        database
    }

    /// Tells `observer` of every statement from now on.
    pub fn observe(&mut self, observer: &StatementObserver) {
        let embedded = self.reader.get_database_backend() == DbBackend::Sqlite;
        let [of_reader, of_writer] = self.discards.clone();
        for (connection, discard) in [(&mut self.reader, of_reader), (&mut self.writer, of_writer)] {
            let observer = Arc::clone(observer);
            connection.set_metric_callback(move |info| {
                // PostgreSQL keeps a connection usable whatever fails on it, and a new one is dear. Transactions note their errors themselves.
                if info.failed && embedded {
                    discard.note_error();
                }
                observer(&info.statement.sql);
            });
        }
    }

    /// Lets the embedded database grow to so many pages at most, or without bound. Tests use it to fill the disk. It holds from the next
    /// transaction on.
    #[doc(hidden)]
    pub fn bound_pages(&self, most: Option<u32>) {
        if self.writer.get_database_backend() != DbBackend::Sqlite {
            return;
        }
        let pool = self.writer.get_sqlite_connection_pool();
        // The largest bound that there is.
        let most = most.unwrap_or(u32::MAX.saturating_sub(1)).to_string();
        pool.set_connect_options(pool.connect_options().as_ref().clone().pragma("max_page_count", most));
        let [_, discard] = &self.discards;
        discard.note_error();
    }

    /// Closes all connections, letting running statements finish.
    ///
    /// # Errors
    /// The driver could not close cleanly.
    pub async fn close(self) -> Result<(), StoreError> {
        self.reader.clone().close().await?;
        self.writer.clone().close().await?;
        Ok(())
    }

    /// Waits for a place among those who are about to write. A writer that reads much before it writes reads afterwards, so little of it
    /// has changed when its turn comes.
    pub async fn place(&self) -> Place {
        // The queue is never closed; were it, writers would still take turns.
        Place(Arc::clone(&self.places).acquire_owned().await.ok())
    }

    /// Begins a transaction that writes. On `SQLite` it takes the lock at once and waits for it. A transaction that takes the lock only at
    /// its first write fails if another has written since its first read.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        let [_, discard] = &self.discards;
        let begun = tokio::select! {
            begun = self.writer.begin_with_options(options) => begun,
            () = self.health.away() => return Err(StoreError::Away),
        };
        match begun {
            Ok(begun) => Ok(Transaction::new(begun, discard.clone(), self.announcer.clone())),
            Err(error) => {
                // A transaction that waited too long for a connection has no connection.
                if !matches!(error, DbErr::ConnectionAcquire(_)) {
                    discard.note_error();
                }
                Err(error.into())
            }
        }
    }

    /// Whether the database is known to be away. A caller that asks it anything then waits in vain.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.health.is_away()
    }

    /// Waits until the database is known to be away.
    pub async fn away(&self) {
        self.health.away().await;
    }

    /// Takes a sign that the database may be away: it is looked for, and connections are tried before they are used again.
    pub fn suspect(&self) {
        self.health.suspect();
    }

    /// How many connections there are to read and to write with, and how many of those are idle.
    #[must_use]
    pub fn connections(&self) -> [Connections; 2] {
        let count = |connection: &DatabaseConnection, purpose| {
            let (open, idle) = if connection.get_database_backend() == DbBackend::Postgres {
                let pool = connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            } else {
                let pool = connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            };
            let open = usize::try_from(open).unwrap_or(usize::MAX);
            Connections { purpose, idle: idle.min(open), busy: open.saturating_sub(idle) }
        };
        [count(&self.reader, "read"), count(&self.writer, "write")]
    }

    pub(super) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Reads of one request of a client, or of the service itself.
    pub(super) fn reader_of(&self, client: Option<Client>) -> Reader {
        match client {
            Some(client) => Reader::of_client(self.reader.clone(), client, self.readers.clone()),
            None => Reader::of_service(self.reader.clone()),
        }
    }
}
