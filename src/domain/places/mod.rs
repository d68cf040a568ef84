//! Places: jurisdictions, their units, their residents, and their holidays.

pub mod holiday;
pub mod jurisdiction;
pub mod population;
pub mod unit;
