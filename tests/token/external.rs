//! Accounts of another issuer of identities, from a request that carries its token to the answer.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::Role;
use minsheng::{
    access::issuer::{Issuer as Trusted, Settings},
    domain::people::account::Account,
    service::people::account::{InitialPassword, NewAccount},
};
use serde_json::{Value, json};

use super::{PUBLIC, WHO, assert_no_proof, assert_proof, audited};
use crate::{
    cases,
    support::{
        actor::PASSWORD,
        app::App,
        issuer::{Issuer, Signer},
    },
};

cases![
    a_subject_of_the_issuer_is_an_account,
    a_token_of_the_issuer_must_be_for_this_service,
    keys_of_the_issuer_are_replaced,
    an_issuer_that_is_down_is_not_the_callers_fault,
    an_external_account_stops_at_once,
    what_is_managed_elsewhere_is_not_managed_here,
    without_an_issuer_its_tokens_are_strangers,
];

/// The claim that names an account, which is not the one that everybody uses.
const CLAIM: &str = "staff_number";

fn trusting(app: App, issuer: &Issuer) -> App {
    let settings = Settings::parse(&issuer.address, "minsheng", CLAIM).expect("settings");
    app.trusting(Trusted::new(settings).expect("an issuer"))
}

/// What a good token says.
fn claims(app: &App, issuer: &Issuer, subject: &str) -> Value {
    let now = app.now();
    json!({
        "iss": issuer.address,
        "aud": ["another", "minsheng"],
        "sub": "not this one",
        CLAIM: subject,
        "scope": "openid profile",
        "iat": now.timestamp(),
        "exp": (now + TimeDelta::days(7)).timestamp(),
    })
}

/// An account that signs in with the issuer alone.
async fn external(app: &App, username: &str, role: Role, subject: &str) -> Account {
    let new = NewAccount {
        username: username.to_owned(),
        role,
        jurisdiction: "yanzhou".to_owned(),
        unit: None,
        external_subject: Some(subject.to_owned()),
        password: InitialPassword::None,
    };
    app.service.create_account(&app.operator(), new).await.expect("an account").account
}

async fn a_subject_of_the_issuer_is_an_account(app: App) {
    let issuer = Issuer::start();
    let app = trusting(app, &issuer);
    let (ed25519, p256) = (Signer::ed25519("a"), Signer::p256("b"));
    issuer.list(&[&ed25519, &p256]);
    external(&app, "wang", Role::Office, "4711").await;
    for signer in [&ed25519, &p256] {
        let token = signer.identify(&claims(&app, &issuer, "4711"));
        assert_proof(&app, &token, "wang").await;
        let data = app.bearing(&token).data("{ auditEvents(first: 1) { totalCount } viewer { sessions { id } actions } }", json!({})).await;
        assert_eq!(data["viewer"]["sessions"], json!([]), "sessions are the issuer's");
        assert!(data["viewer"]["actions"].as_array().expect("actions").contains(&json!("LOCK_ACCOUNT")), "{data}");
    }
    for subject in ["4712", "4711 ", " 4711", "wang", "", "not this one", "%", "4711\u{0}"] {
        assert_no_proof(&app, &ed25519.identify(&claims(&app, &issuer, subject)), &format!("nobody is {subject:?}")).await;
    }
    let mut unnamed = claims(&app, &issuer, "4711");
    unnamed.as_object_mut().expect("an object").remove(CLAIM);
    assert_no_proof(&app, &ed25519.identify(&unnamed), "nobody is named").await;
    // Whoever has a password here signs in here as well, beside the issuer.
    let office = app.actor("office", Role::Office, "jining").await;
    assert_proof(&app, office.bearer(), "office").await;
    // What it does, it does in its own name.
    let unit = app.create("unit", Role::Unit, "yanzhou").await;
    let lock = "mutation($id: ID!) { lockAccount(input: { id: $id, expectedVersion: 1, reason: \"left\" }) { account { changedBy } } }";
    let asker = ed25519.identify(&claims(&app, &issuer, "4711"));
    let done = app.bearing(&asker).data(lock, json!({ "id": crate::support::global("account", unit.id.0) })).await;
    assert_eq!(done["lockAccount"]["account"]["changedBy"], "wang");
    assert_eq!(audited(&app, "action = 'LOCK_ACCOUNT' AND credential = 'EXTERNAL' AND actor_username = 'wang'").await, 1);
}

