//! What a document comes to once its fragments are spread, counted in time linear in the document: the engine would walk a fragment
//! anew for every spread, and copy a variable for every use.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Response, Value, Variables,
    parser::types::{Directive, ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value as Given;
use language::{Language, Text};

use crate::{
    answer::error::{Code, refusal},
    limit::{Excess, Limits, Measure},
};

/// Refuses a document that would select too much once its fragments are spread, and one whose fragments have no end.
pub fn check(document: &ExecutableDocument, variables: &Variables, limits: &Limits, language: Language) -> Result<(), Box<Response>> {
    let measured = Measured::of(document, variables, limits);
    if let Some(name) = measured.circle {
        let message = Text::new(
            format!("片段 {name} 展开后又回到自身：请去掉这一循环。"),
            format!("The fragment {name} leads back to itself: break the circle."),
        );
        return Err(Box::new(refusal(Code::ValidationFailed, language, &message)));
    }
    if let Some(name) = measured.unknown {
        let message = Text::new(
            format!("没有片段 {name}：请在文本中定义它，或检查名称。"),
            format!("There is no fragment {name}: define it in the document, or check its name."),
        );
        return Err(Box::new(refusal(Code::ValidationFailed, language, &message)));
    }
    if !limits.introspection && measured.total.introspections > 0 {
        let message = Text::new(
            "此服务不提供内省：请使用随发布提供的 schema.graphql。",
            "This service does not tell its schema: use the schema.graphql that it was released with.",
        );
        let mut response = refusal(Code::ValidationFailed, language, &message);
        for error in &mut response.errors {
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("limit", "introspection");
            extensions.set("value", false);
            extensions.set("counted", measured.total.introspections);
        }
        return Err(Box::new(response));
    }
    measured.hold(document, limits).map_err(|excess| Box::new(excess.refusal(language)))
}

/// What a selection comes to once fragments are spread. What is below `__schema` and `__type` counts apart.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Fields of the selection itself.
    width: usize,
    fields: usize,
    depth: usize,
    /// Selection sets within each other, those of fragments included.
    nesting: usize,
    aliases: usize,
    directives: usize,
    values: usize,
    introspections: usize,
    introspection_fields: usize,
    introspection_depth: usize,
    introspection_lists: usize,
}

impl Size {
    /// Takes in what stands beside it.
    fn add(&mut self, other: &Self) {
        for (own, others) in [
            (&mut self.width, other.width),
            (&mut self.fields, other.fields),
            (&mut self.aliases, other.aliases),
            (&mut self.directives, other.directives),
            (&mut self.values, other.values),
            (&mut self.introspections, other.introspections),
            (&mut self.introspection_fields, other.introspection_fields),
        ] {
            *own = own.saturating_add(others);
        }
        for (own, others) in [
            (&mut self.depth, other.depth),
            (&mut self.nesting, other.nesting),
            (&mut self.introspection_depth, other.introspection_depth),
            (&mut self.introspection_lists, other.introspection_lists),
        ] {
            *own = others.max(*own);
        }
    }

    /// The same below a field.
    fn below(mut self, field: &Field) -> Self {
        let name = field.name.node.as_str();
        self.width = 1;
        self.fields = self.fields.saturating_add(1);
        self.depth = self.depth.saturating_add(1);
        self.introspection_lists = self.introspection_lists.saturating_add(usize::from(is_introspection_list(name)));
        if matches!(name, "__schema" | "__type") {
            self.introspections = self.introspections.saturating_add(1);
            self.introspection_fields = self.introspection_fields.saturating_add(self.fields);
            self.introspection_depth = self.introspection_depth.max(self.depth);
            (self.fields, self.depth) = (0, 0);
        }
        self.aliases = self.aliases.saturating_add(usize::from(field.alias.is_some()));
        self
    }
}

/// Lists of `__Schema`, `__Type`, `__Field` and `__Directive`; what types of ours call so is no list within lists.
fn is_introspection_list(name: &str) -> bool {
    matches!(name, "types" | "directives" | "fields" | "interfaces" | "possibleTypes" | "enumValues" | "inputFields" | "args")
}

