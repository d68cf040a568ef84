//! Which rows and columns a query asks for, found from its text alone: answers differ, and may be empty.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};
use language::{Language, Text};

use crate::{
    examine::root_field::is_left_out,
    schema_index::{FieldShape, SchemaIndex, bottom, is_list, spoken},
};

/// What stands between the titles of a thing and of its part.
const BETWEEN: char = '·';

/// A field of the schema, as far as a table wants to know.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The type of its value, or of what is in its list.
    pub(crate) base: String,
    /// Whether it is a list.
    pub(crate) is_list: bool,
    /// What to call it.
    pub(crate) title: Text,
    /// How much of a list it gives.
    pub(crate) extent: Extent,
}

/// How much of a list a field gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it, or it is no list.
    Whole,
    /// A page, and a cursor to go on from.
    Page,
    /// The first so many groups.
    Groups,
}

impl Known {
    fn of(field: &FieldShape) -> Self {
        let takes = |name: &str| field.arguments.contains_key(name);
        let extent = match () {
            () if takes("after") => Extent::Page,
            () if takes("limit") => Extent::Groups,
            () => Extent::Whole,
        };
        let base = bottom(&field.of).to_string();
        Self { base, is_list: is_list(&field.of), title: field.title.clone(), extent }
    }
}

/// A field that is asked for, with what is asked for of it.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The key in the answer.
    pub(crate) key: String,
    /// The field.
    pub(crate) known: Known,
    /// Its heading, where the caller has given it another name.
    alias: Option<String>,
    /// Whether each thing in it, or in what is in it, makes a row.
    pub(crate) makes_rows: bool,
    /// What is asked for of it; nothing of a value.
    pub(crate) parts: Vec<Self>,
}

/// The rows and columns of a table.
#[derive(Debug)]
pub(crate) struct Layout {
    /// All that is asked for, from the root.
    pub(crate) roots: Vec<Asked>,
    /// The keys from the root to the first list that makes rows.
    pub(crate) rows: Vec<String>,
}

/// A place in the table with the keys that lead to it.
pub(crate) struct Column {
    pub(crate) path: String,
    pub(crate) heading: Text,
}

impl Layout {
    /// What an operation asks for.
    ///
    /// Rows are made by the list in which most of what is asked for lies, the first of several. Within a row the same is done again
    /// wherever a list has more than half of what the row has; other lists become one cell. `chosen` names the lists instead, by
    /// their keys: `shelf.series.books`.
    ///
    /// # Errors
    /// What was chosen is no list of the query: the lists that there are.
    pub(crate) fn of(
        shape: &SchemaIndex,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &HashMap<Name, bool>,
        chosen: Option<&str>,
    ) -> Result<Self, Vec<String>> {
        let mut reader = Reader { shape, document, variables, within: Vec::new() };
        let mut roots = reader.read("Query", &[&operation.selection_set.node]);
        match chosen {
            None => choose(&mut roots, false),
            Some(chosen) => {
                let keys: Vec<&str> = chosen.split('.').collect();
                if !mark(&mut roots, &keys) {
                    let mut lists = Vec::new();
                    name_lists(&roots, "", &mut lists);
                    return Err(lists);
                }
            }
        }
        let mut rows = Vec::new();
        let mut parts = &roots;
        while let Some(next) = parts.iter().find(|part| part.makes_rows) {
            rows.push(next.key.clone());
            if next.known.is_list {
                break;
            }
            parts = &next.parts;
        }
        Ok(Self { roots, rows })
    }

    /// What each thing in the first list that makes rows has; everything, where no list does.
    pub(crate) fn of_a_row(&self) -> &[Asked] {
        let mut parts: &[Asked] = &self.roots;
        for key in &self.rows {
            match parts.iter().find(|part| part.key == *key) {
                Some(part) => parts = &part.parts,
                None => return &[],
            }
        }
        // A single thing is what the table is about: its name is not repeated in every heading.
        match parts {
            [only] if self.rows.is_empty() && !only.parts.is_empty() => &only.parts,
            parts => parts,
        }
    }

    /// The columns, in the order of the query.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        list_columns(self.of_a_row(), "", &Text::new("", ""), &mut columns);
        columns
    }
}

impl Asked {
    /// Whether it is a list of things rather than of values.
    pub(crate) fn is_list_of_things(&self) -> bool {
        self.known.is_list && !self.parts.is_empty()
    }

    /// How many values are asked for in it.
    fn size(&self) -> usize {
        if self.parts.is_empty() { 1 } else { self.parts.iter().map(Self::size).fold(0, usize::saturating_add) }
    }

    /// Whether it only holds what it is about, and has no title of its own: the list of a page, and the row of an edge.
    fn is_wrapping(&self) -> bool {
        !self.parts.is_empty() && matches!(self.key.as_str(), "nodes" | "edges" | "node")
    }

    /// What to call it.
    fn title(&self) -> Text {
        match &self.alias {
            Some(alias) => Text::new(alias.clone(), alias.clone()),
            None => self.known.title.clone(),
        }
    }

    /// The only value of a thing of which no more is asked for.
    fn has_one_value(&self) -> bool {
        matches!(self.parts.as_slice(), [only] if only.parts.is_empty())
    }
}

struct Reader<'a> {
    shape: &'a SchemaIndex,
    document: &'a ExecutableDocument,
    variables: &'a HashMap<Name, bool>,
    /// The fragments that are being read, so that a circle, which the engine refuses, ends here.
    within: Vec<&'a Name>,
}

