//! The schema, and the endpoint that runs requests against it.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    Name, Request, Response, SDLExportOptions, Schema, SchemaBuilder, ServerError, Value,
    parser::types::{DocumentOperations, OperationDefinition, OperationType},
};
use futures_util::stream::BoxStream;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use tokio::{sync::Semaphore, time::timeout};
use tracing::Instrument as _;

use super::{
    batch::Queue,
    document::Documents,
    error::{self, Code, refusal},
    health::Examination,
    inquiry::{Asked, Inquiry},
    limit,
    root::{self, Mutation, Query, Subscription},
    subscription::{self, Means, Notification, Operation, Prover},
    table::{Catalogue, EXPORTING},
    telemetry::{self, Observer},
};
use crate::{
    domain::language::Text,
    events::{Bus, Following},
    service::Service,
};

pub(super) type Roots = Schema<Query, Mutation, Subscription>;

/// Runs requests against the schema.
#[derive(Clone)]
pub struct Endpoint {
    schema: Roots,
    service: Service,
    /// The root fields that the schema has, to tell one that is closed from one that does not exist.
    root_fields: Arc<HashSet<(String, String)>>,
    /// Places for changes that run, also those that nobody waits for any more.
    changing: Arc<Semaphore>,
    /// Places for subscriptions.
    following: Arc<Semaphore>,
    /// Places for tables that are made.
    pub(super) exporting: Arc<Semaphore>,
    /// What the schema says of its fields.
    pub(super) catalogue: Arc<Catalogue>,
    bus: Bus,
    observer: Option<Observer>,
    examination: Examination,
    pub(super) documents: Documents,
    /// Keeps the bus looking out once anybody has asked for something that is only known while it does.
    awake: Arc<OnceLock<Following>>,
    /// Places for whatever is answered at once, whoever asks: what the database is too slow for must not pile up.
    running: Arc<Semaphore>,
}

/// How many operations may run or wait for the database at once: many times what it can answer in the time that they wait.
const RUNNING: usize = 500;

impl Endpoint {
    /// The endpoint over the use cases.
    #[must_use]
    pub fn new(service: Service) -> Self {
        let definition = sdl();
        Self {
            schema: builder().finish(),
            bus: Bus::new(service.database().clone()),
            service,
            root_fields: Arc::new(root::fields(&definition)),
            changing: Arc::new(Semaphore::new(limit::CHANGING)),
            following: Arc::new(Semaphore::new(limit::FOLLOWING)),
            exporting: Arc::new(Semaphore::new(EXPORTING)),
            catalogue: Arc::new(Catalogue::of(&definition)),
            observer: None,
            examination: Examination::default(),
            documents: Documents::default(),
            awake: Arc::default(),
            running: Arc::new(Semaphore::new(RUNNING)),
        }
    }

    /// Telling `observer` of every operation.
    #[must_use]
    pub fn observed_by(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// How many subscriptions are open, and how many changes run.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let taken = |places: &Semaphore, all: usize| all.saturating_sub(places.available_permits());
        (taken(&self.following, limit::FOLLOWING), taken(&self.changing, limit::CHANGING))
    }

    /// The answer where too many operations wait already: the database is slower than they come.
    fn overrun(&self, asked: &Asked) -> Answer {
        tracing::warn!(request_id = asked.call.occasion.request_id, running = RUNNING, "too many operations at once");
        self.service.database().suspect();
        Answer::refused(error::unavailable(asked.language))
    }

    /// What was found out of its health last.
    pub(super) fn examination(&self) -> &Examination {
        &self.examination
    }

    /// The bus, which looks out from now on, also while nobody follows.
    pub(super) fn awake_bus(&self) -> &Bus {
        self.awake.get_or_init(|| self.bus.follow());
        &self.bus
    }

    /// What happens, for whoever follows it.
    pub(super) fn bus(&self) -> &Bus {
        &self.bus
    }

    /// The use cases.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Runs one request that is answered at once.
    pub async fn run(&self, request: Request, accepts: Accepts, asked: Asked) -> Answer {
        let observed = asked.clone();
        // Kept by its address, because it is large and is handed through several layers.
        let running = Box::pin(self.run_here(request, accepts, asked));
        telemetry::observe(self.observer.as_ref(), &observed, running).await
    }

