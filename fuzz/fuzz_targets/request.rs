//! The path from the bytes of a request to its validation, through the real router. Documents are compared with the committed schema, and
//! what passes is validated by the engine of a small product.

#![no_main]

mod input;
#[path = "../../endpoint/tests/toy/mod.rs"]
mod toy;

use std::sync::{Arc, LazyLock};

use async_graphql::Request;
use axum::{Router, body::to_bytes, http::header};
use chrono::{DateTime, Utc};
use endpoint::{
    Endpoint, Gate, Limits, Product, Proxies,
    product::{Context, Credentials, Engine, Identity, Unproved},
    router,
};
use futures_util::future::BoxFuture;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};
use toy::Library;
use tower::ServiceExt as _;

/// A product with the committed schema. Its engine is the library's.
struct Committed(Library);

impl Product for Committed {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn engine(&self, limits: &Limits) -> Arc<dyn Engine> {
        self.0.engine(limits)
    }

    fn schema(&self) -> String {
        include_str!("../../schema.graphql").to_owned()
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn authenticate<'a>(&'a self, credentials: Credentials<'a>) -> BoxFuture<'a, Result<Identity, Unproved>> {
        self.0.authenticate(credentials)
    }

    fn prepare(&self, request: Request, context: Context) -> Request {
        self.0.prepare(request, context)
    }
}

struct Served {
    runtime: Runtime,
    router: Router,
}

static SERVED: LazyLock<Served> = LazyLock::new(|| {
    let product: Arc<dyn Product> = Arc::new(Committed(Library::default()));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    Served { runtime, router: router(Gate::new(Endpoint::new(product, Limits::default()), Proxies::default())) }
});

// Making the endpoint must not count as time of the first request.
fuzz_target!(init: { LazyLock::force(&SERVED); }, |data: &[u8]| {
    let Some(request) = input::request(data) else { return };
    let Served { runtime, router } = &*SERVED;
    runtime.block_on(async {
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert!(!response.status().is_server_error(), "{}", response.status());
        let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        let answer = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        if is_json {
            serde_json::from_slice::<serde_json::Value>(&answer).expect("JSON");
        }
    });
});
