//! What is stored, read past the service, and its comparison with what clients were told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    Action, AuditOutcome, BlockerState, ProgressEventKind, ProgressReportId, ReportState, StatusLight, TargetId, TaskId, TransitionKind,
    UnitId, acceptance, acceptance_figure, audit_event, blocker, progress_event, progress_report, report_figure, report_transition,
    task_standing,
};
use rust_decimal::Decimal;
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder as _};
use serde_json::Value;
use uuid::Uuid;

use super::{
    log::{Asked, Entry, Log, Outcome, Post},
    scene::{GROUP, OF_ALL, Scene},
};

/// Every row that has to do with reports.
pub struct Tables {
    pub reports: Vec<progress_report::Model>,
    figures: Vec<report_figure::Model>,
    steps: Vec<report_transition::Model>,
    acceptances: Vec<acceptance::Model>,
    accepted_figures: Vec<acceptance_figure::Model>,
    blockers: Vec<blocker::Model>,
    events: Vec<progress_event::Model>,
    pub standings: Vec<task_standing::Model>,
    audit: Vec<audit_event::Model>,
}

#[expect(clippy::disallowed_methods, reason = "compares with what the service says")]
impl Tables {
    pub async fn read(connection: &DatabaseConnection) -> Self {
        async fn all<E: EntityTrait>(connection: &DatabaseConnection) -> Vec<E::Model> {
            E::find().all(connection).await.expect("rows")
        }
        let in_order = report_transition::Entity::find().order_by_asc(report_transition::Column::Number);
        let numbered = progress_event::Entity::find().order_by_asc(progress_event::Column::Sequence);
        Self {
            reports: all::<progress_report::Entity>(connection).await,
            figures: all::<report_figure::Entity>(connection).await,
            steps: in_order.all(connection).await.expect("rows"),
            acceptances: all::<acceptance::Entity>(connection).await,
            accepted_figures: all::<acceptance_figure::Entity>(connection).await,
            blockers: all::<blocker::Entity>(connection).await,
            events: numbered.all(connection).await.expect("rows"),
            standings: all::<task_standing::Entity>(connection).await,
            audit: all::<audit_event::Entity>(connection).await,
        }
    }

    /// Compares everything with what clients were told: each version of each report is there because somebody was told so, or asked for it and
    /// was told nothing; and it is there whole.
    pub fn check(&self, scene: &Scene, log: &Log) -> Found {
        let told = Told::of(log);
        let ids: BTreeSet<Uuid> = self.reports.iter().map(|row| row.id.0).collect();
        let missing: Vec<_> = told.done.keys().filter(|(report, _)| !ids.contains(report)).collect();
        assert!(missing.is_empty(), "acknowledged and not there: {missing:?}");
        let mut found = Found { acknowledged: told.done.len(), ..Found::default() };
        let mut counts = Counts::default();
        let mut audited = Vec::new();
        for row in &self.reports {
            let story = Story::of(row, scene, &told, &mut found);
            self.check_content(row, scene, &story);
            self.check_life(row, &story);
            self.check_acceptances(row, scene, &story);
            counts.figures += scene.tasks[story.content.task].targets.len();
            counts.blockers += story.blockers.len();
            counts.steps += story.steps.len();
            counts.acceptances += story.acceptances.len();
            audited.extend(story.audited);
        }
        // Nothing is there besides.
        let rows = Counts {
            figures: self.figures.len(),
            blockers: self.blockers.len(),
            steps: self.steps.len(),
            acceptances: self.acceptances.len(),
        };
        assert_eq!(rows, counts);
        self.check_audit(audited, &told);
        self.check_events();
        found
    }

    fn check_content(&self, row: &progress_report::Model, scene: &Scene, story: &Story<'_>) {
        assert_eq!(row.narrative, story.content.narrative(), "{row:#?}");
        let figures: BTreeMap<TargetId, Decimal> =
            of(row.id, &self.figures, |figure| figure.report_id).map(|figure| (figure.target_id, figure.value.into())).collect();
        assert_eq!(figures, story.content.figures(scene), "{row:#?}");
        let blockers: BTreeMap<&str, BlockerState> =
            of(row.id, &self.blockers, |blocker| blocker.report_id).map(|blocker| (blocker.description.as_str(), blocker.state)).collect();
        let expected: BTreeMap<&str, BlockerState> = story.blockers.iter().map(|(name, state)| (name.as_str(), *state)).collect();
        assert_eq!(blockers, expected, "{row:#?}");
    }

