//! Notices, projects, tasks, targets, assignments.

pub(in crate::graphql) mod assignment;
pub(in crate::graphql) mod notice;
pub(in crate::graphql) mod project;
pub(in crate::graphql) mod target;
pub(in crate::graphql) mod task;
