//! 填报: posting what a unit has to say of its tasks for a period.
//!
//! What a post is compared with is read before the writer takes its turn, because it is much, and again within the turn for the tasks
//! that have changed in between. At a deadline posts of many units come at once: they queue before they read, so that few change in between.

mod change;
mod check;
mod number;
mod posting;
mod review;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{Action, AuditSubject, MilestoneId, ProgressReportId, TargetId, TaskId, UnitId};

pub(in crate::service) use change::{lights, lights_after, lights_told};
pub use number::Number;
pub(in crate::service) use review::facts as report_facts;
pub use review::{Decision as ReviewDecision, Verdict};

use super::{held::Held, state::reckoning};
use crate::{
    access::policy::{Decision, Entitlement, NoticeFacts, Permit, Resource, TaskFacts},
    domain::{
        audit::Changes,
        language::Text,
        places::unit::Unit,
        progress::{
            dossier::Dossier,
            period::{Period, PeriodError},
            report::ProgressReport,
            standing::TaskStanding,
        },
    },
    service::{Call, Fault, Refusal, Service},
    store::{Record, Visible},
};
use change::Change;
use posting::{Desk, prepare};

/// How many posts one request may hold.
pub const POSTS: usize = 100;

/// What a unit posts of a task for a period.
#[derive(Clone, Debug)]
pub struct Post {
    /// The task.
    pub task_id: TaskId,
    /// The key of the period.
    pub period: String,
    /// What was done, in words.
    pub narrative: String,
    /// The figures, cumulative since the start of the year.
    pub achievements: Vec<Achievement>,
    /// The milestones that are reached.
    pub milestones_reached: Vec<MilestoneId>,
    /// What stops the task.
    pub blockers: Vec<NewBlocker>,
    /// The completion that is stated, in percent.
    pub stated_completion: Option<Number>,
    /// The version of the report that this builds on; `None` where there is none yet.
    pub expected_version: Option<i64>,
    /// Whether it is only saved.
    pub draft: bool,
}

/// A figure that is posted.
#[derive(Clone, Debug)]
pub struct Achievement {
    /// The target.
    pub target_id: TargetId,
    /// The figure as it was typed.
    pub value: Number,
    /// Why it is lower than the one before.
    pub explanation: Option<String>,
}

/// A blocker that is posted.
#[derive(Clone, Debug)]
pub struct NewBlocker {
    /// What stops the task.
    pub description: String,
    /// What is needed to go on.
    pub needs: Option<String>,
    /// The unit that must act.
    pub needed_from: Option<UnitId>,
    /// Until when.
    pub needed_by: Option<NaiveDate>,
}

/// Reports as they are after a change.
#[derive(Clone, Debug)]
pub struct Reports {
    /// The reports.
    pub reports: Vec<ProgressReport>,
    /// What was read of their tasks on the way.
    pub held: Held,
}

impl Reports {
    fn after(changes: Vec<Change>, dossiers: &HashMap<TaskId, Dossier>) -> Self {
        Self { reports: changes.into_iter().map(|change| change.after).collect(), held: Held::by(dossiers.values()) }
    }
}

/// A post with the period that it names, or why that is none.
struct Read<'a> {
    post: &'a Post,
    period: Result<Period, PeriodError>,
}

impl<'a> Read<'a> {
    fn of(post: &'a Post) -> Self {
        Self { period: post.period.trim().parse(), post }
    }
}

impl Service {
    /// Posts a report, or updates the one for its period while it is not accepted.
    ///
    /// # Errors
    /// The task is not there for the viewer, the post cannot be, or the version is old.
    pub async fn submit_progress(&self, call: &Call, post: Post) -> Result<Reports, Refusal> {
        let about = Some((AuditSubject::Task, post.task_id.0));
        let posted = self.attempt(call, Action::SubmitProgress, about, |entitled| async move {
            self.post(call, &entitled, std::slice::from_ref(&post), |_| vec!["input".to_owned()]).await
        });
        posted.await
    }

    /// Posts several reports, all or none of them.
    ///
    /// # Errors
    /// Any of them cannot be; faults name the place of each.
    pub async fn submit_progress_batch(&self, call: &Call, posts: &[Post]) -> Result<Reports, Refusal> {
        let posted = self.attempt(call, Action::SubmitProgress, None, |entitled| async move {
            if posts.is_empty() || posts.len() > POSTS {
                let message = Text::new(
                    format!("一次报送 1 至 {POSTS} 份，收到 {} 份：请分几次报送。", posts.len()),
                    format!("Submit 1 to {POSTS} reports at once, not {}: use several requests.", posts.len()),
                );
                return Err(Refusal::Faults(vec![Fault::at("WRONG_NUMBER_OF_POSTS", vec!["inputs".into()], message)]));
            }
            self.post(call, &entitled, posts, |place| vec!["inputs".to_owned(), place.to_string()]).await
        });
        posted.await
    }

