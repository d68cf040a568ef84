//! 通知: notices with what their letters say.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object, Result, SimpleObject};
use endpoint::heading;
use entity::RecipientRole;

use super::project::Project;
use crate::{
    domain,
    graphql::{
        connection::{self, NoticeConnection},
        enumeration::{AdoptionMethod, Cadence, Disclosure, DutyKind, DutyOrigin, Language, NoticeState, Obligor},
        error::{self, Missing, OrFail as _},
        filter, id,
        inquiry::Inquiry,
        loader::{self, DutiesOf, MeetingsOf, ProjectCountOf, ProjectsOf, RecipientsOf, SettingOf, TaskCountOf},
        order::OrderDirection,
        places::{
            jurisdiction::{self, Jurisdiction},
            unit::Unit,
        },
        progress::reporting::{Meeting, NoticeSetting},
        scalar::Date,
    },
    store,
};

/// 通知：一个辖区一年的民生实事承诺。通知没有写的为 null。
///
/// What a jurisdiction promises its residents in one year. What the letter leaves out is null.
#[derive(Clone, Description)]
pub struct Notice(domain::notices::notice::Notice);

#[Object(use_type_description)]
impl Notice {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 发布辖区。
    ///
    /// Whose promise it is.
    #[graphql(directive = heading::apply("发布辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Result<Jurisdiction> {
        jurisdiction::by_id(context, self.0.jurisdiction_id).await?.ok_or_else(|| error::internal(context, &Missing("jurisdiction")))
    }

    /// 年份。
    ///
    /// The calendar year it is for.
    #[graphql(directive = heading::apply("年份".into()))]
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// 标题。
    ///
    /// The official title.
    #[graphql(directive = heading::apply("标题".into()))]
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 发文字号，例如 济兖政发〔2024〕2号。
    ///
    /// The document number.
    #[graphql(directive = heading::apply("发文字号".into()))]
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }

    /// 状态。
    ///
    /// Drafted, issued or withdrawn.
    #[graphql(directive = heading::apply("状态".into()))]
    async fn state(&self) -> NoticeState {
        self.0.state.into()
    }

    /// 版本，每次修改加一。
    ///
    /// The version, which rises by one with every change.
    #[graphql(directive = heading::apply("版本".into()))]
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 印发日期。
    ///
    /// The day of issue.
    #[graphql(directive = heading::apply("印发日期".into()))]
    async fn issued_on(&self) -> Option<Date> {
        self.0.issued_on.map(Date)
    }

    /// 公开属性。
    ///
    /// How far it is disclosed.
    #[graphql(directive = heading::apply("公开属性".into()))]
    async fn disclosure(&self) -> Option<Disclosure> {
        self.0.disclosure.map(Into::into)
    }

    /// 发文机关。
    ///
    /// Who issued it.
    #[graphql(directive = heading::apply("发文机关".into()))]
    async fn issuer(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        Some(loader::required(context, self.0.issuer_id?).await.map(Unit::from))
    }

    /// 督查单位。
    ///
    /// The supervising office.
    #[graphql(directive = heading::apply("督查单位".into()))]
    async fn supervisor(&self, context: &Context<'_>) -> Option<Result<Unit>> {
        Some(loader::required(context, self.0.supervisor_id?).await.map(Unit::from))
    }

    /// 如何确定。
    ///
    /// How the list was adopted.
    #[graphql(directive = heading::apply("如何确定".into()))]
    async fn adoption(&self) -> Option<Adoption> {
        Some(Adoption { method: self.0.adoption_method?.into(), meeting: self.0.adoption_meeting.clone() })
    }

    /// 主送，照原文顺序。
    ///
    /// Whom it is sent to, as printed.
    #[graphql(directive = heading::apply("主送".into()))]
    async fn addressees(&self, context: &Context<'_>) -> Result<Vec<String>> {
        recipients(context, &self.0, RecipientRole::Addressee).await
    }

    /// 抄送，照原文顺序。
    ///
    /// Whom it is copied to, as printed.
    #[graphql(directive = heading::apply("抄送".into()))]
    async fn carbon_copies(&self, context: &Context<'_>) -> Result<Vec<String>> {
        recipients(context, &self.0, RecipientRole::CarbonCopy).await
    }

    /// 有固定频次的报告职责；通知没有规定的为空，由督查单位另定。
    ///
    /// Reporting duties with a fixed cadence; empty where the notice sets none and its supervising office does.
    #[graphql(directive = heading::apply("有固定频次的报告职责".into()))]
    async fn reporting_duties(&self, context: &Context<'_>) -> Result<Vec<ReportingDuty>> {
        Ok(loader::list(context, DutiesOf(self.0.id)).await?.into_iter().map(ReportingDuty).collect())
    }

    /// 填报设置，由督查室设定。
    ///
    /// How the office has set its reporting.
    #[graphql(directive = heading::apply("填报设置".into()))]
    async fn setting(&self, context: &Context<'_>) -> Result<NoticeSetting> {
        Ok(loader::list(context, SettingOf(self.0.id)).await?.into())
    }

    /// 记录的调度和会议，按日期；仅本辖区及上级可见，其他人为空。
    ///
    /// The dispatches and meetings that were recorded, by day; for the jurisdiction and those above alone, empty for others.
    #[graphql(directive = heading::apply("记录的调度和会议".into()))]
    async fn meetings(&self, context: &Context<'_>) -> Result<Vec<Meeting>> {
        Ok(loader::list(context, MeetingsOf(self.0.id)).await?.into_iter().map(Meeting::from).collect())
    }

    /// 项目，按序号。
    ///
    /// The projects, by number.
    #[graphql(directive = heading::apply("项目".into()))]
    async fn projects(&self, context: &Context<'_>) -> Result<Vec<Project>> {
        Ok(loader::list(context, ProjectsOf(self.0.id)).await?.into_iter().map(Project::from).collect())
    }

    /// 项目数。
    ///
    /// The number of projects.
    #[graphql(directive = heading::apply("项目数".into()))]
    async fn project_count(&self, context: &Context<'_>) -> Result<i64> {
        loader::list(context, ProjectCountOf(self.0.id)).await
    }

    /// 任务数。
    ///
    /// The number of tasks.
    #[graphql(directive = heading::apply("任务数".into()))]
    async fn task_count(&self, context: &Context<'_>) -> Result<i64> {
        loader::list(context, TaskCountOf(self.0.id)).await
    }
}

