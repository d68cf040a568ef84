//! Targets: the quantified commitments of tasks.

use std::collections::HashMap;

use entity::{IndicatorId, TargetId, TaskId, jurisdiction, notice, target, task};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _};

use crate::{
    domain::{
        notices::target::Target,
        page::{Page, PageRequest},
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
    },
};

impl Visible {
    /// The targets of these tasks, in the order of the notice, parts behind their wholes.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn targets_of_tasks(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Target>>, StoreError> {
        let rows = self
            .targets()
            .filter(target::Column::TaskId.is_in(tasks.iter().copied()))
            .order_by_asc(target::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<TaskId, Vec<Target>> = HashMap::new();
        for row in rows {
            found.entry(row.task_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// A page of the targets under each indicator, by notice and number.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn targets_of_indicators(
        &self,
        indicators: &[IndicatorId],
        request: &PageRequest,
    ) -> Result<HashMap<IndicatorId, Page<Target>>, StoreError> {
        let select = self.targets().join(JoinType::InnerJoin, notice::Relation::Jurisdiction.def());
        let keys = [
            jurisdiction::Column::Position.into_simple_expr(),
            notice::Column::Year.into_simple_expr(),
            task::Column::Number.into_simple_expr(),
            target::Column::Position.into_simple_expr(),
        ];
        let keys = keys.map(|key| (key, OrderDirection::Ascending)).to_vec();
        let ordering = Ordering::new("indicator.targets", keys, target::Column::Id.into_simple_expr());
        let pages = keyset::pages(self.connection(), select, target::Column::IndicatorId, indicators, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Target::from))).collect())
    }

    /// The targets with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn targets_by_id(&self, ids: &[TargetId]) -> Result<HashMap<TargetId, Target>, StoreError> {
        let rows = self.targets().filter(target::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Target::from(row))).collect())
    }
}

impl From<target::Model> for Target {
    fn from(row: target::Model) -> Self {
        Self {
            id: row.id,
            task_id: row.task_id,
            label: row.label,
            value: row.value.into(),
            baseline: row.baseline.map(Into::into),
            unit: row.unit,
            comparator: row.comparator,
            kind: row.kind,
            part_of_id: row.part_of_id,
            indicator_id: row.indicator_id,
        }
    }
}
