//! How many people live in jurisdictions: one file a year, with its source.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};

use super::{
    document::{PopulationDocument, ResidentsDocument},
    files::{Files, PopulationFile},
    reason,
};
use crate::domain::{
    fault::{Claims, Faults},
    figure,
    notices::{
        check::{
            Found, Names, YEARS,
            reason::{differs_from_file_name, unknown_jurisdiction},
        },
        seed::SeedPopulation,
    },
    written::{Record, Written, reason::not_a_figure},
};

/// The counts of all files.
pub(super) fn check(files: &Files, names: &Names, faults: &mut Faults) -> Vec<SeedPopulation> {
    let mut counts = Vec::new();
    for year in &files.populations {
        if let Some(document) = &year.file.content {
            let mut record = Record::new(&year.file.spot, document.at, faults);
            counts.extend(of_year(year, &document.value, names, &mut record));
        }
    }
    counts
}

fn of_year(file: &PopulationFile, document: &PopulationDocument, names: &Names, record: &mut Record<'_>) -> Vec<SeedPopulation> {
    let year = own_year(file, document.year.as_ref(), record);
    let source = record.text("source", document.source.as_ref());
    let source_english = record.text("sourceEnglish", document.source_english.as_ref());
    let mut codes = Claims::default();
    let mut counts = Vec::new();
    for (place, entry) in document.jurisdictions.iter().enumerate() {
        let mut record = record.inner("jurisdictions", entry, "辖区", entry.value.code.as_ref(), place);
        let count = residents(&entry.value, names, &mut codes, &mut record);
        if let (Some((jurisdiction, residents)), Some(year), Some(source), Some(source_english)) = (count, year, &source, &source_english) {
            counts.push(SeedPopulation { jurisdiction, year, residents, source: source.clone(), source_english: source_english.clone() });
        }
    }
    counts
}

fn residents(document: &ResidentsDocument, names: &Names, codes: &mut Claims<String>, record: &mut Record<'_>) -> Option<(String, i64)> {
    let code = record.required("code", document.code.as_ref());
    if let Some(code) = code {
        record.claim(codes, code.text.clone(), "code", code.at, &code.text);
        if let Found::Unknown(near) = names.jurisdictions.find(&code.text) {
            record.fault("code", code.at, unknown_jurisdiction(&code.text, &near));
        }
    }
    let residents = record.required("residents", document.residents.as_ref());
    let residents = residents.and_then(|written| persons(written, record));
    Some((code?.text.clone(), residents?))
}

fn persons(written: &Written, record: &mut Record<'_>) -> Option<i64> {
    let reason = match figure::parse(&written.text) {
        None => not_a_figure(&written.text),
        Some(persons) => match persons.to_i64().filter(|whole| *whole > 0 && Decimal::from(*whole) == persons) {
            Some(persons) => return Some(persons),
            None => reason::not_persons(&written.text),
        },
    };
    record.fault("residents", written.at, reason);
    None
}

/// The year that a file is of: the one that its name says.
fn own_year(file: &PopulationFile, written: Option<&Written>, record: &mut Record<'_>) -> Option<i32> {
    let year = record.whole_number("year", written, YEARS)?;
    if year.to_string() == file.year {
        return Some(year);
    }
    let written = written?;
    record.fault("year", written.at, differs_from_file_name(&written.text, &file.year));
    None
}
