//! 进展事件: emitting the events of tasks, and reading them in order.

use std::collections::HashMap;

use entity::{JurisdictionId, ProgressEventId, progress_event};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::{
    access::visibility,
    domain::progress::event::{NewEvent, ProgressEvent, Told},
    store::{Database, StoreError, Visible, Writer, transaction::Transaction},
};

impl Writer {
    /// Stores events of tasks, in this order. A subscriber learns of it when the writer commits, and never otherwise.
    ///
    /// Writers take turns, so events are committed in the order of their numbers and without a gap. A reader that has seen one need not
    /// look for earlier ones again.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn emit(&mut self, events: &[NewEvent]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let mut sequence = match self.emitted {
            Some(last) => last,
            None => last_sequence(&self.transaction).await?,
        };
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            sequence = sequence.saturating_add(1);
            rows.push(progress_event::ActiveModel {
                sequence: Set(sequence),
                id: Set(ProgressEventId::generate()),
                at: Set(event.at.into()),
                kind: Set(event.kind),
                task_id: Set(event.task_id),
                jurisdiction_id: Set(event.jurisdiction_id),
                published: Set(event.told.is_outside()),
                inside: Set(event.told.is_inside()),
                report_id: Set(event.report_id),
                blocker_id: Set(event.blocker_id),
                unit_id: Set(event.unit_id),
                duty_id: Set(event.duty_id),
                period: Set(event.period.clone()),
                light: Set(event.light),
                light_before: Set(event.light_before),
            });
        }
        progress_event::Entity::insert_many(rows).exec_without_returning(&self.transaction).await?;
        self.emitted = Some(sequence);
        self.moves_the_public |= events.iter().any(NewEvent::moves_the_public);
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "asks for a number that tells nobody anything")]
async fn last_sequence(transaction: &Transaction) -> Result<i64, StoreError> {
    let last: Option<Option<i64>> = progress_event::Entity::find()
        .select_only()
        .column_as(progress_event::Column::Sequence.max(), "last")
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(last.flatten().unwrap_or_default())
}

/// A stretch of the events: those after one number, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// After this number.
    pub after: i64,
    /// Up to this one.
    pub until: i64,
}

impl Visible {
    /// The events of these jurisdictions in a stretch, in order, at most `limit`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn progress_events_in(
        &self,
        jurisdictions: &[JurisdictionId],
        stretch: Stretch,
        limit: u64,
    ) -> Result<Vec<ProgressEvent>, StoreError> {
        let rows = self
            .progress_events()
            .filter(visibility::news(self.viewer()))
            .filter(progress_event::Column::JurisdictionId.is_in(jurisdictions.iter().copied()))
            .filter(progress_event::Column::Sequence.gt(stretch.after))
            .filter(progress_event::Column::Sequence.lte(stretch.until))
            .order_by_asc(progress_event::Column::Sequence)
            .limit(limit)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(ProgressEvent::from).collect())
    }

    /// The events with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn progress_events_by_id(&self, ids: &[ProgressEventId]) -> Result<HashMap<ProgressEventId, ProgressEvent>, StoreError> {
        let rows = self.progress_events().filter(progress_event::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, ProgressEvent::from(row))).collect())
    }
}

impl Database {
    /// The number of the last event; 0 if there is no event.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "asks for a number that tells nobody anything")]
    pub async fn last_event(&self) -> Result<i64, StoreError> {
        let last: Option<Option<i64>> = progress_event::Entity::find()
            .select_only()
            .column_as(progress_event::Column::Sequence.max(), "last")
            .into_tuple()
            .one(self.reader())
            .await?;
        Ok(last.flatten().unwrap_or_default())
    }
}

impl From<progress_event::Model> for ProgressEvent {
    fn from(row: progress_event::Model) -> Self {
        Self {
            sequence: row.sequence,
            id: row.id,
            what: NewEvent {
                at: row.at.into(),
                kind: row.kind,
                task_id: row.task_id,
                jurisdiction_id: row.jurisdiction_id,
                report_id: row.report_id,
                blocker_id: row.blocker_id,
                unit_id: row.unit_id,
                duty_id: row.duty_id,
                period: row.period,
                light: row.light,
                light_before: row.light_before,
                told: Told::of(row.inside, row.published),
            },
        }
    }
}
