//! What is set of a task besides reports: its plan, the shares of its targets, whether it is suspended, extended, claimed or closed.

use chrono::NaiveDate;
use entity::{Action, AuditSubject, MilestoneId, TargetId, TaskId, UnitId};
use rust_decimal::Decimal;

use super::{
    plan::{NewAllocation, NewPlan, allocated, planned, too_far},
    report::{facts, lights, lights_after, lights_told},
    state::reckoning,
};
use crate::{
    access::policy::{Resource, rule},
    domain::{
        audit::Changes,
        language::Text,
        notices::task::Task,
        progress::{
            dossier::{Dossier, Reckoning},
            event::{NewEvent, Scene},
            milestone::Milestone,
            standing::{Claim, Closing, Extension, Suspension, TaskStanding},
        },
    },
    service::{Call, Current, Fault, Refusal, Service, people::account::changed_by},
    store::{Record, Writer},
};

/// How long a note or a reason may be, in characters.
pub(in crate::service) const NOTE: usize = 1000;

/// What a change of a task comes to.
pub(in crate::service) struct Outcome {
    pub standing: TaskStanding,
    pub changes: Changes,
    pub event: Option<fn(Scene, Option<UnitId>) -> NewEvent>,
    pub write: Write,
}

/// What is written besides how the task stands.
pub(in crate::service) enum Write {
    Nothing,
    Milestones(Vec<Milestone>),
    Allocations(TargetId, Vec<(UnitId, Decimal)>),
}

impl Outcome {
    pub fn new(standing: TaskStanding, changes: Changes) -> Self {
        Self { standing, changes, event: None, write: Write::Nothing }
    }

    fn telling(self, event: fn(Scene, Option<UnitId>) -> NewEvent) -> Self {
        Self { event: Some(event), ..self }
    }
}

impl Service {
    /// Saves a task's plan. A due date can be brought forward; a later one is an extension, which the office gives.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, the plan cannot be, or the version is old.
    pub async fn save_plan(&self, call: &Call, task: TaskId, expected: i64, plan: NewPlan) -> Result<Task, Refusal> {
        self.change_task(call, Action::SavePlan, task, expected, |dossier, _, known| planned(dossier, known, &plan)).await
    }

    /// Hands a target to units in shares, or takes all shares back.
    ///
    /// # Errors
    /// The target is not there for the viewer, the viewer may not, the shares cannot be, or the version is old.
    pub async fn allocate_target(&self, call: &Call, target: TargetId, expected: i64, shares: Vec<NewAllocation>) -> Result<Task, Refusal> {
        let task = self.visible(call).task_of_target(target).await?.unwrap_or(TaskId(uuid::Uuid::nil()));
        self.change_task(call, Action::AllocateTarget, task, expected, |dossier, reckoning, _| {
            allocated(dossier, target, &shares, reckoning.today())
        })
        .await
    }

    /// Claims that a task is done.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, or the version is old.
    pub async fn claim_completion(&self, call: &Call, task: TaskId, expected: i64, note: Option<String>) -> Result<Task, Refusal> {
        self.change_task(call, Action::ClaimCompletion, task, expected, |dossier, reckoning, _| {
            let note = optional(note.as_deref(), "note")?;
            let on = reckoning.today();
            let changes = Changes::default().with("claimedOn", None::<NaiveDate>, on).with("claimNote", None::<&str>, &note);
            let standing = TaskStanding { claim: Some(Claim { on, note }), return_reason: None, ..dossier.standing.clone() };
            Ok(Outcome::new(standing, changes).telling(NewEvent::completion_claimed))
        })
        .await
    }

