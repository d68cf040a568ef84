//! The command line: one file a command. Says what happened in one line, and what to do about it.

mod account;
mod audit;
mod demo;
mod key;
mod migrate;
mod problem;
mod schema;
mod seed;
mod serve;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use problem::Problem;

use crate::{
    access::viewer::Viewer,
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
    after_long_help = "MINSHENG_LOG=debug 可查看详细日志。 MINSHENG_LOG=debug tells more on standard error."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    demo: demo::Demo,
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
    /// 打印 GraphQL 数据模式（SDL）。 Print the GraphQL schema (SDL).
    Schema(schema::Schema),
}

/// Runs the command of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    let result = runtime().map_err(|error| {
        Problem::new(
            format!("无法启动（{error}）：请检查系统对线程和内存的限制。"),
            format!("Cannot start ({error}): check what the system allows of threads and memory."),
        )
    });
    match result.and_then(|runtime| runtime.block_on(run(arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            terminal::complain(&problem);
            ExitCode::FAILURE
        }
    }
}

/// The stack of a thread, in bytes. The engine answers nested selections by recursion: the deepest that it takes needed more than
/// the usual two megabytes in a debug build, and a thread that runs out of stack ends the process. Only what is touched is memory.
const STACK: usize = 16 * 1024 * 1024;

/// What runs requests.
///
/// # Errors
/// The system allows no threads.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build()
}

async fn run(arguments: Arguments) -> Result<(), Problem> {
    match arguments.command {
        None => arguments.demo.run().await,
        Some(Command::Demo(demo)) => demo.run().await,
        Some(Command::Serve(serve)) => serve.run().await,
        Some(Command::Migrate(migrate)) => migrate.run().await,
        Some(Command::Seed(seed)) => seed.run().await,
        Some(Command::Account(account)) => Box::pin(account.run()).await,
        Some(Command::Audit(audit)) => audit.run().await,
        Some(Command::Key(key)) => key.run().await,
        Some(Command::Schema(schema)) => schema.run(),
    }
}

/// The log goes to standard error; `MINSHENG_LOG` sets what is told (`info` by default, `debug`, `minsheng=trace`, …).
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MINSHENG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Where the database is.
#[derive(Debug, clap::Args)]
struct DatabaseAddress {
    /// 数据库地址：sqlite:路径 或 postgres://用户:密码@主机:端口/库名。 The database: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE.
    #[arg(long, env = "MINSHENG_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: String,
}

impl DatabaseAddress {
    /// The use cases over the database, which must be there with its schema.
    async fn service(&self) -> Result<Service, Problem> {
        let database = Database::open_existing(&self.database_url).await?;
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

/// A call by whoever runs this program on its database.
fn operator(service: &Service) -> Call {
    let occasion = Occasion { at: service.now(), request_id: "command".to_owned(), address: None };
    Call { viewer: Viewer::Operator, occasion, user_agent: None }
}
