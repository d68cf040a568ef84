//! What a document is before it is parsed: how long, how deep, and whether one of its values has two fields of the same name, which
//! nobody could tell afterwards.

use std::collections::HashSet;

use async_graphql::{Pos, Response, ServerError};
use language::{Language, Text};

use crate::{
    answer::error::{Code, refusal},
    limit::{Limits, Measure},
};

/// Refuses a document that is too deep or too long to be parsed, or whose meaning the parser would lose.
///
/// The engine's parser goes down one stack frame a bracket: a few kilobytes of `[[[[` would otherwise end the process. It goes several
/// times over each byte, too, so a document may be less long than a body, of which data need the most.
pub fn check(document: &str, limits: &Limits, language: Language) -> Result<(), Box<Response>> {
    Measure::DocumentBytes.hold(limits, document.len()).map_err(|excess| Box::new(excess.refusal(language)))?;
    let extent = Extent::of(document, usize::try_from(limits.nesting).unwrap_or(usize::MAX));
    Measure::Nesting
        .hold(limits, extent.deepest)
        .and_then(|()| Measure::Tokens.hold(limits, extent.tokens))
        .map_err(|excess| Box::new(excess.refusal(language)))?;
    match extent.twice {
        Some(rest) => Err(Box::new(twice(document, rest, language))),
        None => Ok(()),
    }
}

/// The answer to a value with two fields of one name (GraphQL, section 5.6.3). `rest` begins with the second.
fn twice(document: &str, rest: &[u8], language: Language) -> Response {
    let end = rest.iter().position(|byte| !is_of_word(*byte)).unwrap_or(rest.len());
    let name = String::from_utf8_lossy(rest.get(..end).unwrap_or_default());
    let message = Text::new(
        format!("输入对象中 {name} 出现两次：请只写一次。"),
        format!("The field {name} of an input object is given twice: give it once."),
    );
    let mut response = refusal(Code::ValidationFailed, language, &message);
    for error in &mut response.errors {
        place(error, document, rest.len());
    }
    response
}

/// Says where in the document it is, by how much of the document follows.
fn place(error: &mut ServerError, document: &str, following: usize) {
    let before = document.get(..document.len().saturating_sub(following)).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
    error.locations = vec![Pos { line, column }];
}

/// A byte order mark, in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// How deep and how long a document is, outside strings and comments, read in one pass over its bytes.
struct Extent<'a> {
    deepest: usize,
    tokens: usize,
    /// What begins with the second field of one name in one value.
    twice: Option<&'a [u8]>,
}

/// An open bracket.
enum Bracket<'a> {
    /// Of a value, with the names of its fields.
    Object(HashSet<&'a [u8]>),
    Arguments,
    Other,
}

impl<'a> Extent<'a> {
    fn of(document: &'a str, nesting: usize) -> Self {
        let mut bytes = document.as_bytes();
        let mut extent = Self { deepest: 0, tokens: 0, twice: None };
        let mut open = Open { brackets: Vec::new(), depth: 0, nesting, arguments: 0 };
        let mut in_word = false;
        // The word that was read last, with all that follows it, while nothing but space has followed.
        let mut word: Option<&[u8]> = None;
        while let [byte, rest @ ..] = bytes {
            // It stands for nothing, and comes between nothing.
            if let Some(rest) = bytes.strip_prefix(MARK) {
                extent.tokens = extent.tokens.saturating_add(1);
                (in_word, bytes) = (false, rest);
                continue;
            }
            let of_word = is_of_word(*byte);
            let separator = byte.is_ascii_whitespace() || *byte == b',';
            if !(separator || of_word && in_word) {
                extent.tokens = extent.tokens.saturating_add(1);
                if *byte == b':' && extent.twice.is_none() {
                    extent.twice = word.filter(|word| open.names_again(word));
                }
                if *byte != b'#' {
                    word = of_word.then_some(bytes);
                }
            }
            in_word = of_word;
            bytes = match byte {
                b'#' => after_comment(rest),
                b'"' => match rest {
                    [b'"', b'"', block @ ..] => after_block_string(block),
                    _ => after_string(rest),
                },
                b'{' | b'[' | b'(' => {
                    open.enter(*byte);
                    extent.deepest = extent.deepest.max(open.depth);
                    rest
                }
                b'}' | b']' | b')' => {
                    open.leave();
                    rest
                }
                _ => rest,
            };
        }
        extent
    }
}

