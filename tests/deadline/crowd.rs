//! A thousand posts of a hundred accounts at once, and two offices that review them meanwhile.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use entity::TransitionKind;
use futures_util::{StreamExt as _, stream};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{
    log::{Asked, Log, Outcome, Post, REVIEW, REVIEW_ALL, Review, SUBMIT, bare, outcome, outcomes},
    scene::{CITY, GROUP, OF_ALL, OFFICES, SHARE, Scene, UNITS, name_of},
    tables::{Found, Tables},
};
use crate::support::{app::App, global};

/// How many posts each account sends.
const EACH: usize = 10;
/// How many reports an office decides on at once.
const BATCH: usize = 20;
const REOPENED: usize = 10;

struct Crowd {
    app: App,
    scene: Scene,
    log: Log,
    /// Two sessions of each unit.
    sessions: Vec<[String; 2]>,
    offices: [String; 2],
    /// Whether all posts were answered.
    posted: AtomicBool,
}

impl Crowd {
    async fn gather(app: App) -> Self {
        let scene = Scene::make(&app, 2026, UNITS).await;
        let names: Vec<String> = (0..UNITS).map(name_of).chain(OFFICES.map(str::to_owned)).collect();
        let signed_in = |name: String| {
            let app = &app;
            async move { [app.sign_in(&name).await.bearer().to_owned(), app.sign_in(&name).await.bearer().to_owned()] }
        };
        let mut sessions: Vec<[String; 2]> = stream::iter(names).map(signed_in).buffered(4).collect().await;
        let offices = sessions.split_off(UNITS).into_iter().map(|[first, _]| first).collect::<Vec<_>>().try_into().expect("two offices");
        Self { app, scene, log: Log::default(), sessions, offices, posted: AtomicBool::new(false) }
    }

    /// Hands the first target of every group's task to its units.
    async fn allocate(&self) {
        let document = "mutation($input: AllocateTargetInput!) { allocateTarget(input: $input) { task { id } errors { code field } } }";
        for (group, task) in self.scene.tasks[..OF_ALL].iter().enumerate() {
            let members = &self.scene.units[group * GROUP..(group + 1) * GROUP];
            let shares: Vec<Value> =
                members.iter().map(|unit| json!({ "unitId": global("unit", unit.0), "value": SHARE.to_string() })).collect();
            let input = json!({ "targetId": global("target", task.targets[0].0), "expectedVersion": 0, "allocations": shares });
            let data = self.app.bearing(&self.offices[0]).data(document, json!({ "input": input })).await;
            assert_eq!(data["allocateTarget"]["errors"], json!([]));
        }
    }

    async fn post(&self, bearer: &str, post: &Post) -> Outcome {
        let begun = Instant::now();
        let reply = self.app.bearing(bearer).post(SUBMIT, post.input(&self.scene)).await;
        let outcome = outcome(&reply.body, "submitProgress");
        self.log.note(Asked::Post(post.clone()), outcome.clone(), begun.elapsed());
        outcome
    }

    /// What one account does at the deadline.
    async fn report(&self, unit: usize) {
        let [first, second] = &self.sessions[unit];
        let mut serials = (1..).map(|number| u32::try_from(unit * EACH + number).expect("a number"));
        let mut next = |task, week| Post {
            serial: serials.next().expect("a number"),
            unit,
            task,
            week,
            expected: None,
            draft: false,
            negative: false,
        };
        let own = unit / GROUP;
        let original = next(own, 41);
        is_done(&self.post(first, &original).await, 1);
        is_done(&self.post(second, &Post { draft: true, ..next(own, 42) }).await, 1);
        // Two sessions of one account send the same report, half of them at once: the service takes 200 changes at a time.
        let [one, other] = [next(own, 42), next(own, 42)].map(|post| Post { expected: Some(1), ..post });
        let (one, other) = if unit.is_multiple_of(2) {
            tokio::join!(self.post(first, &one), self.post(second, &other))
        } else {
            (self.post(first, &one).await, self.post(second, &other).await)
        };
        let (winner, loser) = if matches!(one, Outcome::Done { .. }) { (one, other) } else { (other, one) };
        is_done(&winner, 2);
        assert_eq!(loser, Outcome::Refused("STALE_VERSION".into()));
        is_done(&self.post(first, &next(OF_ALL, 41)).await, 1);
        let refused = self.post(first, &Post { negative: true, ..next(own, 43) }).await;
        assert_eq!(refused, Outcome::Refused("FIGURE_NEGATIVE".into()));
        is_done(&self.post(first, &next(own, 43)).await, 1);
        // Of somebody who did not hear the answer.
        assert_eq!(self.post(second, &original).await, Outcome::Refused("STALE_VERSION".into()));
        is_done(&self.post(first, &next(OF_ALL, 42)).await, 1);
        // Meanwhile it may have been reviewed.
        let corrected = self.post(first, &Post { expected: Some(1), ..next(own, 41) }).await;
        assert!(["done", "STALE_VERSION"].contains(&corrected.code()), "{corrected:?}");
    }

