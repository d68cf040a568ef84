//! `minsheng serve`: serves what the database holds.

use std::net::SocketAddr;

use tokio::signal;

use super::{DatabaseAddress, Problem, terminal};
use crate::{
    domain::language::Text,
    graphql::Endpoint,
    http,
    store::{Database, SchemaVersion},
};

/// Serve what the database holds.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    database: DatabaseAddress,
    /// 服务地址。 The address to listen on.
    #[arg(long, env = "MINSHENG_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Problem> {
        let database = Database::open_existing(&self.database.database_url).await?;
        match database.schema_version().await? {
            SchemaVersion::Current => serve(database, self.listen).await,
            SchemaVersion::Behind => Err(Problem::schema_behind()),
            SchemaVersion::Ahead => Err(Problem::schema_ahead()),
        }
    }
}

/// Serves until a signal to stop, and says where.
pub(super) async fn serve(database: Database, listen: SocketAddr) -> Result<(), Problem> {
    let listener = http::bind(listen).await?;
    // Port 0 asks for any free one: say which it is.
    let address = listener.local_addr().unwrap_or(listen);
    terminal::say(Text::new("服务已启动", "serving"));
    terminal::say(format_args!("  GraphQL   http://{address}/graphql"));
    terminal::say(format_args!("  GraphiQL  http://{address}/graphiql"));
    http::serve(listener, http::router(Endpoint::new(database.clone())), stop_signal()).await?;
    database.close().await?;
    terminal::say(Text::new("服务已停止。", "stopped."));
    Ok(())
}

/// Ctrl-C, or the signal by which service managers ask a process to end.
async fn stop_signal() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = signal::ctrl_c().await;
}
