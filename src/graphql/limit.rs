//! Limits that must hold before the engine sees a document: it recurses into brackets, and walks a fragment anew for every spread.

use std::{collections::HashMap, time::Duration};

use async_graphql::{
    Name, Positioned, Response,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};

use super::error::{Code, refusal};
use crate::domain::language::{Language, Text};

/// How deep brackets of any kind may nest, and selections once fragments are spread. GraphiQL's introspection stays well below.
const NESTING: usize = 64;

/// How many words, numbers, strings and signs a document may have. A notice's whole table is sent in variables, not in the document.
const TOKENS: usize = 15_000;

/// How many fragments a document may define.
const FRAGMENTS: usize = 100;

/// How many fields all operations of a document may select, once fragments are spread.
const FIELDS: usize = 5_000;

/// How many objects an answer may have. The whole table of each of the five notices stays well below.
pub(super) const OBJECTS: usize = 50_000;

/// How many lists of the introspection may stand within each other: types, their fields, the arguments of those.
const INTROSPECTION_LISTS: usize = 3;

/// How often a document may ask for the schema.
const INTROSPECTIONS: usize = 5;

/// How long an operation may run.
pub(super) const DURATION: Duration = Duration::from_secs(10);

/// How long an answer to a change is waited for. At a deadline changes wait for each other, and whoever submits would rather wait than not
/// know what became of it.
pub(super) const CHANGE_DURATION: Duration = Duration::from_secs(30);

/// Refuses a document that is too deep or too long to be parsed.
///
/// The engine's parser goes down one stack frame a bracket: a few kilobytes of `[[[[` would otherwise end the process.
pub(super) fn check_text(document: &str, language: Language) -> Result<(), Box<Response>> {
    let Extent { deepest, tokens } = Extent::of(document);
    if deepest > NESTING {
        return Err(too_deep(deepest, language));
    }
    if tokens > TOKENS {
        let message = Text::new(
            format!("查询过长：至多 {TOKENS} 个词法单元，收到 {tokens} 个。请拆分查询，或把数据放在 variables 中。"),
            format!("The query is too long: at most {TOKENS} tokens, these are {tokens}. Split it, or move data to `variables`."),
        );
        return Err(refuse(language, &message));
    }
    Ok(())
}

/// Refuses a document that would select too much once its fragments are spread, in time linear in the document.
pub(super) fn check_selections(document: &ExecutableDocument, language: Language) -> Result<(), Box<Response>> {
    if document.fragments.len() > FRAGMENTS {
        let count = document.fragments.len();
        let message = Text::new(
            format!("片段过多：至多 {FRAGMENTS} 个，收到 {count} 个。请减少片段。"),
            format!("Too many fragments: at most {FRAGMENTS}, these are {count}. Use fewer."),
        );
        return Err(refuse(language, &message));
    }
    let mut spread = Spread { fragments: &document.fragments, known: HashMap::new() };
    let (mut fields, mut introspections, mut introspection_lists) = (0_usize, 0_usize, 0_usize);
    for (_, operation) in document.operations.iter() {
        let size = spread.size(&operation.node.selection_set.node, 1);
        if size.height > NESTING {
            return Err(too_deep(size.height, language));
        }
        fields = fields.saturating_add(size.fields);
        introspections = introspections.saturating_add(size.introspections);
        introspection_lists = introspection_lists.max(size.introspection_lists);
    }
    if introspections > INTROSPECTIONS || introspection_lists > INTROSPECTION_LISTS {
        let message = Text::new(
            format!("内省过多：至多 {INTROSPECTIONS} 次，列表至多嵌套 {INTROSPECTION_LISTS} 层。"),
            format!("Too much introspection: at most {INTROSPECTIONS} times, with lists at most {INTROSPECTION_LISTS} deep."),
        );
        return Err(refuse(language, &message));
    }
    if fields > FIELDS {
        let message = Text::new(
            format!("查询字段过多：展开片段后至多 {FIELDS} 个，收到 {fields} 个。请拆分查询。"),
            format!("The query selects too much: at most {FIELDS} fields once fragments are spread, these are {fields}. Split it."),
        );
        return Err(refuse(language, &message));
    }
    Ok(())
}

/// The refusal of an operation that has run for [`DURATION`].
pub(super) fn out_of_time(language: Language) -> Response {
    let seconds = DURATION.as_secs();
    let message = Text::new(
        format!("查询超过 {seconds} 秒，已停止。请缩小查询范围，或减少每页条数。"),
        format!("The query ran longer than {seconds} seconds and was stopped. Ask for less, or for smaller pages."),
    );
    refusal(Code::Timeout, language, &message)
}

/// How many requests with changes run at once, those that nobody waits for any more included: a change is not stopped, so they must
/// not pile up.
pub(super) const CHANGING: usize = 200;

