//! Whether the database has the schema that this binary speaks.

use std::collections::HashSet;

use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};

use super::{Database, StoreError};

/// How the schema of a database compares with the one this binary speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaVersion {
    /// The schema of the database is that of this binary.
    Current,
    /// Steps are missing: `minsheng migrate` brings them.
    Behind,
    /// A newer binary has taken steps that this one does not know.
    Ahead,
}

impl Database {
    /// Compares the steps that the database has taken with those that this binary knows.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn schema_version(&self) -> Result<SchemaVersion, StoreError> {
        let transaction = self.begin().await?;
        transaction.list_steps().await?;
        transaction.commit().await?;
        self.schema_version_now().await
    }

    /// The schema version of a database that has taken a step at some time: it only reads.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn schema_version_now(&self) -> Result<SchemaVersion, StoreError> {
        let taken = taken_steps(self.reader()).await?;
        let known: HashSet<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        Ok(if taken.difference(&known).next().is_some() {
            SchemaVersion::Ahead
        } else if taken.len() < known.len() {
            SchemaVersion::Behind
        } else {
            SchemaVersion::Current
        })
    }

    /// Takes all missing steps in one transaction: a process that is stopped half way leaves the schema as it was. Call it only when the
    /// schema is not ahead.
    ///
    /// # Errors
    /// A step failed; the schema did not change.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        transaction.take_steps().await?;
        transaction.commit().await
    }
}

async fn taken_steps(connection: &DatabaseConnection) -> Result<HashSet<String>, DbErr> {
    let rows =
        connection.query_all_raw(Statement::from_string(connection.get_database_backend(), "SELECT version FROM seaql_migrations")).await?;
    rows.iter().map(|row| row.try_get::<String>("", "version")).collect()
}
