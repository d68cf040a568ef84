//! Reports and blockers of generated worlds: who sees which, by the rule in words, and whether every path and the policy agree.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    Action, BlockerId, BlockerState, JurisdictionId, MilestoneId, NoticeId, ProgressReportId, ReportState, Role, TaskId, Timestamp,
    TransitionKind, UnitId, blocker, milestone, progress_report, report_milestone, report_transition,
};
use minsheng::{
    access::{
        policy::{self, Decision, NoticeFacts, ReportFacts, Resource},
        viewer::Viewer,
    },
    domain::progress::period::Period,
};
use sea_orm::{ActiveValue::Set, EntityTrait as _, Iterable as _};
use serde_json::{Value, json};

use super::{
    ask, data, gather,
    generate::{Asker, PLACES},
    world::World,
};
use crate::support::{app::App, chance::Dice, global, rows};

/// How many reports a world has.
const REPORTS: u32 = 120;

/// What was reported, read past the service.
pub struct Progress {
    pub reports: Vec<progress_report::Model>,
    blockers: Vec<blocker::Model>,
    steps: Vec<report_transition::Model>,
    milestones: Vec<milestone::Model>,
    notice_of: BTreeMap<TaskId, NoticeId>,
}

/// Scatters reports of any state over the tasks: of units with a part in them, and of those that accounts of the tests are of.
pub async fn scatter(app: &App, dice: &mut Dice) {
    let mut tasks = rows!(app, task);
    tasks.sort_by(|one, other| (&one.title, one.number).cmp(&(&other.title, other.number)));
    let mut milestones: BTreeMap<TaskId, MilestoneId> = BTreeMap::new();
    for task in tasks.iter().step_by(5) {
        let id = MilestoneId::generate();
        let row = milestone::ActiveModel {
            id: Set(id),
            task_id: Set(task.id),
            position: Set(0),
            title: Set("开工".into()),
            due_on: Set("2024-06-30".parse().expect("a date")),
            planned_share: Set(None),
            retired: Set(dice.below(3) == 0),
        };
        milestone::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a milestone");
        milestones.insert(task.id, id);
    }
    let assignments = rows!(app, assignment);
    let mut of_accounts = Vec::new();
    for place in PLACES {
        of_accounts.push(app.a_unit(place).await);
    }
    let states: Vec<ReportState> = ReportState::iter().collect();
    for number in 0..REPORTS {
        let task = dice.pick(&tasks);
        let assigned: Vec<UnitId> = assignments.iter().filter(|row| row.task_id == task.id).map(|row| row.unit_id).collect();
        let unit = if dice.below(2) == 0 { *dice.pick(&of_accounts) } else { *dice.pick(&assigned) };
        let state = *dice.pick(&states);
        // A period for each, so that no two reports are the same.
        let period: Period = format!("{}-W{:02}", 2020 + number / 50, 1 + number % 50).parse().expect("a period");
        let id = add_report(app, (task.id, unit), period, state).await;
        if let Some(milestone_id) = milestones.get(&task.id) {
            let row = report_milestone::ActiveModel { report_id: Set(id), milestone_id: Set(*milestone_id) };
            report_milestone::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a milestone reached");
        }
        for position in 0..dice.below(3) {
            let blocked = *dice.pick(&[BlockerState::Open, BlockerState::Open, BlockerState::Resolved, BlockerState::Withdrawn]);
            let helper = (dice.below(2) == 0).then(|| *dice.pick(&of_accounts));
            add_blocker(app, (task.id, id), i32::try_from(position).expect("few"), (state, blocked), helper).await;
        }
    }
}

async fn add_report(app: &App, (task_id, unit_id): (TaskId, UnitId), period: Period, state: ReportState) -> ProgressReportId {
    let now: Timestamp = app.now().into();
    let id = ProgressReportId::generate();
    let submitted = (state != ReportState::Draft).then_some(now);
    let row = progress_report::ActiveModel {
        id: Set(id),
        task_id: Set(task_id),
        unit_id: Set(unit_id),
        period: Set(period.key()),
        starts_on: Set(period.starts_on()),
        ends_on: Set(period.ends_on()),
        state: Set(state),
        version: Set(1),
        narrative: Set("进展".into()),
        stated_percent: Set(None),
        warnings: Set("[]".into()),
        demonstration: Set(false),
        created_at: Set(now),
        changed_at: Set(now),
        first_submitted_at: Set(submitted),
        submitted_at: Set(submitted),
        author_id: Set(None),
        author_username: Set(Some("somebody".into())),
    };
    progress_report::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a report");
    let kinds: &[TransitionKind] = match state {
        ReportState::Draft => &[],
        ReportState::Submitted => &[TransitionKind::Submit],
        ReportState::Accepted => &[TransitionKind::Submit, TransitionKind::Accept],
        ReportState::Returned => &[TransitionKind::Submit, TransitionKind::Return],
    };
    for (number, kind) in (1..).zip(kinds) {
        let row = report_transition::ActiveModel {
            report_id: Set(id),
            number: Set(number),
            at: Set(now),
            kind: Set(*kind),
            reason: Set((*kind == TransitionKind::Return).then(|| "数字有误".to_owned())),
            actor_id: Set(None),
            actor_username: Set(Some("somebody".into())),
        };
        report_transition::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a step");
    }
    id
}

