//! Which root fields there are and who may call them. A field that is not named here is refused: a new field is closed until a developer
//! opens it.

use entity::Action;

use super::{policy, reason::Reason, viewer::Viewer};

/// The requirement of a root field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Anybody; in a word why.
    Anybody(&'static str),
    /// Everybody who may do this to at least one object. The use case decides for each object.
    May(Action),
}

const REFERENCE: Requirement = Requirement::Anybody("public reference data");
const PUBLISHED: Requirement = Requirement::Anybody("shows the notices that the viewer may see, and what hangs on them");

/// The root fields of queries.
pub const QUERIES: [(&str, Requirement); 33] = [
    ("account", Requirement::Anybody("null unless the viewer may see the account")),
    ("accounts", Requirement::May(Action::ReadAccount)),
    ("auditEvents", Requirement::May(Action::ReadAudit)),
    ("budget", Requirement::Anybody("says what whoever asks may spend")),
    ("builtInRuleSets", REFERENCE),
    ("compareTasks", PUBLISHED),
    ("comparison", PUBLISHED),
    ("compliance", Requirement::May(Action::ReadCompliance)),
    ("coverage", PUBLISHED),
    ("indicator", REFERENCE),
    ("indicators", REFERENCE),
    ("jurisdiction", REFERENCE),
    ("jurisdictions", REFERENCE),
    ("leaderDuties", Requirement::May(Action::ReadCompliance)),
    ("ledger", PUBLISHED),
    ("node", Requirement::Anybody("null unless the viewer may see what has the id")),
    ("nodes", Requirement::Anybody("null where the viewer may not see what has the id")),
    ("notice", PUBLISHED),
    ("notices", PUBLISHED),
    ("project", PUBLISHED),
    ("projects", PUBLISHED),
    ("reportGroups", Requirement::Anybody("counts the reports that the viewer may see, and duties where that is for the viewer")),
    ("reports", Requirement::Anybody("holds the reports that the viewer may see: the public those that are accepted")),
    ("similarTasks", PUBLISHED),
    ("task", PUBLISHED),
    ("taskGroups", PUBLISHED),
    ("tasks", PUBLISHED),
    ("topic", REFERENCE),
    ("topics", REFERENCE),
    ("trend", PUBLISHED),
    ("unit", REFERENCE),
    ("units", REFERENCE),
    ("viewer", Requirement::Anybody("says who is asking, also where that is nobody")),
];

/// The root fields of mutations, each with the action that the use case authorises and records.
pub const MUTATIONS: [(&str, Action); 30] = [
    ("acceptCompletion", Action::AcceptCompletion),
    ("adoptRuleSet", Action::AdoptRuleSet),
    ("allocateTarget", Action::AllocateTarget),
    ("changeAccount", Action::ChangeAccount),
    ("changePassword", Action::ChangePassword),
    ("changeReporting", Action::ChangeReporting),
    ("claimCompletion", Action::ClaimCompletion),
    ("createAccount", Action::CreateAccount),
    ("createApiKey", Action::CreateApiKey),
    ("endSession", Action::EndSession),
    ("extendTask", Action::ExtendTask),
    ("lockAccount", Action::LockAccount),
    ("recordMeeting", Action::RecordMeeting),
    ("refreshSession", Action::RefreshSession),
    ("resetPassword", Action::ResetPassword),
    ("resolveBlocker", Action::ResolveBlocker),
    ("resumeTask", Action::ResumeTask),
    ("returnCompletion", Action::ReturnCompletion),
    ("reviewProgress", Action::ReviewProgress),
    ("reviewProgressBatch", Action::ReviewProgress),
    ("revokeApiKey", Action::RevokeApiKey),
    ("savePlan", Action::SavePlan),
    ("signIn", Action::SignIn),
    ("signOut", Action::SignOut),
    ("signOutEverywhere", Action::SignOutEverywhere),
    ("submitProgress", Action::SubmitProgress),
    ("submitProgressBatch", Action::SubmitProgress),
    ("suspendTask", Action::SuspendTask),
    ("transferAccount", Action::TransferAccount),
    ("unlockAccount", Action::UnlockAccount),
];

/// The mutations that anybody may call, each with the reason.
pub const OPEN_MUTATIONS: [(&str, &str); 2] = [
    ("refreshSession", "an access token has expired when it is renewed; the refresh token proves who asks"),
    ("signIn", "whoever signs in is nobody yet"),
];

/// The root fields of subscriptions.
pub const SUBSCRIPTIONS: [(&str, Requirement); 1] =
    [("progressEvents", Requirement::Anybody("tells of the events that the viewer may know of, each time anew"))];

/// Whether a viewer may call a root field of queries.
///
/// # Errors
/// Why not.
pub fn query(viewer: &Viewer, field: &str) -> Result<(), Reason> {
    permitted(&QUERIES, viewer, field)
}

/// Whether a viewer may call a root field of subscriptions.
///
/// # Errors
/// Why not.
pub fn subscription(viewer: &Viewer, field: &str) -> Result<(), Reason> {
    permitted(&SUBSCRIPTIONS, viewer, field)
}

fn permitted(table: &[(&str, Requirement)], viewer: &Viewer, field: &str) -> Result<(), Reason> {
    match table.iter().find(|(name, _)| *name == field) {
        Some((_, Requirement::Anybody(_))) => Ok(()),
        Some((_, Requirement::May(action))) => policy::general(viewer, *action),
        None => Err(Reason::RoleMayNot),
    }
}

/// Whether a root field of mutations is known. The use case decides who may call it, and records it.
///
/// # Errors
/// It is not.
pub fn mutation(field: &str) -> Result<(), Reason> {
    if MUTATIONS.iter().any(|(name, _)| *name == field) { Ok(()) } else { Err(Reason::RoleMayNot) }
}
