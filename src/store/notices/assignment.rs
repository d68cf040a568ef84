//! Assignments: the parts of units in tasks.

use std::collections::HashMap;

use entity::{AssignmentId, AssignmentRole, TaskId, UnitId, assignment, jurisdiction, notice, task};
use sea_orm::{ColumnTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _};

use crate::{
    domain::{
        notices::assignment::Assignment,
        page::{Page, PageRequest},
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
    },
};

impl Visible {
    /// The assignments of these tasks, in the order printed: leads first.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn assignments_of_tasks(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Assignment>>, StoreError> {
        let rows = self
            .assignments()
            .filter(assignment::Column::TaskId.is_in(tasks.iter().copied()))
            .order_by_asc(assignment::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<TaskId, Vec<Assignment>> = HashMap::new();
        for row in rows {
            found.entry(row.task_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// A page of the assignments of each unit, by notice and number.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn assignments_of_units(
        &self,
        units: &[UnitId],
        role: Option<AssignmentRole>,
        request: &PageRequest,
    ) -> Result<HashMap<UnitId, Page<Assignment>>, StoreError> {
        let mut select = self.assignments().join(JoinType::InnerJoin, notice::Relation::Jurisdiction.def());
        let list = match role {
            None => "unit.assignments",
            Some(AssignmentRole::Lead) => "unit.assignments:lead",
            Some(AssignmentRole::Supporting) => "unit.assignments:supporting",
        };
        if let Some(role) = role {
            select = select.filter(assignment::Column::Role.eq(role));
        }
        let keys = [
            jurisdiction::Column::Position.into_simple_expr(),
            notice::Column::Year.into_simple_expr(),
            task::Column::Number.into_simple_expr(),
        ];
        let keys = keys.map(|key| (key, OrderDirection::Ascending)).to_vec();
        let ordering = Ordering::new(list, keys, assignment::Column::Id.into_simple_expr());
        let pages = keyset::pages(self.connection(), select, assignment::Column::UnitId, units, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Assignment::from))).collect())
    }

    /// The assignments with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn assignments_by_id(&self, ids: &[AssignmentId]) -> Result<HashMap<AssignmentId, Assignment>, StoreError> {
        let rows = self.assignments().filter(assignment::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Assignment::from(row))).collect())
    }
}

impl From<assignment::Model> for Assignment {
    fn from(row: assignment::Model) -> Self {
        Self { id: row.id, task_id: row.task_id, unit_id: row.unit_id, role: row.role }
    }
}