/// A whole document.
struct Measured {
    total: Size,
    /// The most root fields of an operation.
    root_fields: usize,
    /// The most arguments of a field or directive.
    arguments: usize,
    /// A fragment that leads back to itself.
    circle: Option<Name>,
    /// A fragment that there is not. It would count as nothing, and two spreads of nothing as nothing, without end.
    unknown: Option<Name>,
}

impl Measured {
    fn of(document: &ExecutableDocument, variables: &Variables, limits: &Limits) -> Self {
        let nesting = usize::try_from(limits.nesting).unwrap_or(usize::MAX);
        let mut spread = Spread {
            fragments: &document.fragments,
            variables: variables.iter().map(|(name, value)| (name, weight(value))).collect(),
            known: HashMap::new(),
            nesting,
            arguments: 0,
            circle: None,
            unknown: None,
        };
        let (mut total, mut root_fields) = (Size::default(), 0);
        for (_, operation) in document.operations.iter() {
            // Defaults count where they are written; as a value of a variable they count wherever it is used: in any operation, because
            // a fragment is weighed once.
            let defaults = operation.node.variable_definitions.iter().filter_map(|definition| {
                let default = definition.node.default_value.as_ref()?;
                Some((&definition.node.name.node, weight(&default.node)))
            });
            for (name, weight) in defaults {
                total.values = total.values.saturating_add(weight);
                let known = spread.variables.entry(name).or_default();
                *known = weight.max(*known);
            }
        }
        for (_, operation) in document.operations.iter() {
            let of_definitions = operation.node.variable_definitions.iter().map(|definition| &definition.node.directives);
            for directives in of_definitions.chain([&operation.node.directives]) {
                total.add(&spread.directives(directives));
            }
            let size = spread.size(&operation.node.selection_set.node, 1);
            root_fields = size.width.max(root_fields);
            total.add(&size);
        }
        // Validation walks those that no operation uses too.
        let unused: HashSet<&Name> = document.fragments.keys().filter(|name| !spread.known.contains_key(name)).collect();
        for name in unused {
            total.add(&spread.fragment(name, 1));
        }
        Self { total, root_fields, arguments: spread.arguments, circle: spread.circle.cloned(), unknown: spread.unknown.cloned() }
    }

    fn hold(&self, document: &ExecutableDocument, limits: &Limits) -> Result<(), Excess> {
        for (measure, counted) in [
            (Measure::Operations, document.operations.iter().len()),
            (Measure::Fragments, document.fragments.len()),
            (Measure::Nesting, self.total.nesting),
            (Measure::Introspections, self.total.introspections),
            (Measure::IntrospectionLists, self.total.introspection_lists),
            (Measure::IntrospectionDepth, self.total.introspection_depth),
            (Measure::IntrospectionFields, self.total.introspection_fields),
            (Measure::Depth, self.total.depth),
            (Measure::Fields, self.total.fields),
            (Measure::RootFields, self.root_fields),
            (Measure::Aliases, self.total.aliases),
            (Measure::Directives, self.total.directives),
            (Measure::Arguments, self.arguments),
            (Measure::Values, self.total.values),
        ] {
            measure.hold(limits, counted)?;
        }
        Ok(())
    }
}

/// Spreads each fragment once, however often it is named.
struct Spread<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// What the values of variables weigh.
    variables: HashMap<&'a Name, usize>,
    /// Sizes of fragments; `None` while one is being spread.
    known: HashMap<&'a Name, Option<Size>>,
    nesting: usize,
    arguments: usize,
    circle: Option<&'a Name>,
    unknown: Option<&'a Name>,
}

