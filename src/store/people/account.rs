//! Accounts: the finders for a viewer, and the changes by a writer.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{AccountId, Role, Timestamp, UnitId, account, jurisdiction};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, IntoSimpleExpr as _, JoinType, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _, RelationTrait as _, sea_query::Expr,
};

use crate::{
    domain::{
        page::{Page, PageRequest},
        people::account::{Account, Lock, Username},
    },
    store::{
        Database, StoreError, Visible, Writer,
        keyset::{self, OrderDirection, Ordering},
    },
};

/// Which accounts a list holds. An empty list of choices chooses nothing.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// A part of the name, in any case.
    pub text: Option<String>,
    /// Codes of jurisdictions.
    pub jurisdictions: Option<Vec<String>>,
    /// Whether those below the chosen jurisdictions count too.
    pub descendants: bool,
    /// Roles.
    pub roles: Option<Vec<Role>>,
    /// Units.
    pub units: Option<Vec<UnitId>>,
    /// Locked ones alone, or the others.
    pub locked: Option<bool>,
}

impl Visible {
    /// A page of the accounts that a filter chooses: by jurisdiction, the oldest first.
    ///
    /// # Errors
    /// A cursor is not of this list, or a statement failed.
    pub async fn account_page(&self, filter: &AccountFilter, request: &PageRequest) -> Result<Page<Account>, StoreError> {
        let mut select = self.accounts().join(JoinType::InnerJoin, account::Relation::Jurisdiction.def());
        if let Some(text) = &filter.text {
            let key = Username::fold(text.trim());
            // Of the characters with a meaning to LIKE, a name can only have `_`, which is escaped.
            let Some(pattern) = pattern(&key) else { return Ok(Page::empty(request)) };
            select = select.filter(Expr::col((account::Entity, account::Column::UsernameKey)).like(pattern));
        }
        if let Some(codes) = &filter.jurisdictions {
            let chosen = self.jurisdiction_ids(codes, filter.descendants).await?;
            select = select.filter(account::Column::JurisdictionId.is_in(chosen));
        }
        if let Some(roles) = &filter.roles {
            select = select.filter(account::Column::Role.is_in(roles.iter().copied()));
        }
        if let Some(units) = &filter.units {
            select = select.filter(account::Column::UnitId.is_in(units.iter().copied()));
        }
        match filter.locked {
            Some(true) => select = select.filter(account::Column::LockedAt.is_not_null()),
            Some(false) => select = select.filter(account::Column::LockedAt.is_null()),
            None => {}
        }
        let keys = vec![(jurisdiction::Column::Position.into_simple_expr(), OrderDirection::Ascending)];
        let ordering = Ordering::new("accounts", keys, account::Column::Id.into_simple_expr());
        Ok(keyset::page(self.connection(), select, &ordering, request).await?.map(Account::from))
    }

    /// The accounts with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn accounts_by_id(&self, ids: &[AccountId]) -> Result<HashMap<AccountId, Account>, StoreError> {
        let rows = self.accounts().filter(account::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Account::from(row))).collect())
    }

    /// The account with this id.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts_by_id(&[id]).await?.remove(&id))
    }

    /// The account with this name.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn account_by_name(&self, name: &Username) -> Result<Option<Account>, StoreError> {
        let row = self.accounts().filter(account::Column::UsernameKey.eq(name.key())).one(self.connection()).await?;
        Ok(row.map(Account::from))
    }
}

impl Database {
    /// Whether there are accounts of the demo, and whether there are others.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "decides whether the process may serve this database at all")]
    pub async fn kinds_of_accounts(&self) -> Result<(bool, bool), StoreError> {
        let kinds = account::Entity::find()
            .select_only()
            .column(account::Column::Demonstration)
            .distinct()
            .into_tuple::<bool>()
            .all(self.reader())
            .await?;
        Ok((kinds.contains(&true), kinds.contains(&false)))
    }
}

