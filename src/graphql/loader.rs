//! Loaders: what the resolvers of one request want, gathered into one statement each.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    hash::Hash,
    sync::Arc,
};

use async_graphql::{
    Context, Result,
    dataloader::{DataLoader, HashMapCache, Loader},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use endpoint::{NoDelay, Queue};
use entity::{
    AccountId, ApiKeyId, AssignmentId, AssignmentRole, AuditEventId, BlockerId, IndicatorId, JurisdictionId, MilestoneId, NoticeId,
    ProgressEventId, ProgressReportId, ProjectId, ReportingDutyId, SessionId, TargetId, TaskId, TopicId, UnitId,
};

use super::{
    error::{self, Missing, OrFail as _},
    inquiry::Inquiry,
};
use crate::{
    domain::{
        analysis::comparison::Row,
        audit::AuditEvent,
        catalogue::{indicator::Indicator, topic::Topic},
        notices::{
            allocation::Allocation,
            assignment::Assignment,
            notice::{Notice, Recipient, ReportingDuty},
            project::Project,
            target::Target,
            task::Task,
        },
        page::{Page, PageRequest},
        people::{account::Account, api_key::ApiKey, session::Session},
        places::{population::Population, unit::Unit},
        progress::{
            blocker::Blocker,
            dossier::{AdoptedRuleSet, Dossier, NoticeSetting, Reckoning},
            event::ProgressEvent,
            milestone::Milestone,
            report::{Figure, ProgressReport, Step},
        },
        supervision::meeting::Meeting,
    },
    service::{
        analysis::comparison,
        progress::{held::Held, state},
    },
    store::{StoreError, Visible},
};

/// Keys of one statement, below what a statement of either database can hold.
const KEYS_AT_ONCE: usize = 10_000;

/// The loaders of one request.
pub struct Loaders {
    visible: Arc<Visible>,
    zone: Tz,
    now: DateTime<Utc>,
}

impl Loaders {
    pub(super) fn new(visible: Arc<Visible>, zone: Tz, now: DateTime<Utc>) -> Self {
        Self { visible, zone, now }
    }

    pub(super) fn gathering_into(self, queue: Queue) -> DataLoader<Self, HashMapCache> {
        DataLoader::with_cache(self, queue, NoDelay, HashMapCache::default()).max_batch_size(KEYS_AT_ONCE)
    }
}

/// How many objects a loaded value adds to an answer.
pub(super) trait Weight {
    /// The number.
    fn weight(&self) -> usize {
        1
    }
}

impl<T> Weight for Vec<T> {
    fn weight(&self) -> usize {
        self.len()
    }
}

impl<T> Weight for Arc<Vec<T>> {
    fn weight(&self) -> usize {
        self.len()
    }
}

impl<T> Weight for PageResult<T> {
    fn weight(&self) -> usize {
        self.as_ref().map_or(1, |page| page.rows.len())
    }
}

impl Weight for i64 {}
impl Weight for NoticeSetting {}

/// A page, or why this one could not be loaded: the pages of a batch fail each for itself.
pub(super) type PageResult<T> = std::result::Result<Page<T>, Arc<StoreError>>;

/// Loads what one key stands for, if it is there for the viewer.
pub(super) async fn optional<K>(context: &Context<'_>, key: K) -> Result<Option<<Loaders as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Loaders: Loader<K, Error = Arc<StoreError>>,
    <Loaders as Loader<K>>::Value: Weight,
{
    let inquiry = Inquiry::of(context)?;
    inquiry.spend(context, 1)?;
    let loaded = inquiry.loaders.load_one(key).await.or_fail(context)?;
    inquiry.spend(context, loaded.as_ref().map_or(0, Weight::weight))?;
    Ok(loaded)
}

/// Loads a page of a parent's rows.
pub(super) async fn page<P, S, T>(context: &Context<'_>, key: PageOf<P, S>) -> Result<Page<T>>
where
    PageOf<P, S>: Send + Sync + Hash + Eq + Clone + 'static,
    Loaders: Loader<PageOf<P, S>, Value = PageResult<T>, Error = Arc<StoreError>>,
{
    required(context, key).await?.or_fail(context)
}

/// Loads what must be there because a visible row refers to it.
pub(super) async fn required<K>(context: &Context<'_>, key: K) -> Result<<Loaders as Loader<K>>::Value>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Loaders: Loader<K, Error = Arc<StoreError>>,
    <Loaders as Loader<K>>::Value: Weight,
{
    optional(context, key).await?.ok_or_else(|| error::internal(context, &Missing(std::any::type_name::<K>())))
}

/// Loads a list, which is empty where there is nothing.
pub(super) async fn list<K>(context: &Context<'_>, key: K) -> Result<<Loaders as Loader<K>>::Value>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Loaders: Loader<K, Error = Arc<StoreError>>,
    <Loaders as Loader<K>>::Value: Default + Weight,
{
    Ok(optional(context, key).await?.unwrap_or_default())
}

macro_rules! by_id {
    ($($id:ident => $value:ident by $method:ident,)+) => {$(
        impl Weight for $value {}

        impl Loader<$id> for Loaders {
            type Value = $value;
            type Error = Arc<StoreError>;

            async fn load(&self, keys: &[$id]) -> Result<HashMap<$id, $value>, Self::Error> {
                self.visible.$method(keys).await.map_err(Arc::new)
            }
        }
    )+};
}

by_id! {
    UnitId => Unit by units_by_id,
    TopicId => Topic by topics_by_id,
    IndicatorId => Indicator by indicators_by_id,
    NoticeId => Notice by notices_by_id,
    ReportingDutyId => ReportingDuty by duties_by_id,
    ProjectId => Project by projects_by_id,
    TaskId => Task by tasks_by_id,
    AssignmentId => Assignment by assignments_by_id,
    TargetId => Target by targets_by_id,
    AccountId => Account by accounts_by_id,
    SessionId => Session by sessions_by_id,
    ApiKeyId => ApiKey by api_keys_by_id,
    AuditEventId => AuditEvent by audit_events_by_id,
    ProgressReportId => ProgressReport by reports_by_id,
    BlockerId => Blocker by blockers_by_id,
    MilestoneId => Milestone by milestones_by_id,
    ProgressEventId => ProgressEvent by progress_events_by_id,
}

macro_rules! belonging {
    ($($(#[$doc:meta])* $key:ident($id:ident) => $value:ty, by $method:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub $id);

        impl Loader<$key> for Loaders {
            type Value = $value;
            type Error = Arc<StoreError>;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Self::Error> {
                let ids: Vec<$id> = keys.iter().map(|key| key.0).collect();
                let found = self.visible.$method(&ids).await.map_err(Arc::new)?;
                Ok(found.into_iter().map(|(id, value)| ($key(id), value)).collect())
            }
        }
    )+};
}

belonging! {
    /// The other names of a unit.
    AliasesOf(UnitId) => Vec<String>, by aliases_of_units;
    /// The members of a collective unit.
    MembersOf(UnitId) => Vec<Unit>, by members_of_collectives;
    /// The collective units that a unit is a member of.
    CollectivesOf(UnitId) => Vec<Unit>, by collectives_of_units;
    /// The recipients of a notice.
    RecipientsOf(NoticeId) => Vec<Recipient>, by recipients_of_notices;
    /// The reporting duties of a notice.
    DutiesOf(NoticeId) => Vec<ReportingDuty>, by duties_of_notices;
    /// The projects of a notice.
    ProjectsOf(NoticeId) => Vec<Project>, by projects_of_notices;
    /// The number of projects of a notice.
    ProjectCountOf(NoticeId) => i64, by project_counts;
    /// The number of tasks of a notice.
    TaskCountOf(NoticeId) => i64, by task_counts;
    /// The tasks of a project.
    TasksOf(ProjectId) => Vec<Task>, by tasks_of_projects;
    /// The assignments of a task.
    AssignmentsOf(TaskId) => Vec<Assignment>, by assignments_of_tasks;
    /// The targets of a task.
    TargetsOf(TaskId) => Vec<Target>, by targets_of_tasks;
    /// The API keys of an account.
    ApiKeysOf(AccountId) => Vec<ApiKey>, by api_keys_of_accounts;
    /// The milestones of a task's plan.
    MilestonesOf(TaskId) => Vec<Milestone>, by milestones_of_tasks;
    /// The shares of a target.
    AllocationsOf(TargetId) => Vec<Allocation>, by allocations_of_targets;
    /// The latest report of a task, drafts aside.
    LatestReportOf(TaskId) => ProgressReport, by latest_reports;
    /// The open blockers of a task.
    OpenBlockersOf(TaskId) => Vec<Blocker>, by open_blockers;
    /// The figures of a report.
    FiguresOf(ProgressReportId) => Vec<Figure>, by figures_of_reports;
    /// The milestones that a report says are reached.
    ReachedIn(ProgressReportId) => Vec<Milestone>, by milestones_of_reports;
    /// What happened to a report.
    StepsOf(ProgressReportId) => Vec<Step>, by steps_of_reports;
    /// The blockers that a report names.
    BlockersOf(ProgressReportId) => Vec<Blocker>, by blockers_of_reports;
    /// The meetings that were held for a notice.
    MeetingsOf(NoticeId) => Vec<Meeting>, by meetings_of_notices;
    /// What the office has set for a notice.
    SettingOf(NoticeId) => NoticeSetting, by settings_of_notices;
    /// How many people live in a jurisdiction, by year.
    PopulationsOf(JurisdictionId) => Vec<Population>, by populations_of_jurisdictions;
    /// The rule sets that a jurisdiction has adopted.
    RuleSetsOf(JurisdictionId) => Vec<AdoptedRuleSet>, by rule_sets_of_jurisdictions;
    /// The topics of a task.
    TopicsOf(TaskId) => Vec<Topic>, by topics_of_tasks;
}

/// A page of the rows of a parent; pages that were asked for alike are loaded together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PageOf<P, S> {
    /// The parent.
    pub parent: P,
    /// Which of its lists, narrowed how.
    pub scope: S,
    /// Which page.
    pub request: PageRequest,
}

/// Loads pages for keys of all kinds: those that ask alike share their statements.
async fn alike<P, S, T, F>(
    keys: &[PageOf<P, S>],
    load: impl Fn(Vec<P>, S, PageRequest) -> F,
) -> Result<HashMap<PageOf<P, S>, PageResult<T>>, Arc<StoreError>>
where
    P: Copy + Eq + Hash,
    S: Copy + Eq + Hash,
    F: Future<Output = Result<HashMap<P, Page<T>>, StoreError>>,
{
    let mut found = HashMap::new();
    let shapes: HashSet<(S, &PageRequest)> = keys.iter().map(|key| (key.scope, &key.request)).collect();
    for (scope, request) in shapes {
        let parents: Vec<P> = keys.iter().filter(|key| key.scope == scope && &key.request == request).map(|key| key.parent).collect();
        let key = |parent| PageOf { parent, scope, request: request.clone() };
        match load(parents.clone(), scope, request.clone()).await {
            Ok(pages) => found.extend(pages.into_iter().map(|(parent, page)| (key(parent), Ok(page)))),
            Err(failure) => {
                let failure = Arc::new(failure);
                found.extend(parents.into_iter().map(|parent| (key(parent), Err(Arc::clone(&failure)))));
            }
        }
    }
    Ok(found)
}

macro_rules! pages {
    ($($(#[$doc:meta])* $scope:ident of $parent:ident => $value:ident, by $method:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $scope;

        impl Loader<PageOf<$parent, $scope>> for Loaders {
            type Value = PageResult<$value>;
            type Error = Arc<StoreError>;

            async fn load(&self, keys: &[PageOf<$parent, $scope>]) -> Result<HashMap<PageOf<$parent, $scope>, PageResult<$value>>, Self::Error> {
                alike(keys, |parents, $scope, request| async move { self.visible.$method(&parents, &request).await }).await
            }
        }
    )+};
}

pages! {
    /// The units of a jurisdiction.
    Units of JurisdictionId => Unit, by units_of_jurisdictions;
    /// The notices of a jurisdiction.
    Notices of JurisdictionId => Notice, by notices_of_jurisdictions;
    /// The notices that a unit issued.
    IssuedNotices of UnitId => Notice, by notices_issued_by_units;
    /// The notices that a unit supervises.
    SupervisedNotices of UnitId => Notice, by notices_supervised_by_units;
    /// The indicators of a topic.
    Indicators of TopicId => Indicator, by indicators_of_topics;
    /// The tasks of a topic.
    Tasks of TopicId => Task, by tasks_of_topics;
    /// The targets under an indicator.
    Targets of IndicatorId => Target, by targets_of_indicators;
    /// The reports of a task.
    Reports of TaskId => ProgressReport, by reports_of_tasks;
}

/// The assignments of a unit, all or those of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Assignments {
    /// The role.
    pub role: Option<AssignmentRole>,
}

impl Loader<PageOf<UnitId, Assignments>> for Loaders {
    type Value = PageResult<Assignment>;
    type Error = Arc<StoreError>;

    async fn load(
        &self,
        keys: &[PageOf<UnitId, Assignments>],
    ) -> Result<HashMap<PageOf<UnitId, Assignments>, PageResult<Assignment>>, Self::Error> {
        alike(keys, |parents, scope, request| async move { self.visible.assignments_of_units(&parents, scope.role, &request).await }).await
    }
}

/// All that is known of a task's progress, and how time is reckoned.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The dossier.
    pub dossier: Dossier,
    /// How time is reckoned.
    pub reckoning: Reckoning,
}

impl Weight for Arc<Known> {}

/// All that is known of a task's progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct DossierOf(pub TaskId);

impl Loader<DossierOf> for Loaders {
    type Value = Arc<Known>;
    type Error = Arc<StoreError>;

    async fn load(&self, keys: &[DossierOf]) -> Result<HashMap<DossierOf, Arc<Known>>, Self::Error> {
        let tasks: Vec<TaskId> = keys.iter().map(|key| key.0).collect();
        let dossiers = self.visible.dossiers(&tasks).await.map_err(Arc::new)?;
        let reckoning = state::reckoning(&self.visible, self.zone, self.now, dossiers.values()).await.map_err(Arc::new)?;
        let known = |(id, dossier)| (DossierOf(id), Arc::new(Known { dossier, reckoning: reckoning.clone() }));
        Ok(dossiers.into_iter().map(known).collect())
    }
}

/// All rows of the comparison under an indicator, as of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct RowsUnder {
    pub indicator_id: IndicatorId,
    pub on: NaiveDate,
}

impl Loader<RowsUnder> for Loaders {
    type Value = Arc<Vec<Row>>;
    type Error = Arc<StoreError>;

    async fn load(&self, keys: &[RowsUnder]) -> Result<HashMap<RowsUnder, Arc<Vec<Row>>>, Self::Error> {
        let mut found = HashMap::new();
        // As many statements as there are dates, which an operation writes out one by one.
        let dates: HashSet<NaiveDate> = keys.iter().map(|key| key.on).collect();
        for on in dates {
            let ids: Vec<IndicatorId> = keys.iter().filter(|key| key.on == on).map(|key| key.indicator_id).collect();
            let rows = comparison::rows_under(&self.visible, self.zone, self.now, &ids, on).await.map_err(Arc::new)?;
            found.extend(rows.into_iter().map(|(indicator_id, rows)| (RowsUnder { indicator_id, on }, Arc::new(rows))));
        }
        Ok(found)
    }
}

impl Inquiry {
    /// Remembers what was loaded of these tasks past the loaders, so that it is neither loaded again nor shown otherwise.
    pub(super) async fn remember(&self, dossiers: Vec<Dossier>, reckoning: &Reckoning) {
        self.hold(Held::by(&dossiers)).await;
        let known = dossiers.into_iter().map(|dossier| (DossierOf(dossier.task.id), Known { dossier, reckoning: reckoning.clone() }));
        self.loaders.feed_many(known.map(|(key, known)| (key, Arc::new(known)))).await;
    }
}

/// Forgets everything that a change of progress may have changed.
pub(super) fn forget(loaders: &DataLoader<Loaders, HashMapCache>) {
    loaders.clear::<DossierOf>();
    loaders.clear::<RowsUnder>();
    loaders.clear::<LatestReportOf>();
    loaders.clear::<OpenBlockersOf>();
    loaders.clear::<FiguresOf>();
    loaders.clear::<ReachedIn>();
    loaders.clear::<StepsOf>();
    loaders.clear::<BlockersOf>();
    loaders.clear::<MilestonesOf>();
    loaders.clear::<AllocationsOf>();
    loaders.clear::<DutiesOf>();
    loaders.clear::<SettingOf>();
    loaders.clear::<RuleSetsOf>();
    loaders.clear::<ProgressReportId>();
    loaders.clear::<BlockerId>();
    loaders.clear::<MilestoneId>();
    loaders.clear::<ReportingDutyId>();
    loaders.clear::<PageOf<TaskId, Reports>>();
}
