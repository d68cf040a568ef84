//! What actions are done to, with what decisions depend on.

use entity::{AccountId, AssignmentRole, Disclosure, JurisdictionId, NoticeState, ReportState, Role, UnitId};

use crate::domain::{notices::notice::Notice, people::account::Account};

/// What an action is done to, with what the decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Nothing that belongs to anybody.
    Installation,
    /// A notice, and all that hangs on it.
    Notice(NoticeFacts),
    /// A task, and what is set and recorded of it.
    Task(TaskFacts),
    /// A progress report.
    Report(ReportFacts),
    /// A blocker, which is internal whatever became of its report.
    Blocker {
        /// The report that names it.
        report: ReportFacts,
        /// Whether it is still open.
        open: bool,
    },
    /// How the duties of a jurisdiction's notices are met, unit by unit.
    Compliance(JurisdictionId),
    /// A jurisdiction, and what holds for all its notices.
    Jurisdiction(JurisdictionId),
    /// An account as it is.
    Account(AccountFacts),
    /// An account as it is to be: the role and the jurisdiction that it gets.
    Placement {
        /// The role.
        role: Role,
        /// The jurisdiction.
        jurisdiction: JurisdictionId,
    },
    /// A session.
    Session {
        /// Whose it is.
        owner: AccountId,
        /// Whether it is over.
        ended: bool,
    },
    /// An API key.
    ApiKey {
        /// Whose it is.
        owner: AccountFacts,
        /// Whether it was revoked.
        revoked: bool,
    },
}

/// What decisions about a notice depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeFacts {
    /// Whose it is.
    pub jurisdiction: JurisdictionId,
    /// Where it stands.
    pub state: NoticeState,
    /// How far it is disclosed.
    pub disclosure: Option<Disclosure>,
}

/// What decisions about a task depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskFacts {
    /// Its notice.
    pub notice: NoticeFacts,
    /// The part that the viewer's unit has in it, by itself or as a member of a collective unit.
    pub part: Option<AssignmentRole>,
    /// Whether the unit claims that it is done.
    pub claimed: bool,
    /// Whether the office has accepted that it is done.
    pub closed: bool,
    /// Whether it is suspended.
    pub suspended: bool,
}

/// What decisions about a report depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportFacts {
    /// The notice of its task.
    pub notice: NoticeFacts,
    /// Whose it is.
    pub unit: UnitId,
    /// Where it stands.
    pub state: ReportState,
}

/// What decisions about an account depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// Which it is.
    pub id: AccountId,
    /// Its role.
    pub role: Role,
    /// Its jurisdiction.
    pub jurisdiction: JurisdictionId,
    /// Whether it is locked.
    pub locked: bool,
}

impl From<&Account> for AccountFacts {
    fn from(account: &Account) -> Self {
        Self { id: account.id, role: account.role, jurisdiction: account.jurisdiction_id, locked: account.lock.is_some() }
    }
}

impl From<&Notice> for NoticeFacts {
    fn from(notice: &Notice) -> Self {
        Self { jurisdiction: notice.jurisdiction_id, state: notice.state, disclosure: notice.disclosure }
    }
}
