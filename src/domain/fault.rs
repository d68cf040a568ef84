//! Faults in an input: the place of each, and the remedy. All are collected before any is reported.

use std::{
    collections::{HashMap, hash_map},
    fmt::{self, Write as _},
    hash::Hash,
};

use super::{
    language::Text,
    written::{Position, Reason},
};

/// Something that has to be corrected before anything can be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// For programs.
    pub code: &'static str,
    /// Where it is.
    pub place: Place,
    /// The fault and the remedy.
    pub text: Text,
}

/// Where a fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field of an input, from the argument: `input`, `achievements`, `0`, `value`.
    Path(Vec<String>),
    /// A line of a file.
    Line {
        /// The file, as a path from where the program runs.
        file: String,
        /// The line, from 1; 0 where the fault is of the file as a whole.
        line: u64,
        /// The column in characters, from 1; 0 where the fault is of the file as a whole.
        column: u64,
        /// The record by the numbers and names that the notice prints, then the field: `项目 8 › 任务 8 › 目标“新增托位” › unit`.
        /// Empty where the file could not be read that far.
        trail: String,
    },
}

impl Fault {
    /// A fault of a field of `input`.
    #[must_use]
    pub fn new(code: &'static str, field: &'static str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::at(code, vec!["input".to_owned(), field.to_owned()], Text::new(chinese, english))
    }

    /// A fault at a path from the argument.
    #[must_use]
    pub fn at(code: &'static str, path: Vec<String>, text: Text) -> Self {
        Self { code, place: Place::Path(path), text }
    }
}

/// `seeds/notices/2024-yanzhou.yaml:57:15 项目 8 › 任务 8 › 目标“新增托位” › unit`, or `input.projects.7.tasks.0.targets.0.unit`.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => formatter.write_str(&path.join(".")),
            Self::Line { file, line, column, trail } => {
                formatter.write_str(file)?;
                if *line > 0 {
                    write!(formatter, ":{line}:{column}")?;
                }
                if !trail.is_empty() {
                    write!(formatter, " {trail}")?;
                }
                Ok(())
            }
        }
    }
}

/// The place, then the fault: `…/2024-yanzhou.yaml:57:15 … › unit: 中文 · English`.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.text)
    }
}

/// One fault a line.
#[must_use]
pub fn listing(faults: &[Fault]) -> String {
    let mut listing = String::new();
    for (index, fault) in faults.iter().enumerate() {
        let separator = if index == 0 { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = write!(listing, "{separator}{fault}");
    }
    listing
}

/// Where a record or a field stands, while it is read: in a file by line, in an input by path.
#[derive(Clone, Debug)]
pub struct Spot {
    /// `None` in an input.
    file: Option<String>,
    at: Position,
    trail: String,
    path: Vec<String>,
}

impl Spot {
    /// A file as a whole.
    #[must_use]
    pub fn file(shown: impl fmt::Display) -> Self {
        Self { file: Some(shown.to_string()), at: Position::default(), trail: String::new(), path: Vec::new() }
    }

    /// An argument of the API.
    #[must_use]
    pub fn argument(name: &str) -> Self {
        Self { file: None, at: Position::default(), trail: String::new(), path: vec![name.to_owned()] }
    }

    /// This file and record, at another position.
    #[must_use]
    pub fn at(&self, at: Position) -> Self {
        Self { at, ..self.clone() }
    }

    /// A field, which may be a field of a field: `adoption.method`.
    #[must_use]
    pub fn field(&self, name: &str, at: Position) -> Self {
        self.within(name, name.split('.').map(str::to_owned), at)
    }

    /// An item of a list: `noun` is its word for people, `list` and `index` are its place.
    #[must_use]
    pub fn item(&self, noun: &str, list: &str, index: usize, at: Position) -> Self {
        let path = (!list.is_empty()).then(|| list.to_owned()).into_iter().chain([index.to_string()]);
        self.within(noun, path, at)
    }

    fn within(&self, name: &str, steps: impl Iterator<Item = String>, at: Position) -> Self {
        let trail = if self.trail.is_empty() { name.to_owned() } else { format!("{} › {name}", self.trail) };
        Self { file: self.file.clone(), at, trail, path: self.path.iter().cloned().chain(steps).collect() }
    }

    /// Where it begins.
    #[must_use]
    pub fn position(&self) -> Position {
        self.at
    }

    /// File and line, or the path, to point at this place from elsewhere.
    #[must_use]
    pub fn pointer(&self) -> String {
        match &self.file {
            Some(file) => format!("{file}:{}", self.at.line),
            None => self.path.join("."),
        }
    }
}

impl From<Spot> for Place {
    fn from(spot: Spot) -> Self {
        let Spot { file, at, trail, path } = spot;
        match file {
            Some(file) => Self::Line { file, line: at.line, column: at.column, trail },
            None => Self::Path(path),
        }
    }
}

/// All faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub fn add(&mut self, spot: Spot, reason: Reason) {
        self.0.push(Fault { code: reason.code, place: spot.into(), text: reason.text });
    }

    /// `value`, or all faults: those of files by file and line, those of an input in the order in which they were found.
    ///
    /// # Errors
    /// All faults, if there are any.
    pub fn unless_any<T>(mut self, value: T) -> Result<T, Vec<Fault>> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by(|one, other| match (&one.place, &other.place) {
            (Place::Line { file, line, column, .. }, Place::Line { file: other_file, line: other_line, column: other_column, .. }) => {
                (file, line, column).cmp(&(other_file, other_line, other_column))
            }
            _ => std::cmp::Ordering::Equal,
        });
        Err(self.0)
    }
}

/// The values that may stand once only, and where each stood first.
#[derive(Debug)]
pub struct Claims<K>(HashMap<K, Spot>);

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
