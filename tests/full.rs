//! A database without room: whatever is answered as done is stored, whatever fails leaves nothing half written, and the service goes on once
//! there is room again.

mod driver;
mod loads;
mod memory_disk;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::{Action, AuditOutcome};
use minsheng::{
    access::{root_field::MUTATIONS, viewer::Viewer},
    domain::audit::Occasion,
    store::Record,
};
use serde_json::{Value, json};

use crate::{
    cases,
    refusal::{Scene, State, last_events, last_number, right_caller},
    support::{Case, app::App, backend::Backend},
};
pub use memory_disk::cases as plain_cases;

cases![every_change_is_stored_or_not_answered, readiness_tells_of_a_database_that_stores_nothing, readiness_writes_once_a_second,];

/// All of the module.
pub fn all_cases() -> Vec<Case> {
    [cases(), driver::cases(), loads::cases()].concat()
}

/// What changes besides the audit where a sign-in is tried: the count of attempts, which is stored before the password is checked.
const COUNTED: &str = "sign_in_throttle";

/// Takes the room away. `SQLite` has a bound for its file, whose rest is filled with the smallest events, so that no larger one fits either.
/// `PostgreSQL` has no such bound, and gets triggers that say what it says of a full disk.
pub async fn fill(app: &App) {
    if app.backend == Backend::Postgres {
        app.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
             CREATE TRIGGER no_room BEFORE INSERT ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION no_room();
             CREATE TRIGGER no_room BEFORE INSERT ON write_check FOR EACH STATEMENT EXECUTE FUNCTION no_room()",
        )
        .await
        .expect("triggers");
        return;
    }
    app.database.bound_pages(Some(1));
    for _ in 0..100 {
        let occasion = Occasion { at: app.now(), request_id: String::new(), address: None };
        let record = Record::not_done(AuditOutcome::Denied, "");
        if app.database.record(&Viewer::Public, Action::SignOut, &occasion, record).await.is_err() {
            return;
        }
    }
    panic!("the database does not become full");
}

/// Gives the room back.
pub async fn free(app: &App) {
    if app.backend == Backend::Postgres {
        app.execute("DROP FUNCTION no_room CASCADE").await.expect("no triggers");
    }
    app.database.bound_pages(None);
}

fn code(body: &Value) -> &Value {
    &body["errors"][0]["extensions"]["code"]
}

async fn every_change_is_stored_or_not_answered(app: App) {
    let mut scene = Scene::of(&app).await;
    for (mutation, _) in MUTATIONS {
        scene.look_again(right_caller(mutation).1).await;
    }
    fill(&app).await;
    let (before, number) = (State::of(&app).await, last_number(&app).await);
    for (mutation, _) in MUTATIONS {
        let (caller, owner) = right_caller(mutation);
        let reply = scene.ask(caller, mutation, &scene.input(mutation, owner).0, "full").await;
        assert_eq!(code(&reply.body), "INTERNAL", "{mutation}: {}", reply.text);
        assert!(reply.body["data"][mutation].is_null(), "{mutation}: {}", reply.text);
    }
    let changed = State::of(&app).await;
    let changed = changed.changed_since(&before);
    assert!(changed.iter().all(|table| *table == COUNTED), "{changed:?}");
    assert_eq!(last_number(&app).await, number);
    // A key is used all the same, or it is refused; its use is noted where it is not.
    app.pass(TimeDelta::minutes(2));
    let used = scene.bearing("full-key").post("{ viewer { account { id } } }", json!({})).await;
    let noted = format!("SELECT count(*) FROM api_key WHERE last_used_at = {}", app.now().timestamp_micros());
    assert_eq!(used.body["data"]["viewer"].is_object(), app.number(&noted).await == 1, "{}", used.text);
    let ready = app.get("/readyz", &[]).await;
    assert_eq!((ready.status, &ready.body["checks"]["writes"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("FAILED")), "{}", ready.text);

    free(&app).await;
    for (mutation, _) in MUTATIONS {
        let (caller, owner) = right_caller(mutation);
        scene.look_again(owner).await;
        let (before, number) = (State::of(&app).await, last_number(&app).await);
        let reply = scene.ask(caller, mutation, &scene.input(mutation, owner).0, "room").await;
        assert_eq!(reply.body["data"][mutation]["errors"], json!([]), "{mutation}: {}", reply.text);
        assert!(!State::of(&app).await.changed_since(&before).is_empty(), "{mutation} is stored");
        assert_eq!(last_number(&app).await, number + 1, "{mutation}");
        let event = last_events(&app, 1).await.swap_remove(0);
        assert_eq!((event.outcome, event.request_id.as_str()), (AuditOutcome::Succeeded, "room"), "{mutation}");
    }
    // An answer counts for a second; another process asks for itself.
    assert_eq!(app.replica().get("/readyz", &[]).await.status, StatusCode::OK);
    assert_eq!(app.service.verify_audit(|_, _| {}).await.expect("it can be verified").breach, None);
}

async fn readiness_tells_of_a_database_that_stores_nothing(app: App) {
    fill(&app).await;
    let ready = app.get("/readyz", &[]).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    let checks = json!({ "database": "OK", "migrations": "OK", "events": "OK", "writes": "FAILED" });
    assert_eq!(ready.body, json!({ "status": "NOT_READY", "checks": checks }));
    free(&app).await;
    assert_eq!(app.replica().get("/readyz", &[]).await.status, StatusCode::OK);
}

async fn readiness_writes_once_a_second(app: App) {
    let mut seen = Vec::new();
    for _ in 0..5 {
        assert_eq!(app.get("/readyz", &[]).await.status, StatusCode::OK);
        seen.extend(crate::refusal::texts(&app, "SELECT id FROM write_check").await);
    }
    assert_eq!(seen.len(), 5, "one row is kept");
    seen.dedup();
    assert!(seen.len() < 5, "an answer counts for a second: {seen:?}");
    assert_eq!(app.replica().get("/readyz", &[]).await.status, StatusCode::OK);
    let row = crate::refusal::texts(&app, "SELECT id FROM write_check").await;
    assert!(row.len() == 1 && !seen.contains(&row[0]), "another process writes another row");
}
