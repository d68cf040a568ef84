//! Progress reports: the finders for a viewer, and, in `write`, the changes by a writer.

mod history;
mod mark;
mod write;

pub use history::ReportHistory;
pub(in crate::store) use write::quantity;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    MilestoneId, ProgressReportId, ReportState, TaskId, UnitId, milestone, notice, progress_report, report_figure, report_milestone,
    report_transition,
};
use sea_orm::{
    ColumnTrait as _, IntoSimpleExpr as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Select,
};

use crate::{
    domain::{
        page::{Page, PageRequest},
        progress::{
            milestone::Milestone,
            period::Period,
            report::{Figure, ProgressReport, Step},
        },
    },
    store::{
        StoreError, Visible,
        keyset::{self, OrderDirection, Ordering},
    },
};

/// Which reports a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    /// Where they stand.
    pub states: Option<Vec<ReportState>>,
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Years of notices.
    pub years: Option<Vec<i32>>,
    /// Units.
    pub units: Option<Vec<UnitId>>,
    /// Tasks.
    pub tasks: Option<Vec<TaskId>>,
    /// A period.
    pub period: Option<Period>,
}

/// The last submitted first; drafts come last, the latest change first.
fn latest_first(list: &'static str) -> Ordering {
    let keys = vec![
        (progress_report::Column::ChangedAt.into_simple_expr(), OrderDirection::Descending),
        (progress_report::Column::Version.into_simple_expr(), OrderDirection::Descending),
    ];
    Ordering::new(list, keys, progress_report::Column::Id.into_simple_expr())
}

impl Visible {
    /// A page of the reports that a filter chooses, the last changed first.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn report_page(&self, filter: &ReportFilter, request: &PageRequest) -> Result<Page<ProgressReport>, StoreError> {
        let select = self.chosen_reports(filter).await?;
        report_rows(keyset::page(self.connection(), select, &latest_first("reports"), request).await?)
    }

    async fn chosen_reports(&self, filter: &ReportFilter) -> Result<Select<progress_report::Entity>, StoreError> {
        let mut select = self.progress_reports();
        if let Some(states) = &filter.states {
            select = select.filter(progress_report::Column::State.is_in(states.iter().copied()));
        }
        if let Some(codes) = &filter.jurisdictions {
            let chosen = self.jurisdiction_ids(codes, filter.descendants).await?;
            select = select.filter(notice::Column::JurisdictionId.is_in(chosen));
        }
        if let Some(years) = &filter.years {
            select = select.filter(notice::Column::Year.is_in(years.iter().copied()));
        }
        if let Some(units) = &filter.units {
            select = select.filter(progress_report::Column::UnitId.is_in(units.iter().copied()));
        }
        if let Some(tasks) = &filter.tasks {
            select = select.filter(progress_report::Column::TaskId.is_in(tasks.iter().copied()));
        }
        if let Some(period) = filter.period {
            select = select.filter(progress_report::Column::Period.eq(period.key()));
        }
        Ok(select)
    }

    /// A page of the reports of each task, the last changed first.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn reports_of_tasks(
        &self,
        tasks: &[TaskId],
        request: &PageRequest,
    ) -> Result<HashMap<TaskId, Page<ProgressReport>>, StoreError> {
        let ordering = latest_first("task.reports");
        let pages =
            keyset::pages(self.connection(), self.progress_reports(), progress_report::Column::TaskId, tasks, &ordering, request).await?;
        pages.into_iter().map(|(id, page)| Ok((id, report_rows(page)?))).collect()
    }

    /// The reports with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn reports_by_id(&self, ids: &[ProgressReportId]) -> Result<HashMap<ProgressReportId, ProgressReport>, StoreError> {
        let rows = self.progress_reports().filter(progress_report::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        rows.into_iter().map(|row| Ok((row.id, report(row)?))).collect()
    }

    /// The latest report of each task: that of the latest period, the one changed last where several end on one day.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn latest_reports(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, ProgressReport>, StoreError> {
        let request = PageRequest::first(1);
        let keys = vec![
            (day_number(progress_report::Column::EndsOn), OrderDirection::Descending),
            (progress_report::Column::ChangedAt.into_simple_expr(), OrderDirection::Descending),
        ];
        let ordering = Ordering::new("task.latestReport", keys, progress_report::Column::Id.into_simple_expr());
        let submitted = self.progress_reports().filter(progress_report::Column::State.ne(ReportState::Draft));
        let pages = keyset::pages(self.connection(), submitted, progress_report::Column::TaskId, tasks, &ordering, &request).await?;
        let first = |(id, page): (TaskId, Page<progress_report::Model>)| {
            let (_, row) = page.rows.into_iter().next()?;
            Some(report(row).map(|report| (id, report)))
        };
        pages.into_iter().filter_map(first).collect()
    }

    /// The reports of a unit that wait for it: drafts and returned ones, in the order of their periods.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn reports_of_unit(&self, unit: UnitId, states: &[ReportState]) -> Result<Vec<ProgressReport>, StoreError> {
        let rows = self
            .progress_reports()
            .filter(progress_report::Column::UnitId.eq(unit))
            .filter(progress_report::Column::State.is_in(states.iter().copied()))
            .order_by_asc(progress_report::Column::EndsOn)
            .order_by_asc(progress_report::Column::Id)
            .all(self.connection())
            .await?;
        rows.into_iter().map(report).collect()
    }

    /// The figures of these reports, in the order in which they were given.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn figures_of_reports(&self, reports: &[ProgressReportId]) -> Result<HashMap<ProgressReportId, Vec<Figure>>, StoreError> {
        let rows = self
            .report_figures()
            .filter(report_figure::Column::ReportId.is_in(reports.iter().copied()))
            .order_by_asc(report_figure::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<ProgressReportId, Vec<Figure>> = HashMap::new();
        for row in rows {
            found.entry(row.report_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// The milestones that these reports say are reached, in the order of their dates.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn milestones_of_reports(
        &self,
        reports: &[ProgressReportId],
    ) -> Result<HashMap<ProgressReportId, Vec<Milestone>>, StoreError> {
        let rows = self
            .report_milestones()
            .join(JoinType::InnerJoin, report_milestone::Relation::Milestone.def())
            .filter(report_milestone::Column::ReportId.is_in(reports.iter().copied()))
            .order_by_asc(milestone::Column::DueOn)
            .select_also(milestone::Entity)
            .all(self.connection())
            .await?;
        let mut found: HashMap<ProgressReportId, Vec<Milestone>> = HashMap::new();
        for (link, row) in rows {
            found.entry(link.report_id).or_default().extend(row.map(Milestone::from));
        }
        Ok(found)
    }

    /// The steps of these reports, in order; no steps of a report whose internals are hidden.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn steps_of_reports(&self, reports: &[ProgressReportId]) -> Result<HashMap<ProgressReportId, Vec<Step>>, StoreError> {
        let rows = self
            .report_transitions()
            .filter(report_transition::Column::ReportId.is_in(reports.iter().copied()))
            .order_by_asc(report_transition::Column::Number)
            .all(self.connection())
            .await?;
        let mut found: HashMap<ProgressReportId, Vec<Step>> = HashMap::new();
        for row in rows {
            found.entry(row.report_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// The milestones with these ids, of visible tasks.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn milestones_by_id(&self, ids: &[MilestoneId]) -> Result<HashMap<MilestoneId, Milestone>, StoreError> {
        let rows = self.milestones().filter(milestone::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Milestone::from(row))).collect())
    }

    /// The milestones of these tasks' plans, in the order of their dates.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn milestones_of_tasks(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Milestone>>, StoreError> {
        let rows = self
            .milestones()
            .filter(milestone::Column::TaskId.is_in(tasks.iter().copied()))
            .filter(milestone::Column::Retired.eq(false))
            .order_by_asc(milestone::Column::DueOn)
            .order_by_asc(milestone::Column::Position)
            .all(self.connection())
            .await?;
        let mut found: HashMap<TaskId, Vec<Milestone>> = HashMap::new();
        for row in rows {
            found.entry(row.task_id).or_default().push(row.into());
        }
        Ok(found)
    }
}

