//! The features of tasks, by which similar ones are found.

pub(in crate::store) mod profile;
