//! What is checked of a post, and what becomes of it.

use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr as _,
};

use entity::{BlockerId, BlockerState, Cadence, Quantity, QuantityError, ReportState, TaskId, TransitionKind, UnitId};
use rust_decimal::Decimal;

use super::{
    Post, Reporter,
    change::{Change, Content, light},
    new_report_id,
};
use crate::{
    domain::{
        blocker::Blocker,
        dossier::{Acceptance, Dossier, Reckoning, Submission},
        event::Scene,
        language::Text,
        period::Period,
        report::{self, Figure, Finding, Life, PostedFigure, Posting, ProgressReport, Remark, Schedule, Step, Subject},
        unit::Unit,
    },
    service::{Call, Current, Fault, Refusal},
    store::Writer,
};

/// How long a narrative may be, in characters.
const NARRATIVE: usize = 5000;

/// How long a note on a figure or a blocker may be, in characters.
const NOTE: usize = 1000;

/// How many figures, milestones or blockers a post may hold.
const PARTS: usize = 100;

/// A number as it was typed: what is none is told with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(pub String);

impl Number {
    /// The number, exactly as it was typed.
    pub(in crate::service) fn read(&self) -> Result<Decimal, Text> {
        let text = self.0.trim();
        if let Ok(number) = Decimal::from_str_exact(text) {
            return Ok(number);
        }
        let is_number =
            !text.is_empty() && text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // A number that a decimal cannot hold is told as what it is: too precise, which rounding would hide, or too large.
        if is_number {
            return Ok(if Decimal::from_str(text).is_ok() { Decimal::new(1, Decimal::MAX_SCALE) } else { Decimal::MAX });
        }
        Err(Text::new(
            format!("“{}”不是数，请填写数字，例如 576 或 17.58。", shortened(text)),
            format!("“{}” is no number: write one such as 576 or 17.58.", shortened(text)),
        ))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}

/// What a unit's posts are checked against, besides the dossiers of their tasks.
pub(super) struct Desk<'a> {
    call: &'a Call,
    reporter: Reporter,
    reckoning: Reckoning,
    helpers: HashMap<UnitId, Unit>,
    /// The reports that are there for the tasks and periods.
    reports: Vec<ProgressReport>,
    /// What happened to them.
    steps: Vec<Step>,
    /// The unit's open blockers of the tasks.
    blockers: Vec<Blocker>,
}

impl<'a> Desk<'a> {
    /// Reads what is there, within the writer's turn.
    pub async fn open(
        writer: &Writer,
        call: &'a Call,
        reporter: Reporter,
        posts: &[Post],
        reckoning: Reckoning,
        helpers: HashMap<UnitId, Unit>,
    ) -> Result<Self, Refusal> {
        // As it is stored, not as it was typed. What is no period has no report, and `PostgreSQL` takes no NUL.
        let periods = posts.iter().filter_map(|post| Some((post.task_id, post.period.trim().parse::<Period>().ok()?)));
        let keys: Vec<_> = periods.map(|(task, period)| (task, reporter.unit_id, period.key())).collect();
        let tasks: Vec<TaskId> = posts.iter().map(|post| post.task_id).collect();
        let reports = writer.reports_for(&keys).await?;
        let ids: Vec<_> = reports.iter().map(|report| report.id).collect();
        let steps = if ids.is_empty() { Vec::new() } else { writer.steps(&ids).await? };
        let blockers = writer.open_blockers(reporter.unit_id, &tasks).await?;
        Ok(Self { call, reporter, reckoning, helpers, reports, steps, blockers })
    }
}

/// What becomes of posts, or all that is wrong with any of them. They are taken in their order: a later one is compared with what an
/// earlier one says, where that counts already.
pub(super) fn prepare(
    desk: Desk<'_>,
    posts: &[Post],
    dossiers: &mut HashMap<TaskId, Dossier>,
    path: &impl Fn(usize) -> Vec<String>,
) -> Result<Vec<Change>, Refusal> {
    let mut faults = Vec::new();
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for (place, post) in posts.iter().enumerate() {
        let Some(dossier) = dossiers.get_mut(&post.task_id) else { continue };
        let mut check = Check { path: path(place), faults: Vec::new() };
        if !seen.insert((post.task_id, post.period.trim().to_owned())) {
            check.fault(
                "POSTED_TWICE",
                &["period"],
                Text::new("同一任务同一期报送了两次：请保留一份。", "This task and period is posted twice: keep one."),
            );
        }
        let change = check.post(&desk, post, dossier)?;
        faults.append(&mut check.faults);
        changes.extend(change);
    }
    if faults.is_empty() { Ok(changes) } else { Err(Refusal::Faults(faults)) }
}

