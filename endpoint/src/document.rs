//! Registered documents: what clients may name by its hash, and, in production, all that is run.
//!
//! Nobody adds to them by asking: they are registered by whoever runs the service, and checked then. `apollo_persisted_queries` of the
//! engine is a cache that any client fills, and no list of what is trusted.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    IntrospectionMode, Request, Response, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, OperationType},
    },
};
use language::{Language, Text};
use sha2::{Digest as _, Sha256};

use crate::{
    answer::{
        Answer,
        error::{self, Code, refusal},
    },
    endpoint::Endpoint,
    engine::{coercion, message},
    examine::{check_document as check_size, check_text},
    limit::Limits,
    product::{BoxError, Engine},
    schema_index::SchemaIndex,
    telemetry,
};

/// The SHA-256 of a document, in small hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DocumentHash(String);

impl DocumentHash {
    /// The hash of a text, to the byte.
    pub(crate) fn of(text: &str) -> Self {
        let mut hash = String::new();
        for byte in Sha256::digest(text.as_bytes()) {
            // Writing to a text does not fail.
            let _ = write!(hash, "{byte:02x}");
        }
        Self(hash)
    }

    /// A hash as clients write it: hexadecimal, with `sha256:` before it or without.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let is_hash = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| Self(digits.to_ascii_lowercase()))
    }

    /// The digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many hexadecimal digits a hash has.
const DIGITS: usize = 64;

/// The keys under which a transport hands on what a request names, among the extensions that only it fills.
pub const DOCUMENT_ID: &str = "documentId";
/// The same, as clients of Apollo name it.
pub const PERSISTED_QUERY: &str = "persistedQuery";

/// Documents that are registered, as this process has read them.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// The name that all of them had together by then.
    name: String,
    documents: HashMap<DocumentHash, Arc<Document>>,
}

#[derive(Debug)]
struct Document {
    name: String,
    text: String,
}

/// The registry of a process, and whether anything else is run.
#[derive(Clone, Debug, Default)]
pub(crate) struct RegisteredDocuments {
    read: Arc<Mutex<Option<Arc<Registry>>>>,
    only_registered: bool,
}

impl Endpoint {
    /// Running only what is registered, or anything.
    #[must_use]
    pub fn running_only_registered(mut self, only: bool) -> Self {
        self.documents.only_registered = only;
        self
    }

    /// Whether only what is registered is run.
    pub(crate) fn runs_only_registered(&self) -> bool {
        self.documents.only_registered
    }

    /// The documents that are registered, read anew where the product says that they have changed.
    async fn registry(&self) -> Result<Arc<Registry>, BoxError> {
        let Some(kept) = self.product.documents() else { return Ok(Arc::default()) };
        let named = kept.version();
        let read = self.documents.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(read) = read
            // Where it was not looked yet, or cannot be, what was read last is what there is.
            && named.is_none_or(|named| named == read.name)
        {
            return Ok(read);
        }
        let (name, documents) = kept.read().await?;
        let documents = documents.into_iter().filter_map(|known| {
            let hash = DocumentHash::parse(&known.hash)?;
            Some((hash, Arc::new(Document { name: known.name, text: known.text })))
        });
        let documents = documents.collect();
        let registry = Arc::new(Registry { name, documents });
        *self.documents.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&registry));
        Ok(registry)
    }

    /// The text of a document that is registered, as far as this process has read.
    pub(crate) fn text_of(&self, hash: &DocumentHash) -> Option<String> {
        let read = self.documents.read.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(read.documents.get(hash)?.text.clone())
    }

    /// Puts the text of the document that a request names in its place, and refuses what is not to be run.
    pub(crate) async fn resolve(&self, request: &mut Request, language: Language) -> Result<(), Box<Answer>> {
        let id = request.extensions.remove(DOCUMENT_ID);
        let persisted = request.extensions.remove(PERSISTED_QUERY);
        if id.is_none() && persisted.is_none() && !self.runs_only_registered() {
            return Ok(());
        }
        let refuse = |code, message: &Text| Err(Box::new(Answer::refused(refusal(code, language, message))));
        let has_text = !request.query.is_empty();
        let hash = match (&id, &persisted) {
            (Some(Value::String(id)), None) if !has_text => DocumentHash::parse(id),
            (Some(_), _) => None,
            (None, Some(persisted)) => hash_of(persisted).filter(|hash| !has_text || *hash == DocumentHash::of(&request.query)),
            (None, None) => Some(DocumentHash::of(&request.query)),
        };
        let Some(hash) = hash else {
            let message = Text::new(
                "文档标识无效：documentId 或 extensions.persistedQuery（version 1）须为文档的 SHA-256（十六进制），二者只用其一；documentId 不与 query 同用，persistedQuery 须与 query 相符。",
                "This names no document: `documentId` or `extensions.persistedQuery` (version 1) is the SHA-256 of a document in hexadecimal, one of the two; `documentId` stands without `query`, and `persistedQuery` fits it.",
            );
            return refuse(Code::BadUserInput, &message);
        };
        // A text that may be run anyway needs no registry to be run.
        if has_text && !self.runs_only_registered() {
            return Ok(());
        }
        let registry = match self.registry().await {
            Ok(registry) => registry,
            Err(fault) => {
                tracing::error!(?fault, "the registered documents cannot be read");
                self.product.suspect();
                return Err(Box::new(Answer::refused(error::unavailable(language))));
            }
        };
        if let Some(document) = registry.documents.get(&hash) {
            request.query.clone_from(&document.text);
            telemetry::registered(&document.name);
            return Ok(());
        }
        if persisted.is_some() && !has_text {
            // Its clients match on these very words: after the first they send the text too, after the second they stop asking.
            let (code, words) = if registry.documents.is_empty() && !self.runs_only_registered() {
                (Code::PersistedQueryNotSupported, "PersistedQueryNotSupported")
            } else {
                (Code::PersistedQueryNotFound, "PersistedQueryNotFound")
            };
            return refuse(code, &Text::new(words, words));
        }
        let hash = hash.as_str();
        let message = match self.product.documents() {
            Some(documents) => {
                let command = documents.command();
                Text::new(
                    format!("文档 {hash} 没有登记：请用已登记的文档，或请管理员以 {command} 登记。"),
                    format!("The document {hash} is not registered: use one that is, or have it registered by `{command}`."),
                )
            }
            None => Text::new(format!("文档 {hash} 没有登记。"), format!("The document {hash} is not registered.")),
        };
        refuse(Code::DocumentNotRegistered, &message)
    }
}

