//! Everything there is, and the rule in words of who sees which of it.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    AccountId, Disclosure, JurisdictionId, NoticeId, NoticeState, Role, TaskId, account, api_key, assignment, audit_event, notice, session,
    task,
};

use super::{generate::Asker, progress::Progress};
use crate::support::{app::App, global, rows};

/// Everything there is, read past the service.
pub struct World {
    pub above: BTreeMap<JurisdictionId, Option<JurisdictionId>>,
    pub codes: BTreeMap<JurisdictionId, String>,
    pub notices: Vec<notice::Model>,
    pub tasks: Vec<task::Model>,
    pub assignments: Vec<assignment::Model>,
    /// What hangs on a notice, by the notice.
    pub hanging: Vec<(NoticeId, String)>,
    /// What everybody may see.
    pub reference: BTreeSet<String>,
    /// The units that a notice leads to, and that lead to it.
    pub busy_units: Vec<String>,
    pub accounts: Vec<account::Model>,
    pub sessions: Vec<session::Model>,
    pub keys: Vec<api_key::Model>,
    pub events: Vec<audit_event::Model>,
    /// What was reported.
    pub progress: Progress,
}

impl World {
    pub async fn read(app: &App) -> Self {
        let jurisdictions = rows!(app, jurisdiction);
        let mut tasks = rows!(app, task);
        tasks.sort_by(|one, other| (&one.title, one.number).cmp(&(&other.title, other.number)));
        let notice_of: BTreeMap<TaskId, NoticeId> = tasks.iter().map(|task| (task.id, task.notice_id)).collect();
        let assignments = rows!(app, assignment);
        let mut hanging: Vec<(NoticeId, String)> = tasks.iter().map(|task| (task.notice_id, global("task", task.id.0))).collect();
        hanging.extend(rows!(app, project).into_iter().map(|row| (row.notice_id, global("project", row.id.0))));
        hanging.extend(rows!(app, milestone).into_iter().map(|row| (notice_of[&row.task_id], global("milestone", row.id.0))));
        hanging.extend(rows!(app, reporting_duty).into_iter().map(|row| (row.notice_id, global("duty", row.id.0))));
        hanging.extend(assignments.iter().map(|row| (notice_of[&row.task_id], global("assignment", row.id.0))));
        hanging.extend(rows!(app, target).into_iter().map(|row| (notice_of[&row.task_id], global("target", row.id.0))));
        let mut reference: BTreeSet<String> = jurisdictions.iter().map(|row| global("jurisdiction", row.id.0)).collect();
        reference.extend(rows!(app, unit).into_iter().map(|row| global("unit", row.id.0)));
        reference.extend(rows!(app, topic).into_iter().map(|row| global("topic", row.id.0)));
        reference.extend(rows!(app, indicator).into_iter().map(|row| global("indicator", row.id.0)));
        let notices = rows!(app, notice);
        let mut busy: BTreeSet<_> = assignments.iter().map(|row| row.unit_id).collect();
        busy.extend(notices.iter().flat_map(|row| [row.issuer_id, row.supervisor_id]).flatten());
        Self {
            busy_units: busy.into_iter().map(|id| global("unit", id.0)).collect(),
            above: jurisdictions.iter().map(|row| (row.id, row.parent_id)).collect(),
            codes: jurisdictions.into_iter().map(|row| (row.id, row.code)).collect(),
            notices,
            tasks,
            assignments,
            hanging,
            reference,
            accounts: rows!(app, account),
            sessions: rows!(app, session),
            keys: rows!(app, api_key),
            events: rows!(app, audit_event),
            progress: Progress::read(app, &notice_of).await,
        }
    }

    pub fn account_of(&self, asker: &Asker) -> Option<&account::Model> {
        self.accounts.iter().find(|account| Some(account.id) == asker.account)
    }

    /// Whether `lower` is `upper` or anywhere below it.
    pub fn holds(&self, upper: JurisdictionId, lower: JurisdictionId) -> bool {
        let mut place = Some(lower);
        while let Some(current) = place {
            if current == upper {
                return true;
            }
            place = self.above[&current];
        }
        false
    }

    pub fn is_published(notice: &notice::Model) -> bool {
        notice.state == NoticeState::Issued && matches!(notice.disclosure, None | Some(Disclosure::Proactive))
    }

