//! The changes of reports by a writer: their content, their life, and the figures that count.

use chrono::{DateTime, Utc};
use entity::{
    AcceptanceId, MilestoneId, ProgressReportId, Quantity, TargetId, TaskId, UnitId, acceptance, acceptance_figure, acceptance_milestone,
    progress_report, report_figure, report_milestone, report_transition,
};
use rust_decimal::Decimal;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::report;
use crate::{
    domain::progress::{
        dossier::Acceptance,
        report::{Figure, ProgressReport, Step},
    },
    store::{StoreError, Writer},
};

impl Writer {
    /// The reports for these tasks, units and periods, as this transaction finds them.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of a unit that reports for itself")]
    pub async fn reports_for(&self, posts: &[(TaskId, UnitId, String)]) -> Result<Vec<ProgressReport>, StoreError> {
        let any = posts.iter().fold(Condition::any(), |any, (task, unit, period)| {
            any.add(
                progress_report::Column::TaskId
                    .eq(*task)
                    .and(progress_report::Column::UnitId.eq(*unit))
                    .and(progress_report::Column::Period.eq(period)),
            )
        });
        if posts.is_empty() {
            return Ok(Vec::new());
        }
        let rows = progress_report::Entity::find().filter(any).all(&self.transaction).await?;
        rows.into_iter().map(report).collect()
    }

    /// The reports with these ids, as this transaction finds them.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of reports that a permit was given for")]
    pub async fn reports(&self, ids: &[ProgressReportId]) -> Result<Vec<ProgressReport>, StoreError> {
        let rows = progress_report::Entity::find().filter(progress_report::Column::Id.is_in(ids.iter().copied())).all(&self.transaction);
        rows.await?.into_iter().map(report).collect()
    }

    /// The steps of these reports, in order.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of reports that a permit was given for")]
    pub async fn steps(&self, ids: &[ProgressReportId]) -> Result<Vec<Step>, StoreError> {
        let rows = report_transition::Entity::find()
            .filter(report_transition::Column::ReportId.is_in(ids.iter().copied()))
            .order_by_asc(report_transition::Column::Number)
            .all(&self.transaction)
            .await?;
        Ok(rows.into_iter().map(Step::from).collect())
    }

    /// The figures of these reports.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of reports that a permit was given for")]
    pub async fn figures(&self, ids: &[ProgressReportId]) -> Result<Vec<Figure>, StoreError> {
        let rows = report_figure::Entity::find()
            .filter(report_figure::Column::ReportId.is_in(ids.iter().copied()))
            .order_by_asc(report_figure::Column::Position)
            .all(&self.transaction)
            .await?;
        Ok(rows.into_iter().map(Figure::from).collect())
    }

    /// The milestones that these reports say are reached.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of reports that a permit was given for")]
    pub async fn reached(&self, ids: &[ProgressReportId]) -> Result<Vec<(ProgressReportId, MilestoneId)>, StoreError> {
        let rows =
            report_milestone::Entity::find().filter(report_milestone::Column::ReportId.is_in(ids.iter().copied())).all(&self.transaction);
        Ok(rows.await?.into_iter().map(|row| (row.report_id, row.milestone_id)).collect())
    }

    /// Adds a report, with its content.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_report(&self, report: &ProgressReport) -> Result<(), StoreError> {
        progress_report::Entity::insert(report_row(report)?).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Stores `report` in place of the row, with the next version; false if the row has another version than `report`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn change_report(&self, report: &ProgressReport) -> Result<bool, StoreError> {
        let row = progress_report::ActiveModel { version: Set(report.version.saturating_add(1)), ..columns(report)? };
        let changed = progress_report::Entity::update_many()
            .set(row)
            .filter(progress_report::Column::Id.eq(report.id))
            .filter(progress_report::Column::Version.eq(report.version))
            .exec(&self.transaction)
            .await?;
        Ok(changed.rows_affected == 1)
    }

    /// Has a report say nothing of targets and milestones any more.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn clear_content(&self, id: ProgressReportId) -> Result<(), StoreError> {
        report_figure::Entity::delete_many().filter(report_figure::Column::ReportId.eq(id)).exec(&self.transaction).await?;
        report_milestone::Entity::delete_many().filter(report_milestone::Column::ReportId.eq(id)).exec(&self.transaction).await?;
        Ok(())
    }

    /// Adds a report's figures of targets and its milestones.
    ///
    /// # Errors
    /// A figure cannot be kept, or a statement failed.
    pub async fn add_content(&self, id: ProgressReportId, figures: &[Figure], reached: &[MilestoneId]) -> Result<(), StoreError> {
        if !figures.is_empty() {
            report_figure::Entity::insert_many(figure_rows(id, figures)?).exec_without_returning(&self.transaction).await?;
        }
        if !reached.is_empty() {
            report_milestone::Entity::insert_many(reached_rows(id, reached)).exec_without_returning(&self.transaction).await?;
        }
        Ok(())
    }

    /// Adds a step to the life of a report.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_step(&self, step: &Step) -> Result<(), StoreError> {
        report_transition::Entity::insert(step_row(step)).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Makes a report's figures count from now on.
    ///
    /// # Errors
    /// A figure cannot be kept, or a statement failed.
    pub async fn accept(&self, task: TaskId, accepted: &Acceptance) -> Result<(), StoreError> {
        let AcceptanceRows { row, figures, milestones } = acceptance_rows(task, accepted)?;
        acceptance::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        if !figures.is_empty() {
            acceptance_figure::Entity::insert_many(figures).exec_without_returning(&self.transaction).await?;
        }
        if !milestones.is_empty() {
            acceptance_milestone::Entity::insert_many(milestones).exec_without_returning(&self.transaction).await?;
        }
        Ok(())
    }

    /// Ends the time while a report's figures count.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn end_acceptance(&self, report: ProgressReportId, at: DateTime<Utc>) -> Result<(), StoreError> {
        acceptance::Entity::update_many()
            .col_expr(acceptance::Column::EndedAt, Expr::value(entity::Timestamp::from(at)))
            .filter(acceptance::Column::ReportId.eq(report))
            .filter(acceptance::Column::EndedAt.is_null())
            .exec(&self.transaction)
            .await?;
        Ok(())
    }
}

