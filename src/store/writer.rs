//! Writing: one transaction for one permitted action, which ends with the event that records it.

use chrono::{DateTime, Utc};
use entity::{
    AccountId, Action, AuditEventId, AuditOutcome, AuditSubject, JurisdictionId, Proof, Timestamp, account, api_key, audit_event,
    audit_head, session,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Database, StoreError,
    commits::{self, Announcer},
    database::Place,
    transaction::Transaction,
};
use crate::{
    access::{
        policy::{Permit, rule},
        viewer::{Actor, Credential, Viewer},
    },
    domain::audit::{AuditEvent, Author, Changes, Occasion, Subject},
};

/// A transaction that writes within a permit. Its methods, one file a noun, are the only way to change a table of accounts. A change
/// without its committed event never happened.
///
/// Writers take turns on both databases: each holds the end of the audit chain from its beginning. So the values that a writer has checked
/// stay true until it writes.
#[derive(Debug)]
#[must_use]
pub struct Writer {
    pub(super) transaction: Transaction,
    permit: Permit,
    head: Head,
    /// The number of the last event that was emitted, if any was.
    pub(super) emitted: Option<i64>,
    /// Whether an emitted event tells the public something, or changes its view.
    pub(super) moves_the_public: bool,
    announcer: Announcer,
    /// Dropped after the transaction.
    _place: Place,
}

/// The end of the audit chain.
#[derive(Debug)]
struct Head {
    sequence: i64,
    hash: String,
    /// The latest time that any change has.
    changed_at: Timestamp,
    /// Whether something has changed by which tasks are judged, for anybody.
    is_judged: bool,
    /// Whether public data has changed.
    is_seen: bool,
}

/// The record of an action, besides its actor and time.
#[derive(Clone, Debug)]
pub struct Record {
    outcome: AuditOutcome,
    reason: Option<String>,
    author: Option<Author>,
    subject: Option<Subject>,
    jurisdiction: Option<JurisdictionId>,
    changes: Changes,
}

impl Record {
    /// A record of a done action.
    #[must_use]
    pub fn done() -> Self {
        Self {
            outcome: AuditOutcome::Succeeded,
            reason: None,
            author: None,
            subject: None,
            jurisdiction: None,
            changes: Changes::default(),
        }
    }

    /// A record of a refused action, and the reason in a word.
    #[must_use]
    pub fn not_done(outcome: AuditOutcome, reason: impl Into<String>) -> Self {
        Self { outcome, reason: Some(reason.into()), ..Self::done() }
    }

    /// About this.
    #[must_use]
    pub fn about(mut self, kind: AuditSubject, id: Uuid) -> Self {
        self.subject = Some(Subject { kind, id });
        self
    }

    /// Whether it is about anything.
    #[must_use]
    pub fn is_about_something(&self) -> bool {
        self.subject.is_some()
    }

    /// For the office of this jurisdiction to read. Without it, an event belongs to the jurisdiction of its actor.
    #[must_use]
    pub fn within(mut self, jurisdiction: JurisdictionId) -> Self {
        self.jurisdiction = Some(jurisdiction);
        self
    }

    /// By a caller without an earlier proof: a sign-in belongs to the account that it signs in.
    #[must_use]
    pub fn by(mut self, author: Author) -> Self {
        self.author = Some(author);
        self
    }

    /// With the changes.
    #[must_use]
    pub fn with(mut self, changes: Changes) -> Self {
        self.changes = changes;
        self
    }
}

impl Database {
    /// Begins to write within `permit`.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] where the account that was permitted has been locked, changed or signed out since; or a statement
    /// failed.
    pub async fn writing(&self, permit: Permit) -> Result<Writer, StoreError> {
        self.writing_at(self.place().await, permit).await
    }

