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
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::{endpoint::Endpoint, product::Measurement, telemetry::Observation};

/// The bounds of the histogram, in seconds: what people notice lies between, and what is stopped at the end.
const BOUNDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// What the format is called.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is measured. Clones share it.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    operations: Family<Run, Histogram>,
    responses: Family<Sent, Counter>,
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

/// Labels of a measurement that is counted elsewhere.
type Labels = Vec<(&'static str, String)>;

impl Default for Metrics {
    fn default() -> Self {
        let operations: Family<Run, Histogram> = Family::new_with_constructor(|| Histogram::new(BOUNDS));
        Self(Arc::new(Shared { operations, responses: Family::default() }))
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

    /// All measurements, with what is counted elsewhere.
    async fn registry(&self, endpoint: &Endpoint) -> Registry {
        let product = &endpoint.product;
        let mut registry = Registry::with_prefix(product.name());
        let help = "操作用时 How long GraphQL operations took, until the answer or the beginning of a subscription";
        registry.register_with_unit("operation_duration", help, Unit::Seconds, self.0.operations.clone());
        registry.register("http_responses", "按状态码计的 HTTP 应答 HTTP answers by status", self.0.responses.clone());
        let (following, changing) = endpoint.load();
        for (name, help, count) in [
            ("subscriptions_open", "打开的订阅 Open subscriptions", following),
            ("changes_running", "正在进行的修改 Changes that run", changing),
        ] {
            let gauge = Gauge::<i64>::default();
            gauge.set(number(count));
            registry.register(name, help, gauge);
        }
        for Measurement { name, help, values } in product.gauges() {
            let family = Family::<Labels, Gauge>::default();
            for (labels, value) in values {
                family.get_or_create(&labels).set(i64::try_from(value).unwrap_or(i64::MAX));
            }
            registry.register(name, help, family);
        }
        let ready = Family::<Labels, Gauge>::default();
        for check in endpoint.health().await.0 {
            ready.get_or_create(&vec![("check", check.name.to_owned())]).set(i64::from(check.is_good));
        }
        registry.register("ready", "各项就绪为 1 One where a check of /readyz is good", ready);
        for Measurement { name, help, values } in product.counters() {
            registry.register(name, help, counters(values));
        }
        let (told, evaluated) = endpoint.told();
        let events = [("told", told), ("evaluated", evaluated)].map(|(step, count)| (vec![("step", step.to_owned())], count));
        let help = "订阅的事件：推送的次数，为此执行的次数 Events of subscriptions: how often one was told, how often one was evaluated";
        registry.register("subscription_events", help, counters(events.into()));
        registry
    }
}

fn counters(values: Vec<(Labels, u64)>) -> Family<Labels, Counter> {
    let family = Family::<Labels, Counter>::default();
    for (labels, value) in values {
        family.get_or_create(&labels).inner().store(value, Ordering::Relaxed);
    }
    family
}

/// Counts answers by their status.
pub(crate) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    metrics.0.responses.get_or_create(&Sent { status: response.status().as_u16() }).inc();
    response
}

async fn render(State((metrics, endpoint)): State<(Metrics, Endpoint)>) -> Response {
    let registry = metrics.registry(&endpoint).await;
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(error) => {
            tracing::error!(?error, "the measurements could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
