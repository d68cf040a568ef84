//! API keys: made, used, and stopped.

use chrono::{SecondsFormat, TimeDelta};
use entity::Role;
use minsheng::domain::audit::fingerprint;
use serde_json::{Value, json};

use super::{WHO, assert_no_proof, assert_proof, audited};
use crate::{
    cases,
    support::{
        actor::{Actor, PASSWORD},
        app::App,
    },
};

cases![
    a_secret_is_shown_once_and_stored_hashed,
    a_key_for_queries_changes_nothing,
    no_key_manages_how_anybody_signs_in,
    a_key_stops_by_itself_or_when_it_is_revoked,
    the_last_use_is_known_to_the_minute,
    what_cannot_be_a_key_is_named,
    an_account_has_twenty_keys_in_use,
    an_office_revokes_keys_of_those_it_looks_after,
    a_key_stops_with_its_account,
    a_temporary_password_makes_no_key,
];

const CREATE: &str = "mutation($name: String!, $rights: ApiKeyRights!, $until: DateTime!) {
  createApiKey(input: { name: $name, rights: $rights, expiresAt: $until }) {
    apiKey { id name rights createdAt expiresAt revokedAt lastUsedAt account { username } viewerCanRevoke { allowed } }
    secret
    errors { code field message }
  }
}";
const REVOKE: &str = "mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id revokedAt viewerCanRevoke { allowed reason } } errors { code } } }";
const KEYS: &str = "query($name: String!) { account(username: $name) { apiKeys { id name revokedAt lastUsedAt } } }";

/// A time from now, as callers write it.
pub(super) fn after(app: &App, span: TimeDelta) -> String {
    (app.now() + span).to_rfc3339_opts(SecondsFormat::Millis, true)
}

async fn create(actor: &Actor<'_>, name: &str, rights: &str, until: &str) -> Value {
    let data = actor.data(CREATE, json!({ "name": name, "rights": rights, "until": until })).await;
    data["createApiKey"].clone()
}

/// The id and the secret of a new key for thirty days.
pub(super) async fn key(app: &App, actor: &Actor<'_>, rights: &str) -> (Value, String) {
    let made = create(actor, "dashboard", rights, &after(app, TimeDelta::days(30))).await;
    assert_eq!(made["errors"], json!([]), "{made:#}");
    (made["apiKey"]["id"].clone(), made["secret"].as_str().expect("a secret").to_owned())
}

/// Which field of the input a fault is of.
fn field(fault: &Value) -> &str {
    let path = fault["field"].as_array().expect("a path");
    assert_eq!((path.len(), &path[0]), (2, &json!("input")), "{fault:#}");
    path[1].as_str().expect("a field")
}

fn codes(payload: &Value) -> Vec<(&str, &str)> {
    let errors = payload["errors"].as_array().expect("errors");
    errors.iter().map(|fault| (fault["code"].as_str().expect("a code"), field(fault))).collect()
}

