//! Accounts, sessions, API keys, and the viewer.

pub(in crate::graphql) mod account;
pub(in crate::graphql) mod api_key;
pub(in crate::graphql) mod permission;
pub(in crate::graphql) mod session;
pub(in crate::graphql) mod viewer;
