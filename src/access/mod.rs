//! Who may do what: who is asking and how that is proved, which rows exist for them, and what they may do.

pub mod client;
pub mod issuer;
pub mod password;
pub mod policy;
pub mod reason;
pub mod recorded;
pub mod root_field;
pub mod shown;
pub mod standing;
pub mod throttle;
pub mod token;
pub mod viewer;
pub mod visibility;
