//! Typed ids: a task's id cannot be handed to a function that wants a unit's.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! typed_ids {
    ($($name:ident: $of:literal,)+) => {$(
        #[doc = concat!("The id of ", $of, ": a time-ordered UUID (version 7), so that no table depends on a sequence.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        pub struct $name(pub Uuid);

        impl $name {
            /// An id that no row has yet. The one place where ids come from, so `Uuid::now_v7` is banned elsewhere.
            #[expect(clippy::disallowed_methods, reason = "the one place where ids come from")]
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

typed_ids! {
    JurisdictionId: "a jurisdiction",
    UnitId: "a unit",
    UnitAliasId: "another name of a unit",
    TopicId: "a topic",
    IndicatorId: "an indicator",
    NoticeId: "a notice",
    ReportingDutyId: "a reporting duty",
    ProjectId: "a project",
    TaskId: "a task",
    AssignmentId: "an assignment",
    TargetId: "a target",
    AccountId: "an account",
    SessionId: "a session",
    RefreshTokenId: "a refresh token",
    ApiKeyId: "an API key",
    AuditEventId: "an audit event",
    MilestoneId: "a milestone",
    AllocationId: "an allocation",
    ProgressReportId: "a progress report",
    AcceptanceId: "an acceptance",
    BlockerId: "a blocker",
    RuleSetId: "a rule set",
    MeetingId: "a meeting",
    ProgressEventId: "a progress event",
}
