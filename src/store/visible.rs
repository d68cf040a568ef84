//! The only door to the tables for a caller: finders that already know the viewer.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    account, allocation, api_key, assignment, audit_event, blocker, indicator, jurisdiction, meeting, milestone, notice, notice_recipient,
    notice_setting, progress_event, progress_report, project, report_figure, report_milestone, report_transition, reporting_duty,
    search_entry, session, target, task, task_topic, topic, unit, unit_alias, unit_member,
};
use fair::Client;
use sea_orm::{EntityTrait, JoinType, QueryFilter as _, QuerySelect as _, RelationTrait as _, Select};
use tokio::sync::OnceCell;

use super::{Database, StoreError, places::jurisdiction::tree, reader::Reader};
use crate::{
    access::{viewer::Viewer, visibility},
    domain::places::jurisdiction::Tree,
};

/// Tables of public reference data.
pub(super) trait Reference: EntityTrait {}

impl Reference for jurisdiction::Entity {}
impl Reference for unit::Entity {}
impl Reference for unit_alias::Entity {}
impl Reference for unit_member::Entity {}
impl Reference for topic::Entity {}
impl Reference for indicator::Entity {}
impl Reference for entity::holiday::Entity {}
impl Reference for entity::holiday_year::Entity {}
impl Reference for entity::population::Entity {}

/// Tables whose rows belong to tasks and are asked only which tasks those are.
pub(super) trait Narrowing: EntityTrait {}

impl Narrowing for assignment::Entity {}
impl Narrowing for search_entry::Entity {}
impl Narrowing for target::Entity {}
impl Narrowing for task_topic::Entity {}

/// The data that exists for one viewer, for the length of one request.
///
/// Requests read through the finders below alone (`clippy.toml` bans `Entity::find`, and each exception says why). Those that lead
/// to notices apply one condition; the others say by their type which tables they are for.
#[derive(Debug)]
pub struct Visible {
    database: Database,
    reader: Reader,
    viewer: Viewer,
    jurisdictions: OnceCell<Arc<Tree>>,
}

impl Visible {
    /// The view of `viewer`, read by the service itself: its statements do not queue. A change reads like this, because it may hold
    /// up all other changes while it reads.
    #[must_use]
    pub fn new(database: Database, viewer: Viewer) -> Self {
        Self { reader: database.reader_of(None), database, viewer, jurisdictions: OnceCell::new() }
    }

    /// The view of `viewer` for one request of `client`, whose statements queue with those of other clients. The tree of
    /// jurisdictions is given where it was read already.
    #[must_use]
    pub fn of_request(database: &Database, viewer: Viewer, client: Client, tree: Option<Arc<Tree>>) -> Self {
        let reader = database.reader_of(Some(client));
        Self { database: database.clone(), reader, viewer, jurisdictions: OnceCell::new_with(tree) }
    }

    /// The same, with the tree of jurisdictions where it was read already.
    #[must_use]
    pub fn knowing(self, tree: Option<Arc<Tree>>) -> Self {
        Self { jurisdictions: OnceCell::new_with(tree), ..self }
    }

