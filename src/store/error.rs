//! The errors between the service and its database.

use std::path::PathBuf;

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr,
    sqlx::{self, sqlite::SqliteError},
};

use crate::domain::progress::completion::TooLarge;

/// A failure of storage. Its text may hold SQL and values: it goes to the log, never to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database cannot be understood.
    #[error("the database address cannot be understood: {reason}")]
    Address {
        /// The fault.
        reason: String,
    },
    /// The folder of the embedded database cannot be made.
    #[error("cannot create the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// There is no embedded database at the address.
    #[error("there is no database at {}", path.display())]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// No connection could be opened.
    #[error("cannot open the database")]
    Connect(#[source] sea_orm::sqlx::Error),
    /// A cursor is broken or belongs to another list. The one failure here that is the caller's.
    #[error("the cursor in `{argument}` is not of this list")]
    Cursor {
        /// The argument that holds it.
        argument: &'static str,
    },
    /// A checked seed names something that is not there: a fault of ours.
    #[error("{key} is not there")]
    Unresolved {
        /// The missing object.
        key: String,
    },
    /// A stored value that the domain does not store: the database was changed past the service.
    #[error("a stored value cannot be read: {reason}")]
    Stored {
        /// Why not.
        reason: String,
    },
    /// The account that was permitted to write has been locked, changed or signed out since.
    #[error("the account that writes has changed since it was permitted to")]
    Overtaken,
    /// Nobody wrote anything for as long as was waited for a turn to write.
    #[error("no turn to write came, and nobody else wrote")]
    NoTurn,
    /// The database is known to be away.
    #[error("the database is away")]
    Away,
    /// A statement failed.
    #[error("a statement failed")]
    Statement(#[from] DbErr),
}

impl From<TooLarge> for StoreError {
    // Each figure is within 9 × 10¹¹, so that no number of units that a city has makes a sum too large for a decimal.
    fn from(TooLarge: TooLarge) -> Self {
        Self::Stored { reason: "a sum of figures is too large".into() }
    }
}

impl StoreError {
    /// Whether the database was unreachable, or broke off: the request has no fault, and may be retried.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        match self {
            Self::Away => true,
            Self::Connect(error) => breaks_off(error),
            Self::Statement(error) => match error {
                DbErr::ConnectionAcquire(ConnAcquireErr::Timeout | ConnAcquireErr::ConnectionClosed) => true,
                DbErr::Conn(RuntimeErr::SqlxError(error))
                | DbErr::Exec(RuntimeErr::SqlxError(error))
                | DbErr::Query(RuntimeErr::SqlxError(error)) => breaks_off(error),
                _ => false,
            },
            _ => false,
        }
    }
}

/// The message of a driver that has lost its server, or of a server that is overloaded.
fn breaks_off(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            // PostgreSQL: connections (08), too many of them (53300), the server stops or starts (57P01 to 57P03). SQLite: locked (5, 261,
            // 517), cannot be opened (14) or read (10).
            code.starts_with("08")
                || matches!(code.as_ref(), "53300" | "57P01" | "57P02" | "57P03" | "57P05")
                || (error.try_downcast_ref::<SqliteError>().is_some() && matches!(code.as_ref(), "5" | "261" | "517" | "10" | "14"))
        }),
        _ => false,
    }
}
