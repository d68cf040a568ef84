//! The only place that speaks `SeaORM`: connections, visible finders, keyset pages, search, and rows to records of the domain.

mod account;
mod assignment;
mod audit;
mod catalogue;
mod database;
mod error;
mod jurisdiction;
mod keyset;
mod notice;
mod project;
mod reconcile;
mod schema_version;
mod search;
mod seed;
mod session;
mod sign_in;
mod target;
mod task;
mod unit;
mod visible;
mod writer;

pub use account::{AccountFilter, Taken};
pub use audit::{AuditFilter, End, Link, Linked};
pub use catalogue::IndicatorFilter;
pub use database::{Database, StatementObserver};
pub use error::StoreError;
pub use keyset::OrderDirection;
pub use notice::{NoticeFilter, NoticeOrder};
pub use project::{ProjectFilter, ProjectOrder};
pub use reconcile::Tally;
pub use schema_version::SchemaVersion;
pub use session::Sessions;
pub use sign_in::{Failures, StoredKey};

pub use task::{TaskFilter, TaskOrder};
pub use unit::UnitFilter;
pub use visible::Visible;
pub use writer::{Record, Writer};
