//! Numbers as units type them.

use std::str::FromStr as _;

use rust_decimal::Decimal;

use crate::domain::language::Text;

/// A number as it was typed: what is none is told with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(pub String);

impl Number {
    /// The number, exactly as it was typed.
    pub(in crate::service) fn read(&self) -> Result<Decimal, Text> {
        let text = self.0.trim();
        if let Ok(number) = Decimal::from_str_exact(text) {
            return Ok(number);
        }
        let is_number =
            !text.is_empty() && text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // A number that a decimal cannot hold is told as what it is: too precise, which rounding would hide, or too large.
        if is_number {
            return Ok(if Decimal::from_str(text).is_ok() { Decimal::new(1, Decimal::MAX_SCALE) } else { Decimal::MAX });
        }
        Err(Text::new(
            format!("“{}”不是数，请填写数字，例如 576 或 17.58。", shortened(text)),
            format!("“{}” is no number: write one such as 576 or 17.58.", shortened(text)),
        ))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}
