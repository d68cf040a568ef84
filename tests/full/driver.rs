//! What the driver does, for which `store::Transaction` and `store::Discard` are there. Should a test here fail after an update of the driver,
//! it was mended: see ADR 0023.

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use crate::{
    cases,
    support::{app::App, backend::Backend},
};

cases![the_driver_believes_a_commit_that_stores_nothing];

async fn the_driver_believes_a_commit_that_stores_nothing(app: App) {
    let stored = "SELECT count(*) FROM sign_in_throttle";
    let insert = |key: &str| format!("INSERT INTO sign_in_throttle (key, failures, last_failed_at) VALUES ('{key}', 1, 1)");
    if app.backend == Backend::Postgres {
        // COMMIT after an error is answered with ROLLBACK, and the driver looks at the error alone.
        let transaction = app.raw.begin().await.expect("a transaction");
        transaction.execute_unprepared(&insert("one")).await.expect("a row");
        transaction.execute_unprepared("SELECT 1 / 0").await.expect_err("an error");
        transaction.commit().await.expect("what the driver says");
        assert_eq!(app.number(stored).await, 0);
        return;
    }
    // A trigger can do what a full disk does: the database rolls back by itself.
    app.execute(
        "CREATE TRIGGER no_room BEFORE INSERT ON sign_in_throttle WHEN NEW.key = 'none' BEGIN SELECT RAISE(ROLLBACK, 'no room'); END",
    )
    .await
    .expect("a trigger");
    let transaction = app.raw.begin().await.expect("a transaction");
    transaction.execute_unprepared(&insert("none")).await.expect_err("no room");
    drop(transaction);
    // The next one is a savepoint outside of a transaction, which begins one. Given up, it goes back to the savepoint and leaves that open.
    drop(app.raw.begin().await.expect("a transaction"));
    // From now on each is a savepoint in one that never ends. This connection sees what it wrote, and nobody else does.
    for key in ["one", "two"] {
        let transaction = app.raw.begin().await.expect("a transaction");
        transaction.execute_unprepared(&insert(key)).await.expect("a row");
        transaction.commit().await.expect("what the driver says");
    }
    assert_eq!(app.number(stored).await, 2);
    let other = sea_orm::Database::connect(&app.url).await.expect("another connection");
    let row = other
        .query_one_raw(sea_orm::Statement::from_string(sea_orm::DatabaseBackend::Sqlite, stored))
        .await
        .expect("it can be read")
        .expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), 0);
    other.close().await.expect("closed");
}
