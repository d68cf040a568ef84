//! The submitted reports of tasks, and the parts of them that count.

use std::collections::{BTreeMap, HashMap};

use entity::{AcceptanceId, MilestoneId, Quantity, TargetId, TaskId, acceptance, acceptance_figure, acceptance_milestone, progress_report};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _, RelationTrait as _};

use crate::{
    domain::progress::{
        dossier::{Acceptance, Submission},
        period::Period,
    },
    store::StoreError,
};

/// The submitted reports of these tasks. The rules know for every viewer that a report exists; its content is not read here.
#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
pub(super) async fn submissions<C: ConnectionTrait>(
    connection: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<Submission>>, StoreError> {
    let rows = progress_report::Entity::find()
        .filter(progress_report::Column::TaskId.is_in(tasks.iter().copied()))
        .filter(progress_report::Column::FirstSubmittedAt.is_not_null())
        .all(connection)
        .await?;
    let mut submissions: HashMap<TaskId, Vec<Submission>> = HashMap::new();
    for row in rows {
        // Only keys of periods are stored.
        let (Some(first_submitted_at), Ok(period)) = (row.first_submitted_at, row.period.parse::<Period>()) else { continue };
        let submission = Submission { report_id: row.id, unit_id: row.unit_id, period, first_submitted_at: first_submitted_at.into() };
        submissions.entry(row.task_id).or_default().push(submission);
    }
    Ok(submissions)
}

/// The accepted reports of these tasks, also those that were reopened since.
#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
pub(super) async fn acceptances<C: ConnectionTrait>(
    connection: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<Acceptance>>, StoreError> {
    let of_tasks = acceptance::Column::TaskId.is_in(tasks.iter().copied());
    let rows = acceptance::Entity::find().filter(of_tasks.clone()).all(connection).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let figures = acceptance_figure::Entity::find()
        .join(JoinType::InnerJoin, acceptance_figure::Relation::Acceptance.def())
        .filter(of_tasks.clone())
        .select_only()
        .column(acceptance_figure::Column::AcceptanceId)
        .column(acceptance_figure::Column::TargetId)
        .column(acceptance_figure::Column::Value)
        .into_tuple::<(AcceptanceId, TargetId, Quantity)>()
        .all(connection)
        .await?;
    let mut figures_of: HashMap<AcceptanceId, BTreeMap<TargetId, Decimal>> = HashMap::new();
    for (acceptance, target, value) in figures {
        figures_of.entry(acceptance).or_default().insert(target, value.into());
    }
    let milestones = acceptance_milestone::Entity::find()
        .join(JoinType::InnerJoin, acceptance_milestone::Relation::Acceptance.def())
        .filter(of_tasks)
        .select_only()
        .column(acceptance_milestone::Column::AcceptanceId)
        .column(acceptance_milestone::Column::MilestoneId)
        .into_tuple::<(AcceptanceId, MilestoneId)>()
        .all(connection)
        .await?;
    let mut milestones_of: HashMap<AcceptanceId, Vec<MilestoneId>> = HashMap::new();
    for (acceptance, milestone) in milestones {
        milestones_of.entry(acceptance).or_default().push(milestone);
    }
    let mut acceptances: HashMap<TaskId, Vec<Acceptance>> = HashMap::new();
    for row in rows {
        acceptances.entry(row.task_id).or_default().push(Acceptance {
            report_id: row.report_id,
            unit_id: row.unit_id,
            ends_on: row.ends_on,
            figures: figures_of.remove(&row.id).unwrap_or_default(),
            milestones: milestones_of.remove(&row.id).unwrap_or_default(),
            stated_percent: row.stated_percent.map(Into::into),
            demonstration: row.demonstration,
            accepted_at: row.accepted_at.into(),
            ended_at: row.ended_at.map(Into::into),
        });
    }
    Ok(acceptances)
}
