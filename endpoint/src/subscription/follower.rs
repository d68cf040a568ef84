//! Somebody who follows: reads the events that are for them, pays for each, and is told them one by one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use language::Text;
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::{
    Means, Notification, Operation, Place, Prover, Source,
    shared::{Feeds, Page, Situation, Stretch, Told},
};
use crate::{
    answer::{
        Answer,
        error::{self, Code},
    },
    asked::Asked,
    client::Clients,
    http::unproved_answer,
    limit::Limits,
    product::{Event, Feed, Following, Opaque, Step, Unproved},
};

/// How many events are read at once.
const PAGE: u64 = 50;

/// How often whoever follows is asked again who they are where nothing says that it may have changed.
const TRUST: Duration = Duration::from_mins(1);

/// How often the time is compared with that at which what was presented expires.
const GLANCE: Duration = Duration::from_secs(1);

/// How long to wait before trying again what the database could not do.
const RESPITE: Duration = Duration::from_secs(1);

/// Somebody who follows, and how far they have been told.
pub struct Follower {
    source: Source,
    clients: Clients,
    feeds: Arc<Feeds>,
    following: Box<dyn Following>,
    /// How many points an event costs.
    points: u64,
    operation: Arc<Operation>,
    prover: Prover,
    proof: Proof,
    /// What is wanted.
    scope: Arc<dyn Opaque>,
    /// The number of the last event that was told or is not for them.
    position: i64,
    /// Events that were read.
    page: Arc<[Event]>,
    /// How many of these have been told.
    turned: usize,
    /// Up to which number nothing else is for them, once the page has been told.
    horizon: Option<i64>,
    replay: Replay,
    ended: bool,
    _place: Place,
}

/// Who was proved to be asking, and for how long that is taken for granted.
pub struct Proof {
    pub asked: Asked,
    /// How often somebody's standing had changed by then.
    pub standing: u64,
    pub at: Instant,
}

/// How many of the events are still told that happened before somebody began to follow.
pub struct Replay {
    /// The last of these events.
    until: i64,
    left: u32,
}

impl Replay {
    /// As many as the limit says of the events up to `until`.
    pub fn of(limits: &Limits, until: i64) -> Self {
        Self { until, left: limits.replay_events }
    }

    /// None, because nothing is asked for that has happened.
    pub fn none() -> Self {
        Self { until: 0, left: 0 }
    }

    /// Whether the event with this number may not be told, because enough have been.
    fn ends_before(&self, sequence: i64) -> bool {
        sequence <= self.until && self.left == 0
    }

    fn count(&mut self, sequence: i64) {
        if sequence <= self.until {
            self.left = self.left.saturating_sub(1);
        }
    }
}

impl Follower {
    pub fn new(
        means: Means,
        operation: Arc<Operation>,
        prover: Prover,
        proof: Proof,
        scope: Arc<dyn Opaque>,
        position: i64,
        replay: Replay,
    ) -> Self {
        let Means { source, clients, feeds, following, points, place } = means;
        Self {
            source,
            clients,
            feeds,
            following,
            points,
            operation,
            prover,
            proof,
            scope,
            position,
            page: Arc::default(),
            turned: 0,
            horizon: None,
            replay,
            ended: false,
            _place: place,
        }
    }

    /// The next event that is for them. `None` where the page of what they missed is over.
    pub async fn next(&mut self) -> Option<Notification> {
        while !self.ended {
            if self.is_doubtful()
                && let Err(answer) = self.prove().await
            {
                return Some(self.end(answer));
            }
            if let Some(event) = self.page.get(self.turned).cloned() {
                if self.replay.ends_before(event.sequence) {
                    self.ended = true;
                    return None;
                }
                if let Err(wait) = self.clients.pace(&self.proof.asked, self.points) {
                    self.wait(wait.min(GLANCE)).await;
                    continue;
                }
                self.replay.count(event.sequence);
                self.position = event.sequence;
                self.turned = self.turned.saturating_add(1);
                if let Some(told) = self.tell(event).await {
                    return Some(told);
                }
                continue;
            }
            self.position = self.position.max(self.horizon.take().unwrap_or_default());
            let last = self.following.news().await.last_event;
            if last <= self.position {
                self.wait(GLANCE).await;
                continue;
            }
            // In this order: who is locked before an event is emitted is known to be locked before the event is read.
            if let Err(answer) = self.prove().await {
                return Some(self.end(answer));
            }
            self.read(last).await;
        }
        None
    }

    /// Waits, but no longer than until something happens.
    async fn wait(&mut self, time: Duration) {
        tokio::select! {
            () = self.following.changed() => {}
            () = sleep(time) => {}
        }
    }

