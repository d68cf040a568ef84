//! Following events: a stream of answers, one for each event that whoever asks may know of at that moment.
//!
//! The engine's own streams would run the operation once and trust for ever whoever started it. Here the operation is run anew for
//! each event, with loaders of its own, for whoever proves to be asking by then.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Request, Response, Variables, parser::types::ExecutableDocument};
use futures_util::{
    StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};

use super::{
    answer::Answer,
    batch::Queue,
    error,
    event::{Feed, Opening, Wanted},
    id,
    inquiry::{Asked, Inquiry, Spending},
    limit::{self, Limits, Running},
    refusal,
    schema::Roots,
};
use crate::{
    domain::{event::ProgressEvent, language::Language},
    events::Following,
    service::{Service, authentication::Unproved},
    store::{StoreError, Stretch, Visible},
};

/// How many events are read at once.
const PAGE: u64 = 50;

/// How often whoever follows is asked again who they are where nothing says that it may have changed.
const TRUST: Duration = Duration::from_mins(1);

/// How often the time is compared with that at which what was presented expires.
const GLANCE: Duration = Duration::from_secs(1);

/// How long to wait before trying again what the database could not do.
const RESPITE: Duration = Duration::from_secs(1);

/// Finds out again who asks. Whoever cannot prove it any more is served no longer.
pub type Prover = Arc<dyn Fn() -> BoxFuture<'static, Result<Asked, Unproved>> + Send + Sync>;

/// An answer of a subscription.
#[derive(Debug)]
pub struct Notification {
    /// The id of the event that it tells of, by which a client that connects again says what it received last.
    pub id: Option<String>,
    /// The answer.
    pub answer: Answer,
}

/// What is run for each event.
pub(super) struct Operation {
    query: String,
    name: Option<String>,
    variables: Variables,
    document: ExecutableDocument,
}

impl Operation {
    /// The operation of a request whose document can be parsed.
    pub(super) fn of(request: &mut Request) -> Option<Self> {
        let document = request.parsed_query().ok()?.clone();
        Some(Self { query: request.query.clone(), name: request.operation_name.clone(), variables: request.variables.clone(), document })
    }

    fn request(&self) -> Request {
        let mut request = Request::new(self.query.clone()).variables(self.variables.clone());
        request.operation_name.clone_from(&self.name);
        request.set_parsed_query(self.document.clone());
        request
    }
}

/// Somebody who follows, and how far they have been told.
pub(super) struct Follower {
    schema: Roots,
    service: Service,
    limits: Limits,
    operation: Operation,
    language: Language,
    following: Following,
    prover: Prover,
    proof: Proof,
    wanted: Wanted,
    /// The number of the last event that was told or is not for them.
    position: i64,
    /// Events that are still to be told.
    waiting: VecDeque<ProgressEvent>,
    /// Up to which number nothing else is for them, once those that wait have been told.
    horizon: Option<i64>,
    ended: bool,
    _place: Place,
}

/// Who was proved to be asking, and for how long that is taken for granted.
struct Proof {
    asked: Asked,
    /// How often somebody's standing had changed by then.
    standing: u64,
    at: Instant,
}

/// What is counted for as long as somebody follows.
pub(super) type Place = (OwnedSemaphorePermit, Running);

/// What a follower works with.
pub(super) struct Means {
    pub schema: Roots,
    pub service: Service,
    pub limits: Limits,
    pub following: Following,
    pub place: Place,
}

/// Begins to follow, or says why not.
pub(super) async fn open(
    means: Means,
    operation: Operation,
    asked: Asked,
    prover: Prover,
    last_event_id: Option<String>,
) -> Result<BoxStream<'static, Notification>, Answer> {
    let Means { schema, service, limits, mut following, place } = means;
    let language = asked.language;
    let opening = Arc::new(Opening::new(last_event_id));
    let feed = Feed::Opening(Arc::clone(&opening));
    if let Some(refused) = run(&schema, &service, limits, &operation, asked.clone(), feed).await {
        return Err(Answer::refused(refused));
    }
    let Some(wanted) = opening.wanted() else { return Err(Answer::refused(limit::out_of_time(&limits, language))) };
    // The first proof is taken for older than anything seen, so that what changed before the bus began to look is not missed.
    let Ok(news) = timeout(limits.query_time(), following.news()).await else { return Err(Answer::refused(error::unavailable(language))) };
    let position = match wanted.after {
        Some(after) => after,
        None => match service.database().last_event().await {
            Ok(last) => last,
            Err(error) => {
                tracing::error!(?error, "cannot begin to follow events");
                return Err(Answer::refused(error::unavailable(language)));
            }
        },
    };
    let proof = Proof { asked, standing: news.standing.wrapping_sub(1), at: Instant::now() };
    let follower = Follower {
        schema,
        service,
        limits,
        operation,
        language,
        following,
        prover,
        proof,
        wanted,
        position,
        waiting: VecDeque::new(),
        horizon: None,
        ended: false,
        _place: place,
    };
    Ok(stream::unfold(follower, |mut follower| async move { follower.next().await.map(|told| (told, follower)) }).boxed())
}