impl<'a> Spread<'a> {
    fn size(&mut self, selections: &'a SelectionSet, level: usize) -> Size {
        let mut total = Size::default();
        // Deeper than anything that is accepted: no use, and no stack, to go on.
        if level > self.nesting {
            return Size { nesting: 1, ..total };
        }
        let below = level.saturating_add(1);
        for selection in &selections.items {
            let mut part = match &selection.node {
                Selection::Field(field) => {
                    let inner = &field.node.selection_set.node;
                    let mut size = if inner.items.is_empty() { Size::default() } else { self.size(inner, below) };
                    self.arguments = self.arguments.max(field.node.arguments.len());
                    for (_, value) in &field.node.arguments {
                        size.values = size.values.saturating_add(self.given(&value.node));
                    }
                    size.below(&field.node)
                }
                Selection::InlineFragment(fragment) => self.size(&fragment.node.selection_set.node, below),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, below),
            };
            let of_selection = self.directives(selection.node.directives());
            part.directives = part.directives.saturating_add(of_selection.directives);
            part.values = part.values.saturating_add(of_selection.values);
            total.add(&part);
        }
        total.nesting = total.nesting.saturating_add(1);
        total
    }

    fn fragment(&mut self, name: &'a Name, level: usize) -> Size {
        match self.known.get(name) {
            Some(Some(known)) => return *known,
            Some(None) => {
                self.circle = Some(name);
                return Size::default();
            }
            None => {}
        }
        let Some(fragment) = self.fragments.get(name) else {
            self.unknown = Some(name);
            return Size::default();
        };
        self.known.insert(name, None);
        let mut size = self.size(&fragment.node.selection_set.node, level);
        size.add(&self.directives(&fragment.node.directives));
        self.known.insert(name, Some(size));
        size
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Size {
        let mut size = Size { directives: directives.len(), ..Size::default() };
        for directive in directives {
            self.arguments = self.arguments.max(directive.node.arguments.len());
            for (_, value) in &directive.node.arguments {
                size.values = size.values.saturating_add(self.given(&value.node));
            }
        }
        size
    }

    /// What a value of an argument weighs once its variables are put in.
    fn given(&self, value: &'a Given) -> usize {
        match value {
            Given::Variable(name) => self.variables.get(name).copied().unwrap_or_default().saturating_add(1),
            Given::List(items) => items.iter().fold(1, |total, item| total.saturating_add(self.given(item))),
            Given::Object(fields) => fields.values().fold(1, |total, field| total.saturating_add(self.given(field))),
            Given::String(text) => text_weight(text),
            _ => 1,
        }
    }
}

/// How many values a value holds, texts counting by their length.
fn weight(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().fold(1, |total, item| total.saturating_add(weight(item))),
        Value::Object(fields) => fields.values().fold(1, |total, field| total.saturating_add(weight(field))),
        Value::String(text) => text_weight(text),
        _ => 1,
    }
}

/// Copying so many bytes costs about as much as another value.
const BYTES_OF_A_VALUE: usize = 64;

