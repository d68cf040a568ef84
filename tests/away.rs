//! A database that goes away, comes back, or is slow: every answer is right or says that it is not there, and none is waited for in vain.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use endpoint::{Endpoint, Gate, Limits, Proxies};
use entity::Role;
use minsheng::{
    service::notices::seed::{self, Source},
    store::Database,
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    cases,
    support::{
        apart::Apart,
        app::{App, Reply},
        backend::Backend,
    },
};

cases![a_database_may_go_and_come_back_under_load, a_slow_database_is_not_waited_for_without_end];

const QUERY: &str = "{ jurisdiction(code: \"yanzhou\") { name } topics { code } }";

/// No answer may take longer, whatever happens to the database.
const HANG: Duration = Duration::from_secs(20);

/// How many ask at once.
const CALLERS: usize = 24;

/// What a caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Right,
    Away,
}

fn judge(reply: &Reply) -> Told {
    if reply.status == StatusCode::OK {
        assert_eq!(reply.body["data"]["jurisdiction"]["name"], "兖州区", "{}", reply.text);
        assert!(reply.body.get("errors").is_none(), "{}", reply.text);
        return Told::Right;
    }
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text);
    assert_eq!(code(reply), "UNAVAILABLE", "{}", reply.text);
    assert!(reply.body.get("data").is_none() && reply.headers.contains_key("retry-after"), "{}", reply.text);
    Told::Away
}

