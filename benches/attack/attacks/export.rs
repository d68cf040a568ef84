//! Files that take long, by one client.

use url::form_urlencoded;

use super::{ATTACKER, Target, again};
use crate::client::Client;

/// How many exports run at once: twice the pages that one process reads at once.
const EXPORTS: usize = 16;

const TASKS: &str = "{ tasks(first: 100) { nodes { number title summary light completion leadUnits { name } targets { label value } } } }";
const REPORTS: &str = "{ reports(first: 100) { nodes { id narrative submittedAt task { title light completion } } } }";

pub async fn exports(target: Target) {
    let client = Client::keeping(target.address, ATTACKER);
    let addresses = [(TASKS, "xlsx"), (REPORTS, "csv")].map(|(query, ending)| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", query).finish();
        format!("/export/query.{ending}?{query}")
    });
    again(target, EXPORTS, move |number| {
        let (client, address) = (client.clone(), addresses[number % addresses.len()].clone());
        async move { client.get(&address).await }
    })
    .await;
}