    /// The tree of jurisdictions, read at most once a request.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn jurisdictions(&self) -> Result<Arc<Tree>, StoreError> {
        self.jurisdictions.get_or_try_init(|| tree(self)).await.cloned()
    }

    /// The caller.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The time as of which state is read when a clock says `now`.
    #[must_use]
    pub fn as_of(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.database.as_of(now)
    }

    pub(super) fn connection(&self) -> &Reader {
        &self.reader
    }

    /// Rows of public reference data: everybody sees all of them.
    #[expect(clippy::disallowed_methods, clippy::unused_self, reason = "one of the finders, called like the others")]
    pub(super) fn reference<E: Reference>(&self) -> Select<E> {
        E::find()
    }

    /// Rows that only narrow the rows of another finder here, and are never shown by themselves.
    #[expect(clippy::disallowed_methods, clippy::unused_self, reason = "one of the finders, called like the others")]
    pub(super) fn narrowing<E: Narrowing>(&self) -> Select<E> {
        E::find()
    }

    /// Visible notices.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn notices(&self) -> Select<notice::Entity> {
        notice::Entity::find().filter(visibility::notices(&self.viewer))
    }

    /// Recipients of visible notices.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn recipients(&self) -> Select<notice_recipient::Entity> {
        notice_recipient::Entity::find()
            .join(JoinType::InnerJoin, notice_recipient::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }

    /// Reporting duties of visible notices.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn reporting_duties(&self) -> Select<reporting_duty::Entity> {
        reporting_duty::Entity::find()
            .join(JoinType::InnerJoin, reporting_duty::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }

    /// Projects of visible notices.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn projects(&self) -> Select<project::Entity> {
        project::Entity::find().join(JoinType::InnerJoin, project::Relation::Notice.def()).filter(visibility::notices(&self.viewer))
    }

    /// Tasks of visible notices.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn tasks(&self) -> Select<task::Entity> {
        task::Entity::find().join(JoinType::InnerJoin, task::Relation::Notice.def()).filter(visibility::notices(&self.viewer))
    }

    /// Assignments to visible tasks.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn assignments(&self) -> Select<assignment::Entity> {
        assignment::Entity::find()
            .join(JoinType::InnerJoin, assignment::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }

    /// Accounts that the viewer looks after, and its own.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn accounts(&self) -> Select<account::Entity> {
        account::Entity::find().filter(visibility::accounts(&self.viewer))
    }

    /// Sessions of the viewer.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn sessions(&self) -> Select<session::Entity> {
        session::Entity::find().filter(visibility::sessions(&self.viewer))
    }

    /// API keys of visible accounts.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn api_keys(&self) -> Select<api_key::Entity> {
        api_key::Entity::find().join(JoinType::InnerJoin, api_key::Relation::Account.def()).filter(visibility::api_keys(&self.viewer))
    }

    /// Audit events of the viewer's subtree.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn audit_events(&self) -> Select<audit_event::Entity> {
        audit_event::Entity::find().filter(visibility::audit_events(&self.viewer))
    }

    /// Progress reports of visible notices, as far as they are visible themselves.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn progress_reports(&self) -> Select<progress_report::Entity> {
        progress_report::Entity::find()
            .join(JoinType::InnerJoin, progress_report::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::progress_reports(&self.viewer))
    }

    /// Figures of visible reports.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn report_figures(&self) -> Select<report_figure::Entity> {
        report_figure::Entity::find()
            .join(JoinType::InnerJoin, report_figure::Relation::ProgressReport.def())
            .join(JoinType::InnerJoin, progress_report::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::progress_reports(&self.viewer))
    }

    /// Milestones that visible reports say are reached.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn report_milestones(&self) -> Select<report_milestone::Entity> {
        report_milestone::Entity::find()
            .join(JoinType::InnerJoin, report_milestone::Relation::ProgressReport.def())
            .join(JoinType::InnerJoin, progress_report::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::progress_reports(&self.viewer))
    }

    /// Milestones of visible tasks, those included that the plan has dropped.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn milestones(&self) -> Select<milestone::Entity> {
        milestone::Entity::find()
            .join(JoinType::InnerJoin, milestone::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }

    /// The steps of reports whose internals are visible.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn report_transitions(&self) -> Select<report_transition::Entity> {
        report_transition::Entity::find()
            .join(JoinType::InnerJoin, report_transition::Relation::ProgressReport.def())
            .join(JoinType::InnerJoin, progress_report::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::internals_of_reports(&self.viewer))
    }

    /// Blockers of reports whose internals are visible.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn blockers(&self) -> Select<blocker::Entity> {
        blocker::Entity::find()
            .join(JoinType::InnerJoin, blocker::Relation::ProgressReport.def())
            .join(JoinType::InnerJoin, progress_report::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::internals_of_reports(&self.viewer))
    }

    /// Shares of the targets of visible tasks.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn allocations(&self) -> Select<allocation::Entity> {
        allocation::Entity::find()
            .join(JoinType::InnerJoin, allocation::Relation::Target.def())
            .join(JoinType::InnerJoin, target::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }

    /// Settings of visible notices.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn settings(&self) -> Select<notice_setting::Entity> {
        notice_setting::Entity::find()
            .join(JoinType::InnerJoin, notice_setting::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }

    /// Meetings of visible notices, as far as they are visible themselves.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn meetings(&self) -> Select<meeting::Entity> {
        meeting::Entity::find().join(JoinType::InnerJoin, meeting::Relation::Notice.def()).filter(visibility::meetings(&self.viewer))
    }

    /// Events of visible tasks that the viewer may know of.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn progress_events(&self) -> Select<progress_event::Entity> {
        progress_event::Entity::find()
            .join(JoinType::InnerJoin, progress_event::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
            .filter(visibility::progress_events(&self.viewer))
    }

    /// Targets of visible tasks.
    #[expect(clippy::disallowed_methods, reason = "one of the finders that apply the rule")]
    pub(super) fn targets(&self) -> Select<target::Entity> {
        target::Entity::find()
            .join(JoinType::InnerJoin, target::Relation::Task.def())
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(visibility::notices(&self.viewer))
    }
}

/// A text that the database can compare with its own: `PostgreSQL` stores no NUL, so a text that holds one equals nothing.
pub(super) fn comparable(text: &str) -> Option<&str> {
    (!text.contains('\0')).then_some(text)
}
