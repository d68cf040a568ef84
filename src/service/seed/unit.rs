//! Units: their names, and the members of collective units.

use entity::UnitKind;
use serde_saphyr::Spanned;

use super::{
    document::{UnitDocument, UnitsDocument, Written},
    fault::{Claims, Faults},
    files::Files,
    index::{Found, Index, KnownUnit, home_of},
    reason,
    record::Record,
};
use crate::domain::seed::{SeedUnit, UnitKey};

/// The units of all files, by the official order of their jurisdictions.
pub(super) fn check(files: &Files, index: &Index, faults: &mut Faults) -> Vec<SeedUnit> {
    let mut ranked: Vec<(usize, Vec<SeedUnit>)> = Vec::new();
    for (jurisdiction, file) in &files.units {
        if let Some(document) = &file.content {
            let record = Record::of_file(&file.spot, document, faults);
            let units = check_file(jurisdiction, document, record, index);
            ranked.push((rank(jurisdiction, index), units));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().flat_map(|(_, units)| units).collect()
}

fn rank(jurisdiction: &str, index: &Index) -> usize {
    match index.jurisdictions.find(jurisdiction) {
        Found::Known(rank) => *rank,
        Found::Unknown(_) | Found::Undecided => usize::MAX,
    }
}

fn check_file(jurisdiction: &str, document: &Spanned<UnitsDocument>, mut file: Record<'_>, index: &Index) -> Vec<SeedUnit> {
    own_jurisdiction(&mut file, document.value.jurisdiction.as_ref(), jurisdiction, index);
    let mut names = Claims::default();
    let mut units = Vec::new();
    for (place, entry) in document.value.units.iter().enumerate() {
        let mut record = file.inner(entry, "单位", entry.value.name.as_ref(), place);
        units.extend(check_unit(jurisdiction, &entry.value, &mut record, &mut names, index));
    }
    units
}

/// The jurisdiction that a file is of: known, and the one that its name says. Returns whether it is.
pub(super) fn own_jurisdiction(record: &mut Record<'_>, written: Option<&Written>, by_name: &str, index: &Index) -> bool {
    let Some(written) = record.required("jurisdiction", written) else { return false };
    if written.text != by_name {
        record.fault("jurisdiction", written.at, reason::differs_from_file_name(&written.text, by_name));
        return false;
    }
    if let Found::Unknown(near) = index.jurisdictions.find(by_name) {
        record.fault("jurisdiction", written.at, reason::unknown_jurisdiction(by_name, &near));
        return false;
    }
    true
}

fn check_unit(
    jurisdiction: &str,
    document: &UnitDocument,
    record: &mut Record<'_>,
    names: &mut Claims<String>,
    index: &Index,
) -> Option<SeedUnit> {
    let name = record.required("name", document.name.as_ref());
    if let Some(name) = name {
        record.claim(names, name.text.clone(), "name", name.at, &name.text);
    }
    let kind = record.word("kind", document.kind.as_ref());
    let aliases = record.items("aliases", &document.aliases);
    for alias in &aliases {
        record.claim(names, alias.text.clone(), "aliases", alias.at, &alias.text);
    }
    let members = members(jurisdiction, document, kind, record, index);
    Some(SeedUnit {
        key: UnitKey { jurisdiction: jurisdiction.to_owned(), name: name?.text.clone() },
        kind: kind?,
        aliases: aliases.into_iter().map(|alias| alias.text.clone()).collect(),
        members,
    })
}

fn members(jurisdiction: &str, document: &UnitDocument, kind: Option<UnitKind>, record: &mut Record<'_>, index: &Index) -> Vec<UnitKey> {
    let written = record.items("members", &document.members);
    if let (Some(first), Some(kind)) = (written.first(), kind)
        && kind != UnitKind::Collective
    {
        record.fault("members", first.at, reason::members_of_a_single_unit());
        return Vec::new();
    }
    let mut listed = Claims::default();
    let mut members = Vec::new();
    for member in written {
        let Some(unit) = resolve(record, "members", member, jurisdiction, index) else { continue };
        if unit.kind == Some(UnitKind::Collective) {
            record.fault("members", member.at, reason::collective_member(&member.text));
        } else if record.claim(&mut listed, unit.key.clone(), "members", member.at, &member.text) {
            members.push(unit.key.clone());
        }
    }
    members
}

/// The unit that a field of a file of `jurisdiction` refers to.
pub(super) fn resolve<'i>(
    record: &mut Record<'_>,
    field: &str,
    written: &Written,
    jurisdiction: &str,
    index: &'i Index,
) -> Option<&'i KnownUnit> {
    match index.unit(jurisdiction, &written.text) {
        Found::Known(unit) => Some(unit),
        Found::Unknown(near) => {
            record.fault(field, written.at, reason::unknown_unit(&written.text, home_of(jurisdiction, &written.text), &near));
            None
        }
        Found::Undecided => None,
    }
}
