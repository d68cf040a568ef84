//! The tables as `SeaORM` entities, one file a table, with typed ids and the enumerations of the domain. No logic, no GraphQL.

#![allow(clippy::disallowed_methods, reason = "the derived code offers finders; who may call them is the business of the service")]
#![allow(missing_docs, reason = "a column is documented where the domain defines its field")]

mod enumeration;
mod id;
mod quantity;
mod timestamp;

pub mod account;
pub mod api_key;
pub mod assignment;
pub mod audit_event;
pub mod audit_head;
pub mod indicator;
pub mod jurisdiction;
pub mod notice;
pub mod notice_recipient;
pub mod project;
pub mod refresh_token;
pub mod reporting_duty;
pub mod search_entry;
pub mod session;
pub mod sign_in_throttle;
pub mod signing_key;
pub mod target;
pub mod task;
pub mod task_topic;
pub mod topic;
pub mod unit;
pub mod unit_alias;
pub mod unit_member;

pub use enumeration::{
    Action, AdoptionMethod, Aggregation, ApiKeyRights, AssignmentRole, AuditOutcome, AuditSubject, Cadence, Comparator, Disclosure,
    DutyKind, JurisdictionKind, NoticeState, Obligor, Proof, RecipientRole, Role, SearchSubject, SessionEnd, TargetKind, UnitKind,
};
pub use id::{
    AccountId, ApiKeyId, AssignmentId, AuditEventId, IndicatorId, JurisdictionId, NoticeId, ProjectId, RefreshTokenId, ReportingDutyId,
    SessionId, TargetId, TaskId, TopicId, UnitAliasId, UnitId,
};
pub use quantity::{Quantity, QuantityError};
pub use timestamp::Timestamp;
