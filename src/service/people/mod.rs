//! Use cases of people: accounts, sessions, API keys, authentication.

pub mod account;
pub mod api_key;
pub mod authentication;
pub mod checking;
pub(in crate::service) mod keyring;
pub mod session;
