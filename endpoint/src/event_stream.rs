//! Answers as events sent by the server (SSE), one connection an operation: the protocol of `graphql-sse` in its mode of distinct
//! connections. <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{
    StreamExt as _,
    future::{pending, ready},
    stream::{self, BoxStream},
};
use language::Language;

use crate::{
    answer::{Answer, Holding},
    server::Stopping,
    subscription::Notification,
};

/// How often something is sent, so that nobody on the way takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(12);

/// The last event that a client received, which a browser that connects again says by itself.
static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Proxies of the kind of nginx must not hold events back until there are enough of them.
static BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The last event that was received, of a client that connects again.
pub(crate) fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(&LAST_EVENT_ID)?;
    // What is no text is no id either, and must not pass for none.
    Some(String::from_utf8_lossy(id.as_bytes()).into_owned()).filter(|id| !id.is_empty())
}

/// A stream of one answer.
pub(crate) fn only(answer: Answer) -> BoxStream<'static, Notification> {
    stream::iter([Notification::Answer(Box::new(answer))]).boxed()
}

/// Sends the answers one by one. When the service stops, the stream breaks off without saying that it is complete: the client connects
/// again, elsewhere perhaps, and says what it received last.
pub(crate) fn respond(language: Language, answers: BoxStream<'static, Notification>, stopping: Option<Stopping>) -> Response {
    let complete = stream::iter([Event::default().event("complete").data("")]);
    // Sent at once, so that the client and whoever is on the way know that the stream is open.
    let opened = stream::iter([Event::default().comment("open")]);
    let stopped = async move {
        match stopping {
            Some(mut stopping) => stopping.told().await,
            None => pending().await,
        }
    };
    // What is counted for an answer is kept until the next is asked for: the client has taken it by then.
    let told = answers.map(next).scan(None, |kept, (event, holding)| {
        *kept = Some(holding);
        ready(Some(event))
    });
    let events = opened.chain(told).chain(complete).take_until(stopped).map(Ok::<_, Infallible>);
    let headers = [
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
        (header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (BUFFERING.clone(), HeaderValue::from_static("no")),
    ];
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value);
    }
    response
}

fn next(told: Notification) -> (Event, Holding) {
    // JSON has no bare line breaks, so an answer is one line of data.
    match told {
        Notification::Event { id, answer } => (Event::default().event("next").data(answer.get()).id(id), Holding::default()),
        Notification::Answer(answer) => {
            let (text, holding) = answer.text("", "");
            (Event::default().event("next").data(text), holding)
        }
    }
}
