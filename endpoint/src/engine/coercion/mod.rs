//! Whether what is given fits what is asked for, where the engine looks only once a field runs, or not at all: numbers out of range,
//! what is no object where one belongs, and a text in place of a word. So that it is known before anything runs.

mod misfit;
mod value;

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos, Positioned, Response, Value, Variables,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet, Type,
    },
};
use async_graphql_value::Value as Written;
use language::Language;

use crate::schema_index::{Input, SchemaIndex, TypeShape, bottom};
use misfit::{Misfit, Why};
use value::{Form, Kind, Node};

/// The answer to what does not fit: values of arguments as they are written, and of the variables of the operation that is run.
pub(crate) fn misfit(
    shape: &SchemaIndex,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    language: Language,
) -> Option<Response> {
    let fit = Fit { shape, variables: HashMap::new() };
    let misfit = fit.variables(operation, variables).and_then(|()| fit.document(document)).err()?;
    Some(misfit.refusal(language))
}

type Checked = Result<(), Misfit>;

struct Fit<'a> {
    shape: &'a SchemaIndex,
    /// What the variables are that may stand in what is looked at; none in what belongs to no operation.
    variables: HashMap<&'a Name, Declared<'a>>,
}

/// What a variable is declared to be.
#[derive(Clone, Copy)]
struct Declared<'a> {
    of: &'a Type,
    /// Whether a value that is not null holds where none is given.
    has_default: bool,
}

impl<'a> Declared<'a> {
    fn all(operation: &'a OperationDefinition) -> HashMap<&'a Name, Self> {
        let declared = operation.variable_definitions.iter().map(|definition| {
            let definition = &definition.node;
            let has_default = definition.default_value.as_ref().is_some_and(|default| default.node != Value::Null);
            (&definition.name.node, Self { of: &definition.var_type.node, has_default })
        });
        declared.collect()
    }

    /// Whether it may stand where something of a type is wanted (GraphQL, section 5.8.5).
    fn fits(self, wanted: &Type, place_has_default: bool) -> bool {
        if !wanted.nullable && self.of.nullable {
            return (self.has_default || place_has_default) && is_of_base(&self.of.base, &wanted.base);
        }
        is_of(self.of, wanted)
    }
}

fn is_of(given: &Type, wanted: &Type) -> bool {
    (wanted.nullable || !given.nullable) && is_of_base(&given.base, &wanted.base)
}

fn is_of_base(given: &BaseType, wanted: &BaseType) -> bool {
    match (given, wanted) {
        (BaseType::List(given), BaseType::List(wanted)) => is_of(given, wanted),
        (BaseType::Named(given), BaseType::Named(wanted)) => given == wanted,
        _ => false,
    }
}

impl<'a> Fit<'a> {
    fn variables(&self, operation: &OperationDefinition, variables: &Variables) -> Checked {
        for definition in &operation.variable_definitions {
            let name = &definition.node.name.node;
            if let Some(value) = variables.get(name) {
                self.given(&definition.node.var_type.node, value, Form::Json, &mut vec![format!("${name}")], definition.pos)?;
            }
        }
        Ok(())
    }

    fn document(&self, document: &'a ExecutableDocument) -> Checked {
        let mut seen = HashSet::new();
        for (_, operation) in document.operations.iter() {
            let fit = Self { shape: self.shape, variables: Declared::all(&operation.node) };
            for definition in &operation.node.variable_definitions {
                // No directive of ours may stand there, which the engine does not look at.
                if let Some(directive) = definition.node.directives.first() {
                    let path = format!("@{}", directive.node.name.node);
                    return Err(Misfit { path, why: Why::Misplaced, place: Some(directive.pos) });
                }
                // The engine panics at the default of a type that there is not.
                let of = bottom(&definition.node.var_type.node);
                if !self.shape.knows(of) {
                    return Err(Misfit {
                        path: of.to_string(),
                        why: Why::Unknown("schema.graphql".to_owned()),
                        place: Some(definition.pos),
                    });
                }
                if let Some(default) = &definition.node.default_value {
                    let mut path = vec![format!("${}", definition.node.name.node)];
                    self.given(&definition.node.var_type.node, &default.node, Form::Written, &mut path, default.pos)?;
                }
            }
            fit.directives(&operation.node.directives)?;
            fit.selections(&operation.node.selection_set.node, SchemaIndex::root(operation.node.ty))?;
            // What it may have of variables, a fragment has of whatever operation spreads it.
            for name in spread(document, &operation.node.selection_set.node) {
                fit.fragment(document.fragments.get(name))?;
                seen.insert(name);
            }
        }
        let unused = document.fragments.iter().filter(|(name, _)| !seen.contains(name));
        unused.map(|(_, fragment)| Some(fragment)).try_for_each(|fragment| self.fragment(fragment))
    }

