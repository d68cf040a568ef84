//! Accounts, how they sign in, and what they sign in with. Of every secret only a hash is kept.

use sea_orm_migration::prelude::*;

use crate::definition::{
    big_integer, big_integer_null, boolean, check, create_table, drop_tables, foreign_key, index, integer, not_blank, one_of, primary_key,
    text, text_null, unique, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_account(manager).await?;
        create_session(manager).await?;
        create_refresh_token(manager).await?;
        create_api_key(manager).await?;
        create_sign_in_throttle(manager).await?;
        create_table(
            manager,
            Table::create()
                .table("signing_key")
                .col(text("id"))
                .col(ColumnDef::new("public_key").blob().not_null())
                .col(big_integer("created_at"))
                .col(big_integer("signs_until"))
                .col(big_integer("verifies_until"))
                .primary_key(&mut primary_key("signing_key_pkey", &["id"]))
                .check(check("signing_key_lifetime_check", "signs_until <= verifies_until"))
                .take(),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["signing_key", "sign_in_throttle", "api_key", "refresh_token", "session", "account"]).await
    }
}

async fn create_account(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("account")
            .col(uuid("id"))
            .col(text("username"))
            // The name without case and Unicode form: names that differ only in those are one name.
            .col(text("username_key"))
            .col(text("role"))
            .col(uuid("jurisdiction_id"))
            .col(uuid_null("unit_id"))
            .col(text_null("password_hash"))
            .col(boolean("password_temporary"))
            .col(text_null("external_subject"))
            .col(boolean("demonstration"))
            .col(big_integer_null("locked_at"))
            .col(text_null("lock_reason"))
            .col(integer("version"))
            .col(big_integer("created_at"))
            .col(big_integer("changed_at"))
            .col(text_null("changed_by"))
            .primary_key(&mut primary_key("account_pkey", &["id"]))
            .index(&mut unique("account_username_unique", &["username_key"]))
            .index(&mut unique("account_external_subject_unique", &["external_subject"]))
            .foreign_key(&mut foreign_key("account_jurisdiction_fkey", ("account", &["jurisdiction_id"]), ("jurisdiction", &["id"])))
            // A unit account is of a unit of its own jurisdiction.
            .foreign_key(&mut foreign_key(
                "account_unit_fkey",
                ("account", &["unit_id", "jurisdiction_id"]),
                ("unit", &["id", "jurisdiction_id"]),
            ))
            .check(not_blank("account_username_check", "username_key"))
            .check(one_of("account_role_check", "role", &["UNIT", "OFFICE", "LEADER", "DEPUTY", "ADMIN"]))
            .check(check("account_unit_check", "(role = 'UNIT') = (unit_id IS NOT NULL)"))
            .check(check("account_lock_check", "(locked_at IS NULL) = (lock_reason IS NULL)"))
            .check(check("account_version_check", "version > 0"))
            .take(),
    )
    .await?;
    manager.create_index(index("account_jurisdiction_index", "account", &["jurisdiction_id", "role"])).await
}

async fn create_session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("session")
            .col(uuid("id"))
            .col(uuid("account_id"))
            .col(big_integer("created_at"))
            .col(big_integer("last_used_at"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("ended_at"))
            .col(text_null("end_reason"))
            .col(text_null("address"))
            .col(text_null("network"))
            .col(text_null("user_agent"))
            .primary_key(&mut primary_key("session_pkey", &["id"]))
            .foreign_key(&mut foreign_key("session_account_fkey", ("session", &["account_id"]), ("account", &["id"])))
            .check(one_of("session_end_check", "end_reason", &["SIGNED_OUT", "REUSED", "PASSWORD_CHANGED", "ACCOUNT_CHANGED"]))
            .check(check("session_ended_at_check", "(ended_at IS NULL) = (end_reason IS NULL)"))
            .take(),
    )
    .await?;
    manager.create_index(index("session_account_index", "session", &["account_id", "expires_at"])).await?;
    manager.create_index(index("session_expires_at_index", "session", &["expires_at"])).await
}

async fn create_refresh_token(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("refresh_token")
            .col(uuid("id"))
            .col(uuid("session_id"))
            .col(text("token_hash"))
            .col(big_integer("created_at"))
            .col(big_integer_null("spent_at"))
            .primary_key(&mut primary_key("refresh_token_pkey", &["id"]))
            .index(&mut unique("refresh_token_hash_unique", &["token_hash"]))
            .foreign_key(
                foreign_key("refresh_token_session_fkey", ("refresh_token", &["session_id"]), ("session", &["id"]))
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take(),
    )
    .await?;
    manager.create_index(index("refresh_token_session_index", "refresh_token", &["session_id"])).await
}

async fn create_api_key(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("api_key")
            .col(uuid("id"))
            .col(uuid("account_id"))
            .col(text("name"))
            .col(text("rights"))
            .col(text("secret_hash"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("revoked_at"))
            .col(big_integer_null("last_used_at"))
            .primary_key(&mut primary_key("api_key_pkey", &["id"]))
            .index(&mut unique("api_key_secret_unique", &["secret_hash"]))
            .foreign_key(&mut foreign_key("api_key_account_fkey", ("api_key", &["account_id"]), ("account", &["id"])))
            .check(not_blank("api_key_name_check", "name"))
            .check(one_of("api_key_rights_check", "rights", &["READ", "FULL"]))
            .check(check("api_key_expires_at_check", "expires_at > created_at"))
            .take(),
    )
    .await?;
    manager.create_index(index("api_key_account_index", "api_key", &["account_id"])).await
}

async fn create_sign_in_throttle(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_table(
        manager,
        Table::create()
            .table("sign_in_throttle")
            .col(text("key"))
            .col(integer("failures"))
            .col(big_integer("last_failed_at"))
            .primary_key(&mut primary_key("sign_in_throttle_pkey", &["key"]))
            .check(check("sign_in_throttle_failures_check", "failures >= 0"))
            .take(),
    )
    .await?;
    manager.create_index(index("sign_in_throttle_age_index", "sign_in_throttle", &["last_failed_at"])).await
}
