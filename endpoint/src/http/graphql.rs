//! GraphQL over HTTP: <https://graphql.github.io/graphql-over-http/draft/>. The engine's own handler answers everything with 200
//! and runs a mutation that a foreign page posts as text, so this one is ours.

use std::time::Duration;

use async_graphql::Request;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Extension, FromRequest as _, Query, Request as Incoming, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use language::{Language, Text};
use tokio::time::timeout;

use super::{
    body::sending,
    caller::{Caller, Gate, Peer, unproved},
    graphiql::is_current,
    json::{self, Braced},
    media_type::{MediaType, file, is_json, takes_events},
    parameters::{Parameters, UrlParameters},
};
use crate::{
    answer::{
        Accepts, Answer, Outcome, Started,
        error::{Code, refusal, unavailable},
    },
    client::{Held, seconds},
    event_stream,
    export::Format,
    server::Stopping,
    socket,
};

pub(crate) fn routes(gate: Gate) -> Router {
    let (cors, largest) = (gate.surface.origins.layer(), body_limit(&gate));
    let router = Router::new().route("/graphql", get(by_get).post(by_post)).layer(DefaultBodyLimit::max(largest)).with_state(gate);
    match cors {
        Some(cors) => router.layer(cors),
        None => router,
    }
}

/// The most bytes of a body, or of a message.
pub(crate) fn body_limit(gate: &Gate) -> usize {
    usize::try_from(gate.endpoint.limits().body_bytes).unwrap_or(usize::MAX)
}

/// The largest body whose bytes are not counted, in bytes: as many as a head may have.
const SMALL_BODY: u64 = 64 * 1024;

/// In which form, and until when, a request is answered.
struct Form {
    /// The form of a single answer.
    media_type: MediaType,
    /// A file in place of it.
    file: Option<Format>,
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
        let file = file(headers);
        if media_type.is_none() && !takes_events && file.is_none() {
            return None;
        }
        Some(Self {
            media_type: media_type.unwrap_or(MediaType::GraphqlResponse),
            takes_events,
            file,
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
    request: Incoming,
) -> Response {
    let headers = request.headers().clone();
    let caller = Caller::of(&gate, peer, &headers);
    if gate.surface.origins.refuse(&headers) {
        return caller.foreign();
    }
    let Some(form) = Form::of(&headers, stopping) else { return caller.not_acceptable() };
    let media_type = form.media_type;
    if let Some(refused) = caller.knock(&gate, media_type) {
        return refused;
    }
    if !is_json(&headers) {
        let message = Text::new(
            "请求体须为 JSON：请设置 Content-Type: application/json。",
            "The body must be JSON: set Content-Type: application/json.",
        );
        return caller.refuse(media_type, StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadUserInput, &message);
    }
    if let Some(refused) = caller.refuse_encoded(media_type, &headers) {
        return refused;
    }
    let announced = content_length(&headers);
    let too_large = || {
        let answer = gate.endpoint.too_large(announced, caller.language);
        respond(media_type, StatusCode::PAYLOAD_TOO_LARGE, caller.language, answer)
    };
    if announced.is_some_and(|bytes| bytes > u64::from(gate.endpoint.limits().body_bytes)) {
        return too_large();
    }
    let mut received = match caller.receive(&gate, media_type, announced) {
        Ok(received) => received,
        Err(refused) => return *refused,
    };
    let patience = Duration::from_secs(gate.endpoint.limits().body_seconds.into());
    let body = match timeout(patience, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Err(_) => {
            return respond(media_type, StatusCode::REQUEST_TIMEOUT, caller.language, gate.endpoint.too_slow(caller.language));
        }
        Ok(Err(rejection)) => {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return too_large();
            }
            let message = Text::new("请求体无法读取：请重新发送。", "The body could not be read: send it again.");
            return caller.refuse(media_type, rejection.status(), Code::BadUserInput, &message);
        }
    };
    // A body that did not announce its length has counted as the largest that there may be.
    let counted = u64::try_from(body.len()).ok().filter(|bytes| *bytes > SMALL_BODY);
    match (&mut received, counted) {
        (Some(received), Some(bytes)) => received.set(bytes),
        _ => received = None,
    }
    if json::is_list(&body) {
        let message = Text::new(
            "一次只能发送一个请求：请求体须为对象，不是数组。请分别发送。",
            "One request at a time: the body is an object, not a list. Send them one by one.",
        );
        return caller.refuse(media_type, StatusCode::BAD_REQUEST, Code::BadUserInput, &message);
    }
    if let Some(counted) = json::too_many_values(&body, gate.endpoint.limits().values) {
        let answer = gate.endpoint.too_many_values(counted, caller.language);
        return respond(media_type, StatusCode::BAD_REQUEST, caller.language, answer);
    }
    match serde_json::from_slice::<Braced<Parameters>>(&body) {
        Ok(Braced(parameters)) => {
            let (request, rows) = parameters.into_parts();
            let response = caller.answer(&gate, form, request, rows, Accepts::Anything).await;
            // Counted for as long as the request has it.
            drop(received);
            response
        }
        Err(error) => caller.malformed(media_type, &error.to_string()),
    }
}

/// How many bytes the body has, where the client says so.
fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
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
    if gate.surface.origins.refuse(&headers) {
        return caller.foreign();
    }
    let Some(form) = Form::of(&headers, stopping) else { return caller.not_acceptable() };
    let media_type = form.media_type;
    match parameters.map_err(|rejection| rejection.body_text()).and_then(|Query(parameters)| parameters.read()) {
        Ok(parameters) => {
            let (request, rows) = parameters.into_parts();
            let name = caller.name_of_answer(&gate, &form, &request);
            if let Some(name) = &name
                && names(&headers, &tag(name))
            {
                return not_modified(caller.language, name);
            }
            if let Some(refused) = caller.knock(&gate, media_type) {
                return refused;
            }
            let response = caller.answer(&gate, form, request, rows, Accepts::Queries).await;
            match name {
                Some(name) => named(response, &name),
                None => response,
            }
        }
        Err(error) => caller.knock(&gate, media_type).unwrap_or_else(|| caller.malformed(media_type, &error)),
    }
}

