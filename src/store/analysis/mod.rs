//! What tasks are known by, so that similar ones can be found.

pub(in crate::store) mod profile;
