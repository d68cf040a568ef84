//! What a subscription tells. It runs its operation as a query for each event, which is what an event costs.

use std::{sync::Arc, time::Duration};

use async_graphql::Variables;
use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{Request, header},
};
use endpoint::{Complexity, Product, SchemaIndex, estimate};
use futures_util::StreamExt as _;
use minsheng::{graphql::sdl, service::Service};
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::{Measured, ticks};

const FEED: &str = "subscription($after: ID) { progressEvents(jurisdiction: \"jining\", after: $after) { id kind
    task { id title summary leadUnits { name } targets { label value } state { light completion } } } }";

/// How long nothing may come before it is certain that nothing will, in this process.
const SILENCE: Duration = Duration::from_secs(5);

/// A subscription that is open.
pub struct Feed {
    body: BodyDataStream,
    unread: String,
}

impl Feed {
    /// Opens one for the events after an event. Without one it is for the events from now on.
    pub async fn open(router: &Router, after: &Value) -> Self {
        let body = json!({ "query": FEED, "variables": { "after": after }, "extensions": { "cost": true } });
        let request =
            Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, "text/event-stream");
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert!(response.status().is_success());
        Self { body: response.into_body().into_data_stream(), unread: String::new() }
    }

    /// The next answer; `None` where there is no other.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data:")).map(|data| data.trim().to_owned());
                let rest = rest.to_owned();
                self.unread = rest;
                match data {
                    Some(data) if !data.is_empty() => return Some(serde_json::from_str(&data).expect("JSON")),
                    _ => continue,
                }
            }
            let chunk = timeout(SILENCE, self.body.next()).await.ok()??.expect("bytes");
            self.unread.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }
}

/// The points of an event: a point, and one for each thousand of the size and the work of the operation. An event does not tell its own.
fn points(service: &Service) -> u64 {
    let product: Arc<dyn Product> = service.clone().into();
    let estimated = estimate(&SchemaIndex::of(&sdl()), &product.costs(), FEED, &Variables::default()).expect("a document");
    let Complexity { ours, introspection, work } = estimated;
    1 + (ours + introspection + work) / 1_000
}

/// Measures what it costs to tell everything that came after an event.
pub async fn measure(router: &Router, service: &Service, after: &Value) -> Measured {
    let (before, mut told) = (ticks(), 0_u32);
    let mut feed = Feed::open(router, after).await;
    while let Some(answer) = feed.next().await {
        assert!(answer.get("errors").is_none(), "{answer}");
        told += 1;
    }
    let used = ticks() - before;
    assert!(told > 20, "{told} events are too few to measure");
    Measured { name: "progressEvents", points: points(service) as f64, millis: used as f64 * 10.0 / f64::from(told) }
}
