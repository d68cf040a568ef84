//! The reports of a task, one after the other, as its units would have posted them and its office reviewed them. Each is checked by the
//! usual rules: the demo invents no report that they reject.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{BlockerId, BlockerState, ProgressReportId, ReportState, TargetId, TransitionKind, UnitId};
use rust_decimal::Decimal;

use super::{
    Desk,
    calendar::after,
    figures::{Figures, figures, reached, stated},
    schedule::{Deed, Entry, Fate, deeds, entries},
    story::{Telling, Turn},
    words::{marked, narrative, trouble},
};
use crate::{
    domain::progress::{
        blocker::Blocker,
        dossier::{Acceptance, Dossier, Submission},
        report::{self, Figure, PostedFigure, Posting, ProgressReport, Remark, Step, Subject},
    },
    service::Refusal,
    store::ReportHistory,
};

/// A task and its story so far.
pub(super) struct Diary<'a> {
    desk: &'a Desk<'a>,
    telling: &'a Telling,
    dossier: Dossier,
    histories: BTreeMap<usize, ReportHistory>,
    /// The last figures that units stated, below which no later one falls unless it is told why.
    last: HashMap<(UnitId, TargetId), Decimal>,
    troubles: usize,
}

/// The year of a task: its reports, and its dossier with the figures that count.
pub(super) fn keep(desk: &Desk<'_>, telling: &Telling, dossier: Dossier) -> Result<(Dossier, Vec<ReportHistory>), Refusal> {
    // Different tasks have different troubles.
    let troubles = usize::try_from(telling.number).unwrap_or_default();
    let mut diary = Diary { desk, telling, dossier, histories: BTreeMap::new(), last: HashMap::new(), troubles };
    let entries = entries(desk, telling, &diary.dossier);
    let mut year: Vec<(DateTime<Utc>, usize, Deed)> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        year.extend(deeds(desk, telling, entry).into_iter().map(|(at, deed)| (at, place, deed)));
    }
    // Stable: the steps of a report at one time keep their given order.
    year.sort_by_key(|(at, place, _)| (*at, *place));
    for (at, place, deed) in year {
        let Some(entry) = entries.get(place) else { continue };
        match deed {
            Deed::Save => diary.post(place, entry, at, true)?,
            Deed::Submit => diary.post(place, entry, at, false)?,
            Deed::Accept | Deed::Return | Deed::Reopen => diary.review(place, at, deed),
        }
    }
    let mut histories: Vec<ReportHistory> = diary.histories.into_values().collect();
    for history in &mut histories {
        settle(history)?;
    }
    Ok((diary.dossier, histories))
}

/// Applies its steps to a report, by the rules of the service.
fn settle(history: &mut ReportHistory) -> Result<(), Refusal> {
    let life = Step::life(&history.steps).map_err(|refusal| Refusal::Fault(Box::new(refusal)))?;
    let report = &mut history.report;
    report.state = life.state();
    report.version = i32::try_from(history.steps.len()).unwrap_or(i32::MAX).max(1);
    report.first_submitted_at = life.first_submitted_at();
    report.submitted_at = life.last_submitted_at();
    report.changed_at = history.steps.last().map_or(report.created_at, |step| step.at);
    Ok(())
}

