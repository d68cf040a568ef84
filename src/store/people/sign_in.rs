//! The data that sign-in needs before there is a permitted account: counters of failures, and the public halves of signing keys.

use chrono::{DateTime, Duration, Utc};
use entity::{AccountId, SessionId, Timestamp, session, sign_in_throttle, signing_key};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::store::{Database, StoreError, Writer};

/// How long failures count: after that a counter is forgotten.
const REMEMBERED_HOURS: i64 = 24;

/// How often and when an attempt under a key failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    /// The keys under which they are counted.
    pub key: String,
    /// How many in a row.
    pub number: i32,
    /// When the last one was.
    pub last: DateTime<Utc>,
}

/// The public half of a signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Its id, as tokens name it.
    pub id: String,
    /// Its 32 bytes.
    pub public_key: Vec<u8>,
    /// Until when it signs.
    pub signs_until: DateTime<Utc>,
    /// Until when tokens signed with it are accepted.
    pub verifies_until: DateTime<Utc>,
}

#[expect(clippy::disallowed_methods, reason = "belongs to nobody who could be asking")]
impl Database {
    /// Counts an attempt under each key as failed before its password is checked, so many at once count like many in a row. If `admit`
    /// refuses the present counts, it counts nothing.
    ///
    /// # Errors
    /// The error of `admit`, or a failed statement.
    pub async fn reserve_attempt<R: From<StoreError>>(
        &self,
        keys: &[String],
        now: DateTime<Utc>,
        admit: impl FnOnce(&[Failures]) -> Result<(), R> + Send,
    ) -> Result<(), R> {
        let transaction = self.begin().await?;
        let run = async {
            let forgotten = now.checked_sub_signed(Duration::hours(REMEMBERED_HOURS)).unwrap_or_default();
            sign_in_throttle::Entity::delete_many()
                .filter(sign_in_throttle::Column::LastFailedAt.lt(Timestamp::from(forgotten)))
                .exec(&transaction)
                .await?;
            // Taking the rows in the order of their keys lets two attempts wait for each other instead of both waiting forever.
            let mut keys = keys.to_vec();
            keys.sort_unstable();
            let mut counted = Vec::new();
            for key in keys {
                let row = sign_in_throttle::Entity::insert(sign_in_throttle::ActiveModel {
                    key: Set(key),
                    failures: Set(0),
                    last_failed_at: Set(now.into()),
                })
                .on_conflict(
                    OnConflict::column(sign_in_throttle::Column::Key)
                        .value(
                            sign_in_throttle::Column::Failures,
                            Expr::col((sign_in_throttle::Entity, sign_in_throttle::Column::Failures)),
                        )
                        .to_owned(),
                )
                .exec_with_returning(&transaction)
                .await?;
                counted.push(Failures { key: row.key, number: row.failures, last: row.last_failed_at.into() });
            }
            Ok::<_, StoreError>(counted)
        };
        let counted = run.await?;
        admit(&counted)?;
        sign_in_throttle::Entity::update_many()
            .col_expr(sign_in_throttle::Column::Failures, Expr::col(sign_in_throttle::Column::Failures).add(1))
            .col_expr(sign_in_throttle::Column::LastFailedAt, Expr::value(Timestamp::from(now)))
            .filter(sign_in_throttle::Column::Key.is_in(counted.into_iter().map(|failures| failures.key)))
            .exec(&transaction)
            .await
            .map_err(StoreError::from)?;
        transaction.commit().await?;
        Ok(())
    }

    /// Gives back an attempt that turned out to be no failure: those of others stay.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn give_back(&self, keys: &[String]) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        sign_in_throttle::Entity::update_many()
            .col_expr(sign_in_throttle::Column::Failures, Expr::col(sign_in_throttle::Column::Failures).sub(1))
            .filter(sign_in_throttle::Column::Key.is_in(keys.iter().map(String::as_str)))
            .filter(sign_in_throttle::Column::Failures.gt(0))
            .exec(&transaction)
            .await?;
        transaction.commit().await
    }

    /// Whether an account has signed in from a network since `since`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn has_signed_in_from(&self, account: AccountId, network: &str, since: DateTime<Utc>) -> Result<bool, StoreError> {
        let found = session::Entity::find()
            .filter(session::Column::AccountId.eq(account))
            .filter(session::Column::Network.eq(network))
            .filter(session::Column::CreatedAt.gt(Timestamp::from(since)))
            .count(self.reader())
            .await?;
        Ok(found > 0)
    }

    /// Whether anybody has signed in from a network since `since`.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn has_seen_network(&self, network: &str, since: DateTime<Utc>) -> Result<bool, StoreError> {
        let found = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .filter(session::Column::Network.eq(network))
            .filter(session::Column::CreatedAt.gt(Timestamp::from(since)))
            .limit(1)
            .into_tuple::<SessionId>()
            .one(self.reader())
            .await?;
        Ok(found.is_some())
    }

    /// The public keys that still verify, the latest first.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn signing_keys(&self, now: DateTime<Utc>) -> Result<Vec<StoredKey>, StoreError> {
        let rows = signing_key::Entity::find()
            .filter(signing_key::Column::VerifiesUntil.gt(Timestamp::from(now)))
            .order_by_desc(signing_key::Column::CreatedAt)
            .order_by_asc(signing_key::Column::Id)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(StoredKey::from).collect())
    }

    /// Publishes a key, and forgets those whose tokens are all gone.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn publish_signing_key(&self, key: &StoredKey, now: DateTime<Utc>) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        signing_key::Entity::delete_many().filter(signing_key::Column::VerifiesUntil.lte(Timestamp::from(now))).exec(&transaction).await?;
        signing_key::Entity::insert(signing_key::ActiveModel {
            id: Set(key.id.clone()),
            public_key: Set(key.public_key.clone()),
            created_at: Set(now.into()),
            signs_until: Set(key.signs_until.into()),
            verifies_until: Set(key.verifies_until.into()),
        })
        .exec_without_returning(&transaction)
        .await?;
        transaction.commit().await
    }
}

impl Writer {
    /// Forgets the failures counted under a key.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn forgive(&self, key: &str) -> Result<(), StoreError> {
        sign_in_throttle::Entity::delete_many().filter(sign_in_throttle::Column::Key.eq(key)).exec(&self.transaction).await?;
        Ok(())
    }

    /// Lets no key sign from now on. Those in use verify until `verifies_until`; if it is `now`, they stop at once.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn retire_signing_keys(&self, now: DateTime<Utc>, verifies_until: DateTime<Utc>) -> Result<u64, StoreError> {
        let retired = signing_key::Entity::update_many()
            .col_expr(signing_key::Column::SignsUntil, Expr::value(Timestamp::from(now)))
            .col_expr(signing_key::Column::VerifiesUntil, Expr::value(Timestamp::from(verifies_until)))
            .filter(signing_key::Column::VerifiesUntil.gt(Timestamp::from(verifies_until)))
            .exec(&self.transaction)
            .await?;
        Ok(retired.rows_affected)
    }
}

impl From<signing_key::Model> for StoredKey {
    fn from(row: signing_key::Model) -> Self {
        Self { id: row.id, public_key: row.public_key, signs_until: row.signs_until.into(), verifies_until: row.verifies_until.into() }
    }
}
