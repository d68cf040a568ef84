//! What can change what the public sees.

use entity::Action;

/// Whether an action, where it changes anything, may by itself change what the public sees of the reference data, notices and work on
/// them. Those that may not are few and named, so that one that is new is taken for one that may.
///
/// The names of answers rise by this. A name that rose with a hidden change would tell the public of that change.
#[must_use]
pub fn may_change_by(action: Action) -> bool {
    !is_of_accounts(action) && !is_hidden(action)
}

/// Who somebody is, and how they prove it.
fn is_of_accounts(action: Action) -> bool {
    matches!(
        action,
        Action::SignIn
            | Action::RefreshSession
            | Action::SignOut
            | Action::SignOutEverywhere
            | Action::EndSession
            | Action::ChangePassword
            | Action::CreateApiKey
            | Action::RevokeApiKey
            | Action::CreateAccount
            | Action::ChangeAccount
            | Action::TransferAccount
            | Action::LockAccount
            | Action::UnlockAccount
            | Action::ResetPassword
            | Action::RotateSigningKeys
            | Action::ChangeDocuments
    )
}

/// What stays inside a jurisdiction. Where such an action does show the public something, such as a report that is accepted, one of its
/// events says so.
fn is_hidden(action: Action) -> bool {
    matches!(
        action,
        Action::SubmitProgress
            | Action::ReviewProgress
            | Action::ResolveBlocker
            | Action::ClaimCompletion
            | Action::ReturnCompletion
            | Action::RecordMeeting
            | Action::WatchTime
    )
}
