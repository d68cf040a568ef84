//! Groups of reports.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{Cadence, IndicatorId, JurisdictionId, TaskId, UnitId};

use super::{is_internal, pause, ranks, topics};
use crate::{
    access::policy::Internals,
    domain::{
        analysis::group::{
            Group, Listed, Listing, ReportDimension, ReportFact, ReportFigures, ReportMeasure, ReportMember, Subject, Timeliness, groups,
            list,
        },
        language::Text,
        progress::{
            calendar::{Compliance, Occurrence, Post, discharged},
            period::Period,
            report::Mark,
        },
    },
    service::{
        Call, Refusal, Service,
        progress::survey::{MOST_TASKS, Survey, Surveyed},
    },
    store::{ReportFilter, TaskFilter, Visible},
};

/// How many reports one request may group.
const MOST_REPORTS: u32 = 100_000;

/// What is asked of groups of reports.
#[derive(Clone, Debug)]
pub struct ReportQuestion {
    /// Which reports.
    pub filter: ReportFilter,
    /// In which respects they are grouped.
    pub by: Vec<ReportDimension>,
    /// Which groups, in which order, how many.
    pub listing: Listing<ReportMeasure>,
}

impl ReportQuestion {
    /// Whether how duties are met is told of anything. What was owed has no state, so that of reports in some states it would say nothing.
    fn tells_compliance(&self, call: &Call) -> bool {
        Internals::of(&call.viewer).are_any() && self.filter.states.is_none() && !self.by.contains(&ReportDimension::State)
    }
}

/// Groups of reports.
#[derive(Clone, Debug)]
pub struct ReportGroups {
    /// All reports that the filter chooses, each once.
    pub total: ReportFigures,
    /// The groups.
    pub listed: Listed<ReportFigures>,
}

/// The reports that a filter chooses, with the tasks that they are of.
#[derive(Clone, Debug)]
pub struct ReportSurvey {
    /// The reports.
    pub marks: Vec<Mark>,
    /// Their tasks, and those whose units owe any.
    pub tasks: Survey,
}

impl Service {
    /// The reports that a filter chooses, with the tasks that they are of and, where how duties are met is told, those that ask for any.
    ///
    /// # Errors
    /// They are more than one request may look at, or a fault of ours.
    pub async fn report_survey(&self, call: &Call, visible: &Visible, question: &ReportQuestion) -> Result<ReportSurvey, Refusal> {
        let marks = visible.report_marks(&question.filter, MOST_REPORTS).await?.ok_or_else(too_many)?;
        let chosen = if question.tells_compliance(call) {
            let ReportFilter { jurisdictions, descendants, years, tasks, .. } = question.filter.clone();
            TaskFilter { jurisdictions, descendants, years, tasks, ..TaskFilter::default() }
        } else {
            let tasks: BTreeSet<TaskId> = marks.iter().map(|mark| mark.task_id).collect();
            if tasks.len() > usize::try_from(MOST_TASKS).unwrap_or(usize::MAX) {
                return Err(too_many());
            }
            TaskFilter { tasks: Some(tasks.into_iter().collect()), ..TaskFilter::default() }
        };
        let tasks = self.survey(call, visible, &chosen, None, None).await?;
        Ok(ReportSurvey { marks, tasks })
    }

    /// The reports of a survey by what they have in common.
    ///
    /// # Errors
    /// They are in more groups than one request may make, or a fault of ours.
    pub async fn report_groups(
        &self,
        call: &Call,
        visible: &Visible,
        survey: &ReportSurvey,
        question: &ReportQuestion,
    ) -> Result<ReportGroups, Refusal> {
        let tasks: Vec<TaskId> = survey.tasks.tasks.iter().map(|surveyed| surveyed.dossier.task.id).collect();
        let mut topics = topics(visible, &tasks, question.by.contains(&ReportDimension::Topic)).await?;
        let subjects: Vec<Subject> = survey
            .tasks
            .tasks
            .iter()
            .map(|surveyed| subject(surveyed, topics.remove(&surveyed.dossier.task.id).unwrap_or_default()))
            .collect();
        let mut marks: HashMap<TaskId, BTreeMap<UnitId, Vec<&Mark>>> = HashMap::new();
        for mark in &survey.marks {
            marks.entry(mark.task_id).or_default().entry(mark.unit_id).or_default().push(mark);
        }
        let tells_compliance = question.tells_compliance(call);
        let is_told = |place: JurisdictionId| tells_compliance && is_internal(call, place);
        let mut members = Vec::with_capacity(survey.marks.len());
        for (place, (surveyed, subject)) in survey.tasks.tasks.iter().zip(&subjects).enumerate() {
            pause(place).await;
            for (unit_id, marks) in marks.remove(&subject.task_id).unwrap_or_default() {
                written(&mut members, surveyed, subject, unit_id, &marks, survey);
            }
            if is_told(subject.jurisdiction_id) {
                owed(&mut members, surveyed, subject, survey, question);
            }
        }
        let figures = |members: &[&ReportMember<'_>]| {
            let mut figures = ReportFigures::of(members, |place| is_internal(call, place));
            figures.compliance = figures.compliance.filter(|_| tells_compliance);
            figures
        };
        let mut found = Vec::new();
        for (place, (keys, members)) in groups(&members, |member| member.keys(&question.by))?.into_iter().enumerate() {
            pause(place).await;
            found.push(Group { keys, figures: figures(&members) });
        }
        let total = figures(&members.iter().collect::<Vec<_>>());
        let ranks = ranks(visible, &found).await?;
        Ok(ReportGroups { total, listed: list(found, &ranks, &question.listing, ReportFigures::measure) })
    }
}

