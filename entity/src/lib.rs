//! The tables as `SeaORM` entities, one file a table, with typed ids and the enumerations of the domain. No logic, no GraphQL.

#![allow(clippy::disallowed_methods, reason = "the derived code offers finders; who may call them is the business of the service")]
#![allow(missing_docs, reason = "a column is documented where the domain defines its field")]

mod enumeration;
mod id;
mod quantity;

pub mod assignment;
pub mod indicator;
pub mod jurisdiction;
pub mod notice;
pub mod notice_recipient;
pub mod project;
pub mod reporting_duty;
pub mod search_entry;
pub mod target;
pub mod task;
pub mod task_topic;
pub mod topic;
pub mod unit;
pub mod unit_alias;
pub mod unit_member;

pub use enumeration::{
    AdoptionMethod, Aggregation, AssignmentRole, Cadence, Comparator, Disclosure, DutyKind, JurisdictionKind, NoticeState, Obligor,
    RecipientRole, SearchSubject, TargetKind, UnitKind,
};
pub use id::{
    AssignmentId, IndicatorId, JurisdictionId, NoticeId, ProjectId, ReportingDutyId, TargetId, TaskId, TopicId, UnitAliasId, UnitId,
};
pub use quantity::{Quantity, QuantityError};
