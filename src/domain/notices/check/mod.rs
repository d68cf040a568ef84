//! The rules of a notice: all possible faults of a draft, whoever wrote it and however it came in.

mod annex;
mod names;
pub(crate) mod reason;
mod target;

use std::ops::RangeInclusive;

use entity::RecipientRole;

pub use annex::topic;
use names::home_of;
pub use names::{Found, KnownUnit, Measure, Names, Register};

use super::{
    draft::{DutyDraft, NoticeDraft},
    seed::{SeedDuty, SeedNotice, UnitKey},
};
use crate::domain::{
    fault::{Claims, Spot},
    written::{Entry, Record, Written},
};

/// The years that a notice can be of.
pub const YEARS: RangeInclusive<i32> = 1949..=2200;

/// The days that a duty may leave after the end of its period.
pub const GRACE_DAYS: RangeInclusive<i32> = 0..=90;

/// The values that only one notice may have, over all drafts that are checked together.
#[derive(Debug, Default)]
pub struct Taken {
    /// Jurisdiction and year.
    years: Claims<(String, i32)>,
    document_numbers: Claims<String>,
}

/// The jurisdiction and year that the name of a draft's file says.
#[derive(Clone, Debug)]
pub struct FileName {
    /// The code of the jurisdiction.
    pub jurisdiction: String,
    /// The year, as written there.
    pub year: String,
}

/// Checks a draft. Its faults go to `record`; the notice is whole only if no fault was added to it.
pub fn check(draft: &NoticeDraft, name: &FileName, record: &mut Record<'_>, taken: &mut Taken, names: &Names) -> Option<SeedNotice> {
    let own = name.jurisdiction.as_str();
    check_jurisdiction(own, draft, record, names);
    let year = check_year(name, draft, record, taken);
    let title = record.text("title", draft.title.as_ref());
    let document_number = document_number(draft, record, taken);
    let issuer = own_unit(record, "issuer", draft.issuer.as_ref(), own, names);
    let issued_on = record.optional_date("issuedOn", draft.issued_on.as_ref());
    let disclosure = record.optional_word("disclosure", draft.disclosure.as_ref());
    let adoption = draft.adoption.as_ref();
    let adoption_method = record.optional_word("adoption.method", adoption.and_then(|adoption| adoption.method.as_ref()));
    let adoption_meeting = record.optional_text("adoption.meeting", adoption.and_then(|adoption| adoption.meeting.as_ref()));
    let supervisor = own_unit(record, "supervisor", draft.supervisor.as_ref(), own, names);
    let recipients = recipients(draft, record);
    let duties = duties(&draft.reporting_duties, record);
    let projects = annex::check(&draft.projects, record, own, names);
    Some(SeedNotice {
        jurisdiction: own.to_owned(),
        year: year?,
        title: title?,
        document_number,
        issuer,
        supervisor,
        adoption_method,
        adoption_meeting,
        issued_on,
        disclosure,
        recipients,
        duties,
        projects,
    })
}

/// A jurisdiction whose units are written nowhere is one fault, not one for each unit that the notice names.
fn check_jurisdiction(own: &str, draft: &NoticeDraft, record: &mut Record<'_>, names: &Names) {
    let written = draft.jurisdiction.as_ref();
    if let (true, Some(written)) = (own_jurisdiction(record, written, own, names), written)
        && names.has_no_units(own)
    {
        record.fault("jurisdiction", written.at, reason::no_units(own));
    }
}

fn check_year(name: &FileName, draft: &NoticeDraft, record: &mut Record<'_>, taken: &mut Taken) -> Option<i32> {
    let year = record.whole_number("year", draft.year.as_ref(), YEARS)?;
    let written = draft.year.as_ref()?;
    if year.to_string() != name.year {
        record.fault("year", written.at, reason::differs_from_file_name(&written.text, &name.year));
    }
    let jurisdiction = draft.jurisdiction.as_ref().map_or(&name.jurisdiction, |jurisdiction| &jurisdiction.text);
    let spot = record.spot("year", written.at);
    if let Some(first) = taken.years.claim((jurisdiction.clone(), year), &spot).map(Spot::pointer) {
        record.fault("year", written.at, reason::second_notice(jurisdiction, year, &first));
    }
    Some(year)
}

fn document_number(draft: &NoticeDraft, record: &mut Record<'_>, taken: &mut Taken) -> Option<String> {
    let written = record.optional("documentNumber", draft.document_number.as_ref())?;
    record.claim(&mut taken.document_numbers, written.text.clone(), "documentNumber", written.at, &written.text);
    Some(written.text.clone())
}

/// The issuer and the supervisor are units of the notice's own jurisdiction.
fn own_unit(record: &mut Record<'_>, field: &str, written: Option<&Written>, own: &str, names: &Names) -> Option<UnitKey> {
    let written = record.optional(field, written)?;
    let unit = resolve(record, field, written, own, names)?;
    if unit.key.jurisdiction != own {
        record.fault(field, written.at, reason::unit_of_elsewhere(&written.text, own));
    }
    Some(unit.key.clone())
}

fn recipients(draft: &NoticeDraft, record: &mut Record<'_>) -> Vec<(RecipientRole, String)> {
    let addressees = record.texts("addressees", &draft.addressees).into_iter().map(|name| (RecipientRole::Addressee, name));
    let mut recipients: Vec<_> = addressees.collect();
    let copies = record.texts("carbonCopies", &draft.carbon_copies);
    recipients.extend(copies.into_iter().map(|name| (RecipientRole::CarbonCopy, name)));
    recipients
}