    fn fragment(&self, fragment: Option<&Positioned<FragmentDefinition>>) -> Checked {
        let Some(fragment) = fragment else { return Ok(()) };
        self.directives(&fragment.node.directives)?;
        self.selections(&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node)
    }

    fn selections(&self, selections: &SelectionSet, of: &str) -> Checked {
        for selection in &selections.items {
            self.directives(selection.node.directives())?;
            match &selection.node {
                Selection::Field(field) => {
                    if field.node.name.node == "__typename" {
                        Self::name_of_type(field)?;
                    }
                    // What there is not, is for validation to tell.
                    let Some(shape) = self.shape.field(of, &field.node.name.node) else { continue };
                    for (name, value) in &field.node.arguments {
                        self.argument(shape.arguments.get(&name.node), &name.node, value)?;
                    }
                    self.selections(&field.node.selection_set.node, bottom(&shape.of))?;
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map_or(of, |condition| condition.node.on.node.as_str());
                    self.selections(&fragment.node.selection_set.node, on)?;
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    /// The engine takes no notice of what is selected of the name of a type, nor of what it is given.
    fn name_of_type(field: &Positioned<Field>) -> Checked {
        let misfit = |path: &str, why, place| Err(Misfit { path: path.to_owned(), why, place: Some(place) });
        if !field.node.selection_set.node.items.is_empty() {
            return misfit("__typename", Why::Wanted("String!".to_owned()), field.pos);
        }
        match field.node.arguments.first() {
            Some((name, _)) => misfit(&name.node, Why::Unknown("__typename".to_owned()), name.pos),
            None => Ok(()),
        }
    }

    /// The engine does not look at those of the name of a type.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Checked {
        let mut seen = HashSet::new();
        for directive in directives {
            let (name, place) = (&directive.node.name.node, Some(directive.pos));
            let of = || format!("@{name}");
            let Some(arguments) = self.shape.directive(name) else {
                return Err(Misfit { path: of(), why: Why::Unknown("schema.graphql".to_owned()), place });
            };
            if !seen.insert(name) {
                return Err(Misfit { path: of(), why: Why::Twice, place });
            }
            for (name, value) in &directive.node.arguments {
                let Some(input) = arguments.get(&name.node) else {
                    return Err(Misfit { path: name.node.to_string(), why: Why::Unknown(of()), place: Some(name.pos) });
                };
                self.argument(Some(input), &name.node, value)?;
            }
            if let Some((name, of)) = missing(arguments, |name| directive.node.get_argument(name).is_some()) {
                return Err(Misfit { path: name.to_string(), why: Why::Missing(of.to_string()), place });
            }
        }
        Ok(())
    }

    fn argument(&self, input: Option<&Input>, name: &Name, value: &Positioned<Written>) -> Checked {
        let Some(input) = input else { return Ok(()) };
        let mut path = vec![name.to_string()];
        self.variable(input, &value.node, &path, value.pos)?;
        self.given(&input.of, &value.node, Form::Written, &mut path, value.pos)
    }

    /// Compares a variable with the place in which it stands, where it may be left out because something holds without it.
    fn variable<V: Node>(&self, input: &Input, value: &V, path: &[String], place: Pos) -> Checked {
        match value.kind() {
            Kind::Variable(name) => self.declared(&input.of, input.has_default, name, path, place),
            _ => Ok(()),
        }
    }

    fn declared(&self, wanted: &Type, has_default: bool, name: &Name, path: &[String], place: Pos) -> Checked {
        // What is not declared, is for validation to tell.
        match self.variables.get(name) {
            Some(declared) if !declared.fits(wanted, has_default) => {
                Err(Misfit { path: path.join("."), why: Why::Wanted(wanted.to_string()), place: Some(place) })
            }
            _ => Ok(()),
        }
    }

    /// Compares a value with what it must be. The path is left as it was.
    fn given<V: Node>(&self, of: &Type, value: &V, form: Form, path: &mut Vec<String>, place: Pos) -> Checked {
        let misfit = |path: &[String], wanted: String| Err(Misfit { path: path.join("."), why: Why::Wanted(wanted), place: Some(place) });
        let name = match (value.kind(), &of.base) {
            // One that stands for all of an argument or a field was compared with it already.
            (Kind::Variable(_), _) => return Ok(()),
            (Kind::Null, _) => return if of.nullable { Ok(()) } else { misfit(path, of.to_string()) },
            (Kind::List(items), BaseType::List(item)) => {
                for (index, given) in items.iter().enumerate() {
                    path.push(index.to_string());
                    if let Kind::Variable(name) = given.kind() {
                        self.declared(item, false, name, path, place)?;
                    }
                    self.given(item, given, form, path, place)?;
                    path.pop();
                }
                return Ok(());
            }
            // One value stands for a list of it.
            (_, BaseType::List(item)) => return self.given(item, value, form, path, place),
            (_, BaseType::Named(name)) => name,
        };
        let fits = match (name.as_str(), value.kind()) {
            ("Int", Kind::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            ("ID", Kind::Number(number)) => number.is_i64() || number.is_u64(),
            ("Float", Kind::Number(_)) | ("Boolean", Kind::Boolean) | ("String" | "ID", Kind::Text) => true,
            ("Int" | "Float" | "Boolean" | "String" | "ID", _) => false,
            (_, kind) => match (self.shape.named(name), kind) {
                (Some(TypeShape::Enumeration(_)), Kind::Word) => true,
                (Some(TypeShape::Enumeration(_)), Kind::Text) => form == Form::Json,
                (Some(TypeShape::Input(inputs)), Kind::Object(fields)) => {
                    if let Some((missing, of)) = missing(inputs, |name| fields.contains_key(name)) {
                        path.push(missing.to_string());
                        return Err(Misfit { path: path.join("."), why: Why::Missing(of.to_string()), place: Some(place) });
                    }
                    for (name, field) in fields {
                        path.push(name.to_string());
                        let Some(input) = inputs.get(name) else {
                            return Err(Misfit { path: path.join("."), why: Why::Unknown(of.to_string()), place: Some(place) });
                        };
                        self.variable(input, field, path, place)?;
                        self.given(&input.of, field, form, path, place)?;
                        path.pop();
                    }
                    true
                }
                (Some(TypeShape::Enumeration(_) | TypeShape::Input(_)), _) => false,
                // Scalars of ours look at themselves.
                _ => true,
            },
        };
        if fits { Ok(()) } else { misfit(path, of.to_string()) }
    }
}

/// The first by name of what must be given and is not.
fn missing(inputs: &HashMap<Name, Input>, is_given: impl Fn(&str) -> bool) -> Option<(&Name, &Type)> {
    let missing = inputs.iter().filter(|(name, input)| !input.of.nullable && !input.has_default && !is_given(name));
    missing.map(|(name, input)| (name, &input.of)).min_by_key(|(name, _)| *name)
}

/// The fragments that a selection spreads, and those that these spread, each once.
pub(crate) fn spread<'a>(document: &'a ExecutableDocument, selections: &'a SelectionSet) -> Vec<&'a Name> {
    let (mut found, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![selections]);
    while let Some(selections) = open.pop() {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => open.push(&field.node.selection_set.node),
                Selection::InlineFragment(fragment) => open.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if seen.insert(name) {
                        found.push(name);
                        open.extend(document.fragments.get(name).map(|fragment| &fragment.node.selection_set.node));
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn misfit_of(document: &str, variables: serde_json::Value) -> Option<String> {
        let document = parse_query(document).expect("a document");
        let operation = document.operations.iter().next().expect("an operation").1.node.clone();
        let refused = misfit(SchemaIndex::of_tests(), &document, &operation, &Variables::from_json(variables), Language::English)?;
        let error = &refused.errors[0];
        assert_eq!(error.locations.len(), 1);
        Some(error.message.replace("The value of ", "").replace(" does not fit: ", " ").replace(" belongs here.", ""))
    }

    #[test]
    fn what_does_not_fit_is_found_before_it_runs() {
        for (document, variables, misfit) in [
            ("{ books(first: 2147483648) { totalCount } }", json!({}), "first Int"),
            ("{ books(first: -2147483649) { totalCount } }", json!({}), "first Int"),
            ("{ books(first: 1.5) { totalCount } }", json!({}), "first Int"),
            ("query($n: Int) { books(first: $n) { totalCount } }", json!({ "n": 2_147_483_648_u64 }), "$n Int"),
            ("query($n: Int = 2147483648) { books(first: $n) { totalCount } }", json!({}), "$n Int"),
            ("query($y: [Int!]) { books(filter: {year: $y}) { totalCount } }", json!({ "y": [2024, 9_999_999_999_u64] }), "$y.1 Int!"),
            ("{ books(filter: {year: [2024, 9999999999]}) { totalCount } }", json!({}), "filter.year.1 Int!"),
            ("{ books(filter: 7) { totalCount } }", json!({}), "filter BookFilter"),
            ("query($f: BookFilter) { books(filter: $f) { totalCount } }", json!({ "f": "x" }), "$f BookFilter"),
            ("query($f: BookFilter) { books(filter: $f) { totalCount } }", json!({ "f": { "year": ["x"] } }), "$f.year.0 Int!"),
            ("{ members(filter: {kind: [\"READER\"]}) { totalCount } }", json!({}), "filter.kind.0 MemberKind!"),
            ("{ ...F } fragment F on Query { genres @skip(if: 1) { code } }", json!({}), "if Boolean!"),
            ("{ node(id: true) { id } }", json!({}), "id ID!"),
            ("{ genres { __typename { x } } }", json!({}), "__typename String!"),
            ("{ genres { __typename(x: 1) } }", json!({}), "There is no x: see what __typename has."),
            ("query($x: [Nonsense!] = [1]) { genres { code } }", json!({}), "There is no Nonsense: see what schema.graphql has."),
            ("{ __typename @nonsense }", json!({}), "There is no @nonsense: see what schema.graphql has."),
            ("{ __typename @skip }", json!({}), "if (Boolean!) is missing: give its value."),
            ("{ __typename @skip(iff: true) }", json!({}), "There is no iff: see what @skip has."),
            ("{ __typename @skip(if: true) @skip(if: true) }", json!({}), "@skip stands here twice: give it once."),
            ("query($n: Int @skip(if: true)) { books(first: $n) { totalCount } }", json!({}), "@skip may not stand here: leave it out."),
            ("{ books(filter: {yeer: [2024]}) { totalCount } }", json!({}), "There is no filter.yeer: see what BookFilter has."),
            (
                "query($f: BookFilter) { books(filter: $f) { totalCount } }",
                json!({ "f": { "yeer": [2024] } }),
                "There is no $f.yeer: see what BookFilter has.",
            ),
            (
                "mutation { saveOrder(input: {startsOn: null}) { errors { code } } }",
                json!({}),
                "input.expectedVersion (Int!) is missing: give its value.",
            ),
            ("query($x: Boolean) { genres @include(if: $x) { code } }", json!({}), "if Boolean!"),
            ("query($x: String = \"no\") { genres @skip(if: $x) { code } }", json!({}), "if Boolean!"),
            ("query($n: String) { books(first: $n) { totalCount } }", json!({}), "first Int"),
            ("query($c: String) { branch(code: $c) { name } }", json!({ "c": "south" }), "code String!"),
            ("query($y: Int) { books(filter: {year: [$y]}) { totalCount } }", json!({}), "filter.year.0 Int!"),
            ("query($y: Int!) { books(filter: {year: $y}) { totalCount } }", json!({ "y": 2024 }), "filter.year [Int!]"),
            (
                "query($n: String) { ...F } fragment F on Query { ...G } fragment G on Query { books(first: $n) { totalCount } }",
                json!({}),
                "first Int",
            ),
        ] {
            assert_eq!(misfit_of(document, variables).as_deref(), Some(misfit), "{document}");
        }
    }

    #[test]
    fn what_fits_is_left_alone() {
        for (document, variables) in [
            ("{ books(first: 2147483647) { totalCount } }", json!({})),
            ("{ books(first: null, filter: {year: 2024}) { totalCount } }", json!({})),
            ("{ node(id: 7) { id } }", json!({})),
            ("query($k: [MemberKind!]) { members(filter: {kind: $k}) { totalCount } }", json!({ "k": ["READER"] })),
            ("query($f: BookFilter) { books(filter: $f) { totalCount } }", json!({ "f": { "year": 2024 } })),
            ("query($on: Date) { reader { dueLoans(on: $on) { copy } } }", json!({ "on": "2024-01-01" })),
            ("query($x: Boolean = true) { genres @include(if: $x) { code } }", json!({})),
            ("query($c: String!) { branch(code: $c) { name } }", json!({ "c": "south" })),
            ("query($y: [Int!]!) { books(filter: {year: $y}) { totalCount } }", json!({ "y": [2024] })),
            ("query($l: Language) { genres { name(language: $l) } }", json!({})),
            ("query($k: __TypeKind = OBJECT) { genres { code } }", json!({})),
            // For validation to tell.
            ("query { books(first: $nowhere) { totalCount } }", json!({})),
            ("{ nonsense(a: 99999999999) { b } books(nonsense: 99999999999) { totalCount } }", json!({})),
        ] {
            assert_eq!(misfit_of(document, variables), None, "{document}");
        }
    }
}
