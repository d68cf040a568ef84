//! Who is asking, as they see themselves.

use async_graphql::{Context, Description, Object, Result, SimpleObject};
use endpoint::heading;

use super::{account::Account, session::Session};
use crate::{
    access::policy,
    domain::language::Text,
    graphql::{
        enumeration::Action,
        error::{self, OrFail as _},
        inquiry::Inquiry,
        loader,
        progress::{ledger::DueReport, report::ProgressReport},
        refusal,
        scalar::{Date, DateTime},
    },
    service::download::is_address,
};

/// 当前用户：我是谁，能做什么。
///
/// Who is asking, and what they may do.
#[derive(Description)]
pub struct Viewer;

#[Object(use_type_description)]
impl Viewer {
    /// 当前账号；未登录为 null。
    ///
    /// The account; null where nobody is signed in.
    #[graphql(directive = heading::apply("当前账号".into()))]
    async fn account(&self, context: &Context<'_>) -> Option<Result<Account>> {
        let find = async {
            let Some(actor) = Inquiry::of(context)?.call.viewer.actor() else { return Ok(None) };
            Ok(loader::optional(context, actor.id).await?.map(Account))
        };
        find.await.transpose()
    }

    /// 至少对某个对象可以执行的操作；对某个对象能否执行见该对象的 viewerCan…。
    ///
    /// What the viewer may do to something at least; whether to a given object is said by its viewerCan… fields.
    #[graphql(directive = heading::apply("至少对某个对象可以执行的操作".into()))]
    #[expect(clippy::unused_self, reason = "a field of the object")]
    fn actions(&self, context: &Context<'_>) -> Result<Vec<Action>> {
        let viewer = &Inquiry::of(context)?.call.viewer;
        Ok(policy::actions(viewer).into_iter().map(Action::from).collect())
    }

    /// 本单位还应报送的各期，按期限先后：还可按时报送的，和已逾期的。没有单位的账号为空。
    ///
    /// The reports that your unit still owes, by due instant: those that may still come in time, and those that are overdue. Empty where you are of no unit.
    #[graphql(directive = heading::apply("本单位还应报送的各期".into()))]
    async fn due_reports(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "在哪一天看；不写为今天。\n\nAs of which day; today when left out.")] on: Option<Date>,
    ) -> Result<Vec<DueReport>> {
        let inquiry = Inquiry::of(context)?;
        let found = inquiry.service.due_reports(&inquiry.call, &inquiry.visible, on.map(|date| date.0)).await;
        let due = refusal::answer(context, found)?;
        inquiry.spend(context, due.len())?;
        Ok(due.into_iter().map(DueReport).collect())
    }

    /// 被退回本单位、待修改后重新报送的填报。
    ///
    /// The reports that were returned to your unit and wait for it.
    #[graphql(directive = heading::apply("被退回本单位、待修改后重新报送的填报".into()))]
    async fn returned_reports(&self, context: &Context<'_>) -> Result<Vec<ProgressReport>> {
        let inquiry = Inquiry::of(context)?;
        let returned = refusal::answer(context, inquiry.service.returned_reports(&inquiry.call, &inquiry.visible).await)?;
        inquiry.spend(context, returned.len())?;
        Ok(returned.into_iter().map(ProgressReport).collect())
    }

    /// 当前账号尚未结束的会话，最近使用的在前。
    ///
    /// The account's sessions that are not over, the last used first.
    #[graphql(directive = heading::apply("当前账号尚未结束的会话".into()))]
    async fn sessions(&self, context: &Context<'_>) -> Result<Vec<Session>> {
        let inquiry = Inquiry::of(context)?;
        let sessions = inquiry.visible.open_sessions(inquiry.call.occasion.at).await.or_fail(context)?;
        inquiry.spend(context, sessions.len())?;
        Ok(sessions.into_iter().map(Session).collect())
    }

    /// 下载链接：为本次登录签名，两分钟内可打开该导出地址（/export/…），账号锁定或退出即失效；不在此登录的（未登录、API 密钥、统一身份认证）为 null，公开内容不需要签名。
    ///
    /// A link to a file: the address of an export (/export/…) with a signature of your session, which opens it for two minutes, and no longer than you are signed in; null for whoever is not signed in here (the public, API keys, identity providers). What is public needs none.
    #[graphql(directive = heading::apply("下载链接".into()))]
    async fn download_link(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "导出地址，以 /export/ 开头，例如 /export/ledger.xlsx?jurisdiction=jining&year=2024。\n\nThe address, which begins with /export/."
        )]
        address: String,
    ) -> Option<Result<DownloadLink>> {
        let find = async {
            if !is_address(&address) {
                let message = Text::new(
                    "地址须以 /export/ 开头，参数已按 URL 编码，且不含 ticket：请检查后重试。",
                    "The address begins with /export/, has its parameters encoded as in a URL, and no ticket: check it.",
                );
                return Err(error::bad_input(context, "address", &message));
            }
            let inquiry = Inquiry::of(context)?;
            let link = refusal::answer(context, inquiry.service.link(&inquiry.call, &address).await)?;
            Ok(link.map(|link| DownloadLink { address: link.address, expires_at: DateTime(link.expires_at) }))
        };
        find.await.transpose()
    }
}

/// 下载链接。
///
/// A link to a file.
#[derive(SimpleObject)]
pub struct DownloadLink {
    /// 带签名的地址。
    ///
    /// The address with its signature.
    #[graphql(directive = heading::apply("带签名的地址".into()))]
    address: String,
    /// 到期时间：之后不能再打开。
    ///
    /// Until when it opens.
    #[graphql(directive = heading::apply("到期时间".into()))]
    expires_at: DateTime,
}

/// Queries for who is asking.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// 当前用户，未登录也有。
    ///
    /// Who is asking, also where nobody is signed in.
    #[graphql(directive = heading::apply("当前用户".into()))]
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}
