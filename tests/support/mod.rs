//! What the tests share: the databases, the service over each of them, and how a test is run on both.

pub mod actor;
pub mod apart;
pub mod app;
pub mod backend;
pub mod chance;
pub mod follow;
pub mod issuer;
pub mod postgres;
pub mod sample;

use std::{future::Future, pin::Pin};

use libtest_mimic::{Failed, Trial};

use app::App;
use backend::Backend;

/// A test of the service over a fresh database.
pub type Case = (&'static str, fn(App) -> Pin<Box<dyn Future<Output = ()> + Send>>);

/// A test that needs no database.
pub type PlainCase = (&'static str, fn());

/// Names the tests of a module. One that is forgotten here is dead code, which the gate refuses.
#[macro_export]
macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        pub fn cases() -> Vec<$crate::support::Case> {
            vec![$((concat!(module_path!(), "::", stringify!($name)), |app| Box::pin($name(app)))),+]
        }
    };
}

/// The same for tests that need no database.
#[macro_export]
macro_rules! plain_cases {
    ($($name:ident),+ $(,)?) => {
        pub fn cases() -> Vec<$crate::support::PlainCase> {
            vec![$((concat!(module_path!(), "::", stringify!($name)), || $name())),+]
        }
    };
}

/// Every case on every chosen database.
pub fn trials(cases: &[Case], plain: &[PlainCase]) -> Vec<Trial> {
    let mut trials: Vec<Trial> = plain
        .iter()
        .map(|&(name, run)| {
            Trial::test(short(name), move || {
                run();
                Ok(())
            })
        })
        .collect();
    for backend in backend::chosen() {
        for &(name, run) in cases {
            trials.push(Trial::test(format!("{backend}::{}", short(name)), move || on(backend, run)));
        }
    }
    trials
}

/// Removes what the tests have made.
pub fn clean_up() {
    backend::clean_up();
}

fn short(name: &str) -> &str {
    name.split_once("::").map_or(name, |(_, rest)| rest)
}

/// Runs a case over a fresh database, which is removed whatever becomes of the case.
fn on(backend: Backend, run: fn(App) -> Pin<Box<dyn Future<Output = ()> + Send>>) -> Result<(), Failed> {
    let runtime = minsheng::cli::runtime()?;
    runtime.block_on(async move {
        let fresh = backend.fresh_database().await.map_err(Failed::from)?;
        let app = App::over(&fresh).await;
        let outcome = tokio::spawn(run(app)).await;
        fresh.remove().await;
        match outcome {
            Ok(()) => Ok(()),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(Failed::from(error.to_string())),
            },
        }
    })
}

/// An id as callers see it.
pub fn global(prefix: &str, id: uuid::Uuid) -> String {
    let prefix = type_safe_id::DynamicType::new(prefix).expect("a prefix");
    type_safe_id::TypeSafeId::from_type_and_uuid(prefix, id).to_string()
}

/// All rows of a table, whoever may see them.
macro_rules! rows {
    ($app:expr, $table:ident) => {{
        use sea_orm::EntityTrait as _;
        #[expect(clippy::disallowed_methods, reason = "reads whole tables past the service, to compare with what it shows")]
        let rows = entity::$table::Entity::find().all(&$app.raw).await.expect("rows");
        rows
    }};
}
pub(crate) use rows;
