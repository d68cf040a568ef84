//! An issuer on this machine that answers as it is told.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::Signer;

/// How a document is answered.
#[derive(Clone)]
pub(super) enum Reply {
    /// As it should be.
    Document(Value),
    /// The text after the status line, headers and all.
    Raw(String),
    /// Status and headers of a good answer, then bytes for as long as the client reads them.
    Endless,
    /// Never.
    Silence,
    /// The connection is closed.
    Down,
}

#[derive(Clone)]
struct State {
    discovery: Reply,
    keys: Reply,
    delay: Duration,
    asked: usize,
    listed: usize,
}

pub(super) struct Tiny {
    pub(super) address: String,
    state: Arc<Mutex<State>>,
}

impl Tiny {
    pub(super) fn start(signers: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let discovery = Reply::Document(json!({ "issuer": address, "jwks_uri": format!("{address}/keys") }));
        let state = State { discovery, keys: listing(signers), delay: Duration::ZERO, asked: 0, listed: 0 };
        let state = Arc::new(Mutex::new(state));
        let tiny = Self { address, state: Arc::clone(&state) };
        thread::spawn(move || {
            for connection in listener.incoming() {
                let state = Arc::clone(&state);
                thread::spawn(move || answer(connection.unwrap(), &state));
            }
        });
        tiny
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    pub(super) fn list(&self, signers: &[&Signer]) {
        self.keys(listing(signers));
    }

    pub(super) fn keys(&self, reply: Reply) {
        self.change(|state| state.keys = reply);
    }

    pub(super) fn discovery(&self, reply: Reply) {
        self.change(|state| state.discovery = reply);
    }

    pub(super) fn delay(&self, delay: Duration) {
        self.change(|state| state.delay = delay);
    }

    /// How often the first document was asked for, answered or not.
    pub(super) fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }

    /// How often the keys were asked for, answered or not.
    pub(super) fn listed(&self) -> usize {
        self.state.lock().unwrap().listed
    }
}

fn listing(signers: &[&Signer]) -> Reply {
    Reply::Document(json!({ "keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>() }))
}

fn answer(mut connection: TcpStream, state: &Mutex<State>) {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        match connection.read(&mut buffer) {
            Ok(length @ 1..) => request.extend_from_slice(&buffer[..length]),
            _ => return,
        }
    }
    let (reply, delay) = {
        let mut state = state.lock().unwrap();
        if request.starts_with(b"GET /.well-known/openid-configuration ") {
            state.asked += 1;
            (state.discovery.clone(), state.delay)
        } else {
            state.listed += 1;
            (state.keys.clone(), state.delay)
        }
    };
    thread::sleep(delay);
    // The client may be gone, which some tests intend.
    let mut write = |text: &str| connection.write_all(text.as_bytes()).is_ok();
    match reply {
        Reply::Document(document) => {
            let body = document.to_string();
            write(&format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
        }
        Reply::Raw(text) => {
            write(&format!("HTTP/1.1 {text}"));
        }
        Reply::Endless => {
            write("HTTP/1.1 200 OK\r\n\r\n");
            while write(&" ".repeat(10_000)) {}
        }
        Reply::Silence => thread::sleep(Duration::from_mins(1)),
        Reply::Down => {}
    }
}
