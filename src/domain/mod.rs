//! Pure rules and the records they speak of. No input or output, no clock of its own, no SQL, no GraphQL.

pub mod account;
pub mod api_key;
pub mod assignment;
pub mod audit;
pub mod figure;
pub mod indicator;
pub mod jurisdiction;
pub mod language;
pub mod notice;
pub mod page;
pub mod project;
pub mod search;
pub mod seed;
pub mod session;
pub mod target;
pub mod task;
pub mod topic;
pub mod unit;
