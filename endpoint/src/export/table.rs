//! What a table is made of.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

/// A row, as long as there are columns.
pub type Row = Vec<Cell>;

/// What stands in one place of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, which nothing may take for anything else: not for a formula, a number or a date.
    Text(String),
    /// A number, exact to its last digit.
    Number(Decimal),
    /// A share of a whole, shown in percent: 0.375 is 37.5 %.
    Share(Decimal),
    /// A civil date.
    Date(NaiveDate),
    /// A civil time in the installation's time zone.
    Time(NaiveDateTime),
}

/// How many decimals of a percentage are shown at least.
const PERCENT_DECIMALS: u32 = 2;

impl Cell {
    /// The cell as people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.normalize().to_string(),
            Self::Share(share) => match share.checked_mul(Decimal::ONE_HUNDRED) {
                Some(percent) => {
                    let mut percent = percent.normalize();
                    if percent.scale() < PERCENT_DECIMALS {
                        percent.rescale(PERCENT_DECIMALS);
                    }
                    format!("{percent}%")
                }
                None => share.to_string(),
            },
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
            Self::Time(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }
}

/// How many decimals a share is shown with once it is in percent.
pub(crate) fn percent_decimals(share: Decimal) -> u32 {
    share.normalize().scale().saturating_sub(2).max(PERCENT_DECIMALS)
}

/// What makes a spreadsheet take a text for a formula, in either width.
const TRIGGERS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet may take a text for a formula.
pub(crate) fn is_like_a_formula(text: &str) -> bool {
    // What is invisible, or is a quote, does not keep a program from looking at what follows it.
    let shows =
        |character: &char| !(character.is_whitespace() || character.is_control() || is_invisible(*character) || is_quote(*character));
    text.starts_with(['\t', '\r', '\n']) || text.chars().find(shows).is_some_and(|first| TRIGGERS.contains(&first))
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '“' | '”' | '‘' | '’' | '＂' | '＇')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(text: &str) -> String {
        Cell::Share(text.parse().expect("a decimal")).shown()
    }

    #[test]
    fn a_share_is_shown_in_percent_to_its_last_digit() {
        for (given, shown) in [("0", "0.00%"), ("0.5", "50.00%"), ("1", "100.00%"), ("0.3333", "33.33%"), ("-0.00125", "-0.125%")] {
            assert_eq!(share(given), shown);
        }
        assert_eq!(share(&Decimal::MAX.to_string()), Decimal::MAX.to_string(), "what cannot be multiplied is shown as it is");
    }

    #[test]
    fn numbers_have_no_idle_zeros() {
        assert_eq!(Cell::Number("-17.5800".parse().expect("a decimal")).shown(), "-17.58");
    }
}
