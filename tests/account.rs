//! Accounts: managed by those who look after them, one change after another, with one event each and no secret left anywhere.

mod list;
mod permission;
mod race;

use entity::{AuditOutcome, AuditSubject, Role};
use serde_json::{Value, json};

use crate::{
    cases,
    refusal::{last_events, last_number, texts},
    support::{
        actor::{Actor, PASSWORD},
        app::{App, Reply},
        global,
    },
};
use list::{an_office_sees_exactly_its_accounts, filters_choose_and_pages_cover, what_a_filter_may_not_be};
use permission::{a_temporary_password_opens_nothing_but_its_change, viewers_are_told_what_they_may_do, viewers_may_do_what_they_are_told};
use race::{
    of_many_changes_at_once_one_wins, of_many_keys_at_once_no_more_are_made_than_allowed, of_two_accounts_that_look_alike_one_is_made,
    of_two_accounts_with_one_name_one_is_made, of_two_changes_at_once_one_wins, the_last_admin_stays, two_admins_cannot_remove_each_other,
};

cases![
    those_who_look_after_accounts_manage_them,
    an_old_version_gets_what_there_is_now,
    a_name_is_taken_in_all_its_forms,
    a_name_that_is_taken_for_another_is_refused,
    a_unit_of_elsewhere_or_of_many_is_refused,
    of_two_changes_at_once_one_wins,
    of_many_changes_at_once_one_wins,
    of_many_keys_at_once_no_more_are_made_than_allowed,
    two_admins_cannot_remove_each_other,
    the_last_admin_stays,
    of_two_accounts_with_one_name_one_is_made,
    of_two_accounts_that_look_alike_one_is_made,
    a_temporary_password_opens_nothing_but_its_change,
    viewers_are_told_what_they_may_do,
    viewers_may_do_what_they_are_told,
    filters_choose_and_pages_cover,
    what_a_filter_may_not_be,
    an_office_sees_exactly_its_accounts,
];

/// A mutation of accounts with all that it answers.
fn document(mutation: &str) -> String {
    let (input, password) = match mutation {
        "createAccount" => ("CreateAccountInput", "password"),
        "resetPassword" => ("AccountInput", "password"),
        "unlockAccount" => ("AccountInput", ""),
        "changeAccount" => ("ChangeAccountInput", ""),
        "transferAccount" => ("TransferAccountInput", ""),
        "lockAccount" => ("LockAccountInput", ""),
        unknown => panic!("{unknown} is no mutation of accounts"),
    };
    format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{
           account {{ id username role version changedBy passwordTemporary externalSubject lock {{ reason }} jurisdiction {{ code }} unit {{ id }} }}
           errors {{ code field message }} {password}
         }} }}"
    )
}

impl Actor<'_> {
    /// Asks for a mutation of accounts.
    async fn ask(&self, mutation: &str, input: Value) -> Reply {
        self.post(&document(mutation), json!({ "input": input })).await
    }

    /// What comes of a mutation of accounts that is done, or has faults.
    async fn payload(&self, mutation: &str, input: Value) -> Value {
        let reply = self.ask(mutation, input).await;
        assert!(reply.body.get("errors").is_none(), "{mutation}: {}", reply.text);
        reply.body["data"][mutation].clone()
    }

    /// The faults of a mutation of accounts.
    async fn faults(&self, mutation: &str, input: Value) -> Vec<String> {
        let payload = self.payload(mutation, input).await;
        let faults = payload["errors"].as_array().expect("errors").iter();
        faults.map(|fault| fault["code"].as_str().expect("a code").to_owned()).collect()
    }
}

/// An account that is managed from its making to another password, with what was answered on the way and must not be found again.
struct Course<'a> {
    app: &'a App,
    manager: &'a Actor<'a>,
    account: Value,
    answers: Vec<String>,
    secrets: Vec<String>,
}

