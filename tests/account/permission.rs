//! What a viewer is told it may do is what it may do.

use entity::Role;
use minsheng::access::root_field::MUTATIONS;
use serde_json::{Value, json};
use uuid::Uuid;

use super::document;
use crate::{
    refusal::OF_WORK,
    support::{
        actor::{Actor, PASSWORD},
        app::App,
        global,
    },
};

/// The mutations of accounts, in an order in which each meets accounts to be done to, with the field that speaks of each. What was
/// locked is locked again, and what was unlocked unlocked again, so that both answers are seen.
const STEPS: [(&str, &str); 7] = [
    ("changeAccount", "viewerCanChange"),
    ("transferAccount", "viewerCanTransfer"),
    ("unlockAccount", "viewerCanUnlock"),
    ("lockAccount", "viewerCanLock"),
    ("lockAccount", "viewerCanLock"),
    ("unlockAccount", "viewerCanUnlock"),
    ("resetPassword", "viewerCanResetPassword"),
];

const ASK: &str = "query($id: ID!) { node(id: $id) { ... on Account {
    username version jurisdiction { code } unit { id }
    viewerCanChange { allowed reason message } viewerCanTransfer { allowed reason message } viewerCanLock { allowed reason message }
    viewerCanUnlock { allowed reason message } viewerCanResetPassword { allowed reason message }
} } }";

const KEY: &str = "mutation($rights: ApiKeyRights!) { createApiKey(input: { name: \"key\", rights: $rights, expiresAt: \"2027-01-01T00:00:00Z\" }) { secret } }";

async fn key<'a>(app: &'a App, owner: &Actor<'_>, rights: &str) -> Actor<'a> {
    let made = owner.data(KEY, json!({ "rights": rights })).await;
    app.bearing(made["createApiKey"]["secret"].as_str().expect("a secret"))
}

/// An account whose password somebody else knows, signed in, with that password.
async fn temporary<'a>(app: &'a App, admin: &Actor<'_>, name: &str, role: Role, jurisdiction: &str) -> (Actor<'a>, Value, String) {
    let account = app.create(name, role, jurisdiction).await;
    let reset = admin.payload("resetPassword", json!({ "id": global("account", account.id.0), "expectedVersion": 1 })).await;
    let sign_in = "mutation($u: String!, $p: String!) { signIn(input: { username: $u, password: $p }) {
        session { accessToken refreshToken account { passwordTemporary } } } }";
    let session = app.data(sign_in, json!({ "u": name, "p": reset["password"] })).await["signIn"]["session"].clone();
    assert_eq!(session["account"]["passwordTemporary"], true, "{session:#}");
    let actor = app.bearing(session["accessToken"].as_str().expect("a token"));
    (actor, session, reset["password"].as_str().expect("a password").to_owned())
}

pub async fn viewers_may_do_what_they_are_told(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let viewers = [
        ("read key", key(&app, &admin, "READ").await),
        ("full key", key(&app, &admin, "FULL").await),
        ("temporary", temporary(&app, &admin, "temporary", Role::Admin, "jining").await.0),
        ("admin", admin),
        ("second admin", app.actor("second-admin", Role::Admin, "taibai-lake").await),
        ("city office", app.actor("city-office", Role::Office, "jining").await),
        ("office", app.actor("office", Role::Office, "yanzhou").await),
        ("sibling", app.actor("sibling", Role::Office, "taibai-lake").await),
        ("unit", app.actor("unit", Role::Unit, "yanzhou").await),
        ("leader", app.actor("leader", Role::Leader, "yanzhou").await),
        ("deputy", app.actor("deputy", Role::Deputy, "jining").await),
    ];
    let mut accounts = Vec::new();
    for (name, role, jurisdiction) in [
        ("a-unit", Role::Unit, "yanzhou"),
        ("a-leader", Role::Leader, "yanzhou"),
        ("a-deputy", Role::Deputy, "taibai-lake"),
        ("a-city-unit", Role::Unit, "jining"),
        ("an-office", Role::Office, "yanzhou"),
        ("an-admin", Role::Admin, "yanzhou"),
    ] {
        accounts.push(json!(global("account", app.create(name, role, jurisdiction).await.id.0)));
    }
    let (mut allowed, mut refused, mut hidden) = (0, 0, 0);
    for (viewer, actor) in &viewers {
        let own = actor.data("{ viewer { account { id } } }", json!({})).await["viewer"]["account"]["id"].clone();
        for id in accounts.iter().chain([&own]) {
            for (mutation, field) in STEPS {
                let node = actor.data(ASK, json!({ "id": id })).await["node"].clone();
                let what = format!("{mutation} by {viewer} on {}", node["username"]);
                let mut input = json!({ "id": id, "expectedVersion": if node.is_null() { json!(1) } else { node["version"].clone() } });
                match mutation {
                    // To what it is already: nothing moves, and that it may be done is shown all the same.
                    "transferAccount" => {
                        input["jurisdiction"] = if node.is_null() { json!("yanzhou") } else { node["jurisdiction"]["code"].clone() };
                        input["unit"] = node["unit"]["id"].clone();
                    }
                    "lockAccount" => input["reason"] = json!("tests"),
                    _ => {}
                }
                let reply = actor.post(&document(mutation), json!({ "input": input })).await;
                let error = &reply.body["errors"][0]["extensions"];
                if node.is_null() {
                    hidden += 1;
                    // Whoever may manage accounts at all is told that there is none; others that they manage none.
                    assert!(error["code"] == "NOT_FOUND" || error["code"] == "FORBIDDEN", "{what}: {}", reply.text);
                    continue;
                }
                let told = &node[field];
                assert_eq!(told["allowed"].as_bool(), Some(error.is_null()), "{what}: {told}\n{}", reply.text);
                assert_eq!(told["reason"], error["reason"], "{what}");
                assert_eq!(told["message"], reply.body["errors"][0]["message"], "{what}");
                if error.is_null() {
                    assert_eq!(reply.body["data"][mutation]["errors"], json!([]), "{what}: {}", reply.text);
                    allowed += 1;
                } else {
                    assert_eq!(error["code"], "FORBIDDEN", "{what}");
                    refused += 1;
                }
            }
        }
    }
    // All three happened, and often enough to mean something.
    assert!(allowed >= 80 && refused >= 80 && hidden >= 80, "{allowed} allowed, {refused} refused, {hidden} hidden");
}

