//! `minsheng serve`: serves the present database.

use std::{future::Future, net::SocketAddr, time::Duration};

use chrono_tz::Tz;
use endpoint::{Endpoint, Gate, Metrics, Proxies, Surface, Terms, bind, raise_descriptors, router, serve as serve_http, serve_on};
use tokio::{signal, sync::oneshot, time::timeout};

use super::{DatabaseAddress, Problem, database_url, terminal};
use crate::{
    access::issuer::{Issuer, Settings},
    config::{Config, Flag, Layers, OidcConfig},
    domain::language::Text,
    service::{Clock, Service, progress::watch::Watched},
    store::{Database, SchemaVersion},
};

/// Serve what the database holds.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    flags: Flags,
}

/// The settings of serving that have an option. A missing option comes from another layer.
#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    #[command(flatten)]
    database: DatabaseAddress,
    /// 服务地址，默认 127.0.0.1:8080。 The address to listen on, 127.0.0.1:8080 by default.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// 时区：一天在此时区结束，期限据此计算；默认 Asia/Shanghai。 The time zone in which days end, by which due instants are reckoned; Asia/Shanghai by default.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Tz>,
    /// 可信反向代理的地址或网段，以逗号分隔；只有它们的 X-Forwarded-For 可信。 Trusted reverse proxies, as addresses or ranges separated by commas; only their X-Forwarded-For is believed.
    #[arg(long, value_name = "LIST")]
    trusted_proxies: Option<Proxies>,
    /// 统一身份认证（OpenID Connect）的签发者地址；不写则不接受外部令牌。 The OpenID Connect issuer whose tokens are accepted too; none when left out.
    #[arg(long, value_name = "URL")]
    oidc_issuer: Option<String>,
    /// 外部令牌的受众（aud），默认 minsheng。 The audience that its tokens must name, minsheng by default.
    #[arg(long, value_name = "AUDIENCE")]
    oidc_audience: Option<String>,
    /// 外部令牌中与账号 externalSubject 对应的字段，默认 sub。 The claim that names an account by its externalSubject, sub by default.
    #[arg(long, value_name = "CLAIM")]
    oidc_claim: Option<String>,
}

impl Flags {
    /// The values of the options.
    pub(super) fn given(&self) -> Vec<Option<Flag>> {
        vec![
            self.database.flag(),
            Flag::given("listen", "--listen", self.listen.as_ref()),
            Flag::given("time_zone", "--time-zone", self.time_zone.as_ref()),
            Flag::given("trusted_proxies", "--trusted-proxies", self.trusted_proxies.as_ref()),
            Flag::given("oidc.issuer", "--oidc-issuer", self.oidc_issuer.as_ref()),
            Flag::given("oidc.audience", "--oidc-audience", self.oidc_audience.as_ref()),
            Flag::given("oidc.claim", "--oidc-claim", self.oidc_claim.as_ref()),
        ]
    }
}

/// The issuer whose tokens are accepted as well, where one is set.
fn issuer(config: &OidcConfig) -> Result<Option<Issuer>, Problem> {
    let Some(issuer) = &config.issuer else { return Ok(None) };
    let settings = Settings::parse(issuer, &config.audience, &config.claim)?.for_clients(&config.clients);
    Ok(Some(Issuer::new(settings)?))
}

impl Serve {
    pub(super) async fn run(self, layers: Layers) -> Result<(), Problem> {
        let config = layers.with(self.flags.given()).finish()?.config;
        let database = Database::open_existing(database_url(&config)?.reveal()).await?;
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
                let service = Service::new(database, Clock::of_the_machine())?.trusting(issuer(&config.oidc)?).in_zone(config.time_zone);
                serve(service, &config).await
            }
            SchemaVersion::Behind => Err(Problem::schema_behind()),
            SchemaVersion::Ahead => Err(Problem::schema_ahead()),
        }
    }
}

/// Serves until a signal to stop, and says where.
pub(super) async fn serve(service: Service, config: &Config) -> Result<(), Problem> {
    let database = service.database().clone();
    let terms = Terms::of(&config.limits, config.trusted_proxies.clone(), raise_descriptors());
    let listener = bind(config.listen).await?;
    let measuring = if config.metrics.enabled { Some(bind(config.metrics.listen).await?) } else { None };
    let stop = stop_signal();
    // Port 0 asks for any free one: say which it is.
    let address = listener.local_addr().unwrap_or(config.listen);
    terminal::say(Text::new("服务已启动", "serving"));
    if let Some(listener) = &measuring {
        let address = listener.local_addr().unwrap_or(config.metrics.listen);
        terminal::say(format_args!("  metrics   http://{address}/metrics"));
    }
    terminal::say(format_args!("  GraphQL   http://{address}/graphql"));
    if config.graphiql {
        terminal::say(format_args!("  GraphiQL  http://{address}/graphiql"));
    }
    let endpoint = Endpoint::new(service.clone(), config.limits).running_only_registered(config.documents.only_registered);
    endpoint.stay_awake();
    let surface = Surface { graphiql: config.graphiql, origins: config.cors.origins.clone() };
    let mut gate = Gate::new(endpoint.clone(), config.trusted_proxies.clone()).showing(surface);
    // Measured until the last request has been answered: dropping the sender ends it.
    let (measured, over) = oneshot::channel::<()>();
    if let Some(listener) = measuring {
        let metrics = Metrics::default();
        gate = gate.measured_by(metrics.clone());
        tokio::spawn(serve_http(listener, metrics.router(endpoint), async move {
            let _ = over.await;
        }));
    }
    let watch = tokio::spawn(watch_time(service));
    serve_on(terms, listener, router(gate), stop).await?;
    drop(measured);
    // The next process tells the events that this one has not told yet.
    watch.abort();
    // A statement that hangs must not keep the process.
    if let Ok(closed) = timeout(CLOSING, database.close()).await {
        closed?;
    } else {
        tracing::warn!("the database was not closed in time");
    }
    terminal::say(Text::new("服务已停止。", "stopped."));
    Ok(())
}

/// How long it may take to close the database, which waits for changes that still run.
const CLOSING: Duration = Duration::from_secs(20);

/// The interval of the check for changes that time brings. Due instants and lights change with the days.
const WATCH: Duration = Duration::from_mins(5);

/// Checks from time to time for changes that time brings.
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
