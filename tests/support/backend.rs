//! The databases that tests run on. Each test has its own, copied from a template with the schema and the five notices.

use std::{
    fmt, fs,
    path::PathBuf,
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use minsheng::{
    service::notices::seed::{self, Source},
    store::Database,
};
use sea_orm::{ConnectionTrait as _, Database as Connector, DatabaseConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::postgres::Cluster;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl fmt::Display for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// Both, unless one is asked for by name.
pub fn chosen() -> Vec<Backend> {
    match std::env::var("MINSHENG_TEST_DATABASES").as_deref() {
        Ok("sqlite") => vec![Backend::Sqlite],
        Ok("postgres") => vec![Backend::Postgres],
        Err(_) | Ok("sqlite,postgres") => vec![Backend::Sqlite, Backend::Postgres],
        Ok(other) => {
            eprintln!("MINSHENG_TEST_DATABASES is `{other}`: write sqlite, postgres, or sqlite,postgres");
            std::process::exit(2);
        }
    }
}

/// A database of one test.
pub struct Fresh {
    pub backend: Backend,
    pub url: String,
    name: String,
}

impl Backend {
    /// A database with the schema and the five notices.
    pub async fn fresh_database(self) -> Result<Fresh, String> {
        self.copy(true).await
    }

    /// A database without anything.
    pub async fn empty_database(self) -> Result<Fresh, String> {
        self.copy(false).await
    }

    async fn copy(self, from_template: bool) -> Result<Fresh, String> {
        let name = unique_name();
        match self {
            Self::Sqlite => {
                let file = folder().join(format!("{name}.db"));
                if from_template {
                    fs::copy(sqlite_template().await?, &file).map_err(|error| error.to_string())?;
                }
                Ok(Fresh { backend: self, url: format!("sqlite:{}", file.display()), name })
            }
            Self::Postgres => {
                let template = if from_template { postgres_template().await? } else { "template0".to_owned() };
                administer(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
                Ok(Fresh { backend: self, url: server_url(&name)?, name })
            }
        }
    }
}

impl Fresh {
    /// Removes the database.
    pub async fn remove(self) {
        match self.backend {
            Backend::Sqlite => {
                for end in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(folder().join(format!("{}.db{end}", self.name)));
                }
            }
            Backend::Postgres => {
                if let Err(error) = administer(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await {
                    eprintln!("{} stays behind: {error}", self.name);
                }
            }
        }
    }
}

static FOLDER: Mutex<Option<TempDir>> = Mutex::new(None);
static CLUSTER: Mutex<Option<Cluster>> = Mutex::new(None);
static TEMPLATE: OnceLock<String> = OnceLock::new();

/// Removes the templates and stops a server that was started.
pub fn clean_up() {
    if let Some(template) = TEMPLATE.get() {
        let dropped = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map(|runtime| runtime.block_on(administer(&format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"))));
        if !matches!(dropped, Ok(Ok(()))) {
            eprintln!("{template} stays behind");
        }
    }
    drop(CLUSTER.lock().unwrap().take());
    drop(FOLDER.lock().unwrap().take());
}

/// A name that no other run uses on a shared server.
fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let started = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |age| age.as_micros());
    format!("minsheng_test_{}_{started}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn folder() -> PathBuf {
    let mut folder = FOLDER.lock().unwrap();
    folder.get_or_insert_with(|| tempfile::Builder::new().prefix("minsheng-test-").tempdir().expect("a temporary folder")).path().to_owned()
}

async fn sqlite_template() -> Result<PathBuf, String> {
    static MADE: OnceCell<PathBuf> = OnceCell::const_new();
    MADE.get_or_try_init(|| async {
        let file = folder().join("template.db");
        fill(&format!("sqlite:{}", file.display())).await?;
        Ok(file)
    })
    .await
    .cloned()
}

async fn postgres_template() -> Result<String, String> {
    static MADE: OnceCell<String> = OnceCell::const_new();
    MADE.get_or_try_init(|| async {
        let name = unique_name();
        administer(&format!("CREATE DATABASE {name} TEMPLATE template0")).await?;
        let _ = TEMPLATE.set(name.clone());
        fill(&server_url(&name)?).await?;
        Ok(name)
    })
    .await
    .cloned()
}

async fn fill(url: &str) -> Result<(), String> {
    let database = Database::open(url).await.map_err(|error| format!("{error:?}"))?;
    database.migrate().await.map_err(|error| format!("{error:?}"))?;
    seed::load(&database, &Source::Embedded).await.map_err(|error| format!("{error:?}"))?;
    database.close().await.map_err(|error| format!("{error:?}"))
}

fn server_url(database: &str) -> Result<String, String> {
    let mut cluster = CLUSTER.lock().unwrap();
    if cluster.is_none() {
        *cluster = Some(Cluster::start()?);
    }
    Ok(cluster.as_ref().expect("just started").url(database))
}

async fn administer(statement: &str) -> Result<(), String> {
    // Two databases cannot be copied from one template at a time.
    static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = ONE_AT_A_TIME.lock().await;
    let connection: DatabaseConnection = Connector::connect(server_url("postgres")?).await.map_err(|error| error.to_string())?;
    let result = connection.execute_unprepared(statement).await.map(|_| ()).map_err(|error| error.to_string());
    let _ = connection.close().await;
    result
}