    /// The reports in a state, with their versions.
    async fn reports(&self, state: &str) -> Vec<Value> {
        let query = "query($state: [ReportState!], $city: [String!]) { reports(filter: { state: $state, jurisdiction: $city }, first: 20) {
            nodes { id version unit { id } task { id } period { key } }
        } }";
        let data = self.app.bearing(&self.offices[0]).data(query, json!({ "state": [state], "city": [CITY] })).await;
        data["reports"]["nodes"].as_array().expect("reports").clone()
    }

    async fn review_all(&self, office: usize, reviews: &[Review]) -> String {
        let begun = Instant::now();
        let inputs: Vec<Value> = reviews.iter().map(Review::input).collect();
        let reply = self.app.bearing(&self.offices[office]).post(REVIEW_ALL, json!({ "inputs": inputs })).await;
        let outcomes = outcomes(&reply.body, "reviewProgressBatch", reviews.len());
        let code = outcomes[0].code().to_owned();
        for (review, outcome) in reviews.iter().zip(outcomes) {
            self.log.note(Asked::Review(review.clone()), outcome, begun.elapsed());
        }
        code
    }

    /// Both offices decide on what waits for review, at once and on the same reports, until nothing does; how many batches were told what.
    async fn review(&self) -> BTreeMap<String, usize> {
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        while self.log.len() < UNITS {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        loop {
            let is_over = self.posted.load(Ordering::SeqCst);
            let waiting = self.reports("SUBMITTED").await;
            if waiting.is_empty() && is_over {
                return told;
            }
            if waiting.len() < BATCH && !is_over {
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            }
            let decided = |returned: usize| {
                let review = |(place, report): (usize, &Value)| Review {
                    report: bare(&report["id"]),
                    expected: version(report),
                    decision: if place % 7 == returned { TransitionKind::Return } else { TransitionKind::Accept },
                };
                waiting.iter().enumerate().map(review).collect::<Vec<_>>()
            };
            let (one, other) = (decided(1), decided(2));
            let codes = tokio::join!(self.review_all(0, &one), self.review_all(1, &other)).into();
            let codes: [String; 2] = codes;
            let done = codes.iter().filter(|code| *code == "done").count();
            // A unit may correct one of the reports first, and then neither wins.
            assert!(done <= 1 && (done == 1 || !is_over), "{codes:?}");
            for code in codes {
                *told.entry(code).or_default() += 1;
            }
        }
    }

    /// Accepted reports are reopened by both offices at once, some posted again, and some of these accepted again.
    async fn reopen(&self) {
        let accepted = self.reports("ACCEPTED").await;
        for (place, report) in accepted.iter().take(REOPENED).enumerate() {
            let review = Review { report: bare(&report["id"]), expected: version(report), decision: TransitionKind::Reopen };
            let (one, other) = tokio::join!(self.decide(0, &review), self.decide(1, &review));
            let mut codes = [one.code(), other.code()];
            codes.sort_unstable();
            assert_eq!(codes, ["STALE_VERSION", "done"]);
            if place % 3 == 0 {
                continue;
            }
            let unit = self.scene.units.iter().position(|unit| unit.0 == bare(&report["unit"]["id"])).expect("a unit");
            let task = self.scene.tasks.iter().position(|task| task.id.0 == bare(&report["task"]["id"])).expect("a task");
            let week = report["period"]["key"].as_str().and_then(|key| key.split_once("-W")).expect("a week").1.parse().expect("a week");
            let serial = u32::try_from(UNITS * EACH + place).expect("a number") + 1;
            let again = Post { serial, unit, task, week, expected: Some(review.expected + 1), draft: false, negative: false };
            is_done(&self.post(&self.sessions[unit][0], &again).await, review.expected + 2);
            if place % 3 == 1 {
                let review = Review { expected: review.expected + 2, decision: TransitionKind::Accept, ..review };
                is_done(&self.decide(0, &review).await, review.expected + 1);
            }
        }
    }

    async fn decide(&self, office: usize, review: &Review) -> Outcome {
        let begun = Instant::now();
        let reply = self.app.bearing(&self.offices[office]).post(REVIEW, json!({ "input": review.input() })).await;
        let outcome = outcome(&reply.body, "reviewProgress");
        self.log.note(Asked::Review(review.clone()), outcome.clone(), begun.elapsed());
        outcome
    }

    /// What the ledger says that each target has come to, and compares its lights with those that were told.
    async fn ledger(&self, tables: &Tables) -> BTreeMap<entity::TargetId, Decimal> {
        let query = "query($city: String!, $year: Int!) { ledger(jurisdiction: $city, year: $year, first: 100) { nodes {
            task { id state { light targets { target { id } achieved } } } light targets { target { id } achieved }
        } } }";
        let data = self.app.data(query, json!({ "city": CITY, "year": self.scene.year })).await;
        let mut totals = BTreeMap::new();
        for row in data["ledger"]["nodes"].as_array().expect("rows") {
            assert_eq!(row["targets"], row["task"]["state"]["targets"], "a task says what its row says");
            let standing = tables.standings.iter().find(|standing| standing.task_id.0 == bare(&row["task"]["id"])).expect("a standing");
            assert_eq!(row["light"], json!(standing.public_light), "the light that the public was told last is the one that is on");
            assert_eq!(row["light"], row["task"]["state"]["light"]);
            for target in row["targets"].as_array().expect("targets") {
                if let Some(achieved) = target["achieved"].as_str() {
                    totals.insert(entity::TargetId(bare(&target["target"]["id"])), achieved.parse().expect("a number"));
                }
            }
        }
        totals
    }
}

