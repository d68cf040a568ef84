//! One call of a use case: who asks, when, from where; and what comes of one that is refused.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::AuditOutcome;
use fair::Client;

use crate::{
    access::{
        client::queueing,
        password::{HashError, NoRandomness, Weakness},
        policy::Decision,
        reason::Reason,
        token::KeyError,
        viewer::Viewer,
    },
    domain::{
        audit::Occasion,
        fault::Fault,
        language::Text,
        people::account::{Account, UsernameFault},
    },
    store::StoreError,
};

/// Who asks, when, and from where.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who asks.
    pub viewer: Viewer,
    /// When, under which request, from where.
    pub occasion: Occasion,
    /// What the client calls itself.
    pub user_agent: Option<String>,
}

impl Call {
    /// The client that queues for what all share.
    #[must_use]
    pub fn client(&self) -> Client {
        queueing(&self.viewer, self.occasion.address)
    }
}

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is not there, or not for this viewer.
    #[error("not found")]
    NotFound,
    /// The viewer may not.
    #[error("not allowed: {}", .0.word())]
    Forbidden(Reason),
    /// The input cannot be: all that is wrong with it.
    #[error("wrong input: {}", .0.iter().map(|fault| fault.code).collect::<Vec<_>>().join(", "))]
    Faults(Vec<Fault>),
    /// What was presented to sign in with is not right. Which part of it is not said.
    #[error("wrong credentials")]
    Credentials,
    /// The password is right, and the account is locked.
    #[error("the account is locked")]
    Locked,
    /// The question is about more than one request may look at.
    #[error("more than one request may look at")]
    TooWide(Text),
    /// It has changed since the caller read it; this is how it is now.
    #[error("an old version")]
    Stale(Box<Current>),
    /// Too many attempts.
    #[error("too many attempts")]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A fault of the service.
    #[error("a fault of the service")]
    Fault(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What has changed meanwhile, as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// The version to build on.
    pub version: i32,
    /// When it was changed last.
    pub changed_at: Option<DateTime<Utc>>,
    /// The name of whoever changed it last.
    pub changed_by: Option<String>,
    /// What else there is to know of it, by the names of its fields.
    pub fields: Vec<(&'static str, serde_json::Value)>,
}

impl From<&Account> for Current {
    fn from(account: &Account) -> Self {
        Self {
            version: account.version,
            changed_at: Some(account.changed_at),
            changed_by: account.changed_by.clone(),
            fields: vec![
                ("username", account.username.as_str().into()),
                ("role", serde_json::to_value(account.role).unwrap_or_default()),
                ("locked", account.lock.is_some().into()),
            ],
        }
    }
}

/// A fault of a username.
pub(super) fn username_fault(fault: UsernameFault) -> Fault {
    Fault::at(fault.word(), vec!["input".into(), "username".into()], fault.text())
}

/// A fault of a password in `field`.
pub(super) fn password_fault(weakness: Weakness, field: &'static str) -> Fault {
    Fault::at(weakness.code(), vec!["input".into(), field.into()], weakness.message())
}

impl Refusal {
    /// What the audit says became of the action.
    #[must_use]
    pub fn outcome(&self) -> AuditOutcome {
        match self {
            Self::NotFound | Self::Forbidden(_) | Self::Credentials | Self::Locked => AuditOutcome::Denied,
            Self::Faults(_) | Self::TooWide(_) | Self::Stale(_) | Self::Throttled { .. } => AuditOutcome::Rejected,
            Self::Fault(_) => AuditOutcome::Failed,
        }
    }

    /// Why, in a word.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::NotFound => "NOT_FOUND".into(),
            Self::Forbidden(reason) => reason.word().into(),
            Self::Faults(faults) => faults.iter().map(|fault| fault.code).collect::<Vec<_>>().join(" "),
            Self::Credentials => "INVALID_CREDENTIALS".into(),
            Self::Locked => "ACCOUNT_LOCKED".into(),
            Self::TooWide(_) => "TOO_WIDE".into(),
            Self::Stale(_) => "STALE_VERSION".into(),
            Self::Throttled { .. } => "RATE_LIMITED".into(),
            Self::Fault(_) => "INTERNAL".into(),
        }
    }
}

impl From<Decision> for Refusal {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Forbid(reason) => Self::Forbidden(reason),
            // What is allowed is no refusal; should one be made of it, it must not look like leave.
            Decision::Hide | Decision::Allow => Self::NotFound,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            // Who has been locked or signed out meanwhile is nobody in particular any more.
            StoreError::Overtaken => Self::Forbidden(Reason::SignInFirst),
            error => Self::Fault(Box::new(error)),
        }
    }
}

macro_rules! faults_of_ours {
    ($($error:ty),+) => {$(
        impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self::Fault(Box::new(error))
            }
        }
    )+};
}

faults_of_ours!(HashError, NoRandomness, KeyError);
