//! The caller.

use std::sync::Arc;

use entity::{AccountId, ApiKeyId, ApiKeyRights, JurisdictionId, Role, SessionId, UnitId};

/// The caller. A request without an account is the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// No account: sees public data.
    Public,
    /// An account, as it was when the request came in.
    Account(Arc<Actor>),
    /// The person who runs the commands of this program on its database: the administrator of the machine.
    Operator,
}

/// An account that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub username: String,
    /// Its role.
    pub role: Role,
    /// Its jurisdiction.
    pub jurisdiction_id: JurisdictionId,
    /// Its unit, of a unit account.
    pub unit_id: Option<UnitId>,
    /// Its version: a write is refused once the account has changed.
    pub version: i32,
    /// Whether another person set its password, which must then be changed first.
    pub password_temporary: bool,
    /// Its jurisdiction and all below.
    pub subtree: Vec<JurisdictionId>,
    /// Its credential.
    pub credential: Credential,
}

/// The credential of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// An access token of a session here.
    Session(SessionId),
    /// An API key.
    ApiKey(ApiKeyId, ApiKeyRights),
    /// A token of the configured issuer.
    External,
}

impl Viewer {
    /// The account that asks, if one does.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Account(actor) => Some(actor),
            Self::Public | Self::Operator => None,
        }
    }
}
