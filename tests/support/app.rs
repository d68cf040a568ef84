//! The service over one database, asked as a client asks it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use minsheng::{
    graphql::Endpoint,
    http,
    store::{Database, StatementObserver},
};
use sea_orm::{ConnectOptions, Database as Connector, DatabaseConnection};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::backend::{Backend, Fresh};

pub struct App {
    pub backend: Backend,
    /// The service's own storage.
    pub database: Database,
    /// A connection past the service, to bring about what the service would not.
    pub raw: DatabaseConnection,
    router: Router,
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
}

impl App {
    pub async fn over(fresh: &Fresh) -> Self {
        let mut database = Database::open(&fresh.url).await.expect("the database opens");
        let statements = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&statements);
        let observer: StatementObserver = Arc::new(move |statement| seen.lock().unwrap().push(statement.to_owned()));
        database.observe(&observer);
        // One connection, so that a setting made on it holds.
        let raw =
            Connector::connect(ConnectOptions::new(&fresh.url).max_connections(1).to_owned()).await.expect("a second connection opens");
        let router = http::router(Endpoint::new(database.clone()));
        Self { backend: fresh.backend, database, raw, router, statements }
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status: parts.status, headers: parts.headers, body, text }
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
        self.statements.lock().unwrap().clear();
        self.data(query, variables).await;
        std::mem::take(&mut *self.statements.lock().unwrap())
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
