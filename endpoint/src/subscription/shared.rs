//! What subscriptions share: operations that several follow, and what each event comes to for those who ask and may see the same.
//!
//! Two subscriptions share a result if they have the same operation (document, name, variables and language), the same viewer, and if
//! nothing that anybody sees has changed meanwhile. An account shares with itself alone: its session or key is part of the viewer.

use std::{
    collections::HashMap,
    future::Future,
    hash::{Hash, Hasher},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::{Request, Variables, parser::types::ExecutableDocument};
use language::Language;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::flight::{Broken, Flights, Weight};
use crate::product::{BoxError, Event, Opaque};

/// The largest answer that is kept for those who come later, in bytes.
const LARGE: usize = 64 * 1024;

/// About how many bytes an event takes.
const EVENT: usize = 512;

/// Events after one number, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// After this one.
    pub after: i64,
    /// Up to this one.
    pub until: i64,
}

/// Events that follow each other.
pub type Page = Result<Arc<[Event]>, Arc<BoxError>>;

/// What an event comes to.
#[derive(Clone)]
pub struct Told {
    /// The answer as JSON.
    pub json: Arc<RawValue>,
    /// Whether it has no error.
    pub whole: bool,
}

/// What the subscriptions of an endpoint share.
#[derive(Default)]
pub struct Feeds {
    operations: Arc<Mutex<Known>>,
    pages: Flights<Key, Page>,
    answers: Flights<Key, Option<Told>>,
    told: AtomicU64,
    evaluated: AtomicU64,
}

type Known = HashMap<Identity, Weak<Operation>>;

/// A digest of what makes an operation.
type Identity = [u8; 32];

/// What is run for each event. Those who follow the same share it.
pub struct Operation {
    identity: Identity,
    query: String,
    name: Option<String>,
    variables: Variables,
    document: ExecutableDocument,
    /// The language of messages.
    pub language: Language,
    known: Weak<Mutex<Known>>,
}

impl Operation {
    /// The request that runs it.
    pub fn request(&self) -> Request {
        let mut request = Request::new(self.query.clone()).variables(self.variables.clone());
        request.operation_name.clone_from(&self.name);
        request.set_parsed_query(self.document.clone());
        request
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        let Some(known) = self.known.upgrade() else { return };
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have begun to follow the same again.
        if known.get(&self.identity).is_some_and(|operation| operation.strong_count() == 0) {
            known.remove(&self.identity);
        }
    }
}

/// For whom, and as of when, something is found out.
#[derive(Clone)]
pub struct Situation {
    /// Who asks.
    pub viewer: Arc<dyn Opaque>,
    /// The name of all that there is to be seen, which changes with every event. `None` where it is not known: then nothing is shared.
    pub revision: Option<String>,
}

/// What is found out.
#[derive(Clone)]
enum Subject {
    Page(Arc<dyn Opaque>, Stretch),
    Event(i64),
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Page(scope, stretch), Self::Page(other, another)) => stretch == another && scope.is_same(&**other),
            (Self::Event(sequence), Self::Event(other)) => sequence == other,
            _ => false,
        }
    }
}

#[derive(Clone)]
struct Key {
    operation: Identity,
    viewer: Arc<dyn Opaque>,
    revision: String,
    subject: Subject,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.operation == other.operation
            && self.revision == other.revision
            && self.subject == other.subject
            && self.viewer.is_same(&*other.viewer)
    }
}

impl Eq for Key {}

impl Hash for Key {
    // The viewer is compared, and need not be part of the hash.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.operation.hash(state);
        self.revision.hash(state);
        match &self.subject {
            Subject::Page(_, stretch) => stretch.after.hash(state),
            Subject::Event(sequence) => sequence.hash(state),
        }
    }
}

impl Feeds {
    /// The operation of a request whose document can be parsed.
    pub fn operation_of(&self, request: &mut Request, language: Language) -> Option<Arc<Operation>> {
        let document = request.parsed_query().ok()?.clone();
        let what = (&request.query, &request.operation_name, &request.variables, language.tag());
        let identity: Identity = Sha256::digest(serde_json::to_vec(&what).ok()?).into();
        let mut known = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(operation) = known.get(&identity).and_then(Weak::upgrade) {
            return Some(operation);
        }
        let operation = Arc::new(Operation {
            identity,
            query: request.query.clone(),
            name: request.operation_name.clone(),
            variables: request.variables.clone(),
            document,
            language,
            known: Arc::downgrade(&self.operations),
        });
        known.insert(identity, Arc::downgrade(&operation));
        Some(operation)
    }

    /// The page of events in a stretch.
    ///
    /// # Errors
    /// Reading panicked.
    pub async fn page<F>(
        &self,
        operation: &Arc<Operation>,
        situation: Situation,
        (scope, stretch): (Arc<dyn Opaque>, Stretch),
        read: impl FnOnce() -> F,
    ) -> Result<Page, Broken>
    where
        F: Future<Output = Page> + Send + 'static,
    {
        let subject = || Subject::Page(scope, stretch);
        match key(operation, situation, subject) {
            Some(key) => self.pages.share(key, read, weight_of_page).await,
            None => Ok(read().await),
        }
    }

    /// What an event comes to.
    ///
    /// # Errors
    /// The evaluation panicked.
    pub async fn answer<F>(
        &self,
        operation: &Arc<Operation>,
        situation: Situation,
        sequence: i64,
        evaluate: impl FnOnce() -> F,
    ) -> Result<Option<Told>, Broken>
    where
        F: Future<Output = Option<Told>> + Send + 'static,
    {
        self.told.fetch_add(1, Ordering::Relaxed);
        let counted = || {
            self.evaluated.fetch_add(1, Ordering::Relaxed);
            evaluate()
        };
        match key(operation, situation, || Subject::Event(sequence)) {
            Some(key) => self.answers.share(key, counted, |told| told.as_ref().and_then(weight_of_answer)).await,
            None => Ok(counted().await),
        }
    }

    /// How many events were told, each as often as it was told to somebody; and how often an operation was run for that.
    pub fn counts(&self) -> (u64, u64) {
        (self.told.load(Ordering::Relaxed), self.evaluated.load(Ordering::Relaxed))
    }
}

/// Under what a result is shared, if anybody else follows the same.
fn key(operation: &Arc<Operation>, situation: Situation, subject: impl FnOnce() -> Subject) -> Option<Key> {
    if Arc::strong_count(operation) < 2 {
        return None;
    }
    let Situation { viewer, revision } = situation;
    Some(Key { operation: operation.identity, viewer, revision: revision?, subject: subject() })
}

fn weight_of_page(page: &Page) -> Weight {
    page.as_ref().ok().map(|events| events.len().saturating_add(1).saturating_mul(EVENT))
}

/// What failed may succeed a moment later, so it is not kept.
fn weight_of_answer(told: &Told) -> Weight {
    let bytes = told.json.get().len();
    (told.whole && bytes <= LARGE).then_some(bytes.saturating_add(EVENT))
}