    /// Units read what is internal to their own jurisdiction, offices and leaders also to those below.
    pub fn reads_inside(&self, asker: &Asker, place: JurisdictionId) -> bool {
        self.account_of(asker).is_some_and(|account| {
            !account.password_temporary
                && match account.role {
                    Role::Unit => account.jurisdiction_id == place,
                    Role::Office | Role::Leader => self.holds(account.jurisdiction_id, place),
                    Role::Deputy | Role::Admin => false,
                }
        })
    }

    /// Everybody reads what is published, and some the rest.
    pub fn reads_notice(&self, asker: &Asker, notice: &notice::Model) -> bool {
        Self::is_published(notice) || self.reads_inside(asker, notice.jurisdiction_id)
    }

    /// One's own account, those of units, leaders and deputies in the jurisdiction of an office and below, and for admins all.
    fn sees_account(&self, asker: &Asker, seen: &account::Model) -> bool {
        self.account_of(asker).is_some_and(|account| {
            account.id == seen.id
                || !account.password_temporary
                    && match account.role {
                        Role::Admin => true,
                        Role::Office => {
                            matches!(seen.role, Role::Unit | Role::Leader | Role::Deputy)
                                && self.holds(account.jurisdiction_id, seen.jurisdiction_id)
                        }
                        Role::Unit | Role::Leader | Role::Deputy => false,
                    }
        })
    }

    /// Events of the jurisdiction of an office and below, and for admins all.
    fn reads_event(&self, asker: &Asker, event: &audit_event::Model) -> bool {
        self.account_of(asker).is_some_and(|account| {
            !account.password_temporary
                && match account.role {
                    Role::Admin => true,
                    Role::Office => event.jurisdiction_id.is_some_and(|place| self.holds(account.jurisdiction_id, place)),
                    Role::Unit | Role::Leader | Role::Deputy => false,
                }
        })
    }

    pub fn may_list_events(&self, asker: &Asker) -> bool {
        self.account_of(asker).is_some_and(|account| !account.password_temporary && matches!(account.role, Role::Office | Role::Admin))
    }

    /// The ids that exist for somebody.
    pub fn allowed(&self, asker: &Asker) -> BTreeSet<String> {
        let notices: BTreeSet<NoticeId> = self.notices.iter().filter(|row| self.reads_notice(asker, row)).map(|row| row.id).collect();
        let accounts: BTreeSet<AccountId> = self.accounts.iter().filter(|row| self.sees_account(asker, row)).map(|row| row.id).collect();
        let mut allowed = self.reference.clone();
        allowed.extend(notices.iter().map(|id| global("notice", id.0)));
        allowed.extend(self.hanging.iter().filter(|(notice, _)| notices.contains(notice)).map(|(_, id)| id.clone()));
        allowed.extend(accounts.iter().map(|id| global("account", id.0)));
        let own_key = |key: &&api_key::Model| asker.key.as_ref().is_none_or(|own| *own == global("apikey", key.id.0));
        let keys = self.keys.iter().filter(own_key).filter(|key| accounts.contains(&key.account_id));
        allowed.extend(keys.map(|key| global("apikey", key.id.0)));
        allowed.extend(self.progress.allowed(self, asker));
        let own_session = |row: &&session::Model| asker.key.is_none() && Some(row.account_id) == asker.account;
        allowed.extend(self.sessions.iter().filter(own_session).map(|row| global("session", row.id.0)));
        allowed.extend(self.events.iter().filter(|row| self.reads_event(asker, row)).map(|row| global("audit", row.id.0)));
        allowed
    }

    /// Every id that is not for everybody as a matter of course.
    pub fn everything(&self) -> Vec<String> {
        let mut all: Vec<String> = self.notices.iter().map(|row| global("notice", row.id.0)).collect();
        all.extend(self.hanging.iter().map(|(_, id)| id.clone()));
        all.extend(self.accounts.iter().map(|row| global("account", row.id.0)));
        all.extend(self.keys.iter().map(|row| global("apikey", row.id.0)));
        all.extend(self.sessions.iter().map(|row| global("session", row.id.0)));
        all.extend(self.progress.everything());
        all.extend(self.events.iter().map(|row| global("audit", row.id.0)));
        all
    }
}
