//! 比例: exact shares. A weighted mean over targets has the product of their values below the line, more digits than a decimal
//! holds; a share rounded there could change a light that stands right on a threshold. So shares are fractions of whole numbers
//! without bound, and lose digits here only, when they are shown: a share is cut, so that what is below the whole never reads as the whole, and
//! a gap goes away from zero, so that what is left never reads as nothing.
//!
//! They are also reduced to lowest terms only when they are shown. To find the common divisor takes most of the time of adding two
//! fractions. A light takes a few dozen steps, which do not make them long. Equality and order do not depend on it.

use std::{collections::BTreeMap, fmt};

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use rust_decimal::Decimal;

/// 比例: an exact share of a whole. Above one where more was done than promised, below zero as the gap of a task that is ahead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(BigRational);

/// How many decimals of a percentage are shown unless more are needed to tell it from a threshold.
const SHOWN_DECIMALS: u32 = 2;

/// As many decimals as a `Decimal` can have.
const MOST_DECIMALS: u32 = Decimal::MAX_SCALE;

#[expect(
    clippy::arithmetic_side_effects,
    reason = "whole numbers without bound do not overflow, and a denominator of zero is ruled out before each division"
)]
impl Share {
    /// Nothing of it.
    #[must_use]
    pub fn nothing() -> Self {
        Self(BigRational::from_integer(BigInt::ZERO))
    }

    /// All of it.
    #[must_use]
    pub fn whole() -> Self {
        Self(BigRational::from_integer(BigInt::from(1)))
    }

    /// A figure as a share of another; `None` of nothing.
    #[must_use]
    pub fn of(part: Decimal, whole: Decimal) -> Option<Self> {
        Self::from(part).over(&Self::from(whole))
    }

    /// A percentage as a share: 37.5 is three eighths.
    #[must_use]
    pub fn from_percent(percent: Decimal) -> Self {
        let share = Self::from(percent);
        Self::raw(share.0.numer().clone(), share.0.denom() * BigInt::from(100))
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let (one, another) = (&self.0, &other.0);
        if one.denom() == another.denom() {
            return Self::raw(one.numer() + another.numer(), one.denom().clone());
        }
        Self::raw(one.numer() * another.denom() + another.numer() * one.denom(), one.denom() * another.denom())
    }

