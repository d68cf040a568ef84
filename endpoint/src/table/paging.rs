//! A file has all rows of a list, a query one page of it: the same query is asked again for each page that follows.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned, Request, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet, VariableDefinition},
    },
};
use async_graphql_value::Value as Given;

use super::layout::{Asked, Extent, Layout};
use crate::examine::chosen_operation;

/// How much lists of pages within the rows of one page hold in all: what one answer may hold.
const WITHIN: u32 = 10_000;

/// Under which key a page says whether there is another.
const KEY: &str = "endpointPageInfo";

/// Under which key groups say how many there are.
const GROUP_KEY: &str = "endpointGroupCount";

/// How a table comes by all that is in the lists of its query.
#[derive(Clone, Debug)]
pub(crate) struct Paging {
    /// The list whose pages follow one another, where one does.
    main: Option<Main>,
    /// The most groups of a field.
    most_groups: u32,
    /// The keys that lead to each other list that must have come whole, because nobody has said how much of it will do.
    whole: Vec<Vec<String>>,
}

/// A list of pages that makes the rows of a table.
#[derive(Clone, Debug)]
struct Main {
    /// The keys that lead to it.
    path: Vec<String>,
    /// The variable that says where a page begins, where one does.
    variable: Option<Name>,
}

/// A list of which a query has a part.
struct Part {
    path: Vec<String>,
    is_of_groups: bool,
    /// Whether it is asked for as long as may be. Pages within pages would be more than one answer may hold.
    is_widened: bool,
}

impl Paging {
    /// The lists of a request. The first that makes rows begins with a page where it is gone through from its beginning; one that asks
    /// for what lies before a place, or for the end of a list, asks for that alone. The request is changed so that each list says
    /// whether there is more. Pages are as large as the limits have them.
    pub(crate) fn prepare(request: &mut Request, layout: &Layout, largest: u32, most_groups: u32) -> Self {
        let mut paging = Self { main: None, most_groups, whole: Vec::new() };
        let valued = valued(request);
        let Ok(document) = request.parsed_query() else { return paging };
        // A fragment may stand in several lists: whether a list is sized is read off the document as it was written.
        let (mut written, mut document) = (document.clone(), document.clone());
        let operation = request.operation_name.as_deref();
        let main = main_page(layout);
        let mut parts = Vec::new();
        list_parts(&layout.roots, &mut Vec::new(), main.as_deref(), false, &mut parts);
        if let Some(path) = &main {
            let has_pages = parts.iter().any(|part| part.is_widened && !part.is_of_groups && part.path.starts_with(path));
            let rows = if has_pages { WITHIN.checked_div(largest).unwrap_or(1).clamp(1, largest) } else { largest };
            paging.main = begin(&mut document, operation, path, &valued, rows);
        }
        for Part { path, is_of_groups, is_widened } in parts {
            let argument = if is_of_groups { "limit" } else { "first" };
            let snippet = if is_of_groups {
                snippet(&format!("{{ page(limit: {most_groups}) {{ {GROUP_KEY}: groupCount }} }}"))
            } else {
                snippet(&format!("{{ page(first: {largest}) {{ {KEY}: pageInfo {{ hasNextPage }} }} }}"))
            };
            let Some(snippet) = snippet else { continue };
            let mut is_sized = false;
            change(&mut written, operation, &path, &mut |field| {
                let sizes = |name: &Name| [argument, "last", "before"].contains(&name.as_str());
                is_sized |= field.arguments.iter().any(|(name, value)| sizes(&name.node) && has_value(&value.node, &valued));
            });
            if is_sized {
                continue;
            }
            change(&mut document, operation, &path, &mut |field| {
                if is_widened {
                    field.arguments.retain(|(name, _)| name.node != argument);
                    field.arguments.extend(snippet.arguments.clone());
                }
                field.selection_set.node.items.extend(snippet.selection_set.node.items.clone());
            });
            paging.whole.push(path);
        }
        request.set_parsed_query(document);
        paging
    }

    /// A list that has not come whole, by the keys that lead to it.
    pub(crate) fn cut(&self, data: &Value) -> Option<String> {
        self.whole.iter().find(|path| is_cut(data, path, self.most_groups)).map(|path| path.join("."))
    }

