//! What comes of a request, whichever transport it came by.

use std::time::Duration;

use async_graphql::{Response, ServerError};
use futures_util::stream::BoxStream;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{error, limit::TooMuch, subscription::Notification};
use crate::domain::language::Language;

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
    pub(super) response: Response,
    /// What became of the request.
    pub outcome: Outcome,
}

impl Answer {
    /// The answer to a request that could not be run at all.
    #[must_use]
    pub fn refused(response: Response) -> Self {
        Self { response, outcome: Outcome::Refused }
    }

    /// The answer to a request that was run.
    pub(super) fn run(response: Response) -> Self {
        Self { response, outcome: Outcome::Run }
    }

    /// The answer to whoever has to wait.
    pub(super) fn waiting(too_much: &TooMuch, language: Language) -> Self {
        Self { response: too_much.refusal(language), outcome: Outcome::Waiting(too_much.wait) }
    }

    /// Whether there is nothing in it because the database is away.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.outcome == Outcome::Refused && error::is_unavailable(&self.response)
    }

    /// What went wrong.
    #[must_use]
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.response.errors.is_empty() {
            map.serialize_entry("errors", &self.response.errors)?;
        }
        if self.outcome == Outcome::Run {
            map.serialize_entry("data", &self.response.data)?;
        }
        if !self.response.extensions.is_empty() {
            map.serialize_entry("extensions", &self.response.extensions)?;
        }
        map.end()
    }
}
