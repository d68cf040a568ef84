//! Names of answers to the public, by which whoever has one asks whether it still holds.
//!
//! What the public sees follows from the data, the program and the question. So its name is made of these, and is known without
//! asking the storage: the product says what the data are called at the moment, or that this is not certain.

use std::{sync::LazyLock, time::UNIX_EPOCH};

use async_graphql::{Request, Value};
use language::Language;
use sha2::{Digest as _, Sha256};

use crate::{
    document::{self, DOCUMENT_ID, DocumentHash, PERSISTED_QUERY},
    endpoint::Endpoint,
    examine::COST,
};

/// Another one for another build of this program, which may answer otherwise; the same for all processes that run one file.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let written = file.as_ref().ok().and_then(|file| file.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    let length = file.as_ref().map(std::fs::Metadata::len).unwrap_or_default();
    format!("{} {length} {}", env!("CARGO_PKG_VERSION"), written.map_or(0, |written| written.as_nanos()))
});

impl Endpoint {
    /// The name of the answer that the public gets to a question at this moment, where it is known for certain. `form` is what the answer
    /// follows from besides.
    ///
    /// It is to be asked for before the answer is made: what the answer holds is then at least as new as its name says, and a name that is
    /// too old is only asked for once more.
    #[must_use]
    pub fn name_of_answer(&self, request: &Request, language: Language, form: &str) -> Option<String> {
        let named = match (request.extensions.get(DOCUMENT_ID), request.extensions.get(PERSISTED_QUERY)) {
            (Some(Value::String(id)), None) => DocumentHash::parse(id),
            (None, Some(persisted)) => document::hash_of(persisted),
            (None, None) => Some(DocumentHash::of(&request.query)),
            _ => None,
        }?;
        let text = if request.query.is_empty() { self.text_of(&named)? } else { request.query.clone() };
        // What one has left to spend is nobody else's, and another with every question.
        if is_about_the_viewer(&text, self.product.personal_fields()) || request.extensions.contains_key(COST) {
            return None;
        }
        let variables = serde_json::to_string(&request.variables).ok()?;
        let question = [form, named.as_str(), request.operation_name.as_deref().unwrap_or_default(), variables.as_str()];
        let revision = self.product.revision()?;
        let mut hasher = Sha256::new();
        let mode = if self.runs_only_registered() { "registered" } else { "any" };
        let common = [BUILD.as_str(), revision.as_str(), language.tag(), mode];
        for part in common.iter().chain(&question) {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let hash = hasher.finalize();
        let name = hash.iter().take(16).fold(0_u128, |name, byte| (name << 8) | u128::from(*byte));
        Some(format!("{name:032x}"))
    }
}

/// Whether a document may ask about whoever asks. A word in a string or a comment counts too: that costs a name, and nothing else.
fn is_about_the_viewer(document: &str, personal: &[&str]) -> bool {
    document.split(|character: char| !(character.is_alphanumeric() || character == '_')).any(|word| personal.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_about_the_viewer_is_told_from_others() {
        for about in ["{viewer{id}}", "{ budget { cost { points } } }", "{ me: viewer { id } }", "query viewer { a }", "viewer"] {
            assert!(is_about_the_viewer(about, &["viewer", "budget"]), "{about}");
        }
        for other in ["{ tasks { viewerCanReport } }", "{ reviewer }", "", "{ my_viewer }"] {
            assert!(!is_about_the_viewer(other, &["viewer", "budget"]), "{other}");
        }
    }
}
