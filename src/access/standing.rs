//! What can change who somebody is, or what they may see, while they are being served.

use entity::Action;
use sea_orm::Iterable as _;

/// Whether an action, where it changes anything, can end what somebody proved themselves with or give them another standing. Whoever
/// follows the events of tasks is asked to prove themselves again after each of them.
#[must_use]
pub fn may_change_by(action: Action) -> bool {
    matches!(
        action,
        Action::RefreshSession
            | Action::SignOut
            | Action::SignOutEverywhere
            | Action::EndSession
            | Action::ChangePassword
            | Action::RevokeApiKey
            | Action::ChangeAccount
            | Action::TransferAccount
            | Action::LockAccount
            | Action::UnlockAccount
            | Action::ResetPassword
            | Action::RotateSigningKeys
    )
}

/// All such actions.
pub fn actions() -> impl Iterator<Item = Action> {
    Action::iter().filter(|action| may_change_by(*action))
}
