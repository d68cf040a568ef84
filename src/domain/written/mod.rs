//! Written input, before it is judged: texts with their position, and the reading of fields from them.

pub mod reason;
mod record;
mod word;

use std::ops::Deref;

use serde::{Deserialize, Deserializer};

pub use reason::Reason;
pub use record::{Record, is_code};
pub use word::parse as parse_word;

/// Line and column, from 1. Both are 0 for a file as a whole, and where the writer has no lines, as in an input of the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

/// A text, number, date or word exactly as written, without white space around it; empty where nothing is written.
///
/// `17.58` stays these five characters: it never passes through a binary fraction.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Where it begins.
    pub at: Position,
}

/// A record of a list, with the position where it begins.
#[derive(Clone, Debug, Default)]
pub struct Entry<T> {
    /// The record.
    pub value: T,
    /// Where it begins.
    pub at: Position,
}

/// A list, which may be left out or left empty.
#[derive(Clone, Debug)]
pub struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or_default()))
    }
}

/// Records of a list, each with its position.
pub type Records<T> = List<Entry<T>>;