async fn a_token_of_the_issuer_must_be_for_this_service(app: App) {
    let issuer = Issuer::start();
    let app = trusting(app, &issuer);
    let signer = Signer::ed25519("a");
    issuer.list(&[&signer]);
    external(&app, "wang", Role::Office, "4711").await;
    let good = claims(&app, &issuer, "4711");
    let now = app.now().timestamp();
    for (what, name, value) in [
        ("another audience", "aud", json!("another")),
        ("other audiences", "aud", json!(["another", "minsheng2"])),
        ("no audience", "aud", json!(null)),
        ("expired", "exp", json!(now - 61)),
        ("not yet valid", "nbf", json!(now + 61)),
        ("issued in the future", "iat", json!(now + 61)),
        ("without an end", "exp", json!(null)),
        ("another issuer", "iss", json!("https://id.example.org")),
        ("an issuer that is nearly this one", "iss", json!(format!("{}/", issuer.address))),
        ("this service as its issuer", "iss", json!("minsheng")),
        ("an ID token", "scope", json!(null)),
        ("an ID token with a nonce", "nonce", json!("n-0S6_WzA2Mj")),
        ("an ID token with a hash", "at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")),
        ("a notice of logging out", "events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} })),
        ("issued to another application", "azp", json!("payroll")),
    ] {
        let mut said = good.clone();
        said[name] = value;
        assert_no_proof(&app, &signer.identify(&said), what).await;
    }
    let stranger = Signer::ed25519("a");
    assert_no_proof(&app, &stranger.identify(&good), "signed by a stranger").await;
    assert_no_proof(&app, &signer.sign(&json!({ "alg": "none" }), &good), "alg: none").await;
    assert_no_proof(&app, &signer.sign(&json!({ "alg": "HS256", "kid": "a" }), &good), "HS256").await;
    assert_no_proof(&app, &signer.sign(&json!({ "alg": "EdDSA", "kid": "a", "typ": "logout+jwt" }), &good), "no token of identity").await;
    // One that says it is ours is believed by our keys alone.
    let office = app.actor("office", Role::Office, "jining").await;
    let mut ours = crate::support::issuer::part(office.bearer(), 1);
    assert_no_proof(&app, &signer.sign(&json!({ "alg": "EdDSA", "kid": "a", "typ": "at+jwt" }), &ours), "ours, by the issuer's key").await;
    ours["iss"] = json!(issuer.address);
    assert_no_proof(&app, &signer.identify(&ours), "ours, in the issuer's name").await;
    assert_proof(&app, &signer.identify(&good), "wang").await;
}

async fn keys_of_the_issuer_are_replaced(app: App) {
    let issuer = Issuer::start();
    let app = trusting(app, &issuer);
    let (old, new) = (Signer::ed25519("old"), Signer::p256("new"));
    issuer.list(&[&old]);
    external(&app, "wang", Role::Office, "4711").await;
    let [old, new] = [&old, &new].map(|signer| (signer, signer.identify(&claims(&app, &issuer, "4711"))));
    assert_proof(&app, &old.1, "wang").await;
    assert_no_proof(&app, &new.1, "nobody has published its key").await;
    issuer.list(&[old.0, new.0]);
    app.pass(TimeDelta::seconds(30));
    assert_proof(&app, &new.1, "wang").await;
    assert_proof(&app, &old.1, "wang").await;
    issuer.list(&[new.0]);
    app.pass(TimeDelta::minutes(11));
    // The first to come after the time of the keys asks for them.
    assert_proof(&app, &new.1, "wang").await;
    assert_no_proof(&app, &old.1, "its key was withdrawn").await;
    // An issuer that is down overnight locks nobody out.
    issuer.fail();
    app.pass(TimeDelta::hours(23));
    assert_proof(&app, &new.1, "wang").await;
}

async fn an_issuer_that_is_down_is_not_the_callers_fault(app: App) {
    let issuer = Issuer::start();
    let app = trusting(app, &issuer);
    external(&app, "wang", Role::Office, "4711").await;
    let signer = Signer::ed25519("a");
    let token = signer.identify(&claims(&app, &issuer, "4711"));
    for query in [PUBLIC, WHO] {
        let reply = app.bearing(&token).post(query, json!({})).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text);
        assert!(reply.headers.get("www-authenticate").is_none(), "another token would not help");
        assert_eq!(reply.body["errors"][0]["extensions"], json!({ "code": "UNAVAILABLE" }));
        assert!(reply.body.get("data").is_none() && !reply.text.contains(&issuer.address), "{}", reply.text);
    }
    // Everybody else is served meanwhile, and what is wrong whatever the keys are is told at once.
    assert!(app.data(PUBLIC, json!({})).await["topics"].is_array());
    let office = app.actor("office", Role::Office, "jining").await;
    assert_proof(&app, office.bearer(), "office").await;
    assert_no_proof(&app, &signer.sign(&json!({ "alg": "none" }), &claims(&app, &issuer, "4711")), "alg: none").await;
    issuer.list(&[&signer]);
    app.pass(TimeDelta::seconds(30));
    assert_proof(&app, &token, "wang").await;
}

