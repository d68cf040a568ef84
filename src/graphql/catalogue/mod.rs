//! Topics and indicators.

pub(in crate::graphql) mod indicator;
pub(in crate::graphql) mod topic;