    /// Accepts that a task is done, which closes it.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, the date cannot be, or the version is old.
    pub async fn accept_completion(
        &self,
        call: &Call,
        task: TaskId,
        expected: i64,
        in_force_on: Option<NaiveDate>,
        note: Option<String>,
    ) -> Result<Task, Refusal> {
        self.change_task(call, Action::AcceptCompletion, task, expected, |dossier, reckoning, _| {
            let note = optional(note.as_deref(), "note")?;
            let accepted_on = reckoning.today();
            let in_force_on = in_force_on.unwrap_or(accepted_on);
            let claimed_on = dossier.standing.claim.as_ref().map_or(accepted_on, |claim| claim.on);
            if in_force_on < claimed_on {
                return Err(fault(
                    "IN_FORCE_BEFORE_CLAIM",
                    "inForceOn",
                    Text::new(
                        format!("生效日期不能早于申请办结的 {claimed_on}，请更正。"),
                        format!("It comes into force on the day of the claim, {claimed_on}, or later: correct the date."),
                    ),
                ));
            }
            // Duties run to the year's end at most, and nobody can take back a closing that lies further off.
            let latest = NaiveDate::from_ymd_opt(dossier.notice.year, 12, 31).map_or(accepted_on, |last| last.max(accepted_on));
            if in_force_on > latest {
                return Err(fault(
                    "IN_FORCE_TOO_LATE",
                    "inForceOn",
                    Text::new(
                        format!("生效日期不能晚于 {latest}，请更正。"),
                        format!("It comes into force by {latest}: correct the date."),
                    ),
                ));
            }
            let changes = Changes::default()
                .with("acceptedOn", None::<NaiveDate>, accepted_on)
                .with("inForceOn", None::<NaiveDate>, in_force_on)
                .with("closingNote", None::<&str>, &note);
            let standing = TaskStanding { closing: Some(Closing { accepted_on, in_force_on, note }), ..dossier.standing.clone() };
            Ok(Outcome::new(standing, changes).telling(|scene, _| NewEvent::task_closed(scene)))
        })
        .await
    }

    /// Sends a claim back, with a reason.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, the reason is missing, or the version is old.
    pub async fn return_completion(&self, call: &Call, task: TaskId, expected: i64, reason: String) -> Result<Task, Refusal> {
        self.change_task(call, Action::ReturnCompletion, task, expected, |dossier, _, _| {
            let reason = required(&reason, "reason")?;
            let claimed_on = dossier.standing.claim.as_ref().map(|claim| claim.on);
            let changes = Changes::default().with("claimedOn", claimed_on, None::<NaiveDate>).with("returnReason", None::<&str>, &reason);
            let standing = TaskStanding { claim: None, return_reason: Some(reason), ..dossier.standing.clone() };
            Ok(Outcome::new(standing, changes).telling(NewEvent::completion_returned))
        })
        .await
    }

    /// Suspends a task: no reports are asked for or taken.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, the reason is missing, or the version is old.
    pub async fn suspend_task(&self, call: &Call, task: TaskId, expected: i64, reason: String) -> Result<Task, Refusal> {
        self.change_task(call, Action::SuspendTask, task, expected, |dossier, reckoning, _| {
            let reason = required(&reason, "reason")?;
            let on = reckoning.today();
            let changes = Changes::default().with("suspendedOn", None::<NaiveDate>, on).with("suspensionReason", None::<&str>, &reason);
            let standing = TaskStanding { suspension: Some(Suspension { on, reason }), ..dossier.standing.clone() };
            Ok(Outcome::new(standing, changes))
        })
        .await
    }

    /// Resumes a suspended task.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, or the version is old.
    pub async fn resume_task(&self, call: &Call, task: TaskId, expected: i64) -> Result<Task, Refusal> {
        self.change_task(call, Action::ResumeTask, task, expected, |dossier, _, _| {
            let since = dossier.standing.suspension.as_ref().map(|suspension| suspension.on);
            let changes = Changes::default().with("suspendedOn", since, None::<NaiveDate>);
            Ok(Outcome::new(TaskStanding { suspension: None, ..dossier.standing.clone() }, changes))
        })
        .await
    }

    /// Extends a task's due date. The light still goes by the original one.
    ///
    /// # Errors
    /// The task is not there for the viewer, the viewer may not, the date is not later, or the version is old.
    pub async fn extend_task(&self, call: &Call, task: TaskId, expected: i64, to: NaiveDate, reason: String) -> Result<Task, Refusal> {
        self.change_task(call, Action::ExtendTask, task, expected, |dossier, _, _| {
            let reason = required(&reason, "reason")?;
            if let Some(fault) = too_far(vec!["input".into(), "to".into()], to, dossier.notice.year) {
                return Err(vec![fault]);
            }
            if let Err(problem) = dossier.plan().extended(to) {
                return Err(fault("EXTENSION_NOT_LATER", "to", problem.text()));
            }
            let before = dossier.standing.extension.as_ref().map(|extension| extension.to);
            let changes = Changes::default().with("extendedTo", before, to).with("extensionReason", None::<&str>, &reason);
            let standing = TaskStanding { extension: Some(Extension { to, reason }), ..dossier.standing.clone() };
            Ok(Outcome::new(standing, changes))
        })
        .await
    }