async fn recipients(context: &Context<'_>, notice: &domain::notices::notice::Notice, role: RecipientRole) -> Result<Vec<String>> {
    let recipients = loader::list(context, RecipientsOf(notice.id)).await?;
    Ok(recipients.into_iter().filter(|recipient| recipient.role == role).map(|recipient| recipient.name).collect())
}

impl From<domain::notices::notice::Notice> for Notice {
    fn from(notice: domain::notices::notice::Notice) -> Self {
        Self(notice)
    }
}

/// 实事清单如何确定。
///
/// How the list of a notice was adopted.
#[derive(SimpleObject)]
pub struct Adoption {
    /// 确定方式。
    ///
    /// The method.
    #[graphql(directive = heading::apply("确定方式".into()))]
    method: AdoptionMethod,
    /// 会议。
    ///
    /// The meeting.
    #[graphql(directive = heading::apply("会议".into()))]
    meeting: Option<String>,
}

/// 报告职责：谁、多久、报什么。
///
/// Who owes what, how often.
#[derive(Clone, Description)]
pub struct ReportingDuty(domain::notices::notice::ReportingDuty);

#[Object(use_type_description)]
impl ReportingDuty {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 内容。
    ///
    /// What is owed.
    #[graphql(directive = heading::apply("内容".into()))]
    async fn kind(&self) -> DutyKind {
        self.0.kind.into()
    }

    /// 频次。
    ///
    /// How often.
    #[graphql(directive = heading::apply("频次".into()))]
    async fn cadence(&self) -> Cadence {
        self.0.cadence.into()
    }

    /// 承担者。
    ///
    /// Who owes it.
    #[graphql(directive = heading::apply("承担者".into()))]
    async fn obligor(&self) -> Obligor {
        self.0.obligor.into()
    }

    /// 说明。
    ///
    /// The duty in our own words.
    #[graphql(directive = heading::apply("说明".into()))]
    async fn description(
        &self,
        #[graphql(desc = "文字的语言。\n\nThe language of the text.", default_with = "Language::Chinese")] language: Language,
    ) -> &str {
        match language {
            Language::Chinese => &self.0.description,
            Language::English => &self.0.description_english,
        }
    }

    /// 由谁规定。
    ///
    /// Who has set it.
    #[graphql(directive = heading::apply("由谁规定".into()))]
    async fn origin(&self) -> DutyOrigin {
        self.0.origin.into()
    }

