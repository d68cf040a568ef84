//! Documents that are trusted.

use chrono::{DateTime, Utc};
use entity::{Timestamp, audit_head, trusted_document};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, OnConflict},
};

use super::{Database, StoreError, Writer, commits};
use crate::domain::document::{DocumentHash, TrustedDocument};

impl Database {
    /// All documents that are trusted or were, by name.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "asked by who runs the service, and to find what a client has named")]
    pub async fn trusted_documents(&self) -> Result<Vec<TrustedDocument>, StoreError> {
        let rows = trusted_document::Entity::find()
            .order_by_asc(trusted_document::Column::Name)
            .order_by_asc(trusted_document::Column::Hash)
            .all(self.reader())
            .await?;
        rows.into_iter().map(TrustedDocument::try_from).collect()
    }
}

impl TryFrom<trusted_document::Model> for TrustedDocument {
    type Error = StoreError;

    fn try_from(row: trusted_document::Model) -> Result<Self, StoreError> {
        let hash = DocumentHash::of(&row.document);
        // A text that was changed past the service was never checked.
        if hash.as_str() != row.hash {
            return Err(StoreError::Stored { reason: format!("the trusted document {} is another one", row.hash) });
        }
        Ok(Self {
            hash,
            name: row.name,
            text: row.document,
            registered_at: row.registered_at.into(),
            retired_at: row.retired_at.map(Timestamp::into),
        })
    }
}

impl Writer {
    /// Trusts a document from now on, whatever it was before.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn register_document(&self, hash: &DocumentHash, name: &str, text: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = trusted_document::ActiveModel {
            hash: Set(hash.to_string()),
            name: Set(name.to_owned()),
            document: Set(text.to_owned()),
            registered_at: Set(now.into()),
            retired_at: Set(None),
        };
        let known = OnConflict::column(trusted_document::Column::Hash)
            .update_columns([trusted_document::Column::Name, trusted_document::Column::RegisteredAt, trusted_document::Column::RetiredAt])
            .to_owned();
        trusted_document::Entity::insert(row).on_conflict(known).exec_without_returning(&self.transaction).await?;
        self.rename_documents().await
    }

    /// Trusts a document no longer.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn retire_document(&self, hash: &DocumentHash, now: DateTime<Utc>) -> Result<(), StoreError> {
        trusted_document::Entity::update_many()
            .col_expr(trusted_document::Column::RetiredAt, Expr::value(Timestamp::from(now)))
            .filter(trusted_document::Column::Hash.eq(hash.as_str()))
            .exec(&self.transaction)
            .await?;
        self.rename_documents().await
    }

    async fn rename_documents(&self) -> Result<(), StoreError> {
        audit_head::Entity::update_many()
            .col_expr(audit_head::Column::Documents, Expr::value(commits::fresh_name()))
            .exec(&self.transaction)
            .await?;
        Ok(())
    }
}