    /// The request for the page after a cursor.
    pub(crate) fn turn(
        &self,
        document: &ExecutableDocument,
        operation: Option<&str>,
        variables: &Variables,
        cursor: &str,
    ) -> Option<Request> {
        let main = self.main.as_ref()?;
        let (mut document, mut variables) = (document.clone(), variables.clone());
        if let Some(variable) = &main.variable {
            variables.insert(variable.clone(), Value::String(cursor.to_owned()));
        } else {
            let snippet = snippet(&format!("{{ page(after: {}) }}", serde_json::to_string(cursor).ok()?))?;
            change(&mut document, operation, &main.path, &mut |field| {
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
    pub(crate) fn next(&self, data: &Value) -> Option<String> {
        let mut page = data;
        for key in self.main.as_ref()?.path.iter().map(String::as_str).chain([KEY]) {
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

/// The keys that lead to the first list that makes rows, where it has pages.
fn main_page(layout: &Layout) -> Option<Vec<String>> {
    let [path @ .., _] = layout.rows.as_slice() else { return None };
    let mut parts: &[Asked] = &layout.roots;
    let mut has_pages = false;
    for key in path {
        let part = parts.iter().find(|part| part.key == *key)?;
        has_pages = part.known.extent == Extent::Page;
        parts = &part.parts;
    }
    has_pages.then(|| path.to_vec())
}

/// Lets the list that makes rows begin with a whole page that says what follows; `None` where it is not gone through from its beginning.
fn begin(document: &mut ExecutableDocument, operation: Option<&str>, path: &[String], valued: &HashSet<Name>, rows: u32) -> Option<Main> {
    let snippet = snippet(&format!("{{ page(first: {rows}) {{ {KEY}: pageInfo {{ hasNextPage endCursor }} }} }}"))?;
    let mut changed = document.clone();
    let (mut is_backward, mut variable) = (false, None);
    change(&mut changed, operation, path, &mut |field| {
        let mut is_sized = false;
        for (name, value) in &field.arguments {
            match name.node.as_str() {
                "last" | "before" => is_backward |= has_value(&value.node, valued),
                "after" => variable = value.node.clone().into_const_with(Err).err(),
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
    *document = changed;
    Some(Main { path: path.to_vec(), variable })
}

/// All lists of which a query may have a part, but for the one that makes rows.
fn list_parts(asked: &[Asked], path: &mut Vec<String>, main: Option<&[String]>, is_within: bool, parts: &mut Vec<Part>) {
    for part in asked {
        path.push(part.key.clone());
        let is_main = main == Some(path.as_slice());
        let is_page = part.known.extent == Extent::Page && !is_main;
        let is_of_groups = part.known.extent == Extent::Groups;
        if is_page || is_of_groups {
            let is_widened = is_of_groups || !(is_within || has_pages(&part.parts));
            parts.push(Part { path: path.clone(), is_of_groups, is_widened });
        }
        list_parts(&part.parts, path, main, is_within || is_page, parts);
        path.pop();
    }
}

fn has_pages(asked: &[Asked]) -> bool {
    asked.iter().any(|part| part.known.extent == Extent::Page || has_pages(&part.parts))
}

/// The variables of the operation that have a value.
fn valued(request: &mut Request) -> HashSet<Name> {
    let definitions = chosen_operation(request).map(|operation| operation.variable_definitions.clone()).unwrap_or_default();
    let given = |name: &Name| request.variables.get(name);
    let has_value = |definition: &VariableDefinition| match given(&definition.name.node).or(definition.default_value()) {
        None | Some(Value::Null) => false,
        Some(_) => true,
    };
    definitions
        .iter()
        .map(|definition| &definition.node)
        .filter(|definition| has_value(definition))
        .map(|definition| definition.name.node.clone())
        .collect()
}

fn has_value(value: &Given, valued: &HashSet<Name>) -> bool {
    match value {
        Given::Variable(name) => valued.contains(name),
        value => *value != Given::Null,
    }
}

/// Whether any list that these keys lead to says that there is more.
fn is_cut(value: &Value, path: &[String], most_groups: u32) -> bool {
    match (value, path) {
        (Value::List(things), path) => things.iter().any(|thing| is_cut(thing, path, most_groups)),
        (Value::Object(parts), [key, further @ ..]) => parts.get(key.as_str()).is_some_and(|part| is_cut(part, further, most_groups)),
        (Value::Object(parts), []) => {
            let has_next = matches!(parts.get(KEY), Some(Value::Object(told)) if told.get("hasNextPage") == Some(&Value::Boolean(true)));
            let groups = match parts.get(GROUP_KEY) {
                Some(Value::Number(count)) => count.as_u64().unwrap_or_default(),
                _ => 0,
            };
            has_next || groups > u64::from(most_groups)
        }
        _ => false,
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::*;
    use crate::schema_index::SchemaIndex;

    fn prepared(document: &str) -> Paging {
        let mut request = Request::new(document);
        let operation = chosen_operation(&mut request).expect("an operation").clone();
        let parsed = request.parsed_query().expect("a document");
        let layout = Layout::of(SchemaIndex::of_tests(), parsed, &operation, &HashMap::new(), None).expect("a layout");
        Paging::prepare(&mut request, &layout, 100, 1_000)
    }

    #[test]
    fn a_list_that_is_not_whole_is_told_wherever_its_fragment_stands() {
        let more = json!({ "members": { KEY: { "hasNextPage": true, "endCursor": "x" } } });
        let data = Value::from_json(json!({ "a": more, "b": more })).expect("data");
        let of = "a: branch(code: 1) { ...F } b: branch(code: 2) { ...F }";
        let open = prepared(&format!("{{ {of} }} fragment F on Branch {{ members {{ nodes {{ name kind }} }} }}"));
        assert_eq!((open.next(&data).as_deref(), open.cut(&data).as_deref()), (Some("x"), Some("b.members")));
        let sized = prepared(&format!("{{ {of} }} fragment F on Branch {{ members(first: 7) {{ nodes {{ name kind }} }} }}"));
        assert_eq!((sized.next(&data).as_deref(), sized.cut(&data)), (Some("x"), None));
    }
}
