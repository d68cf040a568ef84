//! What is set of a task besides reports: its plan, the shares of its targets, whether it is suspended, extended, claimed or closed.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{Action, Aggregation, AuditSubject, Comparator, MilestoneId, TargetId, TaskId, UnitId};
use rust_decimal::Decimal;

use super::{
    Call, Current, Fault, Refusal, Service,
    account::changed_by,
    report::{Number, facts, light},
    state::reckoning,
};
use crate::{
    access::policy::Resource,
    domain::{
        allocation,
        audit::Changes,
        dossier::{Dossier, Reckoning},
        event::{NewEvent, Scene},
        language::Text,
        milestone::Milestone,
        plan::{Plan, PlanProblem},
        standing::{Claim, Closing, Extension, Suspension, TaskStanding},
        task::Task,
    },
    store::{Record, Writer},
};

/// How long a note or a reason may be, in characters.
const NOTE: usize = 1000;

/// How many milestones a plan, and shares a target may have.
const PARTS: usize = 100;

/// A plan as it is to be.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// When work starts; `None` for the notice's issue.
    pub starts_on: Option<NaiveDate>,
    /// When it is due; `None` for the end of the year.
    pub due_on: Option<NaiveDate>,
    /// The milestones, in the order of their dates.
    pub milestones: Vec<NewMilestone>,
}

/// A milestone of a plan.
#[derive(Clone, Debug)]
pub struct NewMilestone {
    /// The milestone that it is, of the plan so far; `None` for a new one.
    pub id: Option<MilestoneId>,
    /// What is done by then.
    pub title: String,
    /// By when.
    pub due_on: NaiveDate,
    /// The share of the task, from 0 to 1, that should be done by then.
    pub planned_share: Option<Number>,
}

/// A share of a target.
#[derive(Clone, Debug)]
pub struct NewAllocation {
    /// The unit.
    pub unit_id: UnitId,
    /// How much.
    pub value: Number,
}

/// What a change of a task comes to.
struct Outcome {
    standing: TaskStanding,
    changes: Changes,
    event: Option<fn(Scene, Option<UnitId>) -> NewEvent>,
    write: Write,
}

/// What is written besides how the task stands.
enum Write {
    Nothing,
    Milestones(Vec<Milestone>),
    Allocations(TargetId, Vec<(UnitId, Decimal)>),
}

