//! What is decided about a request before anything of it runs.
//!
//! Much must hold before the engine sees a document: its parser recurses into brackets, its validation walks a fragment anew for every
//! spread and copies a variable for every use.

mod admit;
mod complexity;
mod document;
mod merge;
pub(crate) mod root_field;
mod text;
mod value;

use async_graphql::{
    Response, ServerError, Variables,
    parser::{parse_query, types::ExecutableDocument},
};
use language::Language;

use crate::{
    limit::{Limits, Measure},
    product::Costs,
    schema_index::SchemaIndex,
};
pub(crate) use admit::{Admitted, chosen, chosen_operation};
pub use admit::{COST, Cost};
pub use complexity::Complexity;
pub(crate) use complexity::of as complexity;
pub(crate) use text::check as check_text;
pub(crate) use value::check as check_variables;

/// What a document costs, as is estimated before it runs: of its only operation, with variables. A product tests by it that its prices
/// make sense.
///
/// # Errors
/// The document is none.
pub fn estimate(shape: &SchemaIndex, costs: &Costs, document: &str, variables: &Variables) -> Result<Complexity, ServerError> {
    let document = parse_query(document)?;
    Ok(chosen(&document, None).map(|operation| complexity(shape, costs, &document, operation, variables)).unwrap_or_default())
}

/// Refuses a document that would select too much once its fragments are spread, and one whose meaning nobody could tell.
pub(crate) fn check_document(
    shape: &SchemaIndex,
    document: &ExecutableDocument,
    variables: &Variables,
    limits: &Limits,
    language: Language,
) -> Result<(), Box<Response>> {
    document::check(document, variables, limits, language)?;
    match merge::repeats(shape, document, limits) {
        Ok(repeats) => Measure::Repeats.hold(limits, repeats).map_err(|excess| Box::new(excess.refusal(language))),
        Err(conflict) => Err(Box::new(conflict.refusal(language))),
    }
}