/// How many subscriptions one process serves at once: each costs statements with every event.
pub(super) const FOLLOWING: usize = 10_000;

/// The refusal of a subscription where there are too many.
pub(super) fn too_many_following(language: Language) -> Response {
    let message = Text::new("订阅过多，请稍后重试。", "Too many subscriptions at the moment; try again later.");
    refusal(Code::RateLimited, language, &message)
}

/// The refusal of a change where too many run.
pub(super) fn too_many_changing(language: Language) -> Response {
    let message = Text::new("正在处理的修改过多，请稍后重试。", "Too many changes are being made at the moment; try again shortly.");
    refusal(Code::RateLimited, language, &message)
}

/// The answer to a change that has not finished after [`CHANGE_DURATION`]. It is not stopped, so that what becomes of it is recorded.
pub(super) fn still_changing(language: Language) -> Response {
    let seconds = CHANGE_DURATION.as_secs();
    let message = Text::new(
        format!("修改超过 {seconds} 秒仍未完成，可能稍后生效：请先查询现状，再决定是否重新提交。"),
        format!(
            "The change has not finished after {seconds} seconds and may still take effect: look at how things stand before you submit it again."
        ),
    );
    refusal(Code::Timeout, language, &message)
}

fn too_deep(depth: usize, language: Language) -> Box<Response> {
    let message = Text::new(
        format!("查询嵌套过深：至多 {NESTING} 层，收到 {depth} 层。请拆分查询。"),
        format!("The query is nested too deeply: at most {NESTING} levels, these are {depth}. Split it."),
    );
    refuse(language, &message)
}

fn refuse(language: Language, message: &Text) -> Box<Response> {
    Box::new(refusal(Code::QueryTooComplex, language, message))
}

/// What a selection comes to once fragments are spread.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    height: usize,
    introspections: usize,
    introspection_lists: usize,
}

/// Spreads each fragment once, however often it is named.
struct Spread<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// Sizes of fragments; `None` while one is being spread, so that a circle, which the engine refuses, ends here too.
    known: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Spread<'a> {
    fn size(&mut self, selections: &'a SelectionSet, depth: usize) -> Size {
        let mut total = Size { height: 1, ..Size::default() };
        // Deeper than anything that is accepted: no use, and no stack, to go on.
        if depth > NESTING {
            return Size { height: NESTING.saturating_add(1), ..Size::default() };
        }
        for selection in &selections.items {
            let below = depth.saturating_add(1);
            let part = match &selection.node {
                Selection::Field(field) => {
                    let inner = &field.node.selection_set.node;
                    let size = if inner.items.is_empty() { Size::default() } else { self.size(inner, below) };
                    let name = field.node.name.node.as_str();
                    Size {
                        fields: size.fields.saturating_add(1),
                        height: size.height.saturating_add(1),
                        introspections: size.introspections.saturating_add(usize::from(matches!(name, "__schema" | "__type"))),
                        introspection_lists: size.introspection_lists.saturating_add(usize::from(is_introspection_list(name))),
                    }
                }
                Selection::InlineFragment(fragment) => self.size(&fragment.node.selection_set.node, below),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, below),
            };
            total.fields = total.fields.saturating_add(part.fields);
            total.height = total.height.max(part.height);
            total.introspections = total.introspections.saturating_add(part.introspections);
            total.introspection_lists = total.introspection_lists.max(part.introspection_lists);
        }
        total
    }

    fn fragment(&mut self, name: &'a Name, depth: usize) -> Size {
        if let Some(known) = self.known.get(name) {
            return known.unwrap_or_default();
        }
        let Some(fragment) = self.fragments.get(name) else { return Size::default() };
        self.known.insert(name, None);
        let size = self.size(&fragment.node.selection_set.node, depth);
        self.known.insert(name, Some(size));
        size
    }
}

/// Lists of `__Schema`, `__Type`, `__Field` and `__Directive`; no type of ours has fields of these names.
fn is_introspection_list(name: &str) -> bool {
    matches!(name, "types" | "directives" | "fields" | "interfaces" | "possibleTypes" | "enumValues" | "inputFields" | "args")
}

/// How deep and how long a document is, outside strings and comments, read in one pass over its bytes.
struct Extent {
    deepest: usize,
    tokens: usize,
}

