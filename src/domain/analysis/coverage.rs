//! 覆盖: topics and indicators by jurisdictions and years.

use std::collections::{BTreeMap, BTreeSet};

use entity::{IndicatorId, JurisdictionId, NoticeId, TaskId, TopicId};

use super::comparison::{Combined, Item, combined, counted};
use crate::domain::{
    catalogue::{indicator::Indicator, topic::Topic},
    notices::notice::Notice,
    progress::completion::TooLarge,
    share::{Share, mean},
};

/// A jurisdiction in a year.
#[derive(Clone, Debug)]
pub struct Row {
    /// The jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// The year.
    pub year: i32,
    /// Its notice; `None` if no notice is known.
    pub notice_id: Option<NoticeId>,
    /// Its cells by topic, in the order of the topics.
    pub topics: Vec<TopicCell>,
    /// Its cells by indicator, in the order of the indicators.
    pub indicators: Vec<IndicatorCell>,
}

/// The cell of a jurisdiction in a topic in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicCell {
    /// The topic.
    pub topic_id: TopicId,
    /// Its tasks: one of several topics counts in each.
    pub tasks: u64,
    /// The targets of these tasks, parts of others left out.
    pub targets: u64,
    /// How many of the tasks have a completion.
    pub reported: u64,
    /// The mean of these completions; `None` of none.
    pub completion: Option<Share>,
}

/// The cell of a jurisdiction under an indicator in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorCell {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// The tasks that have a target under it.
    pub tasks: u64,
    /// The targets under it, parts of others left out.
    pub targets: u64,
    /// Their figures as one; `None` of no target.
    pub figures: Option<Combined>,
}

/// The requested part.
#[derive(Clone, Copy, Debug)]
pub struct Map<'a> {
    /// The jurisdictions, in the order in which they are shown.
    pub places: &'a [JurisdictionId],
    /// The years.
    pub years: &'a BTreeSet<i32>,
    /// The topics, in the order in which they are shown.
    pub topics: &'a [Topic],
    /// The indicators, in the order in which they are shown.
    pub indicators: &'a [Indicator],
}

/// Every jurisdiction in every year, also without a notice or a task: readers look for the empty cells.
///
/// # Errors
/// A sum of figures is larger than any decimal.
pub fn rows(map: &Map<'_>, notices: &[Notice], items: &[Item<'_>], topics_of: &BTreeMap<TaskId, Vec<Topic>>) -> Result<Vec<Row>, TooLarge> {
    let mut by_notice: BTreeMap<(JurisdictionId, i32), (NoticeId, Vec<Item<'_>>)> =
        notices.iter().map(|notice| ((notice.jurisdiction_id, notice.year), (notice.id, Vec::new()))).collect();
    for item in items {
        let notice = &item.dossier.notice;
        if let Some((_, tasks)) = by_notice.get_mut(&(notice.jurisdiction_id, notice.year)) {
            tasks.push(*item);
        }
    }
    let all = map.places.iter().flat_map(|place| map.years.iter().map(move |year| (*place, *year)));
    let row = |(jurisdiction_id, year)| {
        let found = by_notice.get(&(jurisdiction_id, year));
        let tasks = found.map_or(&[][..], |(_, tasks)| tasks.as_slice());
        Ok(Row {
            jurisdiction_id,
            year,
            notice_id: found.map(|(notice_id, _)| *notice_id),
            topics: map.topics.iter().map(|topic| topic_cell(topic.id, tasks, topics_of)).collect(),
            indicators: map.indicators.iter().map(|indicator| indicator_cell(indicator, tasks)).collect::<Result<_, _>>()?,
        })
    };
    all.map(row).collect()
}

fn topic_cell(topic: TopicId, tasks: &[Item<'_>], topics_of: &BTreeMap<TaskId, Vec<Topic>>) -> TopicCell {
    let is_of = |item: &&Item<'_>| topics_of.get(&item.dossier.task.id).is_some_and(|topics| topics.iter().any(|other| other.id == topic));
    let of_topic: Vec<&Item<'_>> = tasks.iter().filter(is_of).collect();
    let targets = of_topic.iter().flat_map(|item| &item.dossier.goals).filter(|goal| goal.is_top_level());
    let known: Vec<&Share> = of_topic.iter().filter_map(|item| item.state.completion.share.as_ref()).collect();
    TopicCell {
        topic_id: topic,
        tasks: number(of_topic.len()),
        targets: number(targets.count()),
        reported: number(known.len()),
        completion: mean(known),
    }
}

fn indicator_cell(indicator: &Indicator, tasks: &[Item<'_>]) -> Result<IndicatorCell, TooLarge> {
    let by_task = tasks.iter().map(|item| counted(indicator.id, item.dossier, &item.state.completion));
    let by_task: Vec<_> = by_task.filter(|targets| !targets.is_empty()).collect();
    let targets = by_task.concat();
    let figures = if targets.is_empty() { None } else { Some(combined(indicator, &targets)?) };
    Ok(IndicatorCell { indicator_id: indicator.id, tasks: number(by_task.len()), targets: number(targets.len()), figures })
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
