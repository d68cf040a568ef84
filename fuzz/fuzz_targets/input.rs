//! What stands for a request in the corpus.

use serde_json::json;

/// Documents with variables.
const WITH_VARIABLES: [&str; 3] = [
    "query($a: Int, $b: TaskFilter, $c: String) { tasks(first: $a, filter: $b, after: $c) { totalCount } }",
    "query($a: [ID!]!, $b: Boolean = true) { nodes(ids: $a) { id @include(if: $b) } }",
    "mutation($a: SubmitProgressInput!) { submitProgress(input: $a) { errors { code } } }",
];

/// The body that data stand for. The first byte says what the others are: a document (`q`), the variables of a document that has some
/// (`0` to `2`), or a body.
pub fn body(data: &[u8]) -> Option<Vec<u8>> {
    let (kind, rest) = data.split_first()?;
    let with_variables = usize::from(*kind).checked_sub(usize::from(b'0')).and_then(|place| WITH_VARIABLES.get(place));
    Some(match (kind, with_variables) {
        (b'q', _) => json!({ "query": String::from_utf8_lossy(rest) }).to_string().into_bytes(),
        (_, Some(document)) => [b"{\"query\":", json!(document).to_string().as_bytes(), b",\"variables\":", rest, b"}"].concat(),
        (_, None) => rest.to_vec(),
    })
}
