//! The keys that sign access tokens: published, replaced, withdrawn, and shared between processes.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::Role;
use serde_json::{Value, json};

use super::{REFRESH, assert_no_proof, assert_proof, audited};
use crate::{
    cases,
    support::{
        app::{App, Reply},
        issuer::part,
    },
};

cases![
    the_public_keys_are_published,
    a_rotation_signs_nobody_out,
    a_key_that_leaked_is_withdrawn,
    a_key_is_replaced_every_day,
    processes_believe_each_other,
];

async fn key_set(app: &App) -> Reply {
    app.send(Request::get("/.well-known/jwks.json").body(Body::empty()).expect("a request")).await
}

/// The ids of the keys that are published.
async fn published(app: &App) -> Vec<String> {
    let keys = key_set(app).await.body["keys"].as_array().expect("keys").clone();
    let mut ids: Vec<String> = keys.iter().map(|key| key["kid"].as_str().expect("an id").to_owned()).collect();
    ids.sort();
    ids
}

fn kid(token: &str) -> String {
    part(token, 0)["kid"].as_str().expect("a key").to_owned()
}

fn sorted<const N: usize>(mut ids: [String; N]) -> [String; N] {
    ids.sort();
    ids
}

async fn refreshed(app: &App, session: &Value) -> Value {
    let data = app.data(REFRESH, json!({ "t": session["refreshToken"] })).await;
    let session = data["refreshSession"]["session"].clone();
    assert!(session.is_object(), "{data:#}");
    session
}

