//! Which of what an audit event tells of a change is shown to whom: one rule for each field, by where the field stands otherwise.

use entity::Action;

/// Who is shown a field, among those who read the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of them. It tells only of the event itself.
    Always,
    /// Those who see what the event is about: a notice, a task, an account or an API key.
    WithSubject,
    /// Those who read what is internal to the jurisdiction.
    Inside,
}

/// A name that stands for every report of an event of several, by its id.
const EACH_REPORT: &str = "*";

/// Who is shown a field of an action. A field that is not listed is shown inside alone, so that a forgotten one tells too little.
#[must_use]
pub fn shown(action: Action, field: &str) -> Shown {
    let listed = fields(action);
    let found = listed.iter().find(|(name, _)| *name == field).or_else(|| listed.iter().find(|(name, _)| *name == EACH_REPORT));
    found.map_or(Shown::Inside, |(_, shown)| *shown)
}

/// Whether a field of an action is listed.
#[must_use]
pub fn is_listed(action: Action, field: &str) -> bool {
    fields(action).iter().any(|(name, _)| [field, EACH_REPORT].contains(name))
}

/// All fields that an action records. The match has no default, so that a new action cannot be forgotten.
fn fields(action: Action) -> &'static [(&'static str, Shown)] {
    use Shown::{Always, Inside, WithSubject};
    match action {
        // They change nothing.
        Action::ReadNotice | Action::ReadAccount | Action::ReadAudit | Action::ReadCompliance => &[],
        Action::SignIn | Action::RefreshSession | Action::SignOut | Action::SignOutEverywhere | Action::EndSession => {
            &[("openSessions", Always)]
        }
        Action::ChangePassword => &[("password", Always), ("otherSessions", Always)],
        Action::CreateApiKey | Action::RevokeApiKey => &[
            ("name", WithSubject),
            ("rights", WithSubject),
            ("expiresAt", WithSubject),
            ("secret", WithSubject),
            ("revokedAt", WithSubject),
        ],
        Action::CreateAccount
        | Action::ChangeAccount
        | Action::TransferAccount
        | Action::LockAccount
        | Action::UnlockAccount
        | Action::ResetPassword => &[
            ("username", WithSubject),
            ("role", WithSubject),
            ("jurisdiction", WithSubject),
            ("unit", WithSubject),
            ("externalSubject", WithSubject),
            // A text of the office: why an account is locked.
            ("lockReason", WithSubject),
            ("openSessions", WithSubject),
            ("password", WithSubject),
            // Those of the demo.
            ("accounts", WithSubject),
        ],
        // Reports stand inside until they are accepted, and how they came about ever after. The reason of a review is an internal text:
        // `stateReason`, or that of each report by its id.
        Action::SubmitProgress => &[
            ("report", Inside),
            ("reportVersion", Inside),
            ("inventedReports", Inside),
            ("inventedMeetings", Inside),
            (EACH_REPORT, Inside),
        ],
        Action::ReviewProgress => &[("state", Inside), ("stateReason", Inside), (EACH_REPORT, Inside)],
        // `resolution` is an internal text of the blocker.
        Action::ResolveBlocker => &[("state", Inside), ("resolution", Inside)],
        // `claimNote` and `returnReason` are internal texts of the task.
        Action::ClaimCompletion => &[("claimedOn", Inside), ("claimNote", Inside)],
        Action::ReturnCompletion => &[("claimedOn", Inside), ("returnReason", Inside)],
        // What follows stands in the open with the task: `closingNote`, `suspensionReason` and `extensionReason` are public texts.
        Action::AcceptCompletion => &[("acceptedOn", WithSubject), ("inForceOn", WithSubject), ("closingNote", WithSubject)],
        Action::SuspendTask => &[("suspendedOn", WithSubject), ("suspensionReason", WithSubject)],
        Action::ResumeTask => &[("suspendedOn", WithSubject)],
        Action::ExtendTask => &[("extendedTo", WithSubject), ("extensionReason", WithSubject)],
        Action::SavePlan => &[("startsOn", WithSubject), ("dueOn", WithSubject), ("milestones", WithSubject)],
        Action::AllocateTarget => &[("allocations", WithSubject)],
        Action::ChangeReporting => &[("acceptsWeekly", WithSubject), ("movedByHolidays", WithSubject), ("duties", WithSubject)],
        Action::AdoptRuleSet => &[("ruleSet", Always), ("inForceFrom", Always)],
        // A meeting is internal, and its summary is not recorded.
        Action::RecordMeeting => &[("kind", Inside), ("heldOn", Inside)],
        // How many reports are overdue, in the whole installation.
        Action::WatchTime => &[("overdue", Inside), ("lights", Inside)],
        Action::RotateSigningKeys => &[("retired", Always), ("revoked", Always)],
        Action::ChangeDocuments => &[("registered", Always), ("retired", Always)],
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn a_field_that_is_not_listed_is_shown_inside_alone() {
        for action in Action::iter() {
            assert_eq!(shown(action, "forgotten"), Shown::Inside, "{action:?}");
        }
    }

    #[test]
    fn internal_texts_are_shown_inside_alone() {
        for (action, field) in [
            (Action::ClaimCompletion, "claimNote"),
            (Action::ReturnCompletion, "returnReason"),
            (Action::ReviewProgress, "stateReason"),
            (Action::ResolveBlocker, "resolution"),
        ] {
            assert_eq!((shown(action, field), is_listed(action, field)), (Shown::Inside, true), "{action:?}");
        }
        assert_eq!(shown(Action::AcceptCompletion, "closingNote"), Shown::WithSubject);
    }
}
