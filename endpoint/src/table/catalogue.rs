//! What the schema says of its fields, as far as a table wants to know: what they hold, and what to call them.

use std::collections::HashMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
};

use crate::domain::language::Text;

/// What a description says of a figure that is a share of a whole.
const SHARES: [&str; 2] = ["0 至 1", "可超过 1"];

/// What ends the first words of a description, which are the title.
const ENDS: [char; 5] = ['，', '。', '；', '：', '（'];

/// The types of the schema by their names.
#[derive(Debug)]
pub(in crate::graphql) struct Catalogue {
    types: HashMap<String, Kind>,
}

#[derive(Debug)]
enum Kind {
    Fields(HashMap<String, Known>),
    Words(HashMap<String, Text>),
}

/// A field of the schema.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The type of its value, or of what is in its list.
    pub(super) base: String,
    /// Whether it is a list.
    pub(super) is_list: bool,
    /// What to call it.
    pub(super) title: Text,
    /// Whether it is a share, which is shown in percent.
    pub(super) is_share: bool,
    /// How much of a list it gives.
    pub(super) extent: Extent,
}

/// How much of a list a field gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it, or it is no list.
    Whole,
    /// A page, and a cursor to go on from.
    Page,
    /// The first so many groups.
    Groups,
}

impl Catalogue {
    /// What a definition of a schema says.
    pub(in crate::graphql) fn of(definition: &str) -> Self {
        let mut types = HashMap::new();
        // Our own definition is sound.
        for definition in parse_schema(definition).map(|document| document.definitions).unwrap_or_default() {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let kind = match definition.node.kind {
                TypeKind::Object(object) => Kind::fields(object.fields.into_iter().map(|field| field.node)),
                TypeKind::Interface(interface) => Kind::fields(interface.fields.into_iter().map(|field| field.node)),
                TypeKind::Enum(enumeration) => Kind::Words(
                    enumeration
                        .values
                        .into_iter()
                        .map(|value| {
                            let name = value.node.value.node.to_string();
                            let title = title(value.node.description.map(|text| text.node).as_deref(), &name);
                            (name, title)
                        })
                        .collect(),
                ),
                TypeKind::Scalar | TypeKind::Union(_) | TypeKind::InputObject(_) => continue,
            };
            types.insert(definition.node.name.node.to_string(), kind);
        }
        Self { types }
    }

    /// A field of a type; `None` where there is no such thing, and for what the engine itself adds.
    pub(super) fn field(&self, of: &str, name: &str) -> Option<&Known> {
        match self.types.get(of)? {
            Kind::Fields(fields) => fields.get(name),
            Kind::Words(_) => None,
        }
    }

    /// Whether a type has fields.
    pub(super) fn has_fields(&self, name: &str) -> bool {
        matches!(self.types.get(name), Some(Kind::Fields(_)))
    }

    /// What to call a word of an enumeration.
    pub(super) fn word(&self, of: &str, word: &str) -> Option<&Text> {
        match self.types.get(of)? {
            Kind::Words(words) => words.get(word),
            Kind::Fields(_) => None,
        }
    }
}

impl Kind {
    fn fields(fields: impl Iterator<Item = FieldDefinition>) -> Self {
        Self::Fields(fields.map(|field| (field.name.node.to_string(), Known::of(field))).collect())
    }
}

impl Known {
    fn of(field: FieldDefinition) -> Self {
        let description = field.description.map(|text| text.node);
        let (base, is_list) = base(&field.ty.node);
        let takes = |name: &str| field.arguments.iter().any(|argument| argument.node.name.node == name);
        Self {
            title: title(description.as_deref(), &field.name.node),
            is_share: base == "Decimal" && description.is_some_and(|text| is_share(&text)),
            extent: match () {
                () if takes("after") => Extent::Page,
                () if takes("limit") => Extent::Groups,
                () => Extent::Whole,
            },
            base,
            is_list,
        }
    }
}

fn base(of: &Type) -> (String, bool) {
    match &of.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(item) => (base(item).0, true),
    }
}

/// Whether a description says so; “0 至 100” is in percent already.
fn is_share(description: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|character: char| character.is_ascii_digit());
    SHARES.iter().any(|said| description.split(said).skip(1).any(|rest| !goes_on(rest)))
}

/// The first words of a description, which are Chinese; in English its name, taken apart.
fn title(description: Option<&str>, name: &str) -> Text {
    let words = description.unwrap_or_default().trim().split(ENDS).next().unwrap_or_default().trim();
    let english = spoken(name);
    Text::new(if words.is_empty() { english.clone() } else { words.to_owned() }, english)
}

/// A name as people write it: `leadUnits` is “Lead units”, `NOT_YET_DUE` “Not yet due”.
pub(super) fn spoken(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language::{Chinese, English};

    #[test]
    fn titles_are_the_first_words_of_a_description() {
        let catalogue = Catalogue::of(&crate::graphql::sdl());
        for (of, name, chinese, english, is_share) in [
            ("LedgerEntry", "completion", "完成率", "Completion", true),
            ("LedgerEntry", "gap", "差距", "Gap", false),
            ("LedgerEntry", "nextMilestone", "下一个尚未完成的时间节点", "Next milestone", false),
            ("TargetProgress", "completion", "完成率", "Completion", true),
            ("Target", "value", "目标值", "Value", false),
            ("Compliance", "onTimeRate", "按时率", "On time rate", true),
            ("ProgressReport", "statedCompletion", "自报完成率", "Stated completion", false),
        ] {
            let known = catalogue.field(of, name).unwrap_or_else(|| panic!("no {of}.{name}"));
            assert_eq!((known.title.in_language(Chinese), known.title.in_language(English)), (chinese, english), "{of}.{name}");
            assert_eq!(known.is_share, is_share, "{of}.{name}");
        }
        let word = catalogue.word("DutyState", "NOT_YET_DUE").expect("a word");
        assert_eq!((word.in_language(Chinese), word.in_language(English)), ("未到期", "Not yet due"));
        assert!(catalogue.field("Query", "tasks").is_some_and(|known| known.extent == Extent::Page && !known.is_list));
        assert!(catalogue.field("Query", "__schema").is_none() && !catalogue.has_fields("Decimal"));
    }
}
