//! Arguments, and fields of objects that are given, whose variable was left out. They are left out then, and their default holds (GraphQL,
//! sections 3.10 and 6.4.1). The engine takes such an argument for given and finds nothing; and where an object has such a field, it
//! checks nothing of the whole argument before it runs. So they are left out before the engine sees them.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Variables,
    parser::types::{
        BaseType, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type, VariableDefinition,
    },
};
use async_graphql_value::Value;

use super::coercion::spread;
use crate::{
    examine::chosen,
    schema_index::{SchemaIndex, bottom},
};

/// The document without what was left out, where that is anything. `name` chooses the operation.
pub(crate) fn left_out(
    shape: &SchemaIndex,
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Option<ExecutableDocument> {
    let omitted = chosen(document, name).is_some_and(|operation| {
        let definitions = &operation.variable_definitions;
        definitions.iter().any(|definition| is_omitted(&definition.node, variables))
    });
    if !omitted {
        return None;
    }
    let mut document = document.clone();
    leave_out(shape, &mut document, name, variables);
    Some(document)
}

fn is_omitted(definition: &VariableDefinition, variables: &Variables) -> bool {
    definition.default_value.is_none() && !variables.contains_key(&definition.name.node)
}

fn leave_out(shape: &SchemaIndex, document: &mut ExecutableDocument, name: Option<&str>, variables: &Variables) {
    let Some(operation) = chosen(document, name) else { return };
    let omitted: Vec<(Name, Name)> = operation
        .variable_definitions
        .iter()
        .filter(|definition| is_omitted(&definition.node, variables))
        .map(|definition| (definition.node.name.node.clone(), bottom(&definition.node.var_type.node).clone()))
        .collect();
    let mut pass = Pass { shape, omitted: &omitted, left_out: HashSet::new(), used: HashSet::new() };
    let mut by_fragment: HashMap<Name, HashSet<Name>> = HashMap::new();
    for (name, fragment) in &mut document.fragments {
        let on = fragment.node.type_condition.node.on.node.clone();
        pass.selections(&mut fragment.node.selection_set.node, &on);
        by_fragment.insert(name.clone(), std::mem::take(&mut pass.used));
    }
    // The other operations are validated as well, and share the fragments.
    let reached: Vec<Vec<Name>> = document
        .operations
        .iter()
        .map(|(_, operation)| spread(document, &operation.node.selection_set.node).into_iter().cloned().collect())
        .collect();
    for (operation, fragments) in operations_mut(&mut document.operations).into_iter().zip(reached) {
        pass.selections(&mut operation.selection_set.node, SchemaIndex::root(operation.ty));
        let mut used = std::mem::take(&mut pass.used);
        used.extend(fragments.iter().filter_map(|name| by_fragment.get(name)).flatten().cloned());
        // A definition that its operation does not use any more would not be valid.
        let gone = |name: &Name| pass.left_out.contains(name) && !used.contains(name);
        operation.variable_definitions.retain(|definition| !gone(&definition.node.name.node));
    }
}

fn operations_mut(operations: &mut DocumentOperations) -> Vec<&mut OperationDefinition> {
    match operations {
        DocumentOperations::Single(operation) => vec![&mut operation.node],
        DocumentOperations::Multiple(operations) => operations.values_mut().map(|operation| &mut operation.node).collect(),
    }
}

struct Pass<'a> {
    shape: &'a SchemaIndex,
    /// The variables that were left out, each with the name of its type.
    omitted: &'a [(Name, Name)],
    left_out: HashSet<Name>,
    used: HashSet<Name>,
}