/// The brackets that are open. Those that are too deep are only counted.
struct Open<'a> {
    brackets: Vec<Bracket<'a>>,
    depth: usize,
    nesting: usize,
    /// How many of them are of arguments: braces within those are of values.
    arguments: usize,
}

impl<'a> Open<'a> {
    fn enter(&mut self, byte: u8) {
        self.depth = self.depth.saturating_add(1);
        if self.depth > self.nesting {
            return;
        }
        self.brackets.push(match byte {
            b'{' if self.arguments > 0 => Bracket::Object(HashSet::new()),
            b'(' => {
                self.arguments = self.arguments.saturating_add(1);
                Bracket::Arguments
            }
            _ => Bracket::Other,
        });
    }

    fn leave(&mut self) {
        if self.depth <= self.nesting
            && let Some(Bracket::Arguments) = self.brackets.pop()
        {
            self.arguments = self.arguments.saturating_sub(1);
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Whether the innermost value has a field of this name already. `word` is the name with all that follows it.
    fn names_again(&mut self, word: &'a [u8]) -> bool {
        let Some(Bracket::Object(names)) = self.brackets.last_mut() else { return false };
        let end = word.iter().position(|byte| !is_of_word(*byte)).unwrap_or(word.len());
        !names.insert(word.get(..end).unwrap_or_default())
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
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
    use super::*;

    fn extent(document: &str) -> Extent<'_> {
        Extent::of(document, 64)
    }

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
            assert_eq!(extent(document).deepest, depth, "{document}");
        }
    }

    #[test]
    fn words_strings_and_signs_are_tokens() {
        for (document, tokens) in [("", 0), (" ,\n", 0), ("{ a }", 3), ("{a(b:-12)}", 8), (r#"{a(b:"x y")}"#, 8), ("...F", 4)] {
            assert_eq!(extent(document).tokens, tokens, "{document}");
        }
    }

    #[test]
    fn a_name_twice_in_one_value_is_found() {
        for document in [
            "{ a(b: {c: 1, c: 2}) }",
            "{ a(b: {c: 1, d: {c: 1} c : 2}) }",
            "{ a(b: [{c: \"x\"} {c: \"x\", d: 1, c: \"y\"}]) }",
            "query($v: I = {c: 1 c #\n : 2}) { a }",
            "{ a @d(x: {c: {e: 1, e: 2}}) }",
            "{ a(b: {c\u{feff}: 1, c\u{feff}: 2}) }",
        ] {
            assert!(extent(document).twice.is_some(), "{document}");
        }
        for document in [
            "{ c: a c: b }",
            "{ a(c: 1) { c: d } b { c: d } }",
            "{ a(b: {c: 1, d: {c: 1}}) }",
            "{ a(b: [{c: 1} {c: 1}]) }",
            "{ a(b: {c: c, d: \"c: c\"}) }",
            "{ a(b: {c: \"{c: 1, c: 2}\"}) c: d c: d }",
            "query($c: I = {d: 1}, $c: I = {d: 1}) { a }",
        ] {
            assert!(extent(document).twice.is_none(), "{document}");
        }
        let refused = check("{\n  a(b: {c: 1, c: 2}) }", &Limits::default(), Language::English).expect_err("twice");
        assert_eq!(refused.errors[0].locations, [Pos { line: 2, column: 15 }]);
    }

    #[test]
    fn the_limits_are_exact() {
        let limits = Limits::default();
        let bytes = limits.document_bytes as usize;
        let (nesting, tokens) = (limits.nesting as usize, limits.tokens as usize);
        let checked = |document: &str| check(document, &limits, Language::Chinese);
        assert!(checked(&" ".repeat(bytes)).is_ok());
        assert!(checked(&" ".repeat(bytes + 1)).is_err());
        assert!(checked(&"{".repeat(nesting)).is_ok());
        assert!(checked(&"{".repeat(nesting + 1)).is_err());
        assert!(checked(&"a ".repeat(tokens)).is_ok());
        let refused = checked(&"a ".repeat(tokens + 1)).expect_err("too long");
        let extensions = refused.errors[0].extensions.as_ref().expect("extensions");
        let said = ["limit", "value", "counted"].map(|name| extensions.get(name).expect("said").to_string());
        assert_eq!(said, ["\"tokens\"", "15000", "15001"]);
    }
}
