//! The accounts between which things are refused, and what each mutation is asked with.

use std::collections::HashMap;

use entity::{Action, AuditSubject, Role};
use minsheng::{
    access::{root_field::MUTATIONS, viewer::Viewer},
    domain::people::account::Account,
    store::Visible,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::work::{self, Work};
use crate::support::{actor::PASSWORD, app::App, app::Reply, global};

/// The accounts that something is tried on, and where they are. Yanzhou and Taibai Lake are siblings below the city.
const TARGETS: [(&str, Role, &str); 6] = [
    ("target", Role::Unit, "yanzhou"),
    ("locked", Role::Unit, "yanzhou"),
    ("city-target", Role::Unit, "jining"),
    ("city-locked", Role::Unit, "jining"),
    ("peer", Role::Office, "yanzhou"),
    ("peer-locked", Role::Office, "yanzhou"),
];

/// Those who try.
const CALLERS: [(&str, Role, &str); 9] = [
    ("admin", Role::Admin, "jining"),
    ("city-office", Role::Office, "jining"),
    ("office", Role::Office, "yanzhou"),
    ("sibling", Role::Office, "taibai-lake"),
    ("unit", Role::Unit, "yanzhou"),
    ("leader", Role::Leader, "yanzhou"),
    ("lake-leader", Role::Leader, "taibai-lake"),
    ("deputy", Role::Deputy, "yanzhou"),
    ("barred", Role::Admin, "jining"),
];

/// What something is tried on, as its owner's name and what of the owner's it is.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    pub id: Uuid,
    pub version: i32,
    pub session: Uuid,
    pub ended_session: Uuid,
    pub key: Uuid,
    pub revoked_key: Uuid,
    pub refresh_token: String,
}

pub struct Scene<'a> {
    pub app: &'a App,
    pub things: HashMap<String, Thing>,
    /// What callers present, by their names; the public presents nothing.
    tokens: HashMap<String, String>,
    units: HashMap<&'static str, String>,
    pub work: Work,
}

impl<'a> Scene<'a> {
    pub async fn of(app: &'a App) -> Self {
        let units = HashMap::from([
            ("jining", global("unit", app.a_unit("jining").await.0)),
            ("yanzhou", global("unit", app.a_unit("yanzhou").await.0)),
            ("taibai-lake", global("unit", app.a_unit("taibai-lake").await.0)),
        ]);
        let mut scene = Self { app, things: HashMap::new(), tokens: HashMap::new(), units, work: Work::default() };
        for (name, role, jurisdiction) in TARGETS.into_iter().chain(CALLERS) {
            let account = app.create(name, role, jurisdiction).await;
            scene.add(name, &account).await;
        }
        for (name, account) in work::add_units(app).await {
            scene.add(name, &account).await;
        }
        scene.add_keys().await;
        scene.add_temporary().await;
        work::set(&mut scene).await;
        for name in ["locked", "city-locked", "peer-locked"] {
            scene.lock(name).await;
        }
        // Its session stays open: that it is locked must be enough.
        app.execute("UPDATE account SET locked_at = 1, lock_reason = 'tests' WHERE username = 'barred'").await.expect("locked");
        scene
    }

