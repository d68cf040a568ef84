//! Reading the audit chain: the events that a viewer sees, and the whole chain for verification.

pub(in crate::store) mod guard;

use std::collections::HashMap;

use entity::{AccountId, Action, AuditEventId, AuditOutcome, audit_event, audit_head};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, IntoSimpleExpr as _, QueryFilter as _, QueryOrder as _,
    QueryResult, QuerySelect as _, QueryTrait as _,
};

use super::{
    Database, StoreError, Visible, keyset,
    keyset::{OrderDirection, Ordering},
};
use crate::domain::{
    audit::{AuditEvent, Author, Subject},
    page::{Page, PageRequest},
};

/// Which events a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Actions.
    pub actions: Option<Vec<Action>>,
    /// Outcomes.
    pub outcomes: Option<Vec<AuditOutcome>>,
    /// The actor.
    pub actor: Option<AccountId>,
}

/// An event with the hashes that chain it, or the number of a row that this service did not write.
pub type Linked = Result<Link, i64>;

/// An event with the hashes that chain it.
#[derive(Clone, Debug)]
pub struct Link {
    /// The event.
    pub event: AuditEvent,
    /// The hash of the one before it, as stored.
    pub previous_hash: String,
    /// Its own, as stored.
    pub hash: String,
}

/// The end of the chain as stored: its last number and hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The number of the last event; 0 if there is no event.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
}

impl Visible {
    /// A page of the events that a filter chooses, the latest first.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn audit_page(&self, filter: &AuditFilter, request: &PageRequest) -> Result<Page<AuditEvent>, StoreError> {
        let mut select = self.audit_events();
        if let Some(codes) = &filter.jurisdictions {
            let chosen = self.jurisdiction_ids(codes, filter.descendants).await?;
            select = select.filter(audit_event::Column::JurisdictionId.is_in(chosen));
        }
        if let Some(actions) = &filter.actions {
            select = select.filter(audit_event::Column::Action.is_in(actions.iter().copied()));
        }
        if let Some(outcomes) = &filter.outcomes {
            select = select.filter(audit_event::Column::Outcome.is_in(outcomes.iter().copied()));
        }
        if let Some(actor) = filter.actor {
            select = select.filter(audit_event::Column::ActorId.eq(actor));
        }
        let keys = vec![(audit_event::Column::Sequence.into_simple_expr(), OrderDirection::Descending)];
        let ordering = Ordering::new("audit", keys, audit_event::Column::Id.into_simple_expr());
        Ok(keyset::page(self.connection(), select, &ordering, request).await?.map(AuditEvent::from))
    }

    /// The events with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn audit_events_by_id(&self, ids: &[AuditEventId]) -> Result<HashMap<AuditEventId, AuditEvent>, StoreError> {
        let rows = self.audit_events().filter(audit_event::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, AuditEvent::from(row))).collect())
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever verifies the chain reads all of it")]
impl Database {
    /// The links of the chain after a number, in order, at most `limit`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn audit_links(&self, after: i64, limit: u64) -> Result<Vec<Linked>, StoreError> {
        let select = audit_event::Entity::find()
            .filter(audit_event::Column::Sequence.gt(after))
            .order_by_asc(audit_event::Column::Sequence)
            .limit(limit);
        let rows = self.reader().query_all(&select.into_query()).await?;
        rows.iter().map(|row| Ok(link(row).ok_or(row.try_get::<i64>("", "sequence")?))).collect()
    }

    /// The end of the chain as it is stored beside it.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn audit_end(&self) -> Result<End, StoreError> {
        let row = audit_head::Entity::find().one(self.reader()).await?;
        Ok(row.map(|row| End { sequence: row.sequence, hash: row.hash }).unwrap_or_default())
    }
}

/// The link that a row is. Each row is read by itself, because an altered row may be unreadable.
fn link(row: &QueryResult) -> Option<Link> {
    let row = audit_event::Model::from_query_result(row, "").ok()?;
    // The three columns of the actor are all filled or all empty: a part of them would not be a part of the hashed event.
    let said = [row.actor_id.is_some(), row.actor_username.is_some(), row.actor_role.is_some()];
    let whole = said == [true; 3] || said == [false; 3];
    whole.then(|| Link { previous_hash: row.previous_hash.clone(), hash: row.hash.clone(), event: row.into() })
}

impl From<audit_event::Model> for AuditEvent {
    fn from(row: audit_event::Model) -> Self {
        let actor = match (row.actor_id, row.actor_username, row.actor_role) {
            (Some(id), Some(username), Some(role)) => Some(Author { id, username, role }),
            _ => None,
        };
        let subject = row.subject.zip(row.subject_id).map(|(kind, id)| Subject { kind, id });
        Self {
            sequence: row.sequence,
            id: row.id,
            at: row.at.into(),
            action: row.action,
            outcome: row.outcome,
            reason: row.reason,
            actor,
            credential: row.credential,
            subject,
            jurisdiction_id: row.jurisdiction_id,
            changes: row.changes,
            request_id: row.request_id,
            address: row.address,
        }
    }
}
