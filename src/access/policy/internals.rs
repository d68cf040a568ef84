//! What is internal to jurisdictions, and who reads it where. Every part of the service asks here, and nowhere else.

use entity::{Action, JurisdictionId, Role};

use super::general;
use crate::access::{reason::Reason, viewer::Viewer};

/// Where a viewer reads what is internal: how duties are met, claims, reviews, meetings, unpublished notices, and the office's light. All
/// else is judged and shown as for the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Internals<'a> {
    /// Nowhere, and why.
    Nowhere(Reason),
    /// In these jurisdictions.
    Of(&'a [JurisdictionId]),
    /// Everywhere.
    Everywhere,
}

impl<'a> Internals<'a> {
    /// Those that a viewer reads: a unit those of its own jurisdiction; an office and a leader those of all below as well. Deputies stand
    /// outside the government, and admins look after accounts, not projects: both read what is published.
    #[must_use]
    pub fn of(viewer: &'a Viewer) -> Self {
        if let Err(reason) = general(viewer, Action::ReadCompliance) {
            return Self::Nowhere(reason);
        }
        match viewer {
            Viewer::Public => Self::Nowhere(Reason::SignInFirst),
            Viewer::Operator => Self::Everywhere,
            Viewer::Account(actor) => match actor.role {
                Role::Unit => Self::Of(std::slice::from_ref(&actor.jurisdiction_id)),
                Role::Office | Role::Leader => Self::Of(&actor.subtree),
                Role::Deputy | Role::Admin => Self::Nowhere(Reason::RoleMayNot),
            },
        }
    }

    /// Whether those of a jurisdiction are among them.
    ///
    /// # Errors
    /// Why not.
    pub fn check(self, jurisdiction: JurisdictionId) -> Result<(), Reason> {
        match self {
            Self::Everywhere => Ok(()),
            Self::Of(places) if places.contains(&jurisdiction) => Ok(()),
            Self::Of(_) => Err(Reason::InternalElsewhere),
            Self::Nowhere(reason) => Err(reason),
        }
    }

    /// Whether those of a jurisdiction are among them.
    #[must_use]
    pub fn contain(self, jurisdiction: JurisdictionId) -> bool {
        self.check(jurisdiction).is_ok()
    }

    /// Whether there are any.
    #[must_use]
    pub fn are_any(self) -> bool {
        !matches!(self, Self::Nowhere(_) | Self::Of([]))
    }
}
