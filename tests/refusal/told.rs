//! What `viewerCan…` tells of tasks, reports and blockers is what their mutations answer.

use entity::AuditOutcome;
use serde_json::{Value, json};

use super::{Scene, last_events, work_rows::MUTATIONS};
use crate::support::{app::App, global};

/// Those who ask: everybody who signed in with an account of the scene, and the public.
const CALLERS: [&str; 12] =
    ["", "lead", "supporting", "bystander", "unit", "sibling", "office", "city-office", "lake-leader", "deputy", "admin", "temporary"];

/// A field that tells, of what it tells, and the mutation that it tells of.
const TOLD: [(&str, &str, &str); 9] = [
    ("viewerCanSubmit", "Task", "submitProgress"),
    ("viewerCanSavePlan", "Task", "savePlan"),
    ("viewerCanAllocate", "Task", "allocateTarget"),
    ("viewerCanClaim", "Task", "claimCompletion"),
    ("viewerCanAccept", "Task", "acceptCompletion"),
    ("viewerCanSuspend", "Task", "suspendTask"),
    ("viewerCanExtend", "Task", "extendTask"),
    ("viewerCanReview", "ProgressReport", "reviewProgress"),
    ("viewerCanResolve", "Blocker", "resolveBlocker"),
];

/// What there is of each kind.
fn things(kind: &str) -> &'static [&'static str] {
    match kind {
        "Task" => &["running", "claimed", "suspended", "closed", "foreign"],
        "ProgressReport" => &["submitted", "returned", "accepted", "draft"],
        _ => &["blocker of submitted", "blocker of theirs", "blocker of settled", "blocker of draft"],
    }
}

/// What is told not to be allowed is refused for the reason that was told. That what is told to be allowed is let through is shown
/// with the right callers, because it changes what comes after.
pub async fn what_is_told_not_to_be_allowed_is_refused_for_that_reason(app: App) {
    let scene = Scene::of(&app).await;
    let (mut allowed, mut refused, mut hidden) = (0, 0, 0);
    for (field, kind, mutation) in TOLD {
        assert!(MUTATIONS.contains(&mutation));
        for caller in CALLERS {
            for name in things(kind) {
                let what = format!("{field} of {name} for `{caller}`");
                let (id, _) = scene.work.known(name).expect("something");
                let (prefix, asked) = match kind {
                    "Task" => ("task", format!("standing {{ {field} {{ allowed reason }} }}")),
                    "ProgressReport" => ("report", format!("{field} {{ allowed reason }}")),
                    _ => ("blocker", format!("{field} {{ allowed reason }}")),
                };
                let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {asked} }} }} }}");
                let variables = json!({ "id": global(prefix, id) });
                let data =
                    if caller.is_empty() { app.data(&query, variables).await } else { scene.bearing(caller).data(&query, variables).await };
                let node = if kind == "Task" { &data["node"]["standing"] } else { &data["node"] };
                let told = &node[field];
                if told["allowed"] == true {
                    allowed += 1;
                    continue;
                }
                let reply = scene.ask(caller, mutation, &scene.input(mutation, name).0, "told").await;
                let reason = &reply.body["errors"][0]["extensions"]["reason"];
                // The public leaves no event.
                let outcome = if caller.is_empty() { AuditOutcome::Denied } else { last_events(&app, 1).await.swap_remove(0).outcome };
                if told.is_null() {
                    hidden += 1;
                    // Whoever may not do it to anything is told so; others that it is not there.
                    let code = &reply.body["errors"][0]["extensions"]["code"];
                    assert!(code == "NOT_FOUND" || !reason.is_null(), "{what}: {}", reply.text);
                } else if outcome == AuditOutcome::Rejected {
                    refused += 1;
                    assert_eq!(mutation, "submitProgress", "{what}: {}", reply.text);
                    assert_eq!(reply.body["data"][mutation]["errors"][0]["code"], told["reason"], "{what}: {}", reply.text);
                } else {
                    refused += 1;
                    assert_ne!(*reason, Value::Null, "{what}: {}", reply.text);
                    assert_eq!(*reason, told["reason"], "{what}: {}", reply.text);
                }
            }
        }
    }
    assert!(allowed >= 30 && refused >= 250 && hidden >= 30, "{allowed} allowed, {refused} refused, {hidden} hidden");
}
