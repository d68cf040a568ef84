//! Dossiers: all that is known of the progress of tasks, in a number of statements that does not depend on how many.
//!
//! Read in two ways: visible tasks, for a viewer; and given tasks, inside the transaction that is about to change them.

mod reported;
mod reporting;

pub(in crate::store) use reporting::adopted_rule_sets;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono_tz::Tz;
use entity::{
    AssignmentRole, IndicatorId, JurisdictionId, NoticeId, NoticeState, TaskId, UnitId, UnitKind, allocation, assignment, indicator,
    milestone, notice, target, task, task_standing, unit, unit_member,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    RelationTrait as _, Select, sea_query::SimpleExpr,
};

use crate::{
    access::{viewer::Viewer, visibility::audience},
    domain::{
        catalogue::indicator::Indicator,
        notices::{allocation::Allocation, notice::Notice, target::Target, task::Task},
        places::holiday::Holidays,
        progress::{
            completion::{Goal, Weight},
            dossier::{Dossier, Party, Reckoning},
            milestone::Milestone,
            standing::{Claim, Closing, Extension, Suspension, TaskStanding},
        },
    },
    store::{StoreError, TaskFilter, Visible, Writer},
};
use chrono::{DateTime, Utc};

impl Visible {
    /// The dossiers of these tasks, as far as they are visible.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Dossier>, StoreError> {
        let select = self.tasks().filter(task::Column::Id.is_in(tasks.iter().copied()));
        load(self.connection(), self.viewer(), select).await
    }

    /// The dossiers of a visible notice's tasks, in the order of its annex.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_of_notice(&self, notice: NoticeId) -> Result<Vec<Dossier>, StoreError> {
        let select = self.tasks().filter(task::Column::NoticeId.eq(notice));
        Ok(in_order(load(self.connection(), self.viewer(), select).await?))
    }

    /// The dossiers of the next tasks of a visible notice after a number, in the order of its annex. There is one more if more tasks
    /// follow.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_of_notice_after(&self, notice: NoticeId, after: Option<i64>, size: u32) -> Result<Vec<Dossier>, StoreError> {
        let mut select = self.tasks().filter(task::Column::NoticeId.eq(notice)).order_by_asc(task::Column::Number);
        if let Some(after) = after {
            select = select.filter(task::Column::Number.gt(after));
        }
        let select = select.limit(u64::from(size).saturating_add(1));
        Ok(in_order(load(self.connection(), self.viewer(), select).await?))
    }

    /// Whether a visible notice has tasks before a number.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn has_tasks_before(&self, notice: NoticeId, number: i32) -> Result<bool, StoreError> {
        let select = self.tasks().filter(task::Column::NoticeId.eq(notice)).filter(task::Column::Number.lt(number));
        Ok(select.one(self.connection()).await?.is_some())
    }

    /// The dossiers of the visible tasks of a jurisdiction's notices for some years, in the order of the annexes.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_of_years(&self, jurisdiction: JurisdictionId, years: &[i32]) -> Result<Vec<Dossier>, StoreError> {
        let select =
            self.tasks().filter(notice::Column::JurisdictionId.eq(jurisdiction)).filter(notice::Column::Year.is_in(years.iter().copied()));
        Ok(in_order(load(self.connection(), self.viewer(), select).await?))
    }

    /// The dossiers of all visible tasks of these years.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_in_years(&self, years: &[i32]) -> Result<Vec<Dossier>, StoreError> {
        Ok(in_order(load(self.connection(), self.viewer(), self.tasks().filter(notice::Column::Year.is_in(years.iter().copied()))).await?))
    }

    /// The dossiers of the visible tasks in force that have a target under one of these indicators, in the order of the annexes.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_under_indicators(&self, indicators: &[IndicatorId]) -> Result<Vec<Dossier>, StoreError> {
        let tasks = self
            .narrowing::<target::Entity>()
            .select_only()
            .column(target::Column::TaskId)
            .filter(target::Column::IndicatorId.is_in(indicators.iter().copied()));
        let select = self.tasks().filter(in_force()).filter(task::Column::Id.in_subquery(tasks.into_query()));
        Ok(in_order(load(self.connection(), self.viewer(), select).await?))
    }

    /// The dossiers of the visible tasks in force of these jurisdictions for some years, in the order of the annexes.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_of_places(&self, jurisdictions: &[JurisdictionId], years: &[i32]) -> Result<Vec<Dossier>, StoreError> {
        let select = self
            .tasks()
            .filter(in_force())
            .filter(notice::Column::JurisdictionId.is_in(jurisdictions.iter().copied()))
            .filter(notice::Column::Year.is_in(years.iter().copied()));
        Ok(in_order(load(self.connection(), self.viewer(), select).await?))
    }

    /// The dossiers of the visible tasks that a unit has a part in, by itself or as a member of a collective unit.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_of_unit(&self, unit: UnitId) -> Result<Vec<Dossier>, StoreError> {
        let select = self.tasks().filter(self.assigned(unit, None));
        Ok(in_order(load(self.connection(), self.viewer(), select).await?))
    }

    /// The dossiers of the tasks that a filter chooses, in the order of the annexes; `None` where they are more than `most`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn dossiers_of_filter(&self, filter: &TaskFilter, most: u32) -> Result<Option<Vec<Dossier>>, StoreError> {
        let select = self.tasks().filter(self.chosen_tasks(filter).await?);
        let found = select.clone().select_only().column(task::Column::Id).limit(u64::from(most).saturating_add(1));
        let ids = found.into_tuple::<TaskId>().all(self.connection()).await?;
        if ids.len() > usize::try_from(most).unwrap_or(usize::MAX) {
            return Ok(None);
        }
        // A task that entered the filter since is not read, so the tasks stay as few as they were counted.
        let select = self.tasks().filter(task::Column::Id.is_in(ids));
        Ok(Some(in_order(load(self.connection(), self.viewer(), select).await?)))
    }

    /// How time is reckoned, with the holidays where they matter. A committed change counts, even if the clock of its process is ahead of
    /// `now`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn reckoning(&self, zone: Tz, now: DateTime<Utc>, with_holidays: bool) -> Result<Reckoning, StoreError> {
        let holidays = if with_holidays { self.holidays().await? } else { Holidays::default() };
        Ok(Reckoning { zone, holidays: Arc::new(holidays), now: self.as_of(now) })
    }
}

