//! The path from the bytes of a request to its validation, through the real router. What is valid is run as well, on an empty database.
//!
//! The first byte says what the others are: a body, a document, or the variables of a document that has some.

#![no_main]

use std::sync::LazyLock;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use libfuzzer_sys::fuzz_target;
use minsheng::{
    graphql::{Endpoint, Limits},
    http::{self, Gate, Proxies},
    service::{Clock, Service},
    store::Database,
};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

struct Served {
    runtime: Runtime,
    router: Router,
    _folder: tempfile::TempDir,
}

static SERVED: LazyLock<Served> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let router = runtime.block_on(async {
        let database = Database::open_file(&folder.path().join("fuzz.db")).await.expect("it opens");
        database.migrate().await.expect("migrated");
        let service = Service::new(database, Clock::of_the_machine()).expect("a service");
        http::router(Gate::new(Endpoint::new(service, Limits::default()), Proxies::default()))
    });
    Served { runtime, router, _folder: folder }
});

const WITH_VARIABLES: [&str; 3] = [
    "query($a: Int, $b: TaskFilter, $c: String) { tasks(first: $a, filter: $b, after: $c) { totalCount } }",
    "query($a: [ID!]!, $b: Boolean = true) { nodes(ids: $a) { id @include(if: $b) } }",
    "mutation($a: SubmitProgressInput!) { submitProgress(input: $a) { errors { code } } }",
];

fn body(data: &[u8]) -> Option<Vec<u8>> {
    let (kind, rest) = data.split_first()?;
    Some(match kind {
        b'q' => json!({ "query": String::from_utf8_lossy(rest) }).to_string().into_bytes(),
        b'0'..=b'2' => {
            let query = json!(WITH_VARIABLES[usize::from(kind - b'0')]).to_string();
            [b"{\"query\":", query.as_bytes(), b",\"variables\":", rest, b"}"].concat()
        }
        _ => rest.to_vec(),
    })
}

fuzz_target!(|data: &[u8]| {
    let Some(body) = body(data) else { return };
    let Served { runtime, router, .. } = &*SERVED;
    runtime.block_on(async {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
        let response = router.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer");
        assert!(!response.status().is_server_error(), "{}", response.status());
        let answer = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        serde_json::from_slice::<serde_json::Value>(&answer).expect("JSON");
    });
});
