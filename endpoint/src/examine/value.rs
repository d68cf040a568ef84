//! What variables are: how deep they nest.

use async_graphql::{Response, Value, Variables};
use language::Language;

use crate::limit::{Limits, Measure};

/// Refuses variables that nest too deeply. What reads JSON has a bound of its own, so that they can be walked.
pub fn check(variables: &Variables, limits: &Limits, language: Language) -> Result<(), Box<Response>> {
    let deepest = variables.values().map(depth).max().unwrap_or_default();
    Measure::ValueDepth.hold(limits, deepest).map_err(|excess| Box::new(excess.refusal(language)))
}

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::List(items) => items.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    inner.unwrap_or_default().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact() {
        let limits = Limits::default();
        let nested = |depth: usize| {
            let value = (0..depth).fold(serde_json::json!(1), |inner, level| {
                if level % 2 == 0 { serde_json::json!([2, inner]) } else { serde_json::json!({ "a": inner, "b": 3 }) }
            });
            Variables::from_json(serde_json::json!({ "first": 1, "v": value }))
        };
        assert!(check(&nested(32), &limits, Language::Chinese).is_ok());
        let refused = check(&nested(33), &limits, Language::English).expect_err("too deep");
        assert_eq!(refused.errors[0].message, "Too much: at most 32 levels of `variables`, these are 33. Nest them less.");
    }
}
