//! The responses that are accepted from the issuer.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use jsonwebtoken::Algorithm;

use super::*;

fn signer() -> Signer {
    Signer::new("a", Algorithm::EdDSA)
}

async fn answer(change: impl FnOnce(&Tiny, &Signer)) -> Result<String, TokenFault> {
    let signer = signer();
    let tiny = Tiny::start(&[&signer]);
    change(&tiny, &signer);
    issuer(&tiny).subject(&signer.sign(&claims(&tiny)), start()).await
}

fn raw(status: &str, headers: &str, body: &str) -> Reply {
    Reply::Raw(format!("{status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()))
}

#[tokio::test]
async fn an_issuer_that_is_not_there_is_unavailable() {
    let address = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let issuer = Issuer::new(Settings::parse(&address, "minsheng", "account").unwrap()).unwrap();
    let mut said = json!({ "iss": address, "aud": "minsheng", "account": "wang.li" });
    said["exp"] = json!(after_minutes(10).timestamp());
    assert_eq!(issuer.subject(&signer().sign(&said), start()).await, Err(TokenFault::Unavailable));
}

#[tokio::test]
async fn an_answer_is_a_document() {
    assert_eq!(answer(|_, _| ()).await, ok());
    for reply in [
        Reply::Down,
        raw("200 OK", "", "<html>"),
        raw("200 OK", "", "{}"),
        raw("200 OK", "", "[]"),
        raw("200 OK", "", ""),
        Reply::Raw("200 OK\r\ncontent-length: 1000\r\n\r\n{".to_owned()),
        Reply::Raw("nonsense".to_owned()),
    ] {
        assert_eq!(answer(|tiny, _| tiny.discovery(reply.clone())).await, Err(TokenFault::Unavailable));
        assert_eq!(answer(|tiny, _| tiny.keys(reply)).await, Err(TokenFault::Unavailable));
    }
}

#[tokio::test]
async fn the_page_of_an_error_is_no_document() {
    for (status, expected) in [
        ("200 OK", ok()),
        ("203 Other", Err(TokenFault::Unavailable)),
        ("404 Not Found", Err(TokenFault::Unavailable)),
        ("500 Oops", Err(TokenFault::Unavailable)),
    ] {
        let said = |tiny: &Tiny, signer: &Signer| tiny.keys(raw(status, "", &json!({ "keys": [signer.jwk()] }).to_string()));
        assert_eq!(answer(said).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_document_of_another_issuer_is_not_taken() {
    for named in ["https://id.example.org", ""] {
        let other = |tiny: &Tiny, _: &Signer| {
            tiny.discovery(Reply::Document(json!({ "issuer": named, "jwks_uri": format!("{}/keys", tiny.address) })));
        };
        assert_eq!(answer(other).await, Err(TokenFault::Unavailable));
    }
}

#[tokio::test]
async fn keys_are_not_fetched_from_an_open_place() {
    let signer = signer();
    for keys in ["http://0.0.0.0:PORT/keys", "http://192.0.2.1/keys", "http://id.example.org/keys", "file:///etc/keys", "keys", ""] {
        let tiny = Tiny::start(&[&signer]);
        // The first of them would answer on many systems, were it asked.
        let keys = keys.replace("PORT", tiny.address.rsplit(':').next().unwrap());
        tiny.discovery(Reply::Document(json!({ "issuer": tiny.address, "jwks_uri": keys })));
        assert_eq!(issuer(&tiny).subject(&signer.sign(&claims(&tiny)), start()).await, Err(TokenFault::Unavailable), "{keys}");
        assert_eq!((tiny.asked(), tiny.listed()), (1, 0), "{keys}");
    }
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let signer = signer();
    let (tiny, elsewhere) = (Tiny::start(&[&signer]), Tiny::start(&[&signer]));
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        tiny.keys(raw(status, &format!("location: {}/keys\r\n", elsewhere.address), ""));
        assert_eq!(issuer(&tiny).subject(&signer.sign(&claims(&tiny)), start()).await, Err(TokenFault::Unavailable));
    }
    assert_eq!(elsewhere.listed(), 0);
}

#[tokio::test]
async fn an_answer_has_a_bound() {
    let padded = |length: usize| {
        move |tiny: &Tiny, signer: &Signer| {
            let empty = json!({ "keys": [signer.jwk()], "fill": "" }).to_string().len();
            tiny.keys(Reply::Document(json!({ "keys": [signer.jwk()], "fill": "f".repeat(length - empty) })));
        }
    };
    assert_eq!(answer(padded(1024 * 1024)).await, ok());
    assert_eq!(answer(padded(1024 * 1024 + 1)).await, Err(TokenFault::Unavailable));
    let begin = Instant::now();
    assert_eq!(answer(|tiny, _| tiny.keys(Reply::Endless)).await, Err(TokenFault::Unavailable));
    assert!(begin.elapsed() < Duration::from_secs(4), "it was not the time that ran out");
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let begin = Instant::now();
    assert_eq!(answer(|tiny, _| tiny.keys(Reply::Silence)).await, Err(TokenFault::Unavailable));
    assert!((4..30).contains(&begin.elapsed().as_secs()), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_set_has_no_more_keys_than_are_looked_at() {
    let signer = signer();
    let others: Vec<Value> = (0..100).map(|_| Signer::new("b", Algorithm::EdDSA).jwk()).collect();
    let last = [others.clone(), vec![signer.jwk()]].concat();
    let first = [vec![signer.jwk()], others].concat();
    assert_eq!(answer_with(&signer, &first).await, ok());
    assert_eq!(answer_with(&signer, &last).await, Err(TokenFault::UnknownKey));
}

async fn answer_with(signer: &Signer, keys: &[Value]) -> Result<String, TokenFault> {
    let tiny = Tiny::start(&[]);
    tiny.keys(Reply::Document(json!({ "keys": keys })));
    issuer(&tiny).subject(&signer.sign(&claims(&tiny)), start()).await
}
