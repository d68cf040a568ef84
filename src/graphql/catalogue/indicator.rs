//! 指标: the catalogue under which targets are comparable.

use async_graphql::{Context, Description, ID, InputObject, Object, Result};
use endpoint::heading;

use super::topic::Topic;
use crate::{
    domain,
    graphql::{
        connection::{self, IndicatorConnection, TargetConnection},
        enumeration::{Aggregation, Language, TargetKind},
        error::OrFail as _,
        filter, id,
        inquiry::Inquiry,
        loader::{self, PageOf, Targets},
    },
    store,
};

/// 指标：使不同通知的目标任务可以相互比较的目录条目。
///
/// The catalogue entry under which targets of different notices are comparable.
#[derive(Clone, Description)]
pub struct Indicator(domain::catalogue::indicator::Indicator);

#[Object(use_type_description)]
impl Indicator {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 代码，一经使用不再更改，例如 childcare-places-added。
    ///
    /// A slug that never changes, such as childcare-places-added.
    #[graphql(directive = heading::apply("代码".into()))]
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称。
    ///
    /// The name.
    #[graphql(directive = heading::apply("名称".into()))]
    async fn name(
        &self,
        #[graphql(desc = "名称的语言。\n\nThe language of the name.", default_with = "Language::Chinese")] language: Language,
    ) -> &str {
        match language {
            Language::Chinese => &self.0.name,
            Language::English => &self.0.name_english,
        }
    }

    /// 口径：计入什么，不计入什么。
    ///
    /// What counts and what does not.
    #[graphql(directive = heading::apply("口径".into()))]
    async fn description(
        &self,
        #[graphql(desc = "文字的语言。\n\nThe language of the text.", default_with = "Language::Chinese")] language: Language,
    ) -> &str {
        match language {
            Language::Chinese => &self.0.description,
            Language::English => &self.0.description_english,
        }
    }

    /// 计量单位，例如 个；本指标下的目标任务单位相同。
    ///
    /// The counting unit, such as 个; that of every target under it.
    #[graphql(directive = heading::apply("计量单位".into()))]
    async fn unit(&self) -> &str {
        &self.0.unit
    }

    /// 目标类别；本指标下的目标任务类别相同。
    ///
    /// The kind of every target under it.
    #[graphql(directive = heading::apply("目标类别".into()))]
    async fn kind(&self) -> TargetKind {
        self.0.kind.into()
    }

    /// 汇总方式。
    ///
    /// How figures of several units become one.
    #[graphql(directive = heading::apply("汇总方式".into()))]
    async fn aggregation(&self) -> Aggregation {
        self.0.aggregation.into()
    }

    /// 是否越大越好。
    ///
    /// Whether more is better.
    #[graphql(directive = heading::apply("是否越大越好".into()))]
    async fn higher_is_better(&self) -> bool {
        self.0.higher_is_better
    }

    /// 所属领域。
    ///
    /// Its topic.
    #[graphql(directive = heading::apply("所属领域".into()))]
    async fn topic(&self, context: &Context<'_>) -> Result<Topic> {
        Ok(loader::required(context, self.0.topic_id).await?.into())
    }

    /// 本指标下的目标任务，按通知与编号排序。
    ///
    /// The targets under it, by notice and number.
    #[graphql(directive = heading::apply("本指标下的目标任务".into()))]
    async fn targets(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<TargetConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Targets, request }).await?.into())
    }
}

impl From<domain::catalogue::indicator::Indicator> for Indicator {
    fn from(indicator: domain::catalogue::indicator::Indicator) -> Self {
        Self(indicator)
    }
}

/// 指标筛选条件；各条件同时成立。
///
/// Which indicators to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct IndicatorFilter {
    /// 名称或口径中的任意文字，不分全角半角、大小写、空格。
    ///
    /// Any substring of name or description; width, case and spaces do not matter.
    text: Option<String>,
    /// 领域代码之一；空列表不选任何记录。
    ///
    /// One of these codes of topics; an empty list chooses nothing.
    topic: Option<Vec<String>>,
    /// 类别之一；空列表不选任何记录。
    ///
    /// One of these kinds; an empty list chooses nothing.
    kind: Option<Vec<TargetKind>>,
}

impl IndicatorFilter {
    fn checked(self, context: &Context<'_>) -> Result<store::IndicatorFilter> {
        Ok(store::IndicatorFilter {
            text: filter::text(context, self.text)?,
            topics: filter::choices(context, "topic", self.topic)?,
            kinds: filter::choices(context, "kind", self.kind)?,
        })
    }
}

/// Queries for indicators.
#[derive(Default)]
pub struct IndicatorQuery;

#[Object]
impl IndicatorQuery {
    /// 按代码查指标；没有则为 null。
    ///
    /// The indicator with this code; null if there is none.
    #[graphql(directive = heading::apply("按代码查指标".into()))]
    async fn indicator(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "指标代码，例如 elder-canteens。\n\nA code such as elder-canteens.")] code: String,
    ) -> Option<Result<Indicator>> {
        let find = async { Inquiry::of(context)?.visible.indicator_by_code(&code).await.or_fail(context) };
        Some(find.await.transpose()?.map(Indicator))
    }

    /// 指标列表，按目录顺序。
    ///
    /// Indicators, in the order of the catalogue.
    #[graphql(directive = heading::apply("指标列表".into()))]
    async fn indicators(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<IndicatorFilter>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<IndicatorConnection> {
        let request = connection::request(context, first, after, last, before)?;
        let filter = filter.unwrap_or_default().checked(context)?;
        Ok(Inquiry::of(context)?.visible.indicator_page(&filter, &request).await.or_fail(context)?.into())
    }
}