/// The hash in what a client of Apollo sends.
pub(crate) fn hash_of(persisted: &Value) -> Option<DocumentHash> {
    let Value::Object(persisted) = persisted else { return None };
    let is_first = matches!(persisted.get("version"), Some(Value::Number(version)) if version.as_u64() == Some(1));
    match persisted.get("sha256Hash") {
        Some(Value::String(hash)) if is_first => DocumentHash::parse(hash),
        _ => None,
    }
}

/// Checks that a document can be run: that it is within the limits and fits the schema, each of its operations with the variables it names.
///
/// # Errors
/// What is wrong with it, in words.
pub async fn check_document(schema: &str, engine: &dyn Engine, text: &str, limits: &Limits) -> Result<(), Text> {
    let shape = SchemaIndex::of(schema);
    match check_in(&shape, engine, text, limits, Language::English).await {
        Ok(()) => Ok(()),
        Err(english) => Err(Text::new(check_in(&shape, engine, text, limits, Language::Chinese).await.err().unwrap_or_default(), english)),
    }
}

async fn check_in(shape: &SchemaIndex, engine: &dyn Engine, text: &str, limits: &Limits, language: Language) -> Result<(), String> {
    let words = |response: &Response| {
        response.errors.iter().map(|error| message::unfit(error.message.trim(), language)).collect::<Vec<_>>().join(" ")
    };
    check_text(text, limits, language).map_err(|refused| words(&refused))?;
    let document = parse_query(text).map_err(|error| words(&error::not_graphql(&error.into(), language)))?;
    let none = Variables::default();
    check_size(shape, &document, &none, limits, language).map_err(|refused| words(&refused))?;
    // Without variables it is the same for each operation: the whole document is looked at.
    let misfit =
        document.operations.iter().next().and_then(|(_, operation)| coercion::misfit(shape, &document, &operation.node, &none, language));
    if let Some(refused) = misfit {
        return Err(words(&refused));
    }
    let operations: Vec<(Option<String>, OperationType)> = match &document.operations {
        DocumentOperations::Single(operation) => vec![(None, operation.node.ty)],
        DocumentOperations::Multiple(operations) => {
            operations.iter().map(|(name, operation)| (Some(name.to_string()), operation.node.ty)).collect()
        }
    };
    for (name, kind) in operations {
        let mut request = Request::new(text);
        request.operation_name = name;
        // Validated in full, and none of its own fields is run.
        request.introspection_mode = IntrospectionMode::IntrospectionOnly;
        let response = engine.execute(request).await;
        // What the engine says of a subscription here it says after it has found it valid.
        let is_valid = response.errors.is_empty()
            || (kind == OperationType::Subscription
                && response.errors.iter().all(|error| error.message.starts_with("Subscriptions are not supported")));
        if !is_valid {
            return Err(words(&response));
        }
    }
    Ok(())
}
