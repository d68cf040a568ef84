//! Words of an enumeration, read by the enumeration's own rules; a refusal knows which words would do.

use std::fmt;

use serde::de::{self, DeserializeOwned, IntoDeserializer, value::StrDeserializer};

/// The words that would have done.
#[derive(Debug)]
struct Refusal(&'static [&'static str]);

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of {}", self.0.join(", "))
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}

/// The value that `text` stands for.
///
/// # Errors
/// The words that would do.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, &'static [&'static str]> {
    let deserializer: StrDeserializer<'_, Refusal> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|refusal| refusal.0)
}

#[cfg(test)]
mod tests {
    use entity::AssignmentRole;

    use super::parse;

    #[test]
    fn a_refusal_knows_the_words_that_would_do() {
        assert_eq!(parse("LEAD"), Ok(AssignmentRole::Lead));
        assert_eq!(parse::<AssignmentRole>("lead"), Err(["LEAD", "SUPPORTING"].as_slice()));
    }
}
