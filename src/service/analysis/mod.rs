//! Use cases over many notices: comparison, coverage, groups, similar tasks.

pub mod comparison;
pub mod coverage;
pub mod group;
pub mod similarity;
