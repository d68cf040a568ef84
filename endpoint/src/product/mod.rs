//! The interface: what a product tells the endpoint, and what it is told.
//!
//! A product implements [`Product`] once, and [`Endpoint::new`](crate::Endpoint::new) does the rest. The required methods are few: the
//! engine, the schema, the clock, who is behind what a request presents, and the data that resolvers read. Whatever has a default may
//! be left out: a product without events has no [`Feed`], one without registered documents no [`Documents`], one whose files have no
//! names no [`Files`].
//!
//! The endpoint never looks into the values of a product. It keeps them, compares them and hands them back ([`Opaque`]).

mod cost;
mod document;
mod engine;
mod feed;
mod file;
mod identity;
mod measurement;

use std::{error::Error, future::pending, sync::Arc};

use async_graphql::{Request, parser::types::OperationType};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::future::BoxFuture;
use language::Text;

pub use cost::{Costs, Price};
pub use document::{Documents, RegisteredDocument};
pub use engine::{Engine, engine};
pub use feed::{Event, Feed, Following, News, Opening, Step, Wanted};
pub use file::{Files, NamedFile};
pub use identity::{Credentials, Identity, Opaque, Unproved};
pub use measurement::{Check, Measurement};

use crate::{
    answer::error::Code,
    asked::{Asked, Spending},
    engine::batch::Queue,
    limit::Limits,
};

/// An error that is written to the log.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What is served: the schema, who may ask for what, and where the data are.
pub trait Product: Send + Sync + 'static {
    /// Its name, in lower case: it stands in the realm of `WWW-Authenticate`, before the names of metrics, and in ASCII names of files.
    fn name(&self) -> &'static str;

    /// What executes operations. It is asked for once; [`engine`](fn@engine) sets what the endpoint relies on.
    fn engine(&self, limits: &Limits) -> Arc<dyn Engine>;

    /// The schema definition (SDL). The endpoint reads it once and compares documents with it.
    fn schema(&self) -> String;

    /// What fields cost.
    #[must_use]
    fn costs(&self) -> Costs {
        Costs::default()
    }

    /// The time.
    fn now(&self) -> DateTime<Utc>;

    /// The time zone of times in files.
    #[must_use]
    fn zone(&self) -> Tz {
        Tz::UTC
    }

    /// Who is behind what a request presents. It is asked again for each request, each event and each page of a file.
    fn authenticate<'a>(&'a self, credentials: Credentials<'a>) -> BoxFuture<'a, Result<Identity, Unproved>>;

    /// What whoever presents something that proves nothing is told to do.
    #[must_use]
    fn how_to_authenticate(&self) -> Text {
        Text::new("登录凭证无效或已过期：请重新登录。", "The token is not valid or has expired: sign in again.")
    }

    /// Splits the ticket off the address of a file that was signed. A ticket stands in the last parameter, of the name
    /// [`ticket_parameter`](Self::ticket_parameter).
    #[must_use]
    fn split_ticket<'a>(&self, address: &'a str) -> (&'a str, Option<&'a str>) {
        (address, None)
    }

    /// The parameter that holds a ticket, where there are tickets.
    #[must_use]
    fn ticket_parameter(&self) -> Option<&'static str> {
        None
    }

    /// The public keys that verify its tokens (JWK Set, RFC 7517), where it publishes any.
    fn key_set(&self) -> Option<BoxFuture<'_, Result<serde_json::Value, BoxError>>> {
        None
    }

    /// The request with the data that its resolvers read.
    fn prepare(&self, request: Request, context: Context) -> Request;

    /// Whether a root field is open to whoever asks. It is asked before anything runs, about fields that the schema has.
    ///
    /// # Errors
    /// It is closed.
    fn open(&self, kind: OperationType, field: &str, identity: &Identity) -> Result<(), Closed> {
        let _ = (kind, field, identity);
        Ok(())
    }

    /// Root fields whose answer is about whoever asks. No cache keeps an answer to a document that names one.
    #[must_use]
    fn personal_fields(&self) -> &'static [&'static str] {
        &[]
    }

    /// What answers to the public follow from besides the question: the revision of the data, and the day where something depends on it.
    /// `None` where it is not certain at this moment. Answers have an `ETag` only where it is known.
    #[must_use]
    fn revision(&self) -> Option<String> {
        None
    }

    /// Whether the storage does not answer. Requests are then refused at once.
    #[must_use]
    fn is_away(&self) -> bool {
        false
    }

    /// Takes note that the storage may be away, and finds out.
    fn suspect(&self) {}

    /// Waits until the storage is away.
    fn away(&self) -> BoxFuture<'_, ()> {
        Box::pin(pending())
    }

    /// Looks out for changes from now on, also while nobody asks.
    fn stay_awake(&self) {}

    /// What requests need, and whether it is there. The endpoint asks once a second at most.
    fn check(&self) -> BoxFuture<'_, Vec<Check>> {
        Box::pin(async { Vec::new() })
    }

    /// Its own measurements of what goes up and down.
    #[must_use]
    fn gauges(&self) -> Vec<Measurement> {
        Vec::new()
    }

    /// Its own measurements of what only goes up.
    #[must_use]
    fn counters(&self) -> Vec<Measurement> {
        Vec::new()
    }

    /// The events that subscriptions follow.
    #[must_use]
    fn feed(&self) -> Option<&dyn Feed> {
        None
    }

    /// Where registered documents are kept.
    #[must_use]
    fn documents(&self) -> Option<&dyn Documents> {
        None
    }

    /// Files that have a name and an address of their own.
    #[must_use]
    fn files(&self) -> Option<&dyn Files> {
        None
    }

    /// What the playground shows at first.
    #[must_use]
    fn playground(&self) -> Playground {
        Playground { title: self.name(), query: "{\n  __typename\n}\n" }
    }
}

/// What a request is run with.
pub struct Context {
    /// Who asks, when, from where.
    pub asked: Asked,
    /// What may be asked for, what the request costs, and what is counted while it runs.
    pub spending: Spending,
    /// Where loaders put their batches. They run in rounds between the steps of the request.
    pub queue: Queue,
}

/// A root field is closed to whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The code of the error.
    pub code: Code,
    /// Why, in a word for programs.
    pub reason: &'static str,
    /// Why, in words, and what to do.
    pub text: Text,
}

/// What the playground shows at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Playground {
    /// The title of the page.
    pub title: &'static str,
    /// The query in the editor.
    pub query: &'static str,
}