/// The tag of an answer. It is weak, because a layer above may compress it.
fn tag(name: &str) -> String {
    format!("W/\"{name}\"")
}

/// Whether a client has this very answer. One that has any (`*`) may have none of ours.
fn names(headers: &HeaderMap, tag: &str) -> bool {
    is_current(headers, tag) && headers.get(header::IF_NONE_MATCH).is_none_or(|value| value != "*")
}

/// What whoever is told the name of an answer may do with it: keep it, and ask each time whether it still holds.
const KEPT: HeaderValue = HeaderValue::from_static("public, no-cache");

/// Word that the answer which the client has still holds.
fn not_modified(language: Language, name: &str) -> Response {
    let mut response = (StatusCode::NOT_MODIFIED, common_headers(language)).into_response();
    // The answer that it stands for says so where it is compressed, which nobody knows here.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    name_it(&mut response, name);
    response
}

/// Gives an answer its name, where it is whole: one with an error may be another the next time.
fn named(mut response: Response, name: &str) -> Response {
    if response.extensions_mut().remove::<Whole>().is_some() {
        name_it(&mut response, name);
    }
    response
}

fn name_it(response: &mut Response, name: &str) {
    if let Ok(tag) = HeaderValue::from_str(&tag(name)) {
        response.headers_mut().insert(header::ETAG, tag);
        response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
    }
}

/// Marks an answer that was run without an error.
#[derive(Clone, Copy)]
struct Whole;

impl Caller {
    /// The name of the answer to a question of the public.
    fn name_of_answer(&self, gate: &Gate, form: &Form, request: &Request) -> Option<String> {
        if !self.is_public() || form.takes_events || form.file.is_some() {
            return None;
        }
        gate.endpoint.name_of_answer(request, self.language, form.media_type.word())
    }

    /// The answer to whoever asks too often. While the storage is away everybody is told so, which costs nothing.
    pub(crate) fn knock(&self, gate: &Gate, media_type: MediaType) -> Option<Response> {
        if gate.endpoint.product.is_away() {
            return None;
        }
        let answer = gate.endpoint.knock(self.address, self.language).err()?;
        Some(respond(media_type, StatusCode::TOO_MANY_REQUESTS, self.language, *answer))
    }

    async fn answer(self, gate: &Gate, form: Form, request: Request, rows: Option<String>, accepts: Accepts) -> Response {
        let (language, media_type) = (self.language, form.media_type);
        if gate.endpoint.product.is_away() {
            return away(media_type, language);
        }
        if let Some(format) = form.file {
            return self.answer_with_file(gate, request, rows, format).await;
        }
        let asked = match self.prove(gate).await {
            Ok(asked) => asked,
            Err(fault) => return unproved(&fault, gate, media_type, language),
        };
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
        if answer.is_lost() {
            return away(media_type, language);
        }
        let status = match (answer.outcome, media_type) {
            (Outcome::NotAccepted, _) => StatusCode::METHOD_NOT_ALLOWED,
            (Outcome::Waiting(_), _) => StatusCode::TOO_MANY_REQUESTS,
            (Outcome::Refused, MediaType::GraphqlResponse) => StatusCode::BAD_REQUEST,
            (Outcome::Refused, MediaType::Json) | (Outcome::Run, _) => StatusCode::OK,
        };
        let whole = answer.outcome == Outcome::Run && answer.errors().is_empty();
        let mut response = respond(media_type, status, language, answer);
        if whole {
            response.extensions_mut().insert(Whole);
        }
        response
    }

