//! 进展填报: the states of a report, and its allowed content.

mod beside;
mod check;
mod record;
mod refusal;

use std::fmt;

use chrono::{DateTime, Utc};
pub use entity::ReportState;
use serde::{Deserialize, Serialize};

pub use beside::Beside;
pub use check::{Blocker, Finding, Findings, PostedFigure, Posting, Record, Schedule, Subject, Warning};
pub use record::{Figure, Mark, ProgressReport, Remark, Step};
pub use refusal::Refusal;

/// Why a report was returned or reopened: never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

/// The steps that can happen to a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "reason", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Transition {
    /// 报送, or 更新: submitted, or replaced before its review.
    Submit,
    /// 接受.
    Accept,
    /// 退回.
    Return(Reason),
    /// 重新打开: an accepted report goes back to its unit. Its figures no longer count, until it is accepted again.
    Reopen(Reason),
}

/// Something that happened to a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// When.
    pub at: DateTime<Utc>,
    /// The step.
    pub transition: Transition,
}

/// The life of a report. The state is computed from the history, so the two cannot contradict each other. The stored values (state, first
/// submission) are the results of these functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life(Vec<Occurrence>);

impl Life {
    /// A draft, to which nothing has happened.
    #[must_use]
    pub fn draft() -> Self {
        Self::default()
    }

    /// The life that a history tells.
    ///
    /// # Errors
    ///
    /// Something in it could not happen where it stands.
    pub fn replay(history: impl IntoIterator<Item = Occurrence>) -> Result<Self, Refusal> {
        history.into_iter().try_fold(Self::draft(), |life, occurrence| life.after(occurrence.transition, occurrence.at))
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> ReportState {
        match self.0.last().map(|occurrence| &occurrence.transition) {
            None => ReportState::Draft,
            Some(Transition::Submit) => ReportState::Submitted,
            Some(Transition::Accept) => ReportState::Accepted,
            Some(Transition::Return(_) | Transition::Reopen(_)) => ReportState::Returned,
        }
    }

    /// All that happened, in order.
    #[must_use]
    pub fn history(&self) -> &[Occurrence] {
        &self.0
    }

    /// 首次报送: by this it is on time, however often it was returned.
    #[must_use]
    pub fn first_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.iter().find(|occurrence| occurrence.transition == Transition::Submit).map(|occurrence| occurrence.at)
    }

    /// The instant at which the present content was submitted.
    #[must_use]
    pub fn last_submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.iter().rev().find(|occurrence| occurrence.transition == Transition::Submit).map(|occurrence| occurrence.at)
    }

    /// Why it waits for its unit.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match &self.0.last()?.transition {
            Transition::Return(reason) | Transition::Reopen(reason) => Some(reason),
            Transition::Submit | Transition::Accept => None,
        }
    }

    /// Whether it was first submitted by the due instant; `None` while it was not.
    #[must_use]
    pub fn is_on_time(&self, due_at: DateTime<Utc>) -> Option<bool> {
        self.first_submitted_at().map(|at| at <= due_at)
    }

    /// Whether its content may be saved without submitting it: while it never was. Others than its unit read a submitted or returned
    /// report, and must not find half of it.
    ///
    /// # Errors
    ///
    /// It was submitted before, or it is accepted.
    pub fn check_saving(&self) -> Result<(), Refusal> {
        match self.state() {
            ReportState::Draft => Ok(()),
            ReportState::Submitted | ReportState::Returned => Err(Refusal::SubmittedAlready),
            ReportState::Accepted => Err(Refusal::Locked),
        }
    }

    /// Submitted: for the first time, again after a return, or in place of an earlier submission.
    ///
    /// # Errors
    ///
    /// It is accepted.
    pub fn submit(self, at: DateTime<Utc>) -> Result<Self, Refusal> {
        self.after(Transition::Submit, at)
    }

    /// Accepted.
    ///
    /// # Errors
    ///
    /// It does not wait for review.
    pub fn accept(self, at: DateTime<Utc>) -> Result<Self, Refusal> {
        self.after(Transition::Accept, at)
    }

    /// Returned to its unit.
    ///
    /// # Errors
    ///
    /// It does not wait for review.
    pub fn return_to_unit(self, at: DateTime<Utc>, reason: Reason) -> Result<Self, Refusal> {
        self.after(Transition::Return(reason), at)
    }

    /// Reopened: back with its unit.
    ///
    /// # Errors
    ///
    /// It is not accepted.
    pub fn reopen(self, at: DateTime<Utc>, reason: Reason) -> Result<Self, Refusal> {
        self.after(Transition::Reopen(reason), at)
    }

    /// With something that happens. Times may repeat or step back, since replicas' clocks differ; the order is that of the changes.
    ///
    /// # Errors
    ///
    /// It cannot happen in the state that the report is in.
    pub fn after(mut self, transition: Transition, at: DateTime<Utc>) -> Result<Self, Refusal> {
        let refusal = match (self.state(), &transition) {
            (ReportState::Draft | ReportState::Submitted | ReportState::Returned, Transition::Submit)
            | (ReportState::Submitted, Transition::Accept | Transition::Return(_))
            | (ReportState::Accepted, Transition::Reopen(_)) => None,
            (ReportState::Accepted, Transition::Submit) => Some(Refusal::Locked),
            (ReportState::Accepted, Transition::Accept | Transition::Return(_)) => Some(Refusal::ReviewedAlready(ReportState::Accepted)),
            (ReportState::Returned, Transition::Accept | Transition::Return(_)) => Some(Refusal::ReviewedAlready(ReportState::Returned)),
            (ReportState::Draft, Transition::Accept | Transition::Return(_)) => Some(Refusal::NotSubmitted),
            (ReportState::Draft | ReportState::Submitted | ReportState::Returned, Transition::Reopen(_)) => Some(Refusal::NotAccepted),
        };
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        self.0.push(Occurrence { at, transition });
        Ok(self)
    }
}

impl Reason {
    /// A reason.
    ///
    /// # Errors
    ///
    /// It says nothing.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() { Err(Refusal::ReasonMissing) } else { Ok(Self(text.to_owned())) }
    }

    /// Its words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reason {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::new(&text)
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
