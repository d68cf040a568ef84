//! Fetching the keys of an issuer: two small documents over HTTP, each bounded in time and size.

use std::{error::Error, io, time::Duration};

use http_body_util::{BodyExt as _, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

use super::{keys::KeySet, settings::Settings};

/// The timeout of both documents together: a request waits for them.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest document that is read.
const LENGTH: usize = 1024 * 1024;

/// Why an issuer cannot be reached, ever, from this machine.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Without certificate authorities, no connection is trusted. `SSL_CERT_FILE` names another file.
    #[error("this machine has no certificate authorities")]
    Authorities(#[source] io::Error),
    /// The library has no cipher to offer.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
}

/// Why the keys could not be fetched. It goes to the log; a caller learns that they cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{address} did not answer within {} seconds", PATIENCE.as_secs())]
    Slow { address: Url },
    #[error("{address} cannot be reached")]
    Unreachable { address: Url, source: Box<dyn Error + Send + Sync> },
    #[error("{address} answered {status}")]
    Status { address: Url, status: u16 },
    #[error("the answer of {address} broke off or is longer than {LENGTH} bytes")]
    Body { address: Url, source: Box<dyn Error + Send + Sync> },
    #[error("the answer of {address} is not the document that is expected there")]
    Document { address: Url, source: serde_json::Error },
    #[error("the document of the issuer is that of another: {named}")]
    OtherIssuer { named: String },
    #[error("the issuer keeps its keys where they are not fetched from: {address}")]
    Insecure { address: String },
}

/// The required parts of the discovery document.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// A key set, its keys unread: one that is not understood must not spoil the others, as it would in a `JwkSet` (ADR 0029).
#[derive(Deserialize)]
struct Listed {
    keys: Vec<Value>,
}

/// Where the keys of an issuer come from.
pub(super) struct Source {
    settings: Settings,
    // It follows no redirect, uses no proxy and keeps no connection: both documents are asked for once in ten minutes.
    client: Client<HttpsConnector<HttpConnector>, String>,
}

impl Source {
    pub(super) fn new(settings: &Settings) -> Result<Self, ConnectError> {
        // Named here, because a default chosen by the features of the whole tree panics once two of them disagree.
        let provider = ring::default_provider();
        let connector = HttpsConnectorBuilder::new();
        let connector = if settings.is_secure() {
            // The system's authorities, because a closed network usually has one of its own.
            connector.with_provider_and_native_roots(provider).map_err(ConnectError::Authorities)?.https_only()
        } else {
            let trusting_nobody = ClientConfig::builder_with_provider(provider.into())
                .with_safe_default_protocol_versions()?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth();
            connector.with_tls_config(trusting_nobody).https_or_http()
        };
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector.enable_http1().build());
        Ok(Self { settings: settings.clone(), client })
    }

    pub(super) fn issuer(&self) -> &str {
        self.settings.issuer()
    }

    /// The keys that the issuer lists now. The address of the list is asked for each time: it may move.
    pub(super) async fn keys(&self) -> Result<KeySet, FetchError> {
        let discovery = self.settings.discovery();
        let fetched = tokio::time::timeout(PATIENCE, async {
            let document: Discovery = self.document(&discovery).await?;
            // A document of another issuer could name keys that it has no right to (RFC 8414, section 3.3).
            if document.issuer != self.settings.issuer() {
                return Err(FetchError::OtherIssuer { named: document.issuer });
            }
            let address = Url::parse(&document.jwks_uri).ok().filter(|address| self.settings.admits(address));
            let Some(address) = address else { return Err(FetchError::Insecure { address: document.jwks_uri }) };
            let listed: Listed = self.document(&address).await?;
            Ok(KeySet::read(&listed.keys))
        });
        fetched.await.unwrap_or(Err(FetchError::Slow { address: discovery }))
    }

    async fn document<T: DeserializeOwned>(&self, address: &Url) -> Result<T, FetchError> {
        let unreachable = |source| FetchError::Unreachable { address: address.clone(), source };
        let target = address.as_str().parse().map_err(|error| unreachable(Box::from(format!("{error}"))))?;
        let answer = self.client.get(target).await.map_err(|error| unreachable(Box::new(error)))?;
        if answer.status().as_u16() != 200 {
            return Err(FetchError::Status { address: address.clone(), status: answer.status().as_u16() });
        }
        let body = Limited::new(answer.into_body(), LENGTH).collect().await;
        let body = body.map_err(|source| FetchError::Body { address: address.clone(), source })?.to_bytes();
        serde_json::from_slice(&body).map_err(|source| FetchError::Document { address: address.clone(), source })
    }
}
