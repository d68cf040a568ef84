//! Tasks: the rows of annexes.

use std::collections::HashMap;

use entity::{
    AssignmentRole, NoticeId, ProjectId, TaskId, TopicId, UnitId, assignment, jurisdiction, notice, target, task, task_topic, unit_member,
};
use sea_orm::{
    ColumnTrait as _, Condition, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    RelationTrait as _, Select,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    domain::{
        notices::task::Task,
        page::{Page, PageRequest},
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
    },
};

/// Which tasks a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    /// A substring of the titles, the summary, a target's label or an assigned unit's name.
    pub text: Option<String>,
    /// Codes of topics.
    pub topics: Option<Vec<String>>,
    /// Codes of indicators that a target counts under.
    pub indicators: Option<Vec<String>>,
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Years.
    pub years: Option<Vec<i32>>,
    /// A unit that is assigned, by itself or as a member of a collective unit.
    pub unit: Option<UnitId>,
    /// The role in which `unit` is assigned.
    pub unit_role: Option<AssignmentRole>,
    /// A unit that leads, by itself or as a member of a collective unit.
    pub lead_unit: Option<UnitId>,
    /// These tasks, where something that no statement can tell has chosen them.
    pub tasks: Option<Vec<TaskId>>,
}

/// How a list of tasks is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TaskOrder {
    /// By notice (jurisdiction in the official order, year), then by number.
    #[default]
    NoticeNumber,
    /// By year, then by jurisdiction and number.
    Year,
}

impl TaskOrder {
    fn ordering(self, direction: OrderDirection) -> Ordering {
        let place = (jurisdiction::Column::Position.into_simple_expr(), OrderDirection::Ascending);
        let year = (notice::Column::Year.into_simple_expr(), OrderDirection::Ascending);
        let number = (task::Column::Number.into_simple_expr(), OrderDirection::Ascending);
        let id = task::Column::Id.into_simple_expr();
        match self {
            Self::NoticeNumber => Ordering::new("tasks:number", vec![place, year, number], id).turned(direction, "tasks:-number"),
            Self::Year => Ordering::new("tasks:year", vec![year, place, number], id).turned(direction, "tasks:-year"),
        }
    }
}