    /// A writer for `permit`, from a place that was waited for already.
    ///
    /// # Errors
    /// Those of [`Self::writing`].
    pub async fn writing_at(&self, place: Place, permit: Permit) -> Result<Writer, StoreError> {
        let transaction = self.begin().await?;
        let head = take_turn(&transaction).await?;
        self.announcer.changed_at(head.changed_at);
        if let Viewer::Account(actor) = permit.viewer()
            && !still_stands(&transaction, actor).await?
        {
            return Err(StoreError::Overtaken);
        }
        Ok(Writer { transaction, permit, head, emitted: None, moves_the_public: false, announcer: self.announcer.clone(), _place: place })
    }

    /// Records that an action was tried and not done. Changes nothing else.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn record(&self, viewer: &Viewer, action: Action, occasion: &Occasion, record: Record) -> Result<(), StoreError> {
        let place = self.place().await;
        let transaction = self.begin().await?;
        let head = take_turn(&transaction).await?;
        append(&transaction, head, viewer, action, occasion, record).await?;
        transaction.commit().await?;
        drop(place);
        Ok(())
    }
}

impl Writer {
    /// Whether an account still has the version that was read, and is not locked: for an account that is not the viewer yet.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn account_stands(&self, id: AccountId, version: i32) -> Result<bool, StoreError> {
        account_stands(&self.transaction, id, version).await
    }

    /// Notes that public data changes, for a writer without an event of a task.
    pub fn show_the_public(&mut self) {
        self.moves_the_public = true;
    }

    /// Drops the writes, and the turn with them.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn abandon(self) -> Result<(), StoreError> {
        self.transaction.rollback().await
    }

    /// Commits the writes together with the event that records them.
    ///
    /// # Errors
    /// A statement failed; nothing was written.
    pub async fn commit(self, occasion: &Occasion, record: Record) -> Result<(), StoreError> {
        let action = self.permit.action();
        let changes = !record.changes.is_empty();
        let rule = rule(action);
        let is_seen = self.moves_the_public || (rule.moves_the_public && changes);
        let is_judged = is_seen || self.emitted.is_some();
        let is_news = is_judged || (rule.outdates.is_some() && changes);
        append(&self.transaction, Head { is_judged, is_seen, ..self.head }, self.permit.viewer(), action, occasion, record).await?;
        if is_news {
            commits::notify(&self.transaction).await?;
        }
        self.transaction.commit().await?;
        if is_news {
            self.announcer.announce();
        }
        Ok(())
    }
}

/// Whether an account is as it was when its version was read, and not locked.
async fn account_stands(transaction: &Transaction, id: AccountId, version: i32) -> Result<bool, StoreError> {
    Ok(standing(id, version).into_tuple::<AccountId>().one(transaction).await?.is_some())
}

#[expect(clippy::disallowed_methods, reason = "asks whether somebody still stands, not what they may see")]
fn standing(id: AccountId, version: i32) -> Select<account::Entity> {
    account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::Version.eq(version))
        .filter(account::Column::LockedAt.is_null())
}

/// Waits for the end of the chain and holds it until the transaction ends. One statement makes the row if it is missing and locks it if it
/// is there.
async fn take_turn(transaction: &Transaction) -> Result<Head, StoreError> {
    let row = audit_head::Entity::insert(audit_head::ActiveModel {
        id: Set(1),
        sequence: Set(0),
        hash: Set(String::new()),
        revision: Set(String::new()),
        documents: Set(String::new()),
        changed_at: Set(DateTime::UNIX_EPOCH.into()),
    })
    .on_conflict(
        OnConflict::column(audit_head::Column::Id)
            .value(audit_head::Column::Sequence, Expr::col((audit_head::Entity, audit_head::Column::Sequence)))
            .to_owned(),
    )
    .exec_with_returning(transaction)
    .await?;
    Ok(Head { sequence: row.sequence, hash: row.hash, changed_at: row.changed_at, is_judged: false, is_seen: false })
}

