//! What text search costs at a hundred times the data, on the embedded database: through the index, as the service searches, and
//! by reading every text, as it would without one. `cargo bench --bench search`
//!
//! Times are medians of one run on one machine; the ratios are what to read.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a benchmark talks to the terminal and fails loudly"
)]
#![allow(clippy::disallowed_methods, reason = "it compares with statements that the service does not run")]

#[path = "support/multiplied.rs"]
mod multiplied;

use std::time::{Duration, Instant};

use minsheng::{
    access::viewer::Viewer,
    domain::{
        page::{Direction, PageRequest},
        search,
    },
    store::{Database, OrderDirection, TaskFilter, TaskOrder, Visible},
};
use multiplied::multiplied;
use sea_orm::{ConnectionTrait as _, Database as Connector, DatabaseBackend, Statement};

const QUERIES: [&str; 5] = ["老", "托育", "老年人食堂", "无此文字", "为全市符合条件的65岁以上老年人"];
const RUNS: usize = 25;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    println!("{:<32} {:>8} {:>10} {:>12} {:>12} {:>12} {:>8}", "query", "tasks", "found", "indexed", "scan", "index size", "scan ÷");
    for times in [1, 100] {
        let file = folder.path().join(format!("{times}.db"));
        let database = Database::open_file(&file).await.expect("it opens");
        database.migrate().await.expect("migrated");
        database.load_seed(&multiplied(times)).await.expect("loaded");
        let tasks = 96 * times;
        let raw = Connector::connect(format!("sqlite:{}", file.display())).await.expect("it opens");
        let index = number(&raw, "SELECT sum(length(block)) FROM search_gram_data").await;
        for query in QUERIES {
            let hits = found(&database, query).await;
            let indexed = median(async || found(&database, query).await).await;
            let scanned = median(async || scan(&raw, query).await).await;
            let ratio = scanned.as_secs_f64() / indexed.as_secs_f64();
            println!("{query:<32} {tasks:>8} {hits:>10} {indexed:>12.1?} {scanned:>12.1?} {index:>12} {ratio:>8.1}");
        }
    }
}

/// One page of the tasks that a dashboard would show, with the total.
async fn found(database: &Database, query: &str) -> u64 {
    let visible = Visible::new(database.clone(), Viewer::Public);
    let filter = TaskFilter { text: Some(query.to_owned()), ..TaskFilter::default() };
    let request = PageRequest { size: 20, direction: Direction::Forward, after: None, before: None, counted: true };
    let page = visible.task_page(&filter, TaskOrder::default(), OrderDirection::Ascending, &request).await.expect("a page");
    page.total.expect("a total")
}

/// The same count by reading every text.
async fn scan(connection: &sea_orm::DatabaseConnection, query: &str) -> i64 {
    let statement = "SELECT count(*) FROM search_entry WHERE subject = 'TASK' AND instr(text, ?) > 0";
    let statement = Statement::from_sql_and_values(DatabaseBackend::Sqlite, statement, [search::normalise(query).into()]);
    connection.query_one_raw(statement).await.expect("it runs").expect("a row").try_get_by_index(0).expect("a number")
}

async fn number(connection: &sea_orm::DatabaseConnection, statement: &str) -> i64 {
    let statement = Statement::from_string(DatabaseBackend::Sqlite, statement);
    connection.query_one_raw(statement).await.expect("it runs").expect("a row").try_get_by_index(0).expect("a number")
}

async fn median<T>(run: impl AsyncFn() -> T) -> Duration {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        run().await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times.get(RUNS / 2).copied().unwrap_or_default()
}
