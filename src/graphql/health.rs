//! Whether requests can be answered now: what an operator, or whoever sends requests here, asks of time to time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, time::timeout};

use super::schema::Endpoint;
use crate::store::SchemaVersion;

/// How long an answer counts: whoever asks more often is told the same, and costs nothing.
const FRESH: Duration = Duration::from_secs(1);

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What requests need, and whether it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The database answers.
    pub database: bool,
    /// It has the schema that this program speaks; unknown while it does not answer.
    pub migrations: Option<SchemaVersion>,
    /// The bus sees what happens.
    pub events: bool,
    /// What is written is stored; unknown while the database does not answer or has another schema.
    pub writes: Option<bool>,
}

impl Health {
    /// Whether all is well.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.database && self.is_migrated() && self.events && self.writes == Some(true)
    }

    /// Whether the database has the schema that this program speaks.
    #[must_use]
    pub fn is_migrated(&self) -> bool {
        self.migrations == Some(SchemaVersion::Current)
    }
}

/// What was found out last, and the bus kept awake.
#[derive(Clone, Debug, Default)]
pub(super) struct Examination(Arc<Mutex<Option<(Instant, Health)>>>);

impl Endpoint {
    /// Looks out for what happens from now on, also while nobody follows.
    pub fn stay_awake(&self) {
        self.awake_bus();
    }

    /// Whether requests can be answered now. Those who ask at once are told the same.
    pub async fn health(&self) -> Health {
        let mut last = self.examination().0.lock().await;
        if let Some((at, health)) = *last
            && at.elapsed() < FRESH
        {
            return health;
        }
        let health = self.examine().await;
        *last = Some((Instant::now(), health));
        health
    }

    /// Whether the database stores what is written: a row is written and committed.
    async fn can_write(&self) -> bool {
        let service = self.service();
        let checked = service.database().check_writing(service.now()).await;
        if let Err(error) = &checked {
            tracing::error!(?error, "not ready: the database stores nothing");
        }
        checked.is_ok()
    }

    async fn examine(&self) -> Health {
        // A bus that nobody needed yet is seen to work.
        let mut following = self.awake_bus().follow();
        let database = self.service().database();
        let away = Health { database: false, migrations: None, events: false, writes: None };
        if database.is_away() {
            return away;
        }
        match timeout(PATIENCE, database.schema_version_now()).await {
            Ok(Ok(version)) => {
                let seen = timeout(PATIENCE, following.news()).await;
                let writes = if version == SchemaVersion::Current { Some(self.can_write().await) } else { None };
                Health { database: true, migrations: Some(version), events: seen.is_ok() && self.bus().is_alive(), writes }
            }
            Ok(Err(error)) => {
                tracing::warn!(?error, "not ready");
                let absent = error.is_absence();
                if absent {
                    database.suspect();
                }
                // A database without a list of steps answers all the same.
                Health { database: !absent, migrations: (!absent).then_some(SchemaVersion::Behind), events: false, writes: None }
            }
            Err(_) => {
                database.suspect();
                away
            }
        }
    }
}
