//! What must not change where something is refused, and the one event that must come of it.

use std::collections::BTreeMap;

use minsheng::{
    access::viewer::Viewer,
    domain::{
        audit::AuditEvent,
        page::{Direction, PageRequest},
    },
    store::{AuditFilter, Visible},
};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::{app::App, backend::Backend};

/// The audit itself, what readiness writes, and what the databases keep for themselves.
const NOT_STATE: &str = "name <> 'write_check' AND name NOT LIKE 'audit_%' AND name NOT LIKE 'seaql_%' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_gram%'";

/// Every row of every table, by table.
#[derive(PartialEq, Eq)]
pub struct State(BTreeMap<String, String>);

impl State {
    pub async fn of(app: &App) -> Self {
        let mut tables = BTreeMap::new();
        for table in texts(app, &tables_of(app.backend)).await {
            let content = match app.backend {
                Backend::Sqlite => {
                    let columns = texts(app, &format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')")).await;
                    let row = columns.join(" || ',' || ");
                    format!("SELECT coalesce(group_concat(row, char(10)), '') FROM (SELECT {row} AS row FROM \"{table}\" ORDER BY 1)")
                }
                Backend::Postgres => {
                    format!("SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM \"{table}\" AS t")
                }
            };
            tables.insert(table, texts(app, &content).await.swap_remove(0));
        }
        assert!(tables["account"].contains("argon2"), "the tables are read with all their columns");
        Self(tables)
    }

    /// The tables that are not what they were.
    pub fn changed_since<'a>(&'a self, before: &'a Self) -> Vec<&'a str> {
        assert_eq!(self.0.len(), before.0.len());
        self.0.iter().filter(|(table, content)| before.0[*table] != **content).map(|(table, _)| table.as_str()).collect()
    }
}

fn tables_of(backend: Backend) -> String {
    match backend {
        Backend::Sqlite => format!("SELECT name FROM sqlite_master WHERE type = 'table' AND {NOT_STATE}"),
        Backend::Postgres => format!(
            "SELECT name FROM (SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public') AS t WHERE {NOT_STATE}"
        ),
    }
}

/// The first column of what a statement returns, past the service.
pub async fn texts(app: &App, statement: &str) -> Vec<String> {
    let statement = Statement::from_string(app.raw.get_database_backend(), statement);
    let rows = app.raw.query_all_raw(statement).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect()
}

/// The number of the last event.
pub async fn last_number(app: &App) -> i64 {
    app.database.audit_end().await.expect("the end of the chain").sequence
}

/// The last events, the latest first.
pub async fn last_events(app: &App, size: u32) -> Vec<AuditEvent> {
    let request = PageRequest { size, direction: Direction::Forward, after: None, before: None, counted: false };
    let page = Visible::new(app.database.clone(), Viewer::Operator).audit_page(&AuditFilter::default(), &request).await;
    page.expect("events").rows.into_iter().map(|(_, event)| event).collect()
}