    /// The difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&Self::raw(-other.0.numer(), other.0.denom().clone()))
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self::raw(self.0.numer() * other.0.numer(), self.0.denom() * other.0.denom())
    }

    /// The quotient; `None` of a division by zero.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        let (numerator, denominator) = (self.0.numer() * other.0.denom(), self.0.denom() * other.0.numer());
        // The sign belongs above the line.
        match denominator.sign() {
            Sign::NoSign => None,
            Sign::Plus => Some(Self::raw(numerator, denominator)),
            Sign::Minus => Some(Self::raw(-numerator, -denominator)),
        }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0.numer().sign() == Sign::NoSign
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.numer().sign() == Sign::Minus
    }

    /// No less than nothing and no more than the whole.
    #[must_use]
    pub fn capped(self) -> Self {
        self.clamp(Self::nothing(), Self::whole())
    }

    /// As a decimal, rounded half away from zero. A number too large for a decimal is shown as the largest one.
    #[must_use]
    pub fn rounded(&self, decimals: u32) -> Decimal {
        let decimals = decimals.min(MOST_DECIMALS);
        decimal(&self.multiplied(power_of_ten(decimals)).0.round().to_integer(), decimals)
    }

    /// As a decimal, cut: 27 799 of 27 800 is 0.9999, and not 1.
    #[must_use]
    pub fn cut(&self, decimals: u32) -> Decimal {
        let decimals = decimals.min(MOST_DECIMALS);
        decimal(&self.multiplied(power_of_ten(decimals)).0.trunc().to_integer(), decimals)
    }

    /// As a decimal, away from zero: what is left of a gap is never nothing.
    #[must_use]
    pub fn away_from_zero(&self, decimals: u32) -> Decimal {
        let decimals = decimals.min(MOST_DECIMALS);
        let scaled = self.multiplied(power_of_ten(decimals)).0;
        let units = if self.is_negative() { scaled.floor() } else { scaled.ceil() };
        decimal(&units.to_integer(), decimals)
    }

    /// A share as a percentage for people: two decimals at most, cut.
    #[must_use]
    pub fn percent(&self) -> Decimal {
        self.hundredfold().cut(SHOWN_DECIMALS).normalize()
    }

    /// A gap between shares in percentage points for people: two decimals at most, away from zero.
    #[must_use]
    pub fn points(&self) -> Decimal {
        self.hundredfold().away_from_zero(SHOWN_DECIMALS).normalize()
    }

    /// As a percentage, rounded up: a unit that is told the missing amount and does that much has done enough.
    #[must_use]
    pub fn percent_up(&self) -> Decimal {
        self.hundredfold().least_figure(SHOWN_DECIMALS, false).normalize()
    }

    /// A share as a percentage with as many decimals as tell it from the thresholds beside which it is read.
    #[must_use]
    pub fn percent_beside(&self, thresholds: &[Decimal]) -> Decimal {
        self.hundredfold().beside(thresholds, Self::cut)
    }

    /// A gap in percentage points with as many decimals as tell it from the thresholds beside which it is read: one that is a hair under 10
    /// must not read `10` next to the rule that made it green.
    #[must_use]
    pub fn points_beside(&self, thresholds: &[Decimal]) -> Decimal {
        self.hundredfold().beside(thresholds, Self::away_from_zero)
    }

    fn beside(&self, thresholds: &[Decimal], shown: impl Fn(&Self, u32) -> Decimal) -> Decimal {
        let told_apart = |shown: &Decimal| thresholds.iter().all(|threshold| shown.cmp(threshold) == self.cmp(&Self::from(*threshold)));
        (SHOWN_DECIMALS..=MOST_DECIMALS)
            .map(|decimals| shown(self, decimals))
            .find(told_apart)
            .unwrap_or_else(|| shown(self, MOST_DECIMALS))
            .normalize()
    }

    /// The smallest figure with so many decimals that is at least this, or `strictly` above it.
    #[must_use]
    pub fn least_figure(&self, decimals: u32, strictly: bool) -> Decimal {
        let decimals = decimals.min(MOST_DECIMALS);
        let scaled = self.multiplied(power_of_ten(decimals)).0;
        let units = if strictly { scaled.floor().to_integer() + BigInt::from(1) } else { scaled.ceil().to_integer() };
        decimal(&units, decimals)
    }

    fn hundredfold(&self) -> Self {
        self.multiplied(BigInt::from(100))
    }

    fn multiplied(&self, factor: BigInt) -> Self {
        Self::raw(self.0.numer() * factor, self.0.denom().clone())
    }

    /// The denominator is above zero.
    fn raw(numerator: BigInt, denominator: BigInt) -> Self {
        Self(BigRational::new_raw(numerator, denominator))
    }
}

impl From<Decimal> for Share {
    fn from(value: Decimal) -> Self {
        Self::raw(BigInt::from(value.mantissa()), power_of_ten(value.scale()))
    }
}

impl From<i64> for Share {
    fn from(value: i64) -> Self {
        Self(BigRational::from_integer(BigInt::from(value)))
    }
}

/// The exact fraction in lowest terms, `3/4`.
impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.reduced().fmt(formatter)
    }
}

