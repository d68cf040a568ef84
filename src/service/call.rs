//! One call of a use case: the caller, the time, the address; and the outcome of a refused call.

use std::{sync::Arc, time::Duration};

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
        places::jurisdiction::Tree,
    },
    store::StoreError,
};

/// The caller, the time, and the address.
#[derive(Clone, Debug)]
pub struct Call {
    /// The caller.
    pub viewer: Viewer,
    /// When, under which request, from where.
    pub occasion: Occasion,
    /// The name that the client gives itself.
    pub user_agent: Option<String>,
    /// The tree of jurisdictions, where it was read to find out who asks.
    pub jurisdictions: Option<Arc<Tree>>,
}

impl Call {
    /// The client that queues for shared resources.
    #[must_use]
    pub fn client(&self) -> Client {
        queueing(&self.viewer, self.occasion.address)
    }
}

/// Why a use case did not do its action. Nothing was changed.
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
    /// The credentials for the sign-in are wrong. Which part of it is not said.
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

/// The object that has changed meanwhile, in its present state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// The version to build on.
    pub version: i32,
    /// When it was changed last.
    pub changed_at: Option<DateTime<Utc>>,
    /// The name of the account that changed it last.
    pub changed_by: Option<String>,
    /// Its other values, by the names of its fields.
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
    /// The outcome of the action in the audit.
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
            // An allowed action is not a refusal. If code makes a refusal of one, it must not look like an allowance.
            Decision::Hide | Decision::Allow => Self::NotFound,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            // A caller that has been locked or signed out meanwhile has no account any more.
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
