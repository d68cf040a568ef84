//! Exact quantities that both databases can add up.

use std::fmt;

use rust_decimal::Decimal;
use sea_orm::entity::prelude::*;

/// A quantity in its plain counting unit (3.44万个 is 34400 个), exact to four decimals.
///
/// Stored as a whole number of ten-thousandths: `SQLite` has no decimal type and would round a binary fraction, and a sum made by
/// the database must be the same on `SQLite` and `PostgreSQL` to the last digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Quantity(i64);

/// Why a decimal cannot be a [`Quantity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// More than four decimals.
    TooPrecise,
    /// Beyond 900 billion (9 × 10¹¹) in either direction.
    TooLarge,
}

impl Quantity {
    /// How many decimals are kept.
    pub const DECIMALS: u32 = 4;

    /// The largest magnitude: far above any count of people, square metres or yuan in a city, far below what sums overflow at.
    const LIMIT: i64 = 9_000_000_000_000_000;
}

impl TryFrom<Decimal> for Quantity {
    type Error = QuantityError;

    fn try_from(value: Decimal) -> Result<Self, QuantityError> {
        let mut value = value.normalize();
        if value.scale() > Self::DECIMALS {
            return Err(QuantityError::TooPrecise);
        }
        value.rescale(Self::DECIMALS);
        if value.scale() != Self::DECIMALS {
            return Err(QuantityError::TooLarge);
        }
        i64::try_from(value.mantissa())
            .ok()
            .filter(|units| (-Self::LIMIT..=Self::LIMIT).contains(units))
            .map(Self)
            .ok_or(QuantityError::TooLarge)
    }
}

impl From<Quantity> for Decimal {
    fn from(quantity: Quantity) -> Self {
        Self::new(quantity.0, Quantity::DECIMALS).normalize()
    }
}

impl fmt::Display for QuantityError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooPrecise => write!(formatter, "more than {} decimals", Quantity::DECIMALS),
            Self::TooLarge => formatter.write_str("too large"),
        }
    }
}

impl std::error::Error for QuantityError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn a_quantity_returns_the_decimal_it_was_made_of() {
        for text in ["0", "576", "381.5", "0.0001", "-12.34", "900000000000"] {
            let quantity = Quantity::try_from(decimal(text)).expect("a quantity");
            assert_eq!(Decimal::from(quantity).to_string(), text);
        }
    }

    #[test]
    fn trailing_zeros_are_not_precision() {
        let quantity = Quantity::try_from(decimal("5.000000")).expect("a quantity");
        assert_eq!(Decimal::from(quantity).to_string(), "5");
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused() {
        assert_eq!(Quantity::try_from(decimal("0.00001")), Err(QuantityError::TooPrecise));
        assert_eq!(Quantity::try_from(decimal("900000000000.0001")), Err(QuantityError::TooLarge));
        assert_eq!(Quantity::try_from(Decimal::MAX), Err(QuantityError::TooLarge));
        assert_eq!(Quantity::try_from(Decimal::MIN), Err(QuantityError::TooLarge));
    }
}
