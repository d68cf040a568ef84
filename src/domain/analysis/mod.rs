//! Questions over many notices: comparison, coverage, trend, breakdown, groups, similar tasks.

pub mod breakdown;
pub mod comparison;
pub mod coverage;
pub mod group;
pub mod similarity;
pub mod trend;
