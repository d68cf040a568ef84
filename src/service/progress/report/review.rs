//! 审核: the office accepts a report, returns it with a reason, or reopens one that it had accepted.

use std::collections::{BTreeSet, HashMap};

use entity::{Action, AuditSubject, ProgressReportId, TaskId, TransitionKind};

use super::{
    Reports,
    change::{Change, lights, lights_after, lights_told},
    unknown,
};
use crate::{
    access::policy::{Entitlement, NoticeFacts, ReportFacts, Resource},
    domain::{
        audit::Changes,
        language::Text,
        progress::{
            dossier::{Acceptance, Dossier, Reckoning},
            event::Scene,
            report::{Figure, Life, ProgressReport, Reason, Refusal as Against, Step},
        },
    },
    service::{Call, Current, Fault, Refusal, Service, progress::state::reckoning},
    store::{Record, Writer},
};

/// How many reports one request may review.
const REVIEWS: usize = 100;

/// How long a reason may be, in characters.
const REASON: usize = 1000;

/// What an office decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 接受: it counts.
    Accept,
    /// 退回: its unit is to mend it.
    Return,
    /// 重新打开: it counts no longer, and its unit is to mend it.
    Reopen,
}

/// A decision on a report.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The report.
    pub report_id: ProgressReportId,
    /// What is decided.
    pub decision: Decision,
    /// Why; wanted for all but accepting.
    pub reason: Option<String>,
    /// The version that was looked at.
    pub expected_version: i64,
}

impl Service {
    /// Decides on a report.
    ///
    /// # Errors
    /// It is not there for the viewer, the viewer may not, it cannot be decided on, or the version is old.
    pub async fn review_progress(&self, call: &Call, verdict: Verdict) -> Result<Reports, Refusal> {
        let about = Some((AuditSubject::ProgressReport, verdict.report_id.0));
        let reviewed = self.attempt(call, Action::ReviewProgress, about, |entitled| async move {
            self.review(call, &entitled, std::slice::from_ref(&verdict), |_| vec!["input".to_owned()]).await
        });
        reviewed.await
    }

    /// Decides on several reports, on all or none of them.
    ///
    /// # Errors
    /// Any of them cannot be decided on; faults name the place of each.
    pub async fn review_progress_batch(&self, call: &Call, verdicts: &[Verdict]) -> Result<Reports, Refusal> {
        let reviewed = self.attempt(call, Action::ReviewProgress, None, |entitled| async move {
            if verdicts.is_empty() || verdicts.len() > REVIEWS {
                let message = Text::new(
                    format!("一次审核 1 至 {REVIEWS} 份，收到 {} 份：请分几次审核。", verdicts.len()),
                    format!("Review 1 to {REVIEWS} reports at once, not {}: use several requests.", verdicts.len()),
                );
                return Err(Refusal::Faults(vec![Fault::at("WRONG_NUMBER_OF_REVIEWS", vec!["inputs".into()], message)]));
            }
            self.review(call, &entitled, verdicts, |place| vec!["inputs".to_owned(), place.to_string()]).await
        });
        reviewed.await
    }

