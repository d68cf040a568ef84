//! GraphQL over HTTP: <https://graphql.github.io/graphql-over-http/draft/>. The engine's own handler answers everything with 200
//! and runs a mutation that a foreign page posts as text, so this one is ours.

use async_graphql::{Request, Variables};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Extension, Query, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    caller::{Caller, Gate, Peer, unproved},
    event_stream,
    media_type::{MediaType, is_json, takes_events},
    server::Stopping,
    socket,
};
use crate::{
    domain::language::{Language, Text},
    graphql::{Accepts, Answer, Code, Outcome, Started, refusal},
};

/// The largest body, in bytes: far more than any query of the contract with its variables.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;

pub(super) fn routes(gate: Gate) -> Router {
    Router::new().route("/graphql", get(by_get).post(by_post)).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(gate)
}

/// The four parameters of a request. Anything else in a body is ignored, as the specification wants.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    query: String,
    operation_name: Option<String>,
    variables: Option<serde_json::Map<String, serde_json::Value>>,
    /// Checked to be an object; no extension is understood yet.
    #[serde(rename = "extensions")]
    _extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The same in a URL, where variables and extensions are JSON texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UrlParameters {
    query: String,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

impl From<Parameters> for Request {
    fn from(parameters: Parameters) -> Self {
        let mut request = Self::new(parameters.query);
        request.operation_name = parameters.operation_name;
        match parameters.variables {
            Some(variables) => request.variables(Variables::from_json(serde_json::Value::Object(variables))),
            None => request,
        }
    }
}

/// In which form, and until when, a request is answered.
struct Form {
    /// The form of a single answer.
    media_type: MediaType,
    /// Whether a stream of answers will do.
    takes_events: bool,
    /// Whether nothing but a stream will do.
    takes_events_only: bool,
    /// The last event that was received, of a client that connects again.
    last_event_id: Option<String>,
    stopping: Option<Stopping>,
}

impl Form {
    /// What the headers ask for; `None` where no form that there is will do.
    fn of(headers: &HeaderMap, stopping: Option<Extension<Stopping>>) -> Option<Self> {
        let media_type = MediaType::accepted(headers);
        let takes_events = takes_events(headers);
        if media_type.is_none() && !takes_events {
            return None;
        }
        Some(Self {
            media_type: media_type.unwrap_or(MediaType::GraphqlResponse),
            takes_events,
            takes_events_only: media_type.is_none(),
            last_event_id: event_stream::last_event_id(headers),
            stopping: stopping.map(|Extension(stopping)| stopping),
        })
    }
}

async fn by_post(
    State(gate): State<Gate>,
    peer: Option<Extension<Peer>>,
    stopping: Option<Extension<Stopping>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let caller = Caller::of(&gate, peer, &headers);
    let Some(form) = Form::of(&headers, stopping) else { return caller.not_acceptable() };
    let media_type = form.media_type;
    if !is_json(&headers) {
        let message = Text::new(
            "请求体须为 JSON：请设置 Content-Type: application/json。",
            "The body must be JSON: set Content-Type: application/json.",
        );
        return caller.refuse(media_type, StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadUserInput, &message);
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            let message = Text::new(
                format!("请求体无法读取，或超过 {BODY_LIMIT} 字节。"),
                format!("The body could not be read, or is larger than {BODY_LIMIT} bytes."),
            );
            return caller.refuse(media_type, rejection.status(), Code::BadUserInput, &message);
        }
    };
    // A list would be read as the fields of the object, in order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return caller.malformed(media_type, "");
    }
    match serde_json::from_slice::<Parameters>(&body) {
        Ok(parameters) => caller.answer(&gate, form, parameters, Accepts::Anything).await,
        Err(error) => caller.malformed(media_type, &error.to_string()),
    }
}

