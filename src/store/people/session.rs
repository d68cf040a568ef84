//! Sessions, the refresh tokens that renew them, and API keys.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{AccountId, ApiKeyId, RefreshTokenId, SessionEnd, SessionId, Timestamp, account, api_key, refresh_token, session};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use crate::{
    access::token::refresh::{self, Spent},
    domain::people::{account::Account, api_key::ApiKey, session::Session},
    store::{Database, StoreError, Visible, Writer},
};

/// How long sessions that are over are kept, for their owners to look back at.
const KEPT_DAYS: i64 = 90;

/// How many open sessions are listed: nobody looks through more, and signing out everywhere ends them all.
const MOST_SHOWN: u64 = 100;

impl Visible {
    /// The sessions of the viewer that are not over, the latest first, at most a hundred.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn open_sessions(&self, now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
        let rows = self
            .sessions()
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(Timestamp::from(now)))
            .order_by_desc(session::Column::LastUsedAt)
            .order_by_desc(session::Column::Id)
            .limit(MOST_SHOWN)
            .all(self.connection())
            .await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// The sessions with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn sessions_by_id(&self, ids: &[SessionId]) -> Result<HashMap<SessionId, Session>, StoreError> {
        let rows = self.sessions().filter(session::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Session::from(row))).collect())
    }

    /// The API keys of these accounts, the latest first.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn api_keys_of_accounts(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, Vec<ApiKey>>, StoreError> {
        let rows = self
            .api_keys()
            .filter(api_key::Column::AccountId.is_in(accounts.iter().copied()))
            .order_by_desc(api_key::Column::Id)
            .all(self.connection())
            .await?;
        let mut found: HashMap<AccountId, Vec<ApiKey>> = HashMap::new();
        for row in rows {
            found.entry(row.account_id).or_default().push(row.into());
        }
        Ok(found)
    }

    /// The API keys with these ids.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn api_keys_by_id(&self, ids: &[ApiKeyId]) -> Result<HashMap<ApiKeyId, ApiKey>, StoreError> {
        let rows = self.api_keys().filter(api_key::Column::Id.is_in(ids.iter().copied())).all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, ApiKey::from(row))).collect())
    }
}

