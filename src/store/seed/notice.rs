//! Notices, their recipients and reporting duties.

use std::collections::HashMap;

use entity::{Cadence, DutyKind, NoticeId, NoticeState, Obligor, ReportingDutyId, UnitId, notice, notice_recipient, reporting_duty};
use sea_orm::DatabaseTransaction;

use super::{Ids, position, reference::all};
use crate::{
    domain::seed::{Seed, SeedNotice, UnitKey},
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
    },
};

/// The ids of the notices, in the order of the seed.
pub(super) async fn load(
    transaction: &DatabaseTransaction,
    seed: &Seed,
    ids: &Ids,
    tally: &mut Tally,
) -> Result<Vec<NoticeId>, StoreError> {
    let existing = all::<notice::Entity>(transaction).await?;
    let mut wanted = Vec::new();
    for entry in &seed.notices {
        let jurisdiction_id = Ids::find(&ids.jurisdictions, &entry.jurisdiction)?;
        let before = existing
            .iter()
            .find(|row| row.jurisdiction_id == jurisdiction_id && row.year == entry.year && row.state != NoticeState::Withdrawn);
        let mut row = notice::Model {
            id: before.map_or_else(NoticeId::generate, |row| row.id),
            jurisdiction_id,
            year: entry.year,
            title: entry.title.clone(),
            document_number: entry.document_number.clone(),
            state: NoticeState::Issued,
            version: before.map_or(1, |row| row.version),
            issuer_id: unit(ids, entry.issuer.as_ref())?,
            supervisor_id: unit(ids, entry.supervisor.as_ref())?,
            adoption_method: entry.adoption_method,
            adoption_meeting: entry.adoption_meeting.clone(),
            issued_on: entry.issued_on,
            disclosure: entry.disclosure,
        };
        if before.is_some_and(|before| *before != row) {
            row.version = row.version.saturating_add(1);
        }
        wanted.push(row);
    }
    let loaded: Vec<NoticeId> = wanted.iter().map(|row| row.id).collect();
    upsert::<notice::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    load_recipients(transaction, &seed.notices, &loaded, tally).await?;
    load_duties(transaction, &seed.notices, &loaded, tally).await?;
    Ok(loaded)
}

fn unit(ids: &Ids, key: Option<&UnitKey>) -> Result<Option<UnitId>, StoreError> {
    key.map(|key| Ids::find(&ids.units, key)).transpose()
}

async fn load_recipients(
    transaction: &DatabaseTransaction,
    notices: &[SeedNotice],
    loaded: &[NoticeId],
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing = all::<notice_recipient::Entity>(transaction).await?;
    let mut wanted = Vec::new();
    for (notice_id, entry) in loaded.iter().zip(notices) {
        for (index, (role, name)) in entry.recipients.iter().enumerate() {
            wanted.push(notice_recipient::Model { notice_id: *notice_id, role: *role, position: position(index), name: name.clone() });
        }
    }
    let key = |row: &notice_recipient::Model| (row.notice_id, row.role, row.position);
    let unwanted = upsert::<notice_recipient::Entity, _, _>(transaction, existing, wanted, key, tally).await?;
    remove(transaction, unwanted.into_iter().filter(|row| loaded.contains(&row.notice_id)).collect(), tally).await
}

async fn load_duties(
    transaction: &DatabaseTransaction,
    notices: &[SeedNotice],
    loaded: &[NoticeId],
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing = all::<reporting_duty::Entity>(transaction).await?;
    let known: HashMap<(NoticeId, DutyKind, Cadence, Obligor), ReportingDutyId> =
        existing.iter().map(|row| ((row.notice_id, row.kind, row.cadence, row.obligor), row.id)).collect();
    let mut wanted = Vec::new();
    for (notice_id, entry) in loaded.iter().zip(notices) {
        for (index, duty) in entry.duties.iter().enumerate() {
            let key = (*notice_id, duty.kind, duty.cadence, duty.obligor);
            wanted.push(reporting_duty::Model {
                id: known.get(&key).copied().unwrap_or_else(ReportingDutyId::generate),
                notice_id: *notice_id,
                position: position(index),
                kind: duty.kind,
                cadence: duty.cadence,
                obligor: duty.obligor,
                description: duty.description.clone(),
                description_english: duty.description_english.clone(),
                grace_days: duty.grace_days,
            });
        }
    }
    let unwanted = upsert::<reporting_duty::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    remove(transaction, unwanted.into_iter().filter(|row| loaded.contains(&row.notice_id)).collect(), tally).await
}