    fn check_life(&self, row: &progress_report::Model, story: &Story<'_>) {
        let steps: Vec<_> = of(row.id, &self.steps, |step| step.report_id).map(|step| (step.number, step.kind)).collect();
        let expected: Vec<_> = (1_i32..).zip(story.steps.iter().copied()).collect();
        assert_eq!(steps, expected, "{row:#?}");
        let replayed = match story.steps.last() {
            None => ReportState::Draft,
            Some(TransitionKind::Submit) => ReportState::Submitted,
            Some(TransitionKind::Accept) => ReportState::Accepted,
            Some(TransitionKind::Return | TransitionKind::Reopen) => ReportState::Returned,
        };
        assert_eq!(row.state, replayed, "{row:#?}");
    }

    fn check_acceptances(&self, row: &progress_report::Model, scene: &Scene, story: &Story<'_>) {
        let mut stored: Vec<_> = of(row.id, &self.acceptances, |acceptance| acceptance.report_id)
            .map(|acceptance| {
                let figures = self.accepted_figures.iter().filter(|figure| figure.acceptance_id == acceptance.id);
                let figures: BTreeMap<TargetId, Decimal> = figures.map(|figure| (figure.target_id, figure.value.into())).collect();
                (acceptance.id, acceptance.ended_at.is_some(), figures)
            })
            .collect();
        stored.sort_by_key(|(id, ..)| *id);
        let stored: Vec<_> = stored.into_iter().map(|(_, ended, figures)| (ended, figures)).collect();
        let expected: Vec<_> = story.acceptances.iter().map(|(post, ended)| (*ended, post.figures(scene))).collect();
        assert_eq!(stored, expected, "{row:#?}");
    }

    /// One event for each change, and none of a change that is not there; one for what was refused.
    fn check_audit(&self, mut expected: Vec<(Action, Uuid, String)>, told: &Told) {
        let mut recorded = Vec::new();
        let mut refused = 0;
        for event in &self.audit {
            let changes: Value = serde_json::from_str(&event.changes).expect("JSON");
            match (event.action, event.outcome) {
                (Action::SubmitProgress, AuditOutcome::Succeeded) => {
                    let subject = event.subject_id.expect("a report");
                    recorded.push((event.action, subject, changes["report"]["after"]["version"].to_string()));
                }
                (Action::ReviewProgress, AuditOutcome::Succeeded) => {
                    for (name, change) in changes.as_object().expect("changes") {
                        let report = if name == "state" { event.subject_id } else { name.parse().ok() };
                        recorded.extend(report.map(|report| (event.action, report, change["after"].as_str().expect("a state").to_owned())));
                    }
                }
                (Action::SubmitProgress, _) => refused += 1,
                _ => {}
            }
        }
        recorded.sort_by(|one, other| (one.1, &one.2, one.0 as u8).cmp(&(other.1, &other.2, other.0 as u8)));
        expected.sort_by(|one, other| (one.1, &one.2, one.0 as u8).cmp(&(other.1, &other.2, other.0 as u8)));
        assert_eq!(recorded, expected);
        assert!((told.refused_posts..=told.refused_posts + told.lost_posts.len()).contains(&refused), "{refused} refusals are recorded");
    }