async fn the_public_keys_are_published(app: App) {
    assert_eq!(key_set(&app).await.body, json!({ "keys": [] }), "none before one is needed");
    let office = app.actor("office", Role::Office, "jining").await;
    let reply = key_set(&app).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.headers["content-type"].to_str().expect("a text").starts_with("application/json"));
    assert_eq!(reply.headers["cache-control"], "public, max-age=60");
    let keys = reply.body["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 1);
    let key = keys[0].as_object().expect("a key");
    assert_eq!(key["kid"], kid(office.bearer()));
    assert_eq!((&key["kty"], &key["crv"], &key["alg"], &key["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), &json!("sig")));
    assert_eq!(URL_SAFE_NO_PAD.decode(key["x"].as_str().expect("a key")).expect("base64").len(), 32);
    let names: Vec<&str> = key.keys().map(String::as_str).collect();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "nothing private is among them");
    // Whoever verifies by themselves needs nothing else.
    let presented = minsheng::access::token::Presented::parse(office.bearer()).expect("a token");
    let public = minsheng::access::token::PublicKey {
        id: kid(office.bearer()),
        bytes: URL_SAFE_NO_PAD.decode(key["x"].as_str().expect("a key")).expect("base64"),
    };
    presented.verify(&public, app.now()).expect("the published key verifies the token");
}

async fn a_rotation_signs_nobody_out(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let old = kid(office.bearer());
    assert_eq!(app.service.rotate_signing_keys(&app.operator(), false).await.expect("rotated"), 1);
    assert_eq!(audited(&app, "action = 'ROTATE_SIGNING_KEYS' AND outcome = 'SUCCEEDED' AND credential = 'COMMAND'").await, 1);
    assert_proof(&app, office.bearer(), "office").await;
    let later = app.sign_in("office").await;
    let new = kid(later.bearer());
    assert_ne!(new, old);
    assert_eq!(published(&app).await, sorted([old.clone(), new.clone()]));
    assert_proof(&app, later.bearer(), "office").await;
    assert_proof(&app, office.bearer(), "office").await;
    // Up to the last second of the old tokens, and no longer.
    app.pass(TimeDelta::seconds(604));
    assert_proof(&app, office.bearer(), "office").await;
    assert_eq!(published(&app).await.len(), 2);
    app.pass(TimeDelta::seconds(1));
    assert_no_proof(&app, office.bearer(), "it has expired").await;
    assert_eq!(published(&app).await, std::slice::from_ref(&new));
    // The session goes on with the new key.
    let session = refreshed(&app, &office.session).await;
    let token = session["accessToken"].as_str().expect("a token");
    assert_eq!(kid(token), new);
    assert_proof(&app, token, "office").await;
}

async fn a_key_that_leaked_is_withdrawn(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let old = kid(office.bearer());
    assert_proof(&app, office.bearer(), "office").await;
    assert_eq!(app.service.rotate_signing_keys(&app.operator(), true).await.expect("rotated"), 1);
    assert_eq!(published(&app).await, [] as [String; 0], "at once, for whoever verifies by themselves");
    app.pass(TimeDelta::seconds(5));
    assert_no_proof(&app, office.bearer(), "its key was withdrawn").await;
    assert_no_proof(&app.replica(), office.bearer(), "its key was withdrawn, at another process").await;
    let session = refreshed(&app, &office.session).await;
    let token = session["accessToken"].as_str().expect("a token");
    assert_ne!(kid(token), old);
    assert_proof(&app, token, "office").await;
    assert_no_proof(&app, office.bearer(), "and stays withdrawn").await;
    // One that was retired in peace can still be withdrawn afterwards.
    assert_eq!(app.service.rotate_signing_keys(&app.operator(), false).await.expect("rotated"), 1);
    app.pass(TimeDelta::seconds(5));
    assert_proof(&app, token, "office").await;
    assert_eq!(app.service.rotate_signing_keys(&app.operator(), true).await.expect("rotated"), 1);
    app.pass(TimeDelta::seconds(5));
    assert_no_proof(&app, token, "its key was retired and then withdrawn").await;
}

async fn a_key_is_replaced_every_day(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    app.pass(TimeDelta::hours(11));
    let session = refreshed(&app, &office.session).await;
    assert_eq!(kid(session["accessToken"].as_str().expect("a token")), kid(office.bearer()));
    app.pass(TimeDelta::hours(11));
    let session = refreshed(&app, &session).await;
    app.pass(TimeDelta::hours(1));
    app.pass(TimeDelta::minutes(59));
    let last = app.sign_in("office").await;
    assert_eq!(kid(last.bearer()), kid(office.bearer()), "within a day of its making");
    app.pass(TimeDelta::minutes(1));
    let session = refreshed(&app, &session).await;
    let token = session["accessToken"].as_str().expect("a token");
    assert_ne!(kid(token), kid(office.bearer()), "after a day");
    assert_proof(&app, last.bearer(), "office").await;
    assert_eq!(published(&app).await, sorted([kid(office.bearer()), kid(token)]));
    app.pass(TimeDelta::seconds(605));
    assert_eq!(published(&app).await, [kid(token)], "the old one outlives its tokens and no more");
}

async fn processes_believe_each_other(app: App) {
    let replica = app.replica();
    app.create("office", Role::Office, "jining").await;
    let (here, there) = (app.sign_in("office").await, replica.sign_in("office").await);
    assert_ne!(kid(here.bearer()), kid(there.bearer()), "each process has its own key");
    assert_eq!(published(&app).await, sorted([kid(here.bearer()), kid(there.bearer())]));
    assert_eq!(published(&replica).await, published(&app).await);
    for token in [here.bearer(), there.bearer()] {
        assert_proof(&app, token, "office").await;
        assert_proof(&replica, token, "office").await;
    }
    // A process that came later is believed at once, though the others have just looked.
    let third = app.replica();
    let late = third.sign_in("office").await;
    assert_proof(&app, late.bearer(), "office").await;
    // A session that began with one process goes on with another.
    let session = refreshed(&replica, &here.session).await;
    let token = session["accessToken"].as_str().expect("a token");
    assert_eq!(kid(token), kid(there.bearer()));
    assert_proof(&app, token, "office").await;
    // What is withdrawn at one is withdrawn at all, and each makes another key.
    assert_eq!(app.service.rotate_signing_keys(&app.operator(), true).await.expect("rotated"), 3);
    app.pass(TimeDelta::seconds(5));
    for process in [&app, &replica, &third] {
        for token in [here.bearer(), there.bearer(), late.bearer(), token] {
            assert_no_proof(process, token, "its key was withdrawn").await;
        }
        let fresh = process.sign_in("office").await;
        assert_proof(&app, fresh.bearer(), "office").await;
    }
    assert_eq!(published(&app).await.len(), 3);
}
