//! Projects: the numbered lines of annexes.

use std::collections::HashMap;

use entity::{NoticeId, ProjectId, jurisdiction, notice, project};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    domain::{
        notices::project::Project,
        page::{Page, PageRequest},
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
    },
};

/// Which projects a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct ProjectFilter {
    /// A substring of the title.
    pub text: Option<String>,
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Years.
    pub years: Option<Vec<i32>>,
}

/// How a list of projects is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ProjectOrder {
    /// By notice (jurisdiction in the official order, year), then by number.
    #[default]
    NoticeNumber,
    /// By year, then by jurisdiction and number.
    Year,
}

impl ProjectOrder {
    fn ordering(self, direction: OrderDirection) -> Ordering {
        let place = (jurisdiction::Column::Position.into_simple_expr(), OrderDirection::Ascending);
        let year = (notice::Column::Year.into_simple_expr(), OrderDirection::Ascending);
        let number = (project::Column::Number.into_simple_expr(), OrderDirection::Ascending);
        let id = project::Column::Id.into_simple_expr();
        match self {
            Self::NoticeNumber => Ordering::new("projects:number", vec![place, year, number], id).turned(direction, "projects:-number"),
            Self::Year => Ordering::new("projects:year", vec![year, place, number], id).turned(direction, "projects:-year"),
        }
    }
}

impl Visible {
    /// A page of the projects that a filter chooses.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn project_page(
        &self,
        filter: &ProjectFilter,
        order: ProjectOrder,
        direction: OrderDirection,
        request: &PageRequest,
    ) -> Result<Page<Project>, StoreError> {
        let mut select = self.projects().join(JoinType::InnerJoin, notice::Relation::Jurisdiction.def());
        if let Some(text) = &filter.text {
            select = select.filter(self.matches(project::Column::Id, text));
        }
        if let Some(codes) = &filter.jurisdictions {
            let chosen = self.jurisdiction_ids(codes, filter.descendants).await?;
            select = select.filter(notice::Column::JurisdictionId.is_in(chosen));
        }
        if let Some(years) = &filter.years {
            select = select.filter(notice::Column::Year.is_in(years.iter().copied()));
        }
        Ok(keyset::page(self.connection(), select, &order.ordering(direction), request).await?.map(Project::from))
    }

    /// The projects with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn projects_by_id(&self, ids: &[ProjectId]) -> Result<HashMap<ProjectId, Project>, StoreError> {
        let rows = self.projects().filter(project::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Project::from(row))).collect())
    }

    /// The projects of these notices, by number.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn projects_of_notices(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, Vec<Project>>, StoreError> {
        let rows = self
            .projects()
            .filter(project::Column::NoticeId.is_in(notices.iter().copied()))
            .order_by_asc(project::Column::Number)
            .all(self.connection())
            .await?;
        let mut found: HashMap<NoticeId, Vec<Project>> = HashMap::new();
        for row in rows {
            found.entry(row.notice_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// How many projects these notices have; a notice without any is left out.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn project_counts(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, i64>, StoreError> {
        let counts = self
            .projects()
            .filter(project::Column::NoticeId.is_in(notices.iter().copied()))
            .select_only()
            .column(project::Column::NoticeId)
            .column_as(Expr::val(1).count(), "number")
            .group_by(project::Column::NoticeId)
            .into_tuple::<(NoticeId, i64)>()
            .all(self.connection())
            .await?;
        Ok(counts.into_iter().collect())
    }
}

impl From<project::Model> for Project {
    fn from(row: project::Model) -> Self {
        Self { id: row.id, notice_id: row.notice_id, number: row.number, title: row.title }
    }
}
