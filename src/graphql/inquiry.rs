//! What a resolver knows of the request it serves.

use std::sync::Arc;

use async_graphql::{Context, Result, dataloader::DataLoader};

use super::{batch::Queue, loader::Loaders};
use crate::{
    access::viewer::Viewer,
    domain::language::Language,
    store::{Database, Visible},
};

/// One request: who asks, in which language, under which id, and the loaders that gather what its resolvers want.
pub struct Inquiry {
    /// What exists for whoever asks.
    pub visible: Arc<Visible>,
    /// The language of messages.
    pub language: Language,
    /// The id that ties an answer to the log.
    pub request_id: String,
    /// Loaders of this request alone: one shared by several would hand a viewer another's rows.
    pub loaders: DataLoader<Loaders, async_graphql::dataloader::HashMapCache>,
}

impl Inquiry {
    pub(super) fn new(database: Database, viewer: Viewer, language: Language, request_id: String, queue: Queue) -> Self {
        let visible = Arc::new(Visible::new(database, viewer));
        let loaders = Loaders::new(Arc::clone(&visible)).gathering_into(queue);
        Self { visible, language, request_id, loaders }
    }

    /// The inquiry of a resolver's context.
    pub(super) fn of<'a>(context: &Context<'a>) -> Result<&'a Self> {
        context.data::<Self>()
    }
}
