//! 进展事件: emitting what happened to tasks, and reading it in order.

use entity::{ProgressEventId, progress_event};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QuerySelect as _};

use super::{StoreError, Writer};
use crate::domain::event::{NewEvent, is_published};

impl Writer {
    /// Tells that something happens to a task. Whoever follows learns of it when the writer commits, and never otherwise.
    ///
    /// Writers take turns, so events are committed in the order of their numbers and without a gap: whoever has seen one need not look
    /// for earlier ones again.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn emit(&mut self, event: &NewEvent) -> Result<(), StoreError> {
        let last = match self.emitted {
            Some(last) => last,
            None => last_sequence(&self.transaction).await?,
        };
        let sequence = last.saturating_add(1);
        let row = progress_event::ActiveModel {
            sequence: Set(sequence),
            id: Set(ProgressEventId::generate()),
            at: Set(event.at.into()),
            kind: Set(event.kind),
            task_id: Set(event.task_id),
            jurisdiction_id: Set(event.jurisdiction_id),
            published: Set(is_published(event.kind)),
            report_id: Set(event.report_id),
            blocker_id: Set(event.blocker_id),
            unit_id: Set(event.unit_id),
            duty_id: Set(event.duty_id),
            period: Set(event.period.clone()),
            light: Set(event.light),
            light_before: Set(event.light_before),
        };
        progress_event::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        self.emitted = Some(sequence);
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "asks for a number that tells nobody anything")]
async fn last_sequence(transaction: &DatabaseTransaction) -> Result<i64, StoreError> {
    let last: Option<Option<i64>> = progress_event::Entity::find()
        .select_only()
        .column_as(progress_event::Column::Sequence.max(), "last")
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(last.flatten().unwrap_or_default())
}