    async fn review(
        &self,
        call: &Call,
        entitled: &Entitlement,
        verdicts: &[Verdict],
        path: impl Fn(usize) -> Vec<String> + Send + Sync,
    ) -> Result<Reports, Refusal> {
        let visible = self.visible(call);
        let ids: Vec<ProgressReportId> = verdicts.iter().map(|verdict| verdict.report_id).collect();
        let found = visible.reports_by_id(&ids).await?;
        let mut tasks: Vec<TaskId> = found.values().map(|report| report.task_id).collect();
        tasks.sort_unstable();
        tasks.dedup();
        let known = visible.dossiers(&tasks).await?;
        let reckoning = reckoning(&visible, self.zone, call.occasion.at, known.values()).await?;
        let mut faults = Vec::new();
        let mut resources = Vec::new();
        for (place, verdict) in verdicts.iter().enumerate() {
            match found.get(&verdict.report_id).and_then(|report| Some((report, known.get(&report.task_id)?))) {
                Some((report, dossier)) => resources.push(Resource::Report(facts(report, dossier))),
                None if verdicts.len() == 1 && path(0).len() == 1 => return Err(Refusal::NotFound),
                None => {
                    let at = [path(place), vec!["reportId".to_owned()]].concat();
                    faults.push(Fault::at("NOT_FOUND", at, unknown("填报", "report")));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::Faults(faults));
        }
        let permit = entitled.permit(&resources)?;
        let mut writer = self.database.writing(permit).await?;
        let desk = Desk::open(&writer, call, reckoning, &ids, &tasks).await?;
        let (changes, dossiers) = match desk.decide(verdicts, &path) {
            Ok(decided) => decided,
            Err(refusal) => {
                writer.abandon().await?;
                return Err(refusal);
            }
        };
        for change in &changes {
            change.write(&mut writer, call.occasion.at).await?;
        }
        writer.commit(&call.occasion, record(&changes, verdicts, &dossiers)).await?;
        Ok(Reports::after(changes, &dossiers))
    }
}

/// What decisions about a report depend on.
pub(in crate::service) fn facts(report: &ProgressReport, dossier: &Dossier) -> ReportFacts {
    ReportFacts { notice: NoticeFacts::from(dossier.notice.as_ref()), unit: report.unit_id, state: report.state }
}

/// What lies before the office, read within the writer's turn: whoever decided before has had theirs.
struct Desk<'a> {
    call: &'a Call,
    reckoning: Reckoning,
    reports: HashMap<ProgressReportId, ProgressReport>,
    steps: Vec<Step>,
    figures: Vec<Figure>,
    reached: Vec<(ProgressReportId, entity::MilestoneId)>,
    dossiers: HashMap<TaskId, Dossier>,
}

impl<'a> Desk<'a> {
    async fn open(
        writer: &Writer,
        call: &'a Call,
        reckoning: Reckoning,
        ids: &[ProgressReportId],
        tasks: &[TaskId],
    ) -> Result<Self, Refusal> {
        let dossiers = writer.dossiers(tasks).await?;
        Ok(Self {
            call,
            reckoning: reckoning.after_all(dossiers.values()),
            reports: writer.reports(ids).await?.into_iter().map(|report| (report.id, report)).collect(),
            steps: writer.steps(ids).await?,
            figures: writer.figures(ids).await?,
            reached: writer.reached(ids).await?,
            dossiers,
        })
    }

