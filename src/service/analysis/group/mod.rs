//! 分组统计: tasks and reports that a filter chooses, by what they have in common. What is reckoned is `domain::group`'s; here what it is
//! reckoned of is read, in a number of statements that does not depend on how many there are.

mod report;
mod task;

use std::collections::{BTreeSet, HashMap};

use entity::{IndicatorId, JurisdictionId, TaskId, TopicId, UnitId};
use tokio::task::yield_now;

pub use report::{ReportGroups, ReportQuestion, ReportSurvey};
pub use task::{TaskGroups, TaskQuestion};

use crate::{
    access::policy::Internals,
    domain::{
        analysis::group::{Group, Key, MOST_PLACES, Ranks, TooManyPlaces},
        language::Text,
    },
    service::{Call, Refusal},
    store::Visible,
};

/// After so many members or groups others have their turn.
const AT_ONCE: usize = 64;

/// Lets others have their turn, now and then: reckoning is arithmetic, which nothing else interrupts.
async fn pause(place: usize) {
    if place.is_multiple_of(AT_ONCE) {
        yield_now().await;
    }
}

/// Whether how duties are met in a jurisdiction is for whoever calls, and with it what else is internal there.
fn is_internal(call: &Call, jurisdiction: JurisdictionId) -> bool {
    Internals::of(&call.viewer).contain(jurisdiction)
}

/// The order of groups with these keys. Only what they name is read.
async fn ranks<F>(visible: &Visible, groups: &[Group<F>]) -> Result<Ranks, Refusal> {
    let (mut units, mut topics, mut indicators) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for key in groups.iter().flat_map(|group| &group.keys) {
        match key {
            Key::Unit(id) | Key::LeadUnit(id) => units.extend(*id),
            Key::Topic(id) => topics.extend(*id),
            Key::Indicator(id) => indicators.extend(*id),
            Key::Jurisdiction(_) | Key::Year(_) | Key::Light(_) | Key::Phase(_) | Key::ReportState(_) | Key::Month(_) => {}
        }
    }
    let tree = visible.jurisdictions().await?;
    let units: Vec<UnitId> = units.into_iter().collect();
    let topics: Vec<TopicId> = topics.into_iter().collect();
    let indicators: Vec<IndicatorId> = indicators.into_iter().collect();
    let units = if units.is_empty() { HashMap::new() } else { visible.units_by_id(&units).await? };
    let topics = if topics.is_empty() { HashMap::new() } else { visible.topics_by_id(&topics).await? };
    let indicators = if indicators.is_empty() { HashMap::new() } else { visible.indicators_by_id(&indicators).await? };
    Ok(Ranks::new(&tree, units.values(), topics.values(), indicators.values()))
}

/// The topics of tasks, where they are wanted.
async fn topics(visible: &Visible, tasks: &[TaskId], wanted: bool) -> Result<HashMap<TaskId, Vec<TopicId>>, Refusal> {
    if !wanted || tasks.is_empty() {
        return Ok(HashMap::new());
    }
    let found = visible.topics_of_tasks(tasks).await?;
    Ok(found.into_iter().map(|(task, topics)| (task, topics.into_iter().map(|topic| topic.id).collect())).collect())
}

impl From<TooManyPlaces> for Refusal {
    fn from(_: TooManyPlaces) -> Self {
        Self::TooWide(Text::new(
            format!("分组过细：一项在每个所属的组中各计一次，合计至多 {MOST_PLACES} 次。请减少 by 的依据，或用 filter 缩小范围。"),
            format!(
                "Too many groups: what is counted once in each group that it belongs to is counted at most {MOST_PLACES} times in all. Group by less, or narrow the filter."
            ),
        ))
    }
}
