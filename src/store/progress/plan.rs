//! Plans and allocations: the milestones of tasks, and the shares of targets.

use std::collections::HashMap;

use entity::{AllocationId, MilestoneId, TargetId, TaskId, UnitId, allocation, milestone, target};
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, OnConflict},
};

use super::report::quantity;
use crate::{
    domain::{notices::allocation::Allocation, progress::milestone::Milestone},
    store::{StoreError, Visible, Writer},
};

impl Visible {
    /// The shares of these targets, in the order in which they were given.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn allocations_of_targets(&self, targets: &[TargetId]) -> Result<HashMap<TargetId, Vec<Allocation>>, StoreError> {
        let rows = self
            .allocations()
            .filter(allocation::Column::TargetId.is_in(targets.iter().copied()))
            .order_by_asc(allocation::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<TargetId, Vec<Allocation>> = HashMap::new();
        for row in rows {
            found.entry(row.target_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// The task of a visible target.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn task_of_target(&self, id: TargetId) -> Result<Option<TaskId>, StoreError> {
        Ok(self.targets().filter(target::Column::Id.eq(id)).one(self.connection()).await?.map(|row| row.task_id))
    }
}

impl Writer {
    /// Makes these the milestones of a task's plan, in this order. One that is not among them any more is kept for the reports that name
    /// it, and is of the plan no longer.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn set_milestones(&self, task: TaskId, milestones: &[Milestone]) -> Result<(), StoreError> {
        milestone::Entity::update_many()
            .col_expr(milestone::Column::Retired, Expr::value(true))
            .filter(milestone::Column::TaskId.eq(task))
            .exec(&self.transaction)
            .await?;
        if milestones.is_empty() {
            return Ok(());
        }
        let rows = (0_i32..).zip(milestones).map(|(position, milestone)| {
            Ok(milestone::ActiveModel {
                id: Set(milestone.id),
                task_id: Set(task),
                position: Set(position),
                title: Set(milestone.title.clone()),
                due_on: Set(milestone.due_on),
                planned_share: Set(milestone.planned_share.map(quantity).transpose()?),
                retired: Set(false),
            })
        });
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        let known = OnConflict::column(milestone::Column::Id)
            .update_columns([
                milestone::Column::Position,
                milestone::Column::Title,
                milestone::Column::DueOn,
                milestone::Column::PlannedShare,
                milestone::Column::Retired,
            ])
            .to_owned();
        milestone::Entity::insert_many(rows).on_conflict(known).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// The milestones that a task has or had.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of a task that a permit was given for")]
    pub async fn milestone_ids(&self, task: TaskId) -> Result<Vec<MilestoneId>, StoreError> {
        let rows = milestone::Entity::find().filter(milestone::Column::TaskId.eq(task)).all(&self.transaction).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Makes these the shares of a target, in this order.
    ///
    /// # Errors
    /// A share cannot be kept, or a statement failed.
    pub async fn set_allocations(&self, target: TargetId, shares: &[(UnitId, Decimal)]) -> Result<(), StoreError> {
        allocation::Entity::delete_many().filter(allocation::Column::TargetId.eq(target)).exec(&self.transaction).await?;
        if shares.is_empty() {
            return Ok(());
        }
        let rows = (0_i32..).zip(shares).map(|(position, (unit, value))| {
            Ok(allocation::ActiveModel {
                id: Set(AllocationId::generate()),
                target_id: Set(target),
                unit_id: Set(*unit),
                position: Set(position),
                value: Set(quantity(*value)?),
            })
        });
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        allocation::Entity::insert_many(rows).exec_without_returning(&self.transaction).await?;
        Ok(())
    }
}