fn duties(drafts: &[Entry<DutyDraft>], notice: &mut Record<'_>) -> Vec<SeedDuty> {
    let mut listed = Claims::default();
    let mut duties: Vec<SeedDuty> = Vec::new();
    for (index, entry) in drafts.iter().enumerate() {
        let mut record = notice.inner("reportingDuties", entry, "报送要求", None, index);
        let Some(duty) = duty(&entry.value, &mut record) else { continue };
        if let Some(kind) = &entry.value.kind {
            let key = (duty.kind, duty.cadence, duty.obligor);
            let shown = [Some(kind), entry.value.cadence.as_ref(), entry.value.obligor.as_ref()];
            let shown = shown.into_iter().flatten().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
            record.claim(&mut listed, key, "kind", kind.at, &shown);
        }
        duties.push(duty);
    }
    duties
}

fn duty(draft: &DutyDraft, record: &mut Record<'_>) -> Option<SeedDuty> {
    let kind = record.word("kind", draft.kind.as_ref());
    let cadence = record.word("cadence", draft.cadence.as_ref());
    let obligor = record.word("obligor", draft.obligor.as_ref());
    let description = record.text("description", draft.description.as_ref());
    let description_english = record.text("descriptionEnglish", draft.description_english.as_ref());
    let grace_days = draft.grace_days.as_ref().and_then(|days| record.whole_number("graceDays", Some(days), GRACE_DAYS));
    Some(SeedDuty {
        kind: kind?,
        cadence: cadence?,
        obligor: obligor?,
        description: description?,
        description_english: description_english?,
        grace_days,
    })
}

/// The jurisdiction that a file is of: known, and the one that its name says. Returns whether it is.
pub fn own_jurisdiction(record: &mut Record<'_>, written: Option<&Written>, by_name: &str, names: &Names) -> bool {
    let Some(written) = record.required("jurisdiction", written) else { return false };
    if written.text != by_name {
        record.fault("jurisdiction", written.at, reason::differs_from_file_name(&written.text, by_name));
        return false;
    }
    if let Found::Unknown(near) = names.jurisdictions.find(by_name) {
        record.fault("jurisdiction", written.at, reason::unknown_jurisdiction(by_name, &near));
        return false;
    }
    true
}

/// The unit that a field of a file of `jurisdiction` refers to.
pub fn resolve<'i>(record: &mut Record<'_>, field: &str, written: &Written, jurisdiction: &str, names: &'i Names) -> Option<&'i KnownUnit> {
    match names.unit(jurisdiction, &written.text) {
        Found::Known(unit) => Some(unit),
        Found::Unknown(near) => {
            record.fault(field, written.at, reason::unknown_unit(&written.text, home_of(jurisdiction, &written.text), &near));
            None
        }
        Found::Undecided => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        fault::{Faults, Place},
        notices::draft::{ProjectDraft, TargetDraft, TaskDraft},
        written::{List, Position},
    };

    fn written(text: &str) -> Written {
        Written { text: text.to_owned(), at: Position::default() }
    }

    fn list<T: Clone>(items: &[T]) -> List<T> {
        items.to_vec().into()
    }

    fn records<T: Clone>(items: &[T]) -> List<Entry<T>> {
        items.iter().map(|value| Entry { value: value.clone(), at: Position::default() }).collect::<Vec<_>>().into()
    }

    /// A writer without lines, as the API is, gets the path of each field.
    #[test]
    fn a_draft_without_lines_is_told_its_paths() {
        let target = TargetDraft { label: Some(written("新增托位")), value: Some(written("576个")), ..TargetDraft::default() };
        let task =
            TaskDraft { number: Some(written("1")), title: Some(written("托育")), targets: records(&[target]), ..TaskDraft::default() };
        let again = TaskDraft { topics: list(&[written("childcare")]), ..task.clone() };
        let project = ProjectDraft { number: Some(written("1")), title: Some(written("托育")), tasks: records(&[task, again]) };
        let draft = NoticeDraft {
            jurisdiction: Some(written("east")),
            year: Some(written("2024")),
            projects: records(&[project]),
            ..NoticeDraft::default()
        };
        let names = Names {
            jurisdictions: Register::of([("east".to_owned(), 0)]),
            topics: Register::of([("childcare".to_owned(), ())]),
            indicators: Register::of([]),
            units: [("east".to_owned(), Register::of([]))].into(),
            complete: true,
        };
        let name = FileName { jurisdiction: "east".to_owned(), year: "2024".to_owned() };
        let mut faults = Faults::default();
        let mut record = Record::new(&Spot::argument("input"), Position::default(), &mut faults);
        let checked = check(&draft, &name, &mut record, &mut Taken::default(), &names);
        assert!(checked.is_none(), "it has no title");
        let faults = faults.unless_any(()).expect_err("faults");
        let found: Vec<(String, &str)> = faults
            .iter()
            .map(|fault| match &fault.place {
                Place::Path(path) => (path.join("."), fault.code),
                Place::Line { .. } => panic!("{fault}"),
            })
            .collect();
        for expected in [
            ("input.title", "MISSING"),
            ("input.projects.0.tasks.0.topics", "NO_TOPICS"),
            ("input.projects.0.tasks.0.lead", "NO_LEAD"),
            ("input.projects.0.tasks.0.targets.0.value", "NOT_A_FIGURE"),
            ("input.projects.0.tasks.0.targets.0.unit", "MISSING"),
            ("input.projects.0.tasks.1.number", "REPEATED"),
        ] {
            assert!(found.contains(&(expected.0.to_owned(), expected.1)), "{expected:?} in {found:?}");
        }
    }
}
