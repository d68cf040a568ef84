//! How a notice is reported on and judged: what its office sets, records and adopts; and the blockers that it sees resolved.

use chrono::{Datelike as _, NaiveDate};
use entity::{
    Action, AuditSubject, BlockerId, BlockerState, Cadence, DutyKind, DutyOrigin, MeetingId, MeetingKind, NoticeId, Obligor,
    ReportingDutyId,
};

use super::{
    plan::too_far,
    report::{lights_told, report_facts},
    state::reckoning,
    task::required,
};
use crate::{
    access::policy::{NoticeFacts, Resource},
    domain::{
        audit::Changes,
        language::Text,
        notices::{
            check::GRACE_DAYS,
            notice::{Notice, ReportingDuty},
        },
        progress::{
            blocker::Blocker,
            calendar::civil_day,
            dossier::{AdoptedRuleSet, NoticeSetting},
            event::{Blocked, NewEvent, Scene},
            light::{RuleSet, RuleSetProblem, Written},
        },
        supervision::meeting::Meeting,
        written::is_code,
    },
    service::{Call, Current, Fault, Refusal, Service, people::account::changed_by},
    store::Record,
};

/// How many duties an office may set for a notice.
const DUTIES: usize = 12;

/// How long the name of a rule set may be, in characters.
const NAME: usize = 100;

/// What an office sets for a notice; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ReportingChange {
    /// Whether weekly reports are accepted without review.
    pub accepts_weekly: Option<bool>,
    /// Whether due days that are no working days move.
    pub moved_by_holidays: Option<bool>,
    /// The duties that the office sets besides those of the letter.
    pub duties: Option<Vec<NewDuty>>,
}

/// A duty that an office sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDuty {
    /// What is owed.
    pub kind: DutyKind,
    /// How often.
    pub cadence: Cadence,
    /// Who owes it.
    pub obligor: Obligor,
    /// Days after the period's end.
    pub grace_days: Option<i32>,
}

/// The rules that a jurisdiction adopts.
#[derive(Clone, Debug)]
pub enum NewRuleSet {
    /// One that comes with the service, by its code.
    BuiltIn(String),
    /// Its own, of which the version is found here.
    Own(Written),
}