async fn a_secret_is_shown_once_and_stored_hashed(app: App) {
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let until = after(&app, TimeDelta::days(366));
    let made = create(&office, "  督查大屏  ", "READ", &until).await;
    assert_eq!(made["errors"], json!([]));
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("msk_") && secret.len() >= 47, "it is recognised where it leaked, and not guessed");
    let key = &made["apiKey"];
    assert_eq!((&key["name"], &key["rights"], &key["account"]["username"]), (&json!("督查大屏"), &json!("READ"), &json!("office")));
    assert_eq!((&key["revokedAt"], &key["lastUsedAt"], &key["viewerCanRevoke"]["allowed"]), (&Value::Null, &Value::Null, &json!(true)));
    assert_proof(&app, &secret, "office").await;
    let stored = format!("SELECT count(*) FROM api_key WHERE secret_hash = '{}'", fingerprint(&secret));
    assert_eq!(app.number(&stored).await, 1);
    assert_eq!(app.number("SELECT count(*) FROM api_key WHERE secret_hash LIKE '%msk%'").await, 0);
    // Neither its owner nor the audit ever shows it again.
    let field = office.error("{ account(username: \"office\") { apiKeys { secret } } }", json!({})).await;
    assert_eq!(field["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let listed = office.data(KEYS, json!({ "name": "office" })).await;
    assert_eq!(listed["account"]["apiKeys"][0]["id"], key["id"]);
    assert_eq!(audited(&app, "action = 'CREATE_API_KEY' AND outcome = 'SUCCEEDED' AND subject = 'API_KEY'").await, 1);
    assert_eq!(audited(&app, &format!("changes LIKE '%{secret}%' OR changes LIKE '%{}%'", fingerprint(&secret))).await, 0);
    assert_eq!(audited(&app, "action = 'CREATE_API_KEY' AND changes LIKE '%\"secret\":{%***%***%}%'").await, 1);
    // Nearly the secret is not the secret.
    for wrong in [&secret[..secret.len() - 1], &format!("{secret}A"), &secret.to_ascii_uppercase(), &fingerprint(&secret), "msk_"] {
        assert_no_proof(&app, wrong, wrong).await;
    }
    assert_no_proof(&app, &format!("msk_{}", fingerprint(&secret)), "the stored hash").await;
}

async fn a_key_for_queries_changes_nothing(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let unit = app.actor("unit", Role::Unit, "yanzhou").await;
    let (id, secret) = key(&app, &admin, "READ").await;
    let program = app.bearing(&secret);
    assert_eq!(super::who(&program.data(WHO, json!({})).await), "root");
    let seen = program.data("{ accounts(first: 10) { totalCount } auditEvents(first: 1) { totalCount } }", json!({})).await;
    assert_eq!(seen["accounts"]["totalCount"], 2, "it reads what its account reads");
    // But for how its owner signs in: neither from where, nor what other keys there are.
    let (other, _) = key(&app, &admin, "FULL").await;
    let own = "query($id: ID!, $other: ID!) { viewer { sessions { id address } account { apiKeys { id } } }
        key: node(id: $id) { id } other: node(id: $other) { id } }";
    let variables = json!({ "id": id, "other": other });
    let seen = program.data(own, variables.clone()).await;
    assert_eq!(seen["viewer"], json!({ "sessions": [], "account": { "apiKeys": [{ "id": id }] } }));
    assert_eq!((&seen["key"]["id"], &seen["other"]), (&id, &Value::Null));
    let seen = admin.data(own, variables).await;
    assert_eq!(seen["viewer"]["sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(seen["viewer"]["account"]["apiKeys"].as_array().map(Vec::len), Some(2));
    let may = program.data("{ viewer { actions } }", json!({})).await;
    let may: Vec<&str> = may["viewer"]["actions"].as_array().expect("actions").iter().filter_map(Value::as_str).collect();
    assert!(may.contains(&"READ_AUDIT") && !may.contains(&"LOCK_ACCOUNT") && !may.contains(&"SIGN_OUT"), "{may:?}");
    let account = json!({ "id": unit.id(), "until": after(&app, TimeDelta::days(1)), "key": id });
    let mutations = [
        ("LOCK_ACCOUNT", "($id: ID!) { lockAccount(input: { id: $id, expectedVersion: 1, reason: \"x\" }) { errors { code } } }"),
        ("UNLOCK_ACCOUNT", "($id: ID!) { unlockAccount(input: { id: $id, expectedVersion: 1 }) { errors { code } } }"),
        ("RESET_PASSWORD", "($id: ID!) { resetPassword(input: { id: $id, expectedVersion: 1 }) { errors { code } } }"),
        ("CHANGE_ACCOUNT", "($id: ID!) { changeAccount(input: { id: $id, expectedVersion: 1, username: \"y\" }) { errors { code } } }"),
        (
            "TRANSFER_ACCOUNT",
            "($id: ID!) { transferAccount(input: { id: $id, expectedVersion: 1, jurisdiction: \"jining\" }) { errors { code } } }",
        ),
        ("CREATE_ACCOUNT", "{ createAccount(input: { username: \"new\", role: OFFICE, jurisdiction: \"jining\" }) { errors { code } } }"),
        ("CREATE_API_KEY", "($until: DateTime!) { createApiKey(input: { name: \"x\", expiresAt: $until }) { errors { code } } }"),
        ("REVOKE_API_KEY", "($key: ID!) { revokeApiKey(input: { id: $key }) { errors { code } } }"),
        ("CHANGE_PASSWORD", "{ changePassword(input: { currentPassword: \"a\", newPassword: \"b\" }) { errors { code } } }"),
        ("SIGN_OUT", "{ signOut { ended } }"),
        ("SIGN_OUT_EVERYWHERE", "{ signOutEverywhere { ended } }"),
    ];
    for (action, mutation) in mutations {
        let error = program.error(&format!("mutation{mutation}"), account.clone()).await;
        assert_eq!(error["extensions"], json!({ "code": "FORBIDDEN", "reason": "READ_ONLY_KEY" }), "{action}");
        let left = format!("action = '{action}' AND outcome = 'DENIED' AND reason = 'READ_ONLY_KEY' AND credential = 'API_KEY'");
        assert_eq!(audited(&app, &format!("{left} AND actor_username = 'root'")).await, 1, "{action}");
    }
    assert_eq!(audited(&app, "reason = 'READ_ONLY_KEY'").await, i64::try_from(mutations.len()).expect("a number"));
    let after = admin.data("{ accounts(first: 10) { nodes { username version lock { at } } } }", json!({})).await;
    assert_eq!(after["accounts"]["nodes"].as_array().map(Vec::len), Some(2), "{after}");
    unit.data(WHO, json!({})).await;
    admin.data(WHO, json!({})).await;
}

async fn no_key_manages_how_anybody_signs_in(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let unit = app.actor("unit", Role::Unit, "yanzhou").await;
    let (id, secret) = key(&app, &admin, "FULL").await;
    let program = app.bearing(&secret);
    let sessions = admin.data("{ viewer { sessions { id } } }", json!({})).await;
    let session = &sessions["viewer"]["sessions"][0]["id"];
    let variables = json!({ "id": unit.id(), "until": after(&app, TimeDelta::days(1)), "key": id, "session": session });
    for mutation in [
        "($until: DateTime!) { createApiKey(input: { name: \"x\", expiresAt: $until }) { secret } }",
        "($key: ID!) { revokeApiKey(input: { id: $key }) { errors { code } } }",
        "($id: ID!) { resetPassword(input: { id: $id, expectedVersion: 1 }) { password } }",
        "($session: ID!) { endSession(input: { id: $session }) { ended } }",
        "($id: ID!) { changeAccount(input: { id: $id, expectedVersion: 1, externalSubject: \"mine\" }) { errors { code } } }",
        "($id: ID!) { transferAccount(input: { id: $id, expectedVersion: 1, jurisdiction: \"jining\" }) { errors { code } } }",
        "($id: ID!) { lockAccount(input: { id: $id, expectedVersion: 1, reason: \"left\" }) { errors { code } } }",
        "($id: ID!) { unlockAccount(input: { id: $id, expectedVersion: 1 }) { errors { code } } }",
        "{ createAccount(input: { username: \"new\", role: ADMIN, jurisdiction: \"jining\" }) { password } }",
        "{ changePassword(input: { currentPassword: \"a\", newPassword: \"b\" }) { errors { code } } }",
        "{ signOut { ended } }",
        "{ signOutEverywhere { ended } }",
    ] {
        let error = program.error(&format!("mutation{mutation}"), variables.clone()).await;
        assert_eq!(error["extensions"], json!({ "code": "FORBIDDEN", "reason": "NOT_BY_KEY" }), "{mutation}");
    }
    assert_eq!(audited(&app, "reason = 'NOT_BY_KEY' AND outcome = 'DENIED' AND credential = 'API_KEY'").await, 12);
    admin.data(WHO, json!({})).await;
    unit.data(WHO, json!({})).await;
    // Nobody can lock the account of a key's owner out with the key, nor make accounts that outlive it.
    assert_eq!(app.number("SELECT count(*) FROM account WHERE version > 1 OR locked_at IS NOT NULL").await, 0);
}

async fn a_key_stops_by_itself_or_when_it_is_revoked(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let made = create(&office, "short", "READ", &after(&app, TimeDelta::minutes(5))).await;
    let short = made["secret"].as_str().expect("a secret").to_owned();
    let (id, long) = key(&app, &office, "READ").await;
    app.pass(TimeDelta::seconds(299));
    assert_proof(&app, &short, "office").await;
    app.pass(TimeDelta::seconds(1));
    assert_no_proof(&app, &short, "it has expired").await;
    let replica = app.replica();
    assert_proof(&replica, &long, "office").await;
    let revoked = office.data(REVOKE, json!({ "id": id })).await;
    assert_eq!(revoked["revokeApiKey"]["errors"], json!([]));
    assert!(revoked["revokeApiKey"]["apiKey"]["revokedAt"].is_string());
    assert_eq!(revoked["revokeApiKey"]["apiKey"]["viewerCanRevoke"], json!({ "allowed": false, "reason": "ALREADY_ENDED" }));
    assert_no_proof(&app, &long, "it was revoked").await;
    assert_no_proof(&replica, &long, "it was revoked, at another process").await;
    let again = office.error(REVOKE, json!({ "id": id })).await;
    assert_eq!(again["extensions"], json!({ "code": "FORBIDDEN", "reason": "ALREADY_ENDED" }));
}

async fn the_last_use_is_known_to_the_minute(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let (_, secret) = key(&app, &office, "READ").await;
    let used = async || {
        let data = app.bearing(&secret).data(KEYS, json!({ "name": "office" })).await;
        data["account"]["apiKeys"][0]["lastUsedAt"]
            .as_str()
            .map(|time| chrono::DateTime::parse_from_rfc3339(time).expect("a time").to_utc())
    };
    let first = app.now();
    assert_eq!(used().await, Some(first));
    app.pass(TimeDelta::seconds(59));
    assert_eq!(used().await, Some(first), "not every use is written");
    app.pass(TimeDelta::seconds(1));
    assert_eq!(used().await, Some(app.now()));
    // A refused use is none.
    let last = app.now();
    app.pass(TimeDelta::days(31));
    assert_no_proof(&app, &secret, "it has expired").await;
    let again = app.sign_in("office").await;
    let data = again.data(KEYS, json!({ "name": "office" })).await;
    let shown = data["account"]["apiKeys"][0]["lastUsedAt"].as_str().expect("a time").to_owned();
    assert_eq!(chrono::DateTime::parse_from_rfc3339(&shown).expect("a time").to_utc(), last);
}

async fn what_cannot_be_a_key_is_named(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let good = after(&app, TimeDelta::days(1));
    for name in ["", "   ", &"长".repeat(101), "\n", "\0\u{200b}", "\u{7}"] {
        assert_eq!(codes(&create(&office, name, "READ", &good).await), [("NAME", "name")], "{name:?}");
    }
    for until in [
        after(&app, TimeDelta::zero()),
        after(&app, -TimeDelta::seconds(1)),
        after(&app, TimeDelta::days(366) + TimeDelta::seconds(1)),
        "1970-01-01T00:00:00Z".into(),
        "9999-12-31T23:59:59Z".into(),
    ] {
        assert_eq!(codes(&create(&office, "good", "FULL", &until).await), [("EXPIRY", "expiresAt")], "{until}");
    }
    let both = create(&office, "", "READ", "1970-01-01T00:00:00Z").await;
    assert_eq!(codes(&both), [("NAME", "name"), ("EXPIRY", "expiresAt")]);
    assert!(both["apiKey"].is_null() && both["secret"].is_null());
    let refused = app.error(CREATE, json!({ "name": "x", "rights": "READ", "until": good })).await;
    assert_eq!(refused["extensions"], json!({ "code": "UNAUTHENTICATED", "reason": "SIGN_IN_FIRST" }));
    assert_eq!(app.number("SELECT count(*) FROM api_key").await, 0);
    assert_eq!(audited(&app, "action = 'CREATE_API_KEY' AND outcome = 'REJECTED'").await, 12);
    // What the public may do to nothing leaves no event.
    assert_eq!(audited(&app, "action = 'CREATE_API_KEY' AND outcome = 'DENIED'").await, 0);
    for name in ["长".repeat(100), "x".to_owned()] {
        assert_eq!(create(&office, &name, "READ", &after(&app, TimeDelta::days(366))).await["errors"], json!([]));
    }
}

async fn an_account_has_twenty_keys_in_use(app: App) {
    let office = app.actor("office", Role::Office, "jining").await;
    let short = create(&office, "short", "READ", &after(&app, TimeDelta::minutes(1))).await;
    assert_eq!(short["errors"], json!([]));
    let mut last = Value::Null;
    for _ in 0..19 {
        last = key(&app, &office, "READ").await.0;
    }
    let refused = create(&office, "one more", "READ", &after(&app, TimeDelta::days(1))).await;
    assert_eq!(codes(&refused), [("TOO_MANY_KEYS", "name")]);
    // What has expired or was revoked is not in use.
    app.pass(TimeDelta::minutes(1));
    key(&app, &office, "READ").await;
    assert_eq!(codes(&create(&office, "one more", "READ", &after(&app, TimeDelta::days(1))).await), [("TOO_MANY_KEYS", "name")]);
    office.data(REVOKE, json!({ "id": last })).await;
    key(&app, &office, "READ").await;
    // Nor can more be had by asking several times at once.
    for _ in 0..2 {
        let keys = office.data("{ viewer { account { apiKeys { id revokedAt expiresAt } } } }", json!({})).await;
        let keys = keys["viewer"]["account"]["apiKeys"].as_array().expect("keys").clone();
        let open = keys.iter().find(|key| key["revokedAt"].is_null() && key["expiresAt"] != short["apiKey"]["expiresAt"]).expect("a key");
        office.data(REVOKE, json!({ "id": open["id"] })).await;
    }
    let until = after(&app, TimeDelta::days(1));
    let at_once = (0..6).map(|_| create(&office, "at once", "READ", &until));
    let made = futures_util::future::join_all(at_once).await;
    assert_eq!(made.iter().filter(|made| made["secret"].is_string()).count(), 2, "{made:#?}");
    // Those of others do not count.
    let other = app.actor("other", Role::Office, "jining").await;
    key(&app, &other, "READ").await;
}

async fn an_office_revokes_keys_of_those_it_looks_after(app: App) {
    let unit = app.actor("unit", Role::Unit, "yanzhou").await;
    let office = app.actor("yanzhou-office", Role::Office, "yanzhou").await;
    let city = app.actor("city-office", Role::Office, "jining").await;
    let neighbour = app.actor("taibai-office", Role::Office, "taibai-lake").await;
    let (leader, colleague) = (app.actor("leader", Role::Leader, "yanzhou").await, app.actor("colleague", Role::Unit, "yanzhou").await);
    let (first, secret) = key(&app, &unit, "READ").await;
    let (second, _) = key(&app, &unit, "FULL").await;
    for stranger in [&neighbour, &leader, &colleague] {
        let error = stranger.error(REVOKE, json!({ "id": first })).await;
        assert_eq!(error["extensions"], json!({ "code": "NOT_FOUND" }), "{}", stranger.username);
        assert!(stranger.data(KEYS, json!({ "name": "unit" })).await["account"].is_null(), "{}", stranger.username);
        let node = stranger.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": first })).await;
        assert!(node["node"].is_null(), "{}", stranger.username);
    }
    assert_proof(&app, &secret, "unit").await;
    let seen = office.data(KEYS, json!({ "name": "unit" })).await;
    assert_eq!(seen["account"]["apiKeys"].as_array().map(Vec::len), Some(2));
    office.data(REVOKE, json!({ "id": first })).await;
    assert_no_proof(&app, &secret, "the office revoked it").await;
    city.data(REVOKE, json!({ "id": second })).await;
    assert_eq!(audited(&app, "action = 'REVOKE_API_KEY' AND outcome = 'SUCCEEDED'").await, 2);
    assert_eq!(audited(&app, "action = 'REVOKE_API_KEY' AND outcome = 'DENIED' AND reason = 'NOT_FOUND'").await, 3);
    // An office's own keys, and those of an admin, are not another office's to revoke.
    let admin = app.actor("root", Role::Admin, "jining").await;
    let (of_city, _) = key(&app, &city, "READ").await;
    let (of_admin, _) = key(&app, &admin, "READ").await;
    assert_eq!(office.error(REVOKE, json!({ "id": of_city })).await["extensions"]["code"], "NOT_FOUND");
    assert_eq!(city.error(REVOKE, json!({ "id": of_admin })).await["extensions"]["code"], "NOT_FOUND");
    admin.data(REVOKE, json!({ "id": of_city })).await;
    for nothing in ["", "nonsense", "apikey_01h455vb4pex5vsknk084sn02q", admin.id()] {
        assert_eq!(admin.error(REVOKE, json!({ "id": nothing })).await["extensions"]["code"], "NOT_FOUND", "{nothing}");
    }
}

async fn a_key_stops_with_its_account(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "jining").await;
    let (id, secret) = key(&app, &office, "FULL").await;
    let lock =
        "mutation($id: ID!, $v: Int!) { lockAccount(input: { id: $id, expectedVersion: $v, reason: \"left\" }) { account { version } } }";
    admin.data(lock, json!({ "id": office.id(), "v": 1 })).await;
    assert_no_proof(&app, &secret, "its account is locked").await;
    // A lock is undone as it was done, a password is not.
    let unlock = "mutation($id: ID!) { unlockAccount(input: { id: $id, expectedVersion: 2 }) { account { version } } }";
    admin.data(unlock, json!({ "id": office.id() })).await;
    assert_proof(&app, &secret, "office").await;
    assert_no_proof(&app, office.bearer(), "its session has ended").await;
    let reset = "mutation($id: ID!) { resetPassword(input: { id: $id, expectedVersion: 3 }) { password } }";
    assert!(admin.data(reset, json!({ "id": office.id() })).await["resetPassword"]["password"].is_string());
    assert_no_proof(&app, &secret, "its account's password was reset").await;
    let keys = admin.data(KEYS, json!({ "name": "office" })).await;
    assert!(keys["account"]["apiKeys"][0]["revokedAt"].is_string(), "{keys}");
    assert_eq!(admin.error(REVOKE, json!({ "id": id })).await["extensions"]["reason"], "ALREADY_ENDED");
}

async fn a_temporary_password_makes_no_key(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let made = "mutation { createAccount(input: { username: \"fresh\", role: OFFICE, jurisdiction: \"jining\" }) { password } }";
    let password = admin.data(made, json!({})).await["createAccount"]["password"].clone();
    let session = app.data(include_str!("../contract/06-sign-in.graphql"), json!({ "username": "fresh", "password": password })).await;
    let token = session["signIn"]["session"]["accessToken"].as_str().expect("a token").to_owned();
    let fresh = app.bearing(&token);
    let until = after(&app, TimeDelta::days(1));
    let refused = fresh.error(CREATE, json!({ "name": "x", "rights": "READ", "until": until })).await;
    assert_eq!(refused["extensions"], json!({ "code": "FORBIDDEN", "reason": "PASSWORD_TEMPORARY" }));
    let change =
        "mutation($c: String!, $n: String!) { changePassword(input: { currentPassword: $c, newPassword: $n }) { errors { code } } }";
    assert_eq!(fresh.data(change, json!({ "c": password, "n": PASSWORD })).await["changePassword"]["errors"], json!([]));
    assert_eq!(create(&fresh, "x", "READ", &until).await["errors"], json!([]));
}
