//! Refresh tokens that come again: two tabs and lost answers go on, and a theft is still found.

use std::net::IpAddr;

use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use entity::Role;
use futures_util::future::join_all;
use minsheng::domain::audit::fingerprint;
use serde_json::{Value, json};

use super::{REFRESH, WHO, audited};
use crate::{cases, support::app::App};

cases![
    two_at_once_get_one_successor,
    a_lost_answer_is_given_again,
    a_token_that_comes_late_ends_the_session,
    a_token_from_elsewhere_ends_the_session,
    a_token_whose_successor_was_used_ends_the_session,
    a_token_of_a_session_that_is_over_stays_refused,
    the_database_derives_no_token,
    tokens_of_the_former_release_go_on,
];

const HOME: [u8; 4] = [192, 0, 2, 1];
const ELSEWHERE: [u8; 4] = [198, 51, 100, 1];

async fn renew(app: &App, token: &str, address: impl Into<IpAddr>) -> Value {
    let body = json!({ "query": REFRESH, "variables": { "t": token } }).to_string();
    let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).expect("a request");
    app.send_from(address.into(), request).await.body["data"]["refreshSession"]["session"].clone()
}

fn text(session: &Value, field: &str) -> String {
    session[field].as_str().unwrap_or_else(|| panic!("not renewed: {session}")).to_owned()
}

async fn first(app: &App) -> String {
    text(&app.actor("office", Role::Office, "jining").await.session, "refreshToken")
}

/// That the session of these tokens is over, by the theft that was found.
async fn assert_ended(app: &App, tokens: &[&str]) {
    for token in tokens {
        assert!(renew(app, token, HOME).await.is_null(), "the session is over");
    }
    assert_eq!(app.number("SELECT count(*) FROM session WHERE end_reason = 'REUSED'").await, 1);
    assert_eq!(audited(app, "action = 'REFRESH_SESSION' AND outcome = 'DENIED' AND reason = 'REFRESH_TOKEN_REUSED'").await, 1);
}

async fn two_at_once_get_one_successor(app: App) {
    let replica = app.replica();
    let mut token = first(&app).await;
    for pair in 0..10 {
        let both = join_all([renew(&app, &token, HOME), renew(&replica, &token, HOME)]).await;
        let next = text(&both[0], "refreshToken");
        assert_eq!(next, text(&both[1], "refreshToken"), "pair {pair}: both tabs hold the same");
        assert_ne!(next, token);
        for session in &both {
            app.bearing(&text(session, "accessToken")).data(WHO, json!({})).await;
        }
        token = next;
        app.pass(TimeDelta::minutes(9));
    }
    assert_eq!(app.number("SELECT count(*) FROM refresh_token").await, 11, "each pair made one token");
    assert_eq!(app.number("SELECT count(*) FROM session WHERE ended_at IS NOT NULL").await, 0);
    // Ten at once are no more than two.
    let ten = join_all((0..10).map(|_| renew(&app, &token, HOME))).await;
    let next = text(&ten[0], "refreshToken");
    assert!(ten.iter().all(|session| text(session, "refreshToken") == next));
}

async fn a_lost_answer_is_given_again(app: App) {
    let token = first(&app).await;
    let lost = renew(&app, &token, HOME).await;
    app.pass(TimeDelta::seconds(30));
    let again = renew(&app, &token, HOME).await;
    assert_eq!(text(&lost, "refreshToken"), text(&again, "refreshToken"));
    // The session lives no longer for it.
    let lives = "SELECT expires_at - last_used_at FROM session";
    let twelve_hours = app.number(lives).await;
    assert_eq!(app.number("SELECT count(*) FROM session WHERE last_used_at < expires_at").await, 1);
    app.pass(TimeDelta::seconds(1));
    assert!(renew(&app, &text(&again, "refreshToken"), HOME).await.is_object(), "the next one is as good as ever");
    assert_eq!(app.number(lives).await, twelve_hours);
    assert_eq!(audited(&app, "action = 'REFRESH_SESSION' AND outcome = 'SUCCEEDED' AND changes LIKE '%repeated%'").await, 1);
}

