//! The names that a draft can refer to: jurisdictions, topics, indicators, units. A reader gathers them before it checks anything, also
//! from faulty records. A fault in one record is no reason to call its name unknown everywhere else.

use std::collections::BTreeMap;

use entity::UnitKind;

use crate::domain::{nearest::nearest, notices::seed::UnitKey, written::is_code};

/// The target of a reference.
#[derive(Debug)]
pub enum Found<'i, T> {
    /// The named object.
    Known(&'i T),
    /// Nothing; the names most like it.
    Unknown(Vec<String>),
    /// It cannot be told: the file that should say it could not be read.
    Undecided,
}

/// Everything of one kind by name; nothing where its file could not be read.
#[derive(Debug)]
pub struct Register<T>(Option<BTreeMap<String, T>>);

impl<T> Register<T> {
    /// The entries by name; the first wins, since a name that is given twice is a fault of the second.
    #[must_use]
    pub fn of(entries: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut register = BTreeMap::new();
        for (name, entry) in entries {
            register.entry(name).or_insert(entry);
        }
        Self(Some(register))
    }

    /// A register that could not be read: nothing can be said of any name.
    #[must_use]
    pub fn unread() -> Self {
        Self(None)
    }

    /// The object with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Found<'_, T> {
        let Some(entries) = &self.0 else { return Found::Undecided };
        match entries.get(name) {
            Some(entry) => Found::Known(entry),
            None => Found::Unknown(nearest(name, entries.keys().map(String::as_str))),
        }
    }
}

/// The values that a target must share with its indicator. `None` where the indicator itself is at fault.
#[derive(Debug)]
pub struct Measure {
    /// The counting unit.
    pub unit: Option<String>,
    /// The word as written, once it is one.
    pub kind: Option<String>,
}

/// A unit that can be referred to.
#[derive(Clone, Debug)]
pub struct KnownUnit {
    /// Its jurisdiction and name.
    pub key: UnitKey,
    /// `None` where the kind itself is at fault.
    pub kind: Option<UnitKind>,
}

/// The objects that a draft can refer to.
#[derive(Debug)]
pub struct Names {
    /// The places of jurisdictions in the official order, by code.
    pub jurisdictions: Register<usize>,
    /// By code.
    pub topics: Register<()>,
    /// By code.
    pub indicators: Register<Measure>,
    /// By the code of the jurisdiction, then by name or alias.
    pub units: BTreeMap<String, Register<KnownUnit>>,
    /// Whether a jurisdiction that is not in `units` is known to have no units.
    pub complete: bool,
}

impl Names {
    /// Whether the units of a jurisdiction are surely nowhere: every reference to one of them would be at fault.
    #[must_use]
    pub fn has_no_units(&self, jurisdiction: &str) -> bool {
        self.complete && !self.units.contains_key(jurisdiction)
    }

    /// The unit that `reference` means in a file of `jurisdiction`: a name or alias there, or `code/name` of anywhere.
    #[must_use]
    pub fn unit(&self, jurisdiction: &str, reference: &str) -> Found<'_, KnownUnit> {
        let own = self.units.get(jurisdiction).map_or(Found::Undecided, |units| units.find(reference));
        match (own, elsewhere(reference)) {
            (Found::Known(unit), _) => Found::Known(unit),
            (_, Some((code, name))) => match self.units.get(code) {
                Some(units) => match units.find(name) {
                    Found::Unknown(near) => Found::Unknown(near.iter().map(|name| format!("{code}/{name}")).collect()),
                    found => found,
                },
                None if self.complete => Found::Unknown(Vec::new()),
                None => Found::Undecided,
            },
            (own, None) => own,
        }
    }
}

/// The jurisdiction in whose file a unit should be.
pub(super) fn home_of<'r>(jurisdiction: &'r str, reference: &'r str) -> &'r str {
    elsewhere(reference).map_or(jurisdiction, |(code, _)| code)
}

/// The code and the name of `code/name`.
fn elsewhere(reference: &str) -> Option<(&str, &str)> {
    reference.split_once('/').filter(|(code, _)| is_code(code))
}
