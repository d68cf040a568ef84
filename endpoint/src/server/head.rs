//! Heads of requests: how large they are, and which host they are for.
//!
//! Every request of HTTP/1.1 says once which host it is for (RFC 9112, section 3.2). A proxy in front may take another of two than the
//! service does.

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use language::{Language, Text};

use super::LARGEST_HEAD;
use crate::{
    answer::{
        Answer,
        error::{Code, refusal},
    },
    http::{graphql::respond, media_type::MediaType},
};

/// Answers 431 where the head is too large, and 400 where the host is missing, is given twice or is none.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    // The buffer of `hyper` may take a last large piece beyond its bound.
    if size(&request) > LARGEST_HEAD {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    if names_one(request.version(), request.headers()) {
        return next.run(request).await;
    }
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = Language::accepted(accepted.unwrap_or_default());
    let message = Text::new("请求须有且只有一个有效的 Host 请求头。", "A request has exactly one valid header `Host`.");
    respond(MediaType::Json, StatusCode::BAD_REQUEST, language, Answer::refused(refusal(Code::BadUserInput, language, &message)))
}

/// How many bytes the target and the fields have, as they are written.
fn size(request: &Request) -> usize {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len().saturating_add(value.len()).saturating_add(4));
    fields.fold(target, usize::saturating_add)
}

fn names_one(version: Version, headers: &HeaderMap) -> bool {
    let mut given = headers.get_all(header::HOST).iter();
    match (given.next(), given.next()) {
        (None, _) => version < Version::HTTP_11,
        // It may be empty.
        (Some(host), None) => host.is_empty() || Authority::try_from(host.as_bytes()).is_ok_and(|host| !host.as_str().contains('@')),
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_host_is_named_once() {
        let given = |hosts: &[&str]| hosts.iter().map(|host| (header::HOST, HeaderValue::from_str(host).unwrap())).collect::<HeaderMap>();
        for host in ["here", "here:8080", "[2001:db8::1]:80", ""] {
            assert!(names_one(Version::HTTP_11, &given(&[host])), "{host}");
        }
        for hosts in [&[][..], &["here", "here"], &["here, there"], &["user@here"], &["he re"]] {
            assert!(!names_one(Version::HTTP_11, &given(hosts)), "{hosts:?}");
        }
        assert!(names_one(Version::HTTP_10, &given(&[])) && !names_one(Version::HTTP_10, &given(&["here", "there"])));
    }
}