/// A report as it is added.
pub(super) fn report_row(report: &ProgressReport) -> Result<progress_report::ActiveModel, StoreError> {
    Ok(progress_report::ActiveModel {
        id: Set(report.id),
        task_id: Set(report.task_id),
        unit_id: Set(report.unit_id),
        period: Set(report.period.key()),
        starts_on: Set(report.period.starts_on()),
        ends_on: Set(report.period.ends_on()),
        demonstration: Set(report.demonstration),
        created_at: Set(report.created_at.into()),
        version: Set(report.version),
        ..columns(report)?
    })
}

/// The figures of a report, in their order.
pub(super) fn figure_rows(id: ProgressReportId, figures: &[Figure]) -> Result<Vec<report_figure::ActiveModel>, StoreError> {
    let row = |(position, figure): (i32, &Figure)| {
        Ok(report_figure::ActiveModel {
            report_id: Set(id),
            target_id: Set(figure.target_id),
            position: Set(position),
            value: Set(quantity(figure.value)?),
            previous_value: Set(figure.previous_value.map(quantity).transpose()?),
            explanation: Set(figure.explanation.clone()),
        })
    };
    (0_i32..).zip(figures).map(row).collect()
}

/// The milestones that a report says are reached.
pub(super) fn reached_rows(id: ProgressReportId, reached: &[MilestoneId]) -> Vec<report_milestone::ActiveModel> {
    reached.iter().map(|milestone| report_milestone::ActiveModel { report_id: Set(id), milestone_id: Set(*milestone) }).collect()
}

/// A step in the life of a report.
pub(super) fn step_row(step: &Step) -> report_transition::ActiveModel {
    report_transition::ActiveModel {
        report_id: Set(step.report_id),
        number: Set(step.number),
        at: Set(step.at.into()),
        kind: Set(step.kind),
        reason: Set(step.reason.clone()),
        actor_id: Set(step.actor_id),
        actor_username: Set(step.actor_username.clone()),
    }
}

/// The figures of a report that count, as they are stored.
pub(super) struct AcceptanceRows {
    pub row: acceptance::ActiveModel,
    pub figures: Vec<acceptance_figure::ActiveModel>,
    pub milestones: Vec<acceptance_milestone::ActiveModel>,
}

/// The rows of an acceptance, under a new id.
pub(super) fn acceptance_rows(task: TaskId, accepted: &Acceptance) -> Result<AcceptanceRows, StoreError> {
    let id = AcceptanceId::generate();
    let row = acceptance::ActiveModel {
        id: Set(id),
        report_id: Set(accepted.report_id),
        task_id: Set(task),
        unit_id: Set(accepted.unit_id),
        ends_on: Set(accepted.ends_on),
        stated_percent: Set(accepted.stated_percent.map(quantity).transpose()?),
        demonstration: Set(accepted.demonstration),
        accepted_at: Set(accepted.accepted_at.into()),
        ended_at: Set(accepted.ended_at.map(Into::into)),
    };
    let figure = |(target, value): (&TargetId, &Decimal)| {
        Ok(acceptance_figure::ActiveModel { acceptance_id: Set(id), target_id: Set(*target), value: Set(quantity(*value)?) })
    };
    let milestone = |milestone: &MilestoneId| acceptance_milestone::ActiveModel { acceptance_id: Set(id), milestone_id: Set(*milestone) };
    Ok(AcceptanceRows {
        row,
        figures: accepted.figures.iter().map(figure).collect::<Result<_, StoreError>>()?,
        milestones: accepted.milestones.iter().map(milestone).collect(),
    })
}

/// The columns that a change may touch; the others are set once.
fn columns(report: &ProgressReport) -> Result<progress_report::ActiveModel, StoreError> {
    Ok(progress_report::ActiveModel {
        state: Set(report.state),
        narrative: Set(report.narrative.clone()),
        stated_percent: Set(report.stated_percent.map(quantity).transpose()?),
        warnings: Set(serde_json::to_string(&report.remarks).map_err(|error| StoreError::Stored { reason: error.to_string() })?),
        changed_at: Set(report.changed_at.into()),
        first_submitted_at: Set(report.first_submitted_at.map(Into::into)),
        submitted_at: Set(report.submitted_at.map(Into::into)),
        author_id: Set(report.author_id),
        author_username: Set(report.author_username.clone()),
        ..progress_report::ActiveModel::default()
    })
}

/// A figure as it is kept. One that cannot be was refused before: should it come here, nothing is written.
pub(in crate::store) fn quantity(value: Decimal) -> Result<Quantity, StoreError> {
    Quantity::try_from(value).map_err(|error| StoreError::Stored { reason: error.to_string() })
}
