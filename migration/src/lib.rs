//! The schema, one file a step, each with a real `down`. Never data.
//!
//! Every constraint and index has a name, so that a violation can be told to the caller as the rule that it broke. A step writes
//! its values out as text: a migration says what was true on its day and must not change when an enumeration does.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod definition;
mod m20261101_000001_jurisdiction;
mod m20261101_000002_unit;
mod m20261101_000003_catalogue;
mod m20261101_000004_notice;
mod m20261101_000005_task;
mod m20261101_000006_target;
mod m20261101_000007_search;
mod m20261101_000008_name;
mod m20261122_000009_account;
mod m20261122_000010_audit;
mod m20261122_000011_progress;
mod m20261122_000012_supervision;
mod m20261126_000013_population;
mod m20261126_000014_revision;
mod m20261130_000015_write_check;
mod m20261130_000016_changed_at;
mod m20261130_000017_sign_in;
mod m20261130_000018_audience;
mod m20261201_000019_baseline;

/// Runs the steps in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_jurisdiction::Migration),
            Box::new(m20261101_000002_unit::Migration),
            Box::new(m20261101_000003_catalogue::Migration),
            Box::new(m20261101_000004_notice::Migration),
            Box::new(m20261101_000005_task::Migration),
            Box::new(m20261101_000006_target::Migration),
            Box::new(m20261101_000007_search::Migration),
            Box::new(m20261101_000008_name::Migration),
            Box::new(m20261122_000009_account::Migration),
            Box::new(m20261122_000010_audit::Migration),
            Box::new(m20261122_000011_progress::Migration),
            Box::new(m20261122_000012_supervision::Migration),
            Box::new(m20261126_000013_population::Migration),
            Box::new(m20261126_000014_revision::Migration),
            Box::new(m20261130_000015_write_check::Migration),
            Box::new(m20261130_000016_changed_at::Migration),
            Box::new(m20261130_000017_sign_in::Migration),
            Box::new(m20261130_000018_audience::Migration),
            Box::new(m20261201_000019_baseline::Migration),
        ]
    }
}
