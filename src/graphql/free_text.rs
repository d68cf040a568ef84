//! Texts that people write freely. Every mutation takes them as one of these types, which clean them in one place.

use std::borrow::Cow;

use async_graphql::{InputType, InputValueError, InputValueResult, Value, registry::Registry};

use crate::domain::words;

/// A text of one line, such as a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub String);

/// A text of several lines, such as a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose(pub String);

macro_rules! cleaned {
    ($name:ident, $clean:path) => {
        /// To callers it is a `String` like any other.
        impl InputType for $name {
            type RawValueType = String;

            fn type_name() -> Cow<'static, str> {
                <String as InputType>::type_name()
            }

            fn create_type_info(registry: &mut Registry) -> String {
                <String as InputType>::create_type_info(registry)
            }

            fn parse(value: Option<Value>) -> InputValueResult<Self> {
                match value.unwrap_or_default() {
                    Value::String(text) => Ok(Self($clean(&text))),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }

            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

cleaned!(Line, words::line);
cleaned!(Prose, words::lines);
