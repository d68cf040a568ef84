//! How large an answer may become, as far as a document tells: fields times the lengths of the lists that they are in.
//!
//! A page counts with the rows that are asked for. A plain list counts with a usual length of the product rather than the
//! longest: what really comes is counted once more while it is gathered.

use std::collections::HashMap;

use async_graphql::{
    Name, Value, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value as Given;

use crate::{
    product::Costs,
    schema_index::{SchemaIndex, bottom, is_list},
};

/// How long lists of the introspection usually are.
fn length_of_introspection(field: &str) -> u64 {
    match field {
        "types" => 300,
        "fields" | "enumValues" => 10,
        "inputFields" | "directives" => 6,
        "possibleTypes" => 20,
        "args" | "interfaces" => 2,
        _ => 1,
    }
}

/// How large an answer may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Complexity {
    /// All but introspection.
    pub ours: u64,
    /// What is below `__schema` and `__type`.
    pub introspection: u64,
    /// What is done for it beyond gathering its values, in units of about a value each.
    pub work: u64,
}

/// How large the answer to an operation of a document may become. The document has been found to have no circle, and to be no deeper
/// than can be walked.
pub(crate) fn of(
    shape: &SchemaIndex,
    costs: &Costs,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Complexity {
    let mut estimate = Estimate { shape, costs, document, operation, variables, known: HashMap::new() };
    let Size { ours, introspection, work, .. } = estimate.size(&operation.selection_set.node, SchemaIndex::root(operation.ty));
    Complexity { ours, introspection, work }
}

/// What a selection comes to.
#[derive(Clone, Copy, Default)]
struct Size {
    ours: u64,
    /// The same for each row, where the selection is of a page: how many rows there are is said above it.
    per_row: u64,
    introspection: u64,
    work: u64,
    work_per_row: u64,
    /// Whether the total of a page is selected.
    counted: bool,
}

impl Size {
    /// A page that has so many rows.
    fn rows(self, length: u64) -> Self {
        let ours = self.ours.saturating_add(self.per_row.saturating_mul(length)).saturating_add(1);
        let work = self.work.saturating_add(self.work_per_row.saturating_mul(length));
        Self { ours, work, ..Self::default() }
    }

    /// A list of so many.
    fn times(self, length: u64) -> Self {
        let ours = length.saturating_mul(self.ours.saturating_add(1)).saturating_add(1);
        Self { ours, work: length.saturating_mul(self.work), ..Self::default() }
    }
}

struct Estimate<'a> {
    shape: &'a SchemaIndex,
    costs: &'a Costs,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    known: HashMap<&'a Name, Size>,
}

