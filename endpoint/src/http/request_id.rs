//! The id of a request: given by the caller or made here, returned with the answer, and written to the log.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use uuid::Uuid;

/// The header that carries it, both ways.
pub(crate) static HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that a caller may give: it is repeated in every line of the log.
const LONGEST: usize = 64;

/// Gives every request an id and every answer that of its request.
pub(crate) async fn assign(mut request: Request, next: Next) -> Response {
    let id = given(request.headers()).unwrap_or_else(fresh);
    request.headers_mut().insert(&HEADER, id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(&HEADER, id);
    response
}

/// The id of a request that has passed [`assign`].
pub(crate) fn of(headers: &HeaderMap) -> String {
    headers.get(&HEADER).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

fn given(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(&HEADER)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(plain)).then(|| id.clone())
}

#[expect(clippy::disallowed_methods, reason = "names a request, not a row")]
fn fresh() -> HeaderValue {
    // A UUID is plain ASCII; the fallback only satisfies the type.
    HeaderValue::from_str(&Uuid::now_v7().to_string()).unwrap_or(HeaderValue::from_static("unknown"))
}
