//! The endpoint: it runs requests against the engine of a product, within limits.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use async_graphql::{Request, Value, parser::types::OperationType};
use language::{Language, Text};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout, timeout_at},
};
use tracing::Instrument as _;

use crate::{
    answer::{
        Accepts, Answer, Holding, Outcome, Started,
        error::{self, Code, refusal},
        size,
    },
    asked::{Asked, Spending},
    client::{Clients, Held, Kind, Running, SOON, TooMuch},
    document::RegisteredDocuments,
    engine::batch::Queue,
    examine::{Admitted, COST, root_field},
    health::Examination,
    limit::{self, Large, Limits, Measure},
    product::{Context, Costs, Engine, Product},
    schema_index::SchemaIndex,
    subscription::{self, Feeds, Means, Prover, Source},
    table::EXPORTING,
    telemetry::{self, Observer},
};

/// Runs requests against the engine of a product. Clones share everything.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) product: Arc<dyn Product>,
    engine: Arc<dyn Engine>,
    limits: Limits,
    /// What fields cost.
    pub(crate) costs: Costs,
    /// Whoever asks, and how much.
    pub(crate) clients: Clients,
    /// The schema as documents are compared with it.
    pub(crate) shape: Arc<SchemaIndex>,
    /// Places for changes that run, also those that nobody waits for any more.
    changing: Arc<Semaphore>,
    /// Places for subscriptions.
    following: Arc<Semaphore>,
    /// What subscriptions share.
    feeds: Arc<Feeds>,
    /// Places for tables that are made.
    pub(crate) exporting: Arc<Semaphore>,
    observer: Option<Observer>,
    pub(crate) examination: Examination,
    pub(crate) documents: RegisteredDocuments,
    /// Places for whatever is answered at once, whoever asks: what the storage is too slow for must not pile up.
    running: Arc<Semaphore>,
    /// Room for large answers.
    large: Large,
    /// Places for sockets.
    sockets: Arc<Semaphore>,
}

/// How many operations may run or wait for the storage at once: many times what it can answer in the time that they wait.
const RUNNING: usize = 500;

impl Endpoint {
    /// The endpoint of a product, within limits.
    #[must_use]
    pub fn new(product: impl Into<Arc<dyn Product>>, limits: Limits) -> Self {
        let product = product.into();
        Self {
            engine: product.engine(&limits),
            limits,
            costs: product.costs(),
            clients: Clients::new(&limits),
            shape: Arc::new(SchemaIndex::of(&product.schema())),
            product,
            changing: places(limits.changing),
            following: places(limits.following),
            feeds: Arc::default(),
            exporting: Arc::new(Semaphore::new(EXPORTING)),
            observer: None,
            examination: Examination::default(),
            documents: RegisteredDocuments::default(),
            running: Arc::new(Semaphore::new(RUNNING)),
            large: Large::default(),
            sockets: places(limits.sockets),
        }
    }

