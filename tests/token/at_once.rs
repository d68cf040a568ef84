//! What becomes of an account holds from the next request on, of whatever is open.

use entity::Role;
use serde_json::{Value, json};

use super::{WHO, api_key::key, assert_no_proof, assert_proof, audited};
use crate::{
    cases,
    support::{
        actor::{Actor, PASSWORD},
        app::App,
    },
};

cases![
    a_lock_holds_at_once,
    a_transfer_holds_at_once,
    another_role_holds_at_once,
    another_password_holds_at_once,
    another_name_holds_at_once,
];

const LOCK: &str = "mutation($id: ID!, $v: Int!) { lockAccount(input: { id: $id, expectedVersion: $v, reason: \"调离\" }) { account { version lock { reason } } } }";
const TRANSFER: &str = "mutation($id: ID!, $v: Int!, $to: String!) {
  transferAccount(input: { id: $id, expectedVersion: $v, jurisdiction: $to }) { account { version } errors { code } }
}";
const ROLE: &str = "mutation($id: ID!, $v: Int!, $role: Role!) {
  changeAccount(input: { id: $id, expectedVersion: $v, role: $role }) { account { version } errors { code } }
}";

/// An office of Yanzhou with two sessions and a key, who all ask at this process and at another one.
struct Open<'a> {
    id: String,
    sessions: Vec<Actor<'a>>,
    secret: String,
}

impl Open<'_> {
    async fn of(app: &App) -> Open<'_> {
        let first = app.actor("office", Role::Office, "yanzhou").await;
        let (_, secret) = key(app, &first, "FULL").await;
        let id = first.id().to_owned();
        Open { id, sessions: vec![first, app.sign_in("office").await], secret }
    }

    /// Everything that is presented in its name.
    fn tokens(&self) -> Vec<&str> {
        self.sessions.iter().map(Actor::bearer).chain([self.secret.as_str()]).collect()
    }
}

/// The version after a change that must succeed.
async fn changed(admin: &Actor<'_>, mutation: &str, field: &str, variables: Value) -> i64 {
    let data = admin.data(mutation, variables).await;
    data[field]["account"]["version"].as_i64().unwrap_or_else(|| panic!("{data:#}"))
}

async fn a_lock_holds_at_once(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let open = Open::of(&app).await;
    let replica = app.replica();
    for process in [&app, &replica] {
        for token in open.tokens() {
            assert_proof(process, token, "office").await;
        }
    }
    assert_eq!(changed(&admin, LOCK, "lockAccount", json!({ "id": open.id, "v": 1 })).await, 2);
    for process in [&app, &replica] {
        for token in open.tokens() {
            assert_no_proof(process, token, "the account is locked").await;
        }
    }
    let refused = app.data(super::REFRESH, json!({ "t": open.sessions[0].session["refreshToken"] })).await;
    assert!(refused["refreshSession"]["session"].is_null(), "nor is anything renewed");
    let sign_in = app.data(include_str!("../contract/06-sign-in.graphql"), json!({ "username": "office", "password": PASSWORD })).await;
    assert_eq!(sign_in["signIn"]["errors"][0]["code"], "ACCOUNT_LOCKED");
    assert_eq!(app.number("SELECT count(*) FROM session WHERE end_reason = 'ACCOUNT_CHANGED'").await, 2);
}

async fn a_transfer_holds_at_once(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let (here, there) = (app.create("here", Role::Unit, "yanzhou").await, app.create("there", Role::Unit, "taibai-lake").await);
    let open = Open::of(&app).await;
    let seen = "{ viewer { account { jurisdiction { code } } } here: account(username: \"here\") { id } there: account(username: \"there\") { id } accounts(first: 9) { totalCount } }";
    let replica = app.replica();
    for process in [&app, &replica] {
        for token in open.tokens() {
            let data = process.bearing(token).data(seen, json!({})).await;
            assert_eq!(data["viewer"]["account"]["jurisdiction"]["code"], "yanzhou");
            assert!(data["here"].is_object() && data["there"].is_null(), "{data}");
        }
    }
    changed(&admin, TRANSFER, "transferAccount", json!({ "id": open.id, "v": 1, "to": "taibai-lake" })).await;
    for process in [&app, &replica] {
        for token in open.tokens() {
            let data = process.bearing(token).data(seen, json!({})).await;
            assert_eq!(data["viewer"]["account"]["jurisdiction"]["code"], "taibai-lake");
            assert!(data["here"].is_null() && data["there"].is_object(), "{data}");
            assert_eq!(data["accounts"]["totalCount"], 2, "itself and the other");
        }
    }
    let lock = |id: entity::AccountId| json!({ "id": crate::support::global("account", id.0), "v": 1 });
    let session = &open.sessions[0];
    assert_eq!(session.error(LOCK, lock(here.id)).await["extensions"]["code"], "NOT_FOUND");
    changed(session, LOCK, "lockAccount", lock(there.id)).await;
}

