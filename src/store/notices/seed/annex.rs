//! The annexes of notices: projects, tasks, topics of tasks, assignments and targets.

use std::collections::HashMap;

use entity::{AssignmentId, NoticeId, ProjectId, TargetId, TaskId, UnitId, assignment, project, target, task, task_topic};
use sea_orm::{
    ColumnTrait as _,
    sea_query::{Query, SelectStatement},
};

use super::{Ids, position, reference::matching};
use crate::{
    domain::notices::seed::{SeedNotice, SeedTask},
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
        transaction::Transaction,
    },
};

pub(super) async fn load(
    transaction: &Transaction,
    notice_id: NoticeId,
    entry: &SeedNotice,
    ids: &Ids,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing_projects = matching::<project::Entity>(transaction, project::Column::NoticeId.eq(notice_id)).await?;
    let existing_tasks = matching::<task::Entity>(transaction, task::Column::NoticeId.eq(notice_id)).await?;
    let project_ids: HashMap<i32, ProjectId> = existing_projects.iter().map(|row| (row.number, row.id)).collect();
    let task_ids: HashMap<i32, TaskId> = existing_tasks.iter().map(|row| (row.number, row.id)).collect();
    let mut projects = Vec::new();
    let mut tasks = Vec::new();
    let mut seeded: Vec<(TaskId, &SeedTask)> = Vec::new();
    for entry in &entry.projects {
        let project_id = project_ids.get(&entry.number).copied().unwrap_or_else(ProjectId::generate);
        projects.push(project::Model { id: project_id, notice_id, number: entry.number, title: entry.title.clone() });
        for entry in &entry.tasks {
            let id = task_ids.get(&entry.number).copied().unwrap_or_else(TaskId::generate);
            tasks.push(task::Model {
                id,
                notice_id,
                project_id,
                number: entry.number,
                label: entry.label.clone(),
                title: entry.title.clone(),
                summary: entry.summary.clone(),
            });
            seeded.push((id, entry));
        }
    }
    // The rows of a task of the notice before the load, also of a task that is about to go.
    let of_notice = matching_tasks(notice_id);
    let unwanted_projects = upsert::<project::Entity, _, _>(transaction, existing_projects, projects, |row| row.id, tally).await?;
    let unwanted_tasks = upsert::<task::Entity, _, _>(transaction, existing_tasks, tasks, |row| row.id, tally).await?;
    load_topics(transaction, &seeded, ids, &of_notice, tally).await?;
    load_assignments(transaction, &seeded, ids, &of_notice, tally).await?;
    load_targets(transaction, &seeded, ids, &of_notice, tally).await?;
    remove(transaction, unwanted_tasks, tally).await?;
    remove(transaction, unwanted_projects, tally).await
}

/// The ids of a notice's tasks, for conditions on their parts.
fn matching_tasks(notice_id: NoticeId) -> SelectStatement {
    Query::select().column(task::Column::Id).from(task::Entity).and_where(task::Column::NoticeId.eq(notice_id)).take()
}

async fn load_topics(
    transaction: &Transaction,
    tasks: &[(TaskId, &SeedTask)],
    ids: &Ids,
    of_notice: &SelectStatement,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing = matching::<task_topic::Entity>(transaction, task_topic::Column::TaskId.in_subquery(of_notice.clone())).await?;
    let mut wanted = Vec::new();
    for (task_id, entry) in tasks {
        for (index, code) in entry.topics.iter().enumerate() {
            let topic_id = Ids::find(&ids.topics, code)?;
            wanted.push(task_topic::Model { task_id: *task_id, topic_id, position: position(index) });
        }
    }
    let key = |row: &task_topic::Model| (row.task_id, row.topic_id);
    let unwanted = upsert::<task_topic::Entity, _, _>(transaction, existing, wanted, key, tally).await?;
    remove(transaction, unwanted, tally).await
}

async fn load_assignments(
    transaction: &Transaction,
    tasks: &[(TaskId, &SeedTask)],
    ids: &Ids,
    of_notice: &SelectStatement,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing = matching::<assignment::Entity>(transaction, assignment::Column::TaskId.in_subquery(of_notice.clone())).await?;
    let known: HashMap<(TaskId, UnitId), AssignmentId> = existing.iter().map(|row| ((row.task_id, row.unit_id), row.id)).collect();
    let mut wanted = Vec::new();
    for (task_id, entry) in tasks {
        for (index, (role, unit)) in entry.assignments.iter().enumerate() {
            let unit_id = Ids::find(&ids.units, unit)?;
            wanted.push(assignment::Model {
                id: known.get(&(*task_id, unit_id)).copied().unwrap_or_else(AssignmentId::generate),
                task_id: *task_id,
                unit_id,
                role: *role,
                position: position(index),
            });
        }
    }
    let unwanted = upsert::<assignment::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    remove(transaction, unwanted, tally).await
}

async fn load_targets(
    transaction: &Transaction,
    tasks: &[(TaskId, &SeedTask)],
    ids: &Ids,
    of_notice: &SelectStatement,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing = matching::<target::Entity>(transaction, target::Column::TaskId.in_subquery(of_notice.clone())).await?;
    let mut target_ids: HashMap<(TaskId, String), TargetId> =
        existing.iter().map(|row| ((row.task_id, row.label.clone()), row.id)).collect();
    let mut wanted = Vec::new();
    for (task_id, entry) in tasks {
        for (index, target) in entry.targets.iter().enumerate() {
            let id = *target_ids.entry((*task_id, target.label.clone())).or_insert_with(TargetId::generate);
            let part_of_id = target.part_of.as_ref().map(|whole| Ids::find(&target_ids, &(*task_id, whole.clone()))).transpose()?;
            wanted.push(target::Model {
                id,
                task_id: *task_id,
                position: position(index),
                label: target.label.clone(),
                value: target.value,
                baseline: target.baseline,
                unit: target.unit.clone(),
                comparator: target.comparator,
                kind: target.kind,
                part_of_id,
                indicator_id: target.indicator.as_ref().map(|code| Ids::find(&ids.indicators, code)).transpose()?,
            });
        }
    }
    let unwanted = upsert::<target::Entity, _, _>(transaction, existing, wanted, |row| row.id, tally).await?;
    remove(transaction, unwanted, tally).await
}