struct Check {
    path: Vec<String>,
    faults: Vec<Fault>,
}

impl Check {
    fn fault(&mut self, code: &'static str, at: &[&str], message: Text) {
        let at = at.iter().map(|&part| part.to_owned());
        self.faults.push(Fault::at(code, self.path.iter().cloned().chain(at).collect(), message));
    }

    fn refuse(&mut self, refusal: report::Refusal, at: &[&str]) {
        self.fault(refusal.word(), at, refusal.text());
    }

    /// What becomes of a post; `None` where it is at fault.
    fn post(&mut self, desk: &Desk<'_>, post: &Post, dossier: &mut Dossier) -> Result<Option<Change>, Refusal> {
        let period = self.period(post, dossier, &desk.reckoning);
        self.words(post);
        let figures = self.figures(post);
        self.milestones(post, dossier);
        self.blockers(post, &desk.helpers);
        let stated_percent = self.stated(post);
        let Some(period) = period else { return Ok(None) };
        let known = desk.reports.iter().find(|report| report.task_id == post.task_id && report.period == period);
        self.version(post, known)?;
        let (_, life) = self.life(desk, post, known)?;
        let id = known.map_or_else(new_report_id, |report| report.id);
        let at = desk.call.occasion.at;
        let posted = Acceptance {
            report_id: id,
            unit_id: desk.reporter.unit_id,
            ends_on: period.ends_on(),
            figures: figures.iter().map(|figure| (figure.target_id, figure.value)).collect(),
            milestones: post.milestones_reached.clone(),
            stated_percent,
            demonstration: desk.reporter.demonstration,
            accepted_at: at,
            ended_at: None,
        };
        let remarks = self.content(desk, post, dossier, period, &posted, &figures);
        let Some(life) = life.filter(|_| self.faults.is_empty()) else { return Ok(None) };
        let records = dossier.records(desk.reporter.unit_id, period, id, &desk.reckoning);
        let previous = |target| records.iter().find(|record| record.target_id == target).and_then(|record| record.accepted.last().copied());
        let figures: Vec<Figure> = figures
            .iter()
            .map(|figure| Figure {
                report_id: id,
                target_id: figure.target_id,
                value: figure.value,
                previous_value: previous(figure.target_id),
                explanation: figure.explanation.clone(),
            })
            .collect();
        let accepts = !post.draft && dossier.reporting.setting.accepts_weekly && period.cadence() == Cadence::Weekly;
        let steps = steps(desk, post, id, &life, accepts);
        let actor = desk.call.viewer.actor();
        let after = ProgressReport {
            id,
            task_id: post.task_id,
            unit_id: desk.reporter.unit_id,
            period,
            state: if accepts { ReportState::Accepted } else { life.state() },
            version: known.map_or(1, |report| report.version.saturating_add(1)),
            narrative: post.narrative.trim().to_owned(),
            stated_percent,
            remarks,
            demonstration: desk.reporter.demonstration,
            created_at: known.map_or(at, |report| report.created_at),
            changed_at: at,
            first_submitted_at: life.first_submitted_at(),
            submitted_at: life.last_submitted_at(),
            author_id: actor.map(|actor| actor.id),
            author_username: actor.map(|actor| actor.username.clone()),
        };
        let (kept, raised) = merged(desk, post, &after);
        // The light that was told last, or the one that it has had all along.
        let light_before = dossier.standing.light.map_or_else(|| light(dossier, &desk.reckoning), Ok)?;
        settle(dossier, &after, accepts.then_some(&posted));
        let light = light(dossier, &desk.reckoning)?;
        dossier.standing.light = Some(light);
        Ok(Some(Change {
            before: known.cloned(),
            content: Some(Content { figures, reached: reached(post), kept, raised }),
            steps,
            acceptance: accepts.then_some(posted),
            ends_acceptance: false,
            scene: Scene { at, task_id: post.task_id, jurisdiction_id: dossier.notice.jurisdiction_id },
            light_before,
            light,
            after,
        }))
    }