/// Whether the account is unchanged, and its credential still valid. One statement, since all other writers wait for it.
#[expect(clippy::disallowed_methods, reason = "asks whether the writer itself still stands, not what it may see")]
async fn still_stands(transaction: &Transaction, actor: &Actor) -> Result<bool, StoreError> {
    let holds = match actor.credential {
        Credential::External => return account_stands(transaction, actor.id, actor.version).await,
        Credential::Session(id) => Expr::exists(
            session::Entity::find()
                .select_only()
                .column(session::Column::Id)
                .filter(session::Column::Id.eq(id))
                .filter(session::Column::EndedAt.is_null())
                .into_query(),
        ),
        Credential::ApiKey(id, _) => Expr::exists(
            api_key::Entity::find()
                .select_only()
                .column(api_key::Column::Id)
                .filter(api_key::Column::Id.eq(id))
                .filter(api_key::Column::RevokedAt.is_null())
                .into_query(),
        ),
    };
    let standing = standing(actor.id, actor.version).filter(holds);
    Ok(standing.into_tuple::<AccountId>().one(transaction).await?.is_some())
}

async fn append(
    transaction: &Transaction,
    head: Head,
    viewer: &Viewer,
    action: Action,
    occasion: &Occasion,
    record: Record,
) -> Result<(), StoreError> {
    let actor = viewer.actor();
    let author = record.author.or_else(|| actor.map(|actor| Author { id: actor.id, username: actor.username.clone(), role: actor.role }));
    let event = AuditEvent {
        sequence: head.sequence.saturating_add(1),
        id: AuditEventId::generate(),
        at: DateTime::<Utc>::from(Timestamp::from(occasion.at)),
        action,
        outcome: record.outcome,
        reason: record.reason,
        actor: author,
        credential: proof(viewer),
        subject: record.subject,
        jurisdiction_id: record.jurisdiction.or(actor.map(|actor| actor.jurisdiction_id)),
        changes: record.changes.to_json().to_string(),
        request_id: occasion.request_id.clone(),
        address: occasion.address.map(|address| address.to_string()),
    };
    let hash = event.hash(&head.hash);
    let mut moved = audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Sequence, Expr::value(event.sequence))
        .col_expr(audit_head::Column::Hash, Expr::value(hash.clone()));
    if head.is_judged {
        let changed_at = head.changed_at.max(event.at.into());
        moved = moved.col_expr(audit_head::Column::ChangedAt, Expr::value(changed_at));
    }
    if head.is_seen {
        moved = moved.col_expr(audit_head::Column::Revision, Expr::value(commits::fresh_name()));
    }
    moved.exec(transaction).await?;
    let row = audit_event::ActiveModel {
        sequence: Set(event.sequence),
        id: Set(event.id),
        at: Set(event.at.into()),
        action: Set(event.action),
        outcome: Set(event.outcome),
        reason: Set(event.reason),
        actor_id: Set(event.actor.as_ref().map(|actor| actor.id)),
        actor_role: Set(event.actor.as_ref().map(|actor| actor.role)),
        actor_username: Set(event.actor.map(|actor| actor.username)),
        credential: Set(event.credential),
        subject: Set(event.subject.map(|subject| subject.kind)),
        subject_id: Set(event.subject.map(|subject| subject.id)),
        jurisdiction_id: Set(event.jurisdiction_id),
        changes: Set(event.changes),
        request_id: Set(event.request_id),
        address: Set(event.address),
        previous_hash: Set(head.hash),
        hash: Set(hash),
    };
    audit_event::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// The credential of a viewer.
fn proof(viewer: &Viewer) -> Proof {
    match viewer {
        Viewer::Public => Proof::None,
        Viewer::Operator => Proof::Command,
        Viewer::Account(actor) => match actor.credential {
            Credential::Session(_) => Proof::Session,
            Credential::ApiKey(..) => Proof::ApiKey,
            Credential::External => Proof::External,
        },
    }
}
