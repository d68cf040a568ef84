//! What requests need, and whether it is there.

use std::time::Duration;

use endpoint::product::Check;
use tokio::time::timeout;

use crate::{events::Bus, service::Service, store::SchemaVersion};

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was found out.
struct Health {
    /// The database answers.
    database: bool,
    /// It has the schema that this program speaks; unknown while it does not answer.
    migrations: Option<SchemaVersion>,
    /// The bus sees what happens.
    events: bool,
    /// What is written is stored; unknown while the database does not answer or has another schema.
    writes: Option<bool>,
}

/// Says of each thing that requests need whether it is there, and of none why not: that is in the log.
pub(super) async fn checks(service: &Service, bus: &Bus) -> Vec<Check> {
    let Health { database, migrations, events, writes } = examine(service, bus).await;
    let there = |name, is_there| Check { name, state: if is_there { "OK" } else { "AWAY" }, is_good: is_there };
    let migrations = match migrations {
        Some(SchemaVersion::Current) => Check { name: "migrations", state: "OK", is_good: true },
        Some(SchemaVersion::Behind) => Check { name: "migrations", state: "BEHIND", is_good: false },
        Some(SchemaVersion::Ahead) => Check { name: "migrations", state: "AHEAD", is_good: false },
        None => Check { name: "migrations", state: "UNKNOWN", is_good: false },
    };
    let writes = match writes {
        Some(true) => Check { name: "writes", state: "OK", is_good: true },
        Some(false) => Check { name: "writes", state: "FAILED", is_good: false },
        None => Check { name: "writes", state: "UNKNOWN", is_good: false },
    };
    vec![there("database", database), migrations, there("events", events), writes]
}

async fn examine(service: &Service, bus: &Bus) -> Health {
    // A bus that nobody needed yet is seen to work.
    let mut following = bus.follow();
    let database = service.database();
    let away = Health { database: false, migrations: None, events: false, writes: None };
    if database.is_away() {
        return away;
    }
    match timeout(PATIENCE, database.schema_version_now()).await {
        Ok(Ok(version)) => {
            let seen = timeout(PATIENCE, following.news()).await;
            let writes = if version == SchemaVersion::Current { Some(can_write(service).await) } else { None };
            Health { database: true, migrations: Some(version), events: seen.is_ok() && bus.is_alive(), writes }
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

/// Whether the database stores what is written: a row is written and committed.
async fn can_write(service: &Service) -> bool {
    let checked = service.database().check_writing(service.now()).await;
    if let Err(error) = &checked {
        tracing::error!(?error, "not ready: the database stores nothing");
    }
    checked.is_ok()
}