impl Extent {
    fn of(document: &str) -> Self {
        let mut bytes = document.as_bytes();
        let (mut depth, mut deepest, mut tokens) = (0_usize, 0_usize, 0_usize);
        let mut in_word = false;
        while let [byte, rest @ ..] = bytes {
            let word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+');
            let separator = byte.is_ascii_whitespace() || *byte == b',';
            let continues = word && in_word;
            if !(separator || continues) {
                tokens = tokens.saturating_add(1);
            }
            in_word = word;
            bytes = match byte {
                b'#' => after_comment(rest),
                b'"' => match rest {
                    [b'"', b'"', block @ ..] => after_block_string(block),
                    _ => after_string(rest),
                },
                b'{' | b'[' | b'(' => {
                    depth = depth.saturating_add(1);
                    deepest = deepest.max(depth);
                    rest
                }
                b'}' | b']' | b')' => {
                    depth = depth.saturating_sub(1);
                    rest
                }
                _ => rest,
            };
        }
        Self { deepest, tokens }
    }
}

fn after_comment(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

/// A string ends at its quote, or, being broken, at the end of its line.
fn after_string(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = match bytes {
            [b'"' | b'\n' | b'\r', rest @ ..] => return rest,
            [b'\\', _, rest @ ..] | [_, rest @ ..] => rest,
            [] => return bytes,
        };
    }
}

fn after_block_string(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = match bytes {
            [b'"', b'"', b'"', rest @ ..] => return rest,
            [b'\\', b'"', b'"', b'"', rest @ ..] | [_, rest @ ..] => rest,
            [] => return bytes,
        };
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn only_brackets_outside_strings_and_comments_nest() {
        for (document, depth) in [
            ("{ a }", 1),
            ("{ a(b: [[1]]) { c } }", 4),
            (r#"{ a(b: "[[[[") }"#, 2),
            (r#"{ a(b: "\"[[[[") }"#, 2),
            ("{ a # [[[[\n }", 1),
            ("{ a(b: \"\"\"[[[ \\\"\"\" [[[\"\"\") }", 2),
            ("]]]]{", 1),
            ("", 0),
            ("\"", 0),
        ] {
            assert_eq!(Extent::of(document).deepest, depth, "{document}");
        }
    }

    #[test]
    fn words_strings_and_signs_are_tokens() {
        for (document, tokens) in [("", 0), (" ,\n", 0), ("{ a }", 3), ("{a(b:-12)}", 8), (r#"{a(b:"x y")}"#, 8), ("...F", 4)] {
            assert_eq!(Extent::of(document).tokens, tokens, "{document}");
        }
    }

    fn selections(document: &str) -> Result<(), Box<Response>> {
        check_selections(&parse_query(document).expect("a document"), Language::English)
    }

    #[test]
    fn the_limits_are_exact() {
        assert!(check_text(&"{".repeat(NESTING), Language::Chinese).is_ok());
        assert!(check_text(&"{".repeat(NESTING + 1), Language::Chinese).is_err());
        assert!(check_text(&"a ".repeat(TOKENS), Language::Chinese).is_ok());
        assert!(check_text(&"a ".repeat(TOKENS + 1), Language::Chinese).is_err());
        let fields = |count: usize| format!("{{ {} }}", "a ".repeat(count));
        assert!(selections(&fields(FIELDS)).is_ok());
        assert!(selections(&fields(FIELDS + 1)).is_err());
        let fragments = |count: usize| (0..count).map(|index| format!("fragment f{index} on Q {{ a }} ")).collect::<Vec<_>>().concat();
        assert!(selections(&format!("{{ a }} {}", fragments(FRAGMENTS))).is_ok());
        assert!(selections(&format!("{{ a }} {}", fragments(FRAGMENTS + 1))).is_err());
    }

    #[test]
    fn a_doubled_fragment_counts_every_time_and_is_walked_once() {
        let doubled = |levels: usize| {
            let inner = (0..levels).map(|level| format!("fragment f{level} on Q {{ ...f{0} ...f{0} }} ", level + 1)).collect::<Vec<_>>();
            format!("{{ ...f0 }} {} fragment f{levels} on Q {{ a }}", inner.concat())
        };
        assert!(selections(&doubled(12)).is_ok(), "4096 fields");
        assert!(selections(&doubled(13)).is_err(), "8192 fields");
        assert!(selections(&doubled(60)).is_err(), "more than there are numbers");
    }

    #[test]
    fn a_circle_of_fragments_ends() {
        assert!(selections("{ ...a } fragment a on Q { ...b x } fragment b on Q { ...a y }").is_ok());
    }

    #[test]
    fn a_chain_of_fragments_is_as_deep_as_it_is_long() {
        let chain = |length: usize| {
            let links = (0..length).map(|link| format!("fragment f{link} on Q {{ x {{ ...f{} }} }} ", link + 1)).collect::<Vec<_>>();
            format!("{{ ...f0 }} {} fragment f{length} on Q {{ a }}", links.concat())
        };
        assert!(selections(&chain(25)).is_ok());
        assert!(selections(&chain(90)).is_err());
    }
}