const ANYBODY: [&str; 3] = ["READ_NOTICE", "SIGN_IN", "REFRESH_SESSION"];
const SIGNED_IN: [&str; 7] =
    ["READ_ACCOUNT", "SIGN_OUT", "SIGN_OUT_EVERYWHERE", "END_SESSION", "CHANGE_PASSWORD", "CREATE_API_KEY", "REVOKE_API_KEY"];
const MANAGES: [&str; 7] =
    ["READ_AUDIT", "CREATE_ACCOUNT", "CHANGE_ACCOUNT", "TRANSFER_ACCOUNT", "LOCK_ACCOUNT", "UNLOCK_ACCOUNT", "RESET_PASSWORD"];
/// What each role does to tasks, reports and notices: deputies and admins nothing.
fn work(role: Role) -> &'static [&'static str] {
    match role {
        Role::Unit => &["READ_COMPLIANCE", "SUBMIT_PROGRESS", "CLAIM_COMPLETION", "SAVE_PLAN", "ALLOCATE_TARGET", "RESOLVE_BLOCKER"],
        Role::Office => &[
            "READ_COMPLIANCE",
            "REVIEW_PROGRESS",
            "SAVE_PLAN",
            "ALLOCATE_TARGET",
            "RESOLVE_BLOCKER",
            "ACCEPT_COMPLETION",
            "RETURN_COMPLETION",
            "SUSPEND_TASK",
            "RESUME_TASK",
            "EXTEND_TASK",
            "CHANGE_REPORTING",
            "RECORD_MEETING",
            "ADOPT_RULE_SET",
        ],
        Role::Leader => &["READ_COMPLIANCE", "RECORD_MEETING"],
        Role::Deputy | Role::Admin => &[],
    }
}

pub async fn viewers_are_told_what_they_may_do(app: App) {
    let ask = "{ viewer { actions } }";
    let expect = |actions: &Value, expected: &[&[&str]], who: &str| {
        let mut actions: Vec<&str> = actions.as_array().expect("actions").iter().map(|action| action.as_str().expect("a word")).collect();
        let mut expected: Vec<&str> = expected.concat();
        actions.sort_unstable();
        expected.sort_unstable();
        assert_eq!(actions, expected, "{who}");
    };
    expect(&app.data(ask, json!({})).await["viewer"]["actions"], &[&ANYBODY], "the public");
    for (role, manages) in [(Role::Unit, false), (Role::Leader, false), (Role::Deputy, false), (Role::Office, true), (Role::Admin, true)] {
        for jurisdiction in ["jining", "yanzhou"] {
            let actor = app.actor(&format!("{role:?}-{jurisdiction}"), role, jurisdiction).await;
            let manages: &[&str] = if manages { &MANAGES } else { &[] };
            let expected: &[&[&str]] = &[&ANYBODY, &SIGNED_IN, manages, work(role)];
            expect(&actor.data(ask, json!({})).await["viewer"]["actions"], expected, &actor.username);
        }
    }
    let admin = app.sign_in("Admin-jining").await;
    let read = key(&app, &admin, "READ").await;
    expect(&read.data(ask, json!({})).await["viewer"]["actions"], &[&ANYBODY, &["READ_ACCOUNT", "READ_AUDIT"]], "a key for queries");
    let full = key(&app, &admin, "FULL").await;
    expect(&full.data(ask, json!({})).await["viewer"]["actions"], &[&ANYBODY, &["READ_ACCOUNT", "READ_AUDIT"]], "a full key");
    let unit = app.sign_in("Unit-yanzhou").await;
    let full = key(&app, &unit, "FULL").await;
    let expected: &[&[&str]] = &[&ANYBODY, &["READ_ACCOUNT"], work(Role::Unit)];
    expect(&full.data(ask, json!({})).await["viewer"]["actions"], expected, "a unit's full key");
    let read = key(&app, &unit, "READ").await;
    expect(
        &read.data(ask, json!({})).await["viewer"]["actions"],
        &[&ANYBODY, &["READ_ACCOUNT", "READ_COMPLIANCE"]],
        "a unit's key for queries",
    );
    let (barred, ..) = temporary(&app, &admin, "temporary", Role::Admin, "jining").await;
    expect(&barred.data(ask, json!({})).await["viewer"]["actions"], &[&ANYBODY, &SIGNED_IN[..5]], "a temporary password");
}

