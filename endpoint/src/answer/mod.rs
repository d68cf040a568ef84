//! What comes of a request, whichever transport it came by.

pub(crate) mod error;
mod etag;
mod written;

use std::{fmt, time::Duration};

use async_graphql::{Response, ServerError};
use futures_util::stream::BoxStream;
use language::Language;
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    client::{Held, Running, TooMuch},
    subscription::Notification,
};

pub use written::Written;
pub(crate) use written::size;

/// What comes of a request.
pub enum Started {
    /// It is answered, and that is all.
    Answered(Box<Answer>),
    /// It is answered again and again until the stream ends.
    Following(BoxStream<'static, Notification>),
}

/// Which operations a transport lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Whatever changes nothing: a GET must not.
    Queries,
    /// Any operation.
    Anything,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was run, with errors perhaps.
    Run,
    /// It could not be run at all.
    Refused,
    /// It asked for an operation that the transport does not let through.
    NotAccepted,
    /// Whoever asks has asked for too much, and may ask again after so long.
    Waiting(Duration),
}

/// The answer to a request. A request that was not run has no `data`, not even null (GraphQL, section 7.1).
#[derive(Debug)]
pub struct Answer {
    /// What the engine says.
    pub(crate) response: Response,
    /// What became of the request.
    pub outcome: Outcome,
    /// What is counted until it has been sent.
    pub(crate) holding: Holding,
}

/// What is counted for an answer until it has been sent, or is dropped.
#[derive(Default)]
pub struct Holding {
    /// An operation that runs.
    #[expect(dead_code, reason = "held, not used")]
    pub(crate) running: Option<Running>,
    /// The bytes.
    #[expect(dead_code, reason = "held, not used")]
    pub(crate) held: Option<Held>,
    /// A place among large answers. It is needed only until the answer is JSON.
    pub(crate) place: Option<OwnedSemaphorePermit>,
}

impl fmt::Debug for Holding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Holding").finish_non_exhaustive()
    }
}

impl Answer {
    /// The answer to a request that could not be run at all.
    #[must_use]
    pub fn refused(response: Response) -> Self {
        Self::of(response, Outcome::Refused)
    }

    /// The answer to a request that was run.
    pub(crate) fn run(response: Response) -> Self {
        Self::of(response, Outcome::Run)
    }

    /// The answer to whoever has to wait.
    pub(crate) fn waiting(too_much: &TooMuch, language: Language) -> Self {
        Self::of(too_much.refusal(language), Outcome::Waiting(too_much.wait))
    }

    /// An answer for which nothing is counted.
    pub(crate) fn of(response: Response, outcome: Outcome) -> Self {
        Self { response, outcome, holding: Holding::default() }
    }

    /// Whether there is nothing in it because the database is away.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.outcome == Outcome::Refused && error::is_unavailable(&self.response)
    }

    /// What kind of failure it is: the code of its first error.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        error::code(self.errors().first()?)
    }

    /// What went wrong.
    #[must_use]
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }
}
