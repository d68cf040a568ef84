//! The catalogue that makes notices comparable: topics and indicators.

pub mod indicator;
pub mod topic;
