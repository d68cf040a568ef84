//! Which pages may open a WebSocket: those that came from here. A browser asks nobody before it opens one, and says only in `Origin`
//! whose page wants it.

use axum::http::{HeaderMap, Uri, header};

/// Whether a request comes from no page of a browser, or from one of the same host.
pub(super) fn is_own(headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let from = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let from = from.as_ref().and_then(Uri::authority).map(|authority| authority.as_str().to_ascii_lowercase());
    origins.next().is_none() && from.is_some() && from == host.map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

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
