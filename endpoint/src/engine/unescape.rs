//! Escapes that the engine's parser does not know: `\u{1F600}`, and a pair of surrogates such as `\ud83d\ude00` (GraphQL, section
//! 2.9.4). They become the character itself. What follows them in the line is then further to the left where an error says where it is.

use std::{borrow::Cow, fmt::Write as _};

/// The document without such escapes. Those that stand for nothing are left for the parser to refuse.
pub(crate) fn plain(document: &str) -> Cow<'_, str> {
    if !document.contains("\\u") {
        return Cow::Borrowed(document);
    }
    let mut plain = String::with_capacity(document.len());
    let mut rest = document;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '#' => pass(rest, rest.find(['\n', '\r']).unwrap_or(rest.len()), &mut plain),
            '"' if rest.starts_with("\"\"\"") => pass(rest, end_of_block(rest), &mut plain),
            '"' => string(rest, &mut plain),
            _ => pass(rest, rest.find(['#', '"']).unwrap_or(rest.len()), &mut plain),
        };
    }
    Cow::Owned(plain)
}

/// Copies so many bytes and returns what follows.
fn pass<'a>(text: &'a str, bytes: usize, plain: &mut String) -> &'a str {
    let (passed, rest) = text.split_at_checked(bytes).unwrap_or((text, ""));
    plain.push_str(passed);
    rest
}

/// Where a block string ends, from its beginning.
fn end_of_block(text: &str) -> usize {
    let mut from = 3_usize;
    while let Some(rest) = text.get(from..)
        && let Some(found) = rest.find("\"\"\"")
    {
        let at = from.saturating_add(found);
        from = at.saturating_add(3);
        if !text.get(..at).is_some_and(|before| before.ends_with('\\')) {
            return from;
        }
    }
    text.len()
}

/// Copies a string without the escapes, and returns what follows. A broken one ends with its line.
fn string<'a>(text: &'a str, plain: &mut String) -> &'a str {
    let mut rest = pass(text, 1, plain);
    loop {
        rest = pass(rest, rest.find(['\\', '"', '\n', '\r']).unwrap_or(rest.len()), plain);
        match rest.chars().next() {
            Some('\\') => {
                if let Some((character, after)) = escaped(rest) {
                    put(character, plain);
                    rest = after;
                } else {
                    // An escape that the parser knows, whose second character may be a quote.
                    let second = rest.chars().nth(1).map_or(0, char::len_utf8);
                    rest = pass(rest, second.saturating_add(1), plain);
                }
            }
            Some('"') => return pass(rest, 1, plain),
            _ => return rest,
        }
    }
}

/// The character that such an escape stands for, and what follows it.
fn escaped(text: &str) -> Option<(char, &str)> {
    let after = text.strip_prefix("\\u")?;
    if let Some(braced) = after.strip_prefix('{') {
        // No further than digits may go, so that escapes without an end are not looked for to the end of the document each.
        let end = braced.bytes().take(MOST_DIGITS.saturating_add(1)).position(|byte| byte == b'}')?;
        let (digits, rest) = braced.split_at_checked(end)?;
        return Some((char::from_u32(hexadecimal(digits)?)?, rest.strip_prefix('}')?));
    }
    let (high, after) = after.split_at_checked(4)?;
    let (low, rest) = after.strip_prefix("\\u")?.split_at_checked(4)?;
    let pair = [u16::try_from(hexadecimal(high)?).ok()?, u16::try_from(hexadecimal(low)?).ok()?];
    let mut characters = char::decode_utf16(pair);
    match (characters.next(), characters.next()) {
        (Some(Ok(character)), None) => Some((character, rest)),
        _ => None,
    }
}

/// How many digits an escape in braces may have.
const MOST_DIGITS: usize = 8;

fn hexadecimal(digits: &str) -> Option<u32> {
    let all = !digits.is_empty() && digits.len() <= MOST_DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// Writes a character so that it is itself within a string.
fn put(character: char, plain: &mut String) {
    if character.is_control() || matches!(character, '"' | '\\') {
        let _ = write!(plain, "\\u{:04x}", u32::from(character));
    } else {
        plain.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_what_they_stand_for() {
        for (document, expected) in [
            (r#"{ a(b: "\u{1F600}x") }"#, "{ a(b: \"😀x\") }"),
            (r#"{ a(b: "\ud83d\ude00\uD83D\uDE00") }"#, "{ a(b: \"😀😀\") }"),
            (r#"{ a(b: "\u{22}\u{5c}\u{0}\u{a}") }"#, r#"{ a(b: "\u0022\u005c\u0000\u000a") }"#),
            (r#"{ a(b: "\"\u{4e2d}\\" c: "\u{4e2d}") }"#, r#"{ a(b: "\"中\\" c: "中") }"#),
        ] {
            assert_eq!(plain(document), expected);
        }
    }

    #[test]
    fn all_else_is_left_alone() {
        for document in [
            "{ a }",
            r#"{ a(b: "\u4e2d\n\t\"") }"#,
            r#"{ a(b: "\ud83d") }"#,
            r#"{ a(b: "\ud83dx\ude00") }"#,
            r#"{ a(b: "\u{110000}\u{}\u{x}\u{d83d}\u{123456789}") }"#,
            r#"{ a(b: "\u{1F600"#,
            r#"{ a(b: "\u"#,
            r#"{ a(b: "\"#,
            r#"{ a(b: "\中\u12中") }"#,
            "{ a # \"\\u{1F600}\"\n }",
            "{ a(b: \"\"\" \\u{1F600} \\\"\"\" \\u{1F600} \"\"\") }",
            "{ a(b: \"\"\" \\u{1F600}",
            "{ a(b: \"\\u4e2d\n \\u{1F600}",
        ] {
            assert_eq!(plain(document), document);
        }
    }
}