impl Writer {
    /// The dossiers of these tasks, as this transaction finds them.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "of tasks that a permit was given for")]
    pub async fn dossiers(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, Dossier>, StoreError> {
        let select = task::Entity::find()
            .join(JoinType::InnerJoin, task::Relation::Notice.def())
            .filter(task::Column::Id.is_in(tasks.iter().copied()));
        load(&self.transaction, &Viewer::Operator, select).await
    }

    /// The revision of each of these tasks; a task without any report or setting has no revision.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "asks whether something has changed, not what it says")]
    pub async fn revisions(&self, tasks: &[TaskId]) -> Result<HashMap<TaskId, i32>, StoreError> {
        let revisions = task_standing::Entity::find()
            .select_only()
            .columns([task_standing::Column::TaskId, task_standing::Column::Revision])
            .filter(task_standing::Column::TaskId.is_in(tasks.iter().copied()))
            .into_tuple::<(TaskId, i32)>()
            .all(&self.transaction)
            .await?;
        Ok(revisions.into_iter().collect())
    }
}

/// The promises: notices that are issued. A notice that an office still drafts, or has withdrawn, is compared with nothing.
fn in_force() -> SimpleExpr {
    notice::Column::State.eq(NoticeState::Issued)
}

fn in_order(dossiers: HashMap<TaskId, Dossier>) -> Vec<Dossier> {
    let mut dossiers: Vec<Dossier> = dossiers.into_values().collect();
    dossiers.sort_by_key(|dossier| (dossier.notice.year, dossier.notice.id, dossier.task.number));
    dossiers
}

/// Everything about the tasks that `select`, which joins their notices, finds, to be judged for a viewer.
async fn load<C: ConnectionTrait>(
    connection: &C,
    viewer: &Viewer,
    select: Select<task::Entity>,
) -> Result<HashMap<TaskId, Dossier>, StoreError> {
    let rows = select.select_also(notice::Entity).all(connection).await?;
    let ids: Vec<TaskId> = rows.iter().map(|(task, _)| task.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    // This is read first: every later change has a higher revision than the one read here.
    let mut standings = standings(connection, &ids).await?;
    let mut notices = BTreeMap::new();
    let mut tasks = Vec::new();
    for (task, notice) in rows {
        let Some(notice) = notice else { continue };
        notices.entry(notice.id).or_insert_with(|| Arc::new(Notice::from(notice)));
        tasks.push(Task::from(task));
    }
    let reporting = reporting::of_notices(connection, notices.values().map(Arc::as_ref)).await?;
    let mut parties = parties(connection, &ids).await?;
    let mut goals = goals(connection, &ids).await?;
    let mut allocations = allocations(connection, &ids).await?;
    let mut milestones = milestones(connection, &ids).await?;
    let mut submissions = reported::submissions(connection, &ids).await?;
    let mut acceptances = reported::acceptances(connection, &ids).await?;
    let dossier = |task: Task| {
        let id = task.id;
        let notice = Arc::clone(notices.get(&task.notice_id)?);
        let Parties { reached, unresolved } = parties.remove(&id).unwrap_or_default();
        let dossier = Dossier {
            audience: audience(viewer, notice.jurisdiction_id),
            reporting: reporting.get(&task.notice_id).cloned().unwrap_or_default(),
            notice,
            task,
            parties: reached,
            unresolved,
            goals: goals.remove(&id).unwrap_or_default(),
            allocations: allocations.remove(&id).unwrap_or_default(),
            milestones: milestones.remove(&id).unwrap_or_default(),
            standing: standings.remove(&id).unwrap_or_default(),
            submissions: submissions.remove(&id).unwrap_or_default(),
            acceptances: acceptances.remove(&id).unwrap_or_default(),
        };
        Some((id, dossier))
    };
    Ok(tasks.into_iter().filter_map(dossier).collect())
}

#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
async fn standings<C: ConnectionTrait>(connection: &C, tasks: &[TaskId]) -> Result<HashMap<TaskId, TaskStanding>, StoreError> {
    let rows = task_standing::Entity::find().filter(task_standing::Column::TaskId.is_in(tasks.iter().copied())).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.task_id, row.into())).collect())
}

