//! Jurisdictions and units.

pub(in crate::graphql) mod jurisdiction;
pub(in crate::graphql) mod unit;