async fn a_token_that_comes_late_ends_the_session(app: App) {
    let token = first(&app).await;
    let next = renew(&app, &token, HOME).await;
    app.pass(TimeDelta::seconds(31));
    assert!(renew(&app, &token, HOME).await.is_null());
    assert_ended(&app, &[&token, &text(&next, "refreshToken")]).await;
    assert_eq!(app.bearing(&text(&next, "accessToken")).post(WHO, json!({})).await.status, 401);
}

async fn a_token_from_elsewhere_ends_the_session(app: App) {
    let token = first(&app).await;
    let next = renew(&app, &token, HOME).await;
    assert!(renew(&app, &token, ELSEWHERE).await.is_null());
    assert_ended(&app, &[&token, &text(&next, "refreshToken")]).await;
    // The /64 of an IPv6 address is one network.
    let mobile = text(&app.sign_in("office").await.session, "refreshToken");
    let [one, other, stranger] =
        ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:3::1"].map(|ip| ip.parse::<IpAddr>().expect("an address"));
    let next = text(&renew(&app, &mobile, one).await, "refreshToken");
    assert_eq!(text(&renew(&app, &mobile, other).await, "refreshToken"), next);
    assert!(renew(&app, &mobile, stranger).await.is_null());
    assert!(renew(&app, &next, one).await.is_null(), "and this session is over as well");
}

async fn a_token_whose_successor_was_used_ends_the_session(app: App) {
    let token = first(&app).await;
    let second = text(&renew(&app, &token, HOME).await, "refreshToken");
    let third = text(&renew(&app, &second, HOME).await, "refreshToken");
    // The one before comes again as it may, the one before that has no excuse: whoever has the second has its answer.
    assert_eq!(text(&renew(&app, &second, HOME).await, "refreshToken"), third);
    assert!(renew(&app, &token, HOME).await.is_null());
    assert_ended(&app, &[&token, &second, &third]).await;
}

async fn a_token_of_a_session_that_is_over_stays_refused(app: App) {
    let actor = app.actor("office", Role::Office, "jining").await;
    let token = text(&actor.session, "refreshToken");
    let next = text(&renew(&app, &token, HOME).await, "refreshToken");
    actor.data("mutation { signOut { ended } }", json!({})).await;
    for token in [&token, &next] {
        assert!(renew(&app, token, HOME).await.is_null());
    }
    assert_eq!(app.number("SELECT count(*) FROM session WHERE end_reason = 'SIGNED_OUT'").await, 1, "it ended by its owner");
}

async fn the_database_derives_no_token(app: App) {
    let token = first(&app).await;
    let second = text(&renew(&app, &token, HOME).await, "refreshToken");
    for secret in [&token, &second] {
        let stored = format!("SELECT count(*) FROM refresh_token WHERE token_hash = '{secret}' OR successor_salt = '{secret}'");
        assert_eq!(app.number(&stored).await, 0);
        assert_eq!(app.number(&format!("SELECT count(*) FROM refresh_token WHERE token_hash = '{}'", fingerprint(secret))).await, 1);
    }
    let salts = "SELECT count(*) FROM refresh_token WHERE successor_salt IS NOT NULL";
    assert_eq!(app.number(salts).await, 1);
    // With the next renewal the salt is gone, so that an old token and a copy of the database derive nothing.
    let third = text(&renew(&app, &second, HOME).await, "refreshToken");
    assert_eq!(app.number(salts).await, 1, "that of the second alone");
    // Other sessions erase it as well, once it excuses nothing any more.
    app.pass(TimeDelta::seconds(31));
    let other = text(&app.sign_in("office").await.session, "refreshToken");
    renew(&app, &other, HOME).await;
    assert_eq!(app.number(salts).await, 1, "that of the other session alone");
    assert!(renew(&app, &third, HOME).await.is_object());
}

/// Tokens that were spent before this release have no salt: they came twice, as they always did.
async fn tokens_of_the_former_release_go_on(app: App) {
    let token = first(&app).await;
    let second = text(&renew(&app, &token, HOME).await, "refreshToken");
    app.execute("UPDATE refresh_token SET successor_salt = NULL, spent_network = NULL").await.expect("as it was");
    assert!(renew(&app, &second, HOME).await.is_object(), "one that is not spent renews");
    assert!(renew(&app, &token, HOME).await.is_null());
    assert_ended(&app, &[&token, &second]).await;
}