impl Course<'_> {
    /// Does one thing, of which one event tells what changed.
    async fn step(&mut self, mutation: &str, input: &Value, changes: &Value) {
        let mut input = input.clone();
        if mutation != "createAccount" {
            input["id"] = self.account["id"].clone();
            input["expectedVersion"] = self.account["version"].clone();
        }
        let number = last_number(self.app).await;
        let reply = self.manager.ask(mutation, input).await;
        let payload = &reply.body["data"][mutation];
        assert_eq!(payload["errors"], json!([]), "{mutation} by {}: {}", self.manager.username, reply.text);
        assert_eq!(last_number(self.app).await, number + 1, "{mutation}: one event");
        let event = last_events(self.app, 1).await.swap_remove(0);
        assert_eq!(event.outcome, AuditOutcome::Succeeded);
        assert_eq!(serde_json::to_value(event.action).expect("a word"), screaming(mutation));
        assert_eq!(event.actor.map(|actor| actor.username), Some(self.manager.username.clone()));
        let subject = event.subject.map(|subject| (subject.kind, global("account", subject.id)));
        assert_eq!(subject, Some((AuditSubject::Account, payload["account"]["id"].as_str().expect("an id").to_owned())));
        let recorded: Value = serde_json::from_str(&event.changes).expect("JSON");
        for (field, change) in changes.as_object().expect("changes") {
            assert_eq!(&recorded[field], change, "{mutation} by {}: {recorded:#}", self.manager.username);
        }
        if mutation != "createAccount" {
            let versions = [&self.account["version"], &payload["account"]["version"]].map(|version| version.as_i64().expect("a number"));
            assert_eq!(versions[0] + 1, versions[1], "{mutation}");
            assert_eq!(recorded.as_object().map(serde_json::Map::len), changes.as_object().map(serde_json::Map::len), "{recorded:#}");
        }
        assert_eq!(payload["account"]["changedBy"], self.manager.username.as_str(), "{mutation}");
        if let Some(password) = payload.get("password") {
            self.secrets.push(password.as_str().expect("a password").to_owned());
        }
        self.account = payload["account"].clone();
        self.answers.push(reply.text);
    }

    /// Signs in with the last password that was shown.
    async fn sign_in(&mut self) -> Value {
        let sign_in =
            "mutation($u: String!, $p: String!) { signIn(input: { username: $u, password: $p }) { session { accessToken refreshToken } } }";
        let variables = json!({ "u": self.account["username"], "p": self.secrets.last() });
        let reply = self.app.post(sign_in, variables).await;
        let session = reply.body["data"]["signIn"]["session"].clone();
        for token in ["accessToken", "refreshToken"] {
            self.secrets.push(session[token].as_str().unwrap_or_else(|| panic!("not signed in: {}", reply.text)).to_owned());
        }
        self.answers.push(reply.text);
        session
    }
}

/// `LOCK_ACCOUNT` of `lockAccount`.
fn screaming(mutation: &str) -> String {
    mutation.chars().flat_map(|letter| letter.is_uppercase().then_some('_').into_iter().chain(letter.to_uppercase())).collect()
}