    async fn post(
        &self,
        call: &Call,
        entitled: &Entitlement,
        posts: &[Post],
        path: impl Fn(usize) -> Vec<String> + Send + Sync,
    ) -> Result<Reports, Refusal> {
        let Some(unit_id) = call.viewer.actor().and_then(|actor| actor.unit_id) else { return Err(Refusal::NotFound) };
        let posts: Vec<Read<'_>> = posts.iter().map(Read::of).collect();
        let visible = self.visible(call);
        let mut tasks: Vec<TaskId> = posts.iter().map(|read| read.post.task_id).collect();
        tasks.sort_unstable();
        tasks.dedup();
        let place = self.database.place().await;
        let mut dossiers = visible.dossiers(&tasks).await?;
        let reckoning = reckoning(&visible, self.zone, call.occasion.at, dossiers.values()).await?;
        let helpers = helpers(&visible, &posts).await?;
        let permit = allowed(entitled, unit_id, &dossiers, &posts, &path)?;
        let mut writer = self.database.writing_at(place, permit).await?;
        let revisions = writer.revisions(&tasks).await?;
        let is_old = |task: &TaskId| {
            let known = dossiers.get(task).map_or(0, |dossier| dossier.standing.revision);
            known != revisions.get(task).copied().unwrap_or_default()
        };
        let old: Vec<TaskId> = tasks.iter().filter(|task| is_old(task)).copied().collect();
        if !old.is_empty() {
            dossiers.extend(writer.dossiers(&old).await?);
            // What it was allowed for may have been closed or suspended since.
            if let Err(refusal) = allowed(entitled, unit_id, &dossiers, &posts, &path) {
                writer.abandon().await?;
                return Err(refusal);
            }
        }
        let reckoning = reckoning.after_all(dossiers.values());
        let desk = Desk::open(&writer, call, unit_id, &posts, reckoning, helpers).await?;
        let changes = match prepare(&desk, &posts, &mut dossiers, &path) {
            Ok(changes) => changes,
            Err(refusal) => {
                writer.abandon().await?;
                return Err(refusal);
            }
        };
        for change in &changes {
            change.write(&mut writer, call.occasion.at).await?;
        }
        writer.commit(&call.occasion, record(&changes, &dossiers)).await?;
        Ok(Reports::after(changes, &dossiers))
    }
}

/// The permit for all posts, or what is against each of them, at the task that it names.
fn allowed(
    entitled: &Entitlement,
    unit: UnitId,
    dossiers: &HashMap<TaskId, Dossier>,
    posts: &[Read<'_>],
    path: &impl Fn(usize) -> Vec<String>,
) -> Result<Permit, Refusal> {
    let mut faults = Vec::new();
    let mut resources = Vec::new();
    for (place, Read { post, .. }) in posts.iter().enumerate() {
        let at = || [path(place), vec!["taskId".to_owned()]].concat();
        let decision = match dossiers.get(&post.task_id) {
            // A post alone is answered as one of something that is not there.
            None if path(place).len() == 1 => return Err(Refusal::NotFound),
            None => Decision::Hide,
            Some(dossier) => {
                let resource = Resource::Task(facts(dossier, Some(unit)));
                resources.push(resource);
                entitled.decide(&resource)
            }
        };
        match decision {
            Decision::Allow => {}
            Decision::Forbid(reason) => faults.push(Fault::at(reason.word(), at(), reason.text())),
            Decision::Hide => faults.push(Fault::at("NOT_FOUND", at(), unknown("任务", "task"))),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults));
    }
    Ok(entitled.permit(&resources)?)
}

/// What decisions about a task depend on.
#[must_use]
pub fn facts(dossier: &Dossier, unit: Option<UnitId>) -> TaskFacts {
    let TaskStanding { claim, closing, suspension, .. } = &dossier.standing;
    TaskFacts {
        notice: NoticeFacts::from(dossier.notice.as_ref()),
        part: unit.and_then(|unit| dossier.part_of(unit)),
        claimed: claim.is_some(),
        closed: closing.is_some(),
        suspended: suspension.is_some(),
    }
}

/// The units that posts ask for help.
async fn helpers(visible: &Visible, posts: &[Read<'_>]) -> Result<HashMap<UnitId, Unit>, Refusal> {
    let asked: Vec<UnitId> = posts.iter().flat_map(|read| &read.post.blockers).filter_map(|blocker| blocker.needed_from).collect();
    Ok(if asked.is_empty() { HashMap::new() } else { visible.units_by_id(&asked).await? })
}

/// Something that is not there, or not for the viewer.
pub(in crate::service) fn unknown(chinese: &str, english: &str) -> Text {
    Text::new(
        format!("没有这个{chinese}，或您无权查看：请检查 ID。"),
        format!("There is no such {english}, or you may not see it: check the id."),
    )
}

/// What is recorded of posts: of one, about its report; of several, about each in a list.
fn record(changes: &[Change], dossiers: &HashMap<TaskId, Dossier>) -> Record {
    let mut told = Changes::default();
    let mut record = Record::done();
    for change in changes {
        let name = if changes.len() == 1 { "report".to_owned() } else { change.after.id.0.to_string() };
        let summary = |report: &ProgressReport| serde_json::json!({ "period": report.period.key(), "state": report.state, "version": report.version });
        told = told.with(&name, change.before.as_ref().map(summary), summary(&change.after));
        if let Some(dossier) = dossiers.get(&change.after.task_id) {
            record = record.within(dossier.notice.jurisdiction_id);
        }
    }
    if let [change] = changes {
        record = record.about(AuditSubject::ProgressReport, change.after.id.0);
    }
    record.with(told)
}

/// The id of a report that is about to be made.
fn new_report_id() -> ProgressReportId {
    ProgressReportId::generate()
}