async fn by_get(
    State(gate): State<Gate>,
    peer: Option<Extension<Peer>>,
    stopping: Option<Extension<Stopping>>,
    upgrade: Option<socket::Upgrade>,
    headers: HeaderMap,
    parameters: Result<Query<UrlParameters>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let caller = Caller::of(&gate, peer, &headers);
    if let Some(upgrade) = upgrade {
        return socket::open(upgrade, gate, caller, &headers, stopping.map(|Extension(stopping)| stopping));
    }
    let Some(form) = Form::of(&headers, stopping) else { return caller.not_acceptable() };
    let media_type = form.media_type;
    let parameters = match parameters {
        Ok(Query(parameters)) => parameters,
        Err(rejection) => return caller.malformed(media_type, &rejection.body_text()),
    };
    let parsed = (|| {
        Ok::<_, serde_json::Error>(Parameters {
            query: parameters.query,
            operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
            variables: parameters.variables.filter(|text| !text.is_empty()).as_deref().map_or(Ok(None), serde_json::from_str)?,
            _extensions: parameters.extensions.filter(|text| !text.is_empty()).as_deref().map_or(Ok(None), serde_json::from_str)?,
        })
    })();
    match parsed {
        Ok(parameters) => caller.answer(&gate, form, parameters, Accepts::Queries).await,
        Err(error) => caller.malformed(media_type, &error.to_string()),
    }
}

impl Caller {
    async fn answer(self, gate: &Gate, form: Form, parameters: Parameters, accepts: Accepts) -> Response {
        let (language, media_type) = (self.language, form.media_type);
        let asked = match self.prove(gate).await {
            Ok(asked) => asked,
            Err(fault) => return unproved(&fault, media_type, language),
        };
        let request = Request::from(parameters);
        let answer = if form.takes_events {
            match gate.endpoint.start(request, accepts, asked, self.prover(gate), form.last_event_id).await {
                Started::Following(answers) => return event_stream::respond(language, answers, form.stopping),
                Started::Answered(answer) if form.takes_events_only && answer.outcome == Outcome::Run => {
                    return event_stream::respond(language, event_stream::only(*answer), form.stopping);
                }
                Started::Answered(answer) => *answer,
            }
        } else {
            gate.endpoint.run(request, accepts, asked).await
        };
        let status = match (answer.outcome, media_type) {
            (Outcome::NotAccepted, _) => StatusCode::METHOD_NOT_ALLOWED,
            (Outcome::Refused, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
            (Outcome::Refused, MediaType::Json) | (Outcome::Run, _) => StatusCode::OK,
        };
        respond(media_type, status, language, &answer)
    }

    fn malformed(&self, media_type: MediaType, reason: &str) -> Response {
        let message = Text::new(
            format!("请求不是有效的 GraphQL 请求：需要 query 文本，variables 与 extensions 如有须为对象。{reason}"),
            format!("This is no GraphQL request: it needs `query` as text, and `variables` and `extensions`, if any, as objects. {reason}"),
        );
        self.refuse(media_type, StatusCode::BAD_REQUEST, Code::BadUserInput, &message)
    }

    fn not_acceptable(&self) -> Response {
        let message = Text::new(
            "只能以 application/graphql-response+json、application/json（UTF-8）或 text/event-stream 回答，请相应设置 Accept。",
            "Answers are application/graphql-response+json, application/json, in UTF-8, or text/event-stream: set Accept accordingly.",
        );
        self.refuse(MediaType::Json, StatusCode::NOT_ACCEPTABLE, Code::BadUserInput, &message)
    }

    pub(super) fn refuse(&self, media_type: MediaType, status: StatusCode, code: Code, message: &Text) -> Response {
        respond(media_type, status, self.language, &Answer::refused(refusal(code, self.language, message)))
    }
}

pub(super) fn respond(media_type: MediaType, status: StatusCode, language: Language, answer: &Answer) -> Response {
    // Only values that came from JSON or from resolvers are in an answer, and all of them have a JSON form.
    let body = serde_json::to_vec(answer).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, media_type.header()),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
        (header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization")),
        // An answer may hold what is meant for one account alone, or a token.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let mut response = (status, headers, body).into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}
