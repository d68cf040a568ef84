//! What stands for a request in the corpus.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

/// Documents with variables.
const WITH_VARIABLES: [&str; 3] = [
    "query($a: Int, $b: TaskFilter, $c: String) { tasks(first: $a, filter: $b, after: $c) { totalCount } }",
    "query($a: [ID!]!, $b: Boolean = true) { nodes(ids: $a) { id @include(if: $b) } }",
    "mutation($a: SubmitProgressInput!) { submitProgress(input: $a) { errors { code } } }",
];

/// The request that data stand for. The first byte says what the others are: the parameters of a GET (`g`), the address of a file
/// (`e`), a document (`q`), the variables of a document that has some (`0` to `2`), or a body. Some stand for none.
pub fn request(data: &[u8]) -> Option<Request<Body>> {
    let (kind, rest) = data.split_first()?;
    let at = |before: &str| Request::get(format!("{before}{}", std::str::from_utf8(rest).ok()?)).body(Body::empty()).ok();
    match kind {
        b'g' => at("/graphql?"),
        b'e' => at("/export/"),
        _ => Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").body(Body::from(body(*kind, rest))).ok(),
    }
}

fn body(kind: u8, rest: &[u8]) -> Vec<u8> {
    let with_variables = usize::from(kind).checked_sub(usize::from(b'0')).and_then(|place| WITH_VARIABLES.get(place));
    match (kind, with_variables) {
        (b'q', _) => json!({ "query": String::from_utf8_lossy(rest) }).to_string().into_bytes(),
        (_, Some(document)) => [b"{\"query\":", json!(document).to_string().as_bytes(), b",\"variables\":", rest, b"}"].concat(),
        (_, None) => rest.to_vec(),
    }
}
