//! The messages of `graphql-transport-ws`, and the codes that a socket is closed with.
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use async_graphql::ServerError;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    answer::{Answer, Holding},
    http::{json::Braced, parameters::Parameters},
};

/// What a client says.
pub(crate) enum FromClient {
    ConnectionInit { payload: Option<Map<String, Value>> },
    Ping { payload: Option<Map<String, Value>> },
    Pong,
    Subscribe { id: String, payload: Box<Parameters> },
    Complete { id: String },
}

/// A message as it comes. Its payload is built only once it is known what it is of.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl FromClient {
    /// Reads a message.
    ///
    /// # Errors
    /// It is none, or larger than one of its kind may be.
    pub(crate) fn read(text: &str) -> Result<Self, Closing> {
        let Braced(envelope): Braced<Envelope<'_>> =
            serde_json::from_str(text).map_err(|error| Closing::Invalid(format!("Invalid message: {error}")))?;
        if envelope.kind != "subscribe" && text.len() > LONGEST_ASIDE {
            return Err(Closing::TooLarge);
        }
        Self::of(envelope).map_err(Closing::Invalid)
    }

    fn of(Envelope { kind, id, payload }: Envelope<'_>) -> Result<Self, String> {
        let id = || match id {
            None => Err("Invalid message: missing field `id`".to_owned()),
            Some(id) if id.len() > LONGEST_ID => Err(format!("Invalid message: the `id` is longer than {LONGEST_ID} bytes")),
            Some(id) => Ok(id),
        };
        Ok(match kind.as_str() {
            "connection_init" => Self::ConnectionInit { payload: payload.map(built).transpose()? },
            "ping" => Self::Ping { payload: payload.map(built).transpose()? },
            "pong" => Self::Pong,
            "subscribe" => {
                let Braced(parameters) = payload.map(built).ok_or("Invalid message: missing field `payload`")??;
                Self::Subscribe { id: id()?, payload: Box::new(parameters) }
            }
            "complete" => Self::Complete { id: id()? },
            _ => return Err(format!("Invalid message: unknown type `{kind}`")),
        })
    }
}

/// The longest message that asks for nothing, in bytes: what it brings is kept or sent back without being counted. A token is among them.
const LONGEST_ASIDE: usize = 64 * 1024;

/// The longest id of an operation, in bytes. It is kept for as long as that runs.
const LONGEST_ID: usize = 256;

fn built<T: DeserializeOwned>(payload: &RawValue) -> Result<T, String> {
    serde_json::from_str(payload.get()).map_err(|error| format!("Invalid payload: {error}"))
}

/// What the service says.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToClient<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    /// An event, whose answer is there as JSON.
    #[serde(rename = "next")]
    Event {
        id: &'a str,
        payload: &'a RawValue,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

/// An answer, as a message. It is written before it waits for the client: its values take many times as much memory.
pub(crate) fn next(id: &str, answer: Answer) -> (Utf8Bytes, Holding) {
    let id = serde_json::to_string(id).unwrap_or_default();
    let (text, holding) = answer.text(&format!(r#"{{"type":"next","id":{id},"payload":"#), "}");
    (text.into(), holding)
}

impl ToClient<'_> {
    pub(crate) fn message(&self) -> Message {
        // Only values that came from JSON or from resolvers are in a message, and all of them have a JSON form.
        Message::Text(serde_json::to_string(self).unwrap_or_default().into())
    }
}

/// Why a socket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// The client is silent, or takes nothing any more.
    Silent,
    /// The message is none of the protocol.
    Invalid(String),
    /// A message is larger than one may be.
    TooLarge,
    /// A message holds more values than these.
    TooManyValues(u32),
    /// Something is asked for before the connection is acknowledged.
    Unauthorised,
    /// What was presented proves nothing, or no longer.
    Forbidden,
    /// The connection was not begun in time.
    InitialisationTimeout,
    /// An operation has the id of another that still runs.
    Duplicate(String),
    /// The connection was begun twice.
    TooManyInitialisations,
    /// Who asks cannot be found out now.
    TryAgainLater,
    /// The client asks too often; in words.
    TooOften(String),
    /// The service stops. Another may be there at once.
    Restarting,
}

impl Closing {
    pub(crate) fn frame(&self) -> CloseFrame {
        let (code, reason) = match self {
            Self::Silent => (1001, "No sign of life".to_owned()),
            Self::Invalid(reason) => (4400, reason.clone()),
            Self::TooLarge => (1009, "The message is too large".to_owned()),
            Self::TooManyValues(most) => (1009, format!("A message holds at most {most} values")),
            Self::Unauthorised => (4401, "Unauthorized".to_owned()),
            Self::Forbidden => (4403, "Forbidden".to_owned()),
            Self::InitialisationTimeout => (4408, "Connection initialisation timeout".to_owned()),
            Self::Duplicate(id) => (4409, format!("Subscriber for {id} already exists")),
            Self::TooManyInitialisations => (4429, "Too many initialisation requests".to_owned()),
            Self::TryAgainLater => (1013, "Try again later".to_owned()),
            Self::TooOften(limit) => (1013, limit.clone()),
            Self::Restarting => (1012, "The service restarts".to_owned()),
        };
        CloseFrame { code, reason: shortened(&reason).into() }
    }
}

/// The longest reason that a close frame has room for, in bytes.
const LONGEST_REASON: usize = 123;

fn shortened(reason: &str) -> String {
    let mut short = String::new();
    for character in reason.chars() {
        if short.len().saturating_add(character.len_utf8()) > LONGEST_REASON {
            break;
        }
        short.push(character);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_into_its_frame() {
        let frame = Closing::Duplicate("一".repeat(100)).frame();
        assert_eq!(frame.code, 4409);
        assert!(frame.reason.len() <= LONGEST_REASON && frame.reason.starts_with("Subscriber for 一"), "{}", frame.reason);
    }

    #[test]
    fn only_messages_of_the_protocol_are_understood() {
        for message in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"ping","payload":{"a":1}}"#,
            r#"{"type":"pong"}"#,
            r#"{"type":"complete","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":{"a":1},"operationName":null,"extensions":{}}}"#,
        ] {
            assert!(FromClient::read(message).is_ok(), "{message}");
        }
        for message in [
            "",
            "[]",
            r#"["ping"]"#,
            r#"{"type":"start","id":"1","payload":{"query":"{ a }"}}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"type":"subscribe","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":["{ a }",null,null,null]}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert!(FromClient::read(message).is_err(), "{message}");
        }
    }
}