impl<'a> Estimate<'a> {
    fn size(&mut self, selections: &'a SelectionSet, of: &str) -> Size {
        let mut total = Size::default();
        for selection in &selections.items {
            let part = match &selection.node {
                Selection::Field(field) => self.field(&field.node, of),
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(of, |condition| condition.node.on.node.as_str());
                    self.size(&fragment.node.selection_set.node, on)
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            total.ours = total.ours.saturating_add(part.ours);
            total.per_row = total.per_row.saturating_add(part.per_row);
            total.introspection = total.introspection.saturating_add(part.introspection);
            total.work = total.work.saturating_add(part.work);
            total.work_per_row = total.work_per_row.saturating_add(part.work_per_row);
            total.counted |= part.counted;
        }
        total
    }

    fn fragment(&mut self, name: &'a Name) -> Size {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Size::default() };
        let size = self.size(&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node);
        self.known.insert(name, size);
        size
    }

    fn field(&mut self, field: &'a Field, of: &str) -> Size {
        let name = field.name.node.as_str();
        let selections = &field.selection_set.node;
        if of.starts_with("__") || matches!(name, "__schema" | "__type") {
            // Which type it is of does not matter: lists of the introspection have names of their own.
            let below = self.size(selections, "__Type").introspection;
            let introspection = below.saturating_mul(length_of_introspection(name)).saturating_add(1);
            return Size { introspection, ..Size::default() };
        }
        // What there is not, is for validation to tell.
        let Some(shape) = self.shape.field(of, name) else { return Size { ours: 1, ..Size::default() } };
        let kind = bottom(&shape.of);
        let below = self.size(selections, kind);
        let whole = |length: u64| below.rows(length);
        let is_of_page = of.ends_with("Connection") && matches!(name, "nodes" | "edges");
        let mut size = match () {
            () if is_of_page => Size {
                ours: 1,
                per_row: below.ours.saturating_add(1),
                work_per_row: below.work.saturating_add(below.work_per_row),
                ..Size::default()
            },
            () if kind.ends_with("Connection") => whole(self.page(field)),
            () if is_list(&shape.of) && !selections.items.is_empty() => {
                let given = self.given(field, "ids").or_else(|| self.given(field, "first"));
                below.times(given.unwrap_or_else(|| self.costs.length(of, name)))
            }
            () => whole(0),
        };
        size.introspection = below.introspection;
        size.counted = of.ends_with("Connection") && name == "totalCount";
        size.work = size.work.saturating_add(self.price(field, of, below.counted));
        size
    }

    /// What a call of a field costs beyond the values below it.
    fn price(&self, field: &Field, of: &str, counted: bool) -> u64 {
        let price = self.costs.price(of, &field.name.node);
        let ids = if price.id > 0 { self.given(field, "ids").unwrap_or_default().saturating_mul(price.id) } else { 0 };
        let counted = if counted { price.counted } else { 0 };
        let filters = price.filters.iter().filter(|(key, _)| self.filters_by(field, key)).map(|(_, units)| *units);
        filters.fold(price.call.saturating_add(ids).saturating_add(counted), u64::saturating_add)
    }

    /// Whether something is given under a key of the filter.
    fn filters_by(&self, field: &Field, key: &str) -> bool {
        match field.get_argument("filter").map(|value| &value.node) {
            Some(Given::Object(filter)) => filter.contains_key(key),
            Some(Given::Variable(name)) => matches!(self.variable(name), Some(Value::Object(filter)) if filter.contains_key(key)),
            _ => false,
        }
    }

    /// How many rows a page is asked for.
    fn page(&self, field: &Field) -> u64 {
        self.given(field, "first").or_else(|| self.given(field, "last")).unwrap_or(u64::from(self.costs.page))
    }

    /// A number that is given, or how many of a list.
    fn given(&self, field: &Field, argument: &str) -> Option<u64> {
        match &field.get_argument(argument)?.node {
            Given::Number(number) => number.as_u64(),
            Given::List(items) => u64::try_from(items.len()).ok(),
            Given::Variable(name) => match self.variable(name)? {
                Value::Number(number) => number.as_u64(),
                Value::List(items) => u64::try_from(items.len()).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    fn variable(&self, name: &Name) -> Option<&Value> {
        self.variables.get(name).or_else(|| {
            let definition = self.operation.variable_definitions.iter().find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value()
        })
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;
    use crate::product::Price;

    const COSTS: Costs = Costs {
        page: 20,
        most_groups: 1_000,
        lengths: &[("Book", "chapters", 3), ("Book", "loans", 5), ("Query", "genres", 20), ("Series", "books", 3)],
        prices: &[
            ("Query", "books", Price::call(800).counted(500).filtered(&[("text", 1_500), ("colour", 20_000)])),
            ("Query", "compareBooks", Price::call(1_000).id(500)),
            ("Query", "genres", Price::call(500)),
            ("Book", "copy", Price::call(250)),
            ("Genre", "books", Price::call(100).counted(100)),
        ],
        change: |_| 0,
    };

    fn complexity(query: &str, variables: serde_json::Value) -> Complexity {
        let document = parse_query(query).expect("a document");
        let operation = document.operations.iter().next().expect("an operation").1;
        of(SchemaIndex::of_tests(), &COSTS, &document, &operation.node, &Variables::from_json(variables))
    }

    #[test]
    fn lists_multiply_what_is_in_them() {
        for (query, ours) in [
            ("{ __typename }", 1),
            ("{ statistics(subject: \"x\") { __typename } }", 2),
            ("{ books(filter: { colour: [RED] }) { totalCount } }", 2),
            ("{ genres { code } }", 1 + 20 * 2),
            ("{ books(first: 10) { totalCount } }", 2),
            ("{ books(first: 10) { totalCount nodes { id } } }", 3 + 10 * 2),
            ("{ books(last: 10) { edges { cursor node { id title } } } }", 2 + 10 * 5),
            ("{ books { nodes { id } } }", 2 + 20 * 2),
            ("query($n: Int) { books(first: $n) { nodes { id } } }", 2 + 7 * 2),
            ("query($m: Int = 9) { books(first: $m) { nodes { id } } }", 2 + 9 * 2),
            ("{ books(first: 10) { ...F } } fragment F on BookConnection { nodes { ... on Book { id } } }", 2 + 10 * 2),
            ("{ books(first: 10) { nodes { chapters { id } } } }", 2 + 10 * (1 + 1 + 3 * 2)),
            ("{ books(first: 10) { nodes { loans { member { id } } } } }", 2 + 10 * (1 + 1 + 5 * 3)),
            ("{ books(first: 100) { nodes { series { books { id } } } } }", 2 + 100 * (1 + 1 + 1 + 3 * 2)),
            ("{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }", 1 + 3 * 2),
            ("{ nonsense(first: 100) { a b } }", 1),
        ] {
            let counted = complexity(query, json!({ "n": 7 }));
            assert_eq!((counted.ours, counted.introspection), (ours, 0), "{query}");
        }
        let most = complexity("query($n: Int) { books(first: $n) { nodes { id } } }", json!({ "n": u64::MAX }));
        assert_eq!(most.ours, u64::MAX);
    }

    #[test]
    fn introspection_counts_apart() {
        let query = "{ __schema { types { name fields { name } } } __type(name: \"Book\") { name } genres { code } }";
        let counted = complexity(query, json!({}));
        assert_eq!((counted.ours, counted.introspection), (41, 1 + 1 + 300 * (1 + 1 + 10) + 1 + 1));
    }

    #[test]
    fn work_counts_for_each_call_each_row_and_each_id() {
        let (books, copy) = (COSTS.price("Query", "books"), COSTS.price("Book", "copy").call);
        let compared = COSTS.price("Query", "compareBooks");
        let genres = COSTS.price("Query", "genres").call;
        for (query, work) in [
            ("{ __typename }", 0),
            ("{ books { nodes { id } } }", books.call),
            ("{ a: books { nodes { id } } b: books { nodes { id } } }", 2 * books.call),
            ("{ books { totalCount } }", books.call + books.counted),
            ("{ books { totalCount again: totalCount } }", books.call + books.counted),
            ("{ ...Q } fragment Q on Query { books { ...C } } fragment C on BookConnection { totalCount }", books.call + books.counted),
            ("{ books(filter: { text: \"x\" }) { totalCount } }", books.call + books.counted + 1_500),
            ("query($f: BookFilter) { books(filter: $f) { pageInfo { hasNextPage } } }", books.call + 20_000),
            ("{ books(first: 7) { nodes { copy { colour } } } }", books.call + 7 * copy),
            ("{ books(first: 7) { edges { node { copy { colour } } } } }", books.call + 7 * copy),
            ("{ books(first: 7) { nodes { a: copy { colour } b: copy { colour } } } }", books.call + 14 * copy),
            ("{ books(first: 7) { nodes { series { books { copy { colour } } } } } }", books.call + 7 * 3 * copy),
            ("{ compareBooks(ids: [\"a\", \"b\", \"c\"]) { on } }", compared.call + 3 * compared.id),
            (
                "query($i: [ID!]!) { a: compareBooks(ids: $i) { on } b: compareBooks(ids: $i) { on } }",
                2 * (compared.call + 4 * compared.id),
            ),
            (
                "{ genres { books { totalCount nodes { id } } } }",
                genres + 20 * (COSTS.price("Genre", "books").call + COSTS.price("Genre", "books").counted),
            ),
        ] {
            let variables = json!({ "f": { "colour": ["RED"] }, "i": ["a", "b", "c", "d"] });
            assert_eq!(complexity(query, variables).work, work, "{query}");
        }
    }
}
