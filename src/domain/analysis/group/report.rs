//! Reports in groups, and the numbers computed from each group.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign as _,
};

use chrono::{DateTime, Utc};
use entity::{IndicatorId, JurisdictionId, ReportState, StatusLight, TaskId, TopicId, UnitId};

use super::{
    Key,
    task::{count, each, rate},
};
use crate::domain::{
    progress::{
        calendar::{Compliance, Occurrence},
        period::Period,
    },
    share::Share,
};

/// In which respects reports are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportDimension {
    /// 辖区.
    Jurisdiction,
    /// 填报单位.
    Unit,
    /// 任务的领域.
    Topic,
    /// 任务的指标.
    Indicator,
    /// 年份.
    Year,
    /// 任务的灯.
    Light,
    /// 填报状态.
    State,
    /// 月份: that in which the period ends.
    Month,
}

/// The values that reports of a task take from the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The task.
    pub task_id: TaskId,
    /// The jurisdiction of its notice.
    pub jurisdiction_id: JurisdictionId,
    /// The year of its notice.
    pub year: i32,
    /// Its topics.
    pub topics: Vec<TopicId>,
    /// The indicators that its targets are under.
    pub indicators: Vec<IndicatorId>,
    /// Its light.
    pub light: StatusLight,
}

/// 及时与否: whether a report came in time. The report itself decides: its first submission, and the duties that it discharges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeliness {
    /// 按时.
    OnTime,
    /// 迟报.
    Late,
    /// 未要求: no duty asked for it.
    Unasked,
}

/// A member of groups of reports: an existing report, or a due one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportMember<'a> {
    /// Its task.
    pub subject: &'a Subject,
    /// Whose it is.
    pub unit_id: UnitId,
    /// The month in which its period ends.
    pub month: Period,
    /// The report, or the due one.
    pub fact: ReportFact,
}

/// An existing report, or a due one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFact {
    /// One that the viewer may see.
    Written {
        /// Where it stands.
        state: ReportState,
        /// Whether it came in time; `None` of a draft, which has not come.
        timeliness: Option<Timeliness>,
    },
    /// Whether the due reports of a unit came, if the viewer may know.
    Owed(Compliance),
}

/// The numbers of a group of reports.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReportFigures {
    /// How many reports.
    pub reports: u64,
    /// Of how many tasks.
    pub tasks: u64,
    /// Of how many units.
    pub units: u64,
    /// How many stand where.
    pub states: BTreeMap<ReportState, u64>,
    /// Which came in time and which late; `None` where that of any is not for the viewer.
    pub timeliness: Option<TimelinessCounts>,
    /// How duties are met; `None` where that is not for the viewer.
    pub compliance: Option<Compliance>,
}

/// How many reports came in time and late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TimelinessCounts {
    /// How many came in time.
    pub on_time: u64,
    /// How many came late.
    pub late: u64,
    /// How many nobody had asked for.
    pub unasked: u64,
}

/// The measures by which groups of reports are selected and ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "named as the figures are")]
pub enum ReportMeasure {
    ReportCount,
    TaskCount,
    UnitCount,
    Draft,
    Submitted,
    Returned,
    Accepted,
    OnTime,
    Late,
    Unasked,
    Expected,
    Received,
    Missing,
    ReportingRate,
    OnTimeRate,
}

impl Timeliness {
    /// Whether a report that was first submitted at an instant was on time for its duties. If there is a duty for its own period, this one
    /// counts. A month's report also discharges its weeks, for which it could only be late. The last week's report also discharges the
    /// month, for which it cannot be late yet.
    #[must_use]
    pub fn of<'a>(period: Period, first_submitted_at: DateTime<Utc>, discharged: impl IntoIterator<Item = &'a Occurrence>) -> Self {
        let discharged: Vec<&Occurrence> = discharged.into_iter().collect();
        let due = |own: bool| discharged.iter().filter(|owed| !own || owed.period == period).map(|owed| owed.due_at).max();
        match due(true).or_else(|| due(false)) {
            Some(due_at) if first_submitted_at <= due_at => Self::OnTime,
            Some(_) => Self::Late,
            None => Self::Unasked,
        }
    }
}