impl Outcome {
    fn new(standing: TaskStanding, changes: Changes) -> Self {
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
        self.change_task(call, Action::AllocateTarget, task, expected, |dossier, _, _| allocated(dossier, target, &shares)).await
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
        self.attempt(call, action, Some((AuditSubject::Task, id.0)), async {
            let visible = self.visible(call);
            let dossier = visible.dossiers(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let reckoning = reckoning(&visible, self.zone, call.occasion.at, std::iter::once(&dossier)).await?;
            let unit = call.viewer.actor().and_then(|actor| actor.unit_id);
            let permit = Self::authorise(call, action, &[Resource::Task(facts(&dossier, unit))])?;
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
            let record = write(&mut writer, call, &dossier, &reckoning, unit, outcome).await?;
            writer.commit(&call.occasion, record).await?;
            Ok(dossier.task)
        })
        .await
    }
}

async fn write(
    writer: &mut Writer,
    call: &Call,
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
    let before = dossier.standing.light.map_or_else(|| light(dossier, reckoning), Ok)?;
    let light = light(&after, reckoning)?;
    after.standing.light = Some(light);
    after.standing.changed_at = Some(call.occasion.at);
    after.standing.changed_by = changed_by(call);
    writer.set_standing(dossier.task.id, &after.standing).await?;
    if let Some(event) = outcome.event {
        writer.emit(&[event(scene, unit)]).await?;
    }
    if light != before {
        writer.emit(&[NewEvent::light_changed(scene, Some(before), light)]).await?;
    }
    Ok(Record::done().about(AuditSubject::Task, dossier.task.id.0).within(dossier.notice.jurisdiction_id).with(outcome.changes))
}

/// A plan, checked. `known` are the milestones that the task has or had.
fn planned(dossier: &Dossier, known: &[MilestoneId], new: &NewPlan) -> Result<Outcome, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut milestones = Vec::new();
    if new.milestones.len() > PARTS {
        let message = Text::new(format!("计划至多 {PARTS} 个时间节点。"), format!("A plan has at most {PARTS} milestones."));
        return Err(fault("TOO_MANY", "milestones", message));
    }
    for (place, milestone) in new.milestones.iter().enumerate() {
        let at = |part: &str| vec!["input".into(), "milestones".into(), place.to_string(), part.to_owned()];
        let title = milestone.title.trim();
        if title.is_empty() || title.chars().count() > NOTE || !storable(title) {
            let message =
                Text::new(format!("时间节点须有名称，至多 {NOTE} 个字。"), format!("A milestone has a title of 1 to {NOTE} characters."));
            faults.push(Fault::at("MILESTONE_TITLE", at("title"), message));
        }
        if milestone.id.is_some_and(|id| !known.contains(&id)) {
            let message = Text::new("该时间节点不属于本任务，请更正。", "The milestone is of another task: correct it.");
            faults.push(Fault::at("MILESTONE_OF_ANOTHER_TASK", at("id"), message));
        }
        let planned_share = match milestone.planned_share.as_ref().map(Number::read).transpose() {
            Ok(share) => share,
            Err(message) => {
                faults.push(Fault::at("FIGURE_NOT_A_NUMBER", at("plannedShare"), message));
                None
            }
        };
        if planned_share.is_some_and(|share| share.normalize().scale() > entity::Quantity::DECIMALS) {
            let message = Text::new("计划进度最多保留四位小数，请四舍五入。", "A planned share has at most four decimals: round it.");
            faults.push(Fault::at("FIGURE_TOO_PRECISE", at("plannedShare"), message));
        }
        milestones.push(Milestone {
            id: milestone.id.unwrap_or_else(MilestoneId::generate),
            task_id: dossier.task.id,
            title: title.to_owned(),
            due_on: milestone.due_on,
            planned_share,
        });
    }
    let mut seen = BTreeSet::new();
    if milestones.iter().any(|milestone| !seen.insert(milestone.id)) {
        faults.extend(fault(
            "MILESTONE_REPEATED",
            "milestones",
            Text::new("同一时间节点出现了两次。", "A milestone occurs twice: keep one."),
        ));
    }
    let before = dossier.plan();
    let mut after = dossier.clone();
    after.standing.starts_on = new.starts_on;
    after.standing.due_on = new.due_on;
    after.milestones.clear();
    let straight = after.plan();
    let (starts_on, due_on) = (new.starts_on.unwrap_or_else(|| straight.starts_on()), straight.due_on());
    if due_on > before.due_on() {
        let known = before.due_on();
        faults.extend(fault(
            "DUE_DATE_LATER",
            "dueOn",
            Text::new(
                format!("完成时限不能晚于原定的 {known}：延期请督查室办理（extendTask）。"),
                format!("The due date cannot be later than the {known} that was set: the office extends it with `extendTask`."),
            ),
        ));
    }
    let shares = milestones.iter().filter_map(|milestone| Some((milestone.due_on, milestone.planned_share?)));
    match Plan::new(starts_on, due_on).and_then(|plan| plan.through(shares)) {
        Ok(_) => {}
        Err(problem @ PlanProblem::DueBeforeStart) => faults.extend(fault("DUE_BEFORE_START", "dueOn", problem.text())),
        Err(problem) => faults.extend(fault("PLAN_NOT_A_CURVE", "milestones", problem.text())),
    }
    if !milestones.is_sorted_by_key(|milestone| milestone.due_on) {
        let message = Text::new("请按日期排列时间节点。", "Put the milestones in the order of their dates.");
        faults.extend(fault("MILESTONES_OUT_OF_ORDER", "milestones", message));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let titles = |milestones: &[Milestone]| {
        milestones.iter().map(|milestone| format!("{} {}", milestone.due_on, milestone.title)).collect::<Vec<_>>()
    };
    let changes = Changes::default().with("startsOn", before.starts_on(), starts_on).with("dueOn", before.due_on(), due_on).with(
        "milestones",
        titles(&dossier.milestones),
        titles(&milestones),
    );
    let standing = TaskStanding { starts_on: new.starts_on, due_on: new.due_on, ..dossier.standing.clone() };
    Ok(Outcome { write: Write::Milestones(milestones), ..Outcome::new(standing, changes) })
}

/// The shares of a target, checked against its units and against the total that was promised.
fn allocated(dossier: &Dossier, target: TargetId, new: &[NewAllocation]) -> Result<Outcome, Vec<Fault>> {
    let Some(goal) = dossier.goals.iter().find(|goal| goal.target().id == target) else {
        return Err(fault("TARGET_OF_ANOTHER_TASK", "targetId", super::report::unknown("目标任务", "target")));
    };
    let mut faults = Vec::new();
    let mut shares: Vec<(UnitId, Decimal)> = Vec::new();
    if new.len() > PARTS {
        let message = Text::new(format!("至多分解给 {PARTS} 个单位。"), format!("A target has at most {PARTS} shares."));
        return Err(fault("TOO_MANY", "allocations", message));
    }
    for (place, share) in new.iter().enumerate() {
        let at = |part: &str| vec!["input".into(), "allocations".into(), place.to_string(), part.to_owned()];
        if dossier.part_of(share.unit_id).is_none() {
            let message = Text::new("该单位不承担此任务：请先调整分工。", "The unit has no part in this task: see its assignments.");
            faults.push(Fault::at("NOT_ASSIGNED", at("unitId"), message));
        }
        if shares.iter().any(|(unit, _)| *unit == share.unit_id) {
            faults.push(Fault::at("UNIT_REPEATED", at("unitId"), Text::new("同一单位出现了两次。", "The unit occurs twice: keep one.")));
        }
        match share.value.read() {
            Err(message) => faults.push(Fault::at("FIGURE_NOT_A_NUMBER", at("value"), message)),
            Ok(value) if value < Decimal::ZERO => {
                faults.push(Fault::at("FIGURE_NEGATIVE", at("value"), Text::new("分解指标不能为负。", "A share is not negative.")));
            }
            Ok(value) => match entity::Quantity::try_from(value) {
                Ok(_) => shares.push((share.unit_id, value)),
                Err(entity::QuantityError::TooPrecise) => {
                    let message = Text::new("数值最多保留四位小数，请四舍五入。", "A figure has at most four decimals: round it.");
                    faults.push(Fault::at("FIGURE_TOO_PRECISE", at("value"), message));
                }
                Err(entity::QuantityError::TooLarge) => {
                    let message = Text::new("数值过大，请检查计量单位。", "The figure is too large: check its unit.");
                    faults.push(Fault::at("FIGURE_TOO_LARGE", at("value"), message));
                }
            },
        }
    }
    // A rate is not split: each unit has its own, and there is no sum to check.
    if faults.is_empty() && !shares.is_empty() && goal.aggregation() == Aggregation::Sum {
        faults.extend(against_total(goal.target(), shares.iter().map(|(_, value)| *value)));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let before: Vec<&allocation::Allocation> = dossier.allocations.iter().filter(|share| share.target_id == target).collect();
    let told = |unit: UnitId, value: Decimal| format!("{} {}", unit.0, value.normalize());
    let changes = Changes::default().with(
        "allocations",
        before.iter().map(|share| told(share.unit_id, share.value)).collect::<Vec<_>>(),
        shares.iter().map(|(unit, value)| told(*unit, *value)).collect::<Vec<_>>(),
    );
    Ok(Outcome { write: Write::Allocations(target, shares), ..Outcome::new(dossier.standing.clone(), changes) })
}

fn against_total(target: &crate::domain::target::Target, values: impl Iterator<Item = Decimal>) -> Option<Fault> {
    let sum = values.fold(Decimal::ZERO, Decimal::saturating_add);
    let (value, shown) = (target.value, sum.normalize());
    let fits = match target.comparator {
        Comparator::Exactly => sum == value,
        Comparator::AtLeast => sum >= value,
        Comparator::AtMost => sum <= value,
        Comparator::About => true,
    };
    let (value, unit) = (value.normalize(), &target.unit);
    (!fits).then(|| {
        Fault::at(
            "ALLOCATION_TOTAL",
            vec!["input".into(), "allocations".into()],
            Text::new(
                format!("分解指标合计 {shown}{unit}，与目标 {value}{unit} 不符：请调整后再提交。"),
                format!("The shares add up to {shown} {unit}, which does not make the target of {value}: adjust them."),
            ),
        )
    })
}

fn fault(code: &'static str, field: &'static str, message: Text) -> Vec<Fault> {
    vec![Fault::at(code, vec!["input".to_owned(), field.to_owned()], message)]
}

/// Whether both databases can keep a text: `PostgreSQL` keeps no NUL.
pub(super) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// A text that has to say something.
pub(super) fn required(text: &str, field: &'static str) -> Result<String, Vec<Fault>> {
    optional(Some(text), field)?.ok_or_else(|| fault("REASON_MISSING", field, Text::new("请填写。", "Say something here.")))
}

/// A text that may say something.
pub(super) fn optional(text: Option<&str>, field: &'static str) -> Result<Option<String>, Vec<Fault>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if !storable(text) {
        let message = Text::new("文字中有不可见的控制字符（NUL），请删除。", "The text holds a NUL character: remove it.");
        return Err(fault("TEXT_NOT_STORABLE", field, message));
    }
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
