//! Whether fields that come under one key of an answer can be merged (GraphQL, section 5.3.2), and how many are selected again.
//!
//! The engine compares only what stands in one selection, tells every pair of a thousand apart in a message of its own, and runs a
//! field as often as it is selected. So this comes first, and ends with the first fault.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned, Response,
    parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet, Type},
};
use language::{Language, Text};

use crate::{
    answer::error::{Code, refusal},
    limit::Limits,
    schema_index::{SchemaIndex, bottom},
};

/// Two fields that cannot be merged.
pub struct Conflict {
    /// The key that both come under.
    pub key: Name,
    /// Where they are.
    pub places: [Pos; 2],
}

impl Conflict {
    /// As the answer to a request.
    pub fn refusal(&self, language: Language) -> Response {
        let Self { key, places } = self;
        let message = Text::new(
            format!("结果中的 {key} 有两个来源，不能合并：字段不同，或参数不同。请用别名区分。"),
            format!("Two fields that both answer as {key} cannot be merged, because they or their arguments differ: use aliases."),
        );
        let mut response = refusal(Code::ValidationFailed, language, &message);
        for error in &mut response.errors {
            error.locations = places.to_vec();
        }
        response
    }
}

/// How many fields are selected again where they are selected already. The document has been found to have no circle, and to be no
/// deeper than can be walked.
///
/// # Errors
/// The first two that cannot be merged.
pub fn repeats(shape: &SchemaIndex, document: &ExecutableDocument, limits: &Limits) -> Result<usize, Conflict> {
    let most = usize::try_from(limits.fields.saturating_mul(WALKS)).unwrap_or(usize::MAX);
    let mut merge = Merge { shape, document, repeats: 0, walked: 0, most };
    for (_, operation) in document.operations.iter() {
        merge.merge(&[(SchemaIndex::root(operation.node.ty), &operation.node.selection_set.node)])?;
    }
    // The same for those that no operation uses, which the engine compares as well.
    for fragment in document.fragments.values() {
        let on = fragment.node.type_condition.node.on.node.as_str();
        merge.repeats_of_unused(on, &fragment.node.selection_set.node)?;
    }
    Ok(if merge.walked > merge.most { usize::MAX } else { merge.repeats })
}

/// How often a field may be looked at on the average: more than once where types exclude each other beside an interface.
const WALKS: u32 = 20;

/// A selection, and the name of the type that it is of.
type Of<'a> = (&'a str, &'a SelectionSet);

struct Merge<'a> {
    shape: &'a SchemaIndex,
    document: &'a ExecutableDocument,
    repeats: usize,
    /// How many fields were looked at.
    walked: usize,
    most: usize,
}

impl<'a> Merge<'a> {
    fn repeats_of_unused(&mut self, on: &'a str, selections: &'a SelectionSet) -> Result<(), Conflict> {
        let before = self.repeats;
        self.merge(&[(on, selections)])?;
        // Those that are used were counted where they are.
        self.repeats = before;
        Ok(())
    }

