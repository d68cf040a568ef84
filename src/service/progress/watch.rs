//! What the passing of time brings about, which nobody posts: reports that fall overdue, and lights that change because more is due.
//!
//! Any number of processes may watch the same database. Each looks for itself, which costs reading alone; the first to take its turn
//! tells what it found, and the others then find that it is told.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use entity::{Action, NoticeState, TaskId};

use super::{
    report::{lights, lights_told},
    state::reckoning,
};
use crate::{
    access::{policy::Resource, viewer::Viewer},
    domain::{
        audit::{Changes, Occasion},
        progress::{
            audience::Lights,
            calendar::DutyState,
            dossier::{Dossier, Reckoning},
            event::{NewEvent, Scene},
        },
    },
    service::{Call, Refusal, Service},
    store::{Record, Writer},
};

/// How far back the first watch of a database looks: what fell overdue long before anybody followed is no news.
const FIRST_LOOK: TimeDelta = TimeDelta::days(1);

/// What time has brought about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// How many reports fell overdue.
    pub overdue: usize,
    /// How many lights changed.
    pub lights: usize,
}

/// Lights that are not those that were told last.
struct Changed {
    task: TaskId,
    revision: i32,
    scene: Scene,
    /// Where one was never told, it is the one of now: the first is no news.
    before: Lights,
    now: Lights,
}

impl Service {
    /// Tells what time has brought about since it was last looked at.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn watch_time(&self) -> Result<Watched, Refusal> {
        let occasion = Occasion { at: self.now(), request_id: "watch".to_owned(), address: None };
        let call = Call { viewer: Viewer::Operator, occasion, user_agent: None, jurisdictions: None };
        let visible = self.visible(&call);
        let since = self.database.watched_until().await?;
        let year = call.occasion.at.year();
        // The duties of a year end with its last quarter's report, early in the next.
        let dossiers = visible.dossiers_in_years(&[year.saturating_sub(1), year]).await?;
        let reckoning = reckoning(&visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let in_force = || dossiers.iter().filter(|dossier| dossier.notice.state == NoticeState::Issued);
        let from = since.unwrap_or_else(|| call.occasion.at.checked_sub_signed(FIRST_LOOK).unwrap_or(call.occasion.at));
        let overdue: Vec<NewEvent> = in_force().flat_map(|dossier| overdue(dossier, from, &reckoning)).collect();
        let lights = in_force().filter_map(|dossier| changed(dossier, &reckoning).transpose()).collect::<Result<Vec<_>, Refusal>>()?;
        if overdue.is_empty() && lights.is_empty() {
            return Ok(Watched::default());
        }
        let permit = Self::authorise(&call, Action::WatchTime, &[Resource::Installation])?;
        let mut writer = self.database.writing(permit).await?;
        if writer.watched_until().await? != since {
            writer.abandon().await?;
            return Ok(Watched::default());
        }
        writer.emit(&overdue).await?;
        let told = tell(&mut writer, &lights).await?;
        writer.set_watched_until(reckoning.now).await?;
        let changes = Changes::default().with("overdue", 0, overdue.len()).with("lights", 0, told);
        writer.commit(&call.occasion, Record::done().with(changes)).await?;
        Ok(Watched { overdue: overdue.len(), lights: told })
    }
}

/// The reports of a task that fell overdue after `from`.
fn overdue(dossier: &Dossier, from: DateTime<Utc>, reckoning: &Reckoning) -> Vec<NewEvent> {
    let scene = |at| Scene { at, task_id: dossier.task.id, jurisdiction_id: dossier.notice.jurisdiction_id };
    dossier
        .owed(reckoning, reckoning.now)
        .filter(|owed| owed.state == DutyState::Missing && owed.occurrence.due_at >= from && owed.occurrence.due_at < reckoning.now)
        .map(|owed| {
            let occurrence = &owed.occurrence;
            NewEvent::duty_overdue(scene(occurrence.due_at), occurrence.duty_id, owed.unit_id, occurrence.period)
        })
        .collect()
}

fn changed(dossier: &Dossier, reckoning: &Reckoning) -> Result<Option<Changed>, Refusal> {
    let now = lights(dossier, reckoning)?;
    if dossier.standing.told() == Some(now) {
        return Ok(None);
    }
    Ok(Some(Changed {
        task: dossier.task.id,
        revision: dossier.standing.revision,
        scene: Scene { at: reckoning.now, task_id: dossier.task.id, jurisdiction_id: dossier.notice.jurisdiction_id },
        before: lights_told(dossier, reckoning)?,
        now,
    }))
}

/// Notes and tells the lights of tasks that are still as they were looked at; of the others whoever changed them has told.
async fn tell(writer: &mut Writer, lights: &[Changed]) -> Result<usize, Refusal> {
    let tasks: Vec<TaskId> = lights.iter().map(|changed| changed.task).collect();
    let revisions = writer.revisions(&tasks).await?;
    let mut events = Vec::new();
    for changed in lights.iter().filter(|changed| revisions.get(&changed.task).copied().unwrap_or_default() == changed.revision) {
        writer.touch_task(changed.task, changed.now).await?;
        events.extend(NewEvent::lights_changed(changed.scene, changed.before, changed.now));
    }
    writer.emit(&events).await?;
    Ok(events.len())
}
