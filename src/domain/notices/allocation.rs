//! 分解指标: the shares of a target that are handed to units.

use entity::{AllocationId, TargetId, UnitId};
use rust_decimal::Decimal;

/// A share of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Its id.
    pub id: AllocationId,
    /// The target.
    pub target_id: TargetId,
    /// The unit that is to achieve it.
    pub unit_id: UnitId,
    /// How much, in the target's unit.
    pub value: Decimal,
}

/// The sum of the shares of a target, beside the promise; `None` if the sum is beyond a decimal.
#[must_use]
pub fn total<'a>(allocations: impl IntoIterator<Item = &'a Allocation>) -> Option<Decimal> {
    allocations.into_iter().try_fold(Decimal::ZERO, |sum, allocation| sum.checked_add(allocation.value))
}