    /// Merges selections that come into one object of the answer.
    fn merge(&mut self, selections: &[Of<'a>]) -> Result<(), Conflict> {
        let mut fields = Fields { order: Vec::new(), by_key: HashMap::new(), gathered: 0 };
        for (on, selections) in selections {
            fields.gather(self.document, on, selections);
        }
        if self.is_given_up(fields.gathered.saturating_add(selections.len())) {
            return Ok(());
        }
        for group in fields.order.iter().filter_map(|key| fields.by_key.get(key)) {
            self.compare(group)?;
            if group.iter().any(|(_, field)| !field.node.selection_set.node.items.is_empty()) {
                self.merge_below(group)?;
            }
        }
        Ok(())
    }

    /// Counts what is looked at, and says whether that is too much to go on.
    fn is_given_up(&mut self, looked_at: usize) -> bool {
        self.walked = self.walked.saturating_add(looked_at);
        self.walked > self.most
    }

    /// Merges what is below the fields of one key: of each object that they may be of, with what may be of any.
    fn merge_below(&mut self, group: &[(&'a str, &'a Positioned<Field>)]) -> Result<(), Conflict> {
        let mut of_any: Vec<Of<'a>> = Vec::new();
        let mut objects: Vec<&str> = Vec::new();
        let mut of_object: HashMap<&str, Vec<Of<'a>>> = HashMap::new();
        for (on, field) in group {
            let below = self.below(on, field);
            if self.shape.is_object(on) {
                let fields = of_object.entry(on).or_default();
                if fields.is_empty() {
                    objects.push(on);
                }
                fields.push(below);
            } else {
                of_any.push(below);
            }
        }
        if objects.is_empty() {
            return self.merge(&of_any);
        }
        for fields in objects.iter().filter_map(|on| of_object.get(on)) {
            if self.is_given_up(of_any.len()) {
                return Ok(());
            }
            self.merge(&[of_any.as_slice(), fields].concat())?;
        }
        Ok(())
    }

    /// The selection of a field, and what it is of.
    fn below(&self, on: &str, field: &'a Positioned<Field>) -> Of<'a> {
        let of = self.shape.field(on, &field.node.name.node).map_or("", |field| bottom(&field.of).as_str());
        (of, &field.node.selection_set.node)
    }

    /// Compares the fields of one key, each with one of those that it stands for: being the same, and being of one form, are the same for
    /// one as for the other of two that are.
    fn compare(&mut self, group: &[(&'a str, &'a Positioned<Field>)]) -> Result<(), Conflict> {
        let mut of_object: HashMap<&str, &Positioned<Field>> = HashMap::new();
        let mut of_any: Option<&Positioned<Field>> = None;
        let mut formed: Option<(&str, &Positioned<Field>)> = None;
        for (on, field) in group {
            let conflict =
                |other: &Positioned<Field>| Conflict { key: field.node.response_key().node.clone(), places: [other.pos, field.pos] };
            let is_object = self.shape.is_object(on);
            let mut repeated = false;
            // What may be of any type is the same as all others; once one has been, it stands for them.
            let same = of_any.into_iter().chain(of_object.get(on).copied());
            let others = of_object.values().copied().filter(|_| !is_object && of_any.is_none());
            for other in same.chain(others) {
                repeated = true;
                if !are_same(&field.node, &other.node) {
                    return Err(conflict(other));
                }
            }
            self.repeats = self.repeats.saturating_add(usize::from(repeated));
            if is_object {
                match formed {
                    Some((other_on, other)) if !self.are_alike((on, &field.node), (other_on, &other.node)) => return Err(conflict(other)),
                    Some(_) => {}
                    None => formed = self.shape.field(on, &field.node.name.node).map(|_| (*on, *field)),
                }
                of_object.entry(on).or_insert(field);
            } else {
                of_any.get_or_insert(field);
            }
        }
        Ok(())
    }

    /// Whether two fields of which only one can be there have values of one form.
    fn are_alike(&self, (on, field): (&str, &Field), (other_on, other): (&str, &Field)) -> bool {
        match (self.shape.field(on, &field.name.node), self.shape.field(other_on, &other.name.node)) {
            (Some(field), Some(other)) => self.have_one_form(&field.of, &other.of),
            // What there is not, is for validation to tell.
            _ => true,
        }
    }

    fn have_one_form(&self, one: &Type, other: &Type) -> bool {
        one.nullable == other.nullable
            && match (&one.base, &other.base) {
                (BaseType::List(one), BaseType::List(other)) => self.have_one_form(one, other),
                (BaseType::Named(one), BaseType::Named(other)) => {
                    one == other || self.shape.has_fields(one) && self.shape.has_fields(other)
                }
                _ => false,
            }
    }
}

/// Whether two fields ask for the same.
fn are_same(one: &Field, other: &Field) -> bool {
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, value)| other.get_argument(&name.node).is_some_and(|given| given.node == value.node))
}

/// The fields of one object of the answer by their keys, each with the type that it is of.
struct Fields<'a> {
    order: Vec<&'a Name>,
    by_key: HashMap<&'a Name, Vec<(&'a str, &'a Positioned<Field>)>>,
    /// How many selections were looked at.
    gathered: usize,
}