/// A date as a whole number in the same order, because a key of a page must be a whole number.
fn day_number(column: progress_report::Column) -> sea_orm::sea_query::Expr {
    use sea_orm::sea_query::{Alias, ExprTrait as _, Func};
    // Dates are kept as `2024-04-14` and as dates; as text without its dashes both are the number 20240414.
    let text = column.into_simple_expr().cast_as(Alias::new("text"));
    sea_orm::sea_query::Expr::expr(Func::cust("replace").args([text, "-".into(), "".into()])).cast_as(Alias::new("bigint"))
}

fn report_rows(page: Page<progress_report::Model>) -> Result<Page<ProgressReport>, StoreError> {
    let Page { rows, has_previous, has_next, total } = page;
    let rows = rows.into_iter().map(|(cursor, row)| Ok((cursor, report(row)?))).collect::<Result<_, StoreError>>()?;
    Ok(Page { rows, has_previous, has_next, total })
}

/// A stored report. Only values of the domain are stored; a value that cannot be read was changed past the service.
pub(in crate::store) fn report(row: progress_report::Model) -> Result<ProgressReport, StoreError> {
    let time = DateTime::<Utc>::from;
    Ok(ProgressReport {
        id: row.id,
        task_id: row.task_id,
        unit_id: row.unit_id,
        period: row
            .period
            .parse()
            .map_err(|error: crate::domain::progress::period::PeriodError| StoreError::Stored { reason: error.to_string() })?,
        state: row.state,
        version: row.version,
        narrative: row.narrative,
        stated_percent: row.stated_percent.map(Into::into),
        remarks: serde_json::from_str(&row.warnings).map_err(|error| StoreError::Stored { reason: error.to_string() })?,
        demonstration: row.demonstration,
        created_at: time(row.created_at),
        changed_at: time(row.changed_at),
        first_submitted_at: row.first_submitted_at.map(time),
        submitted_at: row.submitted_at.map(time),
        author_id: row.author_id,
        author_username: row.author_username,
    })
}

impl From<report_figure::Model> for Figure {
    fn from(row: report_figure::Model) -> Self {
        Self {
            report_id: row.report_id,
            target_id: row.target_id,
            value: row.value.into(),
            previous_value: row.previous_value.map(Into::into),
            explanation: row.explanation,
        }
    }
}

impl From<report_transition::Model> for Step {
    fn from(row: report_transition::Model) -> Self {
        Self {
            report_id: row.report_id,
            number: row.number,
            at: row.at.into(),
            kind: row.kind,
            reason: row.reason,
            actor_id: row.actor_id,
            actor_username: row.actor_username,
        }
    }
}
