//! What happens to a report in one transaction, written and told.

use chrono::{DateTime, Utc};
use entity::{BlockerId, BlockerState, MilestoneId, TransitionKind};

use crate::{
    domain::progress::{
        audience::Lights,
        blocker::Blocker,
        dossier::{Acceptance, Dossier, Reckoning},
        event::{Blocked, NewEvent, Reported, Scene},
        report::{Figure, ProgressReport, Step},
    },
    service::Refusal,
    store::Writer,
};

/// What happens to a report.
#[derive(Clone, Debug)]
pub(in crate::service) struct Change {
    /// The report as it was; `None` where it is new.
    pub before: Option<ProgressReport>,
    /// The report as it is to be.
    pub after: ProgressReport,
    /// What it is to say, where that changes.
    pub content: Option<Content>,
    /// The steps that it takes.
    pub steps: Vec<Step>,
    /// What counts from now on.
    pub acceptance: Option<Acceptance>,
    /// Whether what counted does so no longer.
    pub ends_acceptance: bool,
    /// Where the task's events happen.
    pub scene: Scene,
    /// The lights that the task had.
    pub lights_before: Lights,
    /// The lights that it has with this.
    pub lights: Lights,
}

/// What a report says besides words.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Content {
    /// Its figures.
    pub figures: Vec<Figure>,
    /// The milestones that it says are reached.
    pub reached: Vec<MilestoneId>,
    /// Its blockers that were there before, as they are to be.
    pub kept: Vec<Blocker>,
    /// Its new blockers.
    pub added: Vec<Blocker>,
    /// Those of its blockers that are raised by this, which a draft's were not yet.
    pub raised: Vec<BlockerId>,
}

impl Change {
    /// Writes it, and tells of it.
    pub async fn write(&self, writer: &mut Writer, at: DateTime<Utc>) -> Result<(), Refusal> {
        match &self.before {
            None => writer.add_report(&self.after).await?,
            Some(before) => {
                // The version was compared within this turn, so that of `before` is the stored one.
                let after = ProgressReport { version: before.version, ..self.after.clone() };
                writer.change_report(&after).await?;
            }
        }
        if let Some(content) = &self.content {
            if self.before.is_some() {
                writer.clear_content(self.after.id).await?;
            }
            writer.add_content(self.after.id, &content.figures, &content.reached).await?;
            for (position, blocker) in (0_i32..).zip(content.kept.iter()) {
                writer.change_blocker(blocker, Some(position)).await?;
            }
            for (position, blocker) in (0_i32..).zip(content.added.iter()) {
                writer.add_blocker(blocker, position).await?;
            }
        }
        for step in &self.steps {
            writer.add_step(step).await?;
        }
        if self.ends_acceptance {
            writer.end_acceptance(self.after.id, at).await?;
        }
        if let Some(acceptance) = &self.acceptance {
            writer.accept(self.after.task_id, acceptance).await?;
        }
        writer.emit(&self.events()).await?;
        writer.touch_task(self.after.task_id, self.lights).await?;
        Ok(())
    }

    fn events(&self) -> Vec<NewEvent> {
        let report = Reported { report_id: self.after.id, unit_id: self.after.unit_id, period: self.after.period };
        let of_step = |step: &Step| match step.kind {
            TransitionKind::Submit => NewEvent::report_submitted(self.scene, report),
            TransitionKind::Accept => NewEvent::report_accepted(self.scene, report),
            TransitionKind::Return => NewEvent::report_returned(self.scene, report),
            TransitionKind::Reopen => NewEvent::report_reopened(self.scene, report),
        };
        let mut events: Vec<NewEvent> = self.steps.iter().map(of_step).collect();
        let blocked = |blocker_id| Blocked { blocker_id, report_id: self.after.id, unit_id: self.after.unit_id };
        let raised = self.content.iter().flat_map(|content| &content.raised);
        events.extend(raised.map(|blocker| NewEvent::blocker_raised(self.scene, blocked(*blocker))));
        // What a later version names no more stops nobody any more; whoever was told that it was raised is told so.
        let dropped = self.content.iter().flat_map(|content| &content.kept);
        let dropped = dropped.filter(|blocker| blocker.state == BlockerState::Withdrawn && blocker.raised_at.is_some());
        events.extend(dropped.map(|blocker| NewEvent::blocker_resolved(self.scene, blocked(blocker.id))));
        events.extend(NewEvent::lights_changed(self.scene, self.lights_before, self.lights));
        events
    }
}

/// The lights that a task has, by what is known of it.
pub(in crate::service) fn lights(dossier: &Dossier, reckoning: &Reckoning) -> Result<Lights, Refusal> {
    dossier.lights(reckoning).map_err(|_| Refusal::Fault("a sum of figures is too large".into()))
}

/// The lights that were told last of a task, or those that it has had all along.
pub(in crate::service) fn lights_told(dossier: &Dossier, reckoning: &Reckoning) -> Result<Lights, Refusal> {
    if let Some(told) = dossier.standing.told() {
        return Ok(told);
    }
    let now = lights(dossier, reckoning)?;
    let standing = &dossier.standing;
    Ok(Lights { office: standing.light.unwrap_or(now.office), public: standing.public_light.unwrap_or(now.public) })
}

/// The lights that are told after a change. A change that stays inside tells nothing of the public light, even where time has moved it
/// since: the public would learn when the change was made. Whoever watches the time tells it.
pub(in crate::service) fn lights_after(before: Lights, now: Lights, is_hidden: bool) -> Lights {
    if is_hidden { Lights { public: before.public, ..now } } else { now }
}
