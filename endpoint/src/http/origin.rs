//! Which pages of browsers may ask: those that came from here, and those of the origins that were set.
//!
//! A browser adds no proof of its own to what a foreign page sends here, because there are no cookies. What is left is that it stands in
//! a network that the page's author does not: so what a foreign page has it send without asking first is not run either.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use serde::{Deserialize, Serialize};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// Where a request was made, as the browser says. No page can write it.
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether it follows a link or loads a part of a page, and what it is to become; as the browser says.
static FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
static FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a foreign page may send besides what every page may.
const HEADERS: [&str; 6] = ["accept-language", "authorization", "content-type", "if-none-match", "last-event-id", "x-request-id"];

/// What a foreign page may read of an answer besides what every page may.
const EXPOSED: [&str; 3] = ["etag", "retry-after", "x-request-id"];

/// How long a browser may remember what it was allowed, in seconds: browsers keep it for two hours at most.
const REMEMBERED: std::time::Duration = std::time::Duration::from_hours(2);

/// Pages of other hosts that may ask: none, unless they are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Origins(Vec<String>);

/// An entry of the list is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}”不是网页来源：请写作 https://www.example.org，不带路径；* 表示任何网页，须单独使用 \
     · `{0}` is no origin of pages: write it as https://www.example.org, without a path; * stands for all pages, and stands alone"
)]
pub struct OriginsError(String);

impl TryFrom<Vec<String>> for Origins {
    type Error = OriginsError;

    fn try_from(list: Vec<String>) -> Result<Self, Self::Error> {
        let alone = list.len() == 1;
        list.iter().map(|entry| origin(entry.trim(), alone)).collect::<Result<_, _>>().map(Self)
    }
}

impl From<Origins> for Vec<String> {
    fn from(origins: Origins) -> Self {
        origins.0
    }
}

/// An origin in the form in which browsers write it.
fn origin(entry: &str, alone: bool) -> Result<String, OriginsError> {
    if entry == "*" && alone {
        return Ok(entry.to_owned());
    }
    let lower = entry.to_ascii_lowercase();
    let fault = || OriginsError(entry.to_owned());
    let uri = Uri::from_str(&lower).map_err(|_| fault())?;
    let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |authority| authority.as_str()));
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let is_plain = matches!(scheme, "http" | "https") && authority.bytes().all(is_host) && format!("{scheme}://{authority}") == lower;
    if is_plain && HeaderValue::from_str(&lower).is_ok() { Ok(lower) } else { Err(fault()) }
}

impl Origins {
    fn all(&self) -> bool {
        self.0.iter().any(|origin| origin == "*")
    }