async fn add_blocker(
    app: &App,
    (task_id, report_id): (TaskId, ProgressReportId),
    position: i32,
    (report, state): (ReportState, BlockerState),
    needed_from_id: Option<UnitId>,
) {
    let now: Timestamp = app.now().into();
    let row = blocker::ActiveModel {
        id: Set(BlockerId::generate()),
        task_id: Set(task_id),
        report_id: Set(report_id),
        position: Set(position),
        description: Set("征地".into()),
        needs: Set(Some("协调".into())),
        needed_from_id: Set(needed_from_id),
        needed_by: Set(None),
        state: Set(state),
        version: Set(1),
        raised_at: Set((report != ReportState::Draft).then_some(now)),
        resolved_at: Set((state == BlockerState::Resolved).then_some(now)),
        resolution: Set(None),
    };
    blocker::Entity::insert(row).exec_without_returning(&app.raw).await.expect("a blocker");
}

// --- The rule in words --------------------------------------------------------------------------------------------------------

impl Progress {
    pub async fn read(app: &App, notice_of: &BTreeMap<TaskId, NoticeId>) -> Self {
        Self {
            reports: rows!(app, progress_report),
            blockers: rows!(app, blocker),
            steps: rows!(app, report_transition),
            milestones: rows!(app, milestone),
            notice_of: notice_of.clone(),
        }
    }

    fn notice<'a>(&self, world: &'a World, report: &progress_report::Model) -> &'a entity::notice::Model {
        let id = self.notice_of[&report.task_id];
        world.notices.iter().find(|notice| notice.id == id).expect("a notice")
    }

    /// Whoever reads the notice reads what was accepted. A draft is for its own unit, and what is submitted or returned for whoever
    /// reads what is internal to the jurisdiction as well.
    pub fn reads_report(&self, world: &World, asker: &Asker, report: &progress_report::Model) -> bool {
        let notice = self.notice(world, report);
        world.reads_notice(asker, notice) && (report.state == ReportState::Accepted || self.reads_inside(world, asker, report))
    }

    /// Reviews and blockers stay internal when the report is accepted.
    fn reads_inside(&self, world: &World, asker: &Asker, report: &progress_report::Model) -> bool {
        let notice = self.notice(world, report);
        let own = world.account_of(asker).is_some_and(|account| !account.password_temporary && account.unit_id == Some(report.unit_id));
        let inside = report.state != ReportState::Draft && world.reads_inside(asker, notice.jurisdiction_id);
        world.reads_notice(asker, notice) && (own || inside)
    }

    fn report_of(&self, blocker: &blocker::Model) -> &progress_report::Model {
        self.reports.iter().find(|report| report.id == blocker.report_id).expect("a report")
    }

    /// The ids that exist for somebody.
    pub fn allowed(&self, world: &World, asker: &Asker) -> Vec<String> {
        let reports =
            self.reports.iter().filter(|report| self.reads_report(world, asker, report)).map(|report| global("report", report.id.0));
        let blockers = self.blockers.iter().filter(|blocker| self.reads_inside(world, asker, self.report_of(blocker)));
        reports.chain(blockers.map(|blocker| global("blocker", blocker.id.0))).collect()
    }

    pub fn everything(&self) -> impl Iterator<Item = String> + '_ {
        let reports = self.reports.iter().map(|report| global("report", report.id.0));
        reports.chain(self.blockers.iter().map(|blocker| global("blocker", blocker.id.0)))
    }

    /// What no list holds any more: blockers that were withdrawn, and milestones that the plan has dropped.
    pub fn unlisted(&self) -> impl Iterator<Item = String> + '_ {
        let withdrawn = self.blockers.iter().filter(|blocker| blocker.state == BlockerState::Withdrawn);
        let dropped = self.milestones.iter().filter(|milestone| milestone.retired);
        withdrawn.map(|blocker| global("blocker", blocker.id.0)).chain(dropped.map(|milestone| global("milestone", milestone.id.0)))
    }
}

// --- Asking -------------------------------------------------------------------------------------------------------------------

