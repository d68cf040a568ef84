//! Subscriptions that have all that ever happened told again.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    task::JoinSet,
    time::{Duration, sleep, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

use super::{ATTACKER, RESPITE, Target};
use crate::scene::EVENTS;

/// How many sockets there are.
const SOCKETS: usize = 10;

/// How long a socket may be silent before it is opened again.
const SILENCE: Duration = Duration::from_secs(30);

const FOLLOW: &str = "subscription($after: ID!) { progressEvents(jurisdiction: \"jining\", after: $after) { kind at task { title light completion \
    leadUnits { name } targets { label value } project { title notice { title jurisdiction { name } } } } } }";

/// A socket of the attacker that has begun.
pub async fn begun(target: &Target) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
    let mut request = format!("ws://{}/graphql", target.address).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a value"));
    headers.insert("x-forwarded-for", ATTACKER.to_string().parse().expect("an address"));
    let (mut socket, _) = connect_async(request).await?;
    socket.send(Message::text("{\"type\":\"connection_init\"}")).await?;
    socket.next().await.unwrap_or(Err(Error::ConnectionClosed))?;
    Ok(socket)
}

/// So many subscriptions on each socket; a socket that has been told everything is opened again.
pub async fn replays(target: Target, subscriptions: usize) {
    let mut all = JoinSet::new();
    for _ in 0..SOCKETS {
        let target = target.clone();
        all.spawn(async move {
            loop {
                if replay(&target, subscriptions).await.is_err() {
                    target.tally.break_off();
                }
                sleep(RESPITE).await;
            }
        });
    }
    while all.join_next().await.is_some() {}
}

async fn replay(target: &Target, subscriptions: usize) -> Result<(), Error> {
    let mut socket = begun(target).await?;
    for number in 0..subscriptions {
        let payload = json!({ "query": FOLLOW, "variables": { "after": target.scene.first_event } });
        let message = json!({ "type": "subscribe", "id": number.to_string(), "payload": payload });
        socket.send(Message::text(message.to_string())).await?;
    }
    // The server may end a replay, or leave the subscription open after the last event.
    let (mut told, mut ended) = (0, 0);
    while told < subscriptions * (EVENTS - 1) && ended < subscriptions {
        let Ok(Some(message)) = timeout(SILENCE, socket.next()).await else { break };
        let Message::Text(text) = message? else { continue };
        let said: Value = serde_json::from_str(&text).unwrap_or_default();
        match said["type"].as_str() {
            Some("next") => {
                told += 1;
                target.tally.receive();
            }
            Some("error") => {
                ended += 1;
                target.tally.refuse();
            }
            Some("complete") => ended += 1,
            _ => {}
        }
    }
    Ok(())
}
