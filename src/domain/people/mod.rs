//! Accounts, their sessions and API keys.

pub mod account;
pub mod api_key;
pub mod session;
