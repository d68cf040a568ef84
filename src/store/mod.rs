//! The only place that speaks `SeaORM`: connections, visible finders, keyset pages, search, and rows to records of the domain.

mod assignment;
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
mod target;
mod task;
mod unit;
mod visible;

pub use catalogue::IndicatorFilter;
pub use database::{Database, StatementObserver};
pub use error::StoreError;
pub use keyset::OrderDirection;
pub use notice::{NoticeFilter, NoticeOrder};
pub use project::{ProjectFilter, ProjectOrder};
pub use reconcile::Tally;
pub use schema_version::SchemaVersion;

pub use task::{TaskFilter, TaskOrder};
pub use unit::UnitFilter;
pub use visible::Visible;
