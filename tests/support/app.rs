//! The service over one database, asked as a client asks it.

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use endpoint::{self as http, Endpoint, Gate, Limits, Proxies};
use minsheng::{
    access::issuer::Issuer,
    service::{Clock, Service},
    store::{Database, StatementObserver},
};
use sea_orm::{ConnectOptions, Database as Connector, DatabaseConnection};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::backend::{Backend, Fresh};

pub struct App {
    pub backend: Backend,
    /// Where its database is.
    pub url: String,
    /// The service's own storage.
    pub database: Database,
    /// A connection past the service, to bring about what the service would not.
    pub raw: DatabaseConnection,
    /// The use cases, as the endpoint has them.
    pub service: Service,
    now: Arc<Mutex<DateTime<Utc>>>,
    pub(super) router: Router,
    statements: Arc<Mutex<Vec<String>>>,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body, as JSON where it is JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
    /// The same, where it is no text.
    pub bytes: Vec<u8>,
}

/// The limits of the service, but for those that would count all tests of a case as one client.
pub fn generous() -> Limits {
    Limits { address_points: 0, account_points: 0, concurrent: 0, ..Limits::default() }
}

impl App {
    pub async fn over(fresh: &Fresh) -> Self {
        Self::at(fresh.backend, &fresh.url).await
    }