    async fn run_here(&self, mut request: Request, accepts: Accepts, asked: Asked) -> Answer {
        let Ok(_place) = self.running.try_acquire() else { return self.overrun(&asked) };
        if let Err(refused) = self.resolve(&mut request, asked.language).await {
            return *refused;
        }
        match self.admit(&mut request, accepts, &asked) {
            Err(refused) => *refused,
            Ok(Some(OperationType::Subscription)) => {
                let message = Text::new(
                    "订阅需经 WebSocket（子协议 graphql-transport-ws），或以 Accept: text/event-stream 请求。",
                    "Subscriptions go over WebSocket (subprotocol graphql-transport-ws), or by a request with Accept: text/event-stream.",
                );
                Answer::refused(refusal(Code::BadUserInput, asked.language, &message))
            }
            Ok(kind) => self.answer(request, kind, asked).await,
        }
    }

    /// Runs one request, which may be a subscription. `prover` finds out again who asks, as often as that has to be known;
    /// `last_event_id` is the last event that the transport says was received.
    pub async fn start(&self, request: Request, accepts: Accepts, asked: Asked, prover: Prover, last_event_id: Option<String>) -> Started {
        let observed = asked.clone();
        let starting = Box::pin(self.start_here(request, accepts, asked, prover, last_event_id));
        telemetry::observe(self.observer.as_ref(), &observed, starting).await
    }

    async fn start_here(
        &self,
        mut request: Request,
        accepts: Accepts,
        asked: Asked,
        prover: Prover,
        last_event_id: Option<String>,
    ) -> Started {
        let language = asked.language;
        let Ok(_place) = self.running.try_acquire() else { return Started::Answered(Box::new(self.overrun(&asked))) };
        if let Err(refused) = self.resolve(&mut request, language).await {
            return Started::Answered(refused);
        }
        match self.admit(&mut request, accepts, &asked) {
            Err(refused) => Started::Answered(refused),
            Ok(Some(OperationType::Subscription)) => {
                if let Some(refused) = root::not_one(&mut request, language) {
                    return Started::Answered(Box::new(Answer::refused(refused)));
                }
                let place = Arc::clone(&self.following).try_acquire_owned();
                let (Ok(place), Some(operation)) = (place, Operation::of(&mut request)) else {
                    return Started::Answered(Box::new(Answer::refused(limit::too_many_following(language))));
                };
                let means = Means { schema: self.schema.clone(), service: self.service.clone(), following: self.bus.follow(), place };
                match subscription::open(means, operation, asked, prover, last_event_id).await {
                    Ok(stream) => Started::Following(stream),
                    Err(refused) => Started::Answered(Box::new(refused)),
                }
            }
            Ok(kind) => Started::Answered(Box::new(self.answer(request, kind, asked).await)),
        }
    }

    /// Checks what can be checked before anything runs, and tells which kind of operation it is. A document without the operation that
    /// was chosen has none; the engine says so.
    pub(super) fn admit(&self, request: &mut Request, accepts: Accepts, asked: &Asked) -> Result<Option<OperationType>, Box<Answer>> {
        let language = asked.language;
        let refused = |response| Err(Box::new(Answer::refused(response)));
        if let Err(refusal) = limit::check_text(&request.query, language) {
            return refused(*refusal);
        }
        let document = match request.parsed_query() {
            Ok(document) => document,
            Err(error) => return refused(error::not_graphql(&error, language)),
        };
        if let Err(refusal) = limit::check_selections(document, language) {
            return refused(*refusal);
        }
        telemetry::note(request, &self.root_fields);
        let kind = chosen_operation(request).map(|operation| operation.ty);
        if accepts == Accepts::Queries && kind == Some(OperationType::Mutation) {
            let message = Text::new("GET 请求只能查询；修改请用 POST。", "GET only queries; use POST to change anything.");
            return Err(Box::new(Answer { response: refusal(Code::BadUserInput, language, &message), outcome: Outcome::NotAccepted }));
        }
        if let Some(name) = missing_variable(request) {
            let message = Text::new(
                format!("缺少变量 ${name}：请在 variables 中给出它的值。"),
                format!("The variable ${name} is missing: give its value in `variables`."),
            );
            return refused(refusal(Code::ValidationFailed, language, &message));
        }
        if let Some(response) = root::too_much(request, language) {
            return refused(response);
        }
        if let Some(response) = root::closed(request, &self.root_fields, asked) {
            return Err(Box::new(Answer { response, outcome: Outcome::Run }));
        }
        Ok(kind)
    }