impl<'a> Fields<'a> {
    fn gather(&mut self, document: &'a ExecutableDocument, on: &'a str, selections: &'a SelectionSet) {
        self.gathered = self.gathered.saturating_add(selections.items.len());
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = &field.node.response_key().node;
                    let group = self.by_key.entry(key).or_default();
                    if group.is_empty() {
                        self.order.push(key);
                    }
                    group.push((on, field));
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(on, |condition| condition.node.on.node.as_str());
                    self.gather(document, on, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    // As often as it is spread, which is as often as the engine runs it.
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.gather(document, &fragment.node.type_condition.node.on.node, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn merged(document: &str) -> Option<usize> {
        repeats(SchemaIndex::of_tests(), &parse_query(document).expect("a document"), &Limits::default()).ok()
    }

    #[test]
    fn what_is_selected_again_is_counted() {
        for (document, count) in [
            ("{ genres { code } }", 0),
            ("{ genres { code code } genres { code } }", 3),
            ("{ ...F genres { code } } fragment F on Query { genres { code } }", 2),
            ("{ ...F ...F } fragment F on Query { genres { code } }", 2),
            ("{ a: genres { code } b: genres { code } }", 0),
            ("{ node(id: 1) { ... on Book { title } ... on Series { title } } }", 0),
            ("{ node(id: 1) { id ... on Book { id } ... on Series { id } } }", 2),
            ("{ node(id: 1) { ... on Book { id } ... on Series { id } ... on Nothing { id } id } }", 2),
        ] {
            assert_eq!(merged(document), Some(count), "{document}");
        }
    }

    #[test]
    fn what_cannot_be_merged_is_found_however_deep() {
        for document in [
            "{ a: genres { code } a: __typename }",
            "{ books(first: 1) { totalCount } books(first: 2) { totalCount } }",
            "{ books { totalCount } books(first: 2) { totalCount } }",
            // The engine finds none of these.
            "{ genres { a: code } genres { a: name } }",
            "{ genres { a: code } ...F } fragment F on Query { genres { ... { a: name } } }",
            "{ node(id: 1) { ... on Node { a: id } ... on Book { a: title } } }",
            "{ node(id: 1) { ... on Book { a: title } ... on Series { a: number } } }",
            "{ a } fragment F on Query { genres { a: code } genres { a: name } }",
            "{ node(id: 1) { ... on Book { a: title } ... on Series { a: title } a: id } }",
            "{ node(id: 1) { ... on Book { a: title } a: id ... on Series { a: title } } }",
            "{ node(id: 1) { ... on Book { a: shelf { b: id } } ... on Node { a: shelf { b: year } } ... on Series { a: title } } }",
        ] {
            assert_eq!(merged(document), None, "{document}");
        }
        for document in [
            "{ books(first: 1, after: \"x\") { totalCount } books(after: \"x\", first: 1) { totalCount } }",
            "{ node(id: 1) { ... on Book { a: title } ... on Series { a: title } } }",
            "{ __schema { types { name } } __schema { types { kind } } }",
            // What is below fields of which only one can be there may differ, also beside what may be below either.
            "{ node(id: 1) { ... on Book { a: shelf { b: id } } ... on Series { a: shelf { b: year } } ... on Node { a: shelf { c: id } } } }",
        ] {
            assert!(merged(document).is_some(), "{document}");
        }
    }

    #[test]
    fn what_would_be_walked_for_ever_is_given_up() {
        let deep = (0..15).fold("id".to_owned(), |inner, _| {
            format!(
                "a: book(branch: \"x\", year: 1, number: 1) {{ ... on Node {{ {inner} }} ... on Book {{ id }} ... on Member {{ id }} }}"
            )
        });
        assert!(merged(&format!("{{ {deep} }}")).is_some());
        let conditions = (0..1_000).map(|number| format!("... on X{number} {{ a }} ")).collect::<Vec<_>>().concat();
        let outer = (0..40).map(|number| format!("... on Y{number} {{ p: a {{ b }} }} ")).collect::<Vec<_>>().concat();
        let wide = format!("{{ node(id: 1) {{ ... on Series {{ p: a {{ {conditions} }} }} ... on Book {{ p: a {{ b }} }} {outer} }} }}");
        assert_eq!(merged(&wide), Some(1_118), "each once");
    }
}
