//! What is checked of a post, and what becomes of it.

use std::collections::{BTreeSet, HashMap};

use entity::{BlockerId, BlockerState, Cadence, ReportState, TaskId, TransitionKind, UnitId};

use super::{
    Post, Read,
    change::{Change, Content, lights, lights_after, lights_told},
    check::Check,
    new_report_id,
};
use crate::{
    domain::{
        language::Text,
        places::unit::Unit,
        progress::{
            blocker::Blocker,
            dossier::{Acceptance, Dossier, Reckoning, Submission},
            event::Scene,
            report::{Figure, Life, ProgressReport, Step},
        },
    },
    service::{Call, Current, Refusal},
    store::Writer,
};
/// What a unit's posts are checked against, besides the dossiers of their tasks.
pub(super) struct Desk<'a> {
    pub call: &'a Call,
    /// The unit that reports.
    pub unit_id: UnitId,
    pub reckoning: Reckoning,
    pub helpers: HashMap<UnitId, Unit>,
    /// The reports that are there for the tasks and periods.
    pub reports: Vec<ProgressReport>,
    /// What happened to them.
    pub steps: Vec<Step>,
    /// The unit's open blockers of the tasks.
    pub blockers: Vec<Blocker>,
}

impl<'a> Desk<'a> {
    /// Reads what is there, within the writer's turn.
    pub async fn open(
        writer: &Writer,
        call: &'a Call,
        unit_id: UnitId,
        posts: &[Read<'_>],
        reckoning: Reckoning,
        helpers: HashMap<UnitId, Unit>,
    ) -> Result<Self, Refusal> {
        // As it is stored, not as it was typed. What is no period has no report, and `PostgreSQL` takes no NUL.
        let periods = posts.iter().filter_map(|read| Some((read.post.task_id, read.period.as_ref().ok()?)));
        let keys: Vec<_> = periods.map(|(task, period)| (task, unit_id, period.key())).collect();
        let tasks: Vec<TaskId> = posts.iter().map(|read| read.post.task_id).collect();
        let reports = writer.reports_for(&keys).await?;
        let ids: Vec<_> = reports.iter().map(|report| report.id).collect();
        let steps = if ids.is_empty() { Vec::new() } else { writer.steps(&ids).await? };
        let blockers = writer.open_blockers(unit_id, &tasks).await?;
        Ok(Self { call, unit_id, reckoning, helpers, reports, steps, blockers })
    }
}

/// What becomes of posts, or all that is wrong with any of them. They are taken in their order: a later one is compared with what an
/// earlier one says, where that counts already.
pub(super) fn prepare(
    desk: &Desk<'_>,
    posts: &[Read<'_>],
    dossiers: &mut HashMap<TaskId, Dossier>,
    path: &impl Fn(usize) -> Vec<String>,
) -> Result<Vec<Change>, Refusal> {
    let mut faults = Vec::new();
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for (place, read) in posts.iter().enumerate() {
        let post = read.post;
        let Some(dossier) = dossiers.get_mut(&post.task_id) else { continue };
        let mut check = Check::of(path(place));
        if !seen.insert((post.task_id, post.period.trim().to_owned())) {
            check.fault(
                "POSTED_TWICE",
                &["period"],
                Text::new("同一任务同一期报送了两次：请保留一份。", "This task and period is posted twice: keep one."),
            );
        }
        let change = check.post(desk, read, dossier)?;
        faults.append(&mut check.faults);
        changes.extend(change);
    }
    if faults.is_empty() { Ok(changes) } else { Err(Refusal::Faults(faults)) }
}

impl Check {
    /// What becomes of a post; `None` where it is at fault.
    fn post(&mut self, desk: &Desk<'_>, read: &Read<'_>, dossier: &mut Dossier) -> Result<Option<Change>, Refusal> {
        let post = read.post;
        let period = self.period(&read.period, dossier, &desk.reckoning);
        self.words(post);
        let figures = self.figures(post);
        self.milestones(post, dossier);
        self.blockers(post, &desk.helpers);
        let stated_percent = self.stated(post);
        let Some(period) = period else { return Ok(None) };
        let known = desk.reports.iter().find(|report| report.task_id == post.task_id && report.period == period);
        self.version(post, known)?;
        let (_, life) = self.life(desk, post, known)?;
        let id = known.map_or_else(new_report_id, |report| report.id);
        let at = desk.call.occasion.at;
        let posted = Acceptance {
            report_id: id,
            unit_id: desk.unit_id,
            ends_on: period.ends_on(),
            figures: figures.iter().map(|figure| (figure.target_id, figure.value)).collect(),
            milestones: post.milestones_reached.clone(),
            stated_percent,
            demonstration: false,
            accepted_at: at,
            ended_at: None,
        };
        let remarks = self.content(desk, post, dossier, period, &posted, &figures);
        let Some(life) = life.filter(|_| self.faults.is_empty()) else { return Ok(None) };
        let records = dossier.records(desk.unit_id, period, id, &desk.reckoning);
        let previous = |target| records.iter().find(|record| record.target_id == target).and_then(|record| record.accepted.last().copied());
        let figures: Vec<Figure> = figures
            .iter()
            .map(|figure| Figure {
                report_id: id,
                target_id: figure.target_id,
                value: figure.value,
                previous_value: previous(figure.target_id),
                explanation: figure.explanation.clone(),
            })
            .collect();
        let accepts = !post.draft && dossier.reporting.setting.accepts_weekly && period.cadence() == Cadence::Weekly;
        let steps = steps(desk, post, id, &life, accepts);
        let actor = desk.call.viewer.actor();
        let after = ProgressReport {
            id,
            task_id: post.task_id,
            unit_id: desk.unit_id,
            period,
            state: if accepts { ReportState::Accepted } else { life.state() },
            version: known.map_or(1, |report| report.version.saturating_add(1)),
            narrative: post.narrative.trim().to_owned(),
            stated_percent,
            remarks,
            demonstration: false,
            created_at: known.map_or(at, |report| report.created_at),
            changed_at: at,
            first_submitted_at: life.first_submitted_at(),
            submitted_at: life.last_submitted_at(),
            author_id: actor.map(|actor| actor.id),
            author_username: actor.map(|actor| actor.username.clone()),
        };
        let blockers = merged(desk, post, &after);
        let lights_before = lights_told(dossier, &desk.reckoning)?;
        settle(dossier, &after, accepts.then_some(&posted));
        let lights = lights_after(lights_before, lights(dossier, &desk.reckoning)?, !accepts);
        dossier.standing.tell(lights);
        Ok(Some(Change {
            before: known.cloned(),
            content: Some(Content { figures, reached: reached(post), ..blockers }),
            steps,
            acceptance: accepts.then_some(posted),
            ends_acceptance: false,
            scene: Scene { at, task_id: post.task_id, jurisdiction_id: dossier.notice.jurisdiction_id },
            lights_before,
            lights,
            after,
        }))
    }
}

fn reached(post: &Post) -> Vec<entity::MilestoneId> {
    let mut reached = post.milestones_reached.clone();
    reached.sort_unstable();
    reached.dedup();
    reached
}

/// The steps that a post takes: it is submitted, and accepted where the notice's setting does that.
fn steps(desk: &Desk<'_>, post: &Post, id: entity::ProgressReportId, life: &Life, accepts: bool) -> Vec<Step> {
    if post.draft {
        return Vec::new();
    }
    let actor = desk.call.viewer.actor();
    let number = i32::try_from(life.history().len()).unwrap_or(i32::MAX);
    let at = desk.call.occasion.at;
    let mut steps = vec![Step {
        report_id: id,
        number,
        at,
        kind: TransitionKind::Submit,
        reason: None,
        actor_id: actor.map(|actor| actor.id),
        actor_username: actor.map(|actor| actor.username.clone()),
    }];
    if accepts {
        steps.push(Step {
            report_id: id,
            number: number.saturating_add(1),
            at,
            kind: TransitionKind::Accept,
            reason: None,
            actor_id: None,
            actor_username: None,
        });
    }
    steps
}

/// The blockers of a report as they are to be: those that it names again keep their identity, those that it names no more are withdrawn.
fn merged(desk: &Desk<'_>, post: &Post, report: &ProgressReport) -> Content {
    let raised_at = (report.state != ReportState::Draft).then_some(desk.call.occasion.at);
    let mut content = Content::default();
    let known: Vec<&Blocker> = desk.blockers.iter().filter(|blocker| blocker.report_id == report.id).collect();
    for blocker in &known {
        let again = post.blockers.iter().find(|posted| posted.description.trim() == blocker.description);
        content.kept.push(match again {
            Some(posted) => Blocker {
                needs: posted.needs.clone(),
                needed_from_id: posted.needed_from,
                needed_by: posted.needed_by,
                raised_at: blocker.raised_at.or(raised_at),
                ..(*blocker).clone()
            },
            None => Blocker { state: BlockerState::Withdrawn, ..(*blocker).clone() },
        });
        if again.is_some() && blocker.raised_at.is_none() && raised_at.is_some() {
            content.raised.push(blocker.id);
        }
    }
    for posted in &post.blockers {
        let description = posted.description.trim();
        let is_there = known.iter().any(|blocker| blocker.description == description)
            || content.added.iter().any(|blocker| blocker.description == description);
        if is_there {
            continue;
        }
        let id = BlockerId::generate();
        content.raised.extend(raised_at.map(|_| id));
        content.added.push(Blocker {
            id,
            task_id: report.task_id,
            report_id: report.id,
            description: description.to_owned(),
            needs: posted.needs.clone(),
            needed_from_id: posted.needed_from,
            needed_by: posted.needed_by,
            state: BlockerState::Open,
            version: 1,
            raised_at,
            resolved_at: None,
            resolution: None,
        });
    }
    content
}

/// Brings a dossier to what it is with a report, so that the light and whatever is posted next are judged by that.
fn settle(dossier: &mut Dossier, report: &ProgressReport, accepted: Option<&Acceptance>) {
    if let Some(first_submitted_at) = report.first_submitted_at {
        dossier.submissions.retain(|submission| submission.report_id != report.id);
        dossier.submissions.push(Submission { report_id: report.id, unit_id: report.unit_id, period: report.period, first_submitted_at });
    }
    dossier.acceptances.extend(accepted.cloned());
}

impl From<&ProgressReport> for Current {
    fn from(report: &ProgressReport) -> Self {
        Self {
            version: report.version,
            changed_at: Some(report.changed_at),
            changed_by: report.author_username.clone(),
            fields: vec![
                ("period", report.period.key().into()),
                ("state", serde_json::to_value(report.state).unwrap_or_default()),
                ("narrative", report.narrative.clone().into()),
            ],
        }
    }
}