async fn another_role_holds_at_once(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let unit = app.create("unit", Role::Unit, "yanzhou").await;
    let open = Open::of(&app).await;
    let audit = "{ auditEvents(first: 1) { nodes { id } } }";
    let lock = json!({ "id": crate::support::global("account", unit.id.0), "v": 1 });
    for token in open.tokens() {
        app.bearing(token).data(audit, json!({})).await;
    }
    changed(&admin, ROLE, "changeAccount", json!({ "id": open.id, "v": 1, "role": "LEADER" })).await;
    for process in [&app, &app.replica()] {
        for token in open.tokens() {
            let asker = process.bearing(token);
            assert_eq!(asker.data(WHO, json!({})).await["viewer"]["account"]["role"], "LEADER");
            let refused = asker.error(audit, json!({})).await;
            assert_eq!(refused["extensions"], json!({ "code": "FORBIDDEN", "reason": "ROLE_MAY_NOT" }));
            let refused = asker.error(LOCK, lock.clone()).await;
            let reason = if token == open.secret { "NOT_BY_KEY" } else { "ROLE_MAY_NOT" };
            assert_eq!(refused["extensions"], json!({ "code": "FORBIDDEN", "reason": reason }));
        }
    }
    assert_eq!(audited(&app, "action = 'LOCK_ACCOUNT' AND outcome = 'DENIED' AND actor_role = 'LEADER'").await, 6);
    // And what is given, in the same session.
    changed(&admin, ROLE, "changeAccount", json!({ "id": open.id, "v": 2, "role": "ADMIN" })).await;
    for token in open.tokens() {
        let data = app.bearing(token).data("{ accounts(first: 9) { totalCount } }", json!({})).await;
        assert_eq!(data["accounts"]["totalCount"], 3);
    }
    changed(&open.sessions[0], LOCK, "lockAccount", lock).await;
}

async fn another_password_holds_at_once(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let open = Open::of(&app).await;
    let reset = "mutation($id: ID!) { resetPassword(input: { id: $id, expectedVersion: 1 }) { password account { passwordTemporary } } }";
    let data = admin.data(reset, json!({ "id": open.id })).await;
    let password = &data["resetPassword"]["password"];
    assert!(password.is_string() && data["resetPassword"]["account"]["passwordTemporary"] == true, "{data:#}");
    for process in [&app, &app.replica()] {
        for token in open.tokens() {
            assert_no_proof(process, token, "the password was reset").await;
        }
    }
    for session in &open.sessions {
        let refused = app.data(super::REFRESH, json!({ "t": session.session["refreshToken"] })).await;
        assert!(refused["refreshSession"]["session"].is_null());
    }
    let sign_in = include_str!("../contract/06-sign-in.graphql");
    let old = app.data(sign_in, json!({ "username": "office", "password": PASSWORD })).await;
    assert_eq!(old["signIn"]["errors"][0]["code"], "INVALID_CREDENTIALS");
    let new = app.data(sign_in, json!({ "username": "office", "password": password })).await;
    let token = new["signIn"]["session"]["accessToken"].as_str().expect("a token").to_owned();
    // Somebody else knows this password: until it is changed, little is left to do with it.
    let refused = app.bearing(&token).error("{ auditEvents(first: 1) { nodes { id } } }", json!({})).await;
    assert_eq!(refused["extensions"], json!({ "code": "FORBIDDEN", "reason": "PASSWORD_TEMPORARY" }));
    assert_proof(&app, &token, "office").await;
}

async fn another_name_holds_at_once(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let open = Open::of(&app).await;
    let rename =
        "mutation($id: ID!) { changeAccount(input: { id: $id, expectedVersion: 1, username: \"renamed\" }) { account { version } } }";
    changed(&admin, rename, "changeAccount", json!({ "id": open.id })).await;
    for token in open.tokens() {
        assert_proof(&app, token, "renamed").await;
    }
    open.sessions[0].data("mutation { signOutEverywhere { ended } }", json!({})).await;
    assert_eq!(audited(&app, "action = 'SIGN_OUT_EVERYWHERE' AND actor_username = 'renamed'").await, 1);
}
