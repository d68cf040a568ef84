//! What the entries of actions say, against what the schema has.

use std::collections::BTreeMap;

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use entity::Action;
use minsheng::access::policy::{Kind, rule};
use sea_orm::Iterable as _;

/// How often the schema has each field that says whether something may be done.
fn fields_of_the_schema() -> BTreeMap<String, usize> {
    let document = parse_schema(minsheng::graphql::sdl()).expect("the schema parses");
    let mut found = BTreeMap::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let TypeKind::Object(object) = definition.node.kind
        {
            for field in object.fields {
                let name = field.node.name.node.to_string();
                if name.starts_with("viewerCan") {
                    *found.entry(name).or_default() += 1;
                }
            }
        }
    }
    found
}

pub fn a_field_that_says_whether_something_may_be_done_is_of_one_action() {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for name in Action::iter().filter_map(|action| rule(action).viewer_can) {
        *named.entry(name.to_owned()).or_default() += 1;
    }
    assert!(named.len() > 10, "{named:?}");
    assert_eq!(fields_of_the_schema(), named);
}

pub fn what_changes_nothing_is_read() {
    for action in Action::iter() {
        let rule = rule(action);
        let changes = !rule.records.is_empty() || rule.outdates.is_some() || rule.moves_the_public;
        assert_eq!(changes, rule.kind != Kind::Reading, "{action:?} records nothing, and is no reading");
    }
}