/// Looks at reports and blockers from the tasks that they are of, from ledgers, and from within.
pub async fn walk(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    let tasks: BTreeSet<String> = world.progress.reports.iter().map(|report| global("task", report.task_id.0)).collect();
    let tasks: Vec<String> = tasks.into_iter().collect();
    for ids in tasks.chunks(20) {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Task {
            id openBlockers { id report { id unit { id } } } reports(first: 20) { totalCount nodes { id task { id } } } } } }";
        gather(&data(app, asker, query, json!({ "ids": ids })).await, seen);
    }
    insides(app, world, asker, allowed).await;
    for notice in &world.notices {
        let code = &world.codes[&notice.jurisdiction_id];
        let variables = json!({ "j": code, "y": notice.year });
        let query = "query($j: String!, $y: Int!) { ledger(jurisdiction: $j, year: $y, first: 100) {
            nodes { task { id } openBlockers { id } latestReport { id state } nextMilestone { id } } summary { compliance { expected } } } }";
        let ledger = data(app, asker, query, variables.clone()).await["ledger"].clone();
        assert_eq!(!ledger.is_null(), world.reads_notice(asker, notice), "{}: the ledger of {code} {}", asker.name, notice.year);
        let counted = !ledger.is_null() && reads_compliance(world, asker, notice.jurisdiction_id);
        assert_eq!(!ledger["summary"]["compliance"].is_null(), counted, "{}: the compliance of {code}", asker.name);
        gather(&ledger, seen);
    }
    for (place, code) in &world.codes {
        let query = "query($j: String!) { compliance(jurisdiction: $j, from: \"2024-01-01\", to: \"2024-12-31\") { total { expected } } }";
        let answer = ask(app, asker, query, json!({ "j": code })).await;
        let told = answer["data"]["compliance"]["total"].is_object();
        assert_eq!(told, reads_compliance(world, asker, *place), "{}: the compliance of {code}: {answer:#}", asker.name);
        assert_eq!(told, answer.get("errors").is_none(), "{}: the compliance of {code}: {answer:#}", asker.name);
    }
}

/// How units report is for whoever reads what is internal to their jurisdiction.
pub fn reads_compliance(world: &World, asker: &Asker, place: JurisdictionId) -> bool {
    let role = world.account_of(asker).map(|account| account.role);
    role.is_some_and(|role| matches!(role, Role::Unit | Role::Office | Role::Leader)) && world.reads_inside(asker, place)
}

/// What a report tells of its review and of who wrote it, which is internal also where the report is not.
async fn insides(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>) {
    for reports in world.progress.reports.chunks(50) {
        let ids: Vec<String> = reports.iter().map(|report| global("report", report.id.0)).collect();
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on ProgressReport {
            blockers { id } history { decision reviewer { username } } review { reason } author { username } } } }";
        let found = data(app, asker, query, json!({ "ids": ids })).await;
        for (report, node) in reports.iter().zip(found["nodes"].as_array().expect("nodes")) {
            let what = format!("{}: a report {:?} {}", asker.name, report.state, global("report", report.id.0));
            assert_eq!(!node.is_null(), allowed.contains(&global("report", report.id.0)), "{what}");
            if node.is_null() {
                continue;
            }
            let inside = world.progress.reads_inside(world, asker, report);
            let steps = world.progress.steps.iter().filter(|step| step.report_id == report.id);
            let listed = |blocker: &&blocker::Model| blocker.report_id == report.id && blocker.state != BlockerState::Withdrawn;
            let blockers = world.progress.blockers.iter().filter(listed);
            let (steps, blockers) = if inside { (steps.count(), blockers.count()) } else { (0, 0) };
            assert_eq!(node["history"].as_array().map(Vec::len), Some(steps), "{what}: {node:#}");
            assert_eq!(node["blockers"].as_array().map(Vec::len), Some(blockers), "{what}: {node:#}");
            assert_eq!(!node["review"].is_null(), steps > 1, "{what}: {node:#}");
            assert_eq!(node["author"]["username"], if inside { json!("somebody") } else { Value::Null }, "{what}");
        }
    }
}

/// The policy says of one report or blocker what the service shows of all.
pub fn decisions(world: &World, asker: &Asker, viewer: &Viewer, allowed: &BTreeSet<String>) {
    let allows = |action, resource| policy::decide(viewer, action, &resource) == Decision::Allow;
    let facts = |report: &progress_report::Model| {
        let notice = world.progress.notice(world, report);
        let notice = NoticeFacts { jurisdiction: notice.jurisdiction_id, state: notice.state, disclosure: notice.disclosure };
        ReportFacts { notice, unit: report.unit_id, state: report.state }
    };
    for report in &world.progress.reports {
        let exists = allowed.contains(&global("report", report.id.0));
        assert_eq!(allows(Action::ReadNotice, Resource::Report(facts(report))), exists, "{}: {report:?}", asker.name);
    }
    for blocker in &world.progress.blockers {
        let exists = allowed.contains(&global("blocker", blocker.id.0));
        let report = facts(world.progress.report_of(blocker));
        let resource = Resource::Blocker { report, open: blocker.state == BlockerState::Open };
        assert_eq!(allows(Action::ReadNotice, resource), exists, "{}: {blocker:?}", asker.name);
    }
    for place in world.codes.keys() {
        let told = reads_compliance(world, asker, *place);
        assert_eq!(allows(Action::ReadCompliance, Resource::Compliance(*place)), told, "{}", asker.name);
    }
}
