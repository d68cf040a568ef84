//! Rows of notices and their parts, and the loading of seeds.

pub(in crate::store) mod assignment;
pub(in crate::store) mod notice;
pub(in crate::store) mod project;
pub(in crate::store) mod seed;
pub(in crate::store) mod target;
pub(in crate::store) mod task;
