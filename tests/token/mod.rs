//! What requests prove themselves with: access tokens, the keys behind them, API keys, and the tokens of another issuer.

mod api_key;
mod at_once;
mod external;
mod forged;
mod renewal;
mod rotation;

use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::support::{
    Case,
    app::{App, Reply},
};

pub fn cases() -> Vec<Case> {
    [api_key::cases(), at_once::cases(), external::cases(), forged::cases(), renewal::cases(), rotation::cases()].concat()
}

/// What anybody may ask.
const PUBLIC: &str = "{ topics { code } }";
const WHO: &str = "{ viewer { account { username role jurisdiction { code } } } }";
const REFRESH: &str = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { session { accessToken refreshToken } } }";

/// Asks with these `Authorization` headers, which need not be texts.
async fn presenting(app: &App, authorization: &[&[u8]], accept: &str, query: &str) -> Reply {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, accept);
    for value in authorization {
        request = request.header(header::AUTHORIZATION, HeaderValue::from_bytes(value).expect("a header"));
    }
    app.send(request.body(Body::from(json!({ "query": query }).to_string())).expect("a request")).await
}

/// Asserts that this is how somebody is answered who presents what proves nothing.
fn assert_refused(reply: &Reply, what: &str) {
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{what}: {}", reply.text);
    let challenge = reply.headers.get(header::WWW_AUTHENTICATE).unwrap_or_else(|| panic!("{what}: no challenge"));
    let challenge = challenge.to_str().expect("a text");
    assert!(challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""), "{what}: {challenge}");
    let answer = reply.body.as_object().unwrap_or_else(|| panic!("{what}: {}", reply.text));
    assert_eq!(answer.keys().collect::<Vec<_>>(), ["errors"], "{what}: no data, not even null");
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{what}: {}", reply.text);
    assert_eq!(errors[0]["extensions"], json!({ "code": "UNAUTHENTICATED" }), "{what}: why is not said");
}

/// Asserts that a bearer token proves nothing.
async fn assert_no_proof(app: &App, token: &str, what: &str) {
    assert_refused(&app.bearing(token).post(PUBLIC, json!({})).await, what);
}

/// Asserts that a bearer token proves who this is.
async fn assert_proof(app: &App, token: &str, username: &str) {
    assert_eq!(who(&app.bearing(token).data(WHO, json!({})).await), username);
}

fn who(data: &Value) -> &str {
    data["viewer"]["account"]["username"].as_str().expect("a name")
}

/// What the audit has of an action, in a word, past the service.
async fn audited(app: &App, condition: &str) -> i64 {
    app.number(&format!("SELECT count(*) FROM audit_event WHERE {condition}")).await
}
