//! Asks a running service whether it is well. This is the client of `minsheng health`, for machines without `curl`.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use axum::http::Uri;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// The path that says whether the process lives.
pub const LIVE: &str = "/livez";

/// The path that says whether requests can be answered.
pub const READY: &str = "/readyz";

/// The longest answer that is read. The service's own has some hundred bytes.
const LONGEST: usize = 64 * 1024;

/// Why a service is not well, or not known to be.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The URL has no form that can be asked.
    #[error("not a URL of the form http://HOST:PORT/PATH")]
    Url,
    /// Nothing answered in time.
    #[error("no answer within {} s", .0.as_secs())]
    Slow(Duration),
    /// The connection failed.
    #[error("no connection")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// The service answered that it is not well.
    #[error("HTTP {status}")]
    Unwell {
        /// The status of HTTP.
        status: u16,
        /// Names of the checks that are not good, each with its state.
        checks: Vec<String>,
    },
}

/// The URL at which the service itself can be asked from its own machine.
///
/// A service that listens on all addresses cannot be asked at `0.0.0.0`: that is no address of a machine.
#[must_use]
pub fn own_url(listen: SocketAddr, path: &str) -> String {
    let host = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}{path}", SocketAddr::new(host, listen.port()))
}

/// Asks `url`, and waits for the whole answer no longer than `patience`.
///
/// # Errors
/// Nothing answered, or the answer is not 200.
pub async fn probe(url: &str, patience: Duration) -> Result<(), ProbeError> {
    let uri: Uri = url.parse().map_err(|_| ProbeError::Url)?;
    if uri.scheme_str() != Some("http") || uri.host().is_none() {
        return Err(ProbeError::Url);
    }
    tokio::time::timeout(patience, ask(uri)).await.unwrap_or(Err(ProbeError::Slow(patience)))
}

async fn ask(uri: Uri) -> Result<(), ProbeError> {
    let client: Client<HttpConnector, Empty<Bytes>> =
        Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(HttpConnector::new());
    let answer = client.get(uri).await.map_err(|error| ProbeError::Unreachable(Box::new(error)))?;
    let status = answer.status().as_u16();
    if status == 200 {
        return Ok(());
    }
    // The body only explains. The status has decided already.
    let body = Limited::new(answer.into_body(), LONGEST).collect().await;
    let checks = body.map(|body| bad_checks(&body.to_bytes())).unwrap_or_default();
    Err(ProbeError::Unwell { status, checks })
}

/// The checks of a body of `/readyz` that are not good, such as `database: AWAY`.
fn bad_checks(body: &[u8]) -> Vec<String> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let Some(checks) = body.get("checks").and_then(Value::as_object) else { return Vec::new() };
    let states = checks.iter().filter_map(|(name, state)| Some((name, state.as_str()?)));
    states.filter(|(_, state)| *state != "OK").map(|(name, state)| format!("{name}: {state}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(listen: &str) -> String {
        own_url(listen.parse().unwrap(), READY)
    }

    #[test]
    fn a_service_on_all_addresses_is_asked_at_loopback() {
        assert_eq!(own("0.0.0.0:8080"), "http://127.0.0.1:8080/readyz");
        assert_eq!(own("[::]:80"), "http://[::1]:80/readyz");
        assert_eq!(own("192.0.2.7:8080"), "http://192.0.2.7:8080/readyz");
        assert_eq!(own("[2001:db8::7]:8080"), "http://[2001:db8::7]:8080/readyz");
    }

    #[test]
    fn only_bad_checks_are_named() {
        let body = br#"{"status":"NOT_READY","checks":{"database":"AWAY","migrations":"UNKNOWN","events":"OK"}}"#;
        assert_eq!(bad_checks(body), ["database: AWAY", "migrations: UNKNOWN"]);
        assert_eq!(bad_checks(b"<html>"), Vec::<String>::new());
        assert_eq!(bad_checks(br#"{"checks":[1]}"#), Vec::<String>::new());
    }

    #[tokio::test]
    async fn what_cannot_be_asked_is_told_apart() {
        for url in ["", "127.0.0.1:8080", "https://127.0.0.1:8080/readyz", "/readyz", "http://"] {
            assert!(matches!(probe(url, Duration::from_secs(1)).await, Err(ProbeError::Url)), "{url}");
        }
    }
}
