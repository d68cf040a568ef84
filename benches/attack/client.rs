//! Clients: each has an address of its own, which a proxy that the server trusts seems to pass on.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, body::Bytes, header};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::time::timeout;

/// How long anybody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something that asks over HTTP.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<HttpConnector, Full<Bytes>>,
    server: SocketAddr,
    address: IpAddr,
}

/// What came back.
pub struct Answer {
    pub took: Duration,
    /// The status; `None` where the connection broke, or nothing came in time.
    pub status: Option<u16>,
    pub body: Bytes,
}

impl Client {
    /// One that connects anew for each request.
    pub fn connecting(server: SocketAddr, address: IpAddr) -> Self {
        Self::new(server, address, 0)
    }

    /// One that keeps its connections.
    pub fn keeping(server: SocketAddr, address: IpAddr) -> Self {
        Self::new(server, address, usize::MAX)
    }

    fn new(server: SocketAddr, address: IpAddr, idle: usize) -> Self {
        let http = legacy::Client::builder(TokioExecutor::new()).pool_max_idle_per_host(idle).build(HttpConnector::new());
        Self { http, server, address }
    }

    /// A client at another address that uses these connections.
    pub fn at(&self, address: IpAddr) -> Self {
        Self { address, ..self.clone() }
    }

    pub async fn post(&self, query: &str, variables: &Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.send(Method::POST, "/graphql", body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    async fn send(&self, method: Method, path: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.server))
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-forwarded-for", self.address.to_string())
            .body(Full::from(body))
            .expect("a request");
        let began = Instant::now();
        let answered = timeout(PATIENCE, async {
            let answer = self.http.request(request).await.ok()?;
            let status = answer.status().as_u16();
            Some((status, answer.into_body().collect().await.ok()?.to_bytes()))
        });
        let answered = answered.await.ok().flatten();
        let took = began.elapsed();
        match answered {
            Some((status, body)) => Answer { took, status: Some(status), body },
            None => Answer { took, status: None, body: Bytes::new() },
        }
    }
}

impl Answer {
    /// Whether an answer with the status 200 says that the client asked too much. Long answers hold what was asked for.
    pub fn is_limited(&self) -> bool {
        const LONGEST: usize = 4096;
        let text = String::from_utf8_lossy(self.body.get(..LONGEST).unwrap_or(&self.body));
        text.contains("\"RATE_LIMITED\"") || text.contains("\"TIMEOUT\"")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The ids of twenty tasks.
pub async fn task_ids(server: SocketAddr) -> Vec<String> {
    let client = Client::connecting(server, IpAddr::from([198, 51, 100, 250]));
    let answer = client.post("{ tasks(first: 20) { nodes { id } } }", &json!({})).await.json();
    let nodes = answer["data"]["tasks"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
    nodes.iter().filter_map(|node| node["id"].as_str().map(str::to_owned)).collect()
}
