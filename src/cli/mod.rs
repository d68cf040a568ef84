//! The command line: one file a command. Each prints its result in one line, and the remedy of a failure.

mod account;
mod audit;
mod config;
mod demo;
mod documents;
mod health;
mod key;
mod migrate;
mod problem;
mod schema;
mod seed;
mod serve;
mod terminal;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use problem::Problem;

use crate::{
    access::viewer::Viewer,
    config::{Config, DatabaseUrl, Flag, Layers, LogFormat},
    domain::audit::Occasion,
    service::{Call, Clock, Service},
    store::{Database, SchemaVersion},
};

/// 民生实事服务：一个命令启动，经 GraphQL 查询各级民生实事。
/// Livelihood projects over GraphQL, from one command.
///
/// 不带命令即为演示：在 data/ 中建立嵌入式数据库，载入五份真实通知，在本机 127.0.0.1:8080 提供服务。
/// Without a command this is the demo: an embedded database in data/, the five real notices, served on 127.0.0.1:8080.
#[derive(Debug, Parser)]
#[command(
    name = "minsheng",
    version,
    args_conflicts_with_subcommands = true,
    after_long_help = "各项设置依次取自默认值、配置文件（--config）、MINSHENG_* 环境变量、选项，后者优先；minsheng config 可逐项列出。MINSHENG_LOG=debug 可查看详细日志。 Settings come from defaults, a file (--config), MINSHENG_* variables and options, later ones winning; `minsheng config` lists them all. MINSHENG_LOG=debug tells more on standard error."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    demo: demo::Demo,
    /// 配置文件（YAML），也可用变量 `MINSHENG_CONFIG` 指定。 The configuration, a YAML file; the variable `MINSHENG_CONFIG` names one too.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 演示（默认）：建库、载入五份通知、在本机提供服务。 The demo, which is the default: create, load and serve on this machine alone.
    Demo(demo::Demo),
    /// 提供服务：按数据库现状，不建库、不载入。 Serve what the database holds.
    Serve(serve::Serve),
    /// 建库或升级数据库结构。 Create the schema or bring it up to date.
    Migrate(migrate::Migrate),
    /// 载入基础数据和通知，或只检查。 Load reference data and notices, or only check them.
    Seed(seed::Seed),
    /// 管理账号；第一位管理员由此建立。 Look after accounts; the first admin is made here.
    Account(account::Account),
    /// 核验审计链。 Verify the audit chain.
    Audit(audit::Audit),
    /// 更换签名密钥。 Rotate the keys that sign access tokens.
    Key(key::Key),
    /// 登记、列出、停用可信文档。 Register, list and retire trusted documents.
    Documents(documents::Documents),
    /// 询问运行中的服务是否正常，用于容器的健康检查。 Ask a running service whether it is well, for the health check of a container.
    Health(health::Health),
    /// 打印生效的设置及其来源，隐去秘密。 Print the settings in effect and where each comes from, secrets masked.
    Config(config::Show),
    /// 打印 GraphQL 数据模式（SDL）。 Print the GraphQL schema (SDL).
    Schema(schema::Schema),
}

