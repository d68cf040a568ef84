//! The path from the bytes of a request to its validation, through the real router. What is valid is run as well, on an empty database.

#![no_main]

mod input;

use std::sync::LazyLock;

use axum::{Router, body::to_bytes, http::header};
use libfuzzer_sys::fuzz_target;
use minsheng::{graphql::{Endpoint, Limits}, http::{self, Gate, Proxies}, service::{Clock, Service}, store::Database};
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

// Making the database must not count as time of the first request.
fuzz_target!(init: { LazyLock::force(&SERVED); }, |data: &[u8]| {
    let Some(request) = input::request(data) else { return };
    let Served { runtime, router, .. } = &*SERVED;
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
