//! Signing in, renewing, signing out, and changing one's password.

use std::net::IpAddr;

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use entity::Role;
use minsheng::service::people::checking::Rank;
use serde_json::{Value, json};

use crate::{
    cases,
    support::{
        actor::PASSWORD,
        app::{App, Reply},
    },
};

cases![
    the_contract_of_signing_in,
    the_contract_of_the_audit,
    an_unknown_name_and_a_wrong_password_are_answered_alike,
    forms_of_a_name_are_one_name,
    renewing_rotates_and_reuse_ends_the_session,
    a_session_ends_by_itself,
    signing_out_holds_from_the_next_request,
    a_password_is_changed_by_whoever_knows_it,
    delays_grow_and_do_not_lock_out,
    strangers_take_no_place_of_a_known_network,
    one_owner_of_networks_is_one_client,
    passwords_of_any_size_are_met,
];

const SIGN_IN: &str = include_str!("contract/06-sign-in.graphql");
const REFRESH: &str =
    "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { session { accessToken refreshToken } errors { code } } }";
const WHO: &str = "{ viewer { account { username } } }";

async fn the_contract_of_signing_in(app: App) {
    app.create("yanzhou-health", Role::Unit, "yanzhou").await;
    let data = app.data(SIGN_IN, json!({ "username": "yanzhou-health", "password": PASSWORD })).await;
    let session = &data["signIn"]["session"];
    assert_eq!(data["signIn"]["errors"], json!([]));
    assert_eq!(session["account"]["role"], "UNIT");
    assert_eq!(session["account"]["jurisdiction"]["code"], "yanzhou");
    assert!(session["account"]["unit"]["name"].is_string());
    let expires = chrono::DateTime::parse_from_rfc3339(session["accessTokenExpiresAt"].as_str().expect("a time")).expect("a time");
    assert!((expires.to_utc() - app.now()).num_minutes() <= 15, "short-lived");
    let actor = app.bearing(session["accessToken"].as_str().expect("a token"));
    assert_eq!(actor.data(WHO, json!({})).await["viewer"]["account"]["username"], "yanzhou-health");
}

