//! What of the changes of an audit event is shown: each field by the rule of where it stands otherwise.

use async_graphql::{Context, Result};
use entity::{AccountId, ApiKeyId, AuditSubject, BlockerId, NoticeId, ProgressReportId, SessionId, TaskId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    access::{
        policy::Internals,
        recorded::{self, Shown},
    },
    domain::audit::{AuditEvent, MASK},
    graphql::{
        inquiry::Inquiry,
        loader::{self, StepsOf},
    },
};

/// How long an id is in the name of a field.
const ID: usize = 36;

/// The changes of an event, with `***` for what is not for whoever asks.
pub(in crate::graphql) async fn shown(context: &Context<'_>, event: &AuditEvent) -> Result<Value> {
    let viewer = &Inquiry::of(context)?.call.viewer;
    let is_inside = event.jurisdiction_id.is_some_and(|place| Internals::of(viewer).contain(place));
    let fields: Map<String, Value> = serde_json::from_str(&event.changes).unwrap_or_default();
    let mut sees_subject = None;
    let mut shown = Map::new();
    for (field, change) in fields {
        let is_told = match recorded::shown(event.action, &field) {
            Shown::Always => true,
            Shown::Inside => match report_of(&field) {
                // An event of several reports can hold those of other jurisdictions, and drafts.
                Some(_) if is_draft(change.get("after")) => continue,
                Some(report) => is_inside && !loader::list(context, StepsOf(report)).await?.is_empty(),
                None => is_inside,
            },
            Shown::WithSubject => match sees_subject {
                Some(known) => known,
                None => *sees_subject.insert(is_subject_seen(context, event).await?),
            },
        };
        shown.insert(field, if is_told { without_draft(change) } else { json!({ "before": MASK, "after": MASK }) });
    }
    Ok(Value::Object(shown))
}

/// The report that a field of an event of several is about.
fn report_of(field: &str) -> Option<ProgressReportId> {
    Uuid::parse_str(field.get(..ID)?).ok().map(ProgressReportId)
}

fn is_draft(report: Option<&Value>) -> bool {
    report.and_then(|report| report.get("state")).is_some_and(|state| state == "DRAFT")
}

/// A change as if no draft had been there before: that one was saved is its unit's alone.
fn without_draft(mut change: Value) -> Value {
    if is_draft(change.get("before"))
        && let Some(before) = change.get_mut("before")
    {
        *before = Value::Null;
    }
    change
}

async fn is_subject_seen(context: &Context<'_>, event: &AuditEvent) -> Result<bool> {
    let Some(subject) = event.subject else { return Ok(false) };
    let id = subject.id;
    Ok(match subject.kind {
        AuditSubject::Account => loader::optional(context, AccountId(id)).await?.is_some(),
        AuditSubject::Session => loader::optional(context, SessionId(id)).await?.is_some(),
        AuditSubject::ApiKey => loader::optional(context, ApiKeyId(id)).await?.is_some(),
        AuditSubject::Notice => loader::optional(context, NoticeId(id)).await?.is_some(),
        AuditSubject::Task => loader::optional(context, TaskId(id)).await?.is_some(),
        AuditSubject::ProgressReport => loader::optional(context, ProgressReportId(id)).await?.is_some(),
        AuditSubject::Blocker => loader::optional(context, BlockerId(id)).await?.is_some(),
        // Everybody sees all jurisdictions.
        AuditSubject::Jurisdiction => true,
    })
}