    fn decide(
        mut self,
        verdicts: &[Verdict],
        path: &impl Fn(usize) -> Vec<String>,
    ) -> Result<(Vec<Change>, HashMap<TaskId, Dossier>), Refusal> {
        let mut faults = Vec::new();
        let mut changes = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, verdict) in verdicts.iter().enumerate() {
            let at = |part: &[&str]| [path(place), part.iter().map(|&part| part.to_owned()).collect()].concat();
            if !seen.insert(verdict.report_id) {
                let message = Text::new("同一份填报审核了两次：请保留一次。", "This report is reviewed twice: keep one.");
                faults.push(Fault::at("REVIEWED_TWICE", at(&["reportId"]), message));
                continue;
            }
            let Some(report) = self.reports.get(&verdict.report_id).cloned() else { continue };
            if i64::from(report.version) != verdict.expected_version {
                if path(place).len() == 1 {
                    return Err(Refusal::Stale(Box::new(Current::from(&report))));
                }
                let message = Text::new(
                    format!("填报已变更，现为第 {} 版：请刷新后重新审核。", report.version),
                    format!("The report has changed and has version {} now: refresh and review it again.", report.version),
                );
                faults.push(Fault::at("STALE_VERSION", at(&["expectedVersion"]), message));
                continue;
            }
            match self.after(&report, verdict)? {
                Ok(life) => changes.extend(self.change(&report, verdict, &life)?),
                Err(against @ Against::ReasonMissing) => faults.push(Fault::at(against.word(), at(&["reason"]), against.text())),
                Err(against) => faults.push(Fault::at(against.word(), at(&["decision"]), against.text())),
            }
            let length = verdict.reason.as_deref().unwrap_or_default().chars().count();
            if length > REASON {
                let message = Text::new(
                    format!("理由至多 {REASON} 个字，现有 {length} 个：请精简。"),
                    format!("A reason has at most {REASON} characters, not {length}: shorten it."),
                );
                faults.push(Fault::at("TEXT_TOO_LONG", at(&["reason"]), message));
            }
        }
        if faults.is_empty() { Ok((changes, self.dossiers)) } else { Err(Refusal::Faults(faults)) }
    }

    /// The life of a report after a decision, or what is against it.
    fn after(&self, report: &ProgressReport, verdict: &Verdict) -> Result<Result<Life, Against>, Refusal> {
        let steps = self.steps.iter().filter(|step| step.report_id == report.id);
        let life = Step::life(steps).map_err(|refusal| Refusal::Fault(Box::new(refusal)))?;
        let at = self.call.occasion.at;
        let reason = || Reason::new(verdict.reason.as_deref().unwrap_or_default());
        Ok(match verdict.decision {
            Decision::Accept => life.accept(at),
            Decision::Return => reason().and_then(|reason| life.return_to_unit(at, reason)),
            Decision::Reopen => reason().and_then(|reason| life.reopen(at, reason)),
        })
    }

    fn change(&mut self, report: &ProgressReport, verdict: &Verdict, life: &Life) -> Result<Option<Change>, Refusal> {
        let at = self.call.occasion.at;
        let acceptance = (verdict.decision == Decision::Accept).then(|| self.acceptance(report));
        let Some(dossier) = self.dossiers.get_mut(&report.task_id) else { return Ok(None) };
        let lights_before = lights_told(dossier, &self.reckoning)?;
        for counted in &mut dossier.acceptances {
            if counted.report_id == report.id && counted.ended_at.is_none() && verdict.decision == Decision::Reopen {
                counted.ended_at = Some(at);
            }
        }
        dossier.acceptances.extend(acceptance.clone());
        let is_hidden = verdict.decision == Decision::Return;
        let lights = lights_after(lights_before, lights(dossier, &self.reckoning)?, is_hidden);
        dossier.standing.tell(lights);
        let actor = self.call.viewer.actor();
        let step = Step {
            report_id: report.id,
            number: i32::try_from(life.history().len()).unwrap_or(i32::MAX),
            at,
            kind: match verdict.decision {
                Decision::Accept => TransitionKind::Accept,
                Decision::Return => TransitionKind::Return,
                Decision::Reopen => TransitionKind::Reopen,
            },
            reason: verdict.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned),
            actor_id: actor.map(|actor| actor.id),
            actor_username: actor.map(|actor| actor.username.clone()),
        };
        let after = ProgressReport { state: life.state(), version: report.version.saturating_add(1), changed_at: at, ..report.clone() };
        Ok(Some(Change {
            before: Some(report.clone()),
            content: None,
            steps: vec![step],
            acceptance,
            ends_acceptance: verdict.decision == Decision::Reopen,
            scene: Scene { at, task_id: report.task_id, jurisdiction_id: dossier.notice.jurisdiction_id },
            lights_before,
            lights,
            after,
        }))
    }

    /// What a report has count.
    fn acceptance(&self, report: &ProgressReport) -> Acceptance {
        let figures = self.figures.iter().filter(|figure| figure.report_id == report.id);
        let reached = self.reached.iter().filter(|(of, _)| *of == report.id);
        Acceptance {
            report_id: report.id,
            unit_id: report.unit_id,
            ends_on: report.period.ends_on(),
            figures: figures.map(|figure| (figure.target_id, figure.value)).collect(),
            milestones: reached.map(|(_, milestone)| *milestone).collect(),
            stated_percent: report.stated_percent,
            demonstration: report.demonstration,
            accepted_at: self.call.occasion.at,
            ended_at: None,
        }
    }
}

fn record(changes: &[Change], verdicts: &[Verdict], dossiers: &HashMap<TaskId, Dossier>) -> Record {
    let mut told = Changes::default();
    let mut record = Record::done();
    for (change, verdict) in changes.iter().zip(verdicts) {
        let name = if changes.len() == 1 { "state".to_owned() } else { change.after.id.0.to_string() };
        told = told.with(&name, change.before.as_ref().map(|report| report.state), change.after.state);
        if let Some(reason) = verdict.reason.as_deref().filter(|reason| !reason.trim().is_empty()) {
            told = told.with(&format!("{name}Reason"), None::<&str>, reason.trim());
        }
        if let Some(dossier) = dossiers.get(&change.after.task_id) {
            record = record.within(dossier.notice.jurisdiction_id);
        }
    }
    if let [change] = changes {
        record = record.about(AuditSubject::ProgressReport, change.after.id.0);
    }
    record.with(told)
}
