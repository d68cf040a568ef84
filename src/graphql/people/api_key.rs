//! API 密钥: how programs ask in an account's name.

use async_graphql::{Context, Description, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::{Action, ApiKeyId};

use super::{account::Account, permission::Permission};
use crate::{
    access::policy::Resource,
    domain,
    graphql::{
        enumeration::ApiKeyRights,
        error::{self, Missing},
        free_text::Line,
        id,
        inquiry::Inquiry,
        loader,
        refusal::{self, Fault},
        scalar::DateTime,
    },
};

/// API 密钥：程序以某个账号的名义访问。能看到该账号的人可见；密钥本身只在新建时显示一次。
///
/// How a program asks in an account's name. Seen by whoever sees the account; the secret is shown once, when it is made.
#[derive(Clone, Description)]
pub struct ApiKey(pub(in crate::graphql) domain::people::api_key::ApiKey);

#[Object(use_type_description)]
impl ApiKey {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 用途。
    ///
    /// What it is for.
    #[graphql(directive = heading::apply("用途".into()))]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 权限。
    ///
    /// What it may do of what the account may.
    #[graphql(directive = heading::apply("权限".into()))]
    async fn rights(&self) -> ApiKeyRights {
        self.0.rights.into()
    }

    /// 账号。
    ///
    /// The account that it speaks for.
    #[graphql(directive = heading::apply("账号".into()))]
    async fn account(&self, context: &Context<'_>) -> Result<Account> {
        Ok(Account(loader::required(context, self.0.account_id).await?))
    }

    /// 建立时间。
    ///
    /// When it was made.
    #[graphql(directive = heading::apply("建立时间".into()))]
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 到期时间。
    ///
    /// When it stops by itself.
    #[graphql(directive = heading::apply("到期时间".into()))]
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// 吊销时间；没有吊销的为 null。
    ///
    /// When it was revoked; null where it was not.
    #[graphql(directive = heading::apply("吊销时间".into()))]
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// 最近使用时间，精确到一分钟；没有用过的为 null。
    ///
    /// When it was last used, to within a minute; null where it never was.
    #[graphql(directive = heading::apply("最近使用时间".into()))]
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// 当前用户能否吊销它。
    ///
    /// Whether the viewer may revoke it.
    async fn viewer_can_revoke(&self, context: &Context<'_>) -> Result<Permission> {
        let owner = loader::optional(context, self.0.account_id).await?;
        let owner = owner.ok_or_else(|| error::internal(context, &Missing("account")))?;
        let resource = Resource::ApiKey { owner: (&owner).into(), revoked: self.0.revoked_at.is_some() };
        Permission::of(context, Action::RevokeApiKey, &resource)
    }
}

/// 新密钥。
///
/// An API key to make.
#[derive(InputObject)]
pub struct CreateApiKeyInput {
    /// 用途，1 至 100 个字。
    ///
    /// What it is for, in 1 to 100 characters.
    name: Line,
    /// 权限。
    ///
    /// What it may do of what the account may.
    #[graphql(default_with = "ApiKeyRights::Read")]
    rights: ApiKeyRights,
    /// 到期时间，366 天之内。
    ///
    /// When it stops, within 366 days.
    expires_at: DateTime,
}

/// 要吊销的密钥。
///
/// Which API key to revoke.
#[derive(InputObject)]
pub struct RevokeApiKeyInput {
    /// 密钥。
    ///
    /// The key.
    id: ID,
}

/// 新建密钥的结果。
///
/// What came of making an API key.
#[derive(SimpleObject)]
pub struct CreateApiKeyPayload {
    /// 密钥；输入有误则为 null。
    ///
    /// The key; null where the input was wrong.
    #[graphql(directive = heading::apply("密钥".into()))]
    api_key: Option<ApiKey>,
    /// 密钥内容，只显示这一次：放入请求头 Authorization: Bearer。
    ///
    /// The secret, shown this once, for the header Authorization: Bearer.
    #[graphql(directive = heading::apply("密钥内容".into()))]
    secret: Option<String>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// 吊销密钥的结果。
///
/// What came of revoking an API key.
#[derive(SimpleObject)]
pub struct RevokeApiKeyPayload {
    /// 密钥。
    ///
    /// The key as it is now.
    #[graphql(directive = heading::apply("密钥".into()))]
    api_key: Option<ApiKey>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

/// Changes of API keys.
#[derive(Default)]
pub struct ApiKeyMutation;

#[Object]
impl ApiKeyMutation {
    /// 为自己的账号新建 API 密钥。需要：已登录（不能用密钥）。
    ///
    /// Makes an API key for one's account. Needs: being signed in, not by a key.
    #[graphql(directive = heading::apply("为自己的账号新建 API 密钥".into()))]
    async fn create_api_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "新密钥。\n\nThe key to make.")] input: CreateApiKeyInput,
    ) -> Option<Result<CreateApiKeyPayload>> {
        let create = async {
            let inquiry = Inquiry::of(context)?;
            let done = inquiry.service.create_api_key(&inquiry.call, &input.name.0, input.rights.into(), input.expires_at.0).await;
            let (made, errors) = refusal::payload(context, done)?;
            let (api_key, secret) = made.map(|made| (ApiKey(made.key), made.secret)).unzip();
            Ok(CreateApiKeyPayload { api_key, secret, errors })
        };
        Some(create.await)
    }

    /// 吊销 API 密钥，立即失效。需要：已登录（不能用密钥），限自己的或自己管理的账号的。
    ///
    /// Revokes an API key at once. Needs: being signed in, not by a key; for one's own, or of an account one looks after.
    #[graphql(directive = heading::apply("吊销 API 密钥".into()))]
    async fn revoke_api_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "哪个密钥。\n\nWhich.")] input: RevokeApiKeyInput,
    ) -> Option<Result<RevokeApiKeyPayload>> {
        let revoke = async {
            let inquiry = Inquiry::of(context)?;
            let done = inquiry.service.revoke_api_key(&inquiry.call, id::or_nothing::<ApiKeyId>(&input.id)).await;
            let (key, errors) = refusal::payload(context, done)?;
            Ok(RevokeApiKeyPayload { api_key: key.map(ApiKey), errors })
        };
        Some(revoke.await)
    }
}