const INTERNAL: &str = "{ notice(jurisdiction: \"yanzhou\", year: 2024) { id } accounts { totalCount } viewer { account { username } } }";

pub async fn a_temporary_password_opens_nothing_but_its_change(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    app.create("deputy", Role::Deputy, "yanzhou").await;
    app.execute("UPDATE notice SET disclosure = 'WITHHELD' WHERE document_number = '济兖政发〔2024〕2号'").await.expect("hidden");
    let (office, session, password) = temporary(&app, &admin, "office", Role::Office, "yanzhou").await;
    let seen = office.data(INTERNAL, json!({})).await;
    assert_eq!(seen, json!({ "notice": null, "accounts": { "totalCount": 1 }, "viewer": { "account": { "username": "office" } } }));
    let audit = office.error("{ auditEvents { nodes { id } } }", json!({})).await;
    assert_eq!([&audit["extensions"]["code"], &audit["extensions"]["reason"]], ["FORBIDDEN", "PASSWORD_TEMPORARY"]);
    let open = ["changePassword", "endSession", "refreshSession", "signIn", "signOut", "signOutEverywhere"];
    // Those of the work are refused among the others, in `refusal`.
    for (mutation, _) in MUTATIONS.iter().filter(|(mutation, _)| !open.contains(mutation) && !OF_WORK.contains(mutation)) {
        let id = global(if *mutation == "revokeApiKey" { "apikey" } else { "account" }, Uuid::max());
        let (query, input) = match *mutation {
            "createApiKey" => (
                "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { errors { code } } }".to_owned(),
                json!({ "name": "key", "expiresAt": "2027-01-01T00:00:00Z" }),
            ),
            "revokeApiKey" => {
                ("mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { errors { code } } }".to_owned(), json!({ "id": id }))
            }
            "createAccount" => (document(mutation), json!({ "username": "made", "role": "DEPUTY", "jurisdiction": "yanzhou" })),
            "transferAccount" => (document(mutation), json!({ "id": id, "expectedVersion": 1, "jurisdiction": "yanzhou" })),
            "lockAccount" => (document(mutation), json!({ "id": id, "expectedVersion": 1, "reason": "tests" })),
            _ => (document(mutation), json!({ "id": id, "expectedVersion": 1 })),
        };
        let refused = office.error(&query, json!({ "input": input })).await;
        assert_eq!(refused["extensions"]["reason"], "PASSWORD_TEMPORARY", "{mutation}");
    }
    // Renewing the session does not help.
    let refresh = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { session { accessToken } } }";
    let renewed = app.data(refresh, json!({ "t": session["refreshToken"] })).await;
    let office = app.bearing(renewed["refreshSession"]["session"]["accessToken"].as_str().expect("a token"));
    assert_eq!(office.data(INTERNAL, json!({})).await, seen);
    // Nor is the password that was given a new one.
    let change = "mutation($c: String!, $n: String!) { changePassword(input: { currentPassword: $c, newPassword: $n }) {
        account { passwordTemporary } errors { code } } }";
    let same = office.data(change, json!({ "c": password, "n": password })).await;
    assert_eq!(same["changePassword"]["errors"], json!([{ "code": "PASSWORD_UNCHANGED" }]));
    assert_eq!(office.data(INTERNAL, json!({})).await, seen);
    let changed = office.data(change, json!({ "c": password, "n": PASSWORD })).await;
    assert_eq!(changed["changePassword"], json!({ "account": { "passwordTemporary": false }, "errors": [] }));
    // From the next request on everything is open, with the same token.
    let now = office.data(INTERNAL, json!({})).await;
    assert!(now["notice"]["id"].is_string(), "{now:#}");
    assert_eq!(now["accounts"]["totalCount"], 2);
    let made = json!({ "username": "made", "role": "DEPUTY", "jurisdiction": "yanzhou" });
    assert_eq!(office.payload("createAccount", made).await["errors"], json!([]));
}
