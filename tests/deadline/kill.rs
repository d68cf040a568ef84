//! The process is killed while everybody posts.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use chrono::Datelike as _;
use entity::TransitionKind;
use minsheng::service::Clock;
use sea_orm::{ConnectionTrait as _, DatabaseBackend};
use serde_json::{Value, json};

use super::{
    log::{Asked, Log, Outcome, Post, REVIEW_ALL, Review, SUBMIT, bare, outcome, outcomes},
    scene::{CITY, GROUP, OF_ALL, OFFICES, Scene, name_of},
    tables::Tables,
};
use crate::{
    command::Serving,
    support::{actor::PASSWORD, app::App, backend::Backend, global},
};

const CLIENTS: usize = 16;
/// After so many more acknowledgements the process is killed, each time.
const KILLS: [usize; 4] = [1, 20, 80, 40];
/// The weeks that are reported on: all of them lie in the notice's year, which is over.
const WEEKS: std::ops::RangeInclusive<u32> = 3..=51;
const SIGN_IN: &str = include_str!("../contract/06-sign-in.graphql");

/// A client that posts, and what it does next.
struct Client {
    unit: usize,
    bearer: String,
    weeks: std::ops::RangeInclusive<u32>,
    serials: std::ops::RangeFrom<u32>,
}

/// What all clients share.
struct Field {
    scene: Scene,
    log: Log,
    acknowledged: AtomicUsize,
}

/// The answer; none where the connection breaks before all of it is there, and an error where there is no connection to begin with.
fn ask(address: &str, bearer: Option<&str>, query: &str, variables: &Value) -> io::Result<Option<Value>> {
    let mut stream = TcpStream::connect(address)?;
    let body = json!({ "query": query, "variables": variables }).to_string();
    let authorization = bearer.map(|bearer| format!("Authorization: Bearer {bearer}\r\n")).unwrap_or_default();
    let length = body.len();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let mut answer = String::new();
    let sent = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer).map(drop));
    // Half an answer is no JSON.
    let body = sent.ok().and_then(|()| serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok());
    Ok(body)
}

impl Field {
    /// Posts, and says whether the process still answers.
    fn post(&self, address: &str, client: &Client, post: Post, codes: &[&str]) -> bool {
        let begun = Instant::now();
        let Ok(answer) = ask(address, Some(&client.bearer), SUBMIT, &post.input(&self.scene)) else { return false };
        let outcome = answer.map_or(Outcome::Lost, |answer| outcome(&answer, "submitProgress"));
        assert!(outcome == Outcome::Lost || codes.contains(&outcome.code()), "{post:?}: {outcome:?}");
        self.acknowledged.fetch_add(usize::from(matches!(outcome, Outcome::Done { .. })), Ordering::SeqCst);
        let answers = outcome != Outcome::Lost;
        self.log.note(Asked::Post(post), outcome, begun.elapsed());
        answers
    }

    /// Posts until the process answers no more.
    fn report(&self, address: &str, client: &mut Client) {
        while let Some(week) = client.weeks.next() {
            let mut next = |task| {
                let serial = client.serials.next().expect("a number");
                Post { serial, unit: client.unit, task, week, expected: None, draft: false, negative: false }
            };
            let own = client.unit / GROUP;
            let posts = [
                (Post { draft: week % 2 == 0, ..next(own) }, "done"),
                (Post { negative: true, ..next(OF_ALL) }, "FIGURE_NEGATIVE"),
                (next(OF_ALL), "done"),
                (Post { expected: Some(1), ..next(own) }, "done"),
            ];
            for (post, code) in posts {
                if !self.post(address, client, post, &[code]) {
                    return;
                }
            }
        }
    }

