//! A file has all rows of a list, a query one page of it: the same query is asked again for each page that follows.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned, Request, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
    },
};

use super::layout::{Asked, Layout};
use crate::domain::page::MAXIMUM_SIZE;

/// Under which key a page says whether there is another.
const KEY: &str = "minshengPageInfo";

/// A list of pages that makes the rows of a table.
#[derive(Clone, Debug)]
pub(super) struct Paging {
    /// The keys that lead to it.
    path: Vec<String>,
    /// The variable that says where a page begins, where one does.
    variable: Option<Name>,
}

impl Paging {
    /// The pages that a request begins with, where it goes through a list from its beginning; the request is changed so that each
    /// says what follows. One that asks for what lies before a place, or for the end of a list, asks for that alone.
    pub(super) fn prepare(request: &mut Request, layout: &Layout) -> Option<Self> {
        let [path @ .., _] = layout.rows.as_slice() else { return None };
        let mut parts: &[Asked] = &layout.roots;
        let mut takes_after = false;
        for key in path {
            let part = parts.iter().find(|part| part.key == *key)?;
            takes_after = part.known.takes_after;
            parts = &part.parts;
        }
        if !takes_after {
            return None;
        }
        let mut document = request.parsed_query().ok()?.clone();
        let snippet = snippet(&format!("{{ page(first: {MAXIMUM_SIZE}) {{ {KEY}: pageInfo {{ hasNextPage endCursor }} }} }}"))?;
        let given = |name: &Name| request.variables.get(name).is_some_and(|value| *value != Value::Null);
        let (mut is_backward, mut variable) = (false, None);
        change(&mut document, request.operation_name.as_deref(), path, &mut |field| {
            let mut is_sized = false;
            for (name, value) in &field.arguments {
                let variable_name = value.node.clone().into_const_with(Err).err();
                let has_value = match &variable_name {
                    Some(name) => given(name),
                    None => !matches!(value.node.clone().into_const(), Some(Value::Null)),
                };
                match name.node.as_str() {
                    "last" | "before" => is_backward |= has_value,
                    "after" => variable.clone_from(&variable_name),
                    "first" => is_sized = true,
                    _ => {}
                }
            }
            if !is_sized {
                field.arguments.extend(snippet.arguments.clone());
            }
            field.selection_set.node.items.extend(snippet.selection_set.node.items.clone());
        });
        if is_backward {
            return None;
        }
        request.set_parsed_query(document);
        Some(Self { path: path.to_vec(), variable })
    }

    /// The request for the page after a cursor.
    pub(super) fn turn(
        &self,
        document: &ExecutableDocument,
        operation: Option<&str>,
        variables: &Variables,
        cursor: &str,
    ) -> Option<Request> {
        let (mut document, mut variables) = (document.clone(), variables.clone());
        if let Some(variable) = &self.variable {
            variables.insert(variable.clone(), Value::String(cursor.to_owned()));
        } else {
            let snippet = snippet(&format!("{{ page(after: {}) }}", serde_json::to_string(cursor).ok()?))?;
            change(&mut document, operation, &self.path, &mut |field| {
                field.arguments.retain(|(name, _)| name.node != "after");
                field.arguments.extend(snippet.arguments.clone());
            });
        }
        let mut request = Request::new("").variables(variables);
        request.operation_name = operation.map(str::to_owned);
        request.set_parsed_query(document);
        Some(request)
    }

    /// Where the page after this one begins; `None` after the last.
    pub(super) fn next(&self, data: &Value) -> Option<String> {
        let mut page = data;
        for key in self.path.iter().map(String::as_str).chain([KEY]) {
            let Value::Object(parts) = page else { return None };
            page = parts.get(key)?;
        }
        let Value::Object(told) = page else { return None };
        match (told.get("hasNextPage"), told.get("endCursor")) {
            (Some(Value::Boolean(true)), Some(Value::String(cursor))) => Some(cursor.clone()),
            _ => None,
        }
    }
}

/// The field of a document of ours that has one.
fn snippet(document: &str) -> Option<Field> {
    let document = parse_query(document).ok()?;
    let DocumentOperations::Single(operation) = document.operations else { return None };
    operation.node.selection_set.node.items.into_iter().find_map(|selection| match selection.node {
        Selection::Field(field) => Some(field.node),
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => None,
    })
}

/// Changes every field that these keys lead to, wherever the document has it.
fn change(document: &mut ExecutableDocument, operation: Option<&str>, path: &[String], change: &mut impl FnMut(&mut Field)) {
    let mut spreads: Vec<(Name, &[String])> = Vec::new();
    let operation = match &mut document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(operations) => match operation {
            Some(name) => operations.get_mut(name),
            None => operations.values_mut().next(),
        },
    };
    if let Some(operation) = operation {
        descend(&mut operation.node.selection_set.node, path, &mut spreads, change);
    }
    let mut seen = HashSet::new();
    while let Some((name, path)) = spreads.pop() {
        if seen.insert((name.clone(), path.len()))
            && let Some(Positioned { node, .. }) = document.fragments.get_mut(&name)
        {
            descend(&mut node.selection_set.node, path, &mut spreads, change);
        }
    }
}

fn descend<'p>(
    selections: &mut SelectionSet,
    path: &'p [String],
    spreads: &mut Vec<(Name, &'p [String])>,
    change: &mut impl FnMut(&mut Field),
) {
    let [key, further @ ..] = path else { return };
    for selection in &mut selections.items {
        match &mut selection.node {
            Selection::Field(field) if field.node.response_key().node == key.as_str() => {
                if further.is_empty() {
                    change(&mut field.node);
                } else {
                    descend(&mut field.node.selection_set.node, further, spreads, change);
                }
            }
            Selection::Field(_) => {}
            Selection::InlineFragment(fragment) => descend(&mut fragment.node.selection_set.node, path, spreads, change),
            Selection::FragmentSpread(spread) => spreads.push((spread.node.fragment_name.node.clone(), path)),
        }
    }
}
