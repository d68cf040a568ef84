//! Comparison, coverage, trend, breakdown, groups, similar tasks.

pub(in crate::graphql) mod breakdown;
pub(in crate::graphql) mod comparison;
pub(in crate::graphql) mod coverage;
pub(in crate::graphql) mod group;
pub(in crate::graphql) mod similarity;
pub(in crate::graphql) mod trend;