    fn period(&mut self, post: &Post, dossier: &Dossier, reckoning: &Reckoning) -> Option<Period> {
        let period: Period = match post.period.trim().parse() {
            Ok(period) => period,
            Err(error) => {
                let error: crate::domain::period::PeriodError = error;
                self.fault("PERIOD_MALFORMED", &["period"], error.text());
                return None;
            }
        };
        if period.starts_on() > reckoning.today() {
            let begins = period.starts_on();
            self.fault(
                "PERIOD_IN_FUTURE",
                &["period"],
                Text::new(
                    format!("这一期 {begins} 才开始：请等到那时再报。"),
                    format!("This period begins on {begins}: report once it has."),
                ),
            );
            return None;
        }
        let asked_for = dossier.periods(reckoning);
        if asked_for.iter().any(|occurrence| occurrence.period == period) {
            return Some(period);
        }
        let mut cadences: Vec<Cadence> = asked_for.iter().map(|occurrence| occurrence.period.cadence()).collect();
        cadences.sort_unstable();
        cadences.dedup();
        let examples: Vec<String> =
            cadences.iter().map(|cadence| Period::containing(*cadence, reckoning.today().min(last_day(dossier))).key()).collect();
        let message = if examples.is_empty() {
            Text::new(
                "此任务没有填报要求：请联系督查室设置填报频次。",
                "No reports are asked for on this task: ask the supervision office to set how often.",
            )
        } else {
            let examples = examples.join("、");
            Text::new(
                format!("此任务这一期无需填报；按通知的频次，写法如 {examples}，期限从通知印发起到年底或办结止。"),
                format!(
                    "No report is asked for this period; by the notice they are like {examples}, from its issue to the year's end or the closing."
                ),
            )
        };
        self.fault("PERIOD_NOT_OWED", &["period"], message);
        None
    }

    fn words(&mut self, post: &Post) {
        if post.narrative.trim().is_empty() && !post.draft {
            self.fault("NARRATIVE_MISSING", &["narrative"], Text::new("请填写进展情况。", "Say what was done."));
        }
        self.length(&post.narrative, NARRATIVE, &["narrative"]);
    }

    fn length(&mut self, text: &str, most: usize, at: &[&str]) {
        let count = text.chars().count();
        if count > most {
            self.fault(
                "TEXT_TOO_LONG",
                at,
                Text::new(
                    format!("至多 {most} 个字，现有 {count} 个：请精简。"),
                    format!("At most {most} characters, not {count}: shorten it."),
                ),
            );
        }
    }

    fn few<T>(&mut self, parts: &[T], at: &str) {
        let count = parts.len();
        if count > PARTS {
            self.fault(
                "TOO_MANY",
                &[at],
                Text::new(format!("至多 {PARTS} 项，现有 {count} 项。"), format!("At most {PARTS}, not {count}.")),
            );
        }
    }

    fn figures(&mut self, post: &Post) -> Vec<PostedFigure> {
        self.few(&post.achievements, "achievements");
        let mut figures = Vec::new();
        for (place, achievement) in post.achievements.iter().enumerate().take(PARTS) {
            let place = place.to_string();
            self.length(achievement.explanation.as_deref().unwrap_or_default(), NOTE, &["achievements", &place, "explanation"]);
            match achievement.value.read() {
                Ok(value) => figures.push(PostedFigure {
                    target_id: achievement.target_id,
                    value,
                    explanation: achievement.explanation.clone().filter(|explanation| !explanation.trim().is_empty()),
                }),
                Err(message) => self.fault("FIGURE_NOT_A_NUMBER", &["achievements", &place, "value"], message),
            }
        }
        // Places below are those of the post: with a figure that is none, the others are checked when it is mended.
        if figures.len() == post.achievements.len() { figures } else { Vec::new() }
    }

    fn milestones(&mut self, post: &Post, dossier: &Dossier) {
        self.few(&post.milestones_reached, "milestonesReached");
        for (place, milestone) in post.milestones_reached.iter().enumerate().take(PARTS) {
            if !dossier.milestones.iter().any(|known| known.id == *milestone) {
                let message = Text::new("该时间节点不属于本任务的计划，请更正。", "The milestone is not of this task's plan: correct it.");
                self.fault("MILESTONE_OF_ANOTHER_TASK", &["milestonesReached", &place.to_string()], message);
            }
        }
    }

