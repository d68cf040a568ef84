//! The demo, which `minsheng` runs without a command: everything needed to try it, on this machine alone.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{Problem, operator, serve, terminal};
use crate::{
    config::{Flag, Layers},
    domain::{language::Text, people::account::Account},
    service::{Clock, Service, demonstration::Demonstration, notices::seed},
    store::{Database, SchemaVersion},
};

/// The time without a message before a slow step reports its progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// The demo: create, load and serve on this machine alone.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// 演示数据所在文件夹。 The folder of the demo's data.
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    data: PathBuf,
    /// 服务地址，须为本机回环地址；默认 127.0.0.1:8080。 The address to listen on, which must be a loopback one; 127.0.0.1:8080 by default.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

impl Demo {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let config = layers.with([Flag::given("listen", "--listen", self.listen.as_ref())]).finish()?.config;
        let listen = config.listen;
        if !listen.ip().is_loopback() {
            return Err(Problem::new(
                format!("演示只能在本机回环地址上运行，不能用 {listen}：请用 127.0.0.1，或用 minsheng serve 正式提供服务。"),
                format!("The demo listens on loopback only, not on {listen}: use 127.0.0.1, or `minsheng serve` for others to reach it."),
            ));
        }
        let file = self.data.join("minsheng.db");
        terminal::say(Text::new(format!("演示数据库：{}", file.display()), format!("demo database: {}", file.display())));
        let database = Database::open_file(&file).await?;
        match database.schema_version().await? {
            SchemaVersion::Ahead => return Err(Problem::schema_ahead()),
            SchemaVersion::Behind => database.migrate().await?,
            SchemaVersion::Current => {}
        }
        let (_, others) = database.kinds_of_accounts().await?;
        if others {
            return Err(Problem::not_for_demonstration(&file));
        }
        let started = Instant::now();
        let tally = seed::load(&database, &seed::Source::Embedded).await?;
        let took = started.elapsed().as_millis();
        terminal::say(Text::new(
            format!("五份通知已就绪：新增 {} 行，更改 {} 行，移除 {} 行（{took} 毫秒）", tally.added, tally.changed, tally.removed),
            format!(
                "the five notices are loaded: {} rows added, {} changed, {} removed ({took} ms)",
                tally.added, tally.changed, tally.removed
            ),
        ));
        let service = Service::new(database, Clock::of_the_machine())?.as_demonstration(true);
        let demonstration = service.prepare_demonstration(&operator(&service)).await?;
        invent(&service).await?;
        introduce(&demonstration);
        terminal::say(Text::new("可先在 GraphiQL 中试试这个查询", "try this query first"));
        terminal::say(
            "  { tasks(filter: {text: \"托育\"}, first: 10) { nodes { title leadUnits { name } project { notice { year jurisdiction { name } } } } } }",
        );
        serve::serve(service, &config).await
    }
}

/// Adds the invented year if it is missing, and says so. If it takes long, it also prints the progress.
async fn invent(service: &Service) -> Result<(), Problem> {
    let started = Instant::now();
    let tell = |done: usize, all: usize| {
        if done < all && started.elapsed() > PATIENCE {
            terminal::say(Text::new(format!("正在生成演示进展：{done}/{all}"), format!("inventing progress: {done} of {all}")));
        }
    };
    let invented = service.invent_progress(&operator(service), &tell).await?;
    if invented.notices > 0 {
        let (reports, took) = (invented.reports, started.elapsed().as_millis());
        terminal::say(Text::new(
            format!("已为 {} 份通知加入虚构的一年进展，共 {reports} 份填报，均标明【演示数据】（{took} 毫秒）", invented.notices),
            format!(
                "a year of invented progress was added to {} notices: {reports} reports, all marked as such ({took} ms)",
                invented.notices
            ),
        ));
    }
    Ok(())
}

/// Says who may sign in. The password is another with every start, and opens nothing but a demo on this machine.
fn introduce(demonstration: &Demonstration) {
    terminal::say(Text::new(
        format!("演示账号，密码均为 {}（每次启动更换）", demonstration.password.reveal()),
        format!("demo accounts, all with the password {} (another with every start)", demonstration.password.reveal()),
    ));
    let places: BTreeMap<_, Vec<&str>> = demonstration.accounts.iter().fold(BTreeMap::new(), |mut places, account: &Account| {
        places.entry(account.jurisdiction_id).or_default().push(account.username.as_str());
        places
    });
    for names in places.values() {
        terminal::say(format_args!("  {}", names.join("  ")));
    }
}
