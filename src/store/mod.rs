//! The only place that speaks `SeaORM`: connections, visible finders, keyset pages, search, and rows to records of the domain.

mod analysis;
mod audit;
mod catalogue;
mod commits;
mod database;
mod database_health;
mod discard;
mod document;
mod error;
mod keyset;
mod notices;
mod people;
mod places;
mod progress;
mod reader;
mod reconcile;
mod schema_version;
mod search;
mod supervision;
mod transaction;
mod visible;
mod write_check;
mod writer;

pub use crate::store::commits::{Listener, Progress};
pub use crate::store::notices::notice::{NoticeFilter, NoticeOrder};
pub use crate::store::notices::project::{ProjectFilter, ProjectOrder};
pub use crate::store::people::account::{AccountFilter, Taken};
pub use crate::store::people::session::Sessions;
pub use crate::store::people::sign_in::{Failures, StoredKey};
pub use crate::store::progress::event::Stretch;
pub use crate::store::progress::report::{ReportFilter, ReportHistory};
pub use audit::{AuditFilter, End, Link, Linked};
pub use catalogue::IndicatorFilter;
pub use database::{Connections, Database, Place, StatementObserver};
pub use error::StoreError;
pub use keyset::OrderDirection;
pub use reconcile::Tally;
pub use schema_version::SchemaVersion;

pub use crate::store::notices::task::{TaskFilter, TaskOrder};
pub use crate::store::places::unit::UnitFilter;
pub use visible::Visible;
pub use writer::{Record, Writer};
