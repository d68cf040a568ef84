//! Annexes: the projects of a notice, their tasks, and who is assigned to them.

use entity::AssignmentRole;
use serde_saphyr::Spanned;

use super::{
    document::{ProjectDocument, TaskDocument},
    fault::Claims,
    index::Index,
    reason,
    record::Record,
    reference::topic,
    target,
    unit::resolve,
};
use crate::domain::seed::{SeedProject, SeedTask, UnitKey};

/// A notice's annex being checked.
struct Annex<'i> {
    /// The jurisdiction of the notice.
    own: &'i str,
    index: &'i Index,
    project_numbers: Claims<i32>,
    /// Rows are numbered through the whole annex.
    task_numbers: Claims<i32>,
}

pub(super) fn check(documents: &[Spanned<ProjectDocument>], notice: &mut Record<'_>, own: &str, index: &Index) -> Vec<SeedProject> {
    let mut annex = Annex { own, index, project_numbers: Claims::default(), task_numbers: Claims::default() };
    let mut projects = Vec::new();
    for (place, entry) in documents.iter().enumerate() {
        let mut record = notice.inner(entry, "项目", entry.value.number.as_ref(), place);
        projects.extend(annex.project(&entry.value, &mut record));
    }
    projects
}

impl Annex<'_> {
    fn project(&mut self, document: &ProjectDocument, record: &mut Record<'_>) -> Option<SeedProject> {
        let number = record.own_number("number", document.number.as_ref(), &mut self.project_numbers);
        let title = record.text("title", document.title.as_ref());
        if document.tasks.is_empty() {
            record.fault_of_absence("tasks", reason::no_tasks());
        }
        let mut tasks = Vec::new();
        for (place, entry) in document.tasks.iter().enumerate() {
            let mut task = record.inner(entry, "任务", entry.value.number.as_ref(), place);
            tasks.extend(self.task(&entry.value, &mut task));
        }
        Some(SeedProject { number: number?, title: title?, tasks })
    }

    fn task(&mut self, document: &TaskDocument, record: &mut Record<'_>) -> Option<SeedTask> {
        let number = record.own_number("number", document.number.as_ref(), &mut self.task_numbers);
        let label = record.optional_text("label", document.label.as_ref());
        let title = record.text("title", document.title.as_ref());
        let summary = record.optional_text("summary", document.summary.as_ref());
        let topics = self.topics(document, record);
        let assignments = self.assignments(document, record);
        let targets = target::check(&document.targets, record, self.index);
        Some(SeedTask { number: number?, label, title: title?, summary, topics, assignments, targets })
    }

    fn topics(&self, document: &TaskDocument, record: &mut Record<'_>) -> Vec<String> {
        if document.topics.is_empty() {
            record.fault_of_absence("topics", reason::no_topics());
        }
        let mut listed = Claims::default();
        let mut topics = Vec::new();
        for written in record.items("topics", &document.topics) {
            let code = topic(record, "topics", written, self.index);
            record.claim(&mut listed, code.clone(), "topics", written.at, &code);
            topics.push(code);
        }
        topics
    }

    /// Leads first. A unit has one role in a task, by whichever of its names it is called.
    fn assignments(&self, document: &TaskDocument, record: &mut Record<'_>) -> Vec<(AssignmentRole, UnitKey)> {
        if document.lead.is_empty() {
            record.fault_of_absence("lead", reason::no_lead());
        }
        let columns = [(AssignmentRole::Lead, "lead", &document.lead), (AssignmentRole::Supporting, "supporting", &document.supporting)];
        let mut listed = Claims::default();
        let mut assignments = Vec::new();
        for (role, field, names) in columns {
            for written in record.items(field, names) {
                let Some(unit) = resolve(record, field, written, self.own, self.index) else { continue };
                record.claim(&mut listed, unit.key.clone(), field, written.at, &written.text);
                assignments.push((role, unit.key.clone()));
            }
        }
        assignments
    }
}
