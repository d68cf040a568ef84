//! What can change what somebody sees.

use entity::Action;

/// Whether an action, where it changes anything, may change what anybody sees of the reference data, notices and work on them. Those
/// that may not are few and named, so that one that is new is taken for one that may.
#[must_use]
pub fn may_change_by(action: Action) -> bool {
    !matches!(
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
            | Action::LockAccount
            | Action::UnlockAccount
            | Action::ResetPassword
            | Action::RotateSigningKeys
            | Action::ChangeDocuments
    )
}
