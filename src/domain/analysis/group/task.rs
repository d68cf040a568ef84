//! Tasks in groups, and the numbers computed from each group.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign as _,
};

use entity::{IndicatorId, JurisdictionId, StatusLight, TaskId, TopicId, UnitId};

use super::{
    Key,
    sum::{Addend, NoSum, Promise, Sum, sum},
};
use crate::domain::{
    places::jurisdiction::Tree,
    progress::{calendar::Compliance, period::Period, standing::Phase},
    share::{Share, mean},
};

/// In which respects tasks are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskDimension {
    /// 辖区.
    Jurisdiction,
    /// 承办单位, leading or supporting; the members of a collective unit in its place.
    Unit,
    /// 牵头单位.
    LeadUnit,
    /// 领域.
    Topic,
    /// 指标.
    Indicator,
    /// 年份.
    Year,
    /// 灯.
    Light,
    /// 办理状态.
    State,
    /// 到期月份: the month of the original due date.
    Month,
}

/// A task as groups see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskMember {
    /// The task.
    pub task_id: TaskId,
    /// The jurisdiction of its notice.
    pub jurisdiction_id: JurisdictionId,
    /// The year of its notice.
    pub year: i32,
    /// Whether its notice is in force: a promise of a draft or a withdrawn notice is not added.
    pub in_force: bool,
    /// The units with a part in it.
    pub units: Vec<UnitId>,
    /// Those of them that lead.
    pub leads: Vec<UnitId>,
    /// Its topics.
    pub topics: Vec<TopicId>,
    /// How it stands, as far as that is for the viewer.
    pub phase: Phase,
    /// The month in which it is due.
    pub due_in: Period,
    /// Its light.
    pub light: StatusLight,
    /// Whether that is stale; `None` where that is not for the viewer.
    pub is_stale: Option<bool>,
    /// How much of it is done; `None` while nothing says so.
    pub completion: Option<Share>,
    /// How much should be.
    pub planned: Share,
    /// How many targets it has, those included that are under no indicator, parts of others left out.
    pub targets: u64,
    /// Its targets that count under indicators.
    pub addends: Vec<Addend>,
    /// How each of its units reports; `None` where that is not for the viewer, or was not asked for.
    pub compliance: Option<BTreeMap<UnitId, Compliance>>,
}

/// The numbers of a group of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFigures {
    /// How many tasks.
    pub tasks: u64,
    /// How many targets, parts of others left out; in a group of an indicator, those that count under it.
    pub targets: u64,
    /// How many have each light.
    pub lights: BTreeMap<StatusLight, u64>,
    /// How many lights are stale; `None` where that of any is not for the viewer.
    pub stale: Option<u64>,
    /// How many have a completion.
    pub reported: u64,
    /// The mean of these completions; `None` of none.
    pub completion: Option<Share>,
    /// The mean of what is planned of the same tasks.
    pub planned: Option<Share>,
    /// The sum of the targets under one indicator.
    pub sum: Result<Sum, NoSum>,
    /// How the units report: in a group of a unit, that unit. `None` if the viewer may not see any part of it: the duties of some of the
    /// tasks must not pass for the whole.
    pub compliance: Option<Compliance>,
}

/// The measures by which groups of tasks are selected and ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "named as the figures are")]
pub enum TaskMeasure {
    TaskCount,
    TargetCount,
    Blue,
    Green,
    Yellow,
    Red,
    Grey,
    Stale,
    Completion,
    Planned,
    Gap,
    Promised,
    Achieved,
    SumCompletion,
    Expected,
    Received,
    OnTime,
    Late,
    Missing,
    ReportingRate,
    OnTimeRate,
}

impl TaskMember {
    /// Its values in each respect.
    #[must_use]
    pub fn keys(&self, by: &[TaskDimension]) -> Vec<Vec<Key>> {
        by.iter().map(|dimension| self.keys_of(*dimension)).collect()
    }

    fn keys_of(&self, dimension: TaskDimension) -> Vec<Key> {
        match dimension {
            TaskDimension::Jurisdiction => vec![Key::Jurisdiction(self.jurisdiction_id)],
            TaskDimension::Unit => each(self.units.iter().copied(), Key::Unit),
            TaskDimension::LeadUnit => each(self.leads.iter().copied(), Key::LeadUnit),
            TaskDimension::Topic => each(self.topics.iter().copied(), Key::Topic),
            TaskDimension::Indicator => each(self.addends.iter().map(|addend| addend.indicator_id), Key::Indicator),
            TaskDimension::Year => vec![Key::Year(self.year)],
            TaskDimension::Light => vec![Key::Light(self.light)],
            TaskDimension::State => vec![Key::Phase(self.phase)],
            TaskDimension::Month => vec![Key::Month(self.due_in)],
        }
    }

    fn targets_under(&self, indicator: IndicatorId) -> usize {
        self.addends.iter().filter(|addend| addend.indicator_id == indicator).count()
    }

    /// How the units that are meant report on it.
    fn compliance_of(&self, is_meant: impl Fn(UnitId) -> bool) -> Option<Compliance> {
        let known = self.compliance.as_ref()?;
        let mut whole = Compliance::default();
        for (_, compliance) in known.iter().filter(|(id, _)| is_meant(**id)) {
            whole.add_assign(*compliance);
        }
        Some(whole)
    }
}

