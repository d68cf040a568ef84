//! 指标: the catalogue that makes targets of different notices comparable.

use entity::{Aggregation, IndicatorId, TargetKind, TopicId};

/// A measure under which targets meet that count the same kind of thing in the same unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Its id.
    pub id: IndicatorId,
    /// A slug that never changes.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_english: String,
    /// The rule for counting, in Chinese.
    pub description: String,
    /// The rule for counting, in English.
    pub description_english: String,
    /// Its topic.
    pub topic_id: TopicId,
    /// The counting unit of every target under it.
    pub unit: String,
    /// The kind of every target under it.
    pub kind: TargetKind,
    /// How figures of several units become one.
    pub aggregation: Aggregation,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// Its place in the catalogue.
    pub position: i32,
}
