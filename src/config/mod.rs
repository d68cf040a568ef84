//! The settings and their sources: defaults, then a file, then variables of the environment, then options. Each later one wins. An invalid
//! setting is rejected in every layer, also if a later layer overrides it. Nothing is served or opened here.

mod address;
mod fault;
mod layers;

use std::net::SocketAddr;

use chrono_tz::Tz;
use endpoint::{Limits, Origins, Proxies};
use serde::{Deserialize, Serialize};

pub use address::DatabaseUrl;
pub use fault::ConfigFault;
pub use layers::{Effective, Flag, Layers, Source};

use crate::domain::progress::calendar::DEFAULT_ZONE;

/// The default of the log: faults and news for an operator, without the chatter of libraries.
const DEFAULT_LOG: &str = "info,sqlx=warn,sea_orm_migration=warn";

/// All that can be set. A field is a key of the file; its path in capitals, joined by `_`, is its variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The time zone in which days end.
    pub time_zone: Tz,
    /// Reverse proxies whose word is taken for who asks.
    pub trusted_proxies: Proxies,
    /// Whether the playground is served.
    pub graphiql: bool,
    /// The content of the log.
    pub log: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// Pages of other hosts.
    pub cors: CorsConfig,
    /// Trusted documents.
    pub documents: DocumentsConfig,
    /// Measurements.
    pub metrics: MetricsConfig,
    /// The limits of a request and of a client.
    pub limits: Limits,
    /// The database.
    pub database: DatabaseConfig,
    /// An identity provider whose tokens are accepted as well.
    pub oidc: OidcConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            time_zone: DEFAULT_ZONE,
            trusted_proxies: Proxies::default(),
            graphiql: false,
            log: DEFAULT_LOG.to_owned(),
            log_format: LogFormat::default(),
            cors: CorsConfig::default(),
            documents: DocumentsConfig::default(),
            metrics: MetricsConfig::default(),
            limits: Limits::default(),
            database: DatabaseConfig::default(),
            oidc: OidcConfig::default(),
        }
    }
}

impl Config {
    /// The defaults of the demo, which is there to be played with.
    #[must_use]
    pub fn of_demo() -> Self {
        Self { graphiql: true, ..Self::default() }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// An object a line, for programs.
    Json,
}

/// Pages of other hosts that may ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CorsConfig {
    /// Where they come from.
    pub origins: Origins,
}

/// Trusted documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentsConfig {
    /// Whether nothing else is run.
    pub only_registered: bool,
}

/// Measurements, on a listener of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Whether there are any.
    pub enabled: bool,
    /// Where they are to be had: by default from this machine alone.
    pub listen: SocketAddr,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { enabled: false, listen: SocketAddr::from(([127, 0, 0, 1], 9464)) }
    }
}

/// The database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Where it is; the demo brings its own.
    pub url: Option<DatabaseUrl>,
}

/// An identity provider whose tokens are accepted as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OidcConfig {
    /// The issuer, exactly as in its tokens; `None` when left out.
    pub issuer: Option<String>,
    /// The audience that its tokens must name.
    pub audience: String,
    /// The clients whose tokens count beside those of the audience itself, by `azp`.
    pub clients: Vec<String>,
    /// The claim that names an account by its external subject.
    pub claim: String,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self { issuer: None, audience: "minsheng".to_owned(), clients: Vec::new(), claim: "sub".to_owned() }
    }
}

#[cfg(test)]
mod tests;
