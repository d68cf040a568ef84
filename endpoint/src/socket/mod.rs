//! GraphQL over WebSocket: queries, changes and subscriptions on one connection, by the protocol `graphql-transport-ws`.
//!
//! The engine's own loop closes with other codes than the protocol's, runs all operations of a socket in one task and trusts for ever
//! whoever began it, so this one is ours.

mod message;
mod session;

use async_graphql_axum::GraphQLProtocol;
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts, WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::Response,
};
use language::Text;

use crate::{
    answer::error::Code,
    http::{
        Gate,
        caller::Caller,
        graphql::{body_limit, respond},
        media_type::MediaType,
    },
    server::Stopping,
};
use session::Session;

/// The one subprotocol that is spoken. The older `graphql-ws` is not: its clients have been unmaintained for years.
const PROTOCOL: &str = "graphql-transport-ws";

/// How many bytes of a socket are read at once. The usual 128 KiB would be most of what an idle socket takes.
const READ_BUFFER: usize = 8 * 1024;

/// A request that wants to become a WebSocket, and whether it can.
pub(crate) struct Upgrade(Result<(WebSocketUpgrade, GraphQLProtocol), StatusCode>);

impl<S: Send + Sync> OptionalFromRequestParts<S> for Upgrade {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Self::Rejection> {
        let wanted = parts.headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
        if !wanted {
            return Ok(None);
        }
        let protocol = GraphQLProtocol::from_request_parts(parts, state).await;
        Ok(Some(Self(match (protocol, WebSocketUpgrade::from_request_parts(parts, state).await) {
            (Ok(protocol), Ok(upgrade)) => Ok((upgrade, protocol)),
            (Err(status), _) => Err(status),
            (_, Err(rejection)) => Err(rejection.status()),
        })))
    }
}

/// Opens the socket, or says why not.
pub(crate) fn open(upgrade: Upgrade, gate: Gate, caller: Caller, headers: &HeaderMap, stopping: Option<Stopping>) -> Response {
    if !gate.surface.origins.welcome(headers) {
        let message = Text::new(
            "其他网站的页面不能打开 WebSocket：请由同一主机提供页面。",
            "A page of another site cannot open a WebSocket here: serve it from the same host.",
        );
        return caller.refuse(MediaType::Json, StatusCode::FORBIDDEN, Code::Forbidden, &message);
    }
    let upgrade = match upgrade.0 {
        Ok((upgrade, _)) => upgrade.protocols([PROTOCOL]),
        Err(status) => return refuse(&caller, status),
    };
    if upgrade.selected_protocol().is_none() {
        return refuse(&caller, StatusCode::BAD_REQUEST);
    }
    // Opening costs a point, as any request does: the handshake alone keeps a core busy.
    if let Some(refused) = caller.knock(&gate, MediaType::Json) {
        return refused;
    }
    // Also one on which nothing runs is counted, for as long as it is open.
    let places = match gate.endpoint.open_socket(caller.address, caller.language) {
        Ok(places) => places,
        Err(answer) => return respond(MediaType::Json, StatusCode::TOO_MANY_REQUESTS, caller.language, *answer),
    };
    let largest = body_limit(&gate);
    upgrade
        .max_message_size(largest)
        .max_frame_size(largest)
        // What is written goes out at once, so that a client that takes nothing is noticed by the first message it does not take.
        .write_buffer_size(0)
        .read_buffer_size(READ_BUFFER)
        .on_upgrade(|socket| async move {
            Session::new(gate, caller).serve(socket, stopping).await;
            drop(places);
        })
}

fn refuse(caller: &Caller, status: StatusCode) -> Response {
    let message = Text::new(
        format!("无法建立 WebSocket：请使用子协议 {PROTOCOL}（Sec-WebSocket-Protocol）和 WebSocket 第 13 版。"),
        format!("This cannot become a WebSocket: use the subprotocol {PROTOCOL} (Sec-WebSocket-Protocol) and version 13 of WebSocket."),
    );
    caller.refuse(MediaType::Json, status, Code::BadUserInput, &message)
}
