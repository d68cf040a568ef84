//! The promises of a notice: projects, tasks, targets, assignments, shares.

pub mod allocation;
pub mod assignment;
pub mod check;
pub mod draft;
pub mod notice;
pub mod project;
pub mod seed;
pub mod target;
pub mod task;