async fn those_who_look_after_accounts_manage_them(app: App) {
    let managers = [
        app.actor("root", Role::Admin, "jining").await,
        app.actor("city-office", Role::Office, "jining").await,
        app.actor("yanzhou-office", Role::Office, "yanzhou").await,
    ];
    let mut answers = Vec::new();
    let mut secrets = Vec::new();
    for (manager, role, from, to) in [
        (0, "UNIT", "yanzhou", "taibai-lake"),
        (0, "OFFICE", "taibai-lake", "jining"),
        (0, "ADMIN", "jining", "yanzhou"),
        (1, "UNIT", "taibai-lake", "jining"),
        (1, "LEADER", "jining", "yanzhou"),
        (1, "DEPUTY", "jining-etdz", "jining-etdz"),
        (2, "UNIT", "yanzhou", "yanzhou"),
        (2, "LEADER", "yanzhou", "yanzhou"),
        (2, "DEPUTY", "yanzhou", "yanzhou"),
    ] {
        let mut course = Course { app: &app, manager: &managers[manager], account: Value::Null, answers: Vec::new(), secrets: Vec::new() };
        let name = format!("managed-{manager}-{}", role.to_lowercase());
        let unit_of = async |code: &'static str| if role == "UNIT" { json!(global("unit", app.a_unit(code).await.0)) } else { Value::Null };
        let made = json!({ "username": name, "role": role, "jurisdiction": from, "unit": unit_of(from).await });
        let is = |before: &Value, after: &Value| json!({ "before": before, "after": after });
        course
            .step("createAccount", &made, &json!({ "username": is(&Value::Null, &json!(name)), "role": is(&Value::Null, &json!(role)) }))
            .await;
        assert_eq!([&course.account["role"], &course.account["jurisdiction"]["code"]], [role, from]);
        assert_eq!(course.account["passwordTemporary"], true);
        let session = course.sign_in().await;
        let renamed = format!("{name}-renamed");
        course.step("changeAccount", &json!({ "username": renamed }), &json!({ "username": is(&json!(name), &json!(renamed)) })).await;
        let subject = format!("subject-{name}");
        course
            .step("changeAccount", &json!({ "externalSubject": subject }), &json!({ "externalSubject": is(&Value::Null, &json!(subject)) }))
            .await;
        let moved = json!({ "jurisdiction": to, "unit": unit_of(to).await });
        course.step("transferAccount", &moved, &moves(&app, from, to, role == "UNIT").await).await;
        assert_eq!(course.account["jurisdiction"]["code"], to);
        let locks = json!({ "lockReason": is(&Value::Null, &json!("退休")), "openSessions": is(&json!(1), &json!(0)) });
        course.step("lockAccount", &json!({ "reason": " 退休 " }), &locks).await;
        let out = app.bearing(session["accessToken"].as_str().expect("a token"));
        assert_eq!(out.post("{ viewer { account { id } } }", json!({})).await.status, 401, "a lock holds at once");
        course.step("unlockAccount", &json!({}), &json!({ "lockReason": is(&json!("退休"), &Value::Null) })).await;
        let masked = json!("***");
        course.step("resetPassword", &json!({}), &json!({ "password": is(&masked, &masked) })).await;
        course.sign_in().await;
        answers.append(&mut course.answers);
        secrets.append(&mut course.secrets);
    }
    assert_eq!(secrets.len(), 9 * 6);
    let (readable, events) = read_everything(&managers[0]).await;
    assert!(events >= 9 * 9, "{events} events were read");
    answers.extend(readable);
    for secret in &secrets {
        assert_eq!(answers.iter().filter(|answer| answer.contains(secret)).count(), 1, "a secret is shown once");
    }
    let stored = "SELECT password_hash FROM account UNION ALL SELECT token_hash FROM refresh_token";
    secrets.extend(texts(&app, stored).await);
    secrets.push(PASSWORD.to_owned());
    for secret in &secrets[9 * 6..] {
        assert!(!answers.iter().any(|answer| answer.contains(secret)), "what is stored of a secret is never shown");
    }
    let rows =
        "SELECT changes || request_id || coalesce(reason, '') || coalesce(address, '') || coalesce(actor_username, '') FROM audit_event";
    for row in texts(&app, rows).await {
        assert!(!secrets.iter().any(|secret| row.contains(secret)), "{row}");
        assert!(!row.contains("argon2") && !row.contains("msr_") && !row.contains("msk_"), "{row}");
    }
}

/// What a transfer changes: the jurisdiction, and the unit where there is one.
async fn moves(app: &App, from: &str, to: &str, unit: bool) -> Value {
    let mut changes = json!({});
    if from != to {
        changes["jurisdiction"] = json!({ "before": from, "after": to });
    }
    if from != to && unit {
        let name = async |code: &str| {
            let id = global("unit", app.a_unit(code).await.0);
            let query = "query($id: ID!) { node(id: $id) { ... on Unit { name } } }";
            app.data(query, json!({ "id": id })).await["node"]["name"].clone()
        };
        changes["unit"] = json!({ "before": name(from).await, "after": name(to).await });
    }
    changes
}

