//! 进展事件: the events of a task, for subscribers.

use chrono::{DateTime, Utc};
use entity::{
    BlockerId, JurisdictionId, ProgressEventId, ProgressEventKind, ProgressReportId, ReportingDutyId, StatusLight, TaskId, UnitId,
};

use super::{audience::Lights, period::Period};

/// Something that happened to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressEvent {
    /// Its place among all events: rises in the order in which they came to hold.
    pub sequence: i64,
    /// Its id.
    pub id: ProgressEventId,
    /// The event and its subject.
    pub what: NewEvent,
}

/// Something that happens to a task and is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// The kind.
    pub kind: ProgressEventKind,
    /// To which task.
    pub task_id: TaskId,
    /// The jurisdiction of the task's notice.
    pub jurisdiction_id: JurisdictionId,
    /// The report that it is about.
    pub report_id: Option<ProgressReportId>,
    /// The blocker that it is about.
    pub blocker_id: Option<BlockerId>,
    /// The unit whose report, duty, blocker or claim it is.
    pub unit_id: Option<UnitId>,
    /// The duty that is overdue.
    pub duty_id: Option<ReportingDutyId>,
    /// The key of the period that the report is, or should be, of.
    pub period: Option<String>,
    /// The light that the task has from now on.
    pub light: Option<StatusLight>,
    /// The light that it had before.
    pub light_before: Option<StatusLight>,
    /// The audience.
    pub told: Told,
}

/// The audience of an event, among those who see the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Everybody.
    Everybody,
    /// Those who read the internal data of the jurisdiction. A submission, a return, a claim or a blocker is the government's own business
    /// until its office has accepted it.
    Inside,
    /// Everybody else: that the public light changed is no news to those who are shown another one.
    Outside,
}

impl Told {
    /// Whether readers of internal data are told.
    #[must_use]
    pub fn is_inside(self) -> bool {
        matches!(self, Self::Everybody | Self::Inside)
    }

    /// Whether the public is told.
    #[must_use]
    pub fn is_outside(self) -> bool {
        matches!(self, Self::Everybody | Self::Outside)
    }

    /// The stored values of it.
    #[must_use]
    pub fn of(inside: bool, outside: bool) -> Self {
        match (inside, outside) {
            (true, true) => Self::Everybody,
            (false, true) => Self::Outside,
            (_, false) => Self::Inside,
        }
    }
}

/// When something happens, and to which task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scene {
    /// When.
    pub at: DateTime<Utc>,
    /// To which task.
    pub task_id: TaskId,
    /// The jurisdiction of the task's notice.
    pub jurisdiction_id: JurisdictionId,
}

/// Which report something happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The report.
    pub report_id: ProgressReportId,
    /// Whose it is.
    pub unit_id: UnitId,
    /// Of which period.
    pub period: Period,
}

/// Which blocker something happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The blocker.
    pub blocker_id: BlockerId,
    /// The report that names it.
    pub report_id: ProgressReportId,
    /// Whose it is.
    pub unit_id: UnitId,
}

/// The audience of events of a kind.
fn told_of(kind: ProgressEventKind) -> Told {
    match kind {
        ProgressEventKind::ReportAccepted | ProgressEventKind::LightChanged | ProgressEventKind::TaskClosed => Told::Everybody,
        ProgressEventKind::ReportSubmitted
        | ProgressEventKind::ReportReturned
        | ProgressEventKind::ReportReopened
        | ProgressEventKind::DutyOverdue
        | ProgressEventKind::BlockerRaised
        | ProgressEventKind::BlockerResolved
        | ProgressEventKind::CompletionClaimed
        | ProgressEventKind::CompletionReturned => Told::Inside,
    }
}

impl NewEvent {
    /// 填报已报送: a report was submitted.
    #[must_use]
    pub fn report_submitted(scene: Scene, report: Reported) -> Self {
        Self::of_report(ProgressEventKind::ReportSubmitted, scene, report)
    }

    /// 填报已接受: a report was accepted.
    #[must_use]
    pub fn report_accepted(scene: Scene, report: Reported) -> Self {
        Self::of_report(ProgressEventKind::ReportAccepted, scene, report)
    }

