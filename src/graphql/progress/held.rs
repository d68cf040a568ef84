//! What use cases have read of tasks, as loaded already.

use entity::TargetId;

use crate::{
    domain::notices::target::Target,
    graphql::{inquiry::Inquiry, loader::TargetsOf},
    service::progress::held::Held,
};

impl Inquiry {
    /// Remembers what a use case has read of tasks on its way, so that it is not loaded again.
    pub(in crate::graphql) async fn hold(&self, held: Held) {
        let Held { notices, tasks, targets } = held;
        let by_id: Vec<(TargetId, Target)> =
            targets.iter().flat_map(|(_, targets)| targets).map(|target| (target.id, target.clone())).collect();
        self.loaders.feed_many(notices).await;
        self.loaders.feed_many(tasks.into_iter().map(|task| (task.id, task))).await;
        self.loaders.feed_many(by_id).await;
        self.loaders.feed_many(targets.into_iter().map(|(task, targets)| (TargetsOf(task), targets))).await;
    }
}
