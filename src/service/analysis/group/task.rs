//! Groups of tasks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{AssignmentRole, Cadence, IndicatorId, NoticeState, StatusLight, TaskId, TopicId, UnitId};

use super::{is_internal, pause, ranks, topics};
use crate::{
    domain::{
        analysis::group::{Addend, Group, Listed, Listing, TaskDimension, TaskFigures, TaskMeasure, TaskMember, groups, list},
        progress::{
            calendar::Compliance,
            dossier::{Dossier, Reckoning, instant},
            period::Period,
        },
    },
    service::{
        Call, Refusal, Service,
        progress::survey::{Survey, Surveyed},
    },
    store::{TaskFilter, Visible},
};

/// What is asked of groups of tasks.
#[derive(Clone, Debug)]
pub struct TaskQuestion {
    /// Which tasks.
    pub filter: TaskFilter,
    /// Of one of these lights.
    pub lights: Option<Vec<StatusLight>>,
    /// In which respects they are grouped.
    pub by: Vec<TaskDimension>,
    /// Which groups, in which order, how many.
    pub listing: Listing<TaskMeasure>,
    /// As of which date; `None` for today.
    pub on: Option<NaiveDate>,
    /// Whether anybody wants to know how duties are met, which takes most of the time.
    pub with_compliance: bool,
}

/// Groups of tasks.
#[derive(Clone, Debug)]
pub struct TaskGroups {
    /// As of which date.
    pub on: NaiveDate,
    /// All tasks that the filter chooses, each once.
    pub total: TaskFigures,
    /// The groups.
    pub listed: Listed<TaskFigures>,
}

impl Service {
    /// The tasks of a survey by what they have in common.
    ///
    /// # Errors
    /// They are in more groups than one request may make, or a fault of ours.
    pub async fn task_groups(
        &self,
        call: &Call,
        visible: &Visible,
        survey: &Survey,
        question: &TaskQuestion,
    ) -> Result<TaskGroups, Refusal> {
        let tree = visible.jurisdictions().await?;
        let chosen = chosen_indicator(visible, &question.filter).await?;
        // What was promised later is no promise of that day.
        let promised: Vec<&Surveyed> = survey.tasks.iter().filter(|surveyed| surveyed.dossier.notice.is_issued_by(survey.on)).collect();
        let tasks: Vec<TaskId> = promised.iter().map(|surveyed| surveyed.dossier.task.id).collect();
        let mut topics = topics(visible, &tasks, question.by.contains(&TaskDimension::Topic)).await?;
        let mut members = Vec::with_capacity(tasks.len());
        for (place, surveyed) in promised.into_iter().enumerate() {
            pause(place).await;
            let is_internal = is_internal(call, surveyed.dossier.notice.jurisdiction_id);
            let topics = topics.remove(&surveyed.dossier.task.id).unwrap_or_default();
            let mut member = member(surveyed, topics, survey.on, is_internal);
            if is_internal && question.with_compliance {
                member.compliance = Some(compliance(&surveyed.dossier, survey.on, &survey.reckoning));
            }
            members.push(member);
        }
        let mut found = Vec::new();
        for (place, (keys, members)) in groups(&members, |member| member.keys(&question.by))?.into_iter().enumerate() {
            pause(place).await;
            let figures = TaskFigures::of(&keys, &members, chosen, &tree);
            found.push(Group { keys, figures });
        }
        let total = TaskFigures::of(&[], &members.iter().collect::<Vec<_>>(), chosen, &tree);
        let ranks = ranks(visible, &found).await?;
        Ok(TaskGroups { on: survey.on, total, listed: list(found, &ranks, &question.listing, TaskFigures::measure) })
    }
}

/// The indicator that a filter chooses by, where it is one.
async fn chosen_indicator(visible: &Visible, filter: &TaskFilter) -> Result<Option<IndicatorId>, Refusal> {
    match filter.indicators.as_deref() {
        Some([code, rest @ ..]) if rest.iter().all(|other| other == code) => {
            Ok(visible.indicator_by_code(code).await?.map(|indicator| indicator.id))
        }
        _ => Ok(None),
    }
}

fn member(surveyed: &Surveyed, topics: Vec<TopicId>, on: NaiveDate, is_internal: bool) -> TaskMember {
    let Surveyed { dossier, state } = surveyed;
    TaskMember {
        task_id: dossier.task.id,
        jurisdiction_id: dossier.notice.jurisdiction_id,
        year: dossier.notice.year,
        in_force: dossier.notice.state == NoticeState::Issued,
        units: dossier.named().map(|party| party.unit_id).collect(),
        leads: dossier.named().filter(|party| party.role == AssignmentRole::Lead).map(|party| party.unit_id).collect(),
        topics,
        phase: dossier.standing.phase_on(on, is_internal),
        due_in: Period::containing(Cadence::Monthly, dossier.plan().due_on()),
        light: state.verdict.light,
        is_stale: state.stale(),
        completion: state.completion.share.clone(),
        planned: state.verdict.proof.planned.clone(),
        targets: u64::try_from(dossier.goals.iter().filter(|goal| goal.is_top_level()).count()).unwrap_or(u64::MAX),
        addends: Addend::of_task(dossier, &state.completion),
        compliance: None,
    }
}

fn compliance(dossier: &Dossier, on: NaiveDate, reckoning: &Reckoning) -> BTreeMap<UnitId, Compliance> {
    let mut found: BTreeMap<UnitId, Compliance> = BTreeMap::new();
    for owed in dossier.owed(reckoning, instant(on, reckoning)) {
        found.entry(owed.unit_id).or_default().extend([owed.state]);
    }
    found
}