impl Service {
    /// Sets how a notice is reported on.
    ///
    /// # Errors
    /// The notice is not there for the viewer, the viewer may not, the duties cannot be, or the version is old.
    pub async fn change_reporting(&self, call: &Call, id: NoticeId, expected: i64, change: ReportingChange) -> Result<Notice, Refusal> {
        self.attempt(call, Action::ChangeReporting, Some((AuditSubject::Notice, id.0)), |entitled| async move {
            let notice = self.visible(call).notices_by_id(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let permit = entitled.permit(&[Resource::Notice(NoticeFacts::from(&notice))])?;
            check_duties(change.duties.as_deref().unwrap_or_default())?;
            let writer = self.database.writing(permit).await?;
            let before = writer.setting(id).await?;
            if i64::from(before.version) != expected {
                writer.abandon().await?;
                return Err(Refusal::Stale(Box::new(before.into())));
            }
            let after = NoticeSetting {
                accepts_weekly: change.accepts_weekly.unwrap_or(before.accepts_weekly),
                moved_by_holidays: change.moved_by_holidays.unwrap_or(before.moved_by_holidays),
                ..before
            };
            let mut changes = Changes::default().with("acceptsWeekly", before.accepts_weekly, after.accepts_weekly).with(
                "movedByHolidays",
                before.moved_by_holidays,
                after.moved_by_holidays,
            );
            if let Some(wanted) = &change.duties {
                let known = writer.duties(id).await?;
                let faults = in_letter(wanted, &known);
                if !faults.is_empty() {
                    writer.abandon().await?;
                    return Err(Refusal::Faults(faults));
                }
                let told = |duty: &ReportingDuty| duty.description.clone();
                let running: Vec<String> =
                    known.iter().filter(|duty| duty.origin == DutyOrigin::Office && !duty.retired).map(told).collect();
                let next = i32::try_from(known.len()).unwrap_or(i32::MAX);
                for duty in known.iter().filter(|duty| duty.origin == DutyOrigin::Office) {
                    let again = wanted.iter().find(|new| is_same(new, duty));
                    writer.change_duty(duty.id, again.and_then(|new| new.grace_days), again.is_none()).await?;
                }
                let new = wanted.iter().filter(|new| !known.iter().any(|duty| duty.origin == DutyOrigin::Office && is_same(new, duty)));
                for (position, new) in (next..).zip(new) {
                    writer.add_duty(&duty(id, new), position).await?;
                }
                changes = changes.with("duties", running, wanted.iter().map(|new| duty(id, new).description).collect::<Vec<_>>());
            }
            writer.set_setting(id, after).await?;
            let record = Record::done().about(AuditSubject::Notice, id.0).within(notice.jurisdiction_id).with(changes);
            writer.commit(&call.occasion, record).await?;
            Ok(notice)
        })
        .await
    }

    /// Records a dispatch or a meeting that was held.
    ///
    /// # Errors
    /// The notice is not there for the viewer, the viewer may not, or the input cannot be.
    pub async fn record_meeting(
        &self,
        call: &Call,
        id: NoticeId,
        kind: MeetingKind,
        held_on: NaiveDate,
        summary: String,
    ) -> Result<Meeting, Refusal> {
        self.attempt(call, Action::RecordMeeting, Some((AuditSubject::Notice, id.0)), |entitled| async move {
            let notice = self.visible(call).notices_by_id(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let permit = entitled.permit(&[Resource::Notice(NoticeFacts::from(&notice))])?;
            let mut faults = Vec::new();
            let summary = required(&summary, "summary").map_err(|found| faults.extend(found)).unwrap_or_default();
            if held_on > civil_day(self.zone, call.occasion.at) {
                let message = Text::new("请在召开之后记录：日期不能晚于今天。", "Record it once it was held: the date is not after today.");
                faults.push(Fault::at("HELD_IN_FUTURE", vec!["input".into(), "heldOn".into()], message));
            }
            faults.extend(too_far(vec!["input".into(), "heldOn".into()], held_on, notice.year));
            if !faults.is_empty() {
                return Err(Refusal::Faults(faults));
            }
            let actor = call.viewer.actor();
            let meeting = Meeting {
                id: MeetingId::generate(),
                notice_id: id,
                kind,
                held_on,
                summary,
                recorded_at: call.occasion.at,
                recorder_id: actor.map(|actor| actor.id),
                recorder_username: actor.map(|actor| actor.username.clone()),
            };
            let writer = self.database.writing(permit).await?;
            writer.add_meeting(&meeting).await?;
            let changes = Changes::default().with("kind", None::<&str>, kind).with("heldOn", None::<&str>, held_on);
            let record = Record::done().about(AuditSubject::Notice, id.0).within(notice.jurisdiction_id).with(changes);
            writer.commit(&call.occasion, record).await?;
            Ok(meeting)
        })
        .await
    }

    /// Adopts a rule set for the lights of a jurisdiction's notices, from today on or a later day.
    ///
    /// # Errors
    /// There is no such jurisdiction, the viewer may not, or the rules cannot be.
    pub async fn adopt_rule_set(
        &self,
        call: &Call,
        jurisdiction: &str,
        new: NewRuleSet,
        in_force_from: Option<NaiveDate>,
    ) -> Result<AdoptedRuleSet, Refusal> {
        self.attempt(call, Action::AdoptRuleSet, None, |entitled| async move {
            let tree = self.visible(call).jurisdictions().await?;
            let place = tree.by_code(jurisdiction).ok_or(Refusal::NotFound)?;
            let permit = entitled.permit(&[Resource::Jurisdiction(place.id)])?;
            let today = civil_day(self.zone, call.occasion.at);
            let in_force_from = in_force_from.unwrap_or(today);
            let mut faults = Vec::new();
            if in_force_from < today {
                let message = Text::new(
                    "规则不能追溯：请从今天或以后的日期起施行。",
                    "Rules do not judge what is past: have them come into force today or later.",
                );
                faults.push(Fault::at("IN_FORCE_IN_PAST", vec!["input".into(), "inForceFrom".into()], message));
            } else {
                faults.extend(too_far(vec!["input".into(), "inForceFrom".into()], in_force_from, today.year()));
            }
            let written = written(new, &mut faults);
            let writer = self.database.writing(permit).await?;
            let known = writer.rule_sets(place.id).await?;
            let rule_set = written.and_then(|written| {
                let last =
                    known.iter().filter(|adopted| adopted.rule_set.code() == written.code).map(|adopted| adopted.rule_set.version()).max();
                let version = last.unwrap_or_default().saturating_add(1);
                RuleSet::try_from(Written { version, ..written })
                    .map_err(|problem| {
                        let field = if problem == RuleSetProblem::Tolerance { "aboutTolerance" } else { "bands" };
                        faults.push(Fault::at("NO_RULE_SET", vec!["input".into(), "own".into(), field.into()], problem.text()));
                    })
                    .ok()
            });
            let Some(rule_set) = rule_set.filter(|_| faults.is_empty()) else {
                writer.abandon().await?;
                return Err(Refusal::Faults(faults));
            };
            let adopted = AdoptedRuleSet { rule_set, in_force_from };
            writer.add_rule_set(place.id, &adopted, call.occasion.at, changed_by(call)).await?;
            let name = format!("{} {}", adopted.rule_set.code(), adopted.rule_set.version());
            let changes = Changes::default().with("ruleSet", None::<&str>, name).with("inForceFrom", None::<&str>, in_force_from);
            let record = Record::done().about(AuditSubject::Jurisdiction, place.id.0).within(place.id).with(changes);
            writer.commit(&call.occasion, record).await?;
            Ok(adopted)
        })
        .await
    }

    /// Notes that a blocker is out of the way.
    ///
    /// # Errors
    /// The blocker is not there for the viewer, the viewer may not, or the version is old.
    pub async fn resolve_blocker(&self, call: &Call, id: BlockerId, expected: i64, resolution: String) -> Result<Blocker, Refusal> {
        self.attempt(call, Action::ResolveBlocker, Some((AuditSubject::Blocker, id.0)), |entitled| async move {
            let visible = self.visible(call);
            let blocker = visible.blockers_by_id(&[id]).await?.remove(&id).ok_or(Refusal::NotFound)?;
            let report = visible.reports_by_id(&[blocker.report_id]).await?.remove(&blocker.report_id).ok_or(Refusal::NotFound)?;
            let dossier = visible.dossiers(&[blocker.task_id]).await?.remove(&blocker.task_id).ok_or(Refusal::NotFound)?;
            let open = blocker.state == BlockerState::Open;
            let permit = entitled.permit(&[Resource::Blocker { report: report_facts(&report, &dossier), open }])?;
            let resolution = required(&resolution, "resolution").map_err(Refusal::Faults)?;
            let reckoning = reckoning(&visible, self.zone, call.occasion.at, std::iter::once(&dossier)).await?;
            let mut writer = self.database.writing(permit).await?;
            let now = writer.blocker(id).await?.ok_or(Refusal::NotFound)?;
            if i64::from(now.version) != expected || now.state != BlockerState::Open {
                writer.abandon().await?;
                return Err(Refusal::Stale(Box::new((&now).into())));
            }
            let at = call.occasion.at;
            let after = Blocker { state: BlockerState::Resolved, resolved_at: Some(at), resolution: Some(resolution.clone()), ..now };
            writer.change_blocker(&after, None).await?;
            let scene = Scene { at, task_id: after.task_id, jurisdiction_id: dossier.notice.jurisdiction_id };
            let subject = Blocked { blocker_id: id, report_id: after.report_id, unit_id: report.unit_id };
            writer.emit(&[NewEvent::blocker_resolved(scene, subject)]).await?;
            writer.touch_task(after.task_id, lights_told(&dossier, &reckoning)?).await?;
            let changes =
                Changes::default().with("state", BlockerState::Open, BlockerState::Resolved).with("resolution", None::<&str>, &resolution);
            let record = Record::done().about(AuditSubject::Blocker, id.0).within(dossier.notice.jurisdiction_id).with(changes);
            writer.commit(&call.occasion, record).await?;
            Ok(Blocker { version: after.version.saturating_add(1), ..after })
        })
        .await
    }
}

/// What the rules say, with a version that is set later.
fn written(new: NewRuleSet, faults: &mut Vec<Fault>) -> Option<Written> {
    match new {
        NewRuleSet::Own(written) => {
            if !is_code(&written.code) {
                let message =
                    Text::new("代码须为小写字母、数字和连字符，至多 64 个。", "A code has 1 to 64 lower-case letters, digits and hyphens.");
                faults.push(Fault::at("RULE_SET_CODE", vec!["input".into(), "own".into(), "code".into()], message));
            }
            for (field, name) in [("name", &written.name), ("nameEnglish", &written.name_english)] {
                if name.trim().is_empty() || name.chars().count() > NAME {
                    let message = Text::new(format!("名称须为 1 至 {NAME} 个字。"), format!("A name has 1 to {NAME} characters."));
                    faults.push(Fault::at("RULE_SET_NAME", vec!["input".into(), "own".into(), field.into()], message));
                }
            }
            Some(written)
        }
        NewRuleSet::BuiltIn(code) => {
            let found = RuleSet::built_in().into_iter().find(|rule_set| rule_set.code() == code);
            if found.is_none() {
                let codes: Vec<String> = RuleSet::built_in().iter().map(|rule_set| rule_set.code().to_owned()).collect();
                let codes = codes.join("、");
                let message = Text::new(
                    format!("没有这套内置规则：可用 {codes}。"),
                    format!("There is no such built-in rule set: there are {codes}."),
                );
                faults.push(Fault::at("UNKNOWN_RULE_SET", vec!["input".into(), "builtIn".into()], message));
            }
            found.map(Written::from)
        }
    }
}

fn is_same(new: &NewDuty, duty: &ReportingDuty) -> bool {
    new.kind == duty.kind && new.cadence == duty.cadence && new.obligor == duty.obligor
}

/// The faults of duties that the letter of the notice names already: an office adds to these, and does not repeat them.
fn in_letter(wanted: &[NewDuty], known: &[ReportingDuty]) -> Vec<Fault> {
    let is_in_letter = |new: &NewDuty| known.iter().any(|duty| duty.origin == DutyOrigin::Notice && is_same(new, duty));
    let places = wanted.iter().enumerate().filter(|(_, new)| is_in_letter(new)).map(|(place, _)| place);
    let fault = |place: usize| {
        let path = vec!["input".into(), "duties".into(), place.to_string(), "kind".into()];
        let message = Text::new("通知已规定这项职责，不必另设：请删去。", "The notice names this duty already: leave it out.");
        Fault::at("DUTY_IN_NOTICE", path, message)
    };
    places.map(fault).collect()
}

fn check_duties(duties: &[NewDuty]) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    if duties.len() > DUTIES {
        let message = Text::new(format!("至多 {DUTIES} 项职责。"), format!("A notice has at most {DUTIES} duties of its office."));
        faults.push(Fault::at("TOO_MANY", vec!["input".into(), "duties".into()], message));
    }
    for (place, duty) in duties.iter().enumerate() {
        let at = |part: &str| vec!["input".into(), "duties".into(), place.to_string(), part.to_owned()];
        if duty.grace_days.is_some_and(|days| !GRACE_DAYS.contains(&days)) {
            let most = GRACE_DAYS.end();
            let message = Text::new(format!("宽限为 0 至 {most} 天。"), format!("A grace is 0 to {most} days."));
            faults.push(Fault::at("GRACE_OUT_OF_RANGE", at("graceDays"), message));
        }
        let held = matches!(duty.kind, DutyKind::Dispatch | DutyKind::Meeting);
        if held != (duty.obligor == Obligor::Leaders) {
            let message = Text::new(
                "调度和会议由领导承担，报送和台账由单位承担，请更正。",
                "Leaders owe dispatches and meetings, units owe reports and ledgers: correct it.",
            );
            faults.push(Fault::at("OBLIGOR_MISMATCH", at("obligor"), message));
        }
        if duties.iter().take(place).any(|other| (other.kind, other.cadence, other.obligor) == (duty.kind, duty.cadence, duty.obligor)) {
            faults.push(Fault::at("DUTY_REPEATED", at("kind"), Text::new("同一职责出现了两次。", "The duty occurs twice: keep one.")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults)) }
}

/// A duty of an office, described from its parts.
fn duty(notice_id: NoticeId, new: &NewDuty) -> ReportingDuty {
    let (often, often_english) = match new.cadence {
        Cadence::Weekly => ("每周", "every week"),
        Cadence::TenDay => ("每旬", "every ten days"),
        Cadence::Monthly => ("每月", "every month"),
        Cadence::Quarterly => ("每季度", "every quarter"),
    };
    let (who, who_english) = match new.obligor {
        Obligor::LeadUnits => ("牵头单位", "lead units"),
        Obligor::SupportingUnits => ("协办单位", "supporting units"),
        Obligor::Leaders => ("分管领导", "leaders in charge"),
    };
    let (what, what_english) = match new.kind {
        DutyKind::ProgressReport => ("报送进展", "report progress"),
        DutyKind::LedgerUpdate => ("更新台账", "update the ledger"),
        DutyKind::Dispatch => ("调度", "hold a dispatch"),
        DutyKind::Meeting => ("召开专题会议或专题调研", "hold a special meeting or a study on site"),
    };
    ReportingDuty {
        id: ReportingDutyId::generate(),
        notice_id,
        kind: new.kind,
        cadence: new.cadence,
        obligor: new.obligor,
        description: format!("督查单位规定：{who}{often}{what}。"),
        description_english: format!("Set by the supervising office: {who_english} {what_english} {often_english}."),
        grace_days: new.grace_days,
        origin: DutyOrigin::Office,
        retired: false,
    }
}

impl From<NoticeSetting> for Current {
    fn from(setting: NoticeSetting) -> Self {
        Self {
            version: setting.version,
            fields: vec![("acceptsWeekly", setting.accepts_weekly.into()), ("movedByHolidays", setting.moved_by_holidays.into())],
            ..Self::default()
        }
    }
}

impl From<&Blocker> for Current {
    fn from(blocker: &Blocker) -> Self {
        Self {
            version: blocker.version,
            changed_at: blocker.resolved_at.or(blocker.raised_at),
            changed_by: None,
            fields: vec![("state", serde_json::to_value(blocker.state).unwrap_or_default())],
        }
    }
}