    /// 期末后宽限天数；通知没有规定的为 null。
    ///
    /// Days of grace after the period's end; null where the notice sets none.
    #[graphql(directive = heading::apply("期末后宽限天数".into()))]
    async fn grace_days(&self) -> Option<i32> {
        self.0.grace_days
    }

    /// 所属通知。
    ///
    /// The notice.
    #[graphql(directive = heading::apply("所属通知".into()))]
    async fn notice(&self, context: &Context<'_>) -> Result<Notice> {
        Ok(loader::required(context, self.0.notice_id).await?.into())
    }
}

impl From<domain::notices::notice::ReportingDuty> for ReportingDuty {
    fn from(duty: domain::notices::notice::ReportingDuty) -> Self {
        Self(duty)
    }
}

/// 通知筛选条件；各条件同时成立。
///
/// Which notices to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct NoticeFilter {
    /// 标题或发文字号中的任意文字，不分全角半角、大小写、空格。
    ///
    /// Any substring of title or document number; width, case and spaces do not matter.
    text: Option<String>,
    /// 辖区代码之一；空列表不选任何记录。
    ///
    /// One of these codes of jurisdictions; an empty list chooses nothing.
    jurisdiction: Option<Vec<String>>,
    /// 所选辖区是否包括其全部下级。
    ///
    /// Whether the chosen jurisdictions include all below them.
    #[graphql(default = true)]
    include_descendants: bool,
    /// 年份之一；空列表不选任何记录。
    ///
    /// One of these years; an empty list chooses nothing.
    year: Option<Vec<i32>>,
}

impl NoticeFilter {
    fn checked(self, context: &Context<'_>) -> Result<store::NoticeFilter> {
        Ok(store::NoticeFilter {
            text: filter::text(context, self.text)?,
            jurisdictions: filter::choices(context, "jurisdiction", self.jurisdiction)?,
            descendants: self.include_descendants,
            years: filter::choices(context, "year", self.year)?,
        })
    }
}

/// 通知排序依据。
///
/// What notices are ordered by.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
#[graphql(remote = "store::NoticeOrder", name = "NoticeOrderField")]
pub enum NoticeOrderField {
    /// 辖区（规范顺序），再按年份。
    ///
    /// Jurisdiction in the official order, then year.
    #[graphql(directive = heading::apply("辖区".into()))]
    #[default]
    Jurisdiction,
    /// 年份，再按辖区。
    ///
    /// Year, then jurisdiction.
    #[graphql(directive = heading::apply("年份".into()))]
    Year,
}

/// 通知排序。
///
/// The order of notices.
#[derive(InputObject, Clone, Copy, Default)]
pub struct NoticeOrder {
    /// 依据。
    ///
    /// What to order by.
    field: NoticeOrderField,
    /// 方向。
    ///
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// Queries for notices.
#[derive(Default)]
pub struct NoticeQuery;

#[Object]
impl NoticeQuery {
    /// 一个辖区一年的通知；没有或不可见则为 null。
    ///
    /// The notice of a jurisdiction for a year; null if there is none that you may see.
    #[graphql(directive = heading::apply("一个辖区一年的通知".into()))]
    async fn notice(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。\n\nThe year.")] year: i32,
    ) -> Option<Result<Notice>> {
        Some(of_year(context, &jurisdiction, year).await.transpose()?.map(Notice))
    }

    /// 通知列表。
    ///
    /// Notices.
    #[graphql(directive = heading::apply("通知列表".into()))]
    async fn notices(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<NoticeFilter>,
        #[graphql(desc = "排序。\n\nThe order.")] order_by: Option<NoticeOrder>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<NoticeConnection> {
        let request = connection::request(context, first, after, last, before)?;
        let filter = filter.unwrap_or_default().checked(context)?;
        let order = order_by.unwrap_or_default();
        Ok(Inquiry::of(context)?
            .visible
            .notice_page(&filter, order.field.into(), order.direction.into(), &request)
            .await
            .or_fail(context)?
            .into())
    }
}

/// The visible notice of a jurisdiction for a year.
pub(in crate::graphql) async fn of_year(
    context: &Context<'_>,
    jurisdiction: &str,
    year: i32,
) -> Result<Option<domain::notices::notice::Notice>> {
    let Some(jurisdiction) = jurisdiction::by_code(context, jurisdiction).await? else { return Ok(None) };
    Inquiry::of(context)?.visible.notice_of_year(jurisdiction.id, year).await.or_fail(context)
}
