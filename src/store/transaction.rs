//! The one kind of transaction that writes: it answers that it is committed only where that is certain.

use std::sync::atomic::{AtomicBool, Ordering};

use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, prelude::async_trait};

use super::{StoreError, commits::Announcer, discard::Discard};

/// A transaction in which every statement has succeeded so far. After the first error it runs no further statement, and cannot be
/// committed. The database may have rolled back already, and would then store each further statement by itself.
#[derive(Debug)]
pub(super) struct Transaction {
    inner: DatabaseTransaction,
    failed: AtomicBool,
    discard: Discard,
    announcer: Announcer,
}

impl Transaction {
    pub(super) fn new(inner: DatabaseTransaction, discard: Discard, announcer: Announcer) -> Self {
        Self { inner, failed: AtomicBool::new(false), discard, announcer }
    }

    /// Commits. `Ok` means that the database has stored it.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        // PostgreSQL answers COMMIT with ROLLBACK after an error, which the driver takes for a success.
        self.check()?;
        if self.inner.get_database_backend() == DbBackend::Sqlite {
            // The driver's COMMIT may only release a savepoint. This one ends the transaction itself, and BEGIN succeeds outside of one
            // alone, so it proves that nothing is left open. It takes no lock.
            self.watched(self.inner.execute_unprepared("COMMIT; BEGIN")).await?;
            let discard = self.discard.clone();
            let announcer = self.announcer.clone();
            if self.inner.rollback().await.is_err() {
                discard.note_error();
            }
            announcer.wrote();
        } else {
            let (discard, announcer) = (self.discard.clone(), self.announcer.clone());
            self.inner.commit().await.inspect_err(|_| discard.note_error())?;
            announcer.wrote();
        }
        Ok(())
    }

    /// Drops the writes.
    pub(super) async fn rollback(self) -> Result<(), StoreError> {
        let discard = self.discard.clone();
        Ok(self.inner.rollback().await.inspect_err(|_| discard.note_error())?)
    }

    /// Takes the steps of the schema that are missing.
    pub(super) async fn take_steps(&self) -> Result<(), DbErr> {
        self.watched(Migrator::up(&self.inner, None)).await
    }

    /// Makes the list of steps if it is missing.
    pub(super) async fn list_steps(&self) -> Result<(), DbErr> {
        self.watched(Migrator::install(&self.inner)).await
    }

    fn check(&self) -> Result<(), DbErr> {
        if self.failed.load(Ordering::Acquire) {
            return Err(DbErr::Custom("an earlier statement of the transaction has failed".to_owned()));
        }
        Ok(())
    }

    /// Runs a statement, unless an earlier one has failed. One that nobody waits for any more counts as failed.
    async fn watched<T>(&self, run: impl Future<Output = Result<T, DbErr>> + Send) -> Result<T, DbErr> {
        self.check()?;
        let mut running = Running { transaction: self, succeeded: false };
        let done = run.await;
        running.succeeded = done.is_ok();
        done
    }
}

/// A statement that runs.
struct Running<'a> {
    transaction: &'a Transaction,
    succeeded: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.succeeded {
            self.transaction.failed.store(true, Ordering::Release);
            self.transaction.discard.note_error();
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.watched(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.watched(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.watched(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.watched(self.inner.query_all_raw(statement)).await
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sea_orm::{ConnectionTrait as _, Statement};

    use crate::store::Database;

    const STORED: &str = "SELECT count(*) FROM t";

    async fn database(folder: &Path) -> Database {
        let database = Database::open_file(&folder.join("own.db")).await.expect("it opens");
        let transaction = database.begin().await.expect("a transaction");
        transaction.execute_unprepared("CREATE TABLE t (a integer UNIQUE)").await.expect("a table");
        let full = "CREATE TRIGGER full BEFORE INSERT ON t WHEN NEW.a < 0 BEGIN SELECT RAISE(ROLLBACK, 'full'); END";
        transaction.execute_unprepared(full).await.expect("a trigger");
        transaction.commit().await.expect("committed");
        database
    }

    async fn stored(database: &Database) -> i64 {
        let statement = Statement::from_string(sea_orm::DbBackend::Sqlite, STORED);
        database.reader().query_one_raw(statement).await.expect("it runs").expect("a row").try_get_by_index(0).expect("a number")
    }

    #[tokio::test]
    async fn after_an_error_nothing_runs_and_nothing_is_committed() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = database(folder.path()).await;
        // A rule that is broken, and a rollback by the database itself.
        for failing in ["INSERT INTO t VALUES (1), (1)", "INSERT INTO t VALUES (-1)"] {
            let transaction = database.begin().await.expect("a transaction");
            transaction.execute_unprepared("INSERT INTO t VALUES (1)").await.expect("a row");
            transaction.execute_unprepared(failing).await.expect_err(failing);
            transaction.execute_unprepared("INSERT INTO t VALUES (2)").await.expect_err("nothing runs any more");
            transaction.commit().await.expect_err("nothing is committed");
            assert_eq!(stored(&database).await, 0, "{failing}");
        }
        let transaction = database.begin().await.expect("another connection");
        transaction.execute_unprepared("INSERT INTO t VALUES (3)").await.expect("a row");
        transaction.commit().await.expect("committed");
        assert_eq!(stored(&database).await, 1);
    }

    #[tokio::test]
    async fn what_is_dropped_or_given_up_is_not_stored() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = database(folder.path()).await;
        for give_up in [false, true] {
            let transaction = database.begin().await.expect("a transaction");
            transaction.execute_unprepared("INSERT INTO t VALUES (1)").await.expect("a row");
            if give_up {
                transaction.rollback().await.expect("given up");
            } else {
                drop(transaction);
            }
            assert_eq!(stored(&database).await, 0);
        }
    }

    #[tokio::test]
    async fn a_transaction_that_the_driver_loses_track_of_is_committed_or_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = database(folder.path()).await;
        // The transaction ends behind the driver's back: later statements are not a part of it.
        let transaction = database.begin().await.expect("a transaction");
        transaction.execute_unprepared("ROLLBACK").await.expect("ended");
        transaction.commit().await.expect_err("there is nothing to commit");
        // A savepoint is open but the driver does not know it: all of it is committed, and proved to be.
        let transaction = database.begin().await.expect("a transaction");
        transaction.execute_unprepared("SAVEPOINT inner").await.expect("a savepoint");
        transaction.execute_unprepared("INSERT INTO t VALUES (1)").await.expect("a row");
        transaction.commit().await.expect("committed");
        assert_eq!(stored(&database).await, 1);
    }

    #[tokio::test]
    async fn a_connection_on_which_the_rollback_failed_is_not_used_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = database(folder.path()).await;
        // Past the transaction of ours, so that nobody notes the error: the driver's rollback fails, and its depth stays at one.
        let pool = database.writer.get_sqlite_connection_pool();
        let mut connection = pool.acquire().await.expect("a connection");
        let mut lost = sea_orm::sqlx::Connection::begin(&mut *connection).await.expect("a transaction");
        sea_orm::sqlx::query("INSERT INTO t VALUES (-1)").execute(&mut *lost).await.expect_err("full");
        drop(lost);
        drop(connection);
        let transaction = database.begin().await.expect("another connection");
        transaction.execute_unprepared("INSERT INTO t VALUES (1)").await.expect("a row");
        transaction.commit().await.expect("committed");
        assert_eq!(stored(&database).await, 1);
    }
}
