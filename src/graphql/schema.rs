//! The schema, and the endpoint that runs requests against it.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{
    EmptySubscription, Name, Request, Response, SDLExportOptions, Schema, SchemaBuilder, Value,
    parser::types::{DocumentOperations, OperationDefinition, OperationType},
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use tokio::{sync::Semaphore, time::timeout};

use super::{
    batch::Queue,
    error::{self, Code, refusal},
    inquiry::{Asked, Inquiry},
    limit,
    root::{self, Mutation, Query},
};
use crate::{domain::language::Text, service::Service};

type Roots = Schema<Query, Mutation, EmptySubscription>;

/// Runs requests against the schema.
#[derive(Clone)]
pub struct Endpoint {
    schema: Roots,
    service: Service,
    /// The root fields that the schema has, to tell one that is closed from one that does not exist.
    root_fields: Arc<HashSet<(String, String)>>,
    /// Places for changes that run, also those that nobody waits for any more.
    changing: Arc<Semaphore>,
}

impl Endpoint {
    /// The endpoint over the use cases.
    #[must_use]
    pub fn new(service: Service) -> Self {
        Self {
            schema: builder().finish(),
            service,
            root_fields: Arc::new(root::fields(&sdl())),
            changing: Arc::new(Semaphore::new(limit::CHANGING)),
        }
    }

    /// The use cases.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Runs one request.
    pub async fn run(&self, mut request: Request, accepts: Accepts, asked: Asked) -> Answer {
        let language = asked.language;
        if let Err(refusal) = limit::check_text(&request.query, language) {
            return Answer::refused(*refusal);
        }
        let document = match request.parsed_query() {
            Ok(document) => document,
            Err(error) => return Answer::refused(error::not_graphql(&error, language)),
        };
        if let Err(refusal) = limit::check_selections(document, language) {
            return Answer::refused(*refusal);
        }
        let changes_something = changes_something(&mut request);
        if accepts == Accepts::Queries && changes_something {
            let message = Text::new("GET 请求只能查询；修改请用 POST。", "GET only queries; use POST to change anything.");
            return Answer { response: refusal(Code::BadUserInput, language, &message), outcome: Outcome::NotAccepted };
        }
        if let Some(name) = missing_variable(&mut request) {
            let message = Text::new(
                format!("缺少变量 ${name}：请在 variables 中给出它的值。"),
                format!("The variable ${name} is missing: give its value in `variables`."),
            );
            return Answer::refused(refusal(Code::ValidationFailed, language, &message));
        }
        if let Some(response) = root::too_much(&mut request, language) {
            return Answer::refused(response);
        }
        if let Some(response) = root::closed(&mut request, &self.root_fields, &asked) {
            return Answer { response, outcome: Outcome::Run };
        }
        let queue = Queue::default();
        let inquiry = Inquiry::new(self.service.clone(), asked, queue.clone());
        let schema = self.schema.clone();
        let running = async move { queue.drive(schema.execute(request.data(inquiry))).await };
        let finished = if changes_something {
            let Ok(place) = Arc::clone(&self.changing).try_acquire_owned() else {
                return Answer::refused(limit::too_many_changing(language));
            };
            // Neither a caller who leaves nor the time limit stops a change half way, or keeps its event from being recorded.
            match timeout(
                limit::DURATION,
                tokio::spawn(async move {
                    let response = running.await;
                    drop(place);
                    response
                }),
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
            timeout(limit::DURATION, running).await.map_err(|_| limit::out_of_time(language))
        };
        let mut response = match finished {
            Ok(response) => response,
            Err(response) => return Answer { response, outcome: Outcome::Run },
        };
        error::complete(&mut response, language);
        // An error before the first field ran has no path.
        let run = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
        Answer { response, outcome: if run { Outcome::Run } else { Outcome::Refused } }
    }
}

/// Which operations a transport lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Queries alone: a GET must change nothing.
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
    response: Response,
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

/// Whether the chosen operation is no query.
fn changes_something(request: &mut Request) -> bool {
    chosen_operation(request).is_some_and(|operation| operation.ty != OperationType::Query)
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
    let operation = match &request.parsed_query().ok()?.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(operations) => operations.get(chosen?.as_str())?,
    };
    Some(&operation.node)
}

/// The schema definition, sorted so that it changes only where the schema does.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    // A suggestion would name what the caller may not know of.
    Schema::build(Query::default(), Mutation::default(), EmptySubscription).disable_suggestions()
}