impl Writer {
    /// Adds an account.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_account(&self, account: &Account) -> Result<(), StoreError> {
        account::Entity::insert(account::ActiveModel {
            id: Set(account.id),
            created_at: Set(account.created_at.into()),
            password_hash: Set(None),
            password_temporary: Set(false),
            demonstration: Set(account.demonstration),
            version: Set(account.version),
            ..columns(account)
        })
        .exec_without_returning(&self.transaction)
        .await?;
        Ok(())
    }

    /// Stores `account` in place of the row, with the next version; false if the row has another version than `account`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn change_account(&self, account: &Account) -> Result<bool, StoreError> {
        let row = account::ActiveModel { version: Set(account.version.saturating_add(1)), ..columns(account) };
        let changed = account::Entity::update_many()
            .set(row)
            .filter(account::Column::Id.eq(account.id))
            .filter(account::Column::Version.eq(account.version))
            .exec(&self.transaction)
            .await?;
        Ok(changed.rows_affected == 1)
    }

    /// Gives an account a password. Only the hash is stored. `temporary` if another person knows it.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn set_password(&self, id: AccountId, hash: &str, temporary: bool) -> Result<(), StoreError> {
        account::Entity::update_many()
            .col_expr(account::Column::PasswordHash, Expr::value(hash))
            .col_expr(account::Column::PasswordTemporary, Expr::value(temporary))
            .filter(account::Column::Id.eq(id))
            .exec(&self.transaction)
            .await?;
        Ok(())
    }

    /// Whether another account has this name or this subject of the issuer.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "a name is taken also by an account that the viewer does not see")]
    pub async fn is_taken(&self, id: AccountId, column: Taken<'_>) -> Result<bool, StoreError> {
        let same = match column {
            Taken::Username(name) => account::Column::UsernameKey.eq(name.key()),
            Taken::ExternalSubject(subject) => account::Column::ExternalSubject.eq(subject),
        };
        let found = account::Entity::find().filter(same).filter(account::Column::Id.ne(id)).count(&self.transaction).await?;
        Ok(found > 0)
    }

    /// Whether a name looks like that of another account. Look-alikes come from tables that grow with Unicode, so looks are compared again
    /// and not stored. Accounts are thousands at most and are seldom made.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "a name can be mistaken also for that of an account that the viewer does not see")]
    pub async fn has_look_alike(&self, id: AccountId, name: &Username) -> Result<bool, StoreError> {
        let names: Vec<(String, String)> = account::Entity::find()
            .select_only()
            .column(account::Column::Username)
            .column(account::Column::UsernameKey)
            .filter(account::Column::Id.ne(id))
            .into_tuple()
            .all(&self.transaction)
            .await?;
        let looks = name.looks();
        let looks_like = |(text, key)| Username::stored(text, key).looks().iter().any(|look| looks.contains(look));
        Ok(names.into_iter().any(looks_like))
    }

    /// How many admins could sign in here. One who signs in elsewhere does not count: nobody can tell whether they still could.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "counts for the rule that one must remain, whoever asks")]
    pub async fn working_admins(&self) -> Result<u64, StoreError> {
        let working = account::Entity::find()
            .filter(account::Column::Role.eq(Role::Admin))
            .filter(account::Column::LockedAt.is_null())
            .filter(account::Column::PasswordHash.is_not_null())
            .count(&self.transaction)
            .await?;
        Ok(working)
    }
}

/// The values that no two accounts share.
#[derive(Clone, Copy, Debug)]
pub enum Taken<'a> {
    /// The name.
    Username(&'a Username),
    /// The subject at the issuer of identities.
    ExternalSubject(&'a str),
}

/// The columns that a change may touch. The others are set once or have a method of their own.
fn columns(account: &Account) -> account::ActiveModel {
    account::ActiveModel {
        username: Set(account.username.as_str().to_owned()),
        username_key: Set(account.username.key().to_owned()),
        role: Set(account.role),
        jurisdiction_id: Set(account.jurisdiction_id),
        unit_id: Set(account.unit_id),
        external_subject: Set(account.external_subject.clone()),
        locked_at: Set(account.lock.as_ref().map(|lock| lock.at.into())),
        lock_reason: Set(account.lock.as_ref().map(|lock| lock.reason.clone())),
        changed_at: Set(account.changed_at.into()),
        changed_by: Set(account.changed_by.clone()),
        ..account::ActiveModel::default()
    }
}

/// The pattern of names that contain `key`; `None` if no name could.
fn pattern(key: &str) -> Option<sea_orm::sea_query::LikeExpr> {
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '@');
    key.chars().all(allowed).then(|| sea_orm::sea_query::LikeExpr::new(format!("%{}%", key.replace('_', "\\_"))).escape('\\'))
}

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        let time = DateTime::<Utc>::from;
        Self {
            id: row.id,
            username: Username::stored(row.username, row.username_key),
            role: row.role,
            jurisdiction_id: row.jurisdiction_id,
            unit_id: row.unit_id,
            has_password: row.password_hash.is_some(),
            password_temporary: row.password_temporary,
            external_subject: row.external_subject,
            demonstration: row.demonstration,
            lock: row.locked_at.map(|at: Timestamp| Lock { at: time(at), reason: row.lock_reason.unwrap_or_default() }),
            version: row.version,
            created_at: time(row.created_at),
            changed_at: time(row.changed_at),
            changed_by: row.changed_by,
        }
    }
}
