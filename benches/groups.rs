//! What groups cost at a hundred times the data, on the embedded database: a page of tasks, the same by a light, and groups of all of them
//! with and without how units report. `cargo bench --bench groups`
//!
//! Times are medians of one run on one machine; the ratios are what to read.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

#[path = "support/multiplied.rs"]
mod multiplied;

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use entity::StatusLight;
use minsheng::{
    access::viewer::Viewer,
    domain::{
        analysis::group::{Listing, Order, TaskDimension},
        audit::Occasion,
        page::{Direction, PageRequest},
    },
    service::{Call, Clock, Service, analysis::group::TaskQuestion},
    store::{Database, OrderDirection, TaskFilter, TaskOrder, Visible},
};
use multiplied::multiplied;

const RUNS: usize = 5;

fn main() {
    minsheng::cli::runtime().expect("a runtime").block_on(measure());
}

async fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut before: Vec<Duration> = Vec::new();
    println!("{:<44} {:>8} {:>12} {:>10} {:>10}", "", "tasks", "took", "÷ page", "÷ 96 tasks");
    for times in [1, 100] {
        let database = Database::open_file(&folder.path().join(format!("{times}.db"))).await.expect("it opens");
        database.migrate().await.expect("migrated");
        database.load_seed(&multiplied(times)).await.expect("loaded");
        let service = Service::new(database.clone(), Clock::of_the_machine()).expect("a service");
        let took = vec![
            median(async || page(&database).await).await,
            median(async || survey(&service, Some(&[StatusLight::Red])).await).await,
            median(async || groups(&service, &[TaskDimension::Jurisdiction], false).await).await,
            median(async || groups(&service, &[TaskDimension::LeadUnit, TaskDimension::Topic, TaskDimension::Light], false).await).await,
            median(async || groups(&service, &[TaskDimension::Unit], true).await).await,
        ];
        let names = [
            "a page of 20 with its total",
            "all of a light",
            "by jurisdiction",
            "by lead unit, topic and light",
            "by unit, with compliance",
        ];
        for (place, (name, time)) in names.into_iter().zip(&took).enumerate() {
            let to_page = time.as_secs_f64() / took.first().map_or(1.0, Duration::as_secs_f64);
            let grown = before.get(place).map_or_else(String::new, |small| format!("{:.1}", time.as_secs_f64() / small.as_secs_f64()));
            println!("{name:<44} {:>8} {time:>12.1?} {to_page:>10.1} {grown:>10}", 96 * times);
        }
        before = took;
    }
}

async fn page(database: &Database) {
    let visible = Visible::new(database.clone(), Viewer::Operator);
    let request = PageRequest { size: 20, direction: Direction::Forward, after: None, before: None, counted: true };
    let order = (TaskOrder::default(), OrderDirection::Ascending);
    visible.task_page(&TaskFilter::default(), order.0, order.1, &request).await.expect("a page");
}

fn call(service: &Service) -> Call {
    let occasion = Occasion { at: service.now(), request_id: "bench".into(), address: None };
    Call { viewer: Viewer::Operator, occasion, user_agent: None, jurisdictions: None }
}

async fn survey(service: &Service, lights: Option<&[StatusLight]>) {
    let visible = Visible::new(service.database().clone(), Viewer::Operator);
    service.survey(&call(service), &visible, &TaskFilter::default(), lights, None).await.expect("tasks");
}

async fn groups(service: &Service, by: &[TaskDimension], with_compliance: bool) {
    let visible = Visible::new(service.database().clone(), Viewer::Operator);
    let call = call(service);
    let question = TaskQuestion {
        filter: TaskFilter::default(),
        lights: None,
        by: by.to_vec(),
        listing: Listing { having: Vec::new(), order: Order::default(), limit: 100 },
        on: NaiveDate::from_ymd_opt(2024, 10, 1),
        with_compliance,
    };
    let survey = service.survey(&call, &visible, &question.filter, None, question.on).await.expect("tasks");
    service.task_groups(&call, &visible, &survey, &question).await.expect("groups");
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
