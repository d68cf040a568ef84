//! Trusted documents: what clients may name by its hash, and, in production, all that is run.
//!
//! Nobody adds to them by asking: they are registered by whoever runs the service, and checked then. `apollo_persisted_queries` of the
//! engine is a cache that any client fills, and no list of what is trusted.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    IntrospectionMode, Request, Response, Schema, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, OperationType},
    },
};

use super::{
    answer::Answer,
    coercion, engine_message,
    error::{self, Code, refusal},
    limit::{self, Limits},
    root::{Mutation, Query, Subscription},
    schema::{Endpoint, builder, sdl},
    schema_index::SchemaIndex,
    telemetry,
};
use crate::{
    domain::{
        document::DocumentHash,
        language::{Language, Text},
    },
    store::StoreError,
};

/// The keys under which a transport hands on what a request names, among the extensions that only it fills.
pub const DOCUMENT_ID: &str = "documentId";
/// The same, as clients of Apollo name it.
pub const PERSISTED_QUERY: &str = "persistedQuery";

/// Documents that are trusted, as this process has read them.
#[derive(Debug, Default)]
pub(super) struct Registry {
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
pub(super) struct Documents {
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
    pub(super) fn runs_only_registered(&self) -> bool {
        self.documents.only_registered
    }

    /// The documents that are trusted, read anew where the bus says that they have changed.
    async fn registry(&self) -> Result<Arc<Registry>, StoreError> {
        let named = self.awake_bus().documents();
        let read = self.documents.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(read) = read
            // Where it was not looked yet, or cannot be, what was read last is what there is.
            && named.is_none_or(|named| named == read.name)
        {
            return Ok(read);
        }
        let database = self.service().database();
        // The name first: documents that are newer than it are read once more.
        let name = database.progress().await?.documents;
        let trusted = database.trusted_documents().await?.into_iter().filter(|document| document.retired_at.is_none());
        let documents = trusted.map(|known| (known.hash, Arc::new(Document { name: known.name, text: known.text }))).collect();
        let registry = Arc::new(Registry { name, documents });
        *self.documents.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&registry));
        Ok(registry)
    }

    /// The text of a document that is trusted, as far as this process has read.
    pub(super) fn text_of(&self, hash: &DocumentHash) -> Option<String> {
        let read = self.documents.read.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(read.documents.get(hash)?.text.clone())
    }

    /// Puts the text of the document that a request names in its place, and refuses what is not to be run.
    pub(super) async fn resolve(&self, request: &mut Request, language: Language) -> Result<(), Box<Answer>> {
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
                tracing::error!(?fault, "the trusted documents cannot be read");
                self.service().database().suspect();
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
        let message = Text::new(
            format!("文档 {hash} 没有登记：请用已登记的文档，或请管理员以 minsheng documents register 登记。"),
            format!("The document {hash} is not registered: use one that is, or have it registered by `minsheng documents register`."),
        );
        refuse(Code::DocumentNotRegistered, &message)
    }
}

/// The hash in what a client of Apollo sends.
pub(super) fn hash_of(persisted: &Value) -> Option<DocumentHash> {
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
pub async fn check_document(text: &str, limits: &Limits) -> Result<(), Text> {
    match check_in(text, limits, Language::English).await {
        Ok(()) => Ok(()),
        Err(english) => Err(Text::new(check_in(text, limits, Language::Chinese).await.err().unwrap_or_default(), english)),
    }
}

async fn check_in(text: &str, limits: &Limits, language: Language) -> Result<(), String> {
    let words = |response: &Response| {
        response.errors.iter().map(|error| engine_message::unfit(error.message.trim(), language)).collect::<Vec<_>>().join(" ")
    };
    limit::check_text(text, limits, language).map_err(|refused| words(&refused))?;
    let document = parse_query(text).map_err(|error| words(&error::not_graphql(&error.into(), language)))?;
    let (shape, none) = (SchemaIndex::of(&sdl()), Variables::default());
    limit::check_document(&shape, &document, &none, limits, language).map_err(|refused| words(&refused))?;
    // Without variables it is the same for each operation: the whole document is looked at.
    let misfit =
        document.operations.iter().next().and_then(|(_, operation)| coercion::misfit(&shape, &document, &operation.node, &none, language));
    if let Some(refused) = misfit {
        return Err(words(&refused));
    }
    let operations: Vec<(Option<String>, OperationType)> = match &document.operations {
        DocumentOperations::Single(operation) => vec![(None, operation.node.ty)],
        DocumentOperations::Multiple(operations) => {
            operations.iter().map(|(name, operation)| (Some(name.to_string()), operation.node.ty)).collect()
        }
    };
    let schema: Schema<Query, Mutation, Subscription> = builder(limits).finish();
    for (name, kind) in operations {
        let mut request = Request::new(text);
        request.operation_name = name;
        // Validated in full, and none of its own fields is run.
        request.introspection_mode = IntrospectionMode::IntrospectionOnly;
        let response = schema.execute(request).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_can_be_run_is_told_from_what_cannot() {
        for good in [
            "{ topics { code } }",
            "query A($code: String!) { jurisdiction(code: $code) { name } } query B { topics { code } }",
            "mutation { signOut { ended } }",
            "subscription { progressEvents(jurisdiction: \"jining\") { id } }",
            "{ ...T } fragment T on Query { topics { code } }",
            "{ __schema { types { name } } }",
        ] {
            assert_eq!(check_document(good, &Limits::default()).await, Ok(()), "{good}");
        }
        for bad in [
            "",
            "{",
            "{ nothing }",
            "fragment T on Query { topics { code } }",
            "query A { topics { code } } query B { nothing }",
            "subscription { nothing { id } }",
            "{ topics { code } } { topics { code } }",
            &"{ topics ".repeat(5000),
        ] {
            assert!(
                check_document(bad, &Limits::default())
                    .await
                    .is_err_and(|reason| reason.into_wordings().iter().all(|text| !text.is_empty())),
                "{bad}"
            );
        }
    }
}