    async fn add(&mut self, name: &str, account: &Account) {
        let ended = self.app.sign_in(name).await;
        let ended_session = self.session_of(ended.bearer()).await;
        ended.data("mutation { signOut { ended } }", json!({})).await;
        let actor = self.app.sign_in(name).await;
        let new_key = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }";
        let mut keys = Vec::new();
        for name in ["one", "two"] {
            let input = json!({ "name": name, "expiresAt": "2027-01-01T00:00:00+08:00" });
            let made = actor.data(new_key, json!({ "input": input })).await;
            keys.push(bare(&made["createApiKey"]["apiKey"]["id"]));
        }
        let revoke = "mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }";
        actor.data(revoke, json!({ "input": { "id": global("apikey", keys[1]) } })).await;
        let thing = Thing {
            id: account.id.0,
            version: account.version,
            session: self.session_of(actor.bearer()).await,
            ended_session,
            key: keys[0],
            revoked_key: keys[1],
            refresh_token: actor.session["refreshToken"].as_str().expect("a token").to_owned(),
        };
        self.tokens.insert(name.to_owned(), actor.bearer().to_owned());
        self.things.insert(name.to_owned(), thing);
    }

    async fn session_of(&self, bearer: &str) -> Uuid {
        let data = self.app.bearing(bearer).data("{ viewer { sessions { id current } } }", json!({})).await;
        let sessions = data["viewer"]["sessions"].as_array().expect("sessions");
        bare(&sessions.iter().find(|session| session["current"] == true).expect("the current one")["id"])
    }

    /// Keys of the admin, who may do most: what is refused to them is refused because of the key.
    async fn add_keys(&mut self) {
        for (name, rights) in [("read-key", "READ"), ("full-key", "FULL")] {
            let input = json!({ "name": name, "rights": rights, "expiresAt": "2027-01-01T00:00:00+08:00" });
            let new_key = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }";
            let made = self.bearing("admin").data(new_key, json!({ "input": input })).await;
            let secret = made["createApiKey"]["secret"].as_str().expect("a secret").to_owned();
            // The first use is noted, and another within a minute is not.
            self.app.bearing(&secret).data("{ viewer { account { id } } }", json!({})).await;
            self.tokens.insert(name.to_owned(), secret);
        }
    }

    /// An admin whose password somebody else knows.
    async fn add_temporary(&mut self) {
        let account = self.app.create("temporary", Role::Admin, "jining").await;
        let reset = "mutation($input: AccountInput!) { resetPassword(input: $input) { password } }";
        let input = json!({ "id": global("account", account.id.0), "expectedVersion": account.version });
        let password = self.bearing("admin").data(reset, json!({ "input": input })).await["resetPassword"]["password"].clone();
        let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }";
        let input = json!({ "username": "temporary", "password": password });
        let token = self.app.data(sign_in, json!({ "input": input })).await["signIn"]["session"]["accessToken"].clone();
        self.tokens.insert("temporary".to_owned(), token.as_str().expect("signed in").to_owned());
        self.things.insert("temporary".to_owned(), Thing { id: account.id.0, version: account.version + 1, ..Thing::default() });
    }

    async fn lock(&mut self, name: &str) {
        let thing = self.things.get_mut(name).expect("an account");
        let id = entity::AccountId(thing.id);
        let locked = self.app.service.lock_account(&self.app.operator(), id, thing.version.into(), "tests").await.expect("locked");
        thing.version = locked.version;
    }

    /// Reads the version of something, which may have changed.
    pub async fn look_again(&mut self, name: &str) {
        if self.work.known(name).is_some() {
            return work::look_again(self, name).await;
        }
        let Some(thing) = self.things.get_mut(name) else { return };
        let visible = Visible::new(self.app.database.clone(), Viewer::Operator);
        thing.version = visible.account(entity::AccountId(thing.id)).await.expect("a row").expect("an account").version;
    }

    pub fn bearing(&self, caller: &str) -> crate::support::actor::Actor<'a> {
        self.app.bearing(&self.tokens[caller])
    }

    /// Asks for a mutation in a caller's name, with a request id to find its event by.
    pub async fn ask(&self, caller: &str, mutation: &str, input: &Value, request_id: &str) -> Reply {
        let variables = if input.is_null() { json!({}) } else { json!({ "input": input }) };
        let bearer = self.tokens.get(caller).map(|token| format!("Bearer {token}"));
        let mut headers = vec![("x-request-id", request_id)];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        self.app.post_with(&document(mutation), variables, &headers).await
    }

    /// What a mutation is asked with to be done to something of `owner`, all right but for who asks; and what it is about.
    pub fn input(&self, mutation: &str, owner: &str) -> (Value, Option<(AuditSubject, Uuid)>) {
        let Some(thing) = self.things.get(owner) else { return self.work.input(mutation, owner) };
        let account = json!({ "id": global("account", thing.id), "expectedVersion": thing.version });
        let about_account = Some((AuditSubject::Account, thing.id));
        match mutation {
            "changeAccount" => (with(account, &json!({ "username": format!("{owner}-renamed") })), about_account),
            "lockAccount" => (with(account, &json!({ "reason": "left" })), about_account),
            "resetPassword" | "unlockAccount" => (account, about_account),
            "transferAccount" => (with(account, &json!({ "jurisdiction": "yanzhou", "unit": self.unit("yanzhou") })), about_account),
            "createAccount" => (json!({ "username": "made", "role": "DEPUTY", "jurisdiction": "yanzhou" }), None),
            "createApiKey" => (json!({ "name": "dashboard", "rights": "READ", "expiresAt": "2027-01-01T00:00:00+08:00" }), None),
            "revokeApiKey" => (json!({ "id": global("apikey", thing.key) }), Some((AuditSubject::ApiKey, thing.key))),
            "endSession" => (json!({ "id": global("session", thing.session) }), Some((AuditSubject::Session, thing.session))),
            "changePassword" => (json!({ "currentPassword": PASSWORD, "newPassword": "lantern-orchid-88-Tarn" }), None),
            "signIn" => (json!({ "username": owner, "password": PASSWORD }), about_account),
            "refreshSession" => (json!({ "refreshToken": thing.refresh_token }), Some((AuditSubject::Session, thing.session))),
            "signOut" | "signOutEverywhere" => (Value::Null, None),
            unknown => panic!("say here what {unknown} is asked with"),
        }
    }

    /// A unit that does work itself.
    pub fn unit(&self, jurisdiction: &str) -> &str {
        &self.units[jurisdiction]
    }
}

/// The input with other values for some of its fields.
///
/// Of several inputs each gets them; other inputs take their place.
pub fn with(mut input: Value, other: &Value) -> Value {
    if other.is_array() {
        return other.clone();
    }
    if let Value::Array(inputs) = input {
        return inputs.into_iter().map(|input| with(input, other)).collect();
    }
    for (field, value) in other.as_object().expect("fields") {
        input[field] = value.clone();
    }
    input
}

/// What a mutation does.
pub fn action(mutation: &str) -> Action {
    MUTATIONS.iter().find(|(name, _)| *name == mutation).expect("a mutation").1
}

fn document(mutation: &str) -> String {
    let input = match mutation {
        "signOut" | "signOutEverywhere" => return format!("mutation {{ {mutation} {{ errors {{ code field }} }} }}"),
        "resetPassword" | "unlockAccount" => "AccountInput".to_owned(),
        "returnCompletion" | "suspendTask" => "TaskReasonInput".to_owned(),
        "resumeTask" => "TaskInput".to_owned(),
        _ => format!("{}{}Input", mutation[..1].to_uppercase(), mutation[1..].trim_end_matches("Batch")),
    };
    if mutation.ends_with("Batch") {
        return format!("mutation($input: [{input}!]!) {{ {mutation}(inputs: $input) {{ errors {{ code field }} }} }}");
    }
    format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ errors {{ code field }} }} }}")
}

/// The bare id of a global one.
pub fn bare(id: &Value) -> Uuid {
    let id: type_safe_id::TypeSafeId<type_safe_id::DynamicType> = id.as_str().expect("an id").parse().expect("an id");
    id.uuid()
}