    /// Changes a task in one transaction, and tells of it.
    async fn change_task(
        &self,
        call: &Call,
        action: Action,
        id: TaskId,
        expected: i64,
        decide: impl FnOnce(&Dossier, &Reckoning, &[MilestoneId]) -> Result<Outcome, Vec<Fault>> + Send,
    ) -> Result<Task, Refusal> {
        self.attempt(call, action, Some((AuditSubject::Task, id.0)), |entitled| async move {
            let visible = self.visible(call);
            let dossier = visible.dossiers(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let reckoning = reckoning(&visible, self.zone, call.occasion.at, std::iter::once(&dossier)).await?;
            let unit = call.viewer.actor().and_then(|actor| actor.unit_id);
            let permit = entitled.permit(&[Resource::Task(facts(&dossier, unit))])?;
            let mut writer = self.database.writing(permit).await?;
            // Whoever had their turn meanwhile has changed the version, so what was allowed above still is.
            let dossier = writer.dossiers(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let decided = if i64::from(dossier.standing.version) == expected {
                let known = writer.milestone_ids(id).await?;
                decide(&dossier, &reckoning, &known).map_err(Refusal::Faults)
            } else {
                Err(Refusal::Stale(Box::new((&dossier.standing).into())))
            };
            let outcome = match decided {
                Ok(outcome) => outcome,
                Err(refusal) => {
                    writer.abandon().await?;
                    return Err(refusal);
                }
            };
            let record = write(&mut writer, call, action, &dossier, &reckoning, unit, outcome).await?;
            writer.commit(&call.occasion, record).await?;
            Ok(dossier.task)
        })
        .await
    }
}

async fn write(
    writer: &mut Writer,
    call: &Call,
    action: Action,
    dossier: &Dossier,
    reckoning: &Reckoning,
    unit: Option<UnitId>,
    outcome: Outcome,
) -> Result<Record, Refusal> {
    let mut after = dossier.clone();
    after.standing = outcome.standing;
    match outcome.write {
        Write::Nothing => {}
        Write::Milestones(milestones) => {
            writer.set_milestones(dossier.task.id, &milestones).await?;
            after.milestones = milestones;
        }
        Write::Allocations(target, shares) => writer.set_allocations(target, &shares).await?,
    }
    let scene = Scene { at: call.occasion.at, task_id: dossier.task.id, jurisdiction_id: dossier.notice.jurisdiction_id };
    let before = lights_told(dossier, reckoning)?;
    let lights = lights_after(before, lights(&after, reckoning)?, !rule(action).moves_the_public);
    after.standing.tell(lights);
    after.standing.changed_at = Some(call.occasion.at);
    after.standing.changed_by = changed_by(call);
    writer.set_standing(dossier.task.id, &after.standing).await?;
    if let Some(event) = outcome.event {
        writer.emit(&[event(scene, unit)]).await?;
    }
    writer.emit(&NewEvent::lights_changed(scene, before, lights)).await?;
    Ok(Record::done().about(AuditSubject::Task, dossier.task.id.0).within(dossier.notice.jurisdiction_id).with(outcome.changes))
}

pub(in crate::service) fn fault(code: &'static str, field: &'static str, message: Text) -> Vec<Fault> {
    vec![Fault::at(code, vec!["input".to_owned(), field.to_owned()], message)]
}

/// A text that has to say something.
pub(in crate::service) fn required(text: &str, field: &'static str) -> Result<String, Vec<Fault>> {
    optional(Some(text), field)?.ok_or_else(|| fault("REASON_MISSING", field, Text::new("请填写。", "Say something here.")))
}

/// A text that may say something.
pub(in crate::service) fn optional(text: Option<&str>, field: &'static str) -> Result<Option<String>, Vec<Fault>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let count = text.chars().count();
    if count > NOTE {
        let message = Text::new(
            format!("至多 {NOTE} 个字，现有 {count} 个：请精简。"),
            format!("At most {NOTE} characters, not {count}: shorten it."),
        );
        return Err(fault("TEXT_TOO_LONG", field, message));
    }
    Ok(Some(text.to_owned()))
}

impl From<&TaskStanding> for Current {
    fn from(standing: &TaskStanding) -> Self {
        Self {
            version: standing.version,
            changed_at: standing.changed_at,
            changed_by: standing.changed_by.clone(),
            fields: vec![
                ("claimed", standing.claim.is_some().into()),
                ("closed", standing.closing.is_some().into()),
                ("suspended", standing.suspension.is_some().into()),
            ],
        }
    }
}