    /// What tells browsers that these pages may ask; nothing where there are none.
    pub(crate) fn layer(&self) -> Option<CorsLayer> {
        if self.0.is_empty() {
            return None;
        }
        let headers = |names: &[&'static str]| names.iter().map(|name| HeaderName::from_static(name)).collect::<Vec<_>>();
        let layer = CorsLayer::new()
            .allow_methods([Method::GET, Method::POST])
            .allow_headers(headers(&HEADERS))
            .expose_headers(headers(&EXPOSED))
            .max_age(REMEMBERED);
        if self.all() {
            return Some(layer.allow_origin(Any));
        }
        let named = self.0.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
        Some(layer.allow_origin(AllowOrigin::list(named)))
    }

    /// Whether a page with this `Origin` is one of them.
    fn name(&self, headers: &HeaderMap) -> bool {
        let mut given = headers.get_all(header::ORIGIN).iter();
        let (Some(origin), None) = (given.next(), given.next()) else { return false };
        self.all() || origin.to_str().is_ok_and(|origin| self.0.iter().any(|named| named.eq_ignore_ascii_case(origin)))
    }

    /// Whether a page may open a WebSocket, for which a browser asks nobody: one that came from here, or is named. Whatever is no page may.
    pub(crate) fn welcome(&self, headers: &HeaderMap) -> bool {
        is_own(headers) || self.name(headers)
    }

    /// Whether a browser says that it sends this for a foreign page that is not named. One that does not say so has asked first, or sends
    /// only what has no effect.
    pub(crate) fn refuse(&self, headers: &HeaderMap) -> bool {
        let foreign = headers.get(&FETCH_SITE).is_some_and(|site| matches!(site.as_bytes(), b"cross-site" | b"same-site"));
        foreign && !self.name(headers)
    }

    /// The same of what is loaded as a part of a foreign page. Following a link is no such thing, from whichever page it leads here.
    pub(crate) fn refuse_part(&self, headers: &HeaderMap) -> bool {
        let says = |name: &HeaderName, wanted: &str| headers.get(name).is_some_and(|value| value == wanted);
        let is_followed = says(&FETCH_MODE, "navigate") && says(&FETCH_DESTINATION, "document");
        !is_followed && self.refuse(headers)
    }
}

/// Whether a request comes from no page of a browser, or from one of the same host.
fn is_own(headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let from = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let from = from.as_ref().and_then(Uri::authority).map(|authority| authority.as_str().to_ascii_lowercase());
    origins.next().is_none() && from.is_some() && from == host.map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(list: &[&str]) -> Result<Origins, OriginsError> {
        list.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>().try_into()
    }

    fn headers(list: &[(&HeaderName, &str)]) -> HeaderMap {
        list.iter().map(|&(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn origins_are_read_and_their_faults_are_named() {
        let named = origins(&["https://www.Example.org", "http://localhost:3000"]).unwrap();
        assert_eq!(Vec::from(named), ["https://www.example.org", "http://localhost:3000"]);
        assert!(origins(&["*"]).is_ok() && origins(&[]).is_ok());
        for fault in ["www.example.org", "https://www.example.org/", "https://a@b", "ftp://a", "null", "", "https://", "https://*.a.org"] {
            let read = origins(&[fault]);
            assert_eq!(read, Err(OriginsError(fault.to_owned())), "{fault}");
        }
        assert!(origins(&["*", "https://a.org"]).is_err());
    }

    #[test]
    fn what_a_foreign_page_sends_is_refused_unless_it_is_named() {
        let named = origins(&["https://www.example.org"]).unwrap();
        let site = |site: &str, origin: Option<&str>| {
            let mut sent = headers(&[(&FETCH_SITE, site), (&header::HOST, "here")]);
            if let Some(origin) = origin {
                sent.insert(header::ORIGIN, origin.parse().unwrap());
            }
            named.refuse(&sent)
        };
        assert!(site("cross-site", None) && site("same-site", None) && site("cross-site", Some("https://elsewhere.org")));
        assert!(!site("cross-site", Some("https://www.example.org")));
        assert!(!site("same-origin", None) && !site("none", None) && !site("same-origin", Some("https://here")));
        assert!(!named.refuse(&headers(&[(&header::ORIGIN, "https://elsewhere.org")])), "no browser of today");
        let socket = |origin: &str| named.welcome(&headers(&[(&header::HOST, "here"), (&header::ORIGIN, origin)]));
        assert!(socket("https://www.example.org") && socket("https://here") && !socket("https://elsewhere.org") && !socket("null"));
        assert!(origins(&["*"]).unwrap().welcome(&headers(&[(&header::HOST, "here"), (&header::ORIGIN, "https://elsewhere.org")])));
    }

    fn own(headers: &[(HeaderName, &str)]) -> bool {
        is_own(&headers.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect())
    }

    #[test]
    fn a_page_of_another_host_is_foreign() {
        assert!(own(&[(header::HOST, "here:8080")]), "no page at all");
        assert!(own(&[(header::HOST, "Here:8080"), (header::ORIGIN, "http://here:8080")]));
        assert!(own(&[(header::HOST, "minsheng.gov.cn"), (header::ORIGIN, "https://minsheng.gov.cn")]));
        for origin in
            ["http://elsewhere", "http://here", "http://here:80", "null", "", "http://here:8080.elsewhere", "http://elsewhere:8080"]
        {
            assert!(!own(&[(header::HOST, "here:8080"), (header::ORIGIN, origin)]), "{origin}");
        }
        assert!(!own(&[(header::ORIGIN, "http://here:8080")]), "no host");
        let twice = [(header::HOST, "here"), (header::ORIGIN, "http://here"), (header::ORIGIN, "http://elsewhere")];
        assert!(!is_own(&twice.iter().fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name.clone(), value.parse().expect("a value"));
            headers
        })));
    }
}