/// All accounts and all events with all their fields, and how many events those are.
async fn read_everything(admin: &Actor<'_>) -> (Vec<String>, usize) {
    let accounts = "{ accounts(first: 100) { nodes {
        id username role hasPassword passwordTemporary externalSubject lock { at reason } version createdAt changedAt changedBy
        apiKeys { id name rights createdAt expiresAt revokedAt lastUsedAt } } } viewer { sessions { id address userAgent } } }";
    let mut answers = vec![admin.post(accounts, json!({})).await.text];
    let events = "query($after: String) { auditEvents(first: 100, after: $after) {
        nodes { id sequence at action outcome reason actor { id username role } credential changes requestId address subject { id } }
        pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut count) = (Value::Null, 0);
    loop {
        let reply = admin.post(events, json!({ "after": after })).await;
        let page = &reply.body["data"]["auditEvents"];
        count += page["nodes"].as_array().unwrap_or_else(|| panic!("{}", reply.text)).len();
        after = page["pageInfo"]["endCursor"].clone();
        let more = page["pageInfo"]["hasNextPage"] == true;
        answers.push(reply.text);
        if !more {
            return (answers, count);
        }
    }
}

async fn an_old_version_gets_what_there_is_now(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "yanzhou").await;
    let target = app.create("target", Role::Deputy, "yanzhou").await;
    let input = json!({ "id": global("account", target.id.0), "expectedVersion": 1, "username": "mine" });
    assert_eq!(admin.payload("changeAccount", input.clone()).await["account"]["version"], 2);
    app.pass(chrono::TimeDelta::minutes(1));
    let late = office.ask("changeAccount", input).await;
    let extensions = &late.body["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "STALE_VERSION", "{}", late.text);
    let changed_at = extensions["current"]["changedAt"].as_str().expect("a time");
    assert_eq!(chrono::DateTime::parse_from_rfc3339(changed_at).expect("a time"), app.now() - chrono::TimeDelta::minutes(1));
    let mut current = extensions["current"].clone();
    current["changedAt"] = Value::Null;
    let expected = json!({
        "version": 2, "username": "mine", "role": "DEPUTY", "locked": false, "changedAt": null, "changedBy": "root",
    });
    assert_eq!(current, expected);
    // With the version that it was told, the same change is made.
    let again = json!({ "id": global("account", target.id.0), "expectedVersion": 2, "username": "ours" });
    assert_eq!(office.payload("changeAccount", again).await["account"]["username"], "ours");
}

async fn a_name_is_taken_in_all_its_forms(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let first = app.create("Straße-1", Role::Deputy, "yanzhou").await;
    let other = app.create("other", Role::Deputy, "yanzhou").await;
    for form in ["Straße-1", "STRASSE-1", "strasse-1", "ＳＴＲＡＳＳＥ－１", " straße-1 ", "ｓｔｒａｓｓｅ-１"] {
        let new = json!({ "username": form, "role": "DEPUTY", "jurisdiction": "jining" });
        assert_eq!(admin.faults("createAccount", new).await, ["USERNAME_TAKEN"], "{form}");
        let change = json!({ "id": global("account", other.id.0), "expectedVersion": 1, "username": form });
        assert_eq!(admin.faults("changeAccount", change).await, ["USERNAME_TAKEN"], "{form}");
    }
    // Of its own name an account may take another form.
    let change = json!({ "id": global("account", first.id.0), "expectedVersion": 1, "username": "STRASSE-1" });
    assert_eq!(admin.payload("changeAccount", change).await["account"]["username"], "STRASSE-1");
    // So it is with who they are at the identity provider, letter by letter.
    let subject =
        |name: &str, subject: &str| json!({ "username": name, "role": "DEPUTY", "jurisdiction": "jining", "externalSubject": subject });
    let made = admin.payload("createAccount", subject("abroad", "Subject")).await;
    assert_eq!((&made["errors"], &made["password"]), (&json!([]), &Value::Null), "whoever signs in elsewhere gets no password");
    assert_eq!(admin.faults("createAccount", subject("abroad", "Subject")).await, ["USERNAME_TAKEN", "EXTERNAL_SUBJECT_TAKEN"]);
    assert_eq!(admin.faults("createAccount", subject("abroad-2", "subject")).await, Vec::<String>::new());
    let without = json!({ "id": made["account"]["id"], "expectedVersion": 1, "externalSubject": null });
    assert_eq!(admin.faults("changeAccount", without).await, ["CANNOT_SIGN_IN"]);
}

