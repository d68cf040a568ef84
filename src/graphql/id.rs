//! Global ids: `task_01h455vb4pex5vsknk084sn02q` says what it names, sorts by time, and survives a URL.

use async_graphql::{Context, ID, Result};
use entity::{
    AccountId, ApiKeyId, AssignmentId, AuditEventId, BlockerId, IndicatorId, JurisdictionId, MeetingId, MilestoneId, NoticeId,
    ProgressEventId, ProgressReportId, ProjectId, ReportingDutyId, SessionId, TargetId, TaskId, TopicId, UnitId,
};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

use super::error;
use crate::domain::language::Text;

/// An id that callers see.
pub trait GlobalId: Copy {
    /// What the id names, in lower case.
    const PREFIX: &'static str;

    /// The bare id.
    fn uuid(self) -> Uuid;

    /// The typed id of a bare one.
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! global_ids {
    ($($id:ident: $prefix:literal,)+) => {$(
        impl GlobalId for $id {
            const PREFIX: &'static str = $prefix;

            fn uuid(self) -> Uuid {
                self.0
            }

            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )+};
}

global_ids! {
    JurisdictionId: "jurisdiction",
    UnitId: "unit",
    TopicId: "topic",
    IndicatorId: "indicator",
    NoticeId: "notice",
    ReportingDutyId: "duty",
    ProjectId: "project",
    TaskId: "task",
    AssignmentId: "assignment",
    TargetId: "target",
    AccountId: "account",
    SessionId: "session",
    ApiKeyId: "apikey",
    AuditEventId: "audit",
    MilestoneId: "milestone",
    ProgressReportId: "report",
    BlockerId: "blocker",
    MeetingId: "meeting",
    ProgressEventId: "event",
}

/// The form of an id that callers see.
pub fn encode<I: GlobalId>(id: I) -> ID {
    // The prefixes above are all of the form that the library wants; a bare UUID is still a true id.
    ID(DynamicType::new(I::PREFIX)
        .map_or_else(|_| id.uuid().to_string(), |prefix| TypeSafeId::from_type_and_uuid(prefix, id.uuid()).to_string()))
}

/// The typed id that `argument` must hold.
///
/// # Errors
/// It is malformed, or an id of something else.
pub fn decode<I: GlobalId>(context: &Context<'_>, argument: &str, id: &ID) -> Result<I> {
    match parse(id) {
        Some((prefix, uuid)) if prefix == I::PREFIX => Ok(I::from_uuid(uuid)),
        Some((prefix, _)) => Err(error::bad_input(
            context,
            argument,
            &Text::new(
                format!("这是 {prefix} 的 ID，此处需要 {} 的 ID。", I::PREFIX),
                format!("This is the id of a {prefix}; the id of a {} belongs here.", I::PREFIX),
            ),
        )),
        None => Err(malformed(context, argument)),
    }
}

/// The typed id, or one that nothing has where it is malformed or of something else. For changes, which answer `NOT_FOUND` to both,
/// and record that they were tried.
pub fn or_nothing<I: GlobalId>(id: &ID) -> I {
    I::from_uuid(parse(id).filter(|(prefix, _)| prefix == I::PREFIX).map_or(Uuid::nil(), |(_, uuid)| uuid))
}

/// What an id names and the bare id, if it is one of ours in form.
pub fn parse(id: &ID) -> Option<(String, Uuid)> {
    // Of a long prefix the library quotes the first 63 bytes, and panics where these end within a character.
    if !id.is_ascii() {
        return None;
    }
    let parsed: TypeSafeId<DynamicType> = id.parse().ok()?;
    (!parsed.type_prefix().is_empty()).then(|| (parsed.type_prefix().to_owned(), parsed.uuid()))
}

/// The error of an id that is none.
pub fn malformed(context: &Context<'_>, argument: &str) -> async_graphql::Error {
    let message = Text::new(
        "这不是有效的 ID。请使用本服务返回的 id 字段原值。",
        "This is no id. Use the value of an `id` field as the service returned it.",
    );
    error::bad_input(context, argument, &message)
}