impl<'a> Reader<'a> {
    /// What these selections ask of a type. A key that occurs several times is one field with all that is asked of it.
    fn read(&mut self, of: &str, selections: &[&'a SelectionSet]) -> Vec<Asked> {
        let mut found: Vec<(Asked, Vec<&'a SelectionSet>)> = Vec::new();
        for selection in selections {
            self.gather(of, selection, &mut found);
        }
        found
            .into_iter()
            .filter_map(|(mut asked, selections)| {
                if self.shape.has_fields(&asked.known.base) {
                    let base = asked.known.base.clone();
                    asked.parts = self.read(&base, &selections);
                    // Of a thing of which nothing is asked but its type, nothing is shown.
                    return (!asked.parts.is_empty()).then_some(asked);
                }
                Some(asked)
            })
            .collect()
    }

    fn gather(&mut self, of: &str, selections: &'a SelectionSet, found: &mut Vec<(Asked, Vec<&'a SelectionSet>)>) {
        for selection in &selections.items {
            if is_left_out(selection.node.directives(), self.variables) {
                continue;
            }
            match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.to_string();
                    let inner = &field.node.selection_set.node;
                    if let Some((_, selections)) = found.iter_mut().find(|(asked, _)| asked.key == key) {
                        selections.push(inner);
                        continue;
                    }
                    // What the engine adds, such as the name of a type, is nothing for people.
                    let Some(known) = self.shape.field(of, &field.node.name.node) else { continue };
                    let alias = field.node.alias.as_ref().map(|alias| spoken(&alias.node));
                    found.push((Asked { key, known: Known::of(known), alias, makes_rows: false, parts: Vec::new() }, vec![inner]));
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(of, |condition| condition.node.on.node.as_str());
                    self.gather(on, &fragment.node.selection_set.node, found);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.document.fragments.get(name).filter(|_| !self.within.contains(&name)) else { continue };
                    self.within.push(name);
                    self.gather(&fragment.node.type_condition.node.on.node, &fragment.node.selection_set.node, found);
                    self.within.pop();
                }
            }
        }
    }
}

/// Marks the lists that make rows: the largest that can be reached through single things; and within its rows again, where one has
/// more than half of them.
fn choose(parts: &mut [Asked], by_majority: bool) {
    let whole: usize = parts.iter().map(Asked::size).fold(0, usize::saturating_add);
    let Some(largest) = largest(parts).filter(|largest| !by_majority || largest.saturating_mul(2) > whole) else { return };
    reach(parts, largest);
}

/// The size of the largest list that can be reached through single things.
fn largest(parts: &[Asked]) -> Option<usize> {
    parts.iter().filter_map(|part| if part.is_list_of_things() { Some(part.size()) } else { largest(&part.parts) }).max()
}

/// Marks the first list of this size on the way to it, and those within it.
fn reach(parts: &mut [Asked], size: usize) -> bool {
    for part in parts {
        if part.is_list_of_things() {
            if part.size() == size {
                part.makes_rows = true;
                choose(&mut part.parts, true);
                return true;
            }
        } else if reach(&mut part.parts, size) {
            part.makes_rows = true;
            return true;
        }
    }
    false
}

/// Marks what the keys lead to. A page may be named in place of its list.
fn mark(parts: &mut [Asked], keys: &[&str]) -> bool {
    let [key, rest @ ..] = keys else {
        // The last key was that of a page: its list is meant.
        return parts.iter_mut().find(|part| part.is_list_of_things() && part.is_wrapping()).map(|list| list.makes_rows = true).is_some();
    };
    let (direct, keys) = match parts.iter().position(|part| part.key == *key) {
        Some(direct) => (direct, rest),
        // The same within a page on the way.
        None => match parts.iter().position(Asked::is_wrapping) {
            Some(wrapping) => (wrapping, keys),
            None => return false,
        },
    };
    let Some(part) = parts.get_mut(direct).filter(|part| !part.parts.is_empty()) else { return false };
    let marked = if keys.is_empty() && part.is_list_of_things() { true } else { mark(&mut part.parts, keys) };
    part.makes_rows = marked;
    marked
}

/// The keys of all lists of things.
fn name_lists(parts: &[Asked], before: &str, lists: &mut Vec<String>) {
    for part in parts.iter().filter(|part| !part.parts.is_empty()) {
        let path = joined(before, part);
        if part.is_list_of_things() {
            lists.push(path.clone());
        }
        name_lists(&part.parts, &path, lists);
    }
}

fn joined(before: &str, part: &Asked) -> String {
    match before {
        _ if part.is_wrapping() => before.to_owned(),
        "" => part.key.clone(),
        before => format!("{before}.{}", part.key),
    }
}

fn list_columns(parts: &[Asked], before: &str, title: &Text, columns: &mut Vec<Column>) {
    for part in parts {
        let path = joined(before, part);
        let heading = if part.is_wrapping() { title.clone() } else { beside(title, &part.title()) };
        if part.parts.is_empty() || (part.known.is_list && !part.makes_rows) {
            columns.push(Column { path, heading });
        } else if part.has_one_value() && !part.makes_rows {
            // 单位, not 单位·名称.
            columns.push(Column { path: part.parts.iter().map(|only| joined(&path, only)).collect(), heading });
        } else {
            list_columns(&part.parts, &path, &heading, columns);
        }
    }
}

fn beside(title: &Text, part: &Text) -> Text {
    let joined = |language| match title.in_language(language) {
        "" => part.in_language(language).to_owned(),
        title => format!("{title}{BETWEEN}{}", part.in_language(language)),
    };
    Text::new(joined(Language::Chinese), joined(Language::English))
}
