//! Measurements in the text format of Prometheus, at `/metrics` of a listener of their own: what they tell is not for the public.
//!
//! Every label has few values, whatever clients send: words of this service, fields of its schema, names of registered documents.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing::get,
};
use entity::Action;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::graphql::{Endpoint, Observation};

/// The bounds of the histogram, in seconds: what people notice lies between, and what is stopped at the end.
const BOUNDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// What the format is called.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is measured. Clones share it.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    registry: Registry,
    operations: Family<Run, Histogram>,
    responses: Family<Sent, Counter>,
    subscriptions: Gauge,
    changes: Gauge,
    connections: Family<Connection, Gauge>,
    ready: Family<Check, Gauge>,
    unrecorded: Family<Unrecorded, Counter>,
    events: Family<Told, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Run {
    kind: &'static str,
    operation: String,
    outcome: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Sent {
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connection {
    purpose: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Check {
    check: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Unrecorded {
    action: String,
    cause: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    step: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("minsheng");
        let operations: Family<Run, Histogram> = Family::new_with_constructor(|| Histogram::new(BOUNDS));
        let help = "操作用时 How long GraphQL operations took, until the answer or the beginning of a subscription";
        registry.register_with_unit("operation_duration", help, Unit::Seconds, operations.clone());
        let responses = Family::<Sent, Counter>::default();
        registry.register("http_responses", "按状态码计的 HTTP 应答 HTTP answers by status", responses.clone());
        let subscriptions = Gauge::default();
        registry.register("subscriptions_open", "打开的订阅 Open subscriptions", subscriptions.clone());
        let changes = Gauge::default();
        registry.register("changes_running", "正在进行的修改 Changes that run", changes.clone());
        let connections = Family::<Connection, Gauge>::default();
        registry.register("database_connections", "数据库连接 Connections to the database", connections.clone());
        let ready = Family::<Check, Gauge>::default();
        registry.register("ready", "各项就绪为 1 One where a check of /readyz is good", ready.clone());
        let unrecorded = Family::<Unrecorded, Counter>::default();
        let help = "未记入审计、只计数的拒绝 Refusals that are counted and leave no audit event";
        registry.register("refusals_unrecorded", help, unrecorded.clone());
        let events = Family::<Told, Counter>::default();
        let help = "订阅的事件：推送的次数，为此执行的次数 Events of subscriptions: how often one was told, how often one was evaluated";
        registry.register("subscription_events", help, events.clone());
        Self(Arc::new(Shared { registry, operations, responses, subscriptions, changes, connections, ready, unrecorded, events }))
    }
}

impl Metrics {
    /// Takes what became of an operation.
    pub fn observe(&self, observation: &Observation) {
        let labels = Run { kind: observation.kind, operation: observation.operation.clone(), outcome: observation.outcome.clone() };
        self.0.operations.get_or_create(&labels).observe(observation.took.as_secs_f64());
    }

    /// The route of a listener for whoever collects them.
    pub fn router(self, endpoint: Endpoint) -> Router {
        Router::new().route("/metrics", get(render)).with_state((self, endpoint))
    }

    /// Looks up what is counted elsewhere.
    async fn look(&self, endpoint: &Endpoint) {
        let (following, changing) = endpoint.load();
        let shared = &self.0;
        shared.subscriptions.set(number(following));
        shared.changes.set(number(changing));
        for connections in endpoint.service().database().connections() {
            for (state, count) in [("idle", connections.idle), ("busy", connections.busy)] {
                shared.connections.get_or_create(&Connection { purpose: connections.purpose, state }).set(number(count));
            }
        }
        for (action, cause, count) in endpoint.service().unrecorded() {
            let labels = Unrecorded { action: word(action), cause: cause.word() };
            shared.unrecorded.get_or_create(&labels).inner().store(count, Ordering::Relaxed);
        }
        let (told, evaluated) = endpoint.told();
        for (step, count) in [("told", told), ("evaluated", evaluated)] {
            shared.events.get_or_create(&Told { step }).inner().store(count, Ordering::Relaxed);
        }
        let health = endpoint.health().await;
        let writes = health.writes == Some(true);
        for (check, good) in
            [("database", health.database), ("migrations", health.is_migrated()), ("events", health.events), ("writes", writes)]
        {
            shared.ready.get_or_create(&Check { check }).set(i64::from(good));
        }
    }
}

/// Counts answers by their status.
pub(super) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    metrics.0.responses.get_or_create(&Sent { status: response.status().as_u16() }).inc();
    response
}

async fn render(State((metrics, endpoint)): State<(Metrics, Endpoint)>) -> Response {
    metrics.look(&endpoint).await;
    let mut text = String::new();
    match encode(&mut text, &metrics.0.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(error) => {
            tracing::error!(?error, "the measurements could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The word of an action, as the audit has it.
fn word(action: Action) -> String {
    serde_json::to_value(action).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