impl Follower {
    async fn next(&mut self) -> Option<Notification> {
        while !self.ended {
            if self.is_doubtful()
                && let Err(answer) = self.prove().await
            {
                return Some(self.end(answer));
            }
            if let Some(event) = self.waiting.pop_front() {
                self.position = event.sequence;
                if let Some(told) = self.tell(event).await {
                    return Some(told);
                }
                continue;
            }
            self.position = self.position.max(self.horizon.take().unwrap_or_default());
            let last = self.following.news().await.last_event;
            if last <= self.position {
                tokio::select! {
                    () = self.following.changed() => {}
                    () = sleep(GLANCE) => {}
                }
                continue;
            }
            // In this order: who is locked before an event is emitted is known to be locked before the event is read.
            if let Err(answer) = self.prove().await {
                return Some(self.end(answer));
            }
            if let Err(error) = self.read(last).await {
                tracing::error!(?error, "cannot read events; trying again");
                sleep(RESPITE).await;
            }
        }
        None
    }

    /// Whether who asks has to be found out anew before anything else is told.
    fn is_doubtful(&self) -> bool {
        let expired = self.proof.asked.until.is_some_and(|until| until <= self.service.now());
        expired || self.following.seen().standing != self.proof.standing || self.proof.at.elapsed() >= TRUST
    }

    /// Finds out who asks. What was read for whoever they were before is forgotten and read again.
    async fn prove(&mut self) -> Result<(), Box<Answer>> {
        loop {
            let standing = self.following.seen().standing;
            match (self.prover)().await {
                Ok(asked) => {
                    if asked.call.viewer != self.proof.asked.call.viewer {
                        self.waiting.clear();
                        self.horizon = None;
                    }
                    self.proof = Proof { asked, standing, at: Instant::now() };
                    return Ok(());
                }
                Err(Unproved::Unavailable(_)) => sleep(RESPITE).await,
                Err(unproved @ Unproved::Invalid(_)) => {
                    return Err(Box::new(Answer::refused(refusal::unproved(&unproved, self.language))));
                }
            }
        }
    }

    fn end(&mut self, answer: Box<Answer>) -> Notification {
        self.ended = true;
        Notification { id: None, answer: *answer }
    }

    /// Reads the next events up to `last`.
    async fn read(&mut self, last: i64) -> Result<(), StoreError> {
        let asked = &self.proof.asked;
        let call = &asked.call;
        let visible = Visible::of_request(self.service.database(), call.viewer.clone(), call.client(), asked.jurisdictions.clone());
        let stretch = Stretch { after: self.position, until: last };
        let events = visible.progress_events_in(&self.wanted.jurisdictions, stretch, PAGE).await?;
        // A page that is not full holds all that there is.
        let whole = u64::try_from(events.len()).is_ok_and(|count| count < PAGE);
        self.horizon = whole.then_some(last);
        self.waiting = events.into();
        Ok(())
    }

    async fn tell(&self, event: ProgressEvent) -> Option<Notification> {
        let id = id::encode(event.id).to_string();
        let feed = Feed::Telling(Box::new(event));
        let response = run(&self.schema, &self.service, self.limits, &self.operation, self.proof.asked.clone(), feed).await?;
        Some(Notification { id: Some(id), answer: Answer::run(response) })
    }
}

/// Runs the operation once, within the limits of any other. `None` where there is nothing to tell.
async fn run(schema: &Roots, service: &Service, limits: Limits, operation: &Operation, asked: Asked, feed: Feed) -> Option<Response> {
    let language = asked.language;
    let queue = Queue::default();
    let inquiry = Inquiry::new(service.clone(), limits, Spending::default(), asked, queue.clone());
    let mut stream = schema.execute_stream(operation.request().data(inquiry).data(feed));
    let mut response = match timeout(limits.query_time(), queue.drive(stream.next())).await {
        Ok(told) => told?,
        Err(_) => return Some(limit::out_of_time(&limits, language)),
    };
    error::complete(&mut response, &limits, language);
    Some(response)
}