/// The units with a part in a task.
#[derive(Default)]
struct Parties {
    reached: Vec<Party>,
    /// Collective units without a member.
    unresolved: Vec<Party>,
}

/// The units with a part in each task. An assignment to a collective unit reaches every member; a unit that is reached twice has the
/// leading part.
#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
async fn parties<C: ConnectionTrait>(connection: &C, tasks: &[TaskId]) -> Result<HashMap<TaskId, Parties>, StoreError> {
    let assigned = assignment::Entity::find()
        .filter(assignment::Column::TaskId.is_in(tasks.iter().copied()))
        .order_by_asc(assignment::Column::Position)
        .select_also(unit::Entity)
        .join(JoinType::InnerJoin, assignment::Relation::Unit.def())
        .all(connection)
        .await?;
    let collectives: BTreeSet<UnitId> = assigned
        .iter()
        .filter_map(|(_, unit)| unit.as_ref())
        .filter(|unit| unit.kind == UnitKind::Collective)
        .map(|unit| unit.id)
        .collect();
    let mut members: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    if !collectives.is_empty() {
        let rows = unit_member::Entity::find()
            .filter(unit_member::Column::CollectiveId.is_in(collectives.iter().copied()))
            .order_by_asc(unit_member::Column::Position)
            .all(connection)
            .await?;
        for row in rows {
            members.entry(row.collective_id).or_default().push(row.member_id);
        }
    }
    let mut parties: HashMap<TaskId, Parties> = HashMap::new();
    for (assignment, _) in assigned {
        let of_task = parties.entry(assignment.task_id).or_default();
        let (units, known) = match members.get(&assignment.unit_id) {
            Some(members) => (members.clone(), &mut of_task.reached),
            None if collectives.contains(&assignment.unit_id) => (vec![assignment.unit_id], &mut of_task.unresolved),
            None => (vec![assignment.unit_id], &mut of_task.reached),
        };
        for unit_id in units {
            match known.iter_mut().find(|party| party.unit_id == unit_id) {
                Some(party) if assignment.role == AssignmentRole::Lead => party.role = AssignmentRole::Lead,
                Some(_) => {}
                None => known.push(Party { unit_id, role: assignment.role }),
            }
        }
    }
    Ok(parties)
}

