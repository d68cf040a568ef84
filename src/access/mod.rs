//! Who may do what: who is asking, and which rows exist for them.

pub mod viewer;
pub mod visibility;
