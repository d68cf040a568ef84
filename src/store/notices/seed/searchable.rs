//! The search entries, made afresh from the rows as they stand after a load.

use std::collections::HashMap;

use entity::{
    ProjectId, SearchSubject, TaskId, UnitId, assignment, indicator, notice, project, search_entry, target, task, unit, unit_alias,
};
use uuid::Uuid;

use super::reference::all;
use crate::{
    domain::search,
    store::{
        StoreError, Tally,
        reconcile::{remove, upsert},
        transaction::Transaction,
    },
};

pub(super) async fn refresh(transaction: &Transaction) -> Result<(), StoreError> {
    let mut wanted = Vec::new();
    for row in all::<indicator::Entity>(transaction).await? {
        let fields = [row.name, row.name_english, row.description, row.description_english];
        wanted.push(entry(row.id.0, SearchSubject::Indicator, fields));
    }
    for row in all::<notice::Entity>(transaction).await? {
        wanted.push(entry(row.id.0, SearchSubject::Notice, [row.title].into_iter().chain(row.document_number)));
    }
    let unit_names = names_of_units(transaction).await?;
    for (id, names) in &unit_names {
        wanted.push(entry(id.0, SearchSubject::Unit, names.clone()));
    }
    let mut project_titles = HashMap::new();
    for row in all::<project::Entity>(transaction).await? {
        wanted.push(entry(row.id.0, SearchSubject::Project, [row.title.clone()]));
        project_titles.insert(row.id, row.title);
    }
    wanted.extend(tasks(transaction, &unit_names, &project_titles).await?);

    let existing = all::<search_entry::Entity>(transaction).await?;
    // Entries are derived: they do not count as rows of the load.
    let mut uncounted = Tally::default();
    let unwanted = upsert::<search_entry::Entity, _, _>(transaction, existing, wanted, |row| row.subject_id, &mut uncounted).await?;
    remove(transaction, unwanted, &mut uncounted).await
}

/// All the names by which units are known, their own first.
async fn names_of_units(transaction: &Transaction) -> Result<HashMap<UnitId, Vec<String>>, StoreError> {
    let mut names: HashMap<UnitId, Vec<String>> = HashMap::new();
    for row in all::<unit::Entity>(transaction).await? {
        names.entry(row.id).or_default().push(row.name);
    }
    for row in all::<unit_alias::Entity>(transaction).await? {
        names.entry(row.unit_id).or_default().push(row.name);
    }
    Ok(names)
}

/// A task is found by its own words, its project's title, its targets' labels and its units' names.
async fn tasks(
    transaction: &Transaction,
    unit_names: &HashMap<UnitId, Vec<String>>,
    project_titles: &HashMap<ProjectId, String>,
) -> Result<Vec<search_entry::Model>, StoreError> {
    let mut fields: HashMap<TaskId, Vec<String>> = HashMap::new();
    for row in all::<task::Entity>(transaction).await? {
        let own = fields.entry(row.id).or_default();
        own.push(row.title);
        own.extend(row.summary);
        own.extend(project_titles.get(&row.project_id).cloned());
    }
    for row in all::<target::Entity>(transaction).await? {
        fields.entry(row.task_id).or_default().push(row.label);
    }
    for row in all::<assignment::Entity>(transaction).await? {
        fields.entry(row.task_id).or_default().extend(unit_names.get(&row.unit_id).into_iter().flatten().cloned());
    }
    Ok(fields.into_iter().map(|(id, fields)| entry(id.0, SearchSubject::Task, fields)).collect())
}

fn entry(subject_id: Uuid, subject: SearchSubject, fields: impl IntoIterator<Item = String>) -> search_entry::Model {
    let fields: Vec<String> = fields.into_iter().collect();
    let text = search::document(fields.iter().map(String::as_str));
    let grams = search::index_grams(&text);
    search_entry::Model { subject_id, subject, text, grams }
}
