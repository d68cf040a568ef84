//! What to call fields and words, by their directive `@heading`.

use async_graphql::{Positioned, Value, parser::types::ConstDirective};
use language::Text;

/// The heading of a field, or what to call a word. Without a directive it is the name in both languages.
pub(crate) fn title(directives: &[Positioned<ConstDirective>], name: &str) -> Text {
    let english = spoken(name);
    let heading = directives.iter().find(|directive| directive.node.name.node == "heading");
    let chinese = heading.and_then(|heading| match &heading.node.get_argument("chinese")?.node {
        Value::String(chinese) => Some(chinese.clone()),
        _ => None,
    });
    Text::new(chinese.unwrap_or_else(|| english.clone()), english)
}

/// A name as people write it: `leadUnits` is “Lead units”, `NOT_YET_DUE` “Not yet due”.
pub(crate) fn spoken(name: &str) -> String {
    let is_shouted = !name.chars().any(char::is_lowercase);
    let mut words = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '_' => words.push(' '),
            character if words.is_empty() => words.extend(character.to_uppercase()),
            character if character.is_uppercase() && !is_shouted => {
                words.push(' ');
                words.extend(character.to_lowercase());
            }
            character => words.extend(character.to_lowercase()),
        }
    }
    words
}
