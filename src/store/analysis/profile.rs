//! The features of tasks, by which similar ones are found.

use std::collections::{BTreeSet, HashMap};

use entity::{NoticeId, NoticeState, TaskId, TopicId, notice, target, task, task_topic};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::{
    domain::analysis::similarity::Profile,
    store::{StoreError, Visible},
};

impl Visible {
    /// The features of all visible tasks in force, each with its notice. It takes three statements, and reads every title: texts can only
    /// be compared after all are read.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn profiles(&self) -> Result<Vec<(NoticeId, Profile)>, StoreError> {
        let in_force = notice::Column::State.eq(NoticeState::Issued);
        let tasks = self.tasks().filter(in_force.clone()).order_by_asc(task::Column::Id).all(self.connection()).await?;
        let targets = self.targets().filter(in_force).order_by_asc(target::Column::Position).all(self.connection()).await?;
        // Links of tasks that are not visible are read as well, and belong to nothing that is shown.
        let links = self
            .narrowing::<task_topic::Entity>()
            .select_only()
            .columns([task_topic::Column::TaskId, task_topic::Column::TopicId])
            .into_tuple::<(TaskId, TopicId)>()
            .all(self.connection())
            .await?;
        let mut targets_of: HashMap<TaskId, Vec<target::Model>> = HashMap::new();
        for target in targets {
            targets_of.entry(target.task_id).or_default().push(target);
        }
        let mut topics_of: HashMap<TaskId, BTreeSet<TopicId>> = HashMap::new();
        for (task, topic) in links {
            topics_of.entry(task).or_default().insert(topic);
        }
        let profile = |task: task::Model| {
            let targets = targets_of.remove(&task.id).unwrap_or_default();
            let texts = std::iter::once(task.title.as_str()).chain(targets.iter().map(|target| target.label.as_str()));
            let indicators = targets.iter().filter_map(|target| target.indicator_id).collect();
            (task.notice_id, Profile::new(task.id, texts, indicators, topics_of.remove(&task.id).unwrap_or_default()))
        };
        Ok(tasks.into_iter().map(profile).collect())
    }
}
