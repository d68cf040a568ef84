//! Figures as official documents print them: plain, or counted in 万 (ten thousands) and 亿 (hundred millions).

use rust_decimal::Decimal;

/// The number that a printed figure stands for: `3.44万` is 34400, `576` is 576. `None` when it is not a figure.
#[must_use]
pub fn parse(printed: &str) -> Option<Decimal> {
    let printed = printed.trim();
    let (digits, factor) = if let Some(digits) = printed.strip_suffix('万') {
        (digits, 10_000)
    } else if let Some(digits) = printed.strip_suffix('亿') {
        (digits, 100_000_000)
    } else {
        (printed, 1)
    };
    let number: Decimal = digits.trim_end().parse().ok()?;
    number.checked_mul(Decimal::from(factor)).map(|value| value.normalize())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn printed_figures_are_read_exactly() {
        for (printed, value) in [
            ("576", Some("576")),
            ("3.44万", Some("34400")),
            ("351 万", Some("3510000")),
            ("1.2亿", Some("120000000")),
            ("381.5", Some("381.5")),
        ] {
            assert_eq!(parse(printed).map(|value| value.to_string()).as_deref(), value, "{printed}");
        }
        for nonsense in ["", "万", "许多", "1.2.3", "10个", "79228162514264337593543950335亿"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