    /// The answer to a body that is compressed: only its bytes as they come are counted.
    fn refuse_encoded(&self, media_type: MediaType, headers: &HeaderMap) -> Option<Response> {
        let plain = |value: &HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
        if headers.get_all(header::CONTENT_ENCODING).iter().all(plain) {
            return None;
        }
        let message = Text::new(
            "请求体不能压缩：请去掉 Content-Encoding，直接发送 JSON。",
            "The body must not be compressed: leave out `Content-Encoding` and send plain JSON.",
        );
        let mut response = self.refuse(media_type, StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadUserInput, &message);
        // RFC 9110, section 15.5.16: what is accepted instead.
        response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Some(response)
    }

    /// Counts the bytes of a body that comes, or says why it may not. Small bodies are not worth it.
    fn receive(&self, gate: &Gate, media_type: MediaType, announced: Option<u64>) -> Result<Option<Held>, Box<Response>> {
        let bytes = announced.unwrap_or_else(|| gate.endpoint.limits().body_bytes.into());
        if bytes <= SMALL_BODY {
            return Ok(None);
        }
        let held = gate.endpoint.receive(self.address, bytes, self.language);
        held.map(Some).map_err(|answer| Box::new(respond(media_type, StatusCode::TOO_MANY_REQUESTS, self.language, *answer)))
    }

    pub(crate) fn malformed(&self, media_type: MediaType, reason: &str) -> Response {
        let [chinese, english] = json::told(reason).into_wordings();
        let message = Text::new(
            format!("请求不是有效的 GraphQL 请求：需要 query 文本（或 documentId），variables 与 extensions 如有须为对象。{chinese}"),
            format!(
                "This is no GraphQL request: it needs `query` (or `documentId`) as text, and `variables` and `extensions`, if any, as objects: {english}"
            ),
        );
        self.refuse(media_type, StatusCode::BAD_REQUEST, Code::BadUserInput, &message)
    }

    pub(crate) fn foreign(&self) -> Response {
        let message = Text::new(
            "其他网站的页面不能在此查询：请由同一主机提供页面，或请管理员将其来源加入 cors.origins。",
            "A page of another site cannot ask here: serve it from the same host, or have its origin added to cors.origins.",
        );
        self.refuse(MediaType::Json, StatusCode::FORBIDDEN, Code::Forbidden, &message)
    }

    fn not_acceptable(&self) -> Response {
        let message = Text::new(
            "只能以 application/graphql-response+json、application/json（UTF-8）、text/event-stream 回答，或导出为 text/csv、xlsx，请相应设置 Accept。",
            "Answers are application/graphql-response+json, application/json, in UTF-8, text/event-stream, text/csv or xlsx: set Accept accordingly.",
        );
        self.refuse(MediaType::Json, StatusCode::NOT_ACCEPTABLE, Code::BadUserInput, &message)
    }

    pub(crate) fn refuse(&self, media_type: MediaType, status: StatusCode, code: Code, message: &Text) -> Response {
        respond(media_type, status, self.language, Answer::refused(refusal(code, self.language, message)))
    }
}

/// The answer while the storage is away: the same request may succeed in a moment.
pub(crate) fn away(media_type: MediaType, language: Language) -> Response {
    let mut response = respond(media_type, StatusCode::SERVICE_UNAVAILABLE, language, Answer::refused(unavailable(language)));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Sends an answer. What is counted for it is counted until it has been sent, or nobody wants it any more.
pub(crate) fn respond(media_type: MediaType, status: StatusCode, language: Language, answer: Answer) -> Response {
    let outcome = answer.outcome;
    let body = sending(answer.written());
    let mut response = (status, common_headers(language), [(header::CONTENT_TYPE, media_type.header())], body).into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if let Outcome::Waiting(wait) = outcome {
        response.headers_mut().insert(header::RETRY_AFTER, seconds(wait).into());
    }
    response
}

fn common_headers(language: Language) -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
        (header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization")),
        // An answer may hold what is meant for one account alone, or a token.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]
}
