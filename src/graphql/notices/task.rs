//! 任务: the rows of annexes, what units are assigned to and report on.

use async_graphql::{Context, Description, Enum, ID, InputObject, Object, Result};
use endpoint::heading;

use super::{assignment::Assignment, notice, project::Project, target::Target};
use crate::{
    domain::{self, language::Text, progress::dossier::Dossier},
    graphql::{
        catalogue::topic::Topic,
        connection::{self, ProgressReportConnection, TaskConnection},
        enumeration::{AssignmentRole, StatusLight},
        error::{self, Missing, OrFail as _},
        filter, id,
        inquiry::Inquiry,
        loader::{self, AssignmentsOf, DossierOf, MilestonesOf, OpenBlockersOf, PageOf, Reports, TargetsOf, TopicsOf},
        order::OrderDirection,
        places::unit::Unit,
        price,
        progress::{
            blocker::Blocker,
            ledger::not_after_today,
            milestone::Milestone,
            standing::TaskStanding,
            state::{self, TaskState},
        },
        scalar::{self, Date},
    },
    service::progress::survey::Survey,
    store,
};

/// 任务：附件的一行，单位据此分工和填报。
///
/// A row of a notice's annex: what units are assigned to and report on.
#[derive(Clone, Description)]
pub struct Task(domain::notices::task::Task);

#[Object(use_type_description)]
impl Task {
    /// 全局 ID。
    ///
    /// The global id.
    #[graphql(directive = heading::apply("全局 ID".into()))]
    pub(in crate::graphql) async fn id(&self) -> ID {
        id::encode(self.0.id)
    }

    /// 附件的行号，全通知连续。
    ///
    /// The number of the row, running through the whole notice.
    #[graphql(directive = heading::apply("附件的行号".into()))]
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// 原文印出的小序号，例如 (7)；没有则为 null。
    ///
    /// The label that the notice prints, such as (7).
    #[graphql(directive = heading::apply("原文印出的小序号".into()))]
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// 标题。
    ///
    /// The title.
    #[graphql(directive = heading::apply("标题".into()))]
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 内容概要，非通知原文。
    ///
    /// What is to be done, in our own words.
    #[graphql(directive = heading::apply("内容概要".into()))]
    async fn summary(&self) -> Option<&str> {
        self.0.summary.as_deref()
    }

    /// 所属项目。
    ///
    /// The project.
    #[graphql(directive = heading::apply("所属项目".into()))]
    async fn project(&self, context: &Context<'_>) -> Result<Project> {
        Ok(loader::required(context, self.0.project_id).await?.into())
    }

    /// 所属通知。
    ///
    /// The notice.
    #[graphql(directive = heading::apply("所属通知".into()))]
    async fn notice(&self, context: &Context<'_>) -> Result<notice::Notice> {
        Ok(loader::required(context, self.0.notice_id).await?.into())
    }

    /// 领域，最贴切的在前。
    ///
    /// Its topics, the most fitting first.
    #[graphql(directive = heading::apply("领域".into()))]
    async fn topics(&self, context: &Context<'_>) -> Result<Vec<Topic>> {
        Ok(loader::list(context, TopicsOf(self.0.id)).await?.into_iter().map(Topic::from).collect())
    }

    /// 分工，牵头在前，照原文顺序。
    ///
    /// The assignments, leads first, as printed.
    #[graphql(directive = heading::apply("分工".into()))]
    async fn assignments(&self, context: &Context<'_>) -> Result<Vec<Assignment>> {
        Ok(loader::list(context, AssignmentsOf(self.0.id)).await?.into_iter().map(Assignment::from).collect())
    }

    /// 牵头单位。
    ///
    /// The units that lead.
    #[graphql(directive = heading::apply("牵头单位".into()))]
    async fn lead_units(&self, context: &Context<'_>) -> Result<Vec<Unit>> {
        units(context, &self.0, entity::AssignmentRole::Lead).await
    }

    /// 协办单位。
    ///
    /// The units that support.
    #[graphql(directive = heading::apply("协办单位".into()))]
    async fn supporting_units(&self, context: &Context<'_>) -> Result<Vec<Unit>> {
        units(context, &self.0, entity::AssignmentRole::Supporting).await
    }

    /// 目标任务，照原文顺序，“其中”项紧随其总项。
    ///
    /// The targets in the order of the notice, parts behind their wholes.
    #[graphql(directive = heading::apply("目标任务".into()))]
    async fn targets(&self, context: &Context<'_>) -> Result<Vec<Target>> {
        Ok(loader::list(context, TargetsOf(self.0.id)).await?.into_iter().map(Target::from).collect())
    }

