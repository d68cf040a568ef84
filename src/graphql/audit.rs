//! 审计: what was done or tried, by whom, on what.

mod change;

use async_graphql::{Context, Description, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::{AccountId, ApiKeyId, AuditSubject, BlockerId, JurisdictionId, NoticeId, ProgressReportId, SessionId, TaskId};

use super::{
    connection::{self, AuditEventConnection},
    enumeration::{Action, AuditOutcome, Proof, Role},
    error::OrFail as _,
    filter, id,
    inquiry::Inquiry,
    loader,
    node::Node,
    people::{account::Account, api_key::ApiKey, session::Session},
    places::jurisdiction::{self, Jurisdiction},
    scalar::{Changes, DateTime},
};
use crate::{domain, store};

/// 审计事件：谁、何时、对什么、做了或试了什么、结果如何。督查室读本辖区及下级的，管理员读全部；保存草稿的除外，只与其单位有关。不可修改、不可删除。
///
/// What was done or tried, by whom, when, on what. An office reads those of its jurisdiction and below, an admin all; that a draft was saved is its unit's alone. Never changed or removed.
#[derive(Clone, Description)]
pub struct AuditEvent(domain::audit::AuditEvent);

#[Object(use_type_description)]
impl AuditEvent {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(super) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 序号，自 1 起连续。
    ///
    /// Its place in the chain, from 1 without a gap.
    #[graphql(directive = heading::apply("序号".into()))]
    async fn sequence(&self) -> i64 {
        self.0.sequence
    }

    /// 时间。
    ///
    /// When.
    #[graphql(directive = heading::apply("时间".into()))]
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// 操作。
    ///
    /// What was done or tried.
    #[graphql(directive = heading::apply("操作".into()))]
    async fn action(&self) -> Action {
        self.0.action.into()
    }

    /// 结果。
    ///
    /// What became of it.
    #[graphql(directive = heading::apply("结果".into()))]
    async fn outcome(&self) -> AuditOutcome {
        self.0.outcome.into()
    }

    /// 未成功的原因代码。
    ///
    /// Why it was not done, in a word.
    #[graphql(directive = heading::apply("未成功的原因代码".into()))]
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// 操作者当时的情况；未登录、或由命令行操作的为 null。
    ///
    /// Who did it, as they were then; null where nobody was signed in, and for the command line.
    #[graphql(directive = heading::apply("操作者当时的情况".into()))]
    async fn actor(&self) -> Option<AuditActor> {
        let actor = self.0.actor.as_ref()?;
        Some(AuditActor { id: id::encode(actor.id), username: actor.username.clone(), role: actor.role.into() })
    }

    /// 凭证。
    ///
    /// What they proved themselves with.
    #[graphql(directive = heading::apply("凭证".into()))]
    async fn credential(&self) -> Proof {
        self.0.credential.into()
    }

    /// 对象；与对象无关、或对象不可见的为 null。
    ///
    /// On what; null where it was about nothing, or you may not see it.
    #[graphql(directive = heading::apply("对象".into()))]
    async fn subject(&self, context: &Context<'_>) -> Option<Result<Node>> {
        let subject = self.0.subject?;
        match subject.kind {
            AuditSubject::Account => {
                loader::optional(context, AccountId(subject.id)).await.map(|found| found.map(|row| Node::Account(Account(row))))
            }
            AuditSubject::Session => {
                loader::optional(context, SessionId(subject.id)).await.map(|found| found.map(|row| Node::Session(Session(row))))
            }
            AuditSubject::ApiKey => {
                loader::optional(context, ApiKeyId(subject.id)).await.map(|found| found.map(|row| Node::ApiKey(ApiKey(row))))
            }
            AuditSubject::Notice => {
                loader::optional(context, NoticeId(subject.id)).await.map(|found| found.map(|row| Node::Notice(row.into())))
            }
            AuditSubject::Task => loader::optional(context, TaskId(subject.id)).await.map(|found| found.map(|row| Node::Task(row.into()))),
            AuditSubject::Jurisdiction => {
                jurisdiction::by_id(context, JurisdictionId(subject.id)).await.map(|found| found.map(Node::Jurisdiction))
            }
            AuditSubject::ProgressReport => {
                let found = loader::optional(context, ProgressReportId(subject.id)).await;
                found.map(|found| found.map(|row| Node::ProgressReport(row.into())))
            }
            AuditSubject::Blocker => {
                loader::optional(context, BlockerId(subject.id)).await.map(|found| found.map(|row| Node::Blocker(row.into())))
            }
        }
        .transpose()
    }

    /// 哪个辖区的事件；与辖区无关的为 null。
    ///
    /// Whose office may read it; null where it is of none.
    #[graphql(directive = heading::apply("哪个辖区的事件".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Option<Result<Jurisdiction>> {
        jurisdiction::by_id(context, self.0.jurisdiction_id?).await.transpose()
    }

    /// 改了什么：每个字段的 before 与 after，密码等以 *** 代替；在原处您无权查看的（申请、退回、审核的说明，堵点如何解决等）也以 *** 代替。
    ///
    /// What changed: before and after of each field, with *** for secrets, and for what you may not read where it stands: notes of claims, reasons of returns and reviews, resolutions of blockers and the like.
    #[graphql(directive = heading::apply("改了什么".into()))]
    async fn changes(&self, context: &Context<'_>) -> Result<Changes> {
        Ok(Changes(change::shown(context, &self.0).await?))
    }

    /// 请求编号，与响应头 x-request-id 和日志一致。
    ///
    /// The id of the request, as in the header x-request-id and in the log.
    #[graphql(directive = heading::apply("请求编号".into()))]
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// 来源地址；由命令行操作的为 null。
    ///
    /// Where it came from; null for the command line.
    #[graphql(directive = heading::apply("来源地址".into()))]
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }
}