    /// Telling `observer` of every operation.
    #[must_use]
    pub fn observed_by(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// How many subscriptions are open, and how many changes run.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let taken = |places: &Semaphore, all: u32| {
            usize::try_from(all).unwrap_or(Semaphore::MAX_PERMITS).saturating_sub(places.available_permits())
        };
        (taken(&self.following, self.limits.following), taken(&self.changing, self.limits.changing))
    }

    /// How many events subscriptions were told, and how often an operation was run for that.
    #[must_use]
    pub fn told(&self) -> (u64, u64) {
        self.feeds.counts()
    }

    /// The answer where too many operations wait already: the storage is slower than they come.
    fn overrun(&self, asked: &Asked) -> Answer {
        tracing::warn!(request_id = asked.request_id, running = RUNNING, "too many operations at once");
        self.product.suspect();
        Answer::refused(error::unavailable(asked.language))
    }

    /// What may be asked for.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Counts a request from an address, before anything is known of it.
    ///
    /// # Errors
    /// There were too many, and this is the answer.
    pub fn knock(&self, address: Option<IpAddr>, language: Language) -> Result<(), Box<Answer>> {
        self.clients.knock(&self.limits, address).map_err(|too_much| Box::new(Answer::waiting(&too_much, language)))
    }

    /// Counts the bytes of a body that is about to come from an address.
    ///
    /// # Errors
    /// There are too many already, and this is the answer.
    pub fn receive(&self, address: Option<IpAddr>, bytes: u64, language: Language) -> Result<Held, Box<Answer>> {
        self.clients.receive(&self.limits, address, bytes).map_err(|too_much| Box::new(Answer::waiting(&too_much, language)))
    }

    /// Counts a WebSocket that is about to be opened, for as long as the places are kept.
    ///
    /// # Errors
    /// There are too many already, and this is the answer.
    pub fn open_socket(&self, address: Option<IpAddr>, language: Language) -> Result<(Running, OwnedSemaphorePermit), Box<Answer>> {
        let of_client = self.clients.open(&self.limits, address).map_err(|too_much| Box::new(Answer::waiting(&too_much, language)))?;
        let of_all = Arc::clone(&self.sockets).try_acquire_owned();
        let too_many = || Answer::of(limit::too_many_sockets(&self.limits, language), Outcome::Waiting(SOON));
        Ok((of_client, of_all.map_err(|_| Box::new(too_many()))?))
    }

    /// The answer to a request whose JSON holds too many values.
    #[must_use]
    pub fn too_many_values(&self, counted: u64, language: Language) -> Answer {
        Answer::refused(limit::too_many_values(&self.limits, counted, language))
    }

    /// The answer to a body with too many bytes. How many, is known where the client has said so.
    #[must_use]
    pub fn too_large(&self, bytes: Option<u64>, language: Language) -> Answer {
        Answer::refused(limit::too_large(&self.limits, bytes, language))
    }

    /// The answer to a body that does not come in time.
    #[must_use]
    pub fn too_slow(&self, language: Language) -> Answer {
        Answer::refused(limit::too_slow(&self.limits, language))
    }

    /// The answer to an operation on a connection on which too many run.
    #[must_use]
    pub fn too_many_on_socket(&self, language: Language) -> Answer {
        Answer::refused(limit::too_many_on_socket(&self.limits, language))
    }

    /// Runs one request that is answered at once.
    pub async fn run(&self, request: Request, accepts: Accepts, asked: Asked) -> Answer {
        let observed = asked.clone();
        // Kept by its address, because it is large and is handed through several layers.
        let running = Box::pin(self.run_here(request, accepts, asked));
        telemetry::observe(self.observer.as_ref(), &observed, running).await
    }

    async fn run_here(&self, mut request: Request, accepts: Accepts, asked: Asked) -> Answer {
        let Ok(_place) = self.running.try_acquire() else { return self.overrun(&asked) };
        if let Err(refused) = self.resolve(&mut request, asked.language).await {
            return *refused;
        }
        match self.admit(&mut request, accepts, &asked) {
            Err(refused) => *refused,
            Ok(Admitted { kind: Some(OperationType::Subscription), .. }) => {
                let message = Text::new(
                    "订阅需经 WebSocket（子协议 graphql-transport-ws），或以 Accept: text/event-stream 请求。",
                    "Subscriptions go over WebSocket (subprotocol graphql-transport-ws), or by a request with Accept: text/event-stream.",
                );
                Answer::refused(refusal(Code::BadUserInput, asked.language, &message))
            }
            Ok(admitted) => self.answer(request, admitted, asked).await,
        }
    }

    /// Runs one request, which may be a subscription. `prover` finds out again who asks, as often as that has to be known;
    /// `last_event_id` is the last event that the transport says was received.
    pub async fn start(&self, request: Request, accepts: Accepts, asked: Asked, prover: Prover, last_event_id: Option<String>) -> Started {
        let observed = asked.clone();
        let starting = Box::pin(self.start_here(request, accepts, asked, prover, last_event_id));
        telemetry::observe(self.observer.as_ref(), &observed, starting).await
    }

    async fn start_here(
        &self,
        mut request: Request,
        accepts: Accepts,
        asked: Asked,
        prover: Prover,
        last_event_id: Option<String>,
    ) -> Started {
        let language = asked.language;
        if self.product.is_away() {
            return Started::Answered(Box::new(Answer::refused(error::unavailable(language))));
        }
        let Ok(_place) = self.running.try_acquire() else { return Started::Answered(Box::new(self.overrun(&asked))) };
        if let Err(refused) = self.resolve(&mut request, language).await {
            return Started::Answered(refused);
        }
        match self.admit(&mut request, accepts, &asked) {
            Err(refused) => Started::Answered(refused),
            Ok(Admitted { kind: Some(OperationType::Subscription), cost }) => {
                if let Some(refused) = root_field::not_one(&mut request, language) {
                    return Started::Answered(Box::new(Answer::refused(refused)));
                }
                let running = match self.clients.begin(&self.limits, &asked, Kind::Subscription) {
                    Ok(running) => running,
                    Err(too_much) => return Started::Answered(Box::new(Answer::waiting(&too_much, language))),
                };
                let place = Arc::clone(&self.following).try_acquire_owned();
                let (Ok(place), Some(operation)) = (place, self.feeds.operation_of(&mut request, language)) else {
                    let response = limit::too_many_following(&self.limits, language);
                    return Started::Answered(Box::new(Answer::of(response, Outcome::Waiting(SOON))));
                };
                let Some(feed) = self.product.feed() else {
                    return Started::Answered(Box::new(Answer::refused(error::unavailable(language))));
                };
                let means = Means {
                    source: Source { product: Arc::clone(&self.product), engine: Arc::clone(&self.engine), limits: self.limits },
                    clients: self.clients.clone(),
                    feeds: Arc::clone(&self.feeds),
                    following: feed.follow(),
                    points: cost.price(),
                    place: (place, running),
                };
                match subscription::open(means, operation, asked, prover, last_event_id).await {
                    Ok(stream) => Started::Following(stream),
                    Err(refused) => Started::Answered(Box::new(refused)),
                }
            }
            Ok(admitted) => Started::Answered(Box::new(self.answer(request, admitted, asked).await)),
        }
    }

    /// Counts an operation that begins, and waits until `until` while its client runs too much.
    ///
    /// Bytes count once they are there. How many answers of a client are made at once is bounded by its turns.
    async fn count(&self, asked: &Asked, until: Option<Instant>) -> Result<(Running, Held), TooMuch> {
        loop {
            let begun = self.clients.begin(&self.limits, asked, Kind::Operation);
            let too_much = match begun.and_then(|running| Ok((running, self.clients.hold(&self.limits, asked, 0)?))) {
                Ok(counted) => return Ok(counted),
                Err(too_much) => too_much,
            };
            let then = Instant::now().checked_add(too_much.wait);
            if until.is_none_or(|until| then.is_none_or(|then| then >= until)) {
                return Err(too_much);
            }
            sleep(too_much.wait).await;
        }
    }

    /// Runs an operation that was admitted. A client that runs too much already is told to wait.
    pub(crate) async fn answer(&self, request: Request, admitted: Admitted, asked: Asked) -> Answer {
        self.answer_in_time(request, admitted, asked, None).await
    }

    /// Runs an operation that was admitted, and waits until `until` while its client runs too much.
    pub(crate) async fn answer_in_time(&self, request: Request, admitted: Admitted, asked: Asked, until: Option<Instant>) -> Answer {
        let language = asked.language;
        let Admitted { kind, cost } = admitted;
        let is_change = kind == Some(OperationType::Mutation);
        let (running_here, mut held) = match self.count(&asked, until).await {
            Ok(counted) => counted,
            Err(too_much) => return Answer::waiting(&too_much, language),
        };
        // Waiting for a turn is part of the time that a query has.
        let now = tokio::time::Instant::now();
        let end = now.checked_add(self.limits.query_time()).unwrap_or(now);
        // A change does not wait for queries: those who are about to write have a queue of their own.
        let turn = if is_change { Ok(None) } else { timeout_at(end, self.clients.work(&asked)).await };
        // Whatever goes before it takes too long: the database is slow, or this client asks for too much at once.
        let Ok(_turn) = turn else { return Answer::refused(error::unavailable(language)) };
        let Ok(place) = timeout_at(end, self.large.room(cost.values())).await else {
            return Answer::run(limit::out_of_time(&self.limits, language));
        };
        let queue = Queue::default();
        let (address, account) = self.clients.allowances(&self.limits, &asked);
        let objects = Arc::new(AtomicUsize::new(0));
        let work = Arc::new(AtomicU64::new(0));
        let spending = Spending { limits: self.limits, cost, address, account, objects: Arc::clone(&objects), work: Arc::clone(&work) };
        let payer = asked.clone();
        let told = request.extensions.get(COST).is_some_and(|wanted| *wanted == Value::Boolean(true));
        let request = self.product.prepare(request, Context { asked, spending, queue: queue.clone() });
        let engine = Arc::clone(&self.engine);
        let running = async move { queue.drive(engine.execute(request)).await };
        let finished = if is_change {
            let Ok(place) = Arc::clone(&self.changing).try_acquire_owned() else {
                return Answer::of(limit::too_many_changing(&self.limits, language), Outcome::Waiting(SOON));
            };
            // Neither a caller who leaves nor the time limit stops a change half way, or keeps its event from being recorded.
            match timeout(
                self.limits.change_time(),
                tokio::spawn(
                    async move {
                        let response = running.await;
                        drop(place);
                        response
                    }
                    .in_current_span(),
                ),
            )
            .await
            {
                Ok(Ok(response)) => Ok(response),
                // A panic ends this request as it would have in its own task; else the process is stopping.
                Ok(Err(ended)) => match ended.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(limit::still_changing(&self.limits, language)),
                },
                Err(_) => Err(limit::still_changing(&self.limits, language)),
            }
        } else {
            let begun = Instant::now();
            tokio::select! {
                finished = timeout_at(end, running) => finished.map_err(|_| {
                    // A server that is cut off does not even say so.
                    self.product.suspect();
                    // Whoever waited for most of the time has asked for nothing that takes too long.
                    if begun.elapsed().saturating_mul(2) < self.limits.query_time() {
                        error::unavailable(language)
                    } else {
                        limit::out_of_time(&self.limits, language)
                    }
                }),
                () = self.product.away() => Err(error::unavailable(language)),
            }
        };
        // Whoever leaves too early to be told has not paid for it; the estimate is what they paid.
        let beyond = cost.beyond(work.load(Ordering::Relaxed));
        self.clients.settle(&payer, beyond);
        let mut response = match finished {
            Ok(response) => response,
            Err(response) if error::is_unavailable(&response) => return Answer::refused(response),
            Err(response) => return Answer::run(response),
        };
        error::complete(&mut response, &self.limits, language);
        // Part of an answer is none. What a change has done is told all the same.
        if error::is_unavailable(&response) && (!is_change || error::is_empty(&response)) {
            return Answer::refused(error::unavailable(language));
        }
        let bytes = size(&response.data);
        if is_change {
            held.set(bytes);
        } else {
            if let Err(excess) = Measure::AnswerBytes.hold(&self.limits, bytes) {
                return Answer::run(excess.refusal(language));
            }
            held = match held.with(&self.limits, bytes) {
                Ok(held) => held,
                Err(too_much) => return Answer::waiting(&too_much, language),
            };
        }
        if told {
            response.extensions.insert(COST.to_owned(), cost.told(beyond, objects.load(Ordering::Relaxed)));
        }
        // An error before the first field ran has no path.
        let run = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
        let outcome = if run { Outcome::Run } else { Outcome::Refused };
        Answer { response, outcome, holding: Holding { running: Some(running_here), held: Some(held), place } }
    }
}

/// So many places.
fn places(count: u32) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(count).unwrap_or(Semaphore::MAX_PERMITS)))
}
