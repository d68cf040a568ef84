//! Notices: what their letters say.

use std::ops::RangeInclusive;

use entity::RecipientRole;
use serde_saphyr::Spanned;

use super::{
    annex,
    document::{DutyDocument, NoticeDocument, Written},
    fault::{Claims, Faults, Spot},
    files::{Files, NoticeFile},
    index::Index,
    reason,
    record::Record,
    unit::{own_jurisdiction, resolve},
};
use crate::domain::seed::{SeedDuty, SeedNotice, UnitKey};

/// The years that a notice can be of.
pub(super) const YEARS: RangeInclusive<i32> = 1949..=2200;

/// The days that a duty may leave after the end of its period.
const GRACE_DAYS: RangeInclusive<i32> = 0..=90;

/// What only one notice may bear.
#[derive(Default)]
struct Taken {
    /// Jurisdiction and year.
    years: Claims<(String, i32)>,
    document_numbers: Claims<String>,
}

pub(super) fn check(files: &Files, index: &Index, faults: &mut Faults) -> Vec<SeedNotice> {
    let mut taken = Taken::default();
    let mut notices = Vec::new();
    for notice in &files.notices {
        if let Some(document) = &notice.file.content {
            let mut record = Record::of_file(&notice.file.spot, document, faults);
            notices.extend(check_notice(notice, &document.value, &mut record, &mut taken, index));
        }
    }
    notices
}

fn check_notice(
    file: &NoticeFile,
    document: &NoticeDocument,
    record: &mut Record<'_>,
    taken: &mut Taken,
    index: &Index,
) -> Option<SeedNotice> {
    let own = file.jurisdiction.as_str();
    check_jurisdiction(own, document, record, index);
    let year = check_year(file, document, record, taken);
    let title = record.text("title", document.title.as_ref());
    let document_number = document_number(document, record, taken);
    let issuer = own_unit(record, "issuer", document.issuer.as_ref(), own, index);
    let issued_on = record.optional_date("issuedOn", document.issued_on.as_ref());
    let disclosure = record.optional_word("disclosure", document.disclosure.as_ref());
    let adoption = document.adoption.as_ref();
    let adoption_method = record.optional_word("adoption.method", adoption.and_then(|adoption| adoption.method.as_ref()));
    let adoption_meeting = record.optional_text("adoption.meeting", adoption.and_then(|adoption| adoption.meeting.as_ref()));
    let supervisor = own_unit(record, "supervisor", document.supervisor.as_ref(), own, index);
    let recipients = recipients(document, record);
    let duties = duties(&document.reporting_duties, record);
    let projects = annex::check(&document.projects, record, own, index);
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
fn check_jurisdiction(own: &str, document: &NoticeDocument, record: &mut Record<'_>, index: &Index) {
    let written = document.jurisdiction.as_ref();
    if let (true, Some(written)) = (own_jurisdiction(record, written, own, index), written)
        && index.has_no_units(own)
    {
        record.fault("jurisdiction", written.at, reason::no_units(own));
    }
}

fn check_year(file: &NoticeFile, document: &NoticeDocument, record: &mut Record<'_>, taken: &mut Taken) -> Option<i32> {
    let year = record.whole_number("year", document.year.as_ref(), YEARS)?;
    let written = document.year.as_ref()?;
    if year.to_string() != file.year {
        record.fault("year", written.at, reason::differs_from_file_name(&written.text, &file.year));
    }
    let jurisdiction = document.jurisdiction.as_ref().map_or(&file.jurisdiction, |jurisdiction| &jurisdiction.text);
    let spot = record.spot("year", written.at);
    if let Some(first) = taken.years.claim((jurisdiction.clone(), year), &spot).map(Spot::line) {
        record.fault("year", written.at, reason::second_notice(jurisdiction, year, &first));
    }
    Some(year)
}

fn document_number(document: &NoticeDocument, record: &mut Record<'_>, taken: &mut Taken) -> Option<String> {
    let written = record.optional("documentNumber", document.document_number.as_ref())?;
    record.claim(&mut taken.document_numbers, written.text.clone(), "documentNumber", written.at, &written.text);
    Some(written.text.clone())
}

/// Who issues and who supervises are units of the notice's own jurisdiction.
fn own_unit(record: &mut Record<'_>, field: &str, written: Option<&Written>, own: &str, index: &Index) -> Option<UnitKey> {
    let written = record.optional(field, written)?;
    let unit = resolve(record, field, written, own, index)?;
    if unit.key.jurisdiction != own {
        record.fault(field, written.at, reason::unit_of_elsewhere(&written.text, own));
    }
    Some(unit.key.clone())
}

fn recipients(document: &NoticeDocument, record: &mut Record<'_>) -> Vec<(RecipientRole, String)> {
    let addressees = record.texts("addressees", &document.addressees).into_iter().map(|name| (RecipientRole::Addressee, name));
    let mut recipients: Vec<_> = addressees.collect();
    let copies = record.texts("carbonCopies", &document.carbon_copies);
    recipients.extend(copies.into_iter().map(|name| (RecipientRole::CarbonCopy, name)));
    recipients
}

fn duties(documents: &[Spanned<DutyDocument>], notice: &mut Record<'_>) -> Vec<SeedDuty> {
    let mut listed = Claims::default();
    let mut duties: Vec<SeedDuty> = Vec::new();
    for (index, entry) in documents.iter().enumerate() {
        let mut record = notice.inner(entry, "报送要求", None, index);
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

fn duty(document: &DutyDocument, record: &mut Record<'_>) -> Option<SeedDuty> {
    let kind = record.word("kind", document.kind.as_ref());
    let cadence = record.word("cadence", document.cadence.as_ref());
    let obligor = record.word("obligor", document.obligor.as_ref());
    let description = record.text("description", document.description.as_ref());
    let description_english = record.text("descriptionEnglish", document.description_english.as_ref());
    let grace_days = document.grace_days.as_ref().and_then(|days| record.whole_number("graceDays", Some(days), GRACE_DAYS));
    Some(SeedDuty {
        kind: kind?,
        cadence: cadence?,
        obligor: obligor?,
        description: description?,
        description_english: description_english?,
        grace_days,
    })
}