impl Visible {
    /// A page of the tasks that a filter chooses.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn task_page(
        &self,
        filter: &TaskFilter,
        order: TaskOrder,
        direction: OrderDirection,
        request: &PageRequest,
    ) -> Result<Page<Task>, StoreError> {
        let select = self.tasks_in_jurisdictions().filter(self.chosen_tasks(filter).await?);
        Ok(keyset::page(self.connection(), select, &order.ordering(direction), request).await?.map(Task::from))
    }

    /// A page of the tasks of each topic.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn tasks_of_topics(&self, topics: &[TopicId], request: &PageRequest) -> Result<HashMap<TopicId, Page<Task>>, StoreError> {
        let select = self.tasks_in_jurisdictions().join_rev(JoinType::InnerJoin, task_topic::Relation::Task.def());
        let ordering = TaskOrder::default().ordering(OrderDirection::Ascending).of_list("topic.tasks");
        let pages = keyset::pages(self.connection(), select, task_topic::Column::TopicId, topics, &ordering, request).await?;
        Ok(pages.into_iter().map(|(id, page)| (id, page.map(Task::from))).collect())
    }

    /// The task with a number in the notice of a year.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn task_by_number(&self, notice: NoticeId, number: i32) -> Result<Option<Task>, StoreError> {
        let row =
            self.tasks().filter(task::Column::NoticeId.eq(notice)).filter(task::Column::Number.eq(number)).one(self.connection()).await?;
        Ok(row.map(Task::from))
    }

    /// The tasks with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn tasks_by_id(&self, ids: &[TaskId]) -> Result<HashMap<TaskId, Task>, StoreError> {
        let rows = self.tasks().filter(task::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Task::from(row))).collect())
    }

    /// The tasks of these projects, by number.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn tasks_of_projects(&self, projects: &[ProjectId]) -> Result<HashMap<ProjectId, Vec<Task>>, StoreError> {
        let rows = self
            .tasks()
            .filter(task::Column::ProjectId.is_in(projects.iter().copied()))
            .order_by_asc(task::Column::Number)
            .all(self.connection())
            .await?;
        let mut found: HashMap<ProjectId, Vec<Task>> = HashMap::new();
        for row in rows {
            found.entry(row.project_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// How many tasks these notices have; a notice without any is left out.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn task_counts(&self, notices: &[NoticeId]) -> Result<HashMap<NoticeId, i64>, StoreError> {
        let counts = self
            .tasks()
            .filter(task::Column::NoticeId.is_in(notices.iter().copied()))
            .select_only()
            .column(task::Column::NoticeId)
            .column_as(Expr::val(1).count(), "number")
            .group_by(task::Column::NoticeId)
            .into_tuple::<(NoticeId, i64)>()
            .all(self.connection())
            .await?;
        Ok(counts.into_iter().collect())
    }

    fn tasks_in_jurisdictions(&self) -> Select<task::Entity> {
        self.tasks().join(JoinType::InnerJoin, notice::Relation::Jurisdiction.def())
    }

    pub(in crate::store) async fn chosen_tasks(&self, filter: &TaskFilter) -> Result<Condition, StoreError> {
        let mut chosen = Condition::all();
        if let Some(text) = &filter.text {
            chosen = chosen.add(self.matches(task::Column::Id, text));
        }
        if let Some(codes) = &filter.topics {
            let tasks = self
                .narrowing::<task_topic::Entity>()
                .select_only()
                .column(task_topic::Column::TaskId)
                .filter(task_topic::Column::TopicId.in_subquery(self.topic_ids(codes)));
            chosen = chosen.add(task::Column::Id.in_subquery(tasks.into_query()));
        }
        if let Some(codes) = &filter.indicators {
            let tasks = self
                .narrowing::<target::Entity>()
                .select_only()
                .column(target::Column::TaskId)
                .filter(target::Column::IndicatorId.in_subquery(self.indicator_ids(codes)));
            chosen = chosen.add(task::Column::Id.in_subquery(tasks.into_query()));
        }
        if let Some(codes) = &filter.jurisdictions {
            let jurisdictions = self.jurisdiction_ids(codes, filter.descendants).await?;
            chosen = chosen.add(notice::Column::JurisdictionId.is_in(jurisdictions));
        }
        if let Some(years) = &filter.years {
            chosen = chosen.add(notice::Column::Year.is_in(years.iter().copied()));
        }
        if let Some(unit) = filter.unit {
            chosen = chosen.add(self.assigned(unit, filter.unit_role));
        }
        if let Some(unit) = filter.lead_unit {
            chosen = chosen.add(self.assigned(unit, Some(AssignmentRole::Lead)));
        }
        if let Some(tasks) = &filter.tasks {
            chosen = chosen.add(task::Column::Id.is_in(tasks.iter().copied()));
        }
        Ok(chosen)
    }

    /// An assignment to a collective unit reaches every member.
    pub(in crate::store) fn assigned(&self, unit: UnitId, role: Option<AssignmentRole>) -> Condition {
        let collectives = self
            .reference::<unit_member::Entity>()
            .select_only()
            .column(unit_member::Column::CollectiveId)
            .filter(unit_member::Column::MemberId.eq(unit));
        let mut tasks = self
            .narrowing::<assignment::Entity>()
            .select_only()
            .column(assignment::Column::TaskId)
            .filter(assignment::Column::UnitId.eq(unit).or(assignment::Column::UnitId.in_subquery(collectives.into_query())));
        if let Some(role) = role {
            tasks = tasks.filter(assignment::Column::Role.eq(role));
        }
        Condition::all().add(task::Column::Id.in_subquery(tasks.into_query()))
    }
}

impl From<task::Model> for Task {
    fn from(row: task::Model) -> Self {
        Self {
            id: row.id,
            notice_id: row.notice_id,
            project_id: row.project_id,
            number: row.number,
            label: row.label,
            title: row.title,
            summary: row.summary,
        }
    }
}
