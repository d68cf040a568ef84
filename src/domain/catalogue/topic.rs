//! 领域: the fields of life that tasks and indicators belong to.

use entity::TopicId;

/// A field of life: elder care, childcare, housing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// A slug that never changes.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_english: String,
    /// Its place in the catalogue.
    pub position: i32,
}
