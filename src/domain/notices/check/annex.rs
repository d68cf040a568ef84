//! Annexes: the projects of a notice, their tasks, and who is assigned to them.

use entity::AssignmentRole;

use super::{Found, Names, reason, resolve, target};
use crate::domain::{
    fault::Claims,
    notices::{
        draft::{ProjectDraft, TaskDraft},
        seed::{SeedProject, SeedTask, UnitKey},
    },
    written::{Entry, Record, Written},
};

/// A notice's annex being checked.
struct Annex<'n> {
    /// The jurisdiction of the notice.
    own: &'n str,
    names: &'n Names,
    project_numbers: Claims<i32>,
    /// Rows are numbered through the whole annex.
    task_numbers: Claims<i32>,
}

pub(super) fn check(drafts: &[Entry<ProjectDraft>], notice: &mut Record<'_>, own: &str, names: &Names) -> Vec<SeedProject> {
    let mut annex = Annex { own, names, project_numbers: Claims::default(), task_numbers: Claims::default() };
    let mut projects = Vec::new();
    for (place, entry) in drafts.iter().enumerate() {
        let mut record = notice.inner("projects", entry, "项目", entry.value.number.as_ref(), place);
        projects.extend(annex.project(&entry.value, &mut record));
    }
    projects
}

impl Annex<'_> {
    fn project(&mut self, draft: &ProjectDraft, record: &mut Record<'_>) -> Option<SeedProject> {
        let number = record.own_number("number", draft.number.as_ref(), &mut self.project_numbers);
        let title = record.text("title", draft.title.as_ref());
        if draft.tasks.is_empty() {
            record.fault_of_absence("tasks", reason::no_tasks());
        }
        let mut tasks = Vec::new();
        for (place, entry) in draft.tasks.iter().enumerate() {
            let mut task = record.inner("tasks", entry, "任务", entry.value.number.as_ref(), place);
            tasks.extend(self.task(&entry.value, &mut task));
        }
        Some(SeedProject { number: number?, title: title?, tasks })
    }

    fn task(&mut self, draft: &TaskDraft, record: &mut Record<'_>) -> Option<SeedTask> {
        let number = record.own_number("number", draft.number.as_ref(), &mut self.task_numbers);
        let label = record.optional_text("label", draft.label.as_ref());
        let title = record.text("title", draft.title.as_ref());
        let summary = record.optional_text("summary", draft.summary.as_ref());
        let topics = self.topics(draft, record);
        let assignments = self.assignments(draft, record);
        let targets = target::check(&draft.targets, record, self.names);
        Some(SeedTask { number: number?, label, title: title?, summary, topics, assignments, targets })
    }

    fn topics(&self, draft: &TaskDraft, record: &mut Record<'_>) -> Vec<String> {
        if draft.topics.is_empty() {
            record.fault_of_absence("topics", reason::no_topics());
        }
        let mut listed = Claims::default();
        let mut topics = Vec::new();
        for written in record.items("topics", &draft.topics) {
            let code = topic(record, "topics", written, self.names);
            record.claim(&mut listed, code.clone(), "topics", written.at, &code);
            topics.push(code);
        }
        topics
    }

    /// Leads first. A unit has one role in a task, by whichever of its names it is called.
    fn assignments(&self, draft: &TaskDraft, record: &mut Record<'_>) -> Vec<(AssignmentRole, UnitKey)> {
        if draft.lead.is_empty() {
            record.fault_of_absence("lead", reason::no_lead());
        }
        let columns = [(AssignmentRole::Lead, "lead", &draft.lead), (AssignmentRole::Supporting, "supporting", &draft.supporting)];
        let mut listed = Claims::default();
        let mut assignments = Vec::new();
        for (role, field, names) in columns {
            for written in record.items(field, names) {
                let Some(unit) = resolve(record, field, written, self.own, self.names) else { continue };
                record.claim(&mut listed, unit.key.clone(), field, written.at, &written.text);
                assignments.push((role, unit.key.clone()));
            }
        }
        assignments
    }
}

/// The code of a topic, which has to be known.
pub fn topic(record: &mut Record<'_>, field: &str, written: &Written, names: &Names) -> String {
    if let Found::Unknown(near) = names.topics.find(&written.text) {
        record.fault(field, written.at, reason::unknown_topic(&written.text, &near));
    }
    written.text.clone()
}
