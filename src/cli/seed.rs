//! `minsheng seed`: loads reference data and notices, or only checks them.

use std::path::PathBuf;

use super::{DatabaseAddress, Problem, terminal};
use crate::{
    config::Layers,
    domain::language::Text,
    service::notices::seed::{self, SeedError, Source},
    store::{Database, SchemaVersion},
};

/// Load reference data and notices, or only check them.
#[derive(Debug, clap::Args)]
pub(super) struct Seed {
    /// 只检查，不写库，不需要数据库地址。 Only check; needs no database.
    #[arg(long)]
    check: bool,
    /// 种子数据文件夹；不写则用程序自带的五份通知。 The folder of the seed files; without it, the five notices that come with the program.
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseAddress,
}

impl Seed {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let source = self.from.map_or(Source::Embedded, Source::Folder);
        if self.check { check(&source) } else { load(self.database.url(layers)?.reveal(), &source).await }
    }
}

fn check(source: &Source) -> Result<(), Problem> {
    let seed = seed::check(source).map_err(SeedError::Faults)?;
    let projects: usize = seed.notices.iter().map(|notice| notice.projects.len()).sum();
    let tasks: usize = seed.notices.iter().flat_map(|notice| &notice.projects).map(|project| project.tasks.len()).sum();
    terminal::say(Text::new(
        format!("种子数据无误：{} 份通知，{projects} 个项目，{tasks} 项任务。", seed.notices.len()),
        format!("the seed data is sound: {} notices, {projects} projects, {tasks} tasks.", seed.notices.len()),
    ));
    Ok(())
}

async fn load(url: &str, source: &Source) -> Result<(), Problem> {
    let database = Database::open_existing(url).await?;
    match database.schema_version().await? {
        SchemaVersion::Ahead => return Err(Problem::schema_ahead()),
        SchemaVersion::Behind => return Err(Problem::schema_behind()),
        SchemaVersion::Current => {}
    }
    let tally = seed::load(&database, source).await?;
    terminal::say(Text::new(
        format!("已载入：新增 {} 行，更改 {} 行，移除 {} 行。", tally.added, tally.changed, tally.removed),
        format!("loaded: {} rows added, {} changed, {} removed.", tally.added, tally.changed, tally.removed),
    ));
    Ok(database.close().await?)
}
