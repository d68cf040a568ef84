//! Rows of notices and of what belongs to them, and the loading of seeds.

pub(in crate::store) mod assignment;
pub(in crate::store) mod notice;
pub(in crate::store) mod project;
pub(in crate::store) mod seed;
pub(in crate::store) mod target;
pub(in crate::store) mod task;