/// Runs the command of this process.
#[must_use]
pub fn main() -> ExitCode {
    match start(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            terminal::complain(&problem);
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<(), Problem> {
    let defaults = match arguments.command {
        None | Some(Command::Demo(_)) => Config::of_demo(),
        Some(_) => Config::default(),
    };
    let layers = Layers::read(&defaults, arguments.config.as_deref(), std::env::vars_os())?;
    // The values that an option overrides must be valid too, so a wrong file is found before it counts.
    start_log(&layers.finish()?.config)?;
    let runtime = runtime().map_err(|error| {
        Problem::new(
            format!("无法启动（{error}）：请检查系统对线程和内存的限制。"),
            format!("Cannot start ({error}): check what the system allows of threads and memory."),
        )
    })?;
    runtime.block_on(run(arguments, layers))
}

/// The stack of a thread, in bytes. The engine answers nested selections by recursion. The deepest allowed query needed more than the
/// usual two megabytes in a debug build. A thread that runs out of stack ends the process. Only the used part takes memory.
const STACK: usize = 16 * 1024 * 1024;

/// The runtime of requests.
///
/// # Errors
/// The system allows no threads.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build()
}

async fn run(arguments: Arguments, layers: Layers) -> Result<(), Problem> {
    match arguments.command {
        None => arguments.demo.run(layers).await,
        Some(Command::Demo(demo)) => demo.run(layers).await,
        Some(Command::Serve(serve)) => serve.run(layers).await,
        Some(Command::Migrate(migrate)) => migrate.run(layers).await,
        Some(Command::Seed(seed)) => seed.run(layers).await,
        Some(Command::Account(account)) => Box::pin(account.run(layers)).await,
        Some(Command::Audit(audit)) => audit.run(layers).await,
        Some(Command::Key(key)) => key.run(layers).await,
        Some(Command::Documents(documents)) => documents.run(layers).await,
        Some(Command::Health(health)) => health.run(layers).await,
        Some(Command::Config(show)) => show.run(layers),
        Some(Command::Schema(schema)) => schema.run(),
    }
}

/// The log goes to standard error.
fn start_log(config: &Config) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(with_endpoint(&config.log)).map_err(|error| {
        Problem::new(
            format!("日志设置 log（MINSHENG_LOG）无效（{error}）：请写作 info、debug 或 info,sqlx=debug。"),
            format!("The setting log (MINSHENG_LOG) cannot be used ({error}): write it as info, debug or info,sqlx=debug."),
        )
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

/// The directives of a log, with those of this program for its endpoint as well: an operator knows one name for both.
fn with_endpoint(log: &str) -> String {
    let own = log.split(',').map(str::trim).filter_map(|directive| directive.strip_prefix("minsheng="));
    let of_endpoint: Vec<String> = own.map(|level| format!("endpoint={level}")).collect();
    std::iter::once(log.to_owned()).chain(of_endpoint).collect::<Vec<_>>().join(",")
}

/// Where the database is.
#[derive(Debug, clap::Args)]
struct DatabaseAddress {
    /// 数据库地址：sqlite:路径 或 postgres://用户:密码@主机:端口/库名；也可用变量 `MINSHENG_DATABASE_URL`。 The database: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE; the variable `MINSHENG_DATABASE_URL` does as well.
    #[arg(long, value_name = "URL")]
    database_url: Option<DatabaseUrl>,
}

impl DatabaseAddress {
    fn flag(&self) -> Option<Flag> {
        Flag::secret("database.url", "--database-url", self.database_url.as_ref().map(DatabaseUrl::reveal))
    }

    /// The address, from wherever it was set.
    fn url(&self, layers: Layers) -> Result<DatabaseUrl, Problem> {
        database_url(&layers.with([self.flag()]).finish()?.config)
    }

    /// The use cases over the database, which must be there with its schema.
    async fn service(&self, layers: Layers) -> Result<Service, Problem> {
        let database = Database::open_existing(self.url(layers)?.reveal()).await?;
        match database.schema_version().await? {
            SchemaVersion::Ahead => return Err(Problem::schema_ahead()),
            SchemaVersion::Behind => return Err(Problem::schema_behind()),
            SchemaVersion::Current => {}
        }
        // Accounts that are made for a demo are of the demo.
        let (demonstration, _) = database.kinds_of_accounts().await?;
        Ok(Service::new(database, Clock::of_the_machine())?.as_demonstration(demonstration))
    }
}

/// The address of the database, which has no default.
fn database_url(config: &Config) -> Result<DatabaseUrl, Problem> {
    config.database.url.clone().ok_or_else(|| {
        Problem::new(
            "没有指定数据库：请用 --database-url、环境变量 MINSHENG_DATABASE_URL，或配置文件中的 database.url。",
            "No database is given: use --database-url, the variable MINSHENG_DATABASE_URL, or database.url in the configuration.",
        )
    })
}

/// A call by the operator who runs this program on its database.
fn operator(service: &Service) -> Call {
    let occasion = Occasion { at: service.now(), request_id: "command".to_owned(), address: None };
    Call { viewer: Viewer::Operator, occasion, user_agent: None, jurisdictions: None }
}