impl ReportMember<'_> {
    /// Its values in each respect. A due report has no state, so it is in no group of a state.
    #[must_use]
    pub fn keys(&self, by: &[ReportDimension]) -> Vec<Vec<Key>> {
        by.iter().map(|dimension| self.keys_of(*dimension)).collect()
    }

    fn keys_of(&self, dimension: ReportDimension) -> Vec<Key> {
        let subject = self.subject;
        match dimension {
            ReportDimension::Jurisdiction => vec![Key::Jurisdiction(subject.jurisdiction_id)],
            ReportDimension::Unit => vec![Key::Unit(Some(self.unit_id))],
            ReportDimension::Topic => each(subject.topics.iter().copied(), Key::Topic),
            ReportDimension::Indicator => each(subject.indicators.iter().copied(), Key::Indicator),
            ReportDimension::Year => vec![Key::Year(subject.year)],
            ReportDimension::Light => vec![Key::Light(subject.light)],
            ReportDimension::State => match self.fact {
                ReportFact::Written { state, .. } => vec![Key::ReportState(state)],
                ReportFact::Owed(_) => Vec::new(),
            },
            ReportDimension::Month => vec![Key::Month(self.month)],
        }
    }
}

impl ReportFigures {
    /// The numbers computed from the members of a group. `is_internal` says whether how duties are met in a jurisdiction is for the
    /// viewer. Where that of any is not, that of the rest must not pass for the whole.
    #[must_use]
    pub fn of(members: &[&ReportMember<'_>], is_internal: impl Fn(JurisdictionId) -> bool) -> Self {
        let mut figures = Self::default();
        let mut counts = TimelinessCounts::default();
        let (mut tasks, mut units, mut compliance) = (BTreeSet::new(), BTreeSet::new(), Compliance::default());
        for member in members {
            match member.fact {
                ReportFact::Owed(of_unit) => compliance.add_assign(of_unit),
                ReportFact::Written { state, timeliness } => {
                    figures.reports = figures.reports.saturating_add(1);
                    tasks.insert(member.subject.task_id);
                    units.insert(member.unit_id);
                    let of_state = figures.states.entry(state).or_default();
                    *of_state = of_state.saturating_add(1);
                    let in_time = match timeliness {
                        Some(Timeliness::OnTime) => &mut counts.on_time,
                        Some(Timeliness::Late) => &mut counts.late,
                        Some(Timeliness::Unasked) => &mut counts.unasked,
                        None => continue,
                    };
                    *in_time = in_time.saturating_add(1);
                }
            }
        }
        figures.tasks = u64::try_from(tasks.len()).unwrap_or(u64::MAX);
        figures.units = u64::try_from(units.len()).unwrap_or(u64::MAX);
        let places: BTreeSet<JurisdictionId> = members.iter().map(|member| member.subject.jurisdiction_id).collect();
        let is_told = places.into_iter().all(is_internal);
        figures.compliance = is_told.then_some(compliance);
        figures.timeliness = is_told.then_some(counts);
        figures
    }

    /// How many stand there.
    #[must_use]
    pub fn with_state(&self, state: ReportState) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// The reports in time among those in time or late; `None` if there are neither, or the viewer may not know.
    #[must_use]
    pub fn on_time_share(&self) -> Option<Share> {
        let TimelinessCounts { on_time, late, .. } = self.timeliness?;
        count(on_time).over(&count(on_time.saturating_add(late)))
    }

    /// A measure as a number; `None` where it is not known.
    #[must_use]
    pub fn measure(&self, measure: ReportMeasure) -> Option<Share> {
        match measure {
            ReportMeasure::ReportCount => Some(count(self.reports)),
            ReportMeasure::TaskCount => Some(count(self.tasks)),
            ReportMeasure::UnitCount => Some(count(self.units)),
            ReportMeasure::Draft => Some(count(self.with_state(ReportState::Draft))),
            ReportMeasure::Submitted => Some(count(self.with_state(ReportState::Submitted))),
            ReportMeasure::Returned => Some(count(self.with_state(ReportState::Returned))),
            ReportMeasure::Accepted => Some(count(self.with_state(ReportState::Accepted))),
            ReportMeasure::OnTime => self.timeliness.map(|known| count(known.on_time)),
            ReportMeasure::Late => self.timeliness.map(|known| count(known.late)),
            ReportMeasure::Unasked => self.timeliness.map(|known| count(known.unasked)),
            ReportMeasure::Expected => self.compliance.map(|known| count(known.expected())),
            ReportMeasure::Received => self.compliance.map(|known| count(known.received())),
            ReportMeasure::Missing => self.compliance.map(|known| count(known.missing())),
            ReportMeasure::ReportingRate => self.compliance.and_then(|known| rate(known.received(), &known)),
            ReportMeasure::OnTimeRate => self.compliance.and_then(|known| rate(known.on_time(), &known)),
        }
    }
}