    fn blockers(&mut self, post: &Post, helpers: &HashMap<UnitId, Unit>) {
        self.few(&post.blockers, "blockers");
        for (place, blocker) in post.blockers.iter().enumerate().take(PARTS) {
            let place = place.to_string();
            if blocker.description.trim().is_empty() {
                self.fault("BLOCKER_BLANK", &["blockers", &place, "description"], Text::new("请说明堵点。", "Say what stops the task."));
            }
            self.length(&blocker.description, NOTE, &["blockers", &place, "description"]);
            self.length(blocker.needs.as_deref().unwrap_or_default(), NOTE, &["blockers", &place, "needs"]);
            if blocker.needed_from.is_some_and(|unit| !helpers.contains_key(&unit)) {
                self.fault("UNKNOWN_UNIT", &["blockers", &place, "neededFrom"], super::unknown("单位", "unit"));
            }
        }
    }

    fn stated(&mut self, post: &Post) -> Option<Decimal> {
        match post.stated_completion.as_ref()?.read() {
            Err(message) => {
                self.fault("FIGURE_NOT_A_NUMBER", &["statedCompletion"], message);
                None
            }
            Ok(percent) => {
                if Quantity::try_from(percent) == Err(QuantityError::TooPrecise) {
                    self.refuse(report::Refusal::TooPrecise, &["statedCompletion"]);
                    return None;
                }
                Some(percent)
            }
        }
    }

    fn version(&mut self, post: &Post, known: Option<&ProgressReport>) -> Result<(), Refusal> {
        let expected = post.expected_version.unwrap_or_default();
        let current = known.map_or(0, |report| report.version);
        if expected == i64::from(current) {
            return Ok(());
        }
        // In a batch the row has to be named, which an error cannot.
        if self.path.len() == 1 {
            return Err(Refusal::Stale(Box::new(known.map(Current::from).unwrap_or_default())));
        }
        let message = Text::new(
            format!("内容已被他人修改，现为第 {current} 版：请刷新后重新提交。"),
            format!("It was changed meanwhile and has version {current} now: refresh and submit again."),
        );
        self.fault("STALE_VERSION", &["expectedVersion"], message);
        Ok(())
    }

    /// The life of the report before and after; after is `None` where it cannot go on.
    fn life(&mut self, desk: &Desk<'_>, post: &Post, known: Option<&ProgressReport>) -> Result<(Life, Option<Life>), Refusal> {
        let steps = desk.steps.iter().filter(|step| known.is_some_and(|report| report.id == step.report_id));
        let before = Step::life(steps).map_err(|refusal| Refusal::Fault(Box::new(refusal)))?;
        let after = if post.draft { before.check_saving().map(|()| before.clone()) } else { before.clone().submit(desk.call.occasion.at) };
        let after = after.map_err(|refusal| self.refuse(refusal, &[])).ok();
        Ok((before, after))
    }