impl From<domain::audit::AuditEvent> for AuditEvent {
    fn from(event: domain::audit::AuditEvent) -> Self {
        Self(event)
    }
}

/// 操作者当时的情况。
///
/// Who did something, as they were then.
#[derive(SimpleObject)]
pub struct AuditActor {
    /// 账号的全局 ID。
    ///
    /// The global id of the account.
    #[graphql(directive = heading::apply("账号的全局 ID".into()))]
    id: ID,
    /// 当时的登录名。
    ///
    /// Its username then.
    #[graphql(directive = heading::apply("当时的登录名".into()))]
    username: String,
    /// 当时的角色。
    ///
    /// Its role then.
    #[graphql(directive = heading::apply("当时的角色".into()))]
    role: Role,
}

/// 审计筛选条件；各条件同时成立。
///
/// Which events to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct AuditEventFilter {
    /// 辖区代码。
    ///
    /// The code of a jurisdiction.
    jurisdiction: Option<String>,
    /// 是否包括该辖区的全部下级。
    ///
    /// Whether all below that jurisdiction are included.
    #[graphql(default = true)]
    include_descendants: bool,
    /// 操作之一；空列表不选任何记录。
    ///
    /// One of these actions; an empty list chooses nothing.
    action: Option<Vec<Action>>,
    /// 结果之一；空列表不选任何记录。
    ///
    /// One of these outcomes; an empty list chooses nothing.
    outcome: Option<Vec<AuditOutcome>>,
    /// 操作者的账号。
    ///
    /// The account that did it.
    actor: Option<ID>,
}

impl AuditEventFilter {
    fn checked(self, context: &Context<'_>) -> Result<store::AuditFilter> {
        Ok(store::AuditFilter {
            jurisdictions: self.jurisdiction.map(|code| vec![code]),
            descendants: self.include_descendants,
            actions: filter::choices(context, "action", self.action)?,
            outcomes: filter::choices(context, "outcome", self.outcome)?,
            actor: self.actor.map(|actor| id::decode(context, "filter.actor", &actor)).transpose()?,
        })
    }
}

/// Queries for audit events.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// 审计事件，新的在前。需要：督查室（本辖区及下级）或管理员（全部）。
    ///
    /// Audit events, the latest first. Needs: an office (its jurisdiction and below) or an admin (all).
    #[graphql(directive = heading::apply("审计事件".into()))]
    async fn audit_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<AuditEventFilter>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<AuditEventConnection> {
        let request = connection::request(context, first, after, last, before)?;
        let filter = filter.unwrap_or_default().checked(context)?;
        Ok(Inquiry::of(context)?.visible.audit_page(&filter, &request).await.or_fail(context)?.into())
    }
}
