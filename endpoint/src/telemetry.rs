//! What is told of a request to the log and to whoever measures: which operation, by whom, with what outcome. Never its variables, its text
//! or what it presented.

use std::{
    future::Future,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use async_graphql::{Request, parser::types::OperationType};
use tracing::{Instrument as _, Span, field::Empty};

use crate::{
    answer::{Answer, Started, error},
    asked::Asked,
    examine::{chosen_operation, root_field},
    schema_index::SchemaIndex,
};

/// The longest name of an operation that is written to the log, in characters: a client may choose any.
const LONGEST_NAME: usize = 64;

/// Is told of every operation that has been answered, or has begun to follow.
pub type Observer = Arc<dyn Fn(&Observation) + Send + Sync>;

/// What is told of an operation. Whatever clients send, few different words are in it: it is for counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// `query`, `mutation`, `subscription`, or `none` of what could not be read.
    pub kind: &'static str,
    /// The name of a registered document, or else the root fields' place in the schema: the one that is called, `several`, or `none`.
    pub operation: String,
    /// `OK`, or the code of the first error.
    pub outcome: String,
    /// How long it took.
    pub took: Duration,
}

/// What comes of a request, of which an answer may be a part.
pub(crate) trait Answered {
    /// The answer, where there is one already.
    fn answer(&self) -> Option<&Answer>;
}

impl Answered for Answer {
    fn answer(&self) -> Option<&Answer> {
        Some(self)
    }
}

impl Answered for Started {
    fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answered(answer) => Some(answer.as_ref()),
            Self::Following(_) => None,
        }
    }
}

/// What is found out about an operation while it is admitted.
#[derive(Debug)]
struct Noted {
    kind: &'static str,
    operation: String,
}

tokio::task_local! {
    static NOTED: Arc<OnceLock<Noted>>;
    /// The name of the registered document that it is.
    static REGISTERED: Arc<OnceLock<String>>;
}

/// Runs a request within its span, and tells the observer what became of it.
pub(crate) async fn observe<T: Answered>(observer: Option<&Observer>, asked: &Asked, running: impl Future<Output = T>) -> T {
    let request_id = asked.request_id.as_str();
    let span = tracing::info_span!("request", request_id, account = Empty, operation = Empty);
    if let Some(name) = &asked.identity.name {
        span.record("account", name);
    }
    let noted = Arc::default();
    let begun = Instant::now();
    let registered = Arc::default();
    let done = NOTED.scope(Arc::clone(&noted), REGISTERED.scope(Arc::clone(&registered), running.instrument(span.clone()))).await;
    let took = begun.elapsed();
    let outcome = done.answer().map_or("OK", outcome);
    let (kind, operation) = noted.get().map_or(("none", "none"), |noted: &Noted| (noted.kind, noted.operation.as_str()));
    let operation = registered.get().map_or(operation, String::as_str);
    span.in_scope(|| {
        tracing::debug!(kind, field = operation, outcome, milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "answered");
    });
    if let Some(observer) = observer {
        observer(&Observation { kind, operation: operation.to_owned(), outcome: outcome.to_owned(), took });
    }
    done
}

/// Notes which operation it is, once its document is known to be small enough to be read.
pub(crate) fn note(request: &mut Request, shape: &SchemaIndex) {
    let chosen = request.operation_name.clone();
    let Some(kind) = chosen_operation(request).map(|operation| operation.ty) else { return };
    if let Some(name) = chosen.or_else(|| root_field::only_name(request)) {
        Span::current().record("operation", name.chars().take(LONGEST_NAME).collect::<String>());
    }
    let root = SchemaIndex::root(kind);
    let kind = match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    let mut fields = root_field::called_names(request);
    fields.retain(|field| field == "__schema" || field == "__type" || shape.field(root, field).is_some());
    let operation = match fields.as_slice() {
        [] => "none".to_owned(),
        [field] => field.clone(),
        _ => "several".to_owned(),
    };
    let _ = NOTED.try_with(|noted| noted.set(Noted { kind, operation }));
}

/// Notes that it is a registered document.
pub(crate) fn registered(name: &str) {
    let _ = REGISTERED.try_with(|registered| registered.set(name.to_owned()));
}

/// The code of the first error, all of which are words of this service.
fn outcome(answer: &Answer) -> &str {
    answer.errors().first().map_or("OK", |error| error::code(error).unwrap_or("INTERNAL"))
}
