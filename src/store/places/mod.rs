//! Rows of places: jurisdictions, units, residents, holidays.

pub(in crate::store) mod holiday;
pub(in crate::store) mod jurisdiction;
pub(in crate::store) mod population;
pub(in crate::store) mod unit;