    /// 完成率，0 至 1；没有已接受的数可据以计算的为 null。
    ///
    /// The completion, from 0 to 1; null while nothing accepted says how much is done.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Option<Result<scalar::Share>> {
        self.state_on(context, on).await.map(|state| state.completion.share.as_ref().map(state::shown)).transpose()
    }

    /// 灯。
    ///
    /// The light.
    #[graphql(directive = heading::apply("灯".into()))]
    async fn light(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Result<StatusLight> {
        Ok(self.state_on(context, on).await?.verdict.light.into())
    }

    /// 状态：完成率、应完成的比例、差距、灯及其依据。
    ///
    /// Where it stands: completion, planned share, gap, and the light with its proof.
    #[graphql(directive = heading::apply("状态".into()))]
    async fn state(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Result<TaskState> {
        Ok(self.state_on(context, on).await?.into())
    }

    /// 时限、暂停、办结等情况。
    ///
    /// Its dates, and whether it is suspended, claimed or closed.
    #[graphql(directive = heading::apply("时限、暂停、办结等情况".into()))]
    async fn standing(&self, context: &Context<'_>) -> Result<TaskStanding> {
        Ok(TaskStanding(loader::required(context, DossierOf(self.0.id)).await?.dossier.clone()))
    }

    /// 实施计划的时间节点，按日期。
    ///
    /// The milestones of its plan, by date.
    #[graphql(directive = heading::apply("实施计划的时间节点".into()))]
    async fn milestones(&self, context: &Context<'_>) -> Result<Vec<Milestone>> {
        Ok(loader::list(context, MilestonesOf(self.0.id)).await?.into_iter().map(Milestone).collect())
    }

    /// 未解决的堵点；内部信息不可见时为空。
    ///
    /// The blockers that are open; empty where internals are not for you.
    #[graphql(directive = heading::apply("未解决的堵点".into()))]
    async fn open_blockers(&self, context: &Context<'_>) -> Result<Vec<Blocker>> {
        Ok(loader::list(context, OpenBlockersOf(self.0.id)).await?.into_iter().map(Blocker).collect())
    }

    /// 填报，最近变更的在前。
    ///
    /// Its reports, the last changed first.
    #[graphql(directive = heading::apply("填报".into()))]
    async fn reports(
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
    ) -> Result<ProgressReportConnection> {
        let request = connection::request(context, first, after, last, before)?;
        Ok(loader::page(context, PageOf { parent: self.0.id, scope: Reports, request }).await?.into())
    }
}

impl Task {
    async fn state_on(&self, context: &Context<'_>, on: Option<Date>) -> Result<domain::progress::dossier::TaskState> {
        let on = not_after_today(context, on)?;
        let known = loader::required(context, DossierOf(self.0.id)).await?;
        let on = on.unwrap_or_else(|| known.reckoning.today());
        known.dossier.state(on, &known.reckoning).map_err(|_| error::internal(context, &Missing("sum of figures")))
    }
}

async fn units(context: &Context<'_>, task: &domain::notices::task::Task, role: entity::AssignmentRole) -> Result<Vec<Unit>> {
    let assignments = loader::list(context, AssignmentsOf(task.id)).await?;
    let units = assignments.into_iter().filter(|assignment| assignment.role == role);
    futures_util::future::try_join_all(units.map(|assignment| loader::required(context, assignment.unit_id)))
        .await
        .map(|units| units.into_iter().map(Unit::from).collect())
}

impl From<domain::notices::task::Task> for Task {
    fn from(task: domain::notices::task::Task) -> Self {
        Self(task)
    }
}

/// 任务筛选条件；各条件同时成立。
///
/// Which tasks to list; all conditions hold at once.
#[derive(InputObject, Default)]
pub struct TaskFilter {
    /// 标题、概要、目标任务或承办单位名称中的任意文字，不分全角半角、大小写、空格。
    ///
    /// Any substring of titles, summary, target labels or unit names; width, case and spaces do not matter.
    text: Option<String>,
    /// 领域代码之一；空列表不选任何记录。
    ///
    /// One of these codes of topics; an empty list chooses nothing.
    topic: Option<Vec<String>>,
    /// 指标代码之一；空列表不选任何记录。
    ///
    /// A target under one of these codes of indicators; an empty list chooses nothing.
    indicator: Option<Vec<String>>,
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
    /// 承办单位，含经集合单位落实的。
    ///
    /// An assigned unit, by itself or as a member of a collective unit.
    unit: Option<ID>,
    /// unit 的角色。
    ///
    /// The role of `unit`.
    unit_role: Option<AssignmentRole>,
    /// 牵头单位，含经集合单位落实的。
    ///
    /// A unit that leads, by itself or as a member of a collective unit.
    lead_unit: Option<ID>,
    /// 灯之一，按 on 所说的日期；空列表不选任何记录。
    ///
    /// One of these lights, as of the date of `on`; an empty list chooses nothing.
    light: Option<Vec<StatusLight>>,
}

impl TaskFilter {
    /// What the filter asks for, apart from the light, which no statement can tell.
    pub(in crate::graphql) fn checked(self, context: &Context<'_>) -> Result<Chosen> {
        if self.unit_role.is_some() && self.unit.is_none() {
            let message = Text::new("unitRole 须与 unit 一起给出。", "Give `unit` together with `unitRole`.");
            return Err(error::bad_input(context, "filter.unitRole", &message));
        }
        let lights = filter::choices(context, "light", self.light)?;
        let filter = store::TaskFilter {
            text: filter::text(context, self.text)?,
            topics: filter::choices(context, "topic", self.topic)?,
            indicators: filter::choices(context, "indicator", self.indicator)?,
            jurisdictions: filter::choices(context, "jurisdiction", self.jurisdiction)?,
            descendants: self.include_descendants,
            years: filter::choices(context, "year", self.year)?,
            unit: self.unit.map(|unit| id::decode(context, "filter.unit", &unit)).transpose()?,
            unit_role: self.unit_role.map(Into::into),
            lead_unit: self.lead_unit.map(|unit| id::decode(context, "filter.leadUnit", &unit)).transpose()?,
            tasks: None,
        };
        Ok(Chosen { filter, lights })
    }
}

/// What a filter asks for.
pub(in crate::graphql) struct Chosen {
    /// What a statement can tell.
    pub filter: store::TaskFilter,
    /// One of these lights.
    pub lights: Option<Vec<entity::StatusLight>>,
}

/// 任务排序依据。
///
/// What tasks are ordered by.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
#[graphql(remote = "store::TaskOrder", name = "TaskOrderField")]
pub enum TaskOrderField {
    /// 通知（辖区、年份），再按编号。
    ///
    /// Notice (jurisdiction, year), then number.
    #[graphql(directive = heading::apply("通知".into()))]
    #[default]
    NoticeNumber,
    /// 年份，再按辖区与编号。
    ///
    /// Year, then jurisdiction and number.
    #[graphql(directive = heading::apply("年份".into()))]
    Year,
}

/// 任务排序。
///
/// The order of tasks.
#[derive(InputObject, Clone, Copy, Default)]
pub struct TaskOrder {
    /// 依据。
    ///
    /// What to order by.
    field: TaskOrderField,
    /// 方向。
    ///
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// Queries for tasks.
#[derive(Default)]
pub struct TaskQuery;

#[Object]
impl TaskQuery {
    /// 一份通知中某编号的任务；没有则为 null。
    ///
    /// The task with a number in the notice of a year; null if there is none.
    #[graphql(directive = heading::apply("一份通知中某编号的任务".into()))]
    async fn task(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年份。\n\nThe year.")] year: i32,
        #[graphql(desc = "编号（行号）。\n\nThe number of the row.")] number: i32,
    ) -> Option<Result<Task>> {
        let find = async {
            let Some(notice) = notice::of_year(context, &jurisdiction, year).await? else { return Ok(None) };
            Inquiry::of(context)?.visible.task_by_number(notice.id, number).await.or_fail(context)
        };
        Some(find.await.transpose()?.map(Task))
    }

    /// 任务列表。
    ///
    /// Tasks.
    #[graphql(directive = heading::apply("任务列表".into()))]
    async fn tasks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "筛选条件。\n\nWhich to list.")] filter: Option<TaskFilter>,
        #[graphql(desc = "排序。\n\nThe order.")] order_by: Option<TaskOrder>,
        #[graphql(
            desc = "filter.light 截至哪一天，不晚于今天；不写为今天。\n\nAs of which date `filter.light` is judged, not after today; today when left out."
        )]
        on: Option<Date>,
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
        let on = not_after_today(context, on)?;
        let Chosen { mut filter, lights } = filter.unwrap_or_default().checked(context)?;
        let inquiry = Inquiry::of(context)?;
        let mut surveyed = None;
        if let Some(lights) = lights {
            let look = inquiry.service.survey(&inquiry.call, &inquiry.visible, &filter, Some(&lights), on);
            let found = inquiry.survey(context, look, price::JUDGED_TASK, |survey| survey.judged).await?;
            let chosen = found.tasks.iter().map(|surveyed| surveyed.dossier.task.id).collect();
            filter = store::TaskFilter { tasks: Some(chosen), ..store::TaskFilter::default() };
            surveyed = Some(found);
        }
        let order = order_by.unwrap_or_default();
        let page = inquiry.visible.task_page(&filter, order.field.into(), order.direction.into(), &request).await.or_fail(context)?;
        if let Some(Survey { tasks, reckoning, .. }) = surveyed {
            let is_shown = |dossier: &Dossier| page.rows.iter().any(|(_, task)| task.id == dossier.task.id);
            inquiry.remember(tasks.into_iter().map(|surveyed| surveyed.dossier).filter(is_shown).collect(), &reckoning).await;
        }
        Ok(page.into())
    }
}