/// The mean of shares, exactly; `None` if there are no shares.
///
/// Shares of one denominator are added above the line, and the rest by halves. If thousands of them were added one after the other, the
/// fraction would grow with every step.
#[expect(clippy::arithmetic_side_effects, reason = "whole numbers without bound do not overflow")]
pub fn mean<'a>(shares: impl IntoIterator<Item = &'a Share>) -> Option<Share> {
    let mut count = 0_i64;
    let mut numerators: BTreeMap<BigInt, BigInt> = BTreeMap::new();
    for share in shares {
        let share = share.0.reduced();
        count = count.saturating_add(1);
        *numerators.entry(share.denom().clone()).or_default() += share.numer();
    }
    let mut parts: Vec<Share> = numerators.into_iter().map(|(denominator, numerator)| Share::raw(numerator, denominator)).collect();
    while parts.len() > 1 {
        let sum = |pair: &[Share]| {
            pair.iter().fold(None, |sum: Option<Share>, part| Some(sum.map_or_else(|| part.clone(), |sum| sum.plus(part))))
        };
        parts = parts.chunks(2).filter_map(sum).collect();
    }
    parts.pop()?.over(&Share::from(count))
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn decimal(units: &BigInt, decimals: u32) -> Decimal {
    let largest = if units.sign() == Sign::Minus { Decimal::MIN } else { Decimal::MAX };
    i128::try_from(units).ok().and_then(|units| Decimal::try_from_i128_with_scale(units, decimals).ok()).unwrap_or(largest)
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn share(part: &str, whole: &str) -> Share {
        Share::of(number(part), number(whole)).expect("a share")
    }

    #[test]
    fn thirds_add_up_to_the_whole() {
        let third = share("1", "3");
        assert_eq!(third.plus(&third).plus(&third), Share::whole());
        assert_eq!(third.to_string(), "1/3");
        assert_eq!(Share::of(Decimal::ONE, Decimal::ZERO), None);
        assert_eq!(Share::whole().over(&Share::nothing()), None);
    }

    #[test]
    fn equal_shares_are_equal_however_they_came_about() {
        let hash = |share: &Share| {
            let mut hasher = DefaultHasher::new();
            share.hash(&mut hasher);
            hasher.finish()
        };
        let (half, quarters) = (share("1", "2"), share("10", "40").plus(&share("-3", "-12")));
        assert_eq!((&half, hash(&half), half.to_string()), (&quarters, hash(&quarters), quarters.to_string()));
        assert_eq!(share("1", "-2").to_string(), "-1/2");
        assert!(share("1", "-2").is_negative() && half.minus(&quarters).is_nothing());
        assert_eq!(half.times(&quarters).over(&share("-1", "4")), Some(Share::whole().minus(&share("2", "1"))));
    }

    #[test]
    fn a_mean_is_exact_in_whatever_order() {
        let shares: Vec<Share> = (1..=500).map(|number: u32| share(&(number % 7).to_string(), &(number % 97 + 1).to_string())).collect();
        let sum = shares.iter().fold(Share::nothing(), |sum, share| sum.plus(share));
        let found = mean(&shares).expect("a mean");
        assert_eq!(Some(&found), sum.over(&Share::from(500)).as_ref());
        assert_eq!(Some(found), mean(shares.iter().rev()));
        assert_eq!(mean([]), None);
        assert_eq!(mean([&share("1", "3"), &share("2", "6")]), Some(share("1", "3")));
    }

    #[test]
    fn what_is_below_the_whole_never_reads_as_the_whole() {
        let almost = share("27799", "27800");
        assert_eq!((almost.cut(4).to_string(), almost.percent().to_string()), ("0.9999".into(), "99.99".into()));
        assert_eq!(almost.percent_beside(&[number("100")]).to_string(), "99.99");
        // And what is left is not nothing, on either side.
        let left = Share::whole().minus(&almost);
        assert_eq!((left.points().to_string(), left.points_beside(&[]).to_string()), ("0.01".into(), "0.01".into()));
        assert_eq!(Share::nothing().minus(&left).points().to_string(), "-0.01");
        assert_eq!(Share::nothing().points(), Decimal::ZERO);
        assert_eq!((Share::whole().cut(4), Share::whole().percent()), (Decimal::ONE, Decimal::ONE_HUNDRED));
        assert_eq!(share("27801", "27800").cut(4).normalize(), Decimal::ONE, "the whole, and a little more");
    }

    #[test]
    fn digits_are_lost_for_showing_only() {
        assert_eq!(share("2", "3").percent().to_string(), "66.66");
        assert_eq!(share("2", "3").points().to_string(), "66.67");
        assert_eq!(share("2", "3").rounded(4).to_string(), "0.6667");
        assert_eq!(share("1", "3").percent_up().to_string(), "33.34");
        assert_eq!(share("3", "4").percent().to_string(), "75");
        assert_eq!(share("-1", "8").points().to_string(), "-12.5");
        assert_eq!(share("1", "200000").rounded(4).to_string(), "0.0000");
        assert_eq!(Share::from(Decimal::MAX).percent(), Decimal::MAX);
        assert_eq!(Share::from(Decimal::MIN).percent(), Decimal::MIN);
    }

    #[test]
    fn a_number_beside_a_threshold_is_on_the_side_it_is_on() {
        let thresholds = [number("10"), number("30")];
        for (exact, cut, away) in [
            ("0.0999999", "9.99", "9.99999"),
            ("0.1", "10", "10"),
            ("0.30000001", "30.000001", "30.01"),
            ("0.14449", "14.44", "14.45"),
            ("-0.14449", "-14.44", "-14.45"),
        ] {
            let share = Share::from(number(exact));
            assert_eq!(
                (share.percent_beside(&thresholds).to_string(), share.points_beside(&thresholds).to_string()),
                (cut.into(), away.into())
            );
        }
    }

    #[test]
    fn the_least_figure_is_whole_where_whole_things_are_counted() {
        assert_eq!(share("7", "2").least_figure(0, false).to_string(), "4");
        assert_eq!(share("4", "1").least_figure(0, false).to_string(), "4");
        assert_eq!(share("4", "1").least_figure(0, true).to_string(), "5");
        assert_eq!(share("1", "3").least_figure(2, true).to_string(), "0.34");
    }
}
