//! The schema is the manual: committed, sorted, and described in both languages.

use std::{fs, path::Path};

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};

use crate::plain_cases;

plain_cases![the_committed_schema_is_the_schema, everything_is_described_in_both_languages];

fn the_committed_schema_is_the_schema() {
    let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql")).expect("schema.graphql");
    assert!(
        committed == minsheng::graphql::sdl(),
        "schema.graphql is not what the code says: run `cargo run -- schema > schema.graphql` and read the difference"
    );
}

fn everything_is_described_in_both_languages() {
    let document = parse_schema(minsheng::graphql::sdl()).expect("the schema parses");
    let mut wanting = Vec::new();
    let mut check = |place: String, description: Option<&str>| {
        let description = description.unwrap_or_default();
        // Two paragraphs: Chinese, then English. The playground shows every line break within one as one.
        let (first, second) = description.split_once("\n\n").unwrap_or_default();
        let is_chinese = |character: char| ('\u{4e00}'..='\u{9fff}').contains(&character);
        let chinese = first.chars().any(is_chinese);
        let english = second.split_whitespace().any(|word| word.chars().filter(char::is_ascii_alphabetic).count() >= 3);
        let in_one_line = !first.contains('\n') && !second.contains('\n');
        if !(chinese && english && in_one_line) {
            wanting.push(format!("{place}: {description:?}"));
        }
    };
    let mut described = 0;
    for definition in &document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        check(name.to_owned(), definition.description.as_ref().map(|text| text.node.as_str()));
        let mut fields = |fields: &[async_graphql_parser::Positioned<async_graphql_parser::types::FieldDefinition>]| {
            for field in fields {
                let place = format!("{name}.{}", field.node.name.node);
                check(place.clone(), field.node.description.as_ref().map(|text| text.node.as_str()));
                for argument in &field.node.arguments {
                    check(
                        format!("{place}({})", argument.node.name.node),
                        argument.node.description.as_ref().map(|text| text.node.as_str()),
                    );
                    described += 1;
                }
                described += 1;
            }
        };
        match &definition.kind {
            TypeKind::Object(object) => fields(&object.fields),
            TypeKind::Interface(interface) => fields(&interface.fields),
            TypeKind::Enum(values) => {
                for value in &values.values {
                    check(format!("{name}.{}", value.node.value.node), value.node.description.as_ref().map(|text| text.node.as_str()));
                }
            }
            TypeKind::InputObject(input) => {
                for field in &input.fields {
                    check(format!("{name}.{}", field.node.name.node), field.node.description.as_ref().map(|text| text.node.as_str()));
                }
            }
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }
    assert!(described > 150, "the schema was read: {described}");
    assert!(wanting.is_empty(), "{wanting:#?}");
}
