//! Access control: the caller and their proof, the rows that exist for them, and the actions that they may do.

pub mod client;
pub mod issuer;
pub mod password;
pub mod policy;
pub mod reason;
pub mod recorded;
pub mod root_field;
pub mod throttle;
pub mod token;
pub mod viewer;
pub mod visibility;
