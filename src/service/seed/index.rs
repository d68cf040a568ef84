//! What the files define, by the names under which other files refer to it. Gathered before anything is checked, from faulty
//! records too: a fault in one record is no reason to call it unknown everywhere else.

use std::collections::BTreeMap;

use entity::{TargetKind, UnitKind};
use serde_saphyr::Spanned;

use super::{
    document::{UnitDocument, UnitsDocument, Written},
    files::{File, Files},
    record::is_code,
    word,
};
use crate::domain::{nearest::nearest, seed::UnitKey};

/// What a reference leads to.
#[derive(Debug)]
pub(super) enum Found<'i, T> {
    /// What it names.
    Known(&'i T),
    /// Nothing; the names most like it.
    Unknown(Vec<String>),
    /// It cannot be told: the file that should say it could not be read.
    Undecided,
}

/// Everything of one kind by name; nothing where its file could not be read.
#[derive(Debug)]
pub(super) struct Register<T>(Option<BTreeMap<String, T>>);

impl<T> Register<T> {
    fn of<D>(file: &File<Vec<Spanned<D>>>, entry: impl Fn(usize, &D) -> Option<(String, T)>) -> Self {
        Self(
            file.content
                .as_ref()
                .map(|documents| first_wins(documents.iter().enumerate().filter_map(|(index, document)| entry(index, &document.value)))),
        )
    }

    pub fn find(&self, name: &str) -> Found<'_, T> {
        let Some(entries) = &self.0 else { return Found::Undecided };
        match entries.get(name) {
            Some(entry) => Found::Known(entry),
            None => Found::Unknown(nearest(name, entries.keys().map(String::as_str))),
        }
    }
}

/// What a target must agree with to be counted under an indicator. `None` where the indicator itself is at fault.
#[derive(Debug)]
pub(super) struct Measure {
    pub unit: Option<String>,
    /// The word as written, once it is one.
    pub kind: Option<String>,
}

/// A unit that can be referred to.
#[derive(Clone, Debug)]
pub(super) struct KnownUnit {
    pub key: UnitKey,
    /// `None` where the kind itself is at fault.
    pub kind: Option<UnitKind>,
}

/// What can be referred to.
#[derive(Debug)]
pub(super) struct Index {
    /// The places of jurisdictions in the official order, by code.
    pub jurisdictions: Register<usize>,
    /// By code.
    pub topics: Register<()>,
    /// By code.
    pub indicators: Register<Measure>,
    /// By the code of the jurisdiction, then by name or alias.
    units: BTreeMap<String, Register<KnownUnit>>,
    /// Whether a jurisdiction that is not in `units` is known to have no units.
    complete: bool,
}

impl Index {
    pub fn of(files: &Files) -> Self {
        Self {
            jurisdictions: Register::of(&files.jurisdictions, |index, document| Some((text(document.code.as_ref())?, index))),
            topics: Register::of(&files.topics, |_, document| Some((text(document.code.as_ref())?, ()))),
            indicators: Register::of(&files.indicators, |_, document| {
                let kind = text(document.kind.as_ref()).filter(|kind| word::parse::<TargetKind>(kind).is_ok());
                Some((text(document.code.as_ref())?, Measure { unit: text(document.unit.as_ref()), kind }))
            }),
            units: files.units.iter().map(|(code, file)| (code.clone(), units(code, file))).collect(),
            complete: files.complete,
        }
    }

    /// Whether the units of a jurisdiction are surely nowhere: every reference to one of them would be at fault.
    pub fn has_no_units(&self, jurisdiction: &str) -> bool {
        self.complete && !self.units.contains_key(jurisdiction)
    }

    /// The unit that `reference` means in a file of `jurisdiction`: a name or alias there, or `code/name` of anywhere.
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

fn units(jurisdiction: &str, file: &File<Spanned<UnitsDocument>>) -> Register<KnownUnit> {
    Register(file.content.as_ref().map(|document| {
        let units = document.value.units.iter().map(|unit| &unit.value);
        let names = units.clone().filter_map(|unit| Some((text(unit.name.as_ref())?, known(jurisdiction, unit)?)));
        let aliases = units.flat_map(|unit| {
            let aliases = unit.aliases.iter();
            aliases.filter_map(|alias| Some((text(Some(alias))?, known(jurisdiction, unit)?)))
        });
        first_wins(names.chain(aliases))
    }))
}

fn known(jurisdiction: &str, unit: &UnitDocument) -> Option<KnownUnit> {
    let key = UnitKey { jurisdiction: jurisdiction.to_owned(), name: text(unit.name.as_ref())? };
    let kind = text(unit.kind.as_ref()).and_then(|kind| word::parse(&kind).ok());
    Some(KnownUnit { key, kind })
}

/// A name that is given twice is a fault of the second.
fn first_wins<T>(entries: impl Iterator<Item = (String, T)>) -> BTreeMap<String, T> {
    let mut register = BTreeMap::new();
    for (name, entry) in entries {
        register.entry(name).or_insert(entry);
    }
    register
}

fn text(written: Option<&Written>) -> Option<String> {
    written.map(|written| written.text.clone()).filter(|text| !text.is_empty())
}