impl Diary<'_> {
    fn post(&mut self, place: usize, entry: &Entry, at: DateTime<Utc>, draft: bool) -> Result<(), Refusal> {
        let before = self.histories.remove(&place);
        let id = before.as_ref().map_or_else(ProgressReportId::generate, |history| history.report.id);
        let reckoning = self.desk.reckoning(at);
        let records = self.dossier.records(entry.unit, entry.period, id, &reckoning);
        let figures = figures(&Figures {
            dossier: &self.dossier,
            course: self.telling.course,
            unit: entry.unit,
            period: entry.period,
            last: &self.last,
            accepted: &records,
            lowered: entry.fate == Fate::Lowered || entry.fate == Fate::Corrected && before.is_some(),
        });
        let leads = self.dossier.leads().contains(&entry.unit);
        let milestones = if leads { reached(&self.dossier, self.telling.course, entry.period, at) } else { Vec::new() };
        let states = leads && self.telling.turns.contains(&Turn::Stated);
        let stated_percent = states.then(|| stated(&self.dossier, self.telling.course, entry.period));
        let posted = Acceptance {
            report_id: id,
            unit_id: entry.unit,
            ends_on: entry.period.ends_on(),
            figures: figures.iter().map(|figure| (figure.target_id, figure.value)).collect(),
            milestones,
            stated_percent,
            demonstration: true,
            accepted_at: at,
            ended_at: None,
        };
        let is_explained = self.open_blockers(entry.unit, at).any(|blocker| blocker.report_id != id);
        let assessment = self.dossier.assess(entry.period, &posted, is_explained, &reckoning).map_err(|_| refused("TOO_LARGE"))?;
        let mut blockers = before.as_ref().map(|history| history.blockers.clone()).unwrap_or_default();
        if entry.fate == Fate::Withdrawn && before.is_some() {
            for blocker in &mut blockers {
                *blocker = Blocker { state: BlockerState::Withdrawn, version: 2, ..blocker.clone() };
            }
        }
        let is_open = |blocker: &&Blocker| blocker.state == BlockerState::Open;
        let is_wanted = matches!(entry.fate, Fate::Resolved | Fate::Withdrawn) && before.is_none();
        let asks_why = assessment.schedule.as_ref().is_some_and(report::Schedule::asks_why);
        if !draft && (is_wanted || asks_why && !blockers.iter().any(|blocker| is_open(&blocker))) {
            blockers.push(self.blocker(id, at, entry.fate == Fate::Resolved));
        }
        let remarks = check(&figures, &blockers, &posted, &records, &assessment, draft)?;
        let is_on_schedule = assessment.schedule.as_ref().is_some_and(|schedule| schedule.completion >= schedule.planned);
        if !draft && is_on_schedule {
            self.resolve(entry.unit, at);
        }
        for figure in &figures {
            self.last.insert((entry.unit, figure.target_id), figure.value);
        }
        let report = self.report(entry, id, before.as_ref().map_or(at, |history| history.report.created_at), &figures, &posted, remarks);
        let told = figures.iter().map(|figure| Figure {
            report_id: id,
            target_id: figure.target_id,
            value: figure.value,
            previous_value: records
                .iter()
                .find(|record| record.target_id == figure.target_id)
                .and_then(|record| record.accepted.last().copied()),
            explanation: figure.explanation.clone(),
        });
        let (steps, acceptances) = before.map(|history| (history.steps, history.acceptances)).unwrap_or_default();
        let mut history = ReportHistory { report, figures: told.collect(), reached: posted.milestones, steps, acceptances, blockers };
        if !draft {
            let person = self.desk.cast.reporter(entry.unit);
            step(&mut history, at, TransitionKind::Submit, None, person);
            if !self.dossier.submissions.iter().any(|submission| submission.report_id == id) {
                let submission = Submission { report_id: id, unit_id: entry.unit, period: entry.period, first_submitted_at: at };
                self.dossier.submissions.push(submission);
            }
        }
        self.histories.insert(place, history);
        Ok(())
    }

    fn report(
        &self,
        entry: &Entry,
        id: ProgressReportId,
        created_at: DateTime<Utc>,
        figures: &[PostedFigure],
        posted: &Acceptance,
        remarks: Vec<Remark>,
    ) -> ProgressReport {
        let target = |figure: &PostedFigure| {
            let goal = self.dossier.goals.iter().find(|goal| goal.target().id == figure.target_id)?;
            Some(format!("{}{}{}", goal.target().label, figure.value.normalize(), goal.target().unit))
        };
        let figures: Vec<String> = figures.iter().filter_map(target).collect();
        let person = self.desk.cast.reporter(entry.unit);
        ProgressReport {
            id,
            task_id: self.dossier.task.id,
            unit_id: entry.unit,
            period: entry.period,
            // The state and the times are those that its steps tell: see `settle`.
            state: ReportState::Draft,
            version: 1,
            narrative: narrative(&self.dossier.task.title, entry.period.ends_on().min(entry.post_on), self.telling.course, &figures),
            stated_percent: posted.stated_percent,
            remarks,
            demonstration: true,
            created_at,
            changed_at: created_at,
            first_submitted_at: None,
            submitted_at: None,
            author_id: person.map(|person| person.id),
            author_username: person.map(|person| person.username.clone()),
        }
    }

    fn review(&mut self, place: usize, at: DateTime<Utc>, deed: Deed) {
        let Some(history) = self.histories.get_mut(&place) else { return };
        let office = self.desk.cast.office.as_ref();
        match deed {
            Deed::Accept => {
                step(history, at, TransitionKind::Accept, None, office);
                let acceptance = Acceptance {
                    report_id: history.report.id,
                    unit_id: history.report.unit_id,
                    ends_on: history.report.period.ends_on(),
                    figures: history.figures.iter().map(|figure| (figure.target_id, figure.value)).collect(),
                    milestones: history.reached.clone(),
                    stated_percent: history.report.stated_percent,
                    demonstration: true,
                    accepted_at: at,
                    ended_at: None,
                };
                self.dossier.acceptances.push(acceptance.clone());
                history.acceptances.push(acceptance);
            }
            Deed::Reopen => {
                let reason = marked("抽查发现重复统计，请核减后重报。", "Some was counted twice: correct it and submit it again.");
                step(history, at, TransitionKind::Reopen, Some(reason), office);
                let id = history.report.id;
                let counted = self.dossier.acceptances.iter_mut().filter(|acceptance| acceptance.report_id == id);
                for acceptance in counted.chain(&mut history.acceptances).filter(|acceptance| acceptance.ended_at.is_none()) {
                    acceptance.ended_at = Some(at);
                }
            }
            Deed::Save | Deed::Submit | Deed::Return => {
                let reason = marked("缺少佐证材料，请补充后重报。", "The evidence is missing: add it and submit it again.");
                step(history, at, TransitionKind::Return, Some(reason), office);
            }
        }
    }

    fn blocker(&mut self, report_id: ProgressReportId, at: DateTime<Utc>, is_resolved: bool) -> Blocker {
        let trouble = trouble(self.troubles);
        self.troubles = self.troubles.saturating_add(1);
        let helper = self.dossier.parties.iter().find(|party| !self.dossier.leads().contains(&party.unit_id));
        let blocker = Blocker {
            id: BlockerId::generate(),
            task_id: self.dossier.task.id,
            report_id,
            description: marked(trouble.description.0, trouble.description.1),
            needs: Some(marked(trouble.needs.0, trouble.needs.1)),
            needed_from_id: helper.map(|party| party.unit_id),
            needed_by: Some(after(at.date_naive(), 30)),
            state: BlockerState::Open,
            version: 1,
            raised_at: Some(at),
            resolved_at: None,
            resolution: Some(marked(trouble.resolution.0, trouble.resolution.1)),
        };
        if is_resolved { resolved(&blocker, later(at, TimeDelta::days(20))) } else { Blocker { resolution: None, ..blocker } }
    }

    /// The blockers of a unit that are open at a time.
    fn open_blockers(&self, unit: UnitId, at: DateTime<Utc>) -> impl Iterator<Item = &Blocker> {
        let of_unit = self.histories.values().filter(move |history| history.report.unit_id == unit);
        of_unit.flat_map(|history| &history.blockers).filter(move |blocker| {
            blocker.state != BlockerState::Withdrawn && blocker.resolved_at.is_none_or(|resolved_at| at < resolved_at)
        })
    }

    /// The blocker of a task that is on schedule again is resolved.
    fn resolve(&mut self, unit: UnitId, at: DateTime<Utc>) {
        let resolution = marked("问题已解决，进度恢复。", "It is settled, and work is on schedule again.");
        let of_unit = self.histories.values_mut().filter(|history| history.report.unit_id == unit);
        for blocker in of_unit.flat_map(|history| &mut history.blockers).filter(|blocker| blocker.state == BlockerState::Open) {
            *blocker = Blocker { resolution: Some(resolution.clone()), ..resolved(blocker, later(at, TimeDelta::hours(8))) };
        }
    }
}