impl Writer {
    /// Begins a session. `network` is the key of its address in throttling.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_session(&self, session: &Session, network: Option<&str>) -> Result<(), StoreError> {
        session::Entity::insert(session::ActiveModel {
            id: Set(session.id),
            account_id: Set(session.account_id),
            created_at: Set(session.created_at.into()),
            last_used_at: Set(session.last_used_at.into()),
            expires_at: Set(session.expires_at.into()),
            ended_at: Set(None),
            end_reason: Set(None),
            address: Set(session.address.clone()),
            network: Set(network.map(str::to_owned)),
            user_agent: Set(session.user_agent.clone()),
        })
        .exec_without_returning(&self.transaction)
        .await?;
        let forgotten = session.created_at.checked_sub_signed(chrono::Duration::days(KEPT_DAYS)).unwrap_or_default();
        session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(Timestamp::from(forgotten))).exec(&self.transaction).await?;
        Ok(())
    }

    /// Adds a refresh token.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_refresh_token(&self, session: SessionId, hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        refresh_token::Entity::insert(refresh_token::ActiveModel {
            id: Set(RefreshTokenId::generate()),
            session_id: Set(session),
            token_hash: Set(hash.to_owned()),
            created_at: Set(now.into()),
            spent_at: Set(None),
            spent_network: Set(None),
            successor_salt: Set(None),
        })
        .exec_without_returning(&self.transaction)
        .await?;
        Ok(())
    }

    /// Spends a refresh token and keeps its session until `expires_at`; false where the token was spent already, or the session is
    /// over.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn renew_session(
        &self,
        session: SessionId,
        hash: &str,
        spent: &Spent,
        expires_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let now = spent.at;
        let marked = refresh_token::Entity::update_many()
            .col_expr(refresh_token::Column::SpentAt, Expr::value(Timestamp::from(now)))
            .col_expr(refresh_token::Column::SpentNetwork, Expr::value(spent.network.clone()))
            .col_expr(refresh_token::Column::SuccessorSalt, Expr::value(spent.salt.clone()))
            .filter(refresh_token::Column::TokenHash.eq(hash))
            .filter(refresh_token::Column::SpentAt.is_null())
            .exec(&self.transaction)
            .await?;
        if marked.rows_affected != 1 {
            return Ok(false);
        }
        // This spends the successor of an earlier token, which then has no excuse to come again. A token from before the grace has no such
        // excuse either. Without their salts nobody can derive one token from another.
        let outdated = now.checked_sub_signed(refresh::GRACE).unwrap_or_default();
        let of_others = Condition::any()
            .add(refresh_token::Column::SessionId.eq(session))
            .add(refresh_token::Column::SpentAt.lt(Timestamp::from(outdated)));
        refresh_token::Entity::update_many()
            .col_expr(refresh_token::Column::SuccessorSalt, Expr::value(None::<String>))
            .filter(refresh_token::Column::SuccessorSalt.is_not_null())
            .filter(refresh_token::Column::TokenHash.ne(hash))
            .filter(of_others)
            .exec(&self.transaction)
            .await?;
        let renewed = session::Entity::update_many()
            .col_expr(session::Column::LastUsedAt, Expr::value(Timestamp::from(now)))
            .col_expr(session::Column::ExpiresAt, Expr::value(Timestamp::from(expires_at)))
            .filter(session::Column::Id.eq(session))
            .filter(session::Column::EndedAt.is_null())
            .exec(&self.transaction)
            .await?;
        Ok(renewed.rows_affected == 1)
    }

    /// How a refresh token was spent, where it was, and its session is still open.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "decides about the token that was presented, whoever presents it")]
    pub async fn spending_of(&self, hash: &str) -> Result<Option<Spent>, StoreError> {
        let found = refresh_token::Entity::find()
            .filter(refresh_token::Column::TokenHash.eq(hash))
            .find_also_related(session::Entity)
            .one(&self.transaction)
            .await?;
        let Some((token, Some(session))) = found else { return Ok(None) };
        let spent = |at: Timestamp| Spent { at: at.into(), network: token.spent_network, salt: token.successor_salt };
        Ok(token.spent_at.filter(|_| session.ended_at.is_none()).map(spent))
    }

    /// Ends sessions that are still open, and says how many.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn end_sessions(&self, which: Sessions, reason: SessionEnd, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut ending = session::Entity::update_many()
            .col_expr(session::Column::EndedAt, Expr::value(Timestamp::from(now)))
            .col_expr(session::Column::EndReason, Expr::value(reason))
            .filter(session::Column::EndedAt.is_null());
        ending = match which {
            Sessions::One(id) => ending.filter(session::Column::Id.eq(id)),
            Sessions::Of(account) => ending.filter(session::Column::AccountId.eq(account)),
            Sessions::OfExcept(account, kept) => ending.filter(session::Column::AccountId.eq(account)).filter(session::Column::Id.ne(kept)),
        };
        Ok(ending.exec(&self.transaction).await?.rows_affected)
    }

    /// Adds an API key. Only the hash of its secret is stored.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn add_api_key(&self, key: &ApiKey, secret_hash: &str) -> Result<(), StoreError> {
        api_key::Entity::insert(api_key::ActiveModel {
            id: Set(key.id),
            account_id: Set(key.account_id),
            name: Set(key.name.clone()),
            rights: Set(key.rights),
            secret_hash: Set(secret_hash.to_owned()),
            created_at: Set(key.created_at.into()),
            expires_at: Set(key.expires_at.into()),
            revoked_at: Set(None),
            last_used_at: Set(None),
        })
        .exec_without_returning(&self.transaction)
        .await?;
        Ok(())
    }

    /// How many API keys of an account still open something.
    ///
    /// # Errors
    /// A statement failed.
    #[expect(clippy::disallowed_methods, reason = "counts for a rule, whoever asks")]
    pub async fn api_keys_in_use(&self, account: AccountId, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let in_use = api_key::Entity::find()
            .filter(api_key::Column::AccountId.eq(account))
            .filter(api_key::Column::RevokedAt.is_null())
            .filter(api_key::Column::ExpiresAt.gt(Timestamp::from(now)));
        Ok(in_use.count(&self.transaction).await?)
    }

    /// Revokes an API key; false where it was revoked already.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn revoke_api_key(&self, id: ApiKeyId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let revoked = api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAt, Expr::value(Timestamp::from(now)))
            .filter(api_key::Column::Id.eq(id))
            .filter(api_key::Column::RevokedAt.is_null())
            .exec(&self.transaction)
            .await?;
        Ok(revoked.rows_affected == 1)
    }

    /// Revokes all API keys of an account.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn revoke_api_keys(&self, account: AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
        api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAt, Expr::value(Timestamp::from(now)))
            .filter(api_key::Column::AccountId.eq(account))
            .filter(api_key::Column::RevokedAt.is_null())
            .exec(&self.transaction)
            .await?;
        Ok(())
    }
}

