//! 相似: which tasks of other notices promise the same thing, and why one thinks so.

use std::{cmp::Reverse, collections::BTreeSet};

use entity::{IndicatorId, TaskId, TopicId};

use super::{search::normalise, share::Share};

/// What a task is known by.
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

    /// What it has in common with another.
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