#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
async fn goals<C: ConnectionTrait>(connection: &C, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Goal>>, StoreError> {
    let rows = target::Entity::find()
        .filter(target::Column::TaskId.is_in(tasks.iter().copied()))
        .order_by_asc(target::Column::Position)
        .all(connection)
        .await?;
    let wanted: BTreeSet<IndicatorId> = rows.iter().filter_map(|row| row.indicator_id).collect();
    let mut indicators: HashMap<IndicatorId, Indicator> = HashMap::new();
    if !wanted.is_empty() {
        let found = indicator::Entity::find().filter(indicator::Column::Id.is_in(wanted)).all(connection).await?;
        indicators.extend(found.into_iter().map(|row| (row.id, Indicator::from(row))));
    }
    let mut goals: HashMap<TaskId, Vec<Goal>> = HashMap::new();
    for row in rows {
        let target = Target::from(row);
        let indicator = target.indicator_id.and_then(|id| indicators.get(&id));
        goals.entry(target.task_id).or_default().push(Goal::new(target, indicator, Weight::default()));
    }
    Ok(goals)
}

#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
async fn allocations<C: ConnectionTrait>(connection: &C, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Allocation>>, StoreError> {
    let rows = allocation::Entity::find()
        .join(JoinType::InnerJoin, allocation::Relation::Target.def())
        .filter(target::Column::TaskId.is_in(tasks.iter().copied()))
        .order_by_asc(target::Column::Position)
        .order_by_asc(allocation::Column::Position)
        .select_also(target::Entity)
        .all(connection)
        .await?;
    let mut allocations: HashMap<TaskId, Vec<Allocation>> = HashMap::new();
    for (row, target) in rows {
        if let Some(target) = target {
            allocations.entry(target.task_id).or_default().push(row.into());
        }
    }
    Ok(allocations)
}

#[expect(clippy::disallowed_methods, reason = "belongs to tasks that were found by the rule")]
async fn milestones<C: ConnectionTrait>(connection: &C, tasks: &[TaskId]) -> Result<HashMap<TaskId, Vec<Milestone>>, StoreError> {
    let rows = milestone::Entity::find()
        .filter(milestone::Column::TaskId.is_in(tasks.iter().copied()))
        .filter(milestone::Column::Retired.eq(false))
        .order_by_asc(milestone::Column::DueOn)
        .order_by_asc(milestone::Column::Position)
        .all(connection)
        .await?;
    let mut milestones: HashMap<TaskId, Vec<Milestone>> = HashMap::new();
    for row in rows {
        milestones.entry(row.task_id).or_default().push(row.into());
    }
    Ok(milestones)
}

impl From<allocation::Model> for Allocation {
    fn from(row: allocation::Model) -> Self {
        Self { id: row.id, target_id: row.target_id, unit_id: row.unit_id, value: row.value.into() }
    }
}

impl From<milestone::Model> for Milestone {
    fn from(row: milestone::Model) -> Self {
        Self { id: row.id, task_id: row.task_id, title: row.title, due_on: row.due_on, planned_share: row.planned_share.map(Into::into) }
    }
}

impl From<task_standing::Model> for TaskStanding {
    fn from(row: task_standing::Model) -> Self {
        Self {
            version: row.version,
            revision: row.revision,
            starts_on: row.starts_on,
            due_on: row.due_on,
            extension: row.extended_to.map(|to| Extension { to, reason: row.extension_reason.unwrap_or_default() }),
            suspension: row.suspended_on.map(|on| Suspension { on, reason: row.suspension_reason.unwrap_or_default() }),
            claim: row.claimed_on.map(|on| Claim { on, note: row.claim_note }),
            closing: row.accepted_on.zip(row.in_force_on).map(|(accepted_on, in_force_on)| Closing {
                accepted_on,
                in_force_on,
                note: row.closing_note,
            }),
            return_reason: row.return_reason,
            light: row.light,
            public_light: row.public_light,
            changed_at: row.changed_at.map(Into::into),
            changed_by: row.changed_by,
        }
    }
}
