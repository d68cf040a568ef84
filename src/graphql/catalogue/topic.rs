//! 领域: topics.

use async_graphql::{Context, Description, ID, Object, Result};
use endpoint::heading;

use crate::{
    domain,
    graphql::{
        connection::{self, IndicatorConnection, TaskConnection},
        enumeration::Language,
        error::OrFail as _,
        id,
        inquiry::Inquiry,
        loader::{self, Indicators, PageOf, Tasks},
    },
};

/// 领域：养老、托育、住房等。
///
/// A field of life: elder care, childcare, housing.
#[derive(Clone, Description)]
pub struct Topic(domain::catalogue::topic::Topic);

#[Object(use_type_description)]
impl Topic {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 代码，一经使用不再更改，例如 childcare。
    ///
    /// A slug that never changes, such as childcare.
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

    /// 本领域的指标，按目录顺序。
    ///
    /// The indicators of this topic, in the order of the catalogue.
    #[graphql(directive = heading::apply("本领域的指标".into()))]
    async fn indicators(
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
    ) -> Result<IndicatorConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Indicators, request }).await?.into())
    }

    /// 本领域的任务，按通知与编号排序。
    ///
    /// The tasks of this topic, by notice and number.
    #[graphql(directive = heading::apply("本领域的任务".into()))]
    async fn tasks(
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
    ) -> Result<TaskConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Tasks, request }).await?.into())
    }
}

impl From<domain::catalogue::topic::Topic> for Topic {
    fn from(topic: domain::catalogue::topic::Topic) -> Self {
        Self(topic)
    }
}

/// Queries for topics.
#[derive(Default)]
pub struct TopicQuery;

#[Object]
impl TopicQuery {
    /// 按代码查领域；没有则为 null。
    ///
    /// The topic with this code; null if there is none.
    #[graphql(directive = heading::apply("按代码查领域".into()))]
    async fn topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "领域代码，例如 childcare。\n\nA code such as childcare.")] code: String,
    ) -> Option<Result<Topic>> {
        let find = async { Inquiry::of(context)?.visible.topic_by_code(&code).await.or_fail(context) };
        Some(find.await.transpose()?.map(Topic))
    }

    /// 全部领域，按目录顺序。
    ///
    /// All topics, in the order of the catalogue.
    #[graphql(directive = heading::apply("全部领域".into()))]
    async fn topics(&self, context: &Context<'_>) -> Result<Vec<Topic>> {
        let inquiry = Inquiry::of(context)?;
        let topics = inquiry.visible.topics().await.or_fail(context)?;
        inquiry.spend(context, topics.len().saturating_add(1))?;
        Ok(topics.into_iter().map(Topic).collect())
    }
}
