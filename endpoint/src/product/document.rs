//! Registered documents, as the product keeps them.

use futures_util::future::BoxFuture;

use super::BoxError;

/// A document that clients name by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredDocument {
    /// Its SHA-256, in small hexadecimal digits.
    pub hash: String,
    /// What it is called where it is measured.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Where registered documents are kept.
pub trait Documents: Send + Sync {
    /// The name of all documents together, as far as is known without asking the storage. Another name is another set of documents.
    fn version(&self) -> Option<String>;

    /// All documents, and the name of all of them together. The name is read first, so that it is never newer than they are.
    fn read(&self) -> BoxFuture<'_, Result<(String, Vec<RegisteredDocument>), BoxError>>;

    /// The command by which an operator registers one.
    fn command(&self) -> &'static str;
}