    /// Reviews what was posted of the task of all, until the process answers no more.
    fn review(&self, address: &str, bearer: &str) {
        let query = "query($task: [ID!]) { reports(filter: { task: $task, state: [SUBMITTED] }, first: 7) { nodes { id version } } }";
        let variables = json!({ "task": [global("task", self.scene.tasks[OF_ALL].id.0)] });
        loop {
            let Ok(Some(answer)) = ask(address, Some(bearer), query, &variables) else { return };
            let waiting = answer["data"]["reports"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
            let reviews: Vec<Review> = waiting
                .iter()
                .enumerate()
                .map(|(place, report)| Review {
                    report: bare(&report["id"]),
                    expected: 1,
                    decision: if place == 3 { TransitionKind::Return } else { TransitionKind::Accept },
                })
                .collect();
            if reviews.is_empty() {
                thread::sleep(Duration::from_millis(5));
                continue;
            }
            let inputs: Vec<Value> = reviews.iter().map(Review::input).collect();
            let begun = Instant::now();
            let Ok(answer) = ask(address, Some(bearer), REVIEW_ALL, &json!({ "inputs": inputs })) else { return };
            let lost = answer.is_none();
            let told = match answer {
                Some(answer) => outcomes(&answer, "reviewProgressBatch", reviews.len()),
                None => vec![Outcome::Lost; reviews.len()],
            };
            for (review, outcome) in reviews.into_iter().zip(told) {
                self.log.note(Asked::Review(review), outcome, begun.elapsed());
            }
            if lost {
                return;
            }
        }
    }

    /// Kills the process while everybody posts, again and again, and leaves one running.
    fn play(&self, url: &str) -> Serving {
        let start = || Serving::start(&["serve", "--database-url", url, "--listen", "127.0.0.1:0"]);
        let mut serving = start();
        let mut clients: Vec<Client> = (0..CLIENTS)
            .map(|unit| Client {
                unit,
                bearer: sign_in(serving.address(), &name_of(unit)),
                weeks: WEEKS,
                serials: u32::try_from(unit).expect("a number") * 1000 + 1..,
            })
            .collect();
        let office = sign_in(serving.address(), OFFICES[0]);
        for acknowledgements in KILLS {
            let address = serving.address().to_owned();
            let enough = self.acknowledged.load(Ordering::SeqCst) + acknowledgements;
            thread::scope(|scope| {
                let mut running: Vec<_> = clients.iter_mut().map(|client| scope.spawn(|| self.report(&address, client))).collect();
                running.push(scope.spawn(|| self.review(&address, &office)));
                while self.acknowledged.load(Ordering::SeqCst) < enough {
                    assert!(!running.iter().any(thread::ScopedJoinHandle::is_finished), "nobody stops before the process does");
                    thread::sleep(Duration::from_millis(1));
                }
                serving.kill();
            });
            serving = start();
        }
        // It serves on.
        let [client, ..] = clients.as_mut_slice() else { panic!("a client") };
        let week = client.weeks.next().expect("a week");
        let serial = client.serials.next().expect("a number");
        let last = Post { serial, unit: client.unit, task: OF_ALL, week, expected: None, draft: false, negative: false };
        assert!(self.post(serving.address(), client, last, &["done"]), "it answers");
        serving
    }
}

fn sign_in(address: &str, username: &str) -> String {
    let answer =
        ask(address, None, SIGN_IN, &json!({ "username": username, "password": PASSWORD })).expect("it answers").expect("an answer");
    answer["data"]["signIn"]["session"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
}

pub async fn a_killed_process_loses_nothing(app: App) {
    let year = Clock::of_the_machine().now().year() - 1;
    let scene = Scene::make(&app, year, CLIENTS).await;
    let (backend, url) = (app.backend, app.url.clone());
    // Nobody else has the database open: what the next process finds is what the killed one left.
    app.raw.close_by_ref().await.expect("closed");
    app.database.clone().close().await.expect("closed");
    let field = Arc::new(Field { scene, log: Log::default(), acknowledged: AtomicUsize::new(0) });
    let played = tokio::task::spawn_blocking({
        let (field, url) = (Arc::clone(&field), url.clone());
        move || field.play(&url).stop()
    });
    assert!(played.await.expect("played"), "the last one stops cleanly");

    let app = App::at(backend, &url).await;
    let tables = Tables::read(&app.raw).await;
    let found = tables.check(&field.scene, &field.log);
    println!(
        "{backend}: killed {} times; posts {:?}, reviews {:?}; {} changes acknowledged, 0 of them lost; {} done that nobody was told of",
        KILLS.len(),
        field.log.tally(true),
        field.log.tally(false),
        found.acknowledged,
        found.unheard,
    );
    assert_eq!(tables.totals(), tables.totals_of_reports());
    let verified = app.service.verify_audit(|_, _| {}).await.expect("verified");
    assert_eq!(verified.breach, None);
    if app.backend == Backend::Sqlite {
        for (pragma, expected) in [("integrity_check", vec!["ok".to_owned()]), ("foreign_key_check", Vec::new())] {
            let statement = sea_orm::Statement::from_string(DatabaseBackend::Sqlite, format!("PRAGMA {pragma}"));
            let rows = app.raw.query_all_raw(statement).await.expect("rows");
            let told: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect();
            assert_eq!(told, expected, "{pragma}");
        }
    }
    let ledger = "query($city: String!, $year: Int!) { ledger(jurisdiction: $city, year: $year) { totalCount } }";
    let rows = app.data(ledger, json!({ "city": CITY, "year": year })).await;
    assert_eq!(rows["ledger"]["totalCount"], OF_ALL + 1);
}
