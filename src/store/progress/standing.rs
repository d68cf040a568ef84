//! The standing of tasks besides their reports.

use entity::{TaskId, task_standing};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    domain::progress::{audience::Lights, standing::TaskStanding},
    store::{StoreError, Writer},
};

impl Writer {
    /// Notes that a task changed in some way, and the lights that it has now.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn touch_task(&self, task: TaskId, lights: Lights) -> Result<(), StoreError> {
        let row = task_standing::ActiveModel {
            task_id: Set(task),
            // There is no setting yet, which is version 0 for the first writer.
            version: Set(0),
            revision: Set(1),
            light: Set(Some(lights.office)),
            public_light: Set(Some(lights.public)),
            ..columns(&TaskStanding::default())
        };
        let risen = Expr::col((task_standing::Entity, task_standing::Column::Revision)).add(1);
        let known = OnConflict::column(task_standing::Column::TaskId)
            .update_columns([task_standing::Column::Light, task_standing::Column::PublicLight])
            .value(task_standing::Column::Revision, risen)
            .to_owned();
        task_standing::Entity::insert(row).on_conflict(known).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Brings a task to stand as `standing` says, with the next version. The caller has compared the version in this transaction.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn set_standing(&self, task: TaskId, standing: &TaskStanding) -> Result<(), StoreError> {
        use task_standing::Column;
        let row = task_standing::ActiveModel {
            task_id: Set(task),
            version: Set(standing.version.saturating_add(1)),
            revision: Set(standing.revision.saturating_add(1)),
            light: Set(standing.light),
            public_light: Set(standing.public_light),
            ..columns(standing)
        };
        let known = OnConflict::column(Column::TaskId)
            .update_columns([
                Column::Version,
                Column::Revision,
                Column::StartsOn,
                Column::DueOn,
                Column::ExtendedTo,
                Column::ExtensionReason,
                Column::SuspendedOn,
                Column::SuspensionReason,
                Column::ClaimedOn,
                Column::ClaimNote,
                Column::AcceptedOn,
                Column::InForceOn,
                Column::ClosingNote,
                Column::ReturnReason,
                Column::Light,
                Column::PublicLight,
                Column::ChangedAt,
                Column::ChangedBy,
            ])
            .to_owned();
        task_standing::Entity::insert(row).on_conflict(known).exec_without_returning(&self.transaction).await?;
        Ok(())
    }
}

fn columns(standing: &TaskStanding) -> task_standing::ActiveModel {
    task_standing::ActiveModel {
        starts_on: Set(standing.starts_on),
        due_on: Set(standing.due_on),
        extended_to: Set(standing.extension.as_ref().map(|extension| extension.to)),
        extension_reason: Set(standing.extension.as_ref().map(|extension| extension.reason.clone())),
        suspended_on: Set(standing.suspension.as_ref().map(|suspension| suspension.on)),
        suspension_reason: Set(standing.suspension.as_ref().map(|suspension| suspension.reason.clone())),
        claimed_on: Set(standing.claim.as_ref().map(|claim| claim.on)),
        claim_note: Set(standing.claim.as_ref().and_then(|claim| claim.note.clone())),
        accepted_on: Set(standing.closing.as_ref().map(|closing| closing.accepted_on)),
        in_force_on: Set(standing.closing.as_ref().map(|closing| closing.in_force_on)),
        closing_note: Set(standing.closing.as_ref().and_then(|closing| closing.note.clone())),
        return_reason: Set(standing.return_reason.clone()),
        changed_at: Set(standing.changed_at.map(Into::into)),
        changed_by: Set(standing.changed_by.clone()),
        ..task_standing::ActiveModel::default()
    }
}
