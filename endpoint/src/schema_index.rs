//! The schema as documents are compared with it before the engine sees them. The engine does not show what it knows, so it is read off
//! the definition that it writes.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, InputValueDefinition, OperationType, Type, TypeKind, TypeSystemDefinition},
    },
};

/// The types of a schema.
#[derive(Default)]
pub(super) struct SchemaIndex {
    types: HashMap<Name, TypeShape>,
    directives: HashMap<Name, HashMap<Name, Input>>,
}

/// A type.
pub(super) enum TypeShape {
    /// An object.
    Object(HashMap<Name, FieldShape>),
    /// An interface.
    Interface(HashMap<Name, FieldShape>),
    /// An object that is given.
    Input(HashMap<Name, Input>),
    /// One of some words.
    Enumeration,
    /// A union, which has no fields of its own, or a scalar.
    Other,
}

/// A field.
pub(super) struct FieldShape {
    /// What it is.
    pub of: Type,
    /// What it takes.
    pub arguments: HashMap<Name, Input>,
}

/// Something that is given: an argument, or a field of an input object.
pub(super) struct Input {
    /// What it must be.
    pub of: Type,
    /// Whether something holds where it is left out.
    pub has_default: bool,
}

impl SchemaIndex {
    /// The shape of a schema, by its definition.
    pub(super) fn of(definition: &str) -> Self {
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
                        TypeKind::Enum(_) => TypeShape::Enumeration,
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

    /// The shape of our schema, read off once for all tests of a process.
    #[cfg(test)]
    pub(super) fn ours() -> &'static Self {
        static OURS: std::sync::LazyLock<SchemaIndex> = std::sync::LazyLock::new(|| SchemaIndex::of(&super::sdl()));
        &OURS
    }

    /// The name of the root of a kind of operation.
    pub(super) fn root(kind: OperationType) -> &'static str {
        match kind {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        }
    }

    /// A type. Those of introspection are not among them.
    pub(super) fn named(&self, name: &str) -> Option<&TypeShape> {
        self.types.get(name)
    }

    /// Whether there is such a type, those of introspection and the built-in scalars among them.
    pub(super) fn knows(&self, name: &str) -> bool {
        matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID" | "__TypeKind" | "__DirectiveLocation") || self.named(name).is_some()
    }

    /// A field of an object or interface.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&FieldShape> {
        match self.types.get(of)? {
            TypeShape::Object(fields) | TypeShape::Interface(fields) => fields.get(name),
            TypeShape::Input(_) | TypeShape::Enumeration | TypeShape::Other => None,
        }
    }

    /// The fields of an object that is given.
    pub(super) fn inputs(&self, of: &str) -> Option<&HashMap<Name, Input>> {
        match self.types.get(of)? {
            TypeShape::Input(inputs) => Some(inputs),
            _ => None,
        }
    }

    /// What a directive takes.
    pub(super) fn directive(&self, name: &str) -> Option<&HashMap<Name, Input>> {
        self.directives.get(name)
    }

    /// Whether it is the type of an object, which nothing of another type is.
    pub(super) fn is_object(&self, name: &str) -> bool {
        matches!(self.named(name), Some(TypeShape::Object(_)))
    }

    /// The fields of all objects, each with the name of its object.
    #[cfg(test)]
    pub(super) fn fields(&self) -> impl Iterator<Item = (&Name, &Name, &FieldShape)> {
        self.types.iter().flat_map(|(of, shape)| {
            let fields = if let TypeShape::Object(fields) = shape { Some(fields) } else { None };
            fields.into_iter().flatten().map(move |(name, field)| (of, name, field))
        })
    }
}

/// The named type at the bottom of lists.
pub(super) fn bottom(of: &Type) -> &Name {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => bottom(item),
    }
}

/// Whether it is a list.
pub(super) fn is_list(of: &Type) -> bool {
    matches!(of.base, BaseType::List(_))
}

fn fields(definitions: impl Iterator<Item = FieldDefinition>) -> HashMap<Name, FieldShape> {
    definitions
        .map(|field| {
            let arguments = inputs(field.arguments.into_iter().map(|argument| argument.node));
            (field.name.node, FieldShape { of: field.ty.node, arguments })
        })
        .collect()
}

fn inputs(definitions: impl Iterator<Item = InputValueDefinition>) -> HashMap<Name, Input> {
    definitions.map(|input| (input.name.node, Input { of: input.ty.node, has_default: input.default_value.is_some() })).collect()
}