    /// Whether who asks has to be found out anew before anything else is told.
    fn is_doubtful(&self) -> bool {
        let expired = self.proof.asked.identity.until.is_some_and(|until| until <= self.source.product.now());
        expired || self.following.seen().standing != self.proof.standing || self.proof.at.elapsed() >= TRUST
    }

    /// Finds out who asks. What was read for whoever they were before is forgotten and read again.
    async fn prove(&mut self) -> Result<(), Box<Answer>> {
        loop {
            let standing = self.following.seen().standing;
            match (self.prover)().await {
                Ok(asked) => {
                    if !asked.identity.viewer.is_same(&*self.proof.asked.identity.viewer) {
                        self.forget_page();
                    }
                    self.proof = Proof { asked, standing, at: Instant::now() };
                    return Ok(());
                }
                Err(Unproved::Unavailable(_)) => sleep(RESPITE).await,
                Err(unproved @ Unproved::Invalid(_)) => {
                    return Err(Box::new(unproved_answer(&unproved, &*self.source.product, self.operation.language)));
                }
            }
        }
    }

    fn forget_page(&mut self) {
        self.page = Arc::default();
        self.turned = 0;
        self.horizon = None;
    }

    fn end(&mut self, answer: Box<Answer>) -> Notification {
        self.ended = true;
        Notification::Answer(answer)
    }

    /// For whom, and as of when, something is found out now.
    fn situation(&self) -> Situation {
        // The revision names what the public sees. What accounts see beyond that changes with an event each time.
        let last_event = self.following.seen().last_event;
        let revision = self.source.feed().ok().and_then(Feed::seen_revision).map(|revision| format!("{revision} {last_event}"));
        Situation { viewer: Arc::clone(&self.proof.asked.identity.viewer), revision }
    }

    /// Reads the next events up to `last`, or waits a while where they cannot be read.
    async fn read(&mut self, last: i64) {
        let stretch = Stretch { after: self.position, until: last };
        let wanted = (Arc::clone(&self.scope), stretch);
        let read = || read_page(self.source.clone(), self.proof.asked.clone(), Arc::clone(&self.scope), stretch);
        match self.feeds.page(&self.operation, self.situation(), wanted, read).await {
            Ok(Ok(events)) => {
                // A page that is not full holds all that there is.
                let whole = u64::try_from(events.len()).is_ok_and(|count| count < PAGE);
                self.horizon = whole.then_some(last);
                self.page = events;
                self.turned = 0;
            }
            Ok(Err(fault)) => {
                tracing::error!(?fault, "cannot read events; trying again");
                sleep(RESPITE).await;
            }
            Err(broken) => {
                tracing::error!(?broken, "cannot read events; trying again");
                sleep(RESPITE).await;
            }
        }
    }

    async fn tell(&self, event: Event) -> Option<Notification> {
        let id = event.id.clone();
        let evaluate = || evaluate(self.source.clone(), Arc::clone(&self.operation), self.proof.asked.clone(), event.clone());
        let told = self.feeds.answer(&self.operation, self.situation(), event.sequence, evaluate).await;
        let told = told.unwrap_or_else(|_| json(self.failed()))?;
        Some(Notification::Event { id, answer: told.json })
    }

    /// What is told of an event whose evaluation broke off.
    fn failed(&self) -> Answer {
        let message = Text::new("服务出现故障，请稍后重试。", "Something failed on our side; try again later.");
        Answer::run(error::refusal(Code::Internal, self.operation.language, &message))
    }
}

async fn read_page(source: Source, asked: Asked, scope: Arc<dyn Opaque>, stretch: Stretch) -> Page {
    let Stretch { after, until } = stretch;
    let events = source.feed().map_err(Arc::new)?.events(asked, scope, after, until, PAGE);
    events.await.map(Arc::from).map_err(Arc::new)
}

/// What an event comes to for whoever asks. `None` where there is nothing to tell.
async fn evaluate(source: Source, operation: Arc<Operation>, asked: Asked, event: Event) -> Option<Told> {
    let response = source.run(&operation, asked, Step::Event(event)).await?;
    json(Answer::run(response))
}

/// Only values that came from JSON or from resolvers are in an answer, and all of them have a JSON form.
fn json(answer: Answer) -> Option<Told> {
    let whole = answer.errors().is_empty();
    // Nothing is counted for it: it is shared by all who follow the same.
    let (text, _) = answer.text("", "");
    let json = RawValue::from_string(text).ok()?;
    Some(Told { json: json.into(), whole })
}
