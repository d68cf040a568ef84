//! Rows of accounts, sessions and sign-ins.

pub(in crate::store) mod account;
pub(in crate::store) mod session;
pub(in crate::store) mod sign_in;