async fn a_name_that_is_taken_for_another_is_refused(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let target = app.create("yanzhou-office1", Role::Deputy, "yanzhou").await;
    let new = |name: &str| json!({ "username": name, "role": "DEPUTY", "jurisdiction": "jining" });
    let other = app.create("other", Role::Deputy, "yanzhou").await;
    for (name, code) in [
        ("yanzhou-officel", "USERNAME_LOOKS_LIKE_ANOTHER"),
        ("yanzhou-0fficeI", "USERNAME_LOOKS_LIKE_ANOTHER"),
        ("r0ot", "USERNAME_LOOKS_LIKE_ANOTHER"),
        ("r\u{43e}ot", "USERNAME_MIXED_SCRIPTS"),
        ("\u{430}dmin", "USERNAME_MIXED_SCRIPTS"),
    ] {
        assert_eq!(admin.faults("createAccount", new(name)).await, [code], "{name}");
        let change = json!({ "id": global("account", other.id.0), "expectedVersion": 1, "username": name });
        assert_eq!(admin.faults("changeAccount", change).await, [code], "{name}");
    }
    for name in ["yanzhou-office2", "兖州office-3", "兖州区督查室"] {
        assert_eq!(admin.faults("createAccount", new(name)).await, Vec::<String>::new(), "{name}");
    }
    // It may change into what looks like its own former name.
    let own = json!({ "id": global("account", target.id.0), "expectedVersion": 1, "username": "yanzhou-officel" });
    assert_eq!(admin.payload("changeAccount", own).await["account"]["username"], "yanzhou-officel");
    // Names of the former release, which did not ask, sign in and are looked after as before.
    let mixed = "\u{43e}ther";
    app.execute(&format!("UPDATE account SET username = '{mixed}', username_key = '{mixed}' WHERE username = 'other'"))
        .await
        .expect("renamed");
    app.sign_in(mixed).await;
    let lock = json!({ "id": global("account", other.id.0), "expectedVersion": 1, "reason": "离岗" });
    assert_eq!(admin.faults("lockAccount", lock).await, Vec::<String>::new());
}

async fn a_unit_of_elsewhere_or_of_many_is_refused(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    let office = app.actor("office", Role::Office, "jining").await;
    let account = app.create("target", Role::Unit, "yanzhou").await;
    let collective = async |code: &str| {
        let query = "query($code: String!) { units(filter: { jurisdiction: [$code], includeDescendants: false, kind: [COLLECTIVE] }, first: 1) { nodes { id } } }";
        app.data(query, json!({ "code": code })).await["units"]["nodes"][0]["id"].clone()
    };
    let of_many = [collective("yanzhou").await, collective("jining").await];
    assert!(of_many.iter().all(Value::is_string));
    let elsewhere = json!(global("unit", app.a_unit("taibai-lake").await.0));
    let id = global("account", account.id.0);
    for actor in [&admin, &office] {
        for unit in of_many.iter().chain([&elsewhere]) {
            let new = json!({ "username": "made", "role": "UNIT", "jurisdiction": "yanzhou", "unit": unit });
            assert_eq!(actor.faults("createAccount", new).await, ["UNIT_MISMATCH"]);
            let change = json!({ "id": id, "expectedVersion": 1, "unit": unit });
            assert_eq!(actor.faults("changeAccount", change).await, ["UNIT_MISMATCH"]);
            let transfer = json!({ "id": id, "expectedVersion": 1, "jurisdiction": "yanzhou", "unit": unit });
            assert_eq!(actor.faults("transferAccount", transfer).await, ["UNIT_MISMATCH"]);
        }
    }
    // Where the unit goes with the jurisdiction, and where the role goes with the unit, nothing is wrong.
    let transfer = json!({ "id": id, "expectedVersion": 1, "jurisdiction": "taibai-lake", "unit": elsewhere });
    assert_eq!(office.payload("transferAccount", transfer).await["account"]["unit"]["id"], elsewhere);
    let change = json!({ "id": id, "expectedVersion": 2, "role": "LEADER" });
    assert_eq!(office.payload("changeAccount", change).await["account"]["unit"], Value::Null);
}
