//! An invented year of progress for each of the five notices, so that a visitor of the demo finds every light and every state.
//!
//! It is marked everywhere. Reports and the rows that count carry a mark that the API shows as `invented`, and every text says so. It is
//! dated within its notice's own year, the same at every time, and nothing of it is written twice.

mod calendar;
mod course;
mod diary;
mod figures;
mod plan;
mod schedule;
mod story;
mod words;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    AccountId, Action, AuditSubject, Cadence, DutyKind, DutyOrigin, MeetingId, MeetingKind, Obligor, ReportingDutyId, Role, TaskId, UnitId,
};

use super::accounts::name_of;
use crate::{
    access::policy::{Entitlement, Resource},
    domain::{
        audit::Changes,
        notices::notice::ReportingDuty,
        people::account::Username,
        places::{holiday::Holidays, unit::Unit},
        progress::dossier::{Dossier, Reckoning, Reporting, duty_occurrences},
        supervision::meeting::Meeting,
    },
    service::{
        Call, Refusal, Service,
        progress::report::{facts, lights},
    },
    store::{Record, ReportHistory, Visible, Writer},
};
use calendar::{after, at, day};
use story::{STORIES, Story};
use words::marked;

/// The invented data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Invented {
    /// For how many notices.
    pub notices: usize,
    /// How many reports.
    pub reports: usize,
}

/// An account of the demo that has a part in the story.
#[derive(Clone, Debug)]
struct Person {
    id: AccountId,
    username: String,
    role: Role,
    unit: Option<UnitId>,
}

/// The accounts of a place.
#[derive(Clone, Debug)]
struct Cast {
    office: Option<Person>,
    leader: Option<Person>,
    unit: Option<Person>,
}

impl Cast {
    /// The account that posts for a unit: `None` if the demo has no account of it.
    fn reporter(&self, unit: UnitId) -> Option<&Person> {
        self.unit.as_ref().filter(|person| person.unit == Some(unit))
    }
}

/// The common values of the tasks of a notice.
struct Desk<'a> {
    story: &'a Story,
    zone: Tz,
    now: DateTime<Utc>,
    cast: Cast,
    units: HashMap<UnitId, Unit>,
}

impl Desk<'_> {
    /// How time is reckoned at an instant of the invented year. No notice of the demo goes by holidays.
    fn reckoning(&self, now: DateTime<Utc>) -> Reckoning {
        Reckoning { zone: self.zone, holidays: Arc::new(Holidays::default()), now }
    }
}

/// A notice's year, ready to be written.
struct Chapter {
    duty: Option<ReportingDuty>,
    dossiers: Vec<Dossier>,
    histories: Vec<ReportHistory>,
    meetings: Vec<Meeting>,
}

impl Service {
    /// Invents a year of progress for each notice of the demo without any report or setting. It reports each finished notice: how many are
    /// done, of how many.
    ///
    /// # Errors
    /// A notice of the demo is not there, or a fault of ours.
    pub async fn invent_progress(&self, call: &Call, tell: &(dyn Fn(usize, usize) + Send + Sync)) -> Result<Invented, Refusal> {
        self.attempt(call, Action::SubmitProgress, None, |entitled| async move {
            if !self.demonstration {
                return Err(Refusal::NotFound);
            }
            let mut invented = Invented::default();
            for (done, story) in (1..).zip(&STORIES) {
                if let Some(reports) = self.invent_year(call, &entitled, story).await? {
                    invented.notices = invented.notices.saturating_add(1);
                    invented.reports = invented.reports.saturating_add(reports);
                }
                tell(done, STORIES.len());
            }
            Ok(invented)
        })
        .await
    }

