//! 审计: the record of an action, and the chain that shows an altered or removed record.

use std::{collections::BTreeMap, net::IpAddr};

use chrono::{DateTime, Utc};
use entity::{AccountId, Action, AuditEventId, AuditOutcome, AuditSubject, JurisdictionId, Proof, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// When something was asked, under which request, from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// When.
    pub at: DateTime<Utc>,
    /// The id that ties it to the answer and the log.
    pub request_id: String,
    /// The address of the caller; `None` for the commands of this program.
    pub address: Option<IpAddr>,
}

/// The actor, as they were then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub username: String,
    /// Its role.
    pub role: Role,
}

/// The subject of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind of object.
    pub kind: AuditSubject,
    /// Which.
    pub id: Uuid,
}

/// The changes of an action, by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Changes(BTreeMap<String, Change>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    before: Value,
    after: Value,
}

/// The text in place of a secret, and in place of a value that the reader may not see.
pub const MASK: &str = "***";

impl Changes {
    /// With a field that was one thing and is another; one that stayed the same is left out.
    #[must_use]
    pub fn with(mut self, field: &str, before: impl Serialize, after: impl Serialize) -> Self {
        // A value without a JSON form is recorded as null; the records of the domain all have one.
        let [before, after] = [serde_json::to_value(before), serde_json::to_value(after)].map(Result::unwrap_or_default);
        if before != after {
            self.0.insert(field.to_owned(), Change { before, after });
        }
        self
    }

    /// With a secret that was changed; the record says only that it changed.
    #[must_use]
    pub fn with_secret(mut self, field: &str) -> Self {
        self.0.insert(field.to_owned(), Change { before: MASK.into(), after: MASK.into() });
        self
    }

    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As JSON: `{"role": {"before": "UNIT", "after": "OFFICE"}}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// An event as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its place in the chain, from 1.
    pub sequence: i64,
    /// Its id.
    pub id: AuditEventId,
    /// When.
    pub at: DateTime<Utc>,
    /// The action that was done or tried.
    pub action: Action,
    /// The outcome.
    pub outcome: AuditOutcome,
    /// Why not, in a word, where it was not done.
    pub reason: Option<String>,
    /// The actor; `None` if nobody was signed in, and for the commands of this program.
    pub actor: Option<Author>,
    /// The credential of the actor.
    pub credential: Proof,
    /// The subject.
    pub subject: Option<Subject>,
    /// Whose office may read it.
    pub jurisdiction_id: Option<JurisdictionId>,
    /// The changes, as JSON text.
    pub changes: String,
    /// The request.
    pub request_id: String,
    /// Where from.
    pub address: Option<String>,
}

impl AuditEvent {
    /// The hash of this event on top of that of the one before it. It is SHA-256 in hexadecimal over the JSON array of the former hash and
    /// every field. JSON keeps the fields apart, whatever is in them.
    #[must_use]
    pub fn hash(&self, previous: &str) -> String {
        let actor = self.actor.as_ref();
        let fields = (
            (previous, self.sequence, self.id, self.at.timestamp_micros(), self.action, self.outcome, &self.reason),
            (actor.map(|actor| actor.id), actor.map(|actor| &actor.username), actor.map(|actor| actor.role), self.credential),
            (self.subject.map(|subject| subject.kind), self.subject.map(|subject| subject.id), self.jurisdiction_id),
            (&self.changes, &self.request_id, &self.address),
        );
        // Numbers, texts and ids always have a JSON form.
        hexadecimal(&Sha256::digest(serde_json::to_vec(&fields).unwrap_or_default()))
    }
}

/// Bytes as lower-case hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of a secret that is random enough not to be guessed, for which a fast one will do.
#[must_use]
pub fn fingerprint(secret: &str) -> String {
    hexadecimal(&Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> AuditEvent {
        AuditEvent {
            sequence: 7,
            id: AuditEventId(Uuid::nil()),
            at: DateTime::UNIX_EPOCH,
            action: Action::LockAccount,
            outcome: AuditOutcome::Succeeded,
            reason: None,
            actor: Some(Author { id: AccountId(Uuid::nil()), username: "office".into(), role: Role::Office }),
            credential: Proof::Session,
            subject: Some(Subject { kind: AuditSubject::Account, id: Uuid::nil() }),
            jurisdiction_id: None,
            changes: "{}".into(),
            request_id: "r".into(),
            address: None,
        }
    }

    #[test]
    fn every_field_is_part_of_the_hash() {
        let whole = event().hash("before");
        let alterations: [fn(&mut AuditEvent); 13] = [
            |event| event.sequence = 8,
            |event| event.id = AuditEventId(Uuid::max()),
            |event| event.at = DateTime::from_timestamp_micros(1).expect("a time"),
            |event| event.action = Action::UnlockAccount,
            |event| event.outcome = AuditOutcome::Failed,
            |event| event.reason = Some("R".into()),
            |event| event.actor = None,
            |event| event.credential = Proof::None,
            |event| event.subject = None,
            |event| event.jurisdiction_id = Some(JurisdictionId(Uuid::nil())),
            |event| event.changes = "{ }".into(),
            |event| event.request_id = "s".into(),
            |event| event.address = Some("127.0.0.1".into()),
        ];
        for alter in alterations {
            let mut altered = event();
            alter(&mut altered);
            assert_ne!(altered.hash("before"), whole, "{altered:?}");
        }
        assert_ne!(event().hash("another before"), whole);
        assert_eq!(event().hash("before"), whole);
    }

    #[test]
    fn a_secret_is_masked_and_what_stayed_is_left_out() {
        let changes = Changes::default().with("role", Role::Unit, Role::Office).with("unit", 1, 1).with_secret("password");
        assert_eq!(
            changes.to_json(),
            serde_json::json!({ "role": { "before": "UNIT", "after": "OFFICE" }, "password": { "before": "***", "after": "***" } })
        );
    }
}