    /// What the figures and blockers are checked for, against what was accepted before.
    fn content(
        &mut self,
        desk: &Desk<'_>,
        post: &Post,
        dossier: &Dossier,
        period: Period,
        posted: &Acceptance,
        figures: &[PostedFigure],
    ) -> Vec<Remark> {
        let blockers: Vec<report::Blocker> = post
            .blockers
            .iter()
            .map(|blocker| report::Blocker { description: blocker.description.clone(), needs: blocker.needs.clone() })
            .collect();
        let is_explained = desk.blockers.iter().any(|blocker| {
            blocker.task_id == post.task_id
                && blocker.report_id != posted.report_id
                && blocker.raised_at.is_some()
                && blocker.needs.as_deref().is_some_and(|needs| !needs.trim().is_empty())
        });
        let Ok(assessment) = dossier.assess(period, posted, is_explained, &desk.reckoning) else {
            self.refuse(report::Refusal::TooLarge, &["achievements"]);
            return Vec::new();
        };
        // A draft is not asked why it is behind; nor is a post whose figures cannot be read yet.
        let readable = figures.len() == post.achievements.len();
        let schedule: Option<&Schedule> = assessment.schedule.as_ref().filter(|_| !post.draft && readable);
        let posting = Posting { figures, blockers: &blockers, stated_percent: posted.stated_percent };
        let mut findings = posting.check(&assessment.records, schedule);
        if post.draft {
            findings = findings.for_draft();
        }
        for Finding { subject, what } in &findings.refusals {
            let path = subject.path();
            self.refuse(*what, &path.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let remark = |finding: &Finding<report::Warning>| match finding.subject {
            Subject::Value(place) => Some(Remark { target_id: figures.get(place)?.target_id, warning: finding.what }),
            Subject::Target(_) | Subject::Blockers | Subject::StatedCompletion => None,
        };
        findings.warnings.iter().filter_map(remark).collect()
    }
}

/// The last day on which a notice's duties run.
fn last_day(dossier: &Dossier) -> chrono::NaiveDate {
    dossier.plan().due_on()
}

fn reached(post: &Post) -> Vec<entity::MilestoneId> {
    let mut reached = post.milestones_reached.clone();
    reached.sort_unstable();
    reached.dedup();
    reached
}

/// The steps that a post takes: it is submitted, and accepted where the notice's setting does that.
fn steps(desk: &Desk<'_>, post: &Post, id: entity::ProgressReportId, life: &Life, accepts: bool) -> Vec<Step> {
    if post.draft {
        return Vec::new();
    }
    let actor = desk.call.viewer.actor();
    let number = i32::try_from(life.history().len()).unwrap_or(i32::MAX);
    let at = desk.call.occasion.at;
    let mut steps = vec![Step {
        report_id: id,
        number,
        at,
        kind: TransitionKind::Submit,
        reason: None,
        actor_id: actor.map(|actor| actor.id),
        actor_username: actor.map(|actor| actor.username.clone()),
    }];
    if accepts {
        steps.push(Step {
            report_id: id,
            number: number.saturating_add(1),
            at,
            kind: TransitionKind::Accept,
            reason: None,
            actor_id: None,
            actor_username: None,
        });
    }
    steps
}

/// The blockers of a report as they are to be: those that it names again keep their identity, those that it names no more are withdrawn.
fn merged(desk: &Desk<'_>, post: &Post, report: &ProgressReport) -> (Vec<Blocker>, Vec<Blocker>) {
    let raised_at = (report.state != ReportState::Draft).then_some(desk.call.occasion.at);
    let mut kept = Vec::new();
    let mut raised: Vec<Blocker> = Vec::new();
    let known: Vec<&Blocker> = desk.blockers.iter().filter(|blocker| blocker.report_id == report.id).collect();
    for blocker in &known {
        let again = post.blockers.iter().find(|posted| posted.description.trim() == blocker.description);
        kept.push(match again {
            Some(posted) => Blocker {
                needs: posted.needs.clone(),
                needed_from_id: posted.needed_from,
                needed_by: posted.needed_by,
                raised_at: blocker.raised_at.or(raised_at),
                ..(*blocker).clone()
            },
            None => Blocker { state: BlockerState::Withdrawn, ..(*blocker).clone() },
        });
    }
    for posted in &post.blockers {
        let description = posted.description.trim();
        let is_there = known.iter().any(|blocker| blocker.description == description)
            || raised.iter().any(|blocker| blocker.description == description);
        if !is_there {
            raised.push(Blocker {
                id: BlockerId::generate(),
                task_id: report.task_id,
                report_id: report.id,
                description: description.to_owned(),
                needs: posted.needs.clone(),
                needed_from_id: posted.needed_from,
                needed_by: posted.needed_by,
                state: BlockerState::Open,
                version: 1,
                raised_at,
                resolved_at: None,
                resolution: None,
            });
        }
    }
    (kept, raised)
}

/// Brings a dossier to what it is with a report, so that the light and whatever is posted next are judged by that.
fn settle(dossier: &mut Dossier, report: &ProgressReport, accepted: Option<&Acceptance>) {
    if let Some(first_submitted_at) = report.first_submitted_at {
        dossier.submissions.retain(|submission| submission.report_id != report.id);
        dossier.submissions.push(Submission { report_id: report.id, unit_id: report.unit_id, period: report.period, first_submitted_at });
    }
    dossier.acceptances.extend(accepted.cloned());
}

impl From<&ProgressReport> for Current {
    fn from(report: &ProgressReport) -> Self {
        Self {
            version: report.version,
            changed_at: Some(report.changed_at),
            changed_by: report.author_username.clone(),
            fields: vec![
                ("period", report.period.key().into()),
                ("state", serde_json::to_value(report.state).unwrap_or_default()),
                ("narrative", report.narrative.clone().into()),
            ],
        }
    }
}
