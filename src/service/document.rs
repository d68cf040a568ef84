//! Registering and retiring trusted documents. The caller, which knows the schema, checks that they can be run.

use entity::Action;

use super::{Call, Refusal, Service};
use crate::{
    domain::{
        audit::Changes,
        document::{DocumentHash, TrustedDocument},
    },
    store::{Record, StoreError},
};

impl Service {
    /// All documents that are trusted or were.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn trusted_documents(&self) -> Result<Vec<TrustedDocument>, StoreError> {
        self.database.trusted_documents().await
    }

    /// Trusts documents, given by name and text, from now on. Returns how many were not trusted before.
    ///
    /// # Errors
    /// The viewer may not, or a fault of ours.
    pub async fn register_documents(&self, call: &Call, documents: &[(String, String)]) -> Result<usize, Refusal> {
        self.attempt(call, Action::ChangeDocuments, None, |entitled| async move {
            let permit = entitled.permit(&[])?;
            let trusted = self.database.trusted_documents().await?;
            let is_known = |hash: &DocumentHash, name: &str| {
                trusted.iter().any(|known| known.hash == *hash && known.name == name && known.retired_at.is_none())
            };
            let documents = documents.iter().map(|(name, text)| (DocumentHash::of(text), name, text));
            let new: Vec<_> = documents.filter(|(hash, name, _)| !is_known(hash, name)).collect();
            if new.is_empty() {
                return Ok(0);
            }
            let writer = self.database.writing(permit).await?;
            for (hash, name, text) in &new {
                writer.register_document(hash, name, text, call.occasion.at).await?;
            }
            let hashes: Vec<&str> = new.iter().map(|(hash, ..)| hash.as_str()).collect();
            writer.commit(&call.occasion, Record::done().with(Changes::default().with("registered", [""; 0], hashes))).await?;
            Ok(new.len())
        })
        .await
    }

    /// Trusts documents no longer, given by hash or name. Returns those that were retired.
    ///
    /// # Errors
    /// One of them is not there, the viewer may not, or a fault of ours.
    pub async fn retire_documents(&self, call: &Call, named: &[String]) -> Result<Vec<TrustedDocument>, Refusal> {
        self.attempt(call, Action::ChangeDocuments, None, |entitled| async move {
            let permit = entitled.permit(&[])?;
            let trusted = self.database.trusted_documents().await?;
            let mut retiring = Vec::new();
            for name in named {
                let hash = DocumentHash::parse(name);
                let is_meant = |document: &&TrustedDocument| hash.as_ref().map_or(document.name == *name, |hash| document.hash == *hash);
                let meant: Vec<_> = trusted.iter().filter(|document| document.retired_at.is_none()).filter(is_meant).cloned().collect();
                if meant.is_empty() {
                    return Err(Refusal::NotFound);
                }
                retiring.extend(meant);
            }
            let writer = self.database.writing(permit).await?;
            for document in &retiring {
                writer.retire_document(&document.hash, call.occasion.at).await?;
            }
            let hashes: Vec<&str> = retiring.iter().map(|document| document.hash.as_str()).collect();
            writer.commit(&call.occasion, Record::done().with(Changes::default().with("retired", [""; 0], hashes))).await?;
            Ok(retiring)
        })
        .await
    }
}