    pub(super) async fn answer(&self, request: Request, kind: Option<OperationType>, asked: Asked) -> Answer {
        let language = asked.language;
        let queue = Queue::default();
        let inquiry = Inquiry::new(self.service.clone(), asked, queue.clone());
        let schema = self.schema.clone();
        let running = async move { queue.drive(schema.execute(request.data(inquiry))).await };
        let finished = if kind == Some(OperationType::Mutation) {
            let Ok(place) = Arc::clone(&self.changing).try_acquire_owned() else {
                return Answer::refused(limit::too_many_changing(language));
            };
            // Neither a caller who leaves nor the time limit stops a change half way, or keeps its event from being recorded.
            match timeout(
                limit::CHANGE_DURATION,
                tokio::spawn(
                    async move {
                        let response = running.await;
                        drop(place);
                        response
                    }
                    .in_current_span(),
                ),
            )
            .await
            {
                Ok(Ok(response)) => Ok(response),
                // A panic ends this request as it would have in its own task; else the process is stopping.
                Ok(Err(ended)) => match ended.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(limit::still_changing(language)),
                },
                Err(_) => Err(limit::still_changing(language)),
            }
        } else {
            let database = self.service.database();
            tokio::select! {
                finished = timeout(limit::DURATION, running) => finished.map_err(|_| {
                    // A server that is cut off does not even say so.
                    database.suspect();
                    limit::out_of_time(language)
                }),
                () = database.away() => Err(error::unavailable(language)),
            }
        };
        let mut response = match finished {
            Ok(response) => response,
            Err(response) if error::is_unavailable(&response) => return Answer::refused(response),
            Err(response) => return Answer { response, outcome: Outcome::Run },
        };
        error::complete(&mut response, language);
        // Part of an answer is none. What a change has done is told all the same.
        if error::is_unavailable(&response) && (kind != Some(OperationType::Mutation) || error::is_empty(&response)) {
            return Answer::refused(error::unavailable(language));
        }
        // An error before the first field ran has no path.
        let run = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
        Answer { response, outcome: if run { Outcome::Run } else { Outcome::Refused } }
    }
}

/// What comes of a request.
pub enum Started {
    /// It is answered, and that is all.
    Answered(Box<Answer>),
    /// It is answered again and again until the stream ends.
    Following(BoxStream<'static, Notification>),
}

/// Which operations a transport lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Whatever changes nothing: a GET must not.
    Queries,
    /// Any operation.
    Anything,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was run, with errors perhaps.
    Run,
    /// It could not be run at all.
    Refused,
    /// It asked for an operation that the transport does not let through.
    NotAccepted,
}

/// The answer to a request. A request that was not run has no `data`, not even null (GraphQL, section 7.1).
#[derive(Debug)]
pub struct Answer {
    /// What the engine says.
    pub(super) response: Response,
    /// What became of the request.
    pub outcome: Outcome,
}

impl Answer {
    /// The answer to a request that could not be run at all.
    #[must_use]
    pub fn refused(response: Response) -> Self {
        Self { response, outcome: Outcome::Refused }
    }
}

impl Answer {
    /// What went wrong.
    #[must_use]
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// Whether there is nothing in it because the database is away.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.outcome == Outcome::Refused && error::is_unavailable(&self.response)
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.response.errors.is_empty() {
            map.serialize_entry("errors", &self.response.errors)?;
        }
        if self.outcome == Outcome::Run {
            map.serialize_entry("data", &self.response.data)?;
        }
        if !self.response.extensions.is_empty() {
            map.serialize_entry("extensions", &self.response.extensions)?;
        }
        map.end()
    }
}

/// A variable of the chosen operation that must have a value and has none. The engine would take it for null and run the query.
fn missing_variable(request: &mut Request) -> Option<String> {
    let required: Vec<Name> = chosen_operation(request)?
        .variable_definitions
        .iter()
        .filter(|definition| !definition.node.var_type.node.nullable && definition.node.default_value.is_none())
        .map(|definition| definition.node.name.node.clone())
        .collect();
    let given = |name: &Name| request.variables.get(name).is_some_and(|value| *value != Value::Null);
    required.into_iter().find(|name| !given(name)).map(|name| name.to_string())
}

/// The operation to run. A document that is no GraphQL has none; the engine says what is wrong with it.
pub(super) fn chosen_operation(request: &mut Request) -> Option<&OperationDefinition> {
    let chosen = request.operation_name.clone();
    let operation = match (&request.parsed_query().ok()?.operations, chosen) {
        (DocumentOperations::Single(operation), _) => operation,
        (DocumentOperations::Multiple(operations), Some(chosen)) => operations.get(chosen.as_str())?,
        // One operation is chosen without being named, also where it has a name (GraphQL, section 6.1).
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next()?,
        (DocumentOperations::Multiple(_), None) => return None,
    };
    Some(&operation.node)
}

/// The schema definition, sorted so that it changes only where the schema does.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

pub(super) fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // A suggestion would name what the caller may not know of.
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions()
}