/// Which sessions to end.
#[derive(Clone, Copy, Debug)]
pub enum Sessions {
    /// This one.
    One(SessionId),
    /// All of an account.
    Of(AccountId),
    /// All of an account but one.
    OfExcept(AccountId, SessionId),
}

/// The account behind a presented token, before there is a viewer.
#[expect(clippy::disallowed_methods, reason = "finds out who is asking, which every rule of visibility depends on")]
impl Database {
    /// A session with its account.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn behind_session(&self, id: SessionId) -> Result<Option<(Session, Account)>, StoreError> {
        let found = session::Entity::find_by_id(id).find_also_related(account::Entity).one(self.reader()).await?;
        Ok(both(found))
    }

    /// The session that a refresh token renews, with its account.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn behind_refresh_token(&self, hash: &str) -> Result<Option<(Session, Account)>, StoreError> {
        let found = refresh_token::Entity::find().filter(refresh_token::Column::TokenHash.eq(hash)).one(self.reader()).await?;
        let Some(token) = found else { return Ok(None) };
        self.behind_session(token.session_id).await
    }

    /// The API key with this hash, with its account.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn behind_api_key(&self, hash: &str) -> Result<Option<(ApiKey, Account)>, StoreError> {
        let found = api_key::Entity::find()
            .filter(api_key::Column::SecretHash.eq(hash))
            .find_also_related(account::Entity)
            .one(self.reader())
            .await?;
        Ok(both(found))
    }

    /// The account of a subject of the configured issuer.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn behind_subject(&self, subject: &str) -> Result<Option<Account>, StoreError> {
        let row = account::Entity::find().filter(account::Column::ExternalSubject.eq(subject)).one(self.reader()).await?;
        Ok(row.map(Account::from))
    }

    /// The account with this name and the hash of its password, if it has one.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn behind_username(&self, key: &str) -> Result<Option<(Account, Option<String>)>, StoreError> {
        let row = account::Entity::find().filter(account::Column::UsernameKey.eq(key)).one(self.reader()).await?;
        Ok(row.map(|row| {
            let hash = row.password_hash.clone();
            (Account::from(row), hash)
        }))
    }

    /// Notes that an API key was used. Past `Writer`, because it changes nothing that anybody decides by.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn api_key_used(&self, id: ApiKeyId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        api_key::Entity::update_many()
            .col_expr(api_key::Column::LastUsedAt, Expr::value(Timestamp::from(now)))
            .filter(api_key::Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        transaction.commit().await
    }
}

fn both<A, B>(found: Option<(A, Option<account::Model>)>) -> Option<(B, Account)>
where
    B: From<A>,
{
    let (row, account) = found?;
    Some((row.into(), account?.into()))
}

impl From<session::Model> for Session {
    fn from(row: session::Model) -> Self {
        let time = DateTime::<Utc>::from;
        Self {
            id: row.id,
            account_id: row.account_id,
            created_at: time(row.created_at),
            last_used_at: time(row.last_used_at),
            expires_at: time(row.expires_at),
            ended_at: row.ended_at.map(time),
            address: row.address,
            user_agent: row.user_agent,
        }
    }
}

impl From<api_key::Model> for ApiKey {
    fn from(row: api_key::Model) -> Self {
        let time = DateTime::<Utc>::from;
        Self {
            id: row.id,
            account_id: row.account_id,
            name: row.name,
            rights: row.rights,
            created_at: time(row.created_at),
            expires_at: time(row.expires_at),
            revoked_at: row.revoked_at.map(time),
            last_used_at: row.last_used_at.map(time),
        }
    }
}
