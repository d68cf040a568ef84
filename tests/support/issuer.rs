//! Keys of the tests' own, tokens that say whatever a test wants, and an issuer of identities on this machine.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, jwk::Jwk};
use serde_json::{Value, json};

/// What stands before the 32 bytes of a private P-256 key in PKCS #8, the public half left out.
const P256_PREFIX: [u8; 35] = [
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
];

/// The same before the 32 bytes of an Ed25519 key.
const ED25519_PREFIX: [u8; 16] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A key with the algorithm that it is used with, made anew for each test.
pub struct Signer {
    pub id: String,
    algorithm: Algorithm,
    private: EncodingKey,
}

impl Signer {
    pub fn ed25519(id: &str) -> Self {
        Self { id: id.to_owned(), algorithm: Algorithm::EdDSA, private: EncodingKey::from_ed_der(&random(&ED25519_PREFIX)) }
    }

    pub fn p256(id: &str) -> Self {
        Self { id: id.to_owned(), algorithm: Algorithm::ES256, private: EncodingKey::from_ec_der(&random(&P256_PREFIX)) }
    }

    /// The public half as an issuer lists it.
    pub fn jwk(&self) -> Value {
        let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&self.private, self.algorithm).expect("a key")).expect("JSON");
        jwk["kid"] = json!(self.id);
        jwk["use"] = json!("sig");
        jwk
    }

    /// A token with this header and these claims, truly signed, whatever they say.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        sealed(header, claims, |message| jsonwebtoken::crypto::sign(message, &self.private, self.algorithm).expect("a signature"))
    }

    /// A token as an issuer of identities makes it.
    pub fn identify(&self, claims: &Value) -> String {
        self.sign(&json!({ "alg": self.algorithm, "typ": "JWT", "kid": self.id }), claims)
    }
}

/// A token whose last part is what `seal` makes of the rest.
pub fn sealed(header: &Value, claims: &Value, seal: impl FnOnce(&[u8]) -> String) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let message = format!("{header}.{claims}");
    let seal = seal(message.as_bytes());
    format!("{message}.{seal}")
}

/// What a part of a token says: 0 is its header, 1 its claims.
pub fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn random(prefix: &[u8]) -> Vec<u8> {
    let mut document = [prefix, &[0; 32]].concat();
    getrandom::fill(&mut document[prefix.len()..]).expect("random bytes");
    document
}

/// An issuer of identities on a free port, which lives as long as the process: nobody waits for its thread.
pub struct Issuer {
    pub address: String,
    /// What it lists; nothing while it is down.
    keys: Arc<Mutex<Option<Value>>>,
}

impl Issuer {
    /// An issuer that is down until it is given keys.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let keys = Arc::new(Mutex::new(None));
        let issuer = Self { address: address.clone(), keys: Arc::clone(&keys) };
        thread::spawn(move || {
            for connection in listener.incoming() {
                let keys = keys.lock().unwrap().clone();
                // Whoever asked may be gone.
                let _ = connection.and_then(|connection| answer(connection, &address, keys));
            }
        });
        issuer
    }

    /// Lists these keys from now on.
    pub fn list(&self, signers: &[&Signer]) {
        *self.keys.lock().unwrap() = Some(json!({ "keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>() }));
    }

    /// Closes every connection without an answer from now on.
    pub fn fail(&self) {
        *self.keys.lock().unwrap() = None;
    }
}

fn answer(mut connection: TcpStream, address: &str, keys: Option<Value>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        let length = connection.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..length]);
    }
    let Some(keys) = keys else { return Ok(()) };
    let discovery = request.starts_with(b"GET /.well-known/openid-configuration ");
    let document = if discovery { json!({ "issuer": address, "jwks_uri": format!("{address}/keys") }) } else { keys };
    let body = document.to_string();
    write!(connection, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}
