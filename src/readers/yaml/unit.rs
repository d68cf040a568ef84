//! Units: their names, and the members of collective units.

use entity::UnitKind;

use super::{
    document::{UnitDocument, UnitsDocument},
    files::Files,
    reason,
};
use crate::domain::{
    fault::{Claims, Faults},
    notices::{
        check::{Found, Names, own_jurisdiction, resolve},
        seed::{SeedUnit, UnitKey},
    },
    written::{Entry, Record},
};

/// The units of all files, by the official order of their jurisdictions.
pub(super) fn check(files: &Files, names: &Names, faults: &mut Faults) -> Vec<SeedUnit> {
    let mut ranked: Vec<(usize, Vec<SeedUnit>)> = Vec::new();
    for (jurisdiction, file) in &files.units {
        if let Some(document) = &file.content {
            let record = Record::new(&file.spot, document.at, faults);
            let units = check_file(jurisdiction, document, record, names);
            ranked.push((rank(jurisdiction, names), units));
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().flat_map(|(_, units)| units).collect()
}

fn rank(jurisdiction: &str, names: &Names) -> usize {
    match names.jurisdictions.find(jurisdiction) {
        Found::Known(rank) => *rank,
        Found::Unknown(_) | Found::Undecided => usize::MAX,
    }
}

fn check_file(jurisdiction: &str, document: &Entry<UnitsDocument>, mut file: Record<'_>, names: &Names) -> Vec<SeedUnit> {
    own_jurisdiction(&mut file, document.value.jurisdiction.as_ref(), jurisdiction, names);
    let mut taken = Claims::default();
    let mut units = Vec::new();
    for (place, entry) in document.value.units.iter().enumerate() {
        let mut record = file.inner("units", entry, "单位", entry.value.name.as_ref(), place);
        units.extend(check_unit(jurisdiction, &entry.value, &mut record, &mut taken, names));
    }
    units
}

fn check_unit(
    jurisdiction: &str,
    document: &UnitDocument,
    record: &mut Record<'_>,
    taken: &mut Claims<String>,
    names: &Names,
) -> Option<SeedUnit> {
    let name = record.required("name", document.name.as_ref());
    if let Some(name) = name {
        record.claim(taken, name.text.clone(), "name", name.at, &name.text);
    }
    let kind = record.word("kind", document.kind.as_ref());
    let aliases = record.items("aliases", &document.aliases);
    for alias in &aliases {
        record.claim(taken, alias.text.clone(), "aliases", alias.at, &alias.text);
    }
    let members = members(jurisdiction, document, kind, record, names);
    Some(SeedUnit {
        key: UnitKey { jurisdiction: jurisdiction.to_owned(), name: name?.text.clone() },
        kind: kind?,
        aliases: aliases.into_iter().map(|alias| alias.text.clone()).collect(),
        members,
    })
}

fn members(jurisdiction: &str, document: &UnitDocument, kind: Option<UnitKind>, record: &mut Record<'_>, names: &Names) -> Vec<UnitKey> {
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
        let Some(unit) = resolve(record, "members", member, jurisdiction, names) else { continue };
        if unit.kind == Some(UnitKind::Collective) {
            record.fault("members", member.at, reason::collective_member(&member.text));
        } else if record.claim(&mut listed, unit.key.clone(), "members", member.at, &member.text) {
            members.push(unit.key.clone());
        }
    }
    members
}