fn code(reply: &Reply) -> &str {
    reply.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

async fn ready(app: &App) -> (StatusCode, Value) {
    let reply = timeout(HANG, app.get("/readyz", &[])).await.expect("no hang");
    (reply.status, reply.body)
}

async fn until_ready(app: &App, wanted: StatusCode) -> Value {
    let mut last = Value::Null;
    let noticed = timeout(Duration::from_mins(1), async {
        loop {
            let (status, body) = ready(app).await;
            if status == wanted {
                return body;
            }
            last = body;
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    noticed.unwrap_or_else(|_| panic!("never {wanted}: {last}"))
}

/// Callers that ask without a pause, and what they were told in each phase.
struct Load {
    phase: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    told: Arc<Mutex<BTreeMap<(usize, Told), usize>>>,
    callers: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    fn on(app: &Arc<App>) -> Self {
        let load = Self { phase: Arc::default(), over: Arc::default(), told: Arc::default(), callers: Vec::new() };
        let callers = (0..CALLERS).map(|_| {
            let (app, phase, over, told) = (Arc::clone(app), Arc::clone(&load.phase), Arc::clone(&load.over), Arc::clone(&load.told));
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let asked = phase.load(Ordering::SeqCst);
                    let reply = timeout(HANG, app.post(QUERY, json!({}))).await.expect("no hang");
                    // What was asked before the database went and answered after it began to go is of the phase in which it goes.
                    let is_through = asked % 2 == 1 || asked == phase.load(Ordering::SeqCst);
                    let phase = if is_through { asked } else { asked + 1 };
                    *told.lock().unwrap().entry((phase, judge(&reply))).or_default() += 1;
                    sleep(Duration::from_millis(2)).await;
                }
            })
        });
        let callers = callers.collect();
        Self { callers, ..load }
    }

    fn count(&self, phase: usize, told: Told) -> usize {
        self.told.lock().unwrap().get(&(phase, told)).copied().unwrap_or_default()
    }

    /// Begins a phase, and waits until enough was told in it.
    async fn phase(&self, phase: usize, told: Told) {
        self.phase.store(phase, Ordering::SeqCst);
        timeout(Duration::from_mins(1), async {
            while self.count(phase, told) < 500 {
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .unwrap_or_else(|_| panic!("phase {phase}: {:?}", self.told.lock().unwrap()));
    }

    async fn end(self) -> BTreeMap<(usize, Told), usize> {
        self.over.store(true, Ordering::Relaxed);
        for caller in self.callers {
            caller.await.expect("every answer was right, or said that the database is away");
        }
        Arc::try_unwrap(self.told).expect("no caller is left").into_inner().unwrap()
    }
}

/// The service over a database that may be stopped, looking out for events as it does when it serves.
async fn over(url: &str) -> App {
    let database = Database::open(url).await.expect("it opens");
    database.migrate().await.expect("a schema");
    seed::load(&database, &Source::Embedded).await.expect("the notices");
    database.close().await.expect("closed");
    let app = App::at(Backend::Postgres, url).await;
    // All callers of a case come from one address, and stand for many.
    let limits = Limits { concurrent: 0, address_points: 0, ..Limits::default() };
    let endpoint = Endpoint::new(app.service.clone(), limits);
    endpoint.stay_awake();
    app.behind(Gate::new(endpoint, Proxies::default()))
}

async fn a_database_may_go_and_come_back_under_load(app: App) {
    if app.backend == Backend::Sqlite {
        return an_embedded_database_may_be_locked_by_another_program(app).await;
    }
    let mut server = tokio::task::spawn_blocking(Apart::start).await.expect("a thread").expect("a server");
    let app = over(&server.url()).await;
    app.create("wei", Role::Office, "yanzhou").await;
    let bearer = app.sign_in("wei").await.bearer().to_owned();
    let app = Arc::new(app);
    assert_eq!(ready(&app).await.0, StatusCode::OK);
    let load = Load::on(&app);
    load.phase(0, Told::Right).await;

    // Phase 1 is while it goes: what was under way may end either way.
    load.phase.store(1, Ordering::SeqCst);
    server = tokio::task::spawn_blocking(move || {
        server.stop();
        server
    })
    .await
    .expect("a thread");
    let told = until_ready(&app, StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(
        told,
        json!({ "status": "NOT_READY", "checks": { "database": "AWAY", "migrations": "UNKNOWN", "events": "AWAY", "writes": "UNKNOWN" } })
    );
    load.phase(2, Told::Away).await;

    // Changes, those who sign in, and those who present a token are told the same.
    let sign_in = "mutation { signIn(input: { username: \"wei\", password: \"x\" }) { session { accessToken } } }";
    for reply in [app.post(sign_in, json!({})).await, app.bearing(&bearer).post("{ viewer { actions } }", json!({})).await] {
        assert_eq!((reply.status, code(&reply)), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"), "{}", reply.text);
    }
    assert_eq!(app.get("/.well-known/jwks.json", &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let file = app.get("/export/notice.csv?jurisdiction=yanzhou&year=2024", &[]).await;
    assert_eq!((judge(&file), file.headers["retry-after"].as_bytes()), (Told::Away, b"1".as_slice()));
    assert_eq!(app.get("/livez", &[]).await.status, StatusCode::OK, "its death would mend nothing");

    load.phase.store(3, Ordering::SeqCst);
    let _server = tokio::task::spawn_blocking(move || {
        server.resume().expect("it starts");
        server
    })
    .await
    .expect("a thread");
    until_ready(&app, StatusCode::OK).await;
    load.phase(4, Told::Right).await;
    assert!(app.bearing(&bearer).data("{ viewer { actions } }", json!({})).await["viewer"].is_object(), "nobody was signed out");

    let told = load.end().await;
    println!("answers by phase (0 before, 1 going, 2 away, 3 coming, 4 after): {told:?}");
    for (phase, never) in [(0, Told::Away), (2, Told::Right), (4, Told::Away)] {
        assert_eq!(told.get(&(phase, never)), None, "phase {phase}: {told:?}");
    }
}

/// What can befall a database that is a file of this machine.
async fn an_embedded_database_may_be_locked_by_another_program(app: App) {
    app.create("wei", Role::Office, "yanzhou").await;
    app.execute("BEGIN IMMEDIATE").await.expect("another program writes");
    let sign_in = "mutation { signIn(input: { username: \"wei\", password: \"x\" }) { session { accessToken } } }";
    let reply = timeout(HANG, app.post(sign_in, json!({}))).await.expect("no hang");
    assert_eq!((reply.status, code(&reply)), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"), "{}", reply.text);
    assert_eq!(judge(&app.post(QUERY, json!({})).await), Told::Right, "reading goes on");
    app.execute("ROLLBACK").await.expect("it ends");
    app.sign_in("wei").await;
}

async fn a_slow_database_is_not_waited_for_without_end(app: App) {
    if app.backend == Backend::Sqlite {
        // Nobody can keep readers of a file from reading; the queue is the same.
        return;
    }
    let app = Arc::new(app);
    app.execute("BEGIN").await.expect("another program begins");
    app.execute("LOCK TABLE topic IN ACCESS EXCLUSIVE MODE").await.expect("and keeps everybody from a table");
    let crowd: Vec<_> = (0..800)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { timeout(HANG, app.post(QUERY, json!({}))).await.expect("no hang") })
        })
        .collect();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for asked in crowd {
        let reply = asked.await.expect("an answer");
        *told.entry(code(&reply).to_owned()).or_default() += 1;
    }
    app.execute("COMMIT").await.expect("it ends");
    println!("answers of a slow database: {told:?}");
    let [away, late] = ["UNAVAILABLE", "TIMEOUT"].map(|code| told.get(code).copied().unwrap_or_default());
    assert_eq!(away + late, 800, "{told:?}");
    assert!(late <= 12, "only those that had a connection were kept: {told:?}");
    timeout(HANG, async {
        while judge(&app.post(QUERY, json!({})).await) != Told::Right {
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .expect("it is itself again");
}
