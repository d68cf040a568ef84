//! 会话: signing in and out, and what is signed in.

use async_graphql::{Context, Description, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::{Action, SessionId};

use super::{account::Account, permission::Permission};
use crate::{
    access::{password::Password, policy::Resource, viewer::Credential},
    domain,
    graphql::{
        id,
        inquiry::Inquiry,
        refusal::{self, Fault},
        scalar::DateTime,
    },
    service::{Refusal, people::session::Issued},
};

/// 会话：一次登录。只有本人可见。
///
/// What begins with a sign-in. Only its owner sees it.
#[derive(Clone, Description)]
pub struct Session(pub(in crate::graphql) domain::people::session::Session);

#[Object(use_type_description)]
impl Session {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 登录时间。
    ///
    /// When it began.
    #[graphql(directive = heading::apply("登录时间".into()))]
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近续期时间。
    ///
    /// When it was last renewed.
    #[graphql(directive = heading::apply("最近续期时间".into()))]
    async fn last_used_at(&self) -> DateTime {
        DateTime(self.0.last_used_at)
    }

    /// 自动结束时间；续期则延后，最长自登录起 7 天。
    ///
    /// When it ends by itself; renewing moves it on, up to 7 days from the sign-in.
    #[graphql(directive = heading::apply("自动结束时间".into()))]
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// 登录来源地址。
    ///
    /// Where the sign-in came from.
    #[graphql(directive = heading::apply("登录来源地址".into()))]
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// 客户端自称。
    ///
    /// What the client called itself.
    #[graphql(directive = heading::apply("客户端自称".into()))]
    async fn user_agent(&self) -> Option<&str> {
        self.0.user_agent.as_deref()
    }

    /// 是否就是本次请求所用的会话。
    ///
    /// Whether it is the one that asks.
    #[graphql(directive = heading::apply("是否就是本次请求所用的会话".into()))]
    fn current(&self, context: &Context<'_>) -> Result<bool> {
        let credential = Inquiry::of(context)?.call.viewer.actor().map(|actor| actor.credential);
        Ok(credential == Some(Credential::Session(self.0.id)))
    }

    /// 当前用户能否结束它。
    ///
    /// Whether the viewer may end it.
    fn viewer_can_end(&self, context: &Context<'_>) -> Result<Permission> {
        let ended = self.0.is_over(Inquiry::of(context)?.call.occasion.at);
        Permission::of(context, Action::EndSession, &Resource::Session { owner: self.0.account_id, ended })
    }
}

/// 登录所得，只显示这一次。
///
/// What a sign-in yields, shown this once.
#[derive(SimpleObject)]
pub struct SessionTokens {
    /// 访问令牌：放入请求头 Authorization: Bearer。
    ///
    /// The access token, for the header Authorization: Bearer.
    #[graphql(directive = heading::apply("访问令牌".into()))]
    access_token: String,
    /// 访问令牌到期时间，之前用 refreshSession 续期。
    ///
    /// When it expires; renew it with refreshSession before.
    #[graphql(directive = heading::apply("访问令牌到期时间".into()))]
    access_token_expires_at: DateTime,
    /// 续期令牌，只能用一次，每次续期换新。30 秒内从同一网络再次使用，得到同一个新令牌；其他情形再次使用会结束整个会话。
    ///
    /// What renews the session, once; each renewal yields the next. Presented again within 30 seconds from the same network it yields the same next one; otherwise it ends the session.
    #[graphql(directive = heading::apply("续期令牌".into()))]
    refresh_token: String,
    /// 会话。
    ///
    /// The session.
    #[graphql(directive = heading::apply("会话".into()))]
    session: Session,
    /// 账号。
    ///
    /// Whose it is.
    #[graphql(directive = heading::apply("账号".into()))]
    account: Account,
}

impl From<Issued> for SessionTokens {
    fn from(issued: Issued) -> Self {
        Self {
            access_token: issued.access_token,
            access_token_expires_at: DateTime(issued.access_token_expires_at),
            refresh_token: issued.refresh_token,
            session: Session(issued.session),
            account: Account(issued.account),
        }
    }
}

/// 登录名和密码。
///
/// A username and a password.
#[derive(InputObject)]
pub struct SignInInput {
    /// 登录名，不分大小写和全角半角。
    ///
    /// The username; case and width do not matter.
    username: String,
    /// 密码。
    ///
    /// The password.
    password: String,
}

/// 续期令牌。
///
/// What renews a session.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// 上次登录或续期所得的续期令牌。
    ///
    /// The refresh token of the last sign-in or renewal.
    refresh_token: String,
}

/// 要结束的会话。
///
/// Which session to end.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// 会话。
    ///
    /// The session.
    id: ID,
}

/// 当前密码和新密码。
///
/// The password as it is and as it shall be.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// 当前密码。
    ///
    /// The current password.
    current_password: String,
    /// 新密码：10 至 128 个字符，不得常见、易猜或含登录名。
    ///
    /// The new one: 10 to 128 characters, not common, easily guessed, or holding the username.
    new_password: String,
}

/// 登录或续期的结果。
///
/// What came of a sign-in or a renewal.
#[derive(SimpleObject)]
pub struct SessionPayload {
    /// 登录所得；未成功则为 null。
    ///
    /// What it yields; null where it did not succeed.
    #[graphql(directive = heading::apply("登录所得".into()))]
    session: Option<SessionTokens>,
    /// 未成功的原因。
    ///
    /// Why it did not succeed.
    errors: Vec<Fault>,
}

