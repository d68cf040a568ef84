//! What a resolver knows of the request it serves.

use std::sync::Arc;

use async_graphql::{Context, Result, dataloader::DataLoader};
use endpoint::{Limits, Queue, Spending};
use tokio::sync::Mutex;

use super::{
    error,
    loader::{Loaders, forget},
    refusal,
};
use crate::{
    domain::language::Language,
    service::{Call, Refusal, Service},
    store::Visible,
};

/// One request: who asks, in which language, under which id, and the loaders that gather what its resolvers want.
pub struct Inquiry {
    /// What exists for whoever asks.
    pub visible: Arc<Visible>,
    /// What they can have done.
    pub service: Service,
    /// Who asks, when, under which request.
    pub call: Call,
    /// The language of messages.
    pub language: Language,
    /// What may be asked for.
    pub limits: Limits,
    /// What the request costs.
    pub spending: Spending,
    /// Held by whoever looks at very many tasks.
    surveying: Mutex<()>,
    /// Loaders of this request alone: one shared by several would hand a viewer another's rows.
    pub loaders: DataLoader<Loaders, async_graphql::dataloader::HashMapCache>,
}

impl Inquiry {
    pub(super) fn new(service: Service, call: Call, language: Language, spending: Spending, queue: Queue) -> Self {
        let limits = spending.limits;
        let visible = Arc::new(Visible::of_request(service.database(), call.viewer.clone(), call.client(), call.jurisdictions.clone()));
        let loaders = Loaders::new(Arc::clone(&visible), service.zone(), call.occasion.at).gathering_into(queue);
        Self { visible, service, call, language, limits, spending, surveying: Mutex::default(), loaders }
    }

    /// Takes `objects` from what the answer may still have. Lists within lists multiply, which the text of a query does not show.
    ///
    /// # Errors
    /// `QUERY_TOO_COMPLEX` once it is used up.
    pub(super) fn spend(&self, context: &Context<'_>, objects: usize) -> Result<()> {
        self.spending.spend(objects, self.language).map_err(|excess| error::at(context, excess))
    }

    /// Notes that work was done, as far as it depends on how much there is: what was not paid for is charged afterwards.
    pub(super) fn note_work(&self, units: u64) {
        self.spending.note_work(units);
    }

    /// What a use case finds that looks at very many tasks, of which `weigh` says how many they were, and `each` what
    /// one of them costs. Root fields run at once, so that those
    /// which do this take turns, and the later ones find that the answer has become too large already.
    ///
    /// # Errors
    /// Whatever was refused, and `QUERY_TOO_COMPLEX` once too much was looked at.
    pub(super) async fn survey<T>(
        &self,
        context: &Context<'_>,
        look: impl Future<Output = std::result::Result<T, Refusal>>,
        each: u64,
        weigh: impl Fn(&T) -> usize,
    ) -> Result<T> {
        let _turn = self.surveying.lock().await;
        self.spend(context, 1)?;
        let found = refusal::answer(context, look.await)?;
        let weight = weigh(&found);
        self.note_work(each.saturating_mul(u64::try_from(weight).unwrap_or(u64::MAX)));
        self.spend(context, weight)?;
        Ok(found)
    }

    /// Forgets what was loaded about progress, so that what follows a change in the same request sees what it has changed.
    pub(super) fn forget(&self) {
        forget(&self.loaders);
    }

    /// The inquiry of a resolver's context.
    pub(super) fn of<'a>(context: &Context<'a>) -> Result<&'a Self> {
        context.data::<Self>()
    }
}
