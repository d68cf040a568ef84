//! Values as they are written in a document, where variables may stand in them, and as they come in JSON.

use async_graphql::{Name, Number, Value, indexmap::IndexMap};
use async_graphql_value::Value as Written;

/// In which form a value is: words of an enumeration are texts in JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Written,
}

/// What kind of value it is.
pub(crate) enum Kind<'a, V> {
    Variable(&'a Name),
    Null,
    Number(&'a Number),
    Text,
    Boolean,
    Word,
    List(&'a [V]),
    Object(&'a IndexMap<Name, V>),
    Other,
}

/// A value, with variables or without.
pub(crate) trait Node: Sized {
    /// What kind of value it is.
    fn kind(&self) -> Kind<'_, Self>;
}

impl Node for Value {
    fn kind(&self) -> Kind<'_, Self> {
        match self {
            Self::Null => Kind::Null,
            Self::Number(number) => Kind::Number(number),
            Self::String(_) => Kind::Text,
            Self::Boolean(_) => Kind::Boolean,
            Self::Enum(_) => Kind::Word,
            Self::List(items) => Kind::List(items),
            Self::Object(fields) => Kind::Object(fields),
            Self::Binary(_) => Kind::Other,
        }
    }
}

impl Node for Written {
    fn kind(&self) -> Kind<'_, Self> {
        match self {
            Self::Variable(name) => Kind::Variable(name),
            Self::Null => Kind::Null,
            Self::Number(number) => Kind::Number(number),
            Self::String(_) => Kind::Text,
            Self::Boolean(_) => Kind::Boolean,
            Self::Enum(_) => Kind::Word,
            Self::List(items) => Kind::List(items),
            Self::Object(fields) => Kind::Object(fields),
            Self::Binary(_) => Kind::Other,
        }
    }
}