/// 退出的结果。
///
/// What came of signing out.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// 结束了几个会话。
    ///
    /// How many sessions ended.
    #[graphql(directive = heading::apply("结束了几个会话".into()))]
    ended: u64,
    /// 未成功的原因。
    ///
    /// Why it did not succeed.
    errors: Vec<Fault>,
}

/// 修改密码的结果。
///
/// What came of changing the password.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// 账号；未成功则为 null。
    ///
    /// The account; null where it did not succeed.
    #[graphql(directive = heading::apply("账号".into()))]
    account: Option<Account>,
    /// 输入有误之处，全部列出。
    ///
    /// All that is wrong with the input.
    errors: Vec<Fault>,
}

impl SessionPayload {
    fn of(context: &Context<'_>, done: std::result::Result<Issued, Refusal>) -> Result<Self> {
        let (issued, errors) = refusal::payload(context, done)?;
        Ok(Self { session: issued.map(SessionTokens::from), errors })
    }
}

impl SignOutPayload {
    fn of(context: &Context<'_>, done: std::result::Result<u64, Refusal>) -> Result<Self> {
        let (ended, errors) = refusal::payload(context, done)?;
        Ok(Self { ended: ended.unwrap_or_default(), errors })
    }
}

/// Signing in and out.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// 用登录名和密码登录。任何人可调用；多次失败后须等待。
    ///
    /// Signs in with a username and a password. Open to anybody; after several failures one has to wait.
    #[graphql(directive = heading::apply("用登录名和密码登录".into()))]
    async fn sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "登录名和密码。\n\nThe username and the password.")] input: SignInInput,
    ) -> Option<Result<SessionPayload>> {
        let sign_in = async {
            let inquiry = Inquiry::of(context)?;
            let password = Password::new(input.password);
            SessionPayload::of(context, inquiry.service.sign_in(&inquiry.call, &input.username, password).await)
        };
        Some(sign_in.await)
    }

    /// 用续期令牌换取新的访问令牌和续期令牌。任何人可调用。
    ///
    /// Exchanges a refresh token for the next pair of tokens. Open to anybody.
    #[graphql(directive = heading::apply("用续期令牌换取新的访问令牌和续期令牌".into()))]
    async fn refresh_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "续期令牌。\n\nThe refresh token.")] input: RefreshSessionInput,
    ) -> Option<Result<SessionPayload>> {
        let refresh = async {
            let inquiry = Inquiry::of(context)?;
            SessionPayload::of(context, inquiry.service.refresh_session(&inquiry.call, &input.refresh_token).await)
        };
        Some(refresh.await)
    }

    /// 退出当前会话。需要：在此登录的会话。
    ///
    /// Ends the session that asks. Needs: a session that was signed in here.
    #[graphql(directive = heading::apply("退出当前会话".into()))]
    async fn sign_out(&self, context: &Context<'_>) -> Option<Result<SignOutPayload>> {
        let sign_out = async {
            let inquiry = Inquiry::of(context)?;
            SignOutPayload::of(context, inquiry.service.sign_out(&inquiry.call).await)
        };
        Some(sign_out.await)
    }

    /// 结束本账号的全部会话。需要：已登录。
    ///
    /// Ends all sessions of one's account. Needs: being signed in.
    #[graphql(directive = heading::apply("结束本账号的全部会话".into()))]
    async fn sign_out_everywhere(&self, context: &Context<'_>) -> Option<Result<SignOutPayload>> {
        let sign_out = async {
            let inquiry = Inquiry::of(context)?;
            SignOutPayload::of(context, inquiry.service.sign_out_everywhere(&inquiry.call).await)
        };
        Some(sign_out.await)
    }

    /// 结束本账号的一个会话。需要：已登录。
    ///
    /// Ends one session of one's account. Needs: being signed in.
    #[graphql(directive = heading::apply("结束本账号的一个会话".into()))]
    async fn end_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "哪个会话。\n\nWhich.")] input: EndSessionInput,
    ) -> Option<Result<SignOutPayload>> {
        let end = async {
            let inquiry = Inquiry::of(context)?;
            let id = id::or_nothing::<SessionId>(&input.id);
            SignOutPayload::of(context, inquiry.service.end_session(&inquiry.call, id).await)
        };
        Some(end.await)
    }

    /// 修改自己的密码，其他会话随之结束。需要：在此登录的会话和当前密码。
    ///
    /// Changes one's password; one's other sessions end. Needs: a session that was signed in here, and the current password.
    #[graphql(directive = heading::apply("修改自己的密码".into()))]
    async fn change_password(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "当前密码和新密码。\n\nThe current and the new password.")] input: ChangePasswordInput,
    ) -> Option<Result<ChangePasswordPayload>> {
        let change = async {
            let inquiry = Inquiry::of(context)?;
            let (current, new) = (Password::new(input.current_password), Password::new(input.new_password));
            let done = inquiry.service.change_password(&inquiry.call, current, new).await;
            let (account, errors) = refusal::payload(context, done)?;
            Ok(ChangePasswordPayload { account: account.map(Account), errors })
        };
        Some(change.await)
    }
}