async fn an_external_account_stops_at_once(app: App) {
    let issuer = Issuer::start();
    let app = trusting(app, &issuer);
    let signer = Signer::ed25519("a");
    issuer.list(&[&signer]);
    let admin = app.actor("root", Role::Admin, "jining").await;
    let wang = external(&app, "wang", Role::Office, "4711").await;
    let token = signer.identify(&claims(&app, &issuer, "4711"));
    assert_proof(&app, &token, "wang").await;
    let id = crate::support::global("account", wang.id.0);
    let run = async |mutation: &str| {
        let data = admin
            .data(&format!("mutation($id: ID!) {{ done: {mutation} {{ account {{ version }} errors {{ code }} }} }}"), json!({ "id": id }))
            .await;
        assert_eq!(data["done"]["errors"], json!([]), "{mutation}");
    };
    run("changeAccount(input: { id: $id, expectedVersion: 1, role: LEADER })").await;
    assert_eq!(app.bearing(&token).data(WHO, json!({})).await["viewer"]["account"]["role"], "LEADER");
    run("transferAccount(input: { id: $id, expectedVersion: 2, jurisdiction: \"taibai-lake\" })").await;
    assert_eq!(app.bearing(&token).data(WHO, json!({})).await["viewer"]["account"]["jurisdiction"]["code"], "taibai-lake");
    run("lockAccount(input: { id: $id, expectedVersion: 3, reason: \"left\" })").await;
    assert_no_proof(&app, &token, "the account is locked").await;
    run("unlockAccount(input: { id: $id, expectedVersion: 4 })").await;
    assert_proof(&app, &token, "wang").await;
    run("changeAccount(input: { id: $id, expectedVersion: 5, externalSubject: \"4712\" })").await;
    assert_no_proof(&app, &token, "it is another person's now").await;
    assert_proof(&app, &signer.identify(&claims(&app, &issuer, "4712")), "wang").await;
}

async fn what_is_managed_elsewhere_is_not_managed_here(app: App) {
    let issuer = Issuer::start();
    let app = trusting(app, &issuer);
    let signer = Signer::ed25519("a");
    issuer.list(&[&signer]);
    external(&app, "wang", Role::Office, "4711").await;
    let token = signer.identify(&claims(&app, &issuer, "4711"));
    let asker = app.bearing(&token);
    for (action, mutation) in [
        ("SIGN_OUT", "{ signOut { ended } }".to_owned()),
        (
            "CHANGE_PASSWORD",
            format!("{{ changePassword(input: {{ currentPassword: \"\", newPassword: \"{PASSWORD}\" }}) {{ errors {{ code }} }} }}"),
        ),
    ] {
        let error = asker.error(&format!("mutation {mutation}"), json!({})).await;
        assert_eq!(error["extensions"], json!({ "code": "FORBIDDEN", "reason": "NOT_SIGNED_IN_HERE" }), "{action}");
        let left = format!("action = '{action}' AND outcome = 'DENIED' AND reason = 'NOT_SIGNED_IN_HERE' AND credential = 'EXTERNAL'");
        assert_eq!(audited(&app, &left).await, 1, "{action}");
    }
    // It has no password, so that nobody signs in with it here, whatever they try.
    for password in ["", PASSWORD, "4711"] {
        let refused = app.data(include_str!("../contract/06-sign-in.graphql"), json!({ "username": "wang", "password": password })).await;
        assert_eq!(refused["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS", "{password:?}");
    }
    assert_eq!(asker.data("mutation { signOutEverywhere { ended } }", json!({})).await["signOutEverywhere"]["ended"], 0);
    // Its programs ask with keys of its own.
    let (_, secret) = super::api_key::key(&app, &asker, "READ").await;
    assert_proof(&app, &secret, "wang").await;
}

async fn without_an_issuer_its_tokens_are_strangers(app: App) {
    let issuer = Issuer::start();
    let signer = Signer::ed25519("a");
    issuer.list(&[&signer]);
    external(&app, "wang", Role::Office, "4711").await;
    assert_no_proof(&app, &signer.identify(&claims(&app, &issuer, "4711")), "no issuer is trusted").await;
}