impl Pass<'_> {
    fn selections(&mut self, selections: &mut SelectionSet, of: &str) {
        for selection in &mut selections.items {
            for directive in selection.node.directives() {
                for (_, value) in &directive.node.arguments {
                    self.uses(&value.node);
                }
            }
            match &mut selection.node {
                Selection::Field(field) => {
                    let shape = self.shape.field(of, &field.node.name.node);
                    field.node.arguments.retain_mut(|(name, value)| {
                        let input = shape.and_then(|shape| shape.arguments.get(&name.node));
                        match &value.node {
                            // Without a default, nothing is what the engine makes of it.
                            Value::Variable(variable)
                                if input.is_some_and(|input| input.has_default && self.is_omitted(variable, &input.of)) =>
                            {
                                self.left_out.insert(variable.clone());
                                false
                            }
                            _ => {
                                self.value(&mut value.node, input.map(|input| &input.of));
                                true
                            }
                        }
                    });
                    let below = shape.map_or("", |shape| bottom(&shape.of).as_str());
                    self.selections(&mut field.node.selection_set.node, below);
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.clone());
                    self.selections(&mut fragment.node.selection_set.node, on.as_ref().map_or(of, Name::as_str));
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// Whether a variable was left out. One of another type than belongs there is for validation to tell.
    fn is_omitted(&self, variable: &Name, wanted: &Type) -> bool {
        self.omitted.iter().any(|(omitted, of)| omitted == variable && bottom(wanted) == of)
    }

    /// Takes out of a value what was left out of it: fields of objects, and what stands in a list becomes null (GraphQL, section 3.10).
    fn value(&mut self, value: &mut Value, wanted: Option<&Type>) {
        let Some(wanted) = wanted else { return self.uses(value) };
        match value {
            Value::List(items) => {
                let item = match &wanted.base {
                    BaseType::List(item) => item,
                    BaseType::Named(_) => wanted,
                };
                for value in items {
                    match value {
                        Value::Variable(variable) if item.nullable && self.is_omitted(variable, item) => {
                            self.left_out.insert(variable.clone());
                            *value = Value::Null;
                        }
                        _ => self.value(value, Some(item)),
                    }
                }
            }
            Value::Object(fields) => {
                let inputs = self.shape.inputs(bottom(wanted));
                fields.retain(|name, value| {
                    let input = inputs.and_then(|inputs| inputs.get(name));
                    match value {
                        Value::Variable(variable) if input.is_some_and(|input| self.is_omitted(variable, &input.of)) => {
                            self.left_out.insert(variable.clone());
                            false
                        }
                        _ => {
                            self.value(value, input.map(|input| &input.of));
                            true
                        }
                    }
                });
            }
            _ => self.uses(value),
        }
    }

    fn uses(&mut self, value: &Value) {
        match value {
            Value::Variable(name) => {
                self.used.insert(name.clone());
            }
            Value::List(items) => items.iter().for_each(|item| self.uses(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.uses(field)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    /// How many variables and how many arguments of fields are left.
    fn left(document: &str, variables: serde_json::Value) -> (usize, usize) {
        fn arguments(selections: &SelectionSet) -> usize {
            let each = selections.items.iter().map(|selection| match &selection.node {
                Selection::Field(field) => [field.node.arguments.len(), arguments(&field.node.selection_set.node)].into_iter().sum(),
                Selection::InlineFragment(fragment) => arguments(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => 0,
            });
            each.sum()
        }
        let mut document = parse_query(document).expect("a document");
        leave_out(SchemaIndex::of_tests(), &mut document, None, &Variables::from_json(variables));
        let operation = &document.operations.iter().next().expect("an operation").1.node;
        let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
        let all = fragments.chain([&operation.selection_set.node]);
        (operation.variable_definitions.len(), all.map(arguments).sum())
    }

    #[test]
    fn an_argument_with_a_default_goes_with_its_variable() {
        let of_hours = "shelf(branch: \"north\", year: 2022) { openingHours { description(language: $l) } }";
        let query = format!("query($l: Language) {{ {of_hours} }}");
        assert_eq!(left(&query, json!({})), (0, 2));
        assert_eq!(left(&query, json!({ "l": "ENGLISH" })), (1, 3), "given");
        assert_eq!(left(&query, json!({ "l": null })), (1, 3), "null is given too");
        assert_eq!(left(&format!("query($l: Language = ENGLISH) {{ {of_hours} }}"), json!({})), (1, 3), "with a default of its own");
        assert_eq!(left(&format!("query($l: Int) {{ {of_hours} }}"), json!({})), (1, 3), "of another type");
        let fragment = format!("query($l: Language) {{ ...F }} fragment F on Query {{ {of_hours} }}");
        assert_eq!(left(&fragment, json!({})), (0, 2));
        let elsewhere = format!("query($l: Language) {{ {of_hours} genres @skip(if: $l) {{ code }} }}");
        assert_eq!(left(&elsewhere, json!({})), (1, 2), "still used");
        assert_eq!(left("query($n: Int) { books(first: $n) { totalCount } }", json!({})), (1, 1), "without a default");
        let shared = format!("query A($l: Language) {{ ...F }} query B($l: Language) {{ ...F }} fragment F on Query {{ {of_hours} }}");
        let mut document = parse_query(shared).expect("a document");
        leave_out(SchemaIndex::of_tests(), &mut document, Some("A"), &Variables::default());
        assert!(document.operations.iter().all(|(_, operation)| operation.node.variable_definitions.is_empty()), "of all operations");
        let apart = format!(
            "query A($l: Language) {{ {of_hours} ...F }} query B($l: Language) {{ {of_hours} }} fragment F on Query {{ genres {{ name(language: [$l]) }} }}"
        );
        let mut document = parse_query(apart).expect("a document");
        leave_out(SchemaIndex::of_tests(), &mut document, Some("A"), &Variables::default());
        let kept = document.operations.iter().map(|(name, operation)| (name.map(Name::as_str), operation.node.variable_definitions.len()));
        let mut kept: Vec<_> = kept.collect();
        kept.sort();
        assert_eq!(kept, [(Some("A"), 1), (Some("B"), 0)], "each by what it uses itself");
    }

    #[test]
    fn what_is_given_goes_without_what_was_left_out_of_it() {
        for (given, variables, kept) in [
            ("{ text: $t, year: [2024] }", json!({}), "{year: [2024]}"),
            ("{ text: $t, year: [2024] }", json!({ "t": null }), "{text: $t, year: [2024]}"),
            ("{ nothing: $t, year: [2024] }", json!({}), "{nothing: $t, year: [2024]}"),
            ("{ year: $t }", json!({}), "{year: $t}"),
            ("{ text: $t, author: $t }", json!({}), "{author: $t}"),
        ] {
            let query = format!("query($t: String) {{ books(filter: {given}) {{ totalCount }} }}");
            let mut document = parse_query(&query).expect("a document");
            leave_out(SchemaIndex::of_tests(), &mut document, None, &Variables::from_json(variables));
            let operation = &document.operations.iter().next().expect("an operation").1.node;
            let Selection::Field(field) = &operation.selection_set.node.items[0].node else { panic!("a field") };
            assert_eq!(field.node.arguments[0].1.node.to_string(), kept, "{given}");
            assert_eq!(operation.variable_definitions.len(), usize::from(kept.contains('$')), "{given}");
        }
    }
}
