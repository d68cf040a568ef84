//! What an attacker takes from an honest client: each known attack on a real process, with the median of honest requests before and
//! during it, and the memory of the process. `cargo bench --bench attack`, or with options, `cargo bench --bench attack -- --help`.
//!
//! The server and this program share one machine, so times say little and ratios say more. Nothing here passes or fails by a time.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark talks to the terminal and fails loudly"
)]

mod attacks;
mod client;
mod honest;
#[path = "../support/multiplied.rs"]
mod multiplied;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../tests/support/postgres.rs"]
mod postgres;
mod report;
mod scene;
mod server;

use std::{sync::Arc, time::Duration};

use clap::Parser;
use tokio::time::sleep;

use attacks::{ATTACKS, Attack, Tally, Target};
use report::Row;
use scene::{Place, Scene};
use server::Server;

/// How long honest clients ask before anything is measured, so that caches are warm.
const WARMING: Duration = Duration::from_secs(1);

/// How long an attack runs before it is measured.
const BEGINNING: Duration = Duration::from_secs(1);

/// Attacks a server on this machine, and tells what becomes of honest clients and of the server's memory.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// Seconds of each phase: before an attack, and during it.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Seconds between the end of an attack and the last look at the memory.
    #[arg(long, default_value_t = 60)]
    settle: u64,
    /// Only this attack; may be given several times. `list` prints them all.
    #[arg(long)]
    only: Vec<String>,
    /// How many times the five notices are in the database.
    #[arg(long, default_value_t = 20)]
    times: usize,
    /// What cargo says to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    if arguments.only.iter().any(|name| name == "list") {
        for attack in &ATTACKS {
            println!("{:<14} {}", attack.name, attack.what);
        }
        return;
    }
    for name in &arguments.only {
        assert!(ATTACKS.iter().any(|attack| attack.name == name), "there is no attack {name}: --only list prints them all");
    }
    minsheng::cli::runtime().expect("a runtime").block_on(run(&arguments));
}

async fn run(arguments: &Arguments) {
    let places = scene::chosen().expect("a database");
    report::head(arguments.settle);
    for place in places {
        let scene = Arc::new(Scene::prepare(&place, arguments.times).await);
        for attack in ATTACKS.iter().filter(|attack| arguments.only.is_empty() || arguments.only.iter().any(|name| name == attack.name)) {
            measure(&place, &scene, attack, arguments).await.print();
        }
        scene::remove(place).await;
    }
}

/// One attack on a process of its own, so that the highest memory is that of this attack.
async fn measure(place: &Place, scene: &Arc<Scene>, attack: &Attack, arguments: &Arguments) -> Row {
    let length = Duration::from_secs(arguments.seconds);
    let server = Server::start(&place.url);
    let tasks = client::task_ids(server.address).await;
    honest::measure(server.address, scene, attack.errand, WARMING).await;
    let before = honest::measure(server.address, scene, attack.errand, length).await;
    let at_rest = server.memory();

    let tally = Arc::new(Tally::default());
    let target = Target { address: server.address, scene: Arc::clone(scene), tasks: Arc::new(tasks), tally: Arc::clone(&tally) };
    let running = tokio::spawn((attack.run)(target));
    sleep(BEGINNING).await;
    let during = honest::measure(server.address, scene, attack.errand, length).await;
    // Its connections are closed with it.
    running.abort();
    let ended = running.await;
    assert!(ended.is_err_and(|error| error.is_cancelled()), "{} ended by itself", attack.name);

    sleep(Duration::from_secs(arguments.settle)).await;
    let settled = server.memory();
    let is_alive = server.stop();
    Row { database: place.name, attack: attack.name, before, during, tally: tally.seen(), at_rest, settled, is_alive }
}