fn later(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(at)
}

fn resolved(blocker: &Blocker, at: DateTime<Utc>) -> Blocker {
    Blocker { state: BlockerState::Resolved, version: 2, resolved_at: Some(at), ..blocker.clone() }
}

fn step(history: &mut ReportHistory, at: DateTime<Utc>, kind: TransitionKind, reason: Option<String>, person: Option<&super::Person>) {
    history.steps.push(Step {
        report_id: history.report.id,
        number: i32::try_from(history.steps.len()).unwrap_or(i32::MAX).saturating_add(1),
        at,
        kind,
        reason,
        actor_id: person.map(|person| person.id),
        actor_username: person.map(|person| person.username.clone()),
    });
}

/// The hints for a reviewer; a fault if the rules would reject the report.
fn check(
    figures: &[PostedFigure],
    blockers: &[Blocker],
    posted: &Acceptance,
    records: &[report::Record],
    assessment: &crate::domain::progress::dossier::Assessment,
    draft: bool,
) -> Result<Vec<Remark>, Refusal> {
    let open = blockers.iter().filter(|blocker| blocker.state != BlockerState::Withdrawn);
    let named: Vec<report::Blocker> =
        open.map(|blocker| report::Blocker { description: blocker.description.clone(), needs: blocker.needs.clone() }).collect();
    let asks_for_word = assessment.asks_for_word && !draft;
    let posting = Posting { figures, blockers: &named, stated_percent: posted.stated_percent, asks_for_word };
    let findings = posting.check(records, assessment.schedule.as_ref().filter(|_| !draft));
    if let Some(finding) = findings.refusals.first() {
        return Err(refused(finding.what.word()));
    }
    let remark = |finding: &report::Finding<report::Warning>| match finding.subject {
        Subject::Value(place) => Some(Remark { target_id: figures.get(place)?.target_id, warning: finding.what }),
        Subject::Target(_) | Subject::Blockers | Subject::StatedCompletion => None,
    };
    Ok(findings.warnings.iter().filter_map(remark).collect())
}

fn refused(word: &str) -> Refusal {
    Refusal::Fault(format!("an invented report is against the rules: {word}").into())
}