fn text_weight(text: &str) -> usize {
    text.len().div_ceil(BYTES_OF_A_VALUE).max(1)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn with(document: &str, variables: serde_json::Value, limits: &Limits) -> Result<(), String> {
        let document = parse_query(document).expect("a document");
        check(&document, &Variables::from_json(variables), limits, Language::English).map_err(|refused| {
            let extensions = refused.errors[0].extensions.clone().expect("extensions");
            let said = ["code", "limit", "value", "counted"].map(|name| extensions.get(name).map_or(String::new(), ToString::to_string));
            said.join(" ").replace('"', "")
        })
    }

    fn checked(document: &str) -> Result<(), String> {
        with(document, json!({}), &Limits::default())
    }

    /// A document of `count` of something is allowed, and one more is refused by the limit of that name.
    fn edge(limit: &str, value: u32, document: impl Fn(usize) -> String) {
        let limits = Limits {
            operations: 10,
            fragments: 20,
            depth: 10,
            fields: 200,
            aliases: 50,
            directives: 30,
            arguments: 25,
            root_fields: 190,
            introspection_fields: 250,
            ..Limits::default()
        };
        let count = value as usize;
        let beyond = count.saturating_add(1);
        assert_eq!(with(&document(count), json!({}), &limits), Ok(()), "{limit}");
        let refused = with(&document(beyond), json!({}), &limits).expect_err(limit);
        assert_eq!(refused, format!("QUERY_TOO_COMPLEX {limit} {value} {beyond}"));
    }

    fn times(count: usize, each: impl Fn(usize) -> String) -> String {
        (0..count).map(each).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_fragment_that_is_not_there_is_told_before_it_is_spread() {
        let doubled = times(60, |index| format!("fragment f{index} on Q {{ ...f{0} ...f{0} }}", index.saturating_add(1)));
        let refused = checked(&format!("{{ a ...f0 }} {doubled} fragment f60 on Q {{ ...nowhere }}"));
        assert_eq!(refused.map_err(|refused| refused.trim().to_owned()), Err("GRAPHQL_VALIDATION_FAILED".to_owned()));
    }

    #[test]
    fn a_fragment_weighs_what_the_heaviest_operation_makes_of_it() {
        let uses = "a(b: $v) ".repeat(30);
        let years = "2024 ".repeat(90);
        let document = format!("query A($v: I = [1]) {{ ...F }} query B($v: I = [{years}]) {{ ...F }} fragment F on Q {{ {uses} }}");
        let limits = Limits { values: 1_000, ..Limits::default() };
        let refusals: Vec<_> = (0..20).map(|_| with(&document, json!({}), &limits).expect_err("too much")).collect();
        assert!(refusals.iter().all(|refused| *refused == refusals[0] && refused.contains("values 1000")), "{refusals:?}");
    }

    #[test]
    fn each_limit_is_exact() {
        edge("operations", 10, |count| times(count, |index| format!("query q{index} {{ a }}")));
        edge("fragments", 20, |count| format!("{{ a }} {}", times(count, |index| format!("fragment f{index} on Q {{ a }}"))));
        edge("depth", 10, |count| format!("{}a{}", "{ a ".repeat(count - 1) + "{ ", " }".repeat(count)));
        edge("fields", 200, |count| format!("{{ b {{ {} }} }}", "a ".repeat(count - 1)));
        edge("fields", 200, |count| format!("{{ b {{ {} ...F }} }} fragment F on B {{ {} }}", "a ".repeat(count - 51), "a ".repeat(50)));
        edge("rootFields", 190, |count| format!("{{ {} ...F }} fragment F on Q {{ {} }}", "a ".repeat(count - 50), "a ".repeat(50)));
        edge("aliases", 50, |count| format!("{{ {} }}", times(count, |index| format!("a{index}: a"))));
        edge("directives", 30, |count| format!("query @d {{ {} }}", "a @skip(if: false) ".repeat(count - 1)));
        edge("directives", 30, |count| format!("query($v: I @d) {{ ...F }} fragment F on Q @d {{ {} }}", "a @d ".repeat(count - 2)));
        edge("arguments", 25, |count| format!("{{ a({}) }}", times(count, |index| format!("x{index}: 1"))));
        edge("arguments", 25, |count| format!("{{ a @d({}) }}", times(count, |index| format!("x{index}: 1"))));
        edge("introspections", 5, |count| format!("{{ {} }}", times(count, |index| format!("a{index}: __schema {{ b }}"))));
        edge("introspectionFields", 250, |count| format!("{{ __schema {{ {} }} }}", "b ".repeat(count - 1)));
        edge("introspectionDepth", 24, |count| format!("{{ __type {}b{} }}", "{ b ".repeat(count - 2) + "{ ", " }".repeat(count - 1)));
        edge("introspectionLists", 3, |count| format!("{{ __schema {{ {} b {} }} }}", "types { ".repeat(count), "}".repeat(count)));
        // An inline fragment is a selection set, but no field.
        edge("nesting", 64, |count| format!("{{ {} a {} }}", "... { ".repeat(count - 1), "}".repeat(count - 1)));
    }

    #[test]
    fn a_variable_counts_wherever_it_is_used() {
        let limits = Limits { values: 1_000, ..Limits::default() };
        let used = |count: usize| format!("query($v: [Int!]) {{ {} }}", times(count, |index| format!("a{index}: a(b: $v)")));
        // A list of 98 is 99 values, and its use one more.
        let list = json!({ "v": vec![1; 98] });
        assert_eq!(with(&used(10), list.clone(), &limits), Ok(()));
        assert_eq!(with(&used(11), list, &limits), Err("QUERY_TOO_COMPLEX values 1000 1100".to_owned()));
        let text = json!({ "v": "x".repeat(64 * 99) });
        assert_eq!(with(&used(10), text.clone(), &limits), Ok(()));
        assert!(with(&used(11), text, &limits).is_err());
        let default = format!("query($v: [Int!] = [{}]) {{ {} }}", "1 ".repeat(98), times(10, |index| format!("a{index}: a(b: $v)")));
        assert_eq!(with(&default, json!({}), &limits), Err("QUERY_TOO_COMPLEX values 1000 1099".to_owned()));
        let fragment = format!("query($v: [Int!]) {{ {} }} fragment F on Q {{ a(b: [$v]) }}", "...F ".repeat(10));
        assert_eq!(with(&fragment, json!({ "v": vec![1; 98] }), &limits), Err("QUERY_TOO_COMPLEX values 1000 1010".to_owned()));
    }

    #[test]
    fn a_doubled_fragment_counts_every_time_and_is_walked_once() {
        let doubled = |levels: usize| {
            let inner = times(levels, |level| format!("fragment f{level} on Q {{ ...f{0} ...f{0} }}", level + 1));
            format!("{{ b {{ ...f0 }} }} {inner} fragment f{levels} on Q {{ a }}")
        };
        assert_eq!(checked(&doubled(12)), Ok(()), "4096 fields");
        assert_eq!(checked(&doubled(13)), Err("QUERY_TOO_COMPLEX fields 5000 8193".to_owned()));
        assert!(checked(&doubled(60)).is_err(), "deep as well");
        // The same where nobody spreads it.
        assert!(checked(&doubled(13).replace("{ b { ...f0 } }", "{ a }")).is_err());
    }

    #[test]
    fn a_circle_of_fragments_is_refused() {
        for document in [
            "{ ...a } fragment a on Q { ...b x } fragment b on Q { ...a y }",
            "{ x } fragment a on Q { y { ...a } }",
            "{ ...a } fragment a on Q { ...a ...a }",
        ] {
            assert_eq!(checked(document), Err("GRAPHQL_VALIDATION_FAILED   ".to_owned()), "{document}");
        }
    }

    #[test]
    fn a_chain_of_fragments_is_as_deep_as_it_is_long() {
        let chain = |length: usize| {
            let links = times(length, |link| format!("fragment f{link} on Q {{ x {{ ...f{} }} }}", link + 1));
            format!("{{ ...f0 }} {links} fragment f{length} on Q {{ a }}")
        };
        assert_eq!(checked(&chain(25)), Ok(()));
        assert_eq!(checked(&chain(32)), Err("QUERY_TOO_COMPLEX nesting 64 65".to_owned()));
        // Also where each link was met before, at the top.
        let met = (0..90).rev().map(|link| format!("...f{link}")).collect::<Vec<_>>().join(" ");
        assert!(checked(&chain(90).replace("{ ...f0 }", &format!("{{ ...f90 {met} }}"))).is_err());
    }

    #[test]
    fn introspection_can_be_turned_off() {
        let off = Limits { introspection: false, ..Limits::default() };
        for document in ["{ __schema { types { name } } }", "{ ...F } fragment F on Q { a: __type(name: \"X\") { name } }"] {
            assert_eq!(checked(document), Ok(()));
            assert_eq!(with(document, json!({}), &off), Err("GRAPHQL_VALIDATION_FAILED introspection false 1".to_owned()));
        }
        assert_eq!(with("{ __typename }", json!({}), &off), Ok(()));
    }
}