    /// The service over the database at an address.
    pub async fn at(backend: Backend, url: &str) -> Self {
        let mut database = Database::open(url).await.expect("the database opens");
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&statements);
        let observer: StatementObserver = Arc::new(move |statement| seen.lock().unwrap().push(statement.to_owned()));
        database.observe(&observer);
        // One connection, so that a setting made on it holds.
        let raw = Connector::connect(ConnectOptions::new(url).max_connections(1).to_owned()).await.expect("a second connection opens");
        let now: Arc<Mutex<DateTime<Utc>>> = Arc::new(Mutex::new("2026-11-22T02:00:00Z".parse().expect("a time")));
        let told = Arc::clone(&now);
        let clock = Clock::telling(move || *told.lock().unwrap());
        let service = Service::new(database.clone(), clock).expect("a service");
        let router = http::router(Gate::new(Endpoint::new(service.clone(), generous()), Proxies::default()));
        Self { backend, url: url.to_owned(), database, raw, service, now, router, statements }
    }

    /// The same service, accepting the tokens of an issuer as well.
    pub fn trusting(mut self, issuer: Issuer) -> Self {
        self.service = self.service.trusting(Some(issuer));
        self.router = http::router(Gate::new(Endpoint::new(self.service.clone(), generous()), Proxies::default()));
        self
    }

    /// The same service, within other limits.
    pub fn within(mut self, limits: Limits) -> Self {
        self.router = http::router(Gate::new(Endpoint::new(self.service.clone(), limits), Proxies::default()));
        self
    }

    /// A gate to the same service.
    pub fn gate(&self) -> Gate {
        Gate::new(Endpoint::new(self.service.clone(), generous()), Proxies::default())
    }

    /// The same service behind another gate.
    pub fn behind(mut self, gate: Gate) -> Self {
        self.router = http::router(gate);
        self
    }

    /// Gets a page.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// The same service, in demo mode.
    pub fn into_demonstration(mut self) -> Self {
        self.service = self.service.as_demonstration(true);
        self.router = http::router(Gate::new(Endpoint::new(self.service.clone(), generous()), Proxies::default()));
        self
    }

    /// Another process of the same service on the same database.
    pub fn replica(&self) -> Self {
        let told = Arc::clone(&self.now);
        let service = Service::new(self.database.clone(), Clock::telling(move || *told.lock().unwrap())).expect("a service");
        let router = http::router(Gate::new(Endpoint::new(service.clone(), generous()), Proxies::default()));
        Self {
            backend: self.backend,
            url: self.url.clone(),
            database: self.database.clone(),
            raw: self.raw.clone(),
            service,
            now: Arc::clone(&self.now),
            router,
            statements: Arc::clone(&self.statements),
        }
    }

    /// The same with connections of its own, as another process has them.
    pub async fn replica_apart(&self) -> Self {
        let database = Database::open(&self.url).await.expect("the database opens");
        let told = Arc::clone(&self.now);
        let service = Service::new(database.clone(), Clock::telling(move || *told.lock().unwrap())).expect("a service");
        let router = http::router(Gate::new(Endpoint::new(service.clone(), generous()), Proxies::default()));
        Self { database, service, router, ..self.replica() }
    }

    /// A process apart whose clock is behind.
    pub async fn replica_behind(&self, by: TimeDelta) -> Self {
        let apart = self.replica_apart().await;
        let told = Arc::clone(&self.now);
        let service = Service::new(apart.database.clone(), Clock::telling(move || *told.lock().unwrap() - by)).expect("a service");
        let router = http::router(Gate::new(Endpoint::new(service.clone(), generous()), Proxies::default()));
        Self { service, router, ..apart }
    }

    /// The time, as the service is told it.
    pub fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    /// Goes to a time, also one that is past.
    pub fn travel_to(&self, time: &str) {
        *self.now.lock().unwrap() = time.parse().expect("a time");
    }

    /// Lets time pass.
    pub fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    /// Sends any request, from an address of documentation.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        self.send_from(IpAddr::from([192, 0, 2, 1]), request).await
    }

    /// Sends any request from an address.
    pub async fn send_from(&self, address: IpAddr, mut request: Request<Body>) -> Reply {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 4711))));
        let (parts, body) = self.begin(request).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status: parts.status, headers: parts.headers, body, text, bytes: bytes.into() }
    }

    /// The beginning of an answer, whose body is yet to be read.
    pub async fn begin(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.expect("the router answers")
    }

    /// The statements that are run while something is awaited, and what came of it.
    pub async fn statements_while<T>(&self, run: impl Future<Output = T>) -> (Vec<String>, T) {
        self.statements.lock().unwrap().clear();
        let done = run.await;
        (std::mem::take(&mut *self.statements.lock().unwrap()), done)
    }

    /// Posts a query with variables.
    pub async fn post(&self, query: &str, variables: Value) -> Reply {
        self.post_with(query, variables, &[]).await
    }

    /// Posts with further headers.
    pub async fn post_with(&self, query: &str, variables: Value, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// The data of a query that must succeed.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let reply = self.post(query, variables).await;
        assert!(reply.body.get("errors").is_none(), "{query}\n{:#}", reply.body);
        reply.body["data"].clone()
    }

    /// The only error of a query that must fail.
    pub async fn error(&self, query: &str, variables: Value) -> Value {
        let reply = self.post(query, variables).await;
        let errors = reply.body["errors"].as_array().unwrap_or_else(|| panic!("no error: {query}\n{:#}", reply.body));
        assert_eq!(errors.len(), 1, "{query}\n{:#}", reply.body);
        errors[0].clone()
    }

    /// The statements that a query runs.
    pub async fn statements_of(&self, query: &str, variables: Value) -> Vec<String> {
        self.statements_while(self.data(query, variables)).await.0
    }

    /// Forgets the statements that were run.
    pub fn forget_statements(&self) {
        self.statements.lock().unwrap().clear();
    }

    /// The statements that were run since they were forgotten.
    pub fn statements(&self) -> Vec<String> {
        self.statements.lock().unwrap().clone()
    }

    /// Runs a statement past the service.
    pub async fn execute(&self, statement: &str) -> Result<(), String> {
        use sea_orm::ConnectionTrait as _;
        self.raw.execute_unprepared(statement).await.map(|_| ()).map_err(|error| error.to_string())
    }

    /// The number that a statement returns, past the service.
    pub async fn number(&self, statement: &str) -> i64 {
        use sea_orm::{ConnectionTrait as _, Statement};
        let row = self
            .raw
            .query_one_raw(Statement::from_string(self.raw.get_database_backend(), statement))
            .await
            .expect("the statement runs")
            .expect("a row");
        row.try_get_by_index::<i64>(0).or_else(|_| row.try_get_by_index::<i32>(0).map(i64::from)).expect("a number")
    }
}
