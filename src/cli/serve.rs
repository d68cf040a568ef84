//! `minsheng serve`: serves what the database holds.

use std::{future::Future, net::SocketAddr, time::Duration};

use chrono_tz::Tz;
use tokio::signal;

use super::{DatabaseAddress, Problem, terminal};
use crate::{
    access::issuer::{Issuer, Settings},
    domain::{calendar::DEFAULT_ZONE, language::Text},
    graphql::Endpoint,
    http::{self, Gate, Proxies},
    service::{Clock, Service, watch::Watched},
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
    /// 时区：一天在此时区结束，期限据此计算。 The time zone in which days end, by which due instants are reckoned.
    #[arg(long, env = "MINSHENG_TIME_ZONE", value_name = "ZONE", default_value_t = DEFAULT_ZONE)]
    time_zone: Tz,
    /// 可信反向代理的地址或网段，以逗号分隔；只有它们的 X-Forwarded-For 可信。 Trusted reverse proxies, as addresses or ranges separated by commas; only their X-Forwarded-For is believed.
    #[arg(long, env = "MINSHENG_TRUSTED_PROXIES", value_name = "LIST", default_value = "")]
    trusted_proxies: Proxies,
    #[command(flatten)]
    issuer: IssuerArguments,
}

/// An `OpenID` Connect issuer whose tokens are accepted as well.
#[derive(Debug, clap::Args)]
struct IssuerArguments {
    /// 统一身份认证（OpenID Connect）的签发者地址；不写则不接受外部令牌。 The OpenID Connect issuer whose tokens are accepted too; none when left out.
    #[arg(long = "oidc-issuer", env = "MINSHENG_OIDC_ISSUER", value_name = "URL")]
    issuer: Option<String>,
    /// 外部令牌的受众（aud）。 The audience that its tokens must name.
    #[arg(long = "oidc-audience", env = "MINSHENG_OIDC_AUDIENCE", value_name = "AUDIENCE", default_value = "minsheng")]
    audience: String,
    /// 外部令牌中与账号 externalSubject 对应的字段。 The claim that names an account by its externalSubject.
    #[arg(long = "oidc-claim", env = "MINSHENG_OIDC_CLAIM", value_name = "CLAIM", default_value = "sub")]
    claim: String,
}

impl IssuerArguments {
    fn issuer(&self) -> Result<Option<Issuer>, Problem> {
        let Some(issuer) = &self.issuer else { return Ok(None) };
        let settings = Settings::parse(issuer, &self.audience, &self.claim)?;
        Ok(Some(Issuer::new(settings)?))
    }
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Problem> {
        let database = Database::open_existing(&self.database.database_url).await?;
        match database.schema_version().await? {
            SchemaVersion::Current => {
                let (demonstration, others) = database.kinds_of_accounts().await?;
                if demonstration {
                    return Err(Problem::demonstration_served());
                }
                if !others {
                    terminal::say(Text::new(
                        "还没有账号：minsheng account create 可建立第一位管理员。",
                        "there are no accounts yet: `minsheng account create` makes the first admin.",
                    ));
                }
                let service = Service::new(database, Clock::of_the_machine())?.trusting(self.issuer.issuer()?).in_zone(self.time_zone);
                serve(service, self.listen, self.trusted_proxies).await
            }
            SchemaVersion::Behind => Err(Problem::schema_behind()),
            SchemaVersion::Ahead => Err(Problem::schema_ahead()),
        }
    }
}

/// Serves until a signal to stop, and says where.
pub(super) async fn serve(service: Service, listen: SocketAddr, proxies: Proxies) -> Result<(), Problem> {
    let database = service.database().clone();
    let listener = http::bind(listen).await?;
    let stop = stop_signal();
    // Port 0 asks for any free one: say which it is.
    let address = listener.local_addr().unwrap_or(listen);
    terminal::say(Text::new("服务已启动", "serving"));
    terminal::say(format_args!("  GraphQL   http://{address}/graphql"));
    terminal::say(format_args!("  GraphiQL  http://{address}/graphiql"));
    let watch = tokio::spawn(watch_time(service.clone()));
    http::serve(listener, http::router(Gate::new(Endpoint::new(service), proxies)), stop).await?;
    // What it has not told yet, the next process tells.
    watch.abort();
    database.close().await?;
    terminal::say(Text::new("服务已停止。", "stopped."));
    Ok(())
}

/// How often it is looked at what time has brought about. Due instants and lights change with the days.
const WATCH: Duration = Duration::from_mins(5);

/// Looks, from time to time, at what time has brought about.
async fn watch_time(service: Service) {
    let mut interval = tokio::time::interval(WATCH);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        match service.watch_time().await {
            Ok(watched) if watched == Watched::default() => {}
            Ok(watched) => tracing::info!(overdue = watched.overdue, lights = watched.lights, "time has passed"),
            Err(error) => tracing::warn!(?error, "what time has brought about could not be looked at; it will be again"),
        }
    }
}

/// Ctrl-C, or the signal by which service managers ask a process to end. Listened for from the call on, not from the first poll: a
/// signal that comes in between must not end the process at once.
fn stop_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let signals = [signal::unix::SignalKind::interrupt(), signal::unix::SignalKind::terminate()].map(signal::unix::signal);
    async move {
        #[cfg(unix)]
        if let [Ok(mut interrupt), Ok(mut terminate)] = signals {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = signal::ctrl_c().await;
    }
}