/// Each value once, or the group without a value.
pub(super) fn each<I: Ord + Copy>(ids: impl Iterator<Item = I>, key: impl Fn(Option<I>) -> Key) -> Vec<Key> {
    let distinct: BTreeSet<I> = ids.collect();
    if distinct.is_empty() { vec![key(None)] } else { distinct.into_iter().map(|id| key(Some(id))).collect() }
}

impl TaskFigures {
    /// The numbers computed from the members of a group. `chosen` is the indicator that all of them were chosen by, where they were by
    /// one.
    #[must_use]
    pub fn of(keys: &[Key], members: &[&TaskMember], chosen: Option<IndicatorId>, tree: &Tree) -> Self {
        let by_indicator = keys.iter().find_map(|key| if let Key::Indicator(id) = key { Some(*id) } else { None });
        // The duties of a unit belong to the unit; a lead is a unit as well.
        let of_unit = keys.iter().find_map(|key| if let Key::Unit(id) = key { Some(*id) } else { None });
        let of_lead = keys.iter().find_map(|key| if let Key::LeadUnit(id) = key { Some(*id) } else { None });
        let known: Vec<(&Share, &Share)> =
            members.iter().filter_map(|member| Some((member.completion.as_ref()?, &member.planned))).collect();
        let mut figures = Self {
            tasks: 0,
            targets: 0,
            lights: BTreeMap::new(),
            stale: Some(0),
            reported: u64::try_from(known.len()).unwrap_or(u64::MAX),
            completion: mean(known.iter().map(|(completion, _)| *completion)),
            planned: mean(known.iter().map(|(_, planned)| *planned)),
            sum: Err(NoSum::SeveralIndicators),
            compliance: Some(Compliance::default()),
        };
        for member in members {
            let targets = match by_indicator.flatten() {
                Some(indicator) => u64::try_from(member.targets_under(indicator)).unwrap_or(u64::MAX),
                None => member.targets,
            };
            figures.tasks = figures.tasks.saturating_add(1);
            figures.targets = figures.targets.saturating_add(targets);
            figures.stale = figures.stale.zip(member.is_stale).map(|(stale, is_stale)| stale.saturating_add(u64::from(is_stale)));
            let count = figures.lights.entry(member.light).or_default();
            *count = count.saturating_add(1);
            let compliance = member.compliance_of(|id| of_unit.or(of_lead).is_none_or(|unit| unit == Some(id)));
            figures.compliance = figures.compliance.zip(compliance).map(|(mut whole, part)| {
                whole.add_assign(part);
                whole
            });
        }
        let promises = members.iter().filter(|member| member.in_force).map(|member| Promise {
            jurisdiction_id: member.jurisdiction_id,
            year: member.year,
            addends: &member.addends,
        });
        figures.sum = sum(by_indicator.unwrap_or(chosen), promises, tree);
        figures
    }

    /// How many have a light.
    #[must_use]
    pub fn with_light(&self, light: StatusLight) -> u64 {
        self.lights.get(&light).copied().unwrap_or_default()
    }

    /// Planned less completed: the gap between the means is the mean of the gaps.
    #[must_use]
    pub fn gap(&self) -> Option<Share> {
        Some(self.planned.as_ref()?.minus(self.completion.as_ref()?))
    }

    /// A measure as a number; `None` where it is not known.
    #[must_use]
    pub fn measure(&self, measure: TaskMeasure) -> Option<Share> {
        let sum = self.sum.as_ref().ok();
        match measure {
            TaskMeasure::TaskCount => Some(count(self.tasks)),
            TaskMeasure::TargetCount => Some(count(self.targets)),
            TaskMeasure::Blue => Some(count(self.with_light(StatusLight::Blue))),
            TaskMeasure::Green => Some(count(self.with_light(StatusLight::Green))),
            TaskMeasure::Yellow => Some(count(self.with_light(StatusLight::Yellow))),
            TaskMeasure::Red => Some(count(self.with_light(StatusLight::Red))),
            TaskMeasure::Grey => Some(count(self.with_light(StatusLight::Grey))),
            TaskMeasure::Stale => self.stale.map(count),
            TaskMeasure::Completion => self.completion.clone(),
            TaskMeasure::Planned => self.planned.clone(),
            TaskMeasure::Gap => self.gap(),
            TaskMeasure::Promised => sum.map(|sum| sum.promised.into()),
            TaskMeasure::Achieved => sum.and_then(|sum| sum.achieved).map(Share::from),
            TaskMeasure::SumCompletion => sum.and_then(Sum::completion),
            TaskMeasure::Expected => self.compliance.map(|known| count(known.expected())),
            TaskMeasure::Received => self.compliance.map(|known| count(known.received())),
            TaskMeasure::OnTime => self.compliance.map(|known| count(known.on_time())),
            TaskMeasure::Late => self.compliance.map(|known| count(known.late())),
            TaskMeasure::Missing => self.compliance.map(|known| count(known.missing())),
            TaskMeasure::ReportingRate => self.compliance.and_then(|known| rate(known.received(), &known)),
            TaskMeasure::OnTimeRate => self.compliance.and_then(|known| rate(known.on_time(), &known)),
        }
    }
}

pub(super) fn count(number: u64) -> Share {
    Share::from(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Exactly, where `Compliance` gives as many digits as a decimal has.
pub(super) fn rate(part: u64, of: &Compliance) -> Option<Share> {
    count(part).over(&count(of.expected()))
}