fn version(report: &Value) -> i32 {
    report["version"].as_i64().and_then(|version| i32::try_from(version).ok()).expect("a version")
}

fn is_done(outcome: &Outcome, expected: i32) {
    assert!(matches!(outcome, Outcome::Done { version, .. } if *version == expected), "{outcome:?} is not version {expected}");
}

pub async fn a_thousand_posts_are_there_once(app: App) {
    let backend = app.backend;
    let crowd = Arc::new(Crowd::gather(app).await);
    crowd.allocate().await;
    // Time passes while they wait, so that many act at a time when others, who came later, have acted already.
    let ticking = tokio::spawn({
        let crowd = Arc::clone(&crowd);
        async move {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                crowd.app.pass(TimeDelta::milliseconds(1));
            }
        }
    });
    let begun = Instant::now();
    let reviewing = tokio::spawn({
        let crowd = Arc::clone(&crowd);
        async move { crowd.review().await }
    });
    let accounts: Vec<_> = (0..UNITS)
        .map(|unit| {
            let crowd = Arc::clone(&crowd);
            tokio::spawn(async move { crowd.report(unit).await })
        })
        .collect();
    let mut broken = 0_usize;
    for account in accounts {
        broken += usize::from(account.await.is_err());
    }
    let posted = begun.elapsed();
    crowd.posted.store(true, Ordering::SeqCst);
    let told = crowd.log.tally(true);
    assert_eq!(broken, 0, "{told:?} in {posted:?}");
    assert_eq!(told.values().sum::<usize>(), UNITS * EACH);
    let batches = reviewing.await.expect("reviewed");
    let reviewed = begun.elapsed();
    ticking.abort();
    crowd.reopen().await;

    let mut times: Vec<Duration> =
        crowd.log.entries().iter().filter(|entry| matches!(entry.asked, Asked::Post(_))).map(|entry| entry.took).collect();
    times.sort_unstable();
    let share = |hundredths: usize| times[times.len() * hundredths / 100];
    println!(
        "{backend}: {} posts of {UNITS} accounts at once in {posted:.1?} {told:?}, each {:.0?} at half, {:.0?} at 99 of 100; batches of reviews {batches:?}, all reviewed after {reviewed:.1?}",
        UNITS * EACH,
        share(50),
        share(99),
    );

    let tables = Tables::read(&crowd.app.raw).await;
    let found = tables.check(&crowd.scene, &crowd.log);
    assert_eq!(found, Found { unheard: 0, ..found });
    let totals = tables.totals();
    assert_eq!(totals.len(), crowd.scene.tasks.len() * 2);
    assert_eq!(totals, tables.totals_of_reports());
    assert_eq!(tables.achieved(&crowd.scene), crowd.ledger(&tables).await);
    let verified = crowd.app.service.verify_audit(|_, _| {}).await.expect("verified");
    assert_eq!(verified.breach, None);
    let changes =
        |task: &entity::TaskId| tables.reports.iter().filter(|report| report.task_id == *task).map(|report| report.version).sum::<i32>();
    for (place, task) in crowd.scene.tasks.iter().enumerate() {
        let standing = tables.standings.iter().find(|standing| standing.task_id == task.id).expect("a standing");
        // Each change counts, and so does the allocation.
        assert_eq!(standing.revision, changes(&task.id) + i32::from(place != OF_ALL));
    }
}
