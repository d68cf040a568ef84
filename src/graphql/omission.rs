//! Arguments whose variable was left out. The default of the argument holds then (GraphQL, section 6.4.1); the engine takes it for
//! given and finds nothing, so such an argument is left out before the engine sees it.

use std::collections::HashSet;

use async_graphql::{
    Name, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet, VariableDefinition},
};
use async_graphql_value::Value;

use super::{
    admission::chosen,
    shape::{Shape, bottom},
};

/// The document without what was left out, where that is anything. `name` chooses the operation.
pub(super) fn left_out(
    shape: &Shape,
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

fn leave_out(shape: &Shape, document: &mut ExecutableDocument, name: Option<&str>, variables: &Variables) {
    let Some(operation) = chosen_mut(&mut document.operations, name) else { return };
    let omitted: Vec<(Name, Name)> = operation
        .variable_definitions
        .iter()
        .filter(|definition| is_omitted(&definition.node, variables))
        .map(|definition| (definition.node.name.node.clone(), bottom(&definition.node.var_type.node).clone()))
        .collect();
    let mut pass = Pass { shape, omitted: &omitted, left_out: HashSet::new(), used: HashSet::new() };
    pass.selections(&mut operation.selection_set.node, Shape::root(operation.ty));
    for fragment in document.fragments.values_mut() {
        let on = fragment.node.type_condition.node.on.node.clone();
        pass.selections(&mut fragment.node.selection_set.node, &on);
    }
    // A definition that nothing uses any more would not be valid.
    let gone: Vec<Name> = pass.left_out.difference(&pass.used).cloned().collect();
    if let Some(operation) = chosen_mut(&mut document.operations, name) {
        operation.variable_definitions.retain(|definition| !gone.contains(&definition.node.name.node));
    }
}

fn chosen_mut<'a>(operations: &'a mut DocumentOperations, name: Option<&str>) -> Option<&'a mut OperationDefinition> {
    let operation = match (operations, name) {
        (DocumentOperations::Single(operation), _) => operation,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name)?,
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.values_mut();
            operations.next().filter(|_| operations.next().is_none())?
        }
    };
    Some(&mut operation.node)
}

struct Pass<'a> {
    shape: &'a Shape,
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
                    let arguments = std::mem::take(&mut field.node.arguments);
                    for (name, value) in arguments {
                        let input = shape.and_then(|shape| shape.arguments.get(&name.node)).filter(|input| input.has_default);
                        // A variable of another type is for validation to tell.
                        let fits = |variable: &Name| {
                            let known = self.omitted.iter().find(|(omitted, _)| omitted == variable);
                            known.zip(input).is_some_and(|((_, of), input)| bottom(&input.of) == of)
                        };
                        match &value.node {
                            Value::Variable(variable) if fits(variable) => {
                                self.left_out.insert(variable.clone());
                            }
                            given => {
                                self.uses(given);
                                field.node.arguments.push((name, value));
                            }
                        }
                    }
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
        leave_out(Shape::ours(), &mut document, None, &Variables::from_json(variables));
        let operation = &document.operations.iter().next().expect("an operation").1.node;
        let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
        let all = fragments.chain([&operation.selection_set.node]);
        (operation.variable_definitions.len(), all.map(arguments).sum())
    }

    #[test]
    fn an_argument_with_a_default_goes_with_its_variable() {
        let of_duty = "notice(jurisdiction: \"jining\", year: 2022) { reportingDuties { description(language: $l) } }";
        let query = format!("query($l: Language) {{ {of_duty} }}");
        assert_eq!(left(&query, json!({})), (0, 2));
        assert_eq!(left(&query, json!({ "l": "ENGLISH" })), (1, 3), "given");
        assert_eq!(left(&query, json!({ "l": null })), (1, 3), "null is given too");
        assert_eq!(left(&format!("query($l: Language = ENGLISH) {{ {of_duty} }}"), json!({})), (1, 3), "with a default of its own");
        assert_eq!(left(&format!("query($l: Int) {{ {of_duty} }}"), json!({})), (1, 3), "of another type");
        let fragment = format!("query($l: Language) {{ ...F }} fragment F on Query {{ {of_duty} }}");
        assert_eq!(left(&fragment, json!({})), (0, 2));
        let elsewhere = format!("query($l: Language) {{ {of_duty} topics @skip(if: $l) {{ code }} }}");
        assert_eq!(left(&elsewhere, json!({})), (1, 2), "still used");
        assert_eq!(left("query($n: Int) { tasks(first: $n) { totalCount } }", json!({})), (1, 1), "without a default");
    }
}