async fn the_contract_of_the_audit(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let made = admin
        .data(
            "mutation($u: ID!) { createAccount(input: { username: \"health\", role: UNIT, jurisdiction: \"yanzhou\", unit: $u }) {
               account { id } password errors { code field message } } }",
            json!({ "u": crate::support::global("unit", app.a_unit("yanzhou").await.0) }),
        )
        .await;
    assert_eq!(made["createAccount"]["errors"], json!([]), "{made:#}");
    let id = &made["createAccount"]["account"]["id"];
    let variables = json!({ "jurisdiction": "yanzhou", "first": 10 });
    let audit = admin.data(include_str!("contract/13-audit.graphql"), variables.clone()).await;
    let event = &audit["auditEvents"]["nodes"][0];
    assert_eq!(event["action"], "CREATE_ACCOUNT");
    assert_eq!(event["outcome"], "SUCCEEDED");
    assert_eq!(event["actor"], json!({ "username": "root", "role": "ADMIN" }));
    assert_eq!(event["subject"], json!({ "__typename": "Account", "id": id }));
    assert_eq!(event["changes"]["role"], json!({ "before": null, "after": "UNIT" }));
    assert!(!event["requestId"].as_str().expect("an id").is_empty());
    // The district's office reads the same, the neighbour's office nothing of it.
    let office = app.actor("yanzhou-office", Role::Office, "yanzhou").await;
    let seen = office.data(include_str!("contract/13-audit.graphql"), variables.clone()).await;
    let events = |value: &Value| value["auditEvents"]["nodes"].as_array().expect("nodes").clone();
    assert!(events(&seen).iter().any(|node| node["id"] == event["id"]));
    let neighbour = app.actor("taibai-office", Role::Office, "taibai-lake").await;
    let seen = neighbour.data(include_str!("contract/13-audit.graphql"), variables).await;
    assert!(events(&seen).is_empty(), "{seen:#}");
    let refused = app.error("{ auditEvents(first: 1) { nodes { id } } }", json!({})).await;
    assert_eq!(refused["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(refused["path"], json!(["auditEvents"]));
}

async fn an_unknown_name_and_a_wrong_password_are_answered_alike(app: App) {
    app.create("office", Role::Office, "jining").await;
    let wrong = app.post(SIGN_IN, json!({ "username": "office", "password": "not the password" })).await;
    let unknown = app.post(SIGN_IN, json!({ "username": "nobody", "password": "not the password" })).await;
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(wrong.body["data"]["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS");
    assert!(wrong.body["data"]["signIn"]["session"].is_null());
}

async fn forms_of_a_name_are_one_name(app: App) {
    app.create("Straße", Role::Office, "jining").await;
    for name in ["straße", "STRASSE", "ＳＴＲＡＳＳＥ", " strasse "] {
        let data = app.data(SIGN_IN, json!({ "username": name, "password": PASSWORD })).await;
        assert_eq!(data["signIn"]["session"]["account"]["username"], "Straße", "{name}");
    }
    let admin = app.actor("root", Role::Admin, "jining").await;
    let taken = admin
        .data(
            "mutation { createAccount(input: { username: \"sTRASSe\", role: OFFICE, jurisdiction: \"jining\" }) { errors { code field } } }",
            json!({}),
        )
        .await;
    assert_eq!(taken["createAccount"]["errors"], json!([{ "code": "USERNAME_TAKEN", "field": ["input", "username"] }]));
}

async fn renewing_rotates_and_reuse_ends_the_session(app: App) {
    let actor = app.actor("office", Role::Office, "jining").await;
    let first = actor.session["refreshToken"].clone();
    let renewed = app.data(REFRESH, json!({ "t": first })).await;
    let second = renewed["refreshSession"]["session"]["refreshToken"].clone();
    assert!(second.is_string() && second != first);
    let later = app.bearing(renewed["refreshSession"]["session"]["accessToken"].as_str().expect("a token"));
    later.data(WHO, json!({})).await;
    // Somebody else presents the spent one later: the whole session ends, for both.
    app.pass(TimeDelta::seconds(31));
    let reused = app.data(REFRESH, json!({ "t": first })).await;
    assert_eq!(reused["refreshSession"]["errors"][0]["code"], "INVALID_CREDENTIALS");
    assert_eq!(later.post(WHO, json!({})).await.status, 401);
    let spent = app.data(REFRESH, json!({ "t": second })).await;
    assert_eq!(spent["refreshSession"]["errors"][0]["code"], "INVALID_CREDENTIALS");
    assert_eq!(app.number("SELECT count(*) FROM session WHERE end_reason = 'REUSED'").await, 1);
    // No token is stored as it is.
    let stored = app.number("SELECT count(*) FROM refresh_token WHERE token_hash LIKE 'msr_%'").await;
    assert_eq!(stored, 0);
}

async fn a_session_ends_by_itself(app: App) {
    let actor = app.actor("office", Role::Office, "jining").await;
    app.pass(TimeDelta::minutes(9));
    actor.data(WHO, json!({})).await;
    app.pass(TimeDelta::minutes(2));
    assert_eq!(actor.post(WHO, json!({})).await.status, 401, "the access token has expired");
    let renewed = app.data(REFRESH, json!({ "t": actor.session["refreshToken"] })).await;
    let token = renewed["refreshSession"]["session"]["refreshToken"].clone();
    assert!(token.is_string());
    app.pass(TimeDelta::hours(13));
    let late = app.data(REFRESH, json!({ "t": token })).await;
    assert_eq!(late["refreshSession"]["errors"][0]["code"], "INVALID_CREDENTIALS", "idle for too long");
}

async fn signing_out_holds_from_the_next_request(app: App) {
    let here = app.actor("office", Role::Office, "jining").await;
    let there = app.sign_in("office").await;
    let sessions = here.data("{ viewer { sessions { id current } } }", json!({})).await;
    let sessions = sessions["viewer"]["sessions"].as_array().expect("sessions").clone();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false).expect("the other");
    let end = "mutation($id: ID!) { endSession(input: { id: $id }) { ended } }";
    assert_eq!(here.data(end, json!({ "id": other["id"] })).await["endSession"]["ended"], 1);
    assert_eq!(there.post(WHO, json!({})).await.status, 401);
    let again = here.error(end, json!({ "id": other["id"] })).await;
    assert_eq!(again["extensions"]["reason"], "ALREADY_ENDED");
    here.data("mutation { signOut { ended } }", json!({})).await;
    assert_eq!(here.post(WHO, json!({})).await.status, 401);
    let (one, two) = (app.sign_in("office").await, app.sign_in("office").await);
    assert_eq!(one.data("mutation { signOutEverywhere { ended } }", json!({})).await["signOutEverywhere"]["ended"], 2);
    assert_eq!(two.post(WHO, json!({})).await.status, 401);
}

async fn a_password_is_changed_by_whoever_knows_it(app: App) {
    let actor = app.actor("office", Role::Office, "jining").await;
    let other = app.sign_in("office").await;
    let change =
        "mutation($c: String!, $n: String!) { changePassword(input: { currentPassword: $c, newPassword: $n }) { errors { code field } } }";
    let faults = actor.data(change, json!({ "c": "wrong", "n": "password1" })).await;
    let codes: Vec<&str> = faults["changePassword"]["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|fault| fault["code"].as_str().expect("a code"))
        .collect();
    assert_eq!(codes[0], "PASSWORD_WRONG");
    assert!(codes.contains(&"PASSWORD_TOO_SHORT") && codes.contains(&"PASSWORD_COMMON"), "{codes:?}");
    let new = "lantern-orchid-88-Tarn";
    let done = actor.data(change, json!({ "c": PASSWORD, "n": new })).await;
    assert_eq!(done["changePassword"]["errors"], json!([]));
    actor.data(WHO, json!({})).await;
    assert_eq!(other.post(WHO, json!({})).await.status, 401, "other sessions end");
    let old = app.data(SIGN_IN, json!({ "username": "office", "password": PASSWORD })).await;
    assert!(old["signIn"]["session"].is_null());
    let fresh = app.data(SIGN_IN, json!({ "username": "office", "password": new })).await;
    assert!(fresh["signIn"]["session"].is_object());
}

async fn delays_grow_and_do_not_lock_out(app: App) {
    app.actor("office", Role::Office, "jining").await;
    let attempt = |password: &'static str, address: [u8; 4]| {
        let body = json!({ "query": SIGN_IN, "variables": { "username": "office", "password": password } }).to_string();
        let request =
            axum::http::Request::post("/graphql").header("content-type", "application/json").body(body.into()).expect("a request");
        app.send_from(address.into(), request)
    };
    let stranger = [203, 0, 113, 9];
    let mut refused = None;
    for _ in 0..6 {
        let reply = attempt("wrong", stranger).await;
        if reply.body["errors"][0]["extensions"]["code"] == "RATE_LIMITED" {
            refused = reply.body["errors"][0]["extensions"]["retryAfterSeconds"].as_i64();
            break;
        }
    }
    assert_eq!(refused, Some(1), "the fifth attempt has to wait");
    // Others from elsewhere use up what strangers may try of the account.
    for network in 10..40_u8 {
        for _ in 0..4 {
            attempt("wrong", [203, 0, network, 9]).await;
        }
    }
    let mut waiting = None;
    for network in 1..60_u8 {
        let address = [198, 51, network, 9];
        if attempt("wrong", address).await.body["errors"][0]["extensions"]["code"] == "RATE_LIMITED" {
            waiting = Some(address);
            break;
        }
    }
    let elsewhere = waiting.expect("a new network that has to wait, though nobody has failed there");
    // From where the account has signed in before, strangers' failures do not count.
    let at_home = attempt(PASSWORD, [192, 0, 2, 1]).await;
    assert!(at_home.body["data"]["signIn"]["session"].is_object(), "{:#}", at_home.body);
    // And elsewhere the wait is short.
    app.pass(TimeDelta::seconds(16));
    let later = attempt(PASSWORD, elsewhere).await;
    assert!(later.body["data"]["signIn"]["session"].is_object(), "{:#}", later.body);
}

fn attempt_of(username: &str, password: &str) -> Request<Body> {
    let body = json!({ "query": SIGN_IN, "variables": { "username": username, "password": password } }).to_string();
    Request::post("/graphql").header("content-type", "application/json").body(body.into()).expect("a request")
}

/// The seconds that an attempt has to wait; none where it was let in.
fn wait(reply: &Reply) -> Option<i64> {
    if reply.body["data"]["signIn"]["session"].is_object() {
        return None;
    }
    assert_eq!(reply.body["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{}", reply.text);
    reply.body["errors"][0]["extensions"]["retryAfterSeconds"].as_i64()
}

async fn strangers_take_no_place_of_a_known_network(app: App) {
    app.actor("office", Role::Office, "jining").await;
    app.create("unit", Role::Unit, "yanzhou").await;
    let home = IpAddr::from([192, 0, 2, 1]);
    // As many as will, each from a network of its own, whose passwords take as long as they will to be checked.
    let crowd = |rank| {
        let places = app.service.places().clone();
        (0..=255_u8).filter_map(move |network| places.take(rank, Some(IpAddr::from([network, 0, 2, 1])))).collect::<Vec<_>>()
    };
    let strangers = crowd(Rank::Stranger);
    assert_eq!(strangers.len(), Rank::Stranger.places());
    for address in ["198.51.100.1", "2001:db8:7::1"] {
        let reply = app.send_from(address.parse().expect("an address"), attempt_of("office", PASSWORD)).await;
        assert_eq!(wait(&reply), Some(1), "a network that nobody knows has to wait");
    }
    assert_eq!(wait(&app.send_from(home, attempt_of("office", PASSWORD)).await), None, "one that is known gets in");
    // Also for an account that has not signed in there: who is known where is not told.
    assert_eq!(wait(&app.send_from(home, attempt_of("unit", PASSWORD)).await), None);
    let wrong = app.send_from(home, attempt_of("nobody", "wrong")).await;
    assert_eq!(wrong.body["data"]["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS");
    // No attempt that found no place counts as a failure.
    assert_eq!(app.number("SELECT count(*) FROM sign_in_throttle WHERE key LIKE '%198.51.100.1%' OR key LIKE '%2001:db8:7%'").await, 0);
    // A network is known for ninety days.
    app.pass(TimeDelta::days(90));
    assert_eq!(wait(&app.send_from(home, attempt_of("office", PASSWORD)).await), Some(1));
    drop(strangers);
    assert_eq!(wait(&app.send_from(home, attempt_of("office", PASSWORD)).await), None);
    // And the other way round: those who are known take no place of strangers.
    let known = crowd(Rank::Known);
    assert_eq!(known.len(), Rank::Known.places());
    assert_eq!(wait(&app.send_from(home, attempt_of("office", PASSWORD)).await), Some(1));
    assert_eq!(wait(&app.send_from([198, 51, 100, 1].into(), attempt_of("office", PASSWORD)).await), None);
}

async fn one_owner_of_networks_is_one_client(app: App) {
    app.create("office", Role::Office, "jining").await;
    // One owner of a /48 tries many names, each from a /64 of its own.
    let guess = async |network: &str, name: &str| {
        let address: IpAddr = format!("2001:db8:1:{network}::1").parse().expect("an address");
        let reply = app.send_from(address, attempt_of(name, "wrong")).await;
        if reply.body["errors"].is_null() { None } else { wait(&reply) }
    };
    assert_eq!(guess("1", "one").await, None);
    // As if there had been 58 more in its /56.
    app.execute("UPDATE sign_in_throttle SET failures = 59 WHERE key = 'network56:2001:db8:1::'").await.expect("changed");
    assert_eq!(guess("2", "two").await, None);
    assert_eq!(guess("3", "three").await, Some(1), "sixty failures in a /56");
    assert_eq!(guess("100", "four").await, None, "another /56");
    app.execute("UPDATE sign_in_throttle SET failures = 120 WHERE key = 'network48:2001:db8:1::'").await.expect("changed");
    assert_eq!(guess("200", "five").await, Some(1), "a hundred and twenty in a /48");
    let elsewhere: IpAddr = "2001:db8:2::1".parse().expect("an address");
    assert_eq!(wait(&app.send_from(elsewhere, attempt_of("office", PASSWORD)).await), None, "another owner does not");
    // Places: ten of the thirty, however many networks.
    let held: Vec<_> = (0..100_u32)
        .filter_map(|network| {
            app.service.places().take(Rank::Stranger, Some(format!("2001:db8:3:{network:x}::1").parse().expect("an address")))
        })
        .collect();
    assert_eq!(held.len(), 10);
    assert_eq!(wait(&app.send_from([198, 51, 100, 1].into(), attempt_of("office", PASSWORD)).await), None);
}

async fn passwords_of_any_size_are_met(app: App) {
    app.create("office", Role::Office, "jining").await;
    for password in [String::new(), "nul\0nul".to_owned(), "x".repeat(900_000)] {
        let reply = app.post(SIGN_IN, json!({ "username": "office", "password": password })).await;
        assert_eq!(reply.body["data"]["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS", "{}", reply.text);
    }
    for username in [String::new(), "nul\0".to_owned(), "x".repeat(900_000)] {
        let reply = app.post(SIGN_IN, json!({ "username": username, "password": "whatever it is" })).await;
        assert_eq!(reply.body["data"]["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS", "{}", reply.text);
    }
}
