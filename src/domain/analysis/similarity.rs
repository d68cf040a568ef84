//! 相似: which tasks of other notices promise the same thing, and why one thinks so.

use std::{cmp::Reverse, collections::BTreeSet};

use entity::{IndicatorId, TaskId, TopicId};

use crate::domain::{search::normalise, share::Share};

/// The features of a task for comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The task.
    pub task_id: TaskId,
    /// The indicators of its targets.
    pub indicators: BTreeSet<IndicatorId>,
    /// Its topics.
    pub topics: BTreeSet<TopicId>,
    /// Every pair of neighbouring characters of its title and the labels of its targets.
    pairs: BTreeSet<(char, char)>,
}

/// A task that promises something similar, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The task.
    pub task_id: TaskId,
    /// The indicators that both have a target under.
    pub indicators: BTreeSet<IndicatorId>,
    /// The topics that both have.
    pub topics: BTreeSet<TopicId>,
    /// How much the texts have in common: of all pairs of characters of either, those of both (Dice), from nothing to the whole.
    pub text: Share,
}

/// Below this much text in common, two tasks without a common indicator are not alike: 建设养老院 and 建设停车场 both build.
fn least_text() -> Share {
    Share::from_percent(30.into())
}

impl Profile {
    /// Of a task with these words.
    #[must_use]
    pub fn new<'a>(
        task_id: TaskId,
        texts: impl IntoIterator<Item = &'a str>,
        indicators: BTreeSet<IndicatorId>,
        topics: BTreeSet<TopicId>,
    ) -> Self {
        // No pair reaches from one text into the next.
        let pairs = texts.into_iter().flat_map(|text| {
            let characters: Vec<char> = normalise(text).chars().collect();
            characters.iter().copied().zip(characters.iter().copied().skip(1)).collect::<Vec<_>>()
        });
        Self { task_id, indicators, topics, pairs: pairs.collect() }
    }

    /// The features that it shares with another.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Likeness {
        let common = self.pairs.intersection(&other.pairs).count();
        let all = self.pairs.len().saturating_add(other.pairs.len());
        let number = |count: usize| rust_decimal::Decimal::from(count);
        Likeness {
            task_id: other.task_id,
            indicators: self.indicators.intersection(&other.indicators).copied().collect(),
            topics: self.topics.intersection(&other.topics).copied().collect(),
            text: Share::of(number(common.saturating_mul(2)), number(all)).unwrap_or_else(Share::nothing),
        }
    }
}

/// The tasks that promise something similar, the most similar first: more common indicators before fewer, then more text in common, then
/// more common topics. A topic alone makes no likeness: everything about health would be alike.
#[must_use]
pub fn similar<'a>(task: &Profile, others: impl IntoIterator<Item = &'a Profile>) -> Vec<Likeness> {
    let least = least_text();
    let mut found: Vec<Likeness> = others
        .into_iter()
        .filter(|other| other.task_id != task.task_id)
        .map(|other| task.likeness(other))
        .filter(|likeness| !likeness.indicators.is_empty() || likeness.text >= least)
        .collect();
    found.sort_by_cached_key(|likeness| {
        (Reverse(likeness.indicators.len()), Reverse(likeness.text.clone()), Reverse(likeness.topics.len()), likeness.task_id)
    });
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entity::{IndicatorId, TaskId, TopicId};
    use uuid::Uuid;

    use super::{Profile, similar};

    fn profile(id: u128, text: &str, indicators: &[u128], topics: &[u128]) -> Profile {
        let indicators = indicators.iter().map(|id| IndicatorId(Uuid::from_u128(*id))).collect::<BTreeSet<_>>();
        let topics = topics.iter().map(|id| TopicId(Uuid::from_u128(*id))).collect::<BTreeSet<_>>();
        Profile::new(TaskId(Uuid::from_u128(id)), [text], indicators, topics)
    }

    fn found(task: &Profile, others: &[Profile]) -> Vec<(u128, String)> {
        similar(task, others).into_iter().map(|likeness| (likeness.task_id.0.as_u128(), likeness.text.rounded(4).to_string())).collect()
    }

    #[test]
    fn words_are_compared_by_pairs_of_characters() {
        let canteens = profile(1, "建设老年人食堂", &[], &[]);
        let others = [profile(2, "老年人食堂 建设", &[], &[]), profile(3, "建设停车场", &[], &[7])];
        // Five pairs of six each; of 建设停车场 one pair, which is a fifth.
        assert_eq!(found(&canteens, &others), [(2, "0.8333".into())]);
        assert_eq!(found(&profile(4, "", &[], &[]), &others), []);
    }

    #[test]
    fn a_common_indicator_goes_before_common_words_and_a_topic_settles_ties() {
        let task = profile(1, "托育服务扩容增位", &[5], &[7]);
        let others = [
            profile(1, "托育服务扩容增位", &[5], &[7]),
            profile(2, "托育服务扩容增位", &[], &[]),
            profile(3, "托育服务扩容增位", &[], &[7]),
            profile(4, "新建幼儿园", &[5, 6], &[]),
            profile(5, "健康促进", &[6], &[7]),
        ];
        assert_eq!(found(&task, &others).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [4, 3, 2]);
    }
}
