//! Use cases: the actions that a caller can ask for, one file a noun. The only place that opens a transaction, authorises a write and
//! records it.

pub mod analysis;
pub mod audit;
mod call;
mod clock;
pub mod demonstration;
pub mod document;
pub mod download;
pub mod notices;
pub mod people;
pub mod progress;

use std::{future::Future, num::NonZeroUsize, sync::Arc};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{Action, AuditSubject};
use uuid::Uuid;

pub use crate::domain::fault::Fault;
pub use crate::service::audit::unrecorded::Cause;
pub use call::{Call, Current, Refusal};
pub use clock::Clock;

use crate::{
    access::{
        issuer::Issuer,
        password::{HashError, Hasher},
        policy::{self, Entitlement, Permit, Resource},
    },
    domain::progress::calendar::DEFAULT_ZONE,
    service::{
        audit::unrecorded::Unrecorded,
        people::{checking::Places, keyring::Keyring},
    },
    store::{Database, Record, Visible},
};

/// How many passwords are hashed at once: each takes 19 MiB and a core.
const HASHING: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// The tools of the use cases. Clones share it.
#[derive(Clone, Debug)]
pub struct Service {
    database: Database,
    hasher: Hasher,
    places: Places,
    keyring: Arc<Keyring>,
    issuer: Option<Issuer>,
    clock: Clock,
    zone: Tz,
    demonstration: bool,
    unrecorded: Unrecorded,
}

impl Service {
    /// The use cases over a database.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn new(database: Database, clock: Clock) -> Result<Self, HashError> {
        Ok(Self {
            database,
            hasher: Hasher::new(HASHING)?,
            places: Places::default(),
            keyring: Arc::default(),
            issuer: None,
            clock,
            zone: DEFAULT_ZONE,
            demonstration: false,
            unrecorded: Unrecorded::default(),
        })
    }

    /// Accepting the tokens of an issuer of identities as well.
    #[must_use]
    pub fn trusting(mut self, issuer: Option<Issuer>) -> Self {
        self.issuer = issuer;
        self
    }

    /// In demo mode, where the accounts of the demo exist and no others.
    #[must_use]
    pub fn as_demonstration(mut self, demonstration: bool) -> Self {
        self.demonstration = demonstration;
        self
    }

    /// In a time zone: the one in which days end here.
    #[must_use]
    pub fn in_zone(mut self, zone: Tz) -> Self {
        self.zone = zone;
        self
    }

    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The places of those whose password is checked.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// How many refusals have left no audit event, by action and cause.
    #[must_use]
    pub fn unrecorded(&self) -> Vec<(Action, Cause, u64)> {
        self.unrecorded.counts()
    }

    /// The data that exists for the caller.
    fn visible(&self, call: &Call) -> Visible {
        Visible::new(self.database.clone(), call.viewer.clone()).knowing(call.jurisdictions.clone())
    }

    /// The permit for an action, or why not.
    fn authorise(call: &Call, action: Action, resources: &[Resource]) -> Result<Permit, Refusal> {
        policy::authorise(&call.viewer, action, resources).map_err(Refusal::from)
    }

    /// Runs an action, if the viewer may do it to anything at all, with the proof of that. One that succeeds records itself in its own
    /// transaction. What is refused is recorded here, except for the public where it could flood the audit.
    fn attempt<'a, T: Send + 'a, Run: Future<Output = Result<T, Refusal>> + Send + 'a>(
        &'a self,
        call: &'a Call,
        action: Action,
        about: Option<(AuditSubject, Uuid)>,
        run: impl FnOnce(Entitlement) -> Run + Send + 'a,
    ) -> impl Future<Output = Result<T, Refusal>> + Send + 'a {
        // Kept by its address, because it is large and is handed through several layers.
        let run = Entitlement::of(&call.viewer, action).map(|entitled| Box::pin(run(entitled)));
        async move {
            let done = match run {
                Ok(run) => run.await,
                Err(reason) => Err(Refusal::Forbidden(reason)),
            };
            self.recorded(call, action, done, |record| match about {
                Some((kind, id)) => record.about(kind, id),
                None => record,
            })
            .await
        }
    }

    /// The outcome of an action, recorded or counted where it is a refusal; `about` says what it was about.
    async fn recorded<T: Send>(
        &self,
        call: &Call,
        action: Action,
        done: Result<T, Refusal>,
        about: impl FnOnce(Record) -> Record + Send,
    ) -> Result<T, Refusal> {
        let refusal = match done {
            Ok(done) => return Ok(done),
            Err(refusal) => refusal,
        };
        let record = about(Record::not_done(refusal.outcome(), refusal.word()));
        match self.unrecorded.cause(call, action, &refusal, record.is_about_something()) {
            Some(cause) => self.unrecorded.note(call, action, cause),
            None => self.record(call, action, record).await,
        }
        Err(refusal)
    }

    /// Records what was not done. Where even that fails, the log has it: the caller's answer is the refusal all the same.
    async fn record(&self, call: &Call, action: Action, record: Record) {
        if let Err(error) = self.database.record(&call.viewer, action, &call.occasion, record).await {
            tracing::error!(request_id = call.occasion.request_id, ?action, ?error, "a refusal could not be recorded");
        }
    }
}
