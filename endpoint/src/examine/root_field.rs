//! The root fields that an operation calls, and what is decided by them.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Error, ErrorExtensions as _, Name, PathSegment, Positioned, Request, Response, ServerError, Value,
    parser::types::{Directive, DocumentOperations, ExecutableDocument, Field, OperationType, Selection, SelectionSet, VariableDefinition},
};
use language::{Language, Text};

use super::chosen_operation;
use crate::{
    answer::error::{self, Code},
    asked::Asked,
    limit::{Limits, Measure},
    product::{Closed, Product},
    schema_index::SchemaIndex,
};

/// The answer to a request with too many changes, or with two under one key: the engine would do both and mix their answers.
pub(crate) fn too_much(request: &mut Request, limits: &Limits, language: Language) -> Option<Response> {
    if chosen_operation(request)?.ty != OperationType::Mutation {
        return None;
    }
    let mut keys = HashSet::new();
    // As the engine does it: a fragment that is spread twice is done twice. There are no more of them than fields may be.
    let called = called_as_spread(request)?;
    // Each leaves an event that nobody can remove.
    if let Err(excess) = Measure::Changes.hold(limits, called.len()) {
        return Some(excess.refusal(language));
    }
    let twice = called.iter().find(|field| !keys.insert(field.node.response_key().node.clone()))?;
    let key = &twice.node.response_key().node;
    let message = Text::new(
        format!("同一请求中有两项修改都叫 {key}：请用别名区分，或合并为一项。"),
        format!("Two changes of one request are both called {key}: tell them apart by aliases, or make them one."),
    );
    Some(error::refusal(Code::ValidationFailed, language, &message))
}

/// What the changes of the chosen operation cost, beside the size of their answers.
pub(crate) fn price_of_changes(request: &mut Request, price: fn(&str) -> u64) -> u64 {
    if chosen_operation(request).is_none_or(|operation| operation.ty != OperationType::Mutation) {
        return 0;
    }
    let called = called_as_spread(request).unwrap_or_default();
    called.iter().map(|field| price(&field.node.name.node)).fold(0, u64::saturating_add)
}

/// The root fields that the chosen operation calls, those of its fragments included, which are looked at once.
fn called(request: &mut Request) -> Option<Vec<Positioned<Field>>> {
    call(request, Some(HashSet::new()))
}

/// The same as often as they are called.
fn called_as_spread(request: &mut Request) -> Option<Vec<Positioned<Field>>> {
    call(request, None)
}

fn call(request: &mut Request, mut seen: Option<HashSet<String>>) -> Option<Vec<Positioned<Field>>> {
    let mut called = Vec::new();
    let operation = chosen_operation(request)?.clone();
    let variables = conditions(request);
    let document = request.parsed_query().ok()?;
    gather(document, &operation.selection_set.node, &variables, &mut seen, &mut called);
    Some(called)
}

