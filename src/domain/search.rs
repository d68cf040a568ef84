//! Text search in Chinese: the normal form of a text's spellings, and the grams under which an index finds it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// Stands between the fields of a searchable text, so that no match runs from the end of one into the start of the next.
const FIELD_END: char = '\n';

/// The form in which texts are compared: compatibility-composed (full-width `５７６` is `576`), in lower case, without any white
/// space (`576 个` is `576个`).
#[must_use]
pub fn normalise(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().filter(|character| !character.is_whitespace() && *character != '\0').collect()
}

/// The searchable text of a subject with these fields.
pub fn document<'a>(fields: impl IntoIterator<Item = &'a str>) -> String {
    let mut document = String::new();
    for field in fields {
        document.push_str(&normalise(field));
        document.push(FIELD_END);
    }
    document
}

/// The tokens under which an index finds a normalised text: every character and every pair of neighbours.
///
/// Chinese has no spaces between words and its commonest words have two characters, so neither words nor the trigrams that
/// databases offer would do. A token is written as hexadecimal code points, which no tokeniser can take apart or reject.
#[must_use]
pub fn index_grams(document: &str) -> String {
    let mut grams = BTreeSet::new();
    for field in document.split(FIELD_END) {
        let mut previous = None;
        for character in field.chars() {
            grams.insert(format!("{:x}", u32::from(character)));
            if let Some(previous) = previous {
                grams.insert(pair(previous, character));
            }
            previous = Some(character);
        }
    }
    grams.into_iter().collect::<Vec<_>>().join(" ")
}

/// The tokens that every text containing this normalised query must have: its pairs, or its only character.
#[must_use]
pub fn query_grams(query: &str) -> Vec<String> {
    let mut characters = query.chars();
    let Some(mut previous) = characters.next() else { return Vec::new() };
    let mut grams = BTreeSet::new();
    for character in characters {
        grams.insert(pair(previous, character));
        previous = character;
    }
    if grams.is_empty() {
        grams.insert(format!("{:x}", u32::from(previous)));
    }
    grams.into_iter().collect()
}

fn pair(first: char, second: char) -> String {
    let mut gram = format!("{:x}", u32::from(first));
    // Writing to a string does not fail.
    let _ = write!(gram, "x{:x}", u32::from(second));
    gram
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_are_one() {
        for (one, other) in [("５７６ 个", "576个"), ("ＤＮＡ", "dna"), ("（一）", "(一)"), ("托　位", "托位"), ("㎡", "m2")]
        {
            assert_eq!(normalise(one), normalise(other), "{one}");
        }
    }

    #[test]
    fn every_substring_of_a_field_is_found_by_its_grams() {
        let document = document(["新增托位576个", "100% 的_“引号”"]);
        let index = index_grams(&document);
        let index: BTreeSet<&str> = index.split(' ').collect();
        for field in document.lines() {
            let characters: Vec<char> = field.chars().collect();
            for start in 0..characters.len() {
                for end in start + 1..=characters.len() {
                    let query: String = characters[start..end].iter().collect();
                    assert!(query_grams(&query).iter().all(|gram| index.contains(gram.as_str())), "{query}");
                }
            }
        }
    }

    #[test]
    fn no_gram_runs_from_one_field_into_the_next() {
        let index = index_grams(&document(["甲", "乙"]));
        assert!(!index.split(' ').any(|gram| gram == query_grams("甲乙")[0]));
    }
}
