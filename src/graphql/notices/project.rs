//! 项目: the numbered lines of annexes.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object, Result};
use endpoint::heading;

use super::{
    notice::{self, Notice},
    task::Task,
};
use crate::{
    domain,
    graphql::{
        connection::{self, ProjectConnection},
        error::OrFail as _,
        filter, id,
        inquiry::Inquiry,
        loader::{self, ProjectsOf, TasksOf},
        order::OrderDirection,
    },
    store,
};

/// 实事项目：附件中编有序号的一项。
///
/// A numbered line of a notice's annex.
#[derive(Clone, Description)]
pub struct Project(domain::notices::project::Project);

#[Object(use_type_description)]
impl Project {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 附件中的序号。
    ///
    /// Its number in the annex.
    #[graphql(directive = heading::apply("附件中的序号".into()))]
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// 项目名称。
    ///
    /// Its title.
    #[graphql(directive = heading::apply("项目名称".into()))]
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 所属通知。
    ///
    /// The notice.
    #[graphql(directive = heading::apply("所属通知".into()))]
    async fn notice(&self, context: &Context<'_>) -> Result<Notice> {
        Ok(loader::required(context, self.0.notice_id).await?.into())
    }

    /// 任务，按编号。
    ///
    /// The tasks, by number.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn tasks(&self, context: &Context<'_>) -> Result<Vec<Task>> {
        Ok(loader::list(context, TasksOf(self.0.id)).await?.into_iter().map(Task::from).collect())
    }
}

impl From<domain::notices::project::Project> for Project {
    fn from(project: domain::notices::project::Project) -> Self {
        Self(project)
    }
}

/// 项目筛选条件；各条件同时成立。
///
/// Which projects to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct ProjectFilter {
    /// 名称中的任意文字，不分全角半角、大小写、空格。
    ///
    /// Any substring of the title; width, case and spaces do not matter.
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

impl ProjectFilter {
    fn checked(self, context: &Context<'_>) -> Result<store::ProjectFilter> {
        Ok(store::ProjectFilter {
            text: filter::text(context, self.text)?,
            jurisdictions: filter::choices(context, "jurisdiction", self.jurisdiction)?,
            descendants: self.include_descendants,
            years: filter::choices(context, "year", self.year)?,
        })
    }
}

/// 项目排序依据。
///
/// What projects are ordered by.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
#[graphql(remote = "store::ProjectOrder", name = "ProjectOrderField")]
pub enum ProjectOrderField {
    /// 通知（辖区、年份），再按序号。
    ///
    /// Notice (jurisdiction, year), then number.
    #[graphql(directive = heading::apply("通知".into()))]
    #[default]
    NoticeNumber,
    /// 年份，再按辖区与序号。
    ///
    /// Year, then jurisdiction and number.
    #[graphql(directive = heading::apply("年份".into()))]
    Year,
}

/// 项目排序。
///
/// The order of projects.
#[derive(InputObject, Clone, Copy, Default)]
pub struct ProjectOrder {
    /// 依据。
    ///
    /// What to order by.
    field: ProjectOrderField,
    /// 方向。
    ///
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// Queries for projects.
#[derive(Default)]
pub struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// 一份通知中某序号的项目；没有则为 null。
    ///
    /// The project with a number in the notice of a year; null if there is none.
    #[graphql(directive = heading::apply("一份通知中某序号的项目".into()))]
    async fn project(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。\n\nThe year.")] year: i32,
        #[graphql(desc = "序号。\n\nThe number.")] number: i32,
    ) -> Option<Result<Project>> {
        let find = async {
            let Some(notice) = notice::of_year(context, &jurisdiction, year).await? else { return Ok(None) };
            Ok(loader::list(context, ProjectsOf(notice.id)).await?.into_iter().find(|project| project.number == number))
        };
        Some(find.await.transpose()?.map(Project))
    }

    /// 项目列表。
    ///
    /// Projects.
    #[graphql(directive = heading::apply("项目列表".into()))]
    async fn projects(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<ProjectFilter>,
        #[graphql(desc = "排序。\n\nThe order.")] order_by: Option<ProjectOrder>,
        #[graphql(
            desc = "取开头若干条，至多 budget.limits.pageSize 条，不写为 20。\n\nThe first so many rows, at most `budget.limits.pageSize`; 20 when left out."
        )]
        first: Option<i32>,
        #[graphql(desc = "取此游标之后的记录。\n\nRows after this cursor.")] after: Option<String>,
        #[graphql(desc = "取末尾若干条，至多 budget.limits.pageSize 条。\n\nThe last so many rows, at most `budget.limits.pageSize`.")]
        last: Option<i32>,
        #[graphql(desc = "取此游标之前的记录。\n\nRows before this cursor.")] before: Option<String>,
    ) -> Result<ProjectConnection> {
        let request = connection::request(context, first, after, last, before)?;
        let filter = filter.unwrap_or_default().checked(context)?;
        let order = order_by.unwrap_or_default();
        Ok(Inquiry::of(context)?
            .visible
            .project_page(&filter, order.field.into(), order.direction.into(), &request)
            .await
            .or_fail(context)?
            .into())
    }
}