    /// How many reports were invented; `None` where something was there before.
    async fn invent_year(&self, call: &Call, entitled: &Entitlement, story: &Story) -> Result<Option<usize>, Refusal> {
        let visible = self.visible(call);
        let place = visible.jurisdictions().await?.by_code(story.place).ok_or(Refusal::NotFound)?.id;
        let notice = visible.notice_of_year(place, story.year).await?.ok_or(Refusal::NotFound)?;
        let dossiers = visible.dossiers_of_notice(notice.id).await?;
        // A notice that a visitor has tried something with stays as it is, and the demo invents nothing for it.
        if dossiers.iter().any(|dossier| dossier.standing.revision > 0) {
            return Ok(None);
        }
        let resources: Vec<Resource> = dossiers.iter().map(|dossier| Resource::Task(facts(dossier, None))).collect();
        let permit = entitled.permit(&resources)?;
        let parties: BTreeSet<UnitId> = dossiers.iter().flat_map(|dossier| &dossier.parties).map(|party| party.unit_id).collect();
        let units = visible.units_by_id(&Vec::from_iter(parties)).await?;
        let desk = Desk { story, zone: self.zone, now: call.occasion.at, cast: cast(&visible, story.place).await?, units };
        let tasks: Vec<TaskId> = dossiers.iter().map(|dossier| dossier.task.id).collect();
        let chapter = tell_year(&desk, dossiers)?;
        let mut writer = self.database.writing(permit).await?;
        if !writer.revisions(&tasks).await?.is_empty() {
            writer.abandon().await?;
            return Ok(None);
        }
        write(&writer, &desk, &chapter).await?;
        // Accepted reports are invented without their events.
        writer.show_the_public();
        let count = chapter.histories.len();
        let changes = Changes::default().with("inventedReports", 0, count).with("inventedMeetings", 0, chapter.meetings.len());
        let record = Record::done().about(AuditSubject::Notice, notice.id.0).within(notice.jurisdiction_id).with(changes);
        writer.commit(&call.occasion, record).await?;
        Ok(Some(count))
    }
}

async fn cast(visible: &Visible, place: &str) -> Result<Cast, Refusal> {
    let mut people = Vec::new();
    for role in ["office", "leader", "unit"] {
        let Ok(name) = Username::new(&name_of(place, role)) else { continue };
        people.extend(visible.account_by_name(&name).await?);
    }
    let mut person = |role: Role| {
        let place = people.iter().position(|account| account.role == role)?;
        let account = people.swap_remove(place);
        Some(Person { id: account.id, username: account.username.as_str().to_owned(), role, unit: account.unit_id })
    };
    Ok(Cast { office: person(Role::Office), leader: person(Role::Leader), unit: person(Role::Unit) })
}

/// Everything that is told of a notice.
fn tell_year(desk: &Desk<'_>, dossiers: Vec<Dossier>) -> Result<Chapter, Refusal> {
    let duty = dossiers.first().filter(|_| desk.story.sets_monthly).map(monthly_reports);
    let mut chapter = Chapter { duty, dossiers: Vec::new(), histories: Vec::new(), meetings: Vec::new() };
    let reporting = dossiers.first().map(|dossier| {
        let duties = dossier.reporting.duties.iter().cloned().chain(chapter.duty.clone()).collect();
        Arc::new(Reporting { duties, ..dossier.reporting.as_ref().clone() })
    });
    let office = desk.cast.office.as_ref().map(|person| person.username.as_str());
    for mut dossier in dossiers {
        let Some(telling) = desk.story.tasks.iter().find(|telling| telling.number == dossier.task.number) else { continue };
        if let Some(reporting) = &reporting {
            dossier.reporting = Arc::clone(reporting);
        }
        plan::set_out(&mut dossier, telling, &desk.units);
        let (mut dossier, histories) = diary::keep(desk, telling, dossier)?;
        dossier.standing = plan::standing(&dossier, telling, desk.zone, office);
        let told = lights(&dossier, &desk.reckoning(desk.now))?;
        dossier.standing.tell(told);
        chapter.histories.extend(histories);
        chapter.dossiers.push(dossier);
    }
    chapter.meetings = chapter.dossiers.first().map(|dossier| meetings(desk, dossier)).unwrap_or_default();
    Ok(chapter)
}

