//! What was read of tasks on the way to an answer, so that nobody reads it again for a part of that answer.

use std::collections::HashMap;

use entity::{NoticeId, TaskId};

use crate::domain::{
    notices::{notice::Notice, target::Target, task::Task},
    progress::dossier::Dossier,
};

/// What dossiers hold that is asked for by itself as well.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The notices.
    pub notices: HashMap<NoticeId, Notice>,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// All targets of each of these tasks, in the order of the notice.
    pub targets: Vec<(TaskId, Vec<Target>)>,
}

impl Held {
    /// What these dossiers hold.
    #[must_use]
    pub fn by<'a>(dossiers: impl IntoIterator<Item = &'a Dossier>) -> Self {
        let mut held = Self::default();
        for dossier in dossiers {
            held.notices.entry(dossier.notice.id).or_insert_with(|| dossier.notice.as_ref().clone());
            held.targets.push((dossier.task.id, dossier.goals.iter().map(|goal| goal.target().clone()).collect()));
            held.tasks.push(dossier.task.clone());
        }
        held
    }

    /// The same, with notices that were read besides.
    #[must_use]
    pub fn with_notices<'a>(mut self, notices: impl IntoIterator<Item = &'a Notice>) -> Self {
        self.notices.extend(notices.into_iter().map(|notice| (notice.id, notice.clone())));
        self
    }
}