fn too_many() -> Refusal {
    Refusal::TooWide(Text::new(
        format!("一次至多统计 {MOST_REPORTS} 份填报、{MOST_TASKS} 项任务：请在 filter 中限定辖区、年份、单位等，缩小范围。"),
        format!(
            "One request groups at most {MOST_REPORTS} reports of {MOST_TASKS} tasks: narrow the filter by jurisdiction, year, unit or the like."
        ),
    ))
}

fn subject(surveyed: &Surveyed, topics: Vec<entity::TopicId>) -> Subject {
    let dossier = &surveyed.dossier;
    let indicators: BTreeSet<IndicatorId> = dossier.goals.iter().filter_map(|goal| goal.target().indicator_id).collect();
    Subject {
        task_id: dossier.task.id,
        jurisdiction_id: dossier.notice.jurisdiction_id,
        year: dossier.notice.year,
        topics,
        indicators: indicators.into_iter().collect(),
        light: surveyed.state.verdict.light,
    }
}

fn month(period: Period) -> Period {
    Period::containing(Cadence::Monthly, period.ends_on())
}

/// The reports of a unit on a task.
fn written<'a>(
    members: &mut Vec<ReportMember<'a>>,
    surveyed: &Surveyed,
    subject: &'a Subject,
    unit_id: UnitId,
    marks: &[&Mark],
    survey: &ReportSurvey,
) {
    let asked: Vec<Occurrence> = surveyed.dossier.asked_of(unit_id, &survey.tasks.reckoning);
    for mark in marks {
        let timeliness = mark.first_submitted_at.map(|at| {
            let discharged = discharged(Post::Report(mark.period), &asked);
            Timeliness::of(mark.period, at, discharged.into_iter().map(|discharge| discharge.occurrence))
        });
        let fact = ReportFact::Written { state: mark.state, timeliness };
        members.push(ReportMember { subject, unit_id, month: month(mark.period), fact });
    }
}

/// What the duties of a task ask of its units, added up as far as groups do not tell it apart.
fn owed<'a>(
    members: &mut Vec<ReportMember<'a>>,
    surveyed: &Surveyed,
    subject: &'a Subject,
    survey: &ReportSurvey,
    question: &ReportQuestion,
) {
    let reckoning = &survey.tasks.reckoning;
    let by_month = question.by.contains(&ReportDimension::Month);
    let filter = &question.filter;
    let mut found: BTreeMap<(UnitId, Period), Compliance> = BTreeMap::new();
    for owed in surveyed.dossier.owed(reckoning, reckoning.now) {
        let period = owed.occurrence.period;
        let is_chosen =
            filter.period.is_none_or(|chosen| chosen == period) && filter.units.as_ref().is_none_or(|units| units.contains(&owed.unit_id));
        if !is_chosen {
            continue;
        }
        // What is not told apart by month is kept under any one.
        let month = if by_month { month(period) } else { Period::containing(Cadence::Monthly, survey.tasks.on) };
        found.entry((owed.unit_id, month)).or_default().extend([owed.state]);
    }
    let counts = found.into_iter().filter(|(_, compliance)| compliance.expected() > 0);
    members.extend(counts.map(|((unit_id, month), compliance)| ReportMember {
        subject,
        unit_id,
        month,
        fact: ReportFact::Owed(compliance),
    }));
}