/// The duty that the office sets for a notice whose letter names no duty.
fn monthly_reports(dossier: &Dossier) -> ReportingDuty {
    ReportingDuty {
        id: ReportingDutyId::generate(),
        notice_id: dossier.notice.id,
        kind: DutyKind::ProgressReport,
        cadence: Cadence::Monthly,
        obligor: Obligor::LeadUnits,
        description: "【演示数据】督查单位规定：牵头单位每月报送进展。".to_owned(),
        description_english: "[Invented for the demo] Set by the supervising office: lead units report progress every month.".to_owned(),
        grace_days: None,
        origin: DutyOrigin::Office,
        retired: false,
    }
}

/// The meetings of the leaders: those in the story, and nearly all dispatches that the letter asks for.
fn meetings(desk: &Desk<'_>, dossier: &Dossier) -> Vec<Meeting> {
    let last = day(desk.story.year, (12, 30));
    let recorder = desk.cast.leader.as_ref().filter(|person| person.role == Role::Leader);
    let held = |kind: MeetingKind, held_on: chrono::NaiveDate, summary: String| Meeting {
        id: MeetingId::generate(),
        notice_id: dossier.notice.id,
        kind,
        held_on,
        summary,
        recorded_at: at(desk.zone, held_on, 480),
        recorder_id: recorder.map(|person| person.id),
        recorder_username: recorder.map(|person| person.username.clone()),
    };
    let mut meetings: Vec<Meeting> = desk
        .story
        .meetings
        .iter()
        .map(|on| {
            let summary = marked("听取进展汇报，研究解决堵点。", "Progress was heard, and what stops tasks was dealt with.");
            held(MeetingKind::Meeting, day(desk.story.year, *on), summary)
        })
        .collect();
    let reckoning = desk.reckoning(desk.now);
    let dispatches = dossier.reporting.duties.iter().filter(|duty| duty.kind == DutyKind::Dispatch && duty.obligor == Obligor::Leaders);
    let asked = dispatches.flat_map(|duty| duty_occurrences(duty, &dossier.notice, None, false, &reckoning));
    for (number, occurrence) in (1_usize..).zip(asked) {
        if number.checked_rem(desk.story.forgets_dispatch) != Some(0) {
            let held_on = after(occurrence.period.starts_on(), 3).min(occurrence.period.ends_on()).min(last);
            let summary = marked("逐项了解进展，要求落后任务限期赶上。", "Each task was gone through; those behind are to catch up.");
            meetings.push(held(MeetingKind::Dispatch, held_on, summary));
        }
    }
    meetings
}

async fn write(writer: &Writer, desk: &Desk<'_>, chapter: &Chapter) -> Result<(), Refusal> {
    if let Some(duty) = &chapter.duty {
        let known = writer.duties(duty.notice_id).await?.len();
        writer.add_duty(duty, i32::try_from(known).unwrap_or(i32::MAX)).await?;
        let setting = writer.setting(duty.notice_id).await?;
        writer.set_setting(duty.notice_id, setting).await?;
    }
    for dossier in &chapter.dossiers {
        if !dossier.milestones.is_empty() {
            writer.set_milestones(dossier.task.id, &dossier.milestones).await?;
        }
        if let Some(first) = dossier.allocations.first() {
            let shares: Vec<_> = dossier.allocations.iter().map(|allocation| (allocation.unit_id, allocation.value)).collect();
            writer.set_allocations(first.target_id, &shares).await?;
        }
    }
    writer.add_histories(&chapter.histories).await?;
    for dossier in &chapter.dossiers {
        writer.set_standing(dossier.task.id, &dossier.standing).await?;
    }
    for meeting in &chapter.meetings {
        writer.add_meeting(meeting).await?;
    }
    tracing::debug!(place = desk.story.place, year = desk.story.year, reports = chapter.histories.len(), "a year was invented");
    Ok(())
}
