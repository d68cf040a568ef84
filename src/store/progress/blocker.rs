//! Blockers: obstacles of tasks.

use std::collections::HashMap;

use entity::{BlockerId, BlockerState, ProgressReportId, TaskId, blocker, progress_report};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    domain::progress::blocker::Blocker,
    store::{StoreError, Visible, Writer},
};

impl Visible {
    /// The blockers with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn blockers_by_id(&self, ids: &[BlockerId]) -> Result<HashMap<BlockerId, Blocker>, StoreError> {
        let rows = self.blockers().filter(blocker::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
    }

    /// The blockers that these reports name, in the order in which they were given; those withdrawn since are left out.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn blockers_of_reports(&self, reports: &[ProgressReportId]) -> Result<HashMap<ProgressReportId, Vec<Blocker>>, StoreError> {
        let rows = self
            .blockers()
            .filter(blocker::Column::ReportId.is_in(reports.iter().copied()))
            .filter(blocker::Column::State.ne(BlockerState::Withdrawn))
            .order_by_asc(blocker::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<ProgressReportId, Vec<Blocker>> = HashMap::new();
        for row in rows {
            found.entry(row.report_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// The open blockers of these tasks that were raised, the earliest first.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn open_blockers(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Blocker>>, StoreError> {
        let rows = self
            .blockers()
            .filter(blocker::Column::TaskId.is_in(tasks.iter().copied()))
            .filter(blocker::Column::State.eq(BlockerState::Open))
            .filter(blocker::Column::RaisedAt.is_not_null())
            .order_by_asc(blocker::Column::RaisedAt)
            .order_by_asc(blocker::Column::Id)
            .all(self.connection())
            .await?;
        let mut found: HashMap<TaskId, Vec<Blocker>> = HashMap::new();
        for row in rows {
            found.entry(row.task_id).or_default().push(row.into());
        }
        Ok(found)
    }
}

impl Writer {
    /// The open blockers of these tasks and of the unit's reports on them, as this transaction finds them; drafts' included.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of a unit that reports for itself")]
    pub async fn open_blockers(&self, unit: entity::UnitId, tasks: &[TaskId]) -> Result<Vec<Blocker>, StoreError> {
        use sea_orm::{JoinType, QuerySelect as _, RelationTrait as _};
        let rows = blocker::Entity::find()
            .join(JoinType::InnerJoin, blocker::Relation::ProgressReport.def())
            .filter(progress_report::Column::UnitId.eq(unit))
            .filter(blocker::Column::TaskId.is_in(tasks.iter().copied()))
            .filter(blocker::Column::State.eq(BlockerState::Open))
            .order_by_asc(blocker::Column::Position)
            .all(&self.transaction)
            .await?;
        Ok(rows.into_iter().map(Blocker::from).collect())
    }

    /// The blocker with this id, as this transaction finds it.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of a blocker that a permit was given for")]
    pub async fn blocker(&self, id: BlockerId) -> Result<Option<Blocker>, StoreError> {
        Ok(blocker::Entity::find_by_id(id).one(&self.transaction).await?.map(Blocker::from))
    }

    /// Adds a blocker in a place of its report.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_blocker(&self, blocker: &Blocker, position: i32) -> Result<(), StoreError> {
        let row = blocker::ActiveModel {
            id: Set(blocker.id),
            task_id: Set(blocker.task_id),
            report_id: Set(blocker.report_id),
            version: Set(blocker.version),
            ..columns(blocker, position)
        };
        blocker::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Stores `blocker` in place of the row, with the next version.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn change_blocker(&self, blocker: &Blocker, position: Option<i32>) -> Result<(), StoreError> {
        let mut row =
            blocker::ActiveModel { version: Set(blocker.version.saturating_add(1)), ..columns(blocker, position.unwrap_or_default()) };
        if position.is_none() {
            row.position = sea_orm::ActiveValue::NotSet;
        }
        blocker::Entity::update_many().set(row).filter(blocker::Column::Id.eq(blocker.id)).exec(&self.transaction).await?;
        Ok(())
    }
}

fn columns(blocker: &Blocker, position: i32) -> blocker::ActiveModel {
    blocker::ActiveModel {
        position: Set(position),
        description: Set(blocker.description.clone()),
        needs: Set(blocker.needs.clone()),
        needed_from_id: Set(blocker.needed_from_id),
        needed_by: Set(blocker.needed_by),
        state: Set(blocker.state),
        raised_at: Set(blocker.raised_at.map(Into::into)),
        resolved_at: Set(blocker.resolved_at.map(Into::into)),
        resolution: Set(blocker.resolution.clone()),
        ..blocker::ActiveModel::default()
    }
}

impl From<blocker::Model> for Blocker {
    fn from(row: blocker::Model) -> Self {
        Self {
            id: row.id,
            task_id: row.task_id,
            report_id: row.report_id,
            description: row.description,
            needs: row.needs,
            needed_from_id: row.needed_from_id,
            needed_by: row.needed_by,
            state: row.state,
            version: row.version,
            raised_at: row.raised_at.map(Into::into),
            resolved_at: row.resolved_at.map(Into::into),
            resolution: row.resolution,
        }
    }
}
