//! The tables as `SeaORM` entities, one file a table, with typed ids and the enumerations of the domain. No logic, no GraphQL.

#![allow(clippy::disallowed_methods, reason = "the derived code offers finders; who may call them is the business of the service")]
#![allow(missing_docs, reason = "a column is documented where the domain defines its field")]

mod enumeration;
mod id;
mod quantity;
mod timestamp;

pub mod acceptance;
pub mod acceptance_figure;
pub mod acceptance_milestone;
pub mod account;
pub mod allocation;
pub mod api_key;
pub mod assignment;
pub mod audit_event;
pub mod audit_head;
pub mod blocker;
pub mod event_watch;
pub mod holiday;
pub mod holiday_year;
pub mod indicator;
pub mod jurisdiction;
pub mod meeting;
pub mod milestone;
pub mod notice;
pub mod notice_recipient;
pub mod notice_setting;
pub mod population;
pub mod progress_event;
pub mod progress_report;
pub mod project;
pub mod refresh_token;
pub mod report_figure;
pub mod report_milestone;
pub mod report_transition;
pub mod reporting_duty;
pub mod rule_set;
pub mod search_entry;
pub mod session;
pub mod sign_in_throttle;
pub mod signing_key;
pub mod target;
pub mod task;
pub mod task_standing;
pub mod task_topic;
pub mod topic;
pub mod trusted_document;
pub mod unit;
pub mod unit_alias;
pub mod unit_member;
pub mod write_check;

pub use enumeration::*;
pub use id::*;
pub use quantity::{Quantity, QuantityError};
pub use timestamp::Timestamp;
