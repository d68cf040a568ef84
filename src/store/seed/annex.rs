//! The annexes of notices: projects, tasks, topics of tasks, assignments and targets.

use std::collections::{HashMap, HashSet};

use entity::{AssignmentId, NoticeId, ProjectId, TargetId, TaskId, UnitId, assignment, project, target, task, task_topic};
use sea_orm::DatabaseTransaction;

use super::{Ids, position, reference::all};
use crate::{
    domain::seed::{Seed, SeedTask},
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
    },
};

pub(super) async fn load(
    transaction: &DatabaseTransaction,
    seed: &Seed,
    ids: &Ids,
    notices: &[NoticeId],
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing_projects: Vec<project::Model> =
        all::<project::Entity>(transaction).await?.into_iter().filter(|row| notices.contains(&row.notice_id)).collect();
    let existing_tasks: Vec<task::Model> =
        all::<task::Entity>(transaction).await?.into_iter().filter(|row| notices.contains(&row.notice_id)).collect();
    // What hangs on a task of the seed's notices before the load; what hangs on other tasks is not the seed's to touch.
    let before: HashSet<TaskId> = existing_tasks.iter().map(|row| row.id).collect();

    let project_ids: HashMap<(NoticeId, i32), ProjectId> =
        existing_projects.iter().map(|row| ((row.notice_id, row.number), row.id)).collect();
    let task_ids: HashMap<(NoticeId, i32), TaskId> = existing_tasks.iter().map(|row| ((row.notice_id, row.number), row.id)).collect();
    let mut projects = Vec::new();
    let mut tasks = Vec::new();
    let mut seeded: Vec<(TaskId, &SeedTask)> = Vec::new();
    for (notice_id, entry) in notices.iter().zip(&seed.notices) {
        for entry in &entry.projects {
            let project_id = project_ids.get(&(*notice_id, entry.number)).copied().unwrap_or_else(ProjectId::generate);
            projects.push(project::Model { id: project_id, notice_id: *notice_id, number: entry.number, title: entry.title.clone() });
            for entry in &entry.tasks {
                let id = task_ids.get(&(*notice_id, entry.number)).copied().unwrap_or_else(TaskId::generate);
                tasks.push(task::Model {
                    id,
                    notice_id: *notice_id,
                    project_id,
                    number: entry.number,
                    label: entry.label.clone(),
                    title: entry.title.clone(),
                    summary: entry.summary.clone(),
                });
                seeded.push((id, entry));
            }
        }
    }
    let unwanted_projects = upsert::<project::Entity, _, _>(transaction, existing_projects, projects, |row| row.id, tally).await?;
    let unwanted_tasks = upsert::<task::Entity, _, _>(transaction, existing_tasks, tasks, |row| row.id, tally).await?;
    load_topics(transaction, &seeded, ids, &before, tally).await?;
    load_assignments(transaction, &seeded, ids, &before, tally).await?;
    load_targets(transaction, &seeded, ids, &before, tally).await?;
    remove(transaction, unwanted_tasks, tally).await?;
    remove(transaction, unwanted_projects, tally).await
}

async fn load_topics(
    transaction: &DatabaseTransaction,
    tasks: &[(TaskId, &SeedTask)],
    ids: &Ids,
    before: &HashSet<TaskId>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing = all::<task_topic::Entity>(transaction).await?.into_iter().filter(|row| before.contains(&row.task_id)).collect();
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
    transaction: &DatabaseTransaction,
    tasks: &[(TaskId, &SeedTask)],
    ids: &Ids,
    before: &HashSet<TaskId>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing: Vec<assignment::Model> =
        all::<assignment::Entity>(transaction).await?.into_iter().filter(|row| before.contains(&row.task_id)).collect();
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
    transaction: &DatabaseTransaction,
    tasks: &[(TaskId, &SeedTask)],
    ids: &Ids,
    before: &HashSet<TaskId>,
    tally: &mut Tally,
) -> Result<(), StoreError> {
    let existing: Vec<target::Model> =
        all::<target::Entity>(transaction).await?.into_iter().filter(|row| before.contains(&row.task_id)).collect();
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
