//! Faults of seed files: where each is, by line and by name, and what to do about it. All are collected before any is reported.

use std::{
    collections::{HashMap, hash_map},
    fmt::{self, Write as _},
    hash::Hash,
};

use super::document::Position;
use crate::domain::language::Text;

/// Something in the seed files that has to be corrected before anything can be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as a path from where the program runs.
    pub file: String,
    /// The line, from 1; 0 where the fault is of the file as a whole.
    pub line: u64,
    /// The column in characters, from 1; 0 where the fault is of the file as a whole.
    pub column: u64,
    /// The record by the numbers and names that the notice prints, then the field: `项目 8 › 任务 8 › 目标“新增托位” › unit`.
    /// Empty where the file could not be read that far.
    pub place: String,
    /// What is wrong, and what to do next.
    pub reason: Text,
}

/// `seeds/notices/2024-yanzhou.yaml:57:15 项目 8 › 任务 8 › 目标“新增托位” › unit: 中文 · English`.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if self.line > 0 {
            write!(formatter, ":{}:{}", self.line, self.column)?;
        }
        if !self.place.is_empty() {
            write!(formatter, " {}", self.place)?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

/// One fault a line.
pub(super) fn listing(faults: &[Fault]) -> String {
    let mut listing = String::new();
    for (index, fault) in faults.iter().enumerate() {
        let separator = if index == 0 { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = write!(listing, "{separator}{fault}");
    }
    listing
}

/// A place in a seed file.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    file: String,
    at: Position,
    place: String,
}

impl Spot {
    /// A file as a whole.
    pub fn file(shown: impl fmt::Display) -> Self {
        Self { file: shown.to_string(), at: Position::default(), place: String::new() }
    }

    /// The same file and record, at another position.
    pub fn at(&self, at: Position) -> Self {
        Self { at, ..self.clone() }
    }

    /// A record or field inside, at its own position.
    pub fn within(&self, name: &str, at: Position) -> Self {
        let place = if self.place.is_empty() { name.to_owned() } else { format!("{} › {name}", self.place) };
        Self { file: self.file.clone(), at, place }
    }

    pub fn position(&self) -> Position {
        self.at
    }

    /// File and line, to point at a place from elsewhere.
    pub fn line(&self) -> String {
        format!("{}:{}", self.file, self.at.line)
    }
}

/// All faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, spot: Spot, reason: Text) {
        let Spot { file, at, place } = spot;
        self.0.push(Fault { file, line: at.line, column: at.column, place, reason });
    }

    /// `value`, or all faults by file and line.
    pub fn unless_any<T>(mut self, value: T) -> Result<T, Vec<Fault>> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by(|one, other| (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column)));
        Err(self.0)
    }
}

/// What may be said once only, and where it was said first.
#[derive(Debug)]
pub(super) struct Claims<K>(HashMap<K, Spot>);

impl<K> Default for Claims<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Claims<K> {
    /// Claims `key`; where it is taken, returns the spot that has it.
    pub fn claim(&mut self, key: K, spot: &Spot) -> Option<&Spot> {
        match self.0.entry(key) {
            hash_map::Entry::Occupied(taken) => Some(taken.into_mut()),
            hash_map::Entry::Vacant(free) => {
                free.insert(spot.clone());
                None
            }
        }
    }
}
