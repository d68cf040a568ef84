//! `minsheng migrate`: creates the schema or brings it up to date.

use super::{DatabaseAddress, Problem, terminal};
use crate::{
    config::Layers,
    domain::language::Text,
    store::{Database, SchemaVersion},
};

/// Create the schema or bring it up to date.
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    database: DatabaseAddress,
}

impl Migrate {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let database = Database::open(self.database.url(layers)?.reveal()).await?;
        match database.schema_version().await? {
            SchemaVersion::Ahead => return Err(Problem::schema_ahead()),
            SchemaVersion::Behind => {
                database.migrate().await?;
                terminal::say(Text::new("数据库结构已更新。", "the schema is up to date now."));
            }
            SchemaVersion::Current => terminal::say(Text::new("数据库结构已是最新。", "the schema was up to date.")),
        }
        Ok(database.close().await?)
    }
}
