//! Accounts as test clients: each asks in its own name.

use entity::{Role, UnitId};
use minsheng::{
    access::{password::Password, viewer::Viewer},
    domain::audit::Occasion,
    service::{
        Call,
        people::account::{InitialPassword, NewAccount},
    },
};
use serde_json::{Value, json};

use super::app::{App, Reply};

/// The password of every account of the tests.
pub const PASSWORD: &str = "wisteria-quilt-57-Ngong";

const SIGN_IN: &str = include_str!("../contract/06-sign-in.graphql");

/// Somebody who has signed in.
pub struct Actor<'a> {
    app: &'a App,
    pub username: String,
    /// The answer to the sign-in.
    pub session: Value,
    bearer: String,
}

impl App {
    /// A call of the commands of the program.
    pub fn operator(&self) -> Call {
        Call {
            viewer: Viewer::Operator,
            occasion: Occasion { at: self.now(), request_id: "test".into(), address: None },
            user_agent: None,
            jurisdictions: None,
        }
    }

    /// Makes an account, of a unit where the role wants one, without signing in.
    pub async fn create(&self, username: &str, role: Role, jurisdiction: &str) -> minsheng::domain::people::account::Account {
        let unit = if role == Role::Unit { Some(self.a_unit(jurisdiction).await) } else { None };
        let new = NewAccount {
            username: username.to_owned(),
            role,
            jurisdiction: jurisdiction.to_owned(),
            unit,
            external_subject: None,
            password: InitialPassword::Given(Password::new(PASSWORD)),
        };
        self.service.create_account(&self.operator(), new).await.expect("an account").account
    }

    /// Makes an account of a unit and signs in with it.
    pub async fn of_unit(&self, username: &str, jurisdiction: &str, unit: &str) -> Actor<'_> {
        use minsheng::store::Visible;
        let visible = Visible::new(self.database.clone(), Viewer::Public);
        let tree = visible.jurisdictions().await.expect("jurisdictions");
        let place = tree.by_code(jurisdiction).expect("a jurisdiction").id;
        let unit = visible.unit_by_name(place, unit).await.expect("units").unwrap_or_else(|| panic!("no unit {unit}"));
        let new = NewAccount {
            username: username.to_owned(),
            role: Role::Unit,
            jurisdiction: jurisdiction.to_owned(),
            unit: Some(unit.id),
            external_subject: None,
            password: InitialPassword::Given(Password::new(PASSWORD)),
        };
        self.service.create_account(&self.operator(), new).await.expect("an account");
        self.sign_in(username).await
    }

    /// The first unit of a jurisdiction that does work itself.
    pub async fn a_unit(&self, jurisdiction: &str) -> UnitId {
        use minsheng::{
            domain::page::{Direction, PageRequest},
            store::{UnitFilter, Visible},
        };
        let filter = UnitFilter {
            jurisdictions: Some(vec![jurisdiction.to_owned()]),
            kinds: Some(vec![entity::UnitKind::Department, entity::UnitKind::Branch]),
            ..UnitFilter::default()
        };
        let request = PageRequest { size: 1, direction: Direction::Forward, after: None, before: None, counted: false };
        let page = Visible::new(self.database.clone(), Viewer::Public).unit_page(&filter, &request).await.expect("units");
        page.rows.first().expect("a unit").1.id
    }

    /// Makes an account and signs in with it.
    pub async fn actor(&self, username: &str, role: Role, jurisdiction: &str) -> Actor<'_> {
        self.create(username, role, jurisdiction).await;
        self.sign_in(username).await
    }

    /// Signs in with an account of the tests.
    pub async fn sign_in(&self, username: &str) -> Actor<'_> {
        self.sign_in_as(username, PASSWORD).await
    }

    /// Signs in with any account.
    pub async fn sign_in_as(&self, username: &str, password: &str) -> Actor<'_> {
        let data = self.data(SIGN_IN, json!({ "username": username, "password": password })).await;
        let session = data["signIn"]["session"].clone();
        let bearer = session["accessToken"].as_str().unwrap_or_else(|| panic!("not signed in: {data:#}")).to_owned();
        Actor { app: self, username: username.to_owned(), session, bearer }
    }

    /// Whoever presents a token.
    pub fn bearing(&self, bearer: &str) -> Actor<'_> {
        Actor { app: self, username: String::new(), session: Value::Null, bearer: bearer.to_owned() }
    }
}

impl Actor<'_> {
    /// The token that it presents.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// Posts in its name.
    pub async fn post(&self, query: &str, variables: Value) -> Reply {
        self.app.post_with(query, variables, &[("authorization", &format!("Bearer {}", self.bearer))]).await
    }

    /// The data of a request that must succeed.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let reply = self.post(query, variables).await;
        assert!(reply.body.get("errors").is_none() && reply.body["data"].is_object(), "{query}\n{:#}", reply.body);
        reply.body["data"].clone()
    }

    /// The only error of a request that must fail.
    pub async fn error(&self, query: &str, variables: Value) -> Value {
        let reply = self.post(query, variables).await;
        let errors = reply.body["errors"].as_array().unwrap_or_else(|| panic!("no error: {query}\n{:#}", reply.body));
        assert_eq!(errors.len(), 1, "{query}\n{:#}", reply.body);
        errors[0].clone()
    }

    /// The global id of its account.
    pub fn id(&self) -> &str {
        self.session["account"]["id"].as_str().expect("an id")
    }
}
