//! The definitions in the files, by the names under which other files refer to them.

use entity::TargetKind;

use super::{
    document::{UnitDocument, UnitsDocument},
    files::{File, Files},
};
use crate::domain::{
    notices::{
        check::{KnownUnit, Measure, Names, Register},
        seed::UnitKey,
    },
    written::{Entry, Written, parse_word},
};

/// Everything that the files define.
pub(super) fn of(files: &Files) -> Names {
    Names {
        jurisdictions: register(&files.jurisdictions, |index, document| Some((text(document.code.as_ref())?, index))),
        topics: register(&files.topics, |_, document| Some((text(document.code.as_ref())?, ()))),
        indicators: register(&files.indicators, |_, document| {
            let kind = text(document.kind.as_ref()).filter(|kind| parse_word::<TargetKind>(kind).is_ok());
            Some((text(document.code.as_ref())?, Measure { unit: text(document.unit.as_ref()), kind }))
        }),
        units: files.units.iter().map(|(code, file)| (code.clone(), units(code, file))).collect(),
        complete: files.complete,
    }
}

fn register<D, T>(file: &File<Vec<Entry<D>>>, entry: impl Fn(usize, &D) -> Option<(String, T)>) -> Register<T> {
    file.content.as_ref().map_or_else(Register::unread, |documents| {
        Register::of(documents.iter().enumerate().filter_map(|(index, document)| entry(index, &document.value)))
    })
}

fn units(jurisdiction: &str, file: &File<Entry<UnitsDocument>>) -> Register<KnownUnit> {
    file.content.as_ref().map_or_else(Register::unread, |document| {
        let units = document.value.units.iter().map(|unit| &unit.value);
        let names = units.clone().filter_map(|unit| Some((text(unit.name.as_ref())?, known(jurisdiction, unit)?)));
        let aliases = units.flat_map(|unit| {
            let aliases = unit.aliases.iter();
            aliases.filter_map(|alias| Some((text(Some(alias))?, known(jurisdiction, unit)?)))
        });
        Register::of(names.chain(aliases))
    })
}

fn known(jurisdiction: &str, unit: &UnitDocument) -> Option<KnownUnit> {
    let key = UnitKey { jurisdiction: jurisdiction.to_owned(), name: text(unit.name.as_ref())? };
    let kind = text(unit.kind.as_ref()).and_then(|kind| parse_word(&kind).ok());
    Some(KnownUnit { key, kind })
}

fn text(written: Option<&Written>) -> Option<String> {
    written.map(|written| written.text.clone()).filter(|text| !text.is_empty())
}
