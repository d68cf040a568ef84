//! What the attacked server has: the databases, the data, the accounts.

use std::process;

use entity::StatusLight;
use minsheng::{
    access::{policy, viewer::Viewer},
    domain::{
        audit::Occasion,
        progress::event::{NewEvent, Scene as Happening},
    },
    service::{Call, Clock, Service},
    store::{Database, Record, Stretch, Visible},
};
use sea_orm::{ConnectionTrait as _, Database as Connector};
use tempfile::TempDir;
use type_safe_id::{DynamicType, TypeSafeId};

use crate::{multiplied::multiplied, postgres::Cluster};

/// The accounts of honest clients.
pub const ACCOUNTS: [&str; 4] = ["jining-office", "yanzhou-office", "taibai-lake-unit", "jining-etdz-leader"];

/// How many events there are to follow.
pub const EVENTS: usize = 2000;

/// How many events are written at once.
const EVENTS_AT_ONCE: usize = 500;

/// A database of this run.
pub struct Place {
    pub name: &'static str,
    pub url: String,
    kept: Kept,
}

/// What a database lives in, and is removed with.
enum Kept {
    Folder { _folder: TempDir },
    Cluster { cluster: Cluster, database: String },
}

/// What is in it.
pub struct Scene {
    /// The password of all accounts.
    pub password: String,
    /// The id of the first event.
    pub first_event: String,
}

/// Both databases, unless `MINSHENG_TEST_DATABASES` asks for one by name.
pub fn chosen() -> Result<Vec<Place>, String> {
    let wanted = std::env::var("MINSHENG_TEST_DATABASES").unwrap_or_default();
    let mut places = Vec::new();
    if wanted.is_empty() || wanted.contains("sqlite") {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let url = format!("sqlite:{}", folder.path().join("attack.db").display());
        places.push(Place { name: "SQLite", url, kept: Kept::Folder { _folder: folder } });
    }
    if wanted.is_empty() || wanted.contains("postgres") {
        let cluster = Cluster::start()?;
        let database = format!("minsheng_attack_{}", process::id());
        let url = cluster.url(&database);
        places.push(Place { name: "PostgreSQL", url, kept: Kept::Cluster { cluster, database } });
    }
    if places.is_empty() {
        return Err(format!("MINSHENG_TEST_DATABASES is `{wanted}`: write sqlite, postgres, or sqlite,postgres"));
    }
    Ok(places)
}

/// Removes a database that may be on somebody's server.
pub async fn remove(place: Place) {
    if let Kept::Cluster { cluster, database } = &place.kept {
        administer(cluster, &format!("DROP DATABASE {database} WITH (FORCE)")).await;
    }
}

async fn administer(cluster: &Cluster, statement: &str) {
    execute(&cluster.url("postgres"), statement).await;
}

async fn execute(url: &str, statement: &str) {
    let connection = Connector::connect(url).await.expect("a connection");
    connection.execute_unprepared(statement).await.expect("a statement");
    connection.close().await.expect("closed");
}

impl Scene {
    /// Fills a database: copies of the notices, the demo's accounts and invented year, and events.
    pub async fn prepare(place: &Place, times: usize) -> Self {
        if let Kept::Cluster { cluster, database } = &place.kept {
            administer(cluster, &format!("CREATE DATABASE {database}")).await;
        }
        let database = Database::open(&place.url).await.expect("it opens");
        database.migrate().await.expect("migrated");
        database.load_seed(&multiplied(times)).await.expect("loaded");
        let service = Service::new(database.clone(), Clock::of_the_machine()).expect("a service").as_demonstration(true);
        let demonstration = service.prepare_demonstration(&operator(&service)).await.expect("accounts");
        service.invent_progress(&operator(&service), &|_, _| {}).await.expect("a year");
        let first_event = emit(&service).await;
        database.close().await.expect("closed");
        // Only the demo serves accounts of the demo, and the demo takes no database of PostgreSQL.
        execute(&place.url, "UPDATE account SET demonstration = FALSE").await;
        Self { password: demonstration.password.reveal().to_owned(), first_event }
    }
}

fn operator(service: &Service) -> Call {
    let occasion = Occasion { at: service.now(), request_id: "attack".into(), address: None };
    Call { viewer: Viewer::Operator, occasion, user_agent: None, jurisdictions: None }
}

/// Has a lot happen to a few tasks, as in a busy year; the id of the first event.
async fn emit(service: &Service) -> String {
    let visible = Visible::new(service.database().clone(), Viewer::Operator);
    let city = visible.jurisdictions().await.expect("a tree").by_code("jining").expect("a city").id;
    let notice = visible.notice_of_year(city, 2022).await.expect("it is read").expect("a notice");
    let mut tasks = Vec::new();
    for number in 1..=10 {
        tasks.push(visible.task_by_number(notice.id, number).await.expect("it is read").expect("a task").id);
    }
    let happening = |task| {
        NewEvent::light_changed(
            Happening { at: service.now(), task_id: task, jurisdiction_id: city },
            Some(StatusLight::Green),
            StatusLight::Red,
        )
    };
    let events: Vec<NewEvent> = tasks.into_iter().cycle().take(EVENTS).map(happening).collect();
    for events in events.chunks(EVENTS_AT_ONCE) {
        let permit = policy::authorise(&Viewer::Operator, entity::Action::WatchTime, &[]).expect("the operator may");
        let mut writer = service.database().writing(permit).await.expect("a writer");
        writer.emit(events).await.expect("emitted");
        writer.commit(&operator(service).occasion, Record::done()).await.expect("committed");
    }
    let all = Stretch { after: 0, until: i64::MAX };
    let first = visible.progress_events_in(&[city], all, 1).await.expect("events");
    let kind = DynamicType::new("event").expect("a prefix");
    TypeSafeId::from_type_and_uuid(kind, first.first().expect("an event").id.0).to_string()
}
