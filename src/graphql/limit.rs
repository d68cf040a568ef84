//! Limits that must hold before the engine sees a document.

use async_graphql::Response;

use super::error::{Code, refusal};
use crate::domain::language::{Language, Text};

/// How deep brackets of any kind may nest. The introspection query of GraphiQL nests 14 deep.
const NESTING: usize = 64;

/// Refuses a document whose brackets nest deeper than [`NESTING`].
///
/// The engine's parser goes down one stack frame a bracket: a few kilobytes of `[[[[` would otherwise end the process.
pub(super) fn check_nesting(document: &str, language: Language) -> Result<(), Box<Response>> {
    let deepest = deepest_nesting(document);
    if deepest <= NESTING {
        return Ok(());
    }
    let message = Text::new(
        format!("查询嵌套过深：括号至多嵌套 {NESTING} 层，收到 {deepest} 层。请拆分查询。"),
        format!("The query is nested too deeply: brackets may nest {NESTING} deep, these nest {deepest} deep. Split the query."),
    );
    Err(Box::new(refusal(Code::QueryTooComplex, language, &message)))
}

/// The deepest nesting of brackets outside strings and comments, in one pass over the bytes.
fn deepest_nesting(document: &str) -> usize {
    let mut bytes = document.as_bytes();
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    while let [byte, rest @ ..] = bytes {
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
    deepest
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
            assert_eq!(deepest_nesting(document), depth, "{document}");
        }
    }

    #[test]
    fn the_limit_is_exact() {
        let nested = |depth: usize| "{".repeat(depth);
        assert!(check_nesting(&nested(NESTING), Language::Chinese).is_ok());
        assert!(check_nesting(&nested(NESTING + 1), Language::Chinese).is_err());
    }
}
