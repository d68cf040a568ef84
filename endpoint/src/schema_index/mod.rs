//! The schema as documents are compared with it before the engine sees them. The engine does not show what it knows, so it is read
//! off the definition that it writes, once.

mod title;

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::{
        parse_schema,
        types::{
            BaseType, EnumValueDefinition, FieldDefinition, InputValueDefinition, OperationType, Type, TypeKind, TypeSystemDefinition,
        },
    },
};
use language::Text;

pub(crate) use title::spoken;
use title::title;

/// The types of a schema.
#[derive(Default)]
pub struct SchemaIndex {
    types: HashMap<Name, TypeShape>,
    directives: HashMap<Name, HashMap<Name, Input>>,
}

/// A type.
pub(crate) enum TypeShape {
    /// An object.
    Object(HashMap<Name, FieldShape>),
    /// An interface.
    Interface(HashMap<Name, FieldShape>),
    /// An object that is given.
    Input(HashMap<Name, Input>),
    /// One of some words, each with what to call it.
    Enumeration(HashMap<Name, Text>),
    /// A union, which has no fields of its own, or a scalar.
    Other,
}

/// A field.
pub struct FieldShape {
    /// What it is.
    pub of: Type,
    /// What it takes.
    pub arguments: HashMap<Name, Input>,
    /// What to call it.
    pub title: Text,
}

/// Something that is given: an argument, or a field of an input object.
pub struct Input {
    /// What it must be.
    pub of: Type,
    /// Whether something holds where it is left out.
    pub has_default: bool,
}

impl SchemaIndex {
    /// The shape of a schema, by its definition.
    #[must_use]
    pub fn of(definition: &str) -> Self {
        let Ok(document) = parse_schema(definition) else { return Self::default() };
        let mut shape = Self::default();
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => {
                    let of_type = match definition.node.kind {
                        TypeKind::Object(object) => TypeShape::Object(fields(object.fields.into_iter().map(|field| field.node))),
                        TypeKind::Interface(interface) => {
                            TypeShape::Interface(fields(interface.fields.into_iter().map(|field| field.node)))
                        }
                        TypeKind::InputObject(object) => TypeShape::Input(inputs(object.fields.into_iter().map(|field| field.node))),
                        TypeKind::Enum(enumeration) => {
                            TypeShape::Enumeration(words(enumeration.values.into_iter().map(|value| value.node)))
                        }
                        TypeKind::Union(_) | TypeKind::Scalar => TypeShape::Other,
                    };
                    shape.types.insert(definition.node.name.node, of_type);
                }
                TypeSystemDefinition::Directive(definition) => {
                    let arguments = inputs(definition.node.arguments.into_iter().map(|argument| argument.node));
                    shape.directives.insert(definition.node.name.node, arguments);
                }
                TypeSystemDefinition::Schema(_) => {}
            }
        }
        shape
    }

    /// The shape of a schema, read off once for all tests of a process.
    #[cfg(test)]
    pub(crate) fn of_tests() -> &'static Self {
        static OF_TESTS: std::sync::LazyLock<SchemaIndex> =
            std::sync::LazyLock::new(|| SchemaIndex::of(include_str!("../library.graphql")));
        &OF_TESTS
    }

    /// The name of the root of a kind of operation.
    #[must_use]
    pub fn root(kind: OperationType) -> &'static str {
        match kind {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        }
    }

    /// A type. Those of introspection are not among them.
    pub(crate) fn named(&self, name: &str) -> Option<&TypeShape> {
        self.types.get(name)
    }

    /// Whether there is such a type, those of introspection and the built-in scalars among them.
    pub(crate) fn knows(&self, name: &str) -> bool {
        matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID" | "__TypeKind" | "__DirectiveLocation") || self.named(name).is_some()
    }

    /// A field of an object or interface.
    #[must_use]
    pub fn field(&self, of: &str, name: &str) -> Option<&FieldShape> {
        match self.types.get(of)? {
            TypeShape::Object(fields) | TypeShape::Interface(fields) => fields.get(name),
            TypeShape::Input(_) | TypeShape::Enumeration(_) | TypeShape::Other => None,
        }
    }

    /// Whether a type has fields.
    #[must_use]
    pub fn has_fields(&self, name: &str) -> bool {
        matches!(self.named(name), Some(TypeShape::Object(_) | TypeShape::Interface(_)))
    }

    /// What to call a word of an enumeration.
    #[must_use]
    pub fn word(&self, of: &str, word: &str) -> Option<&Text> {
        match self.types.get(of)? {
            TypeShape::Enumeration(words) => words.get(word),
            _ => None,
        }
    }

    /// The fields of an object that is given.
    #[must_use]
    pub fn inputs(&self, of: &str) -> Option<&HashMap<Name, Input>> {
        match self.types.get(of)? {
            TypeShape::Input(inputs) => Some(inputs),
            _ => None,
        }
    }

    /// What a directive takes.
    pub(crate) fn directive(&self, name: &str) -> Option<&HashMap<Name, Input>> {
        self.directives.get(name)
    }

    /// Whether it is the type of an object, which nothing of another type is.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        matches!(self.named(name), Some(TypeShape::Object(_)))
    }

    /// The fields of all objects, each with the name of its object.
    pub fn fields(&self) -> impl Iterator<Item = (&Name, &Name, &FieldShape)> {
        self.types.iter().flat_map(|(of, shape)| {
            let fields = if let TypeShape::Object(fields) = shape { Some(fields) } else { None };
            fields.into_iter().flatten().map(move |(name, field)| (of, name, field))
        })
    }
}

/// The named type at the bottom of lists.
#[must_use]
pub fn bottom(of: &Type) -> &Name {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => bottom(item),
    }
}

/// Whether it is a list.
#[must_use]
pub fn is_list(of: &Type) -> bool {
    matches!(of.base, BaseType::List(_))
}

fn fields(definitions: impl Iterator<Item = FieldDefinition>) -> HashMap<Name, FieldShape> {
    definitions
        .map(|field| {
            let arguments = inputs(field.arguments.into_iter().map(|argument| argument.node));
            let title = title(&field.directives, &field.name.node);
            (field.name.node, FieldShape { of: field.ty.node, arguments, title })
        })
        .collect()
}

fn words(definitions: impl Iterator<Item = EnumValueDefinition>) -> HashMap<Name, Text> {
    definitions
        .map(|word| {
            let title = title(&word.directives, &word.value.node);
            (word.value.node, title)
        })
        .collect()
}

fn inputs(definitions: impl Iterator<Item = InputValueDefinition>) -> HashMap<Name, Input> {
    definitions.map(|input| (input.name.node, Input { of: input.ty.node, has_default: input.default_value.is_some() })).collect()
}

#[cfg(test)]
mod tests {
    use language::Language::{Chinese, English};

    use super::*;

    #[test]
    fn titles_are_headings_or_names() {
        let schema = SchemaIndex::of_tests();
        let field = schema.field("Copy", "completion").expect("a field");
        assert_eq!((field.title.in_language(Chinese), field.title.in_language(English)), ("完成率", "Completion"));
        let field = schema.field("Reader", "dueLoans").expect("a field");
        assert_eq!(field.title.in_language(Chinese), "Due loans");
        let word = schema.word("MemberKind", "READER").expect("a word");
        assert_eq!((word.in_language(Chinese), word.in_language(English)), ("读者", "Reader"));
        assert!(schema.field("Query", "__schema").is_none() && !schema.has_fields("Decimal"));
    }
}
