//! Notices, one after the other: the letter, its recipients and reporting duties, and its annex.

use std::collections::HashMap;

use entity::{
    Cadence, DutyKind, DutyOrigin, NoticeId, NoticeState, Obligor, ReportingDutyId, UnitId, notice, notice_recipient, reporting_duty,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue, ColumnTrait as _, ExprTrait as _};

use super::{Ids, annex, position, reference::matching};
use crate::{
    domain::notices::seed::{Seed, SeedNotice, UnitKey},
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
        transaction::Transaction,
    },
};

/// Loads the notices of a seed. One that an office has withdrawn, or is drafting, is the office's and stays as it is.
pub(super) async fn load(transaction: &Transaction, seed: &Seed, ids: &Ids, tally: &mut Tally) -> Result<(), StoreError> {
    for entry in &seed.notices {
        let jurisdiction = Ids::find(&ids.jurisdictions, &entry.jurisdiction)?;
        let of_year = notice::Column::JurisdictionId.eq(jurisdiction).and(notice::Column::Year.eq(entry.year));
        let existing = matching::<notice::Entity>(transaction, of_year).await?;
        if existing.iter().all(|row| row.state == NoticeState::Issued) {
            load_one(transaction, entry, ids, existing, tally).await?;
        }
    }
    Ok(())
}

async fn load_one(
    transaction: &Transaction,
    entry: &SeedNotice,
    ids: &Ids,
    existing: Vec<notice::Model>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let before = existing.first();
    let version = before.map_or(1, |row| row.version);
    let letter = notice::Model {
        id: before.map_or_else(NoticeId::generate, |row| row.id),
        jurisdiction_id: Ids::find(&ids.jurisdictions, &entry.jurisdiction)?,
        year: entry.year,
        title: entry.title.clone(),
        document_number: entry.document_number.clone(),
        state: NoticeState::Issued,
        version,
        issuer_id: unit(ids, entry.issuer.as_ref())?,
        supervisor_id: unit(ids, entry.supervisor.as_ref())?,
        adoption_method: entry.adoption_method,
        adoption_meeting: entry.adoption_meeting.clone(),
        issued_on: entry.issued_on,
        disclosure: entry.disclosure,
    };
    let id = letter.id;
    let is_new = before.is_none();
    let untouched = *tally;
    upsert::<notice::Entity, _, _>(transaction, existing, vec![letter], |row| row.id, tally).await?;
    load_recipients(transaction, id, entry, tally).await?;
    load_duties(transaction, id, entry, tally).await?;
    annex::load(transaction, id, entry, ids, tally).await?;
    if *tally != untouched && !is_new {
        // A client with the former version must learn that some part of the notice has changed.
        let risen = ActiveValue::Set(version.saturating_add(1));
        notice::ActiveModel { id: ActiveValue::Unchanged(id), version: risen, ..Default::default() }.update(transaction).await?;
    }
    Ok(())
}

fn unit(ids: &Ids, key: Option<&UnitKey>) -> Result<Option<UnitId>, StoreError> {
    key.map(|key| Ids::find(&ids.units, key)).transpose()
}

async fn load_recipients(transaction: &Transaction, notice_id: NoticeId, entry: &SeedNotice, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = matching::<notice_recipient::Entity>(transaction, notice_recipient::Column::NoticeId.eq(notice_id)).await?;
    let recipients = entry.recipients.iter().enumerate();
    let wanted = recipients
        .map(|(index, (role, name))| notice_recipient::Model { notice_id, role: *role, position: position(index), name: name.clone() })
        .collect();
    let key = |row: &notice_recipient::Model| (row.role, row.position);
    let unwanted = upsert::<notice_recipient::Entity, _, _>(transaction, existing, wanted, key, tally).await?;
    remove(transaction, unwanted, tally).await
}

async fn load_duties(transaction: &Transaction, notice_id: NoticeId, entry: &SeedNotice, tally: &mut Tally) -> Result<(), StoreError> {
    let existing = matching::<reporting_duty::Entity>(
        transaction,
        // The letter does not change the settings of the office.
        reporting_duty::Column::NoticeId.eq(notice_id).and(reporting_duty::Column::Origin.eq(DutyOrigin::Notice)),
    )
    .await?;
    let known: HashMap<(DutyKind, Cadence, Obligor), ReportingDutyId> =
        existing.iter().map(|row| ((row.kind, row.cadence, row.obligor), row.id)).collect();
    let duties = entry.duties.iter().enumerate();
    let wanted = duties
        .map(|(index, duty)| reporting_duty::Model {
            id: known.get(&(duty.kind, duty.cadence, duty.obligor)).copied().unwrap_or_else(ReportingDutyId::generate),
            notice_id,
            position: position(index),
            kind: duty.kind,
            cadence: duty.cadence,
            obligor: duty.obligor,
            description: duty.description.clone(),
            description_english: duty.description_english.clone(),
            grace_days: duty.grace_days,
            origin: DutyOrigin::Notice,
            retired: false,
        })
        .collect();
    let unwanted = upsert::<reporting_duty::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    remove(transaction, unwanted, tally).await
}
