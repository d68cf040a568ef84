//! The faults of any field, and the remedy of each, in both languages.

use std::ops::RangeInclusive;

use crate::domain::language::Text;

/// A fault: a code for programs, and a text for people with the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub text: Text,
}

impl Reason {
    /// A reason.
    #[must_use]
    pub fn new(code: &'static str, text: Text) -> Self {
        Self { code, text }
    }
}

/// The longest text that is quoted whole.
const LONGEST_QUOTE: usize = 60;

/// `text` as it can stand inside a line: short, and without line breaks or control characters.
#[must_use]
pub fn quotable(text: &str) -> String {
    let mut quotable: String = text.chars().take(LONGEST_QUOTE).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        quotable.push('…');
    }
    quotable
}

/// A text in both languages, with the same words of the file in each.
pub fn quoting(quoted: &str, text: impl FnOnce(&str) -> Text) -> Text {
    text(&quotable(quoted))
}

/// A field that has to be there is not.
#[must_use]
pub fn missing(field: &str) -> Reason {
    Reason::new("MISSING", Text::new(format!("缺少 {field}；请补写"), format!("{field} is missing; add it")))
}

/// A field is there and says nothing.
#[must_use]
pub fn blank() -> Reason {
    Reason::new("BLANK", Text::new("这里是空的；请填写，或者整行删去", "this is blank; fill it in, or delete the line"))
}

/// A text holds a NUL character, which PostgreSQL cannot store.
#[must_use]
pub fn nul() -> Reason {
    Reason::new("NUL", Text::new("含有空字符（NUL）；请删去", "this contains a NUL character; delete it"))
}

/// A word is not one of the choices.
#[must_use]
pub fn not_a_word(text: &str, words: &[&str]) -> Reason {
    Reason::new(
        "UNKNOWN_CHOICE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”不是这里可用的词；请改为其一：{}", words.join("、")),
                format!("“{text}” is not a word for this place; use one of {}", words.join(", ")),
            )
        }),
    )
}

/// A number is not whole, or outside its range.
#[must_use]
pub fn not_a_whole_number(text: &str, range: &RangeInclusive<i32>) -> Reason {
    Reason::new("NOT_A_WHOLE_NUMBER", {
        let (least, most) = (range.start(), range.end());
        let (chinese, english) = if *most == i32::MAX {
            (format!("从 {least} 起的整数"), format!("a whole number from {least}"))
        } else {
            (format!("{least} 至 {most} 的整数"), format!("a whole number from {least} to {most}"))
        };
        quoting(text, |text| Text::new(format!("“{text}”不是{chinese}；请更正"), format!("“{text}” is not {english}; correct it")))
    })
}

/// A text is not a date.
#[must_use]
pub fn not_a_date(text: &str) -> Reason {
    Reason::new(
        "NOT_A_DATE",
        quoting(text, |text| {
            Text::new(format!("“{text}”不是日期；请写作 2024-01-31 的样子"), format!("“{text}” is not a date; write it like 2024-01-31"))
        }),
    )
}

/// A text cannot be a code.
#[must_use]
pub fn not_a_code(text: &str, longest: usize) -> Reason {
    Reason::new(
        "NOT_A_CODE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”不能作代码；请只用小写字母 a-z、数字和中间的连字符，不超过 {longest} 个字符"),
                format!(
                    "“{text}” cannot be a code; use lower-case letters a-z, digits and hyphens between them, {longest} characters at most"
                ),
            )
        }),
    )
}

/// Something is said a second time that can be said once only.
#[must_use]
pub fn duplicate(text: &str, first: &str) -> Reason {
    Reason::new(
        "REPEATED",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”已见于 {first}，不能重复；请更正或删去其一"),
                format!("“{text}” stands in {first} already and cannot be repeated; correct or delete one of them"),
            )
        }),
    )
}

/// A text is not a figure.
#[must_use]
pub fn not_a_figure(text: &str) -> Reason {
    Reason::new(
        "NOT_A_FIGURE",
        quoting(text, |text| {
            Text::new(
                format!("“{text}”不是数；请写作 576 或 3.44万 的样子，计量单位另写在 unit"),
                format!("“{text}” is not a figure; write it like 576 or 3.44万, and what is counted under unit"),
            )
        }),
    )
}