    /// Events are numbered without a gap, and there is one for each step.
    fn check_events(&self) {
        let numbers: Vec<i64> = self.events.iter().map(|event| event.sequence).collect();
        assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>());
        let kind_of = |kind| match kind {
            TransitionKind::Submit => ProgressEventKind::ReportSubmitted,
            TransitionKind::Accept => ProgressEventKind::ReportAccepted,
            TransitionKind::Return => ProgressEventKind::ReportReturned,
            TransitionKind::Reopen => ProgressEventKind::ReportReopened,
        };
        let mut steps: HashMap<(ProgressReportId, ProgressEventKind), usize> = HashMap::new();
        for step in &self.steps {
            *steps.entry((step.report_id, kind_of(step.kind))).or_default() += 1;
        }
        let mut told: HashMap<(ProgressReportId, ProgressEventKind), usize> = HashMap::new();
        // Each audience is told of the light that it is shown; one event may be for both.
        let mut lights: HashMap<(TaskId, &str), StatusLight> = HashMap::new();
        for event in &self.events {
            match event.kind {
                ProgressEventKind::BlockerRaised | ProgressEventKind::BlockerResolved => {}
                ProgressEventKind::LightChanged => {
                    let light = event.light.expect("a light");
                    for (audience, is_told) in [("inside", event.inside), ("public", event.published)] {
                        if is_told && let Some(before) = lights.insert((event.task_id, audience), light) {
                            assert_eq!(event.light_before, Some(before), "a light changes from what it was");
                        }
                    }
                }
                kind => *told.entry((event.report_id.expect("a report"), kind)).or_default() += 1,
            }
        }
        assert_eq!(told, steps);
    }

    /// What all units have reported of each target, by the acceptances that count: of each unit the figure of its last period, added up.
    pub fn totals(&self) -> BTreeMap<TargetId, Decimal> {
        sum(self.last().into_iter().map(|((target, _), value)| (target, value)))
    }

    /// What each target has come to. The first target of a group's task is split over the group, whose figures are added. Of any other target
    /// the figure of the lead is the whole.
    pub fn achieved(&self, scene: &Scene) -> BTreeMap<TargetId, Decimal> {
        let counts = |target: TargetId, unit: UnitId| {
            let (place, task) = scene.tasks.iter().enumerate().find(|(_, task)| task.targets.contains(&target)).expect("its task");
            let is_split = place != OF_ALL && task.targets[0] == target;
            let lead = if place == OF_ALL { 0 } else { place * GROUP };
            is_split || unit == scene.units[lead]
        };
        sum(self.last().into_iter().filter(|((target, unit), _)| counts(*target, *unit)).map(|((target, _), value)| (target, value)))
    }

    fn last(&self) -> BTreeMap<(TargetId, UnitId), Decimal> {
        let mut last: BTreeMap<(TargetId, UnitId), (chrono::NaiveDate, ProgressReportId, Decimal)> = BTreeMap::new();
        for acceptance in self.acceptances.iter().filter(|acceptance| acceptance.ended_at.is_none()) {
            for figure in self.accepted_figures.iter().filter(|figure| figure.acceptance_id == acceptance.id) {
                let place = (acceptance.ends_on, acceptance.report_id, figure.value.into());
                last.entry((figure.target_id, acceptance.unit_id)).and_modify(|known| *known = place.max(*known)).or_insert(place);
            }
        }
        last.into_iter().map(|(place, (_, _, value))| (place, value)).collect()
    }

    /// The same by the reports alone.
    pub fn totals_of_reports(&self) -> BTreeMap<TargetId, Decimal> {
        let accepted: HashMap<ProgressReportId, &progress_report::Model> =
            self.reports.iter().filter(|report| report.state == ReportState::Accepted).map(|report| (report.id, report)).collect();
        let mut last: BTreeMap<(TargetId, UnitId), (String, Decimal)> = BTreeMap::new();
        for figure in &self.figures {
            let Some(report) = accepted.get(&figure.report_id) else { continue };
            let place = (report.period.clone(), figure.value.into());
            let known = last.entry((figure.target_id, report.unit_id)).or_insert_with(|| place.clone());
            *known = place.max(known.clone());
        }
        sum(last.into_iter().map(|((target, _), (_, value))| (target, value)))
    }
}

/// What was found of each change.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// So many versions somebody was told of, all of which are there.
    pub acknowledged: usize,
    /// So many are there that somebody asked for without hearing the answer.
    pub unheard: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    figures: usize,
    blockers: usize,
    steps: usize,
    acceptances: usize,
}

/// What clients were told, by the version that came of it.
struct Told {
    done: BTreeMap<(Uuid, i32), Asked>,
    lost: Vec<Asked>,
    refused_posts: usize,
    lost_posts: Vec<Post>,
}