/// The names of the root fields that the chosen operation calls, each once, in the order of the alphabet.
pub(crate) fn called_names(request: &mut Request) -> Vec<String> {
    let mut names: Vec<String> = called(request).into_iter().flatten().map(|field| field.node.name.node.to_string()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The name of the only operation of a document.
pub(crate) fn only_name(request: &mut Request) -> Option<String> {
    match &request.parsed_query().ok()?.operations {
        DocumentOperations::Multiple(operations) if operations.len() == 1 => operations.keys().next().map(ToString::to_string),
        DocumentOperations::Single(_) | DocumentOperations::Multiple(_) => None,
    }
}

/// The variables by which `@skip` and `@include` may leave something out, with their values.
pub(crate) fn conditions(request: &mut Request) -> HashMap<Name, bool> {
    let Some(definitions) = chosen_operation(request).map(|operation| operation.variable_definitions.clone()) else {
        return HashMap::new();
    };
    let value = |definition: &VariableDefinition| match request.variables.get(&definition.name.node) {
        Some(Value::Boolean(given)) => Some(*given),
        Some(_) => None,
        None => match definition.default_value.as_ref()?.node {
            Value::Boolean(default) => Some(default),
            _ => None,
        },
    };
    definitions.iter().filter_map(|definition| Some((definition.node.name.node.clone(), value(&definition.node)?))).collect()
}

/// The answer to a subscription that is to follow anything but one field. The engine would follow several at once, and none that is
/// in a fragment.
pub(crate) fn not_one(request: &mut Request, language: Language) -> Option<Response> {
    let items = &chosen_operation(request)?.selection_set.node.items;
    let directly = matches!(items.as_slice(), [only] if matches!(only.node, Selection::Field(_)));
    if directly && called(request)?.len() == 1 {
        return None;
    }
    let message = Text::new(
        "一个订阅只能有一个字段，且须直接写在操作中，不放在片段里，也不用 @skip、@include。",
        "A subscription has one field, written in the operation itself: in no fragment, and without @skip or @include.",
    );
    Some(error::refusal(Code::ValidationFailed, language, &message))
}

/// The answer to a request that calls a root field which is closed to the caller, before anything runs.
///
/// All such fields of queries are never null, so what one of them fails with makes the whole of `data` null (GraphQL, section
/// 6.4.4): the answer is the same as if the others had run.
pub(crate) fn closed(request: &mut Request, shape: &SchemaIndex, product: &dyn Product, asked: &Asked) -> Option<Response> {
    let kind = chosen_operation(request)?.ty;
    let errors: Vec<ServerError> = called(request)?
        .into_iter()
        .filter_map(|field| {
            let name = field.node.name.node.as_str();
            // What does not exist is for validation to tell.
            shape.field(SchemaIndex::root(kind), name)?;
            let Closed { code, reason, text } = product.open(kind, name, &asked.identity).err()?;
            let error = Error::new(text.in_language(asked.language)).extend_with(|_, extensions| {
                extensions.set("code", code.word());
                extensions.set("reason", reason);
            });
            let mut error = error.into_server_error(field.pos);
            error.path = vec![PathSegment::Field(field.node.response_key().node.to_string())];
            Some(error)
        })
        .collect();
    (!errors.is_empty()).then(|| Response::from_errors(errors))
}

/// Whether a selection is left out by `@skip` or `@include`. A condition that is none is for validation to tell.
pub(crate) fn is_left_out(directives: &[Positioned<Directive>], variables: &HashMap<Name, bool>) -> bool {
    directives.iter().any(|directive| {
        let wanted = match directive.node.name.node.as_str() {
            "include" => true,
            "skip" => false,
            _ => return false,
        };
        let value = |name: Name| variables.get(&name).map(|given| Value::Boolean(*given)).ok_or(());
        let condition = directive.node.get_argument("if").and_then(|argument| argument.node.clone().into_const_with(value).ok());
        condition.is_some_and(|condition| condition == Value::Boolean(!wanted))
    })
}

/// The root fields that an operation calls, those of its fragments included; each of these once, where it is noted which were seen.
fn gather(
    document: &ExecutableDocument,
    selections: &SelectionSet,
    variables: &HashMap<Name, bool>,
    seen: &mut Option<HashSet<String>>,
    called: &mut Vec<Positioned<Field>>,
) {
    for selection in &selections.items {
        if is_left_out(selection.node.directives(), variables) {
            continue;
        }
        match &selection.node {
            Selection::Field(field) => called.push(field.clone()),
            Selection::InlineFragment(fragment) => gather(document, &fragment.node.selection_set.node, variables, seen, called),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if seen.as_mut().is_none_or(|seen| seen.insert(name.to_string()))
                    && let Some(fragment) = document.fragments.get(name)
                {
                    gather(document, &fragment.node.selection_set.node, variables, seen, called);
                }
            }
        }
    }
}
