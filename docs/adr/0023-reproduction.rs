//! The defect of sqlx-sqlite 0.9.0 that ADR 0023 is about, with nothing else around it: `cargo run --example lost-commits`.
//!
//! `SQLite` rolls back by itself when the database is full. The driver's ROLLBACK then fails with "no transaction is active", and its
//! transaction depth stays at 1. The next transaction is a SAVEPOINT, which begins one by itself. If it is rolled back, ROLLBACK TO leaves it
//! open. From then on every transaction is a savepoint in one that never ends, and nothing is ever stored.

#![allow(clippy::print_stdout, reason = "it tells what it sees")]

use sea_orm::sqlx::{self, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new().filename(folder.path().join("small.db")).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query("CREATE TABLE t (a text)").execute(&mut connection).await?;
    sqlx::query("PRAGMA max_page_count = 20").execute(&mut connection).await?;

    let mut transaction = connection.begin().await?;
    let failed = sqlx::query("INSERT INTO t VALUES (zeroblob(1000000))").execute(&mut *transaction).await;
    println!("the insert: {:?}", failed.map(|_| ()).map_err(|error| error.to_string()));
    println!("the rollback: {:?}", transaction.rollback().await.map_err(|error| error.to_string()));
    println!("in a transaction, by the driver: {}", connection.is_in_transaction());
    let given_up = connection.begin().await?.rollback().await;
    println!("another transaction, rolled back: {:?}", given_up.map_err(|error| error.to_string()));

    sqlx::query("PRAGMA max_page_count = 1000000").execute(&mut connection).await?;
    for number in 0..3 {
        let mut transaction = connection.begin().await?;
        sqlx::query("INSERT INTO t VALUES (?)").bind(number).execute(&mut *transaction).await?;
        println!("commit {number}: {:?}", transaction.commit().await.map_err(|error| error.to_string()));
    }

    let mut other = SqliteConnection::connect_with(&options).await?;
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut other).await?;
    println!("rows that another connection sees: {stored} of 3");
    Ok(())
}