impl Told {
    fn of(log: &Log) -> Self {
        let mut told = Self { done: BTreeMap::new(), lost: Vec::new(), refused_posts: 0, lost_posts: Vec::new() };
        for Entry { asked, outcome, .. } in log.entries() {
            match outcome {
                Outcome::Done { report, version } => {
                    let twice = told.done.insert((report, version), asked.clone());
                    assert!(twice.is_none(), "version {version} of {report} was given to two: {twice:?} {asked:?}");
                }
                Outcome::Refused(_) => told.refused_posts += usize::from(matches!(asked, Asked::Post(_))),
                Outcome::Lost => {
                    if let Asked::Post(post) = &asked {
                        told.lost_posts.push(post.clone());
                    }
                    told.lost.push(asked);
                }
            }
        }
        told
    }
}

/// What has become of a report, version by version.
struct Story<'a> {
    content: &'a Post,
    steps: Vec<TransitionKind>,
    /// What was accepted, and whether it counts no longer.
    acceptances: Vec<(&'a Post, bool)>,
    blockers: BTreeMap<String, BlockerState>,
    audited: Vec<(Action, Uuid, String)>,
}

impl<'a> Story<'a> {
    fn of(row: &progress_report::Model, scene: &Scene, told: &'a Told, found: &mut Found) -> Self {
        let mut content = None;
        let mut story = (Vec::new(), Vec::<(&Post, bool)>::new(), BTreeMap::new(), Vec::new());
        let (steps, acceptances, blockers, audited) = (&mut story.0, &mut story.1, &mut story.2, &mut story.3);
        let is_of = |post: &Post| {
            let key = (scene.tasks[post.task].id, scene.units[post.unit], post.period(scene));
            key == (row.task_id, row.unit_id, row.period.clone())
        };
        for version in 1..=row.version {
            let asked = told.done.get(&(row.id.0, version)).unwrap_or_else(|| {
                found.unheard += 1;
                let mut candidates = told.lost.iter().filter(|asked| match asked {
                    Asked::Post(post) => !post.negative && is_of(post) && post.expected.unwrap_or_default() + 1 == version,
                    Asked::Review(review) => review.report == row.id.0 && review.expected + 1 == version,
                });
                let found = candidates.next().unwrap_or_else(|| panic!("nobody was told of version {version}: {row:#?}"));
                assert!(candidates.next().is_none(), "the tests ask for each version once");
                found
            });
            match asked {
                Asked::Post(post) => {
                    assert!(is_of(post) && !post.negative, "{post:?} {row:#?}");
                    for state in blockers.values_mut() {
                        *state = BlockerState::Withdrawn;
                    }
                    blockers.insert(post.blocker(), BlockerState::Open);
                    content = Some(post);
                    if !post.draft {
                        steps.push(TransitionKind::Submit);
                    }
                    audited.push((Action::SubmitProgress, row.id.0, version.to_string()));
                }
                Asked::Review(review) => {
                    steps.push(review.decision);
                    let state = match review.decision {
                        TransitionKind::Accept => {
                            acceptances.push((content.expect("something to accept"), false));
                            "ACCEPTED"
                        }
                        TransitionKind::Reopen => {
                            acceptances.last_mut().expect("something to reopen").1 = true;
                            "RETURNED"
                        }
                        _ => "RETURNED",
                    };
                    audited.push((Action::ReviewProgress, row.id.0, state.to_owned()));
                }
            }
        }
        let (steps, acceptances, blockers, audited) = story;
        Self { content: content.expect("a first version"), steps, acceptances, blockers, audited }
    }
}

fn of<M>(report: ProgressReportId, rows: &[M], id: impl Fn(&M) -> ProgressReportId) -> impl Iterator<Item = &M> {
    rows.iter().filter(move |row| id(row) == report)
}

fn sum(values: impl Iterator<Item = (TargetId, Decimal)>) -> BTreeMap<TargetId, Decimal> {
    let mut sums: BTreeMap<TargetId, Decimal> = BTreeMap::new();
    for (target, value) in values {
        *sums.entry(target).or_default() += value;
    }
    sums
}
