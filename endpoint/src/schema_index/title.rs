//! What to call fields and words, and which figures are shares: read off the descriptions of the schema.

use language::Text;

/// What a description says of a figure that is a share of a whole.
const SHARES: [&str; 2] = ["0 至 1", "可超过 1"];

/// What ends the first words of a description, which are the title.
const ENDS: [char; 5] = ['，', '。', '；', '：', '（'];

/// Whether a description says so; “0 至 100” is in percent already.
pub(crate) fn is_share(description: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|character: char| character.is_ascii_digit());
    SHARES.iter().any(|said| description.split(said).skip(1).any(|rest| !goes_on(rest)))
}

/// The first words of a description, which are Chinese; in English its name, taken apart.
pub(crate) fn title(description: Option<&str>, name: &str) -> Text {
    let words = description.unwrap_or_default().trim().split(ENDS).next().unwrap_or_default().trim();
    let english = spoken(name);
    Text::new(if words.is_empty() { english.clone() } else { words.to_owned() }, english)
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