    /// 填报已退回: a report was returned to its unit.
    #[must_use]
    pub fn report_returned(scene: Scene, report: Reported) -> Self {
        Self::of_report(ProgressEventKind::ReportReturned, scene, report)
    }

    /// 填报已重新打开: an accepted report was opened again.
    #[must_use]
    pub fn report_reopened(scene: Scene, report: Reported) -> Self {
        Self::of_report(ProgressEventKind::ReportReopened, scene, report)
    }

    /// Whether the event changes public data. That a report counts no longer is seen, though nobody outside is told why.
    #[must_use]
    pub fn moves_the_public(&self) -> bool {
        self.told.is_outside() || self.kind == ProgressEventKind::ReportReopened
    }

    /// 亮灯变化: the task has another light, the same one for everybody.
    #[must_use]
    pub fn light_changed(scene: Scene, before: Option<StatusLight>, light: StatusLight) -> Self {
        Self { light: Some(light), light_before: before, ..Self::new(ProgressEventKind::LightChanged, scene) }
    }

    /// 亮灯变化: the events for a change of a task's lights. Where the audiences are shown different lights, each is told of its own.
    #[must_use]
    pub fn lights_changed(scene: Scene, before: Lights, after: Lights) -> Vec<Self> {
        let changed = |before, after, told| (before != after).then(|| Self { told, ..Self::light_changed(scene, Some(before), after) });
        if (before.office, after.office) == (before.public, after.public) {
            return changed(before.office, after.office, Told::Everybody).into_iter().collect();
        }
        let inside = changed(before.office, after.office, Told::Inside);
        inside.into_iter().chain(changed(before.public, after.public, Told::Outside)).collect()
    }

    /// 逾期未报: a unit has not met a duty in time.
    #[must_use]
    pub fn duty_overdue(scene: Scene, duty: ReportingDutyId, unit: UnitId, period: Period) -> Self {
        let new = Self::new(ProgressEventKind::DutyOverdue, scene);
        Self { duty_id: Some(duty), unit_id: Some(unit), period: Some(period.to_string()), ..new }
    }

    /// 提出堵点: a report names a blocker.
    #[must_use]
    pub fn blocker_raised(scene: Scene, blocker: Blocked) -> Self {
        Self::of_blocker(ProgressEventKind::BlockerRaised, scene, blocker)
    }

    /// 堵点已解决: a blocker is out of the way.
    #[must_use]
    pub fn blocker_resolved(scene: Scene, blocker: Blocked) -> Self {
        Self::of_blocker(ProgressEventKind::BlockerResolved, scene, blocker)
    }

    /// 申请办结: a unit claims that the task is done.
    #[must_use]
    pub fn completion_claimed(scene: Scene, unit: Option<UnitId>) -> Self {
        Self { unit_id: unit, ..Self::new(ProgressEventKind::CompletionClaimed, scene) }
    }

    /// 办结申请退回: the claim was returned.
    #[must_use]
    pub fn completion_returned(scene: Scene, unit: Option<UnitId>) -> Self {
        Self { unit_id: unit, ..Self::new(ProgressEventKind::CompletionReturned, scene) }
    }

    /// 办结销号: the office accepts that the task is done.
    #[must_use]
    pub fn task_closed(scene: Scene) -> Self {
        Self::new(ProgressEventKind::TaskClosed, scene)
    }

    fn of_report(kind: ProgressEventKind, scene: Scene, report: Reported) -> Self {
        let Reported { report_id, unit_id, period } = report;
        Self { report_id: Some(report_id), unit_id: Some(unit_id), period: Some(period.to_string()), ..Self::new(kind, scene) }
    }

    fn of_blocker(kind: ProgressEventKind, scene: Scene, blocker: Blocked) -> Self {
        let Blocked { blocker_id, report_id, unit_id } = blocker;
        Self { blocker_id: Some(blocker_id), report_id: Some(report_id), unit_id: Some(unit_id), ..Self::new(kind, scene) }
    }

    fn new(kind: ProgressEventKind, scene: Scene) -> Self {
        let Scene { at, task_id, jurisdiction_id } = scene;
        Self {
            at,
            kind,
            task_id,
            jurisdiction_id,
            report_id: None,
            blocker_id: None,
            unit_id: None,
            duty_id: None,
            period: None,
            light: None,
            light_before: None,
            told: told_of(kind),
        }
    }
}
