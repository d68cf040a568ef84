//! 相似任务、任务对照: tasks of other notices that promise the same thing, and tasks side by side.

use async_graphql::{Context, ID, Object, Result};
use endpoint::heading;
use entity::TaskId;
use futures_util::future::try_join_all;

use super::comparison::IndicatorFigures;
use crate::{
    domain::{self, analysis::similarity::Likeness, language::Text},
    graphql::{
        catalogue::{indicator::Indicator, topic::Topic},
        error, id,
        inquiry::Inquiry,
        loader,
        notices::task::Task,
        price,
        progress::{
            ledger::not_after_today,
            state::{TaskState, shown},
        },
        refusal,
        scalar::{self, Date},
    },
    service::analysis::similarity as service,
};

/// How many similar tasks are shown unless more are asked for.
const SIMILAR: i32 = 10;

/// How many similar tasks are shown at most.
const MOST_SIMILAR: usize = 100;

/// How many tasks stand side by side at most.
const MOST_COMPARED: usize = 20;

/// A task that promises something similar.
pub struct SimilarTask(Likeness);

/// 其他通知中的相似任务及其理由。
///
/// A task of another notice that promises something similar, and why one thinks so.
#[Object]
impl SimilarTask {
    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self, context: &Context<'_>) -> Result<Task> {
        Ok(loader::required(context, self.0.task_id).await?.into())
    }

    /// 共有的指标。
    ///
    /// The indicators that both have a target under.
    #[graphql(directive = heading::apply("共有的指标".into()))]
    async fn shared_indicators(&self, context: &Context<'_>) -> Result<Vec<Indicator>> {
        let indicators = self.0.indicators.iter().map(|id| loader::required(context, *id));
        Ok(try_join_all(indicators).await?.into_iter().map(Indicator::from).collect())
    }

    /// 共有的领域。
    ///
    /// The topics that both have.
    #[graphql(directive = heading::apply("共有的领域".into()))]
    async fn shared_topics(&self, context: &Context<'_>) -> Result<Vec<Topic>> {
        let topics = self.0.topics.iter().map(|id| loader::required(context, *id));
        Ok(try_join_all(topics).await?.into_iter().map(Topic::from).collect())
    }

    /// 标题和目标名称的相同程度，0 至 1：两者共有的相邻两字 × 2 ÷ 两者全部的相邻两字。
    ///
    /// How much titles and labels have in common, from 0 to 1: twice the pairs of neighbouring characters of both ÷ all pairs of each.
    #[graphql(directive = heading::apply("标题和目标名称的相同程度".into()))]
    async fn text_likeness(&self) -> scalar::Share {
        shown(&self.0.text)
    }
}

/// Tasks side by side.
pub struct TaskComparison(service::SideBySide);

/// 几项任务的对照。
///
/// Tasks side by side.
#[Object]
impl TaskComparison {
    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    async fn on(&self) -> Date {
        Date(self.0.on)
    }

    /// 各任务及其状态，按所给顺序。
    ///
    /// The tasks and where they stand, in the order asked for.
    #[graphql(directive = heading::apply("各任务及其状态".into()))]
    async fn tasks(&self) -> Vec<ComparedTask> {
        self.0.tasks.iter().cloned().map(|(task, state)| ComparedTask { task, state: TaskState(state) }).collect()
    }

    /// 其中任一任务有目标的全部指标，按目录顺序。
    ///
    /// Every indicator that any of them has a target under, in the order of the catalogue.
    #[graphql(directive = heading::apply("其中任一任务有目标的全部指标".into()))]
    fn indicators(&self, context: &Context<'_>) -> Result<Vec<ComparedIndicator>> {
        Inquiry::of(context)?.spend(context, self.0.indicators.len().saturating_mul(self.0.tasks.len()))?;
        Ok(self.0.indicators.iter().cloned().map(ComparedIndicator).collect())
    }
}

/// A task among others.
pub struct ComparedTask {
    task: domain::notices::task::Task,
    state: TaskState,
}

/// 对照中的一项任务。
///
/// A task among others.
#[Object]
impl ComparedTask {
    /// 任务。
    ///
    /// The task.
    #[graphql(directive = heading::apply("任务".into()))]
    async fn task(&self) -> Task {
        self.task.clone().into()
    }

    /// 状态。
    ///
    /// Where it stands.
    #[graphql(directive = heading::apply("状态".into()))]
    async fn state(&self) -> TaskState {
        self.state.clone()
    }
}

/// What tasks say under an indicator.
pub struct ComparedIndicator(service::Line);

/// 各任务在一个指标下的数。
///
/// What each task says under an indicator.
#[Object]
impl ComparedIndicator {
    /// 指标。
    ///
    /// The indicator.
    #[graphql(directive = heading::apply("指标".into()))]
    async fn indicator(&self) -> Indicator {
        self.0.indicator.clone().into()
    }

    /// 是否各任务都有。
    ///
    /// Whether every task has a target under it.
    #[graphql(directive = heading::apply("是否各任务都有".into()))]
    async fn shared(&self) -> bool {
        self.0.figures.iter().all(Option::is_some)
    }

    /// 各任务的数，按任务顺序；没有的为 null。
    ///
    /// The figures of each task, in the order of the tasks; null where it has none.
    #[graphql(directive = heading::apply("各任务的数".into()))]
    async fn figures(&self) -> Vec<Option<IndicatorFigures>> {
        self.0.figures.iter().cloned().map(|figures| figures.map(IndicatorFigures)).collect()
    }
}

/// Queries for similar tasks and tasks side by side.
#[derive(Default)]
pub struct SimilarityQuery;

#[Object]
impl SimilarityQuery {
    /// 其他通知中承诺同一件事的任务，最相似的在前：先看共有的指标，再看文字；没有这项任务则为 null。
    ///
    /// The tasks of other notices that promise the same thing, the most similar first: by common indicators, then by their words; null if there is no such task.
    #[graphql(directive = heading::apply("其他通知中承诺同一件事的任务".into()))]
    async fn similar_tasks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "任务的 ID。\n\nThe id of the task.")] task: ID,
        #[graphql(desc = "至多若干项，1 至 100，不写为 10。\n\nHow many at most, 1 to 100; 10 when left out.")] first: Option<i32>,
    ) -> Option<Result<Vec<SimilarTask>>> {
        let find = async {
            let task: TaskId = id::decode(context, "task", &task)?;
            let first =
                usize::try_from(first.unwrap_or(SIMILAR)).ok().filter(|first| (1..=MOST_SIMILAR).contains(first)).ok_or_else(|| {
                    let message =
                        Text::new(format!("first 须在 1 至 {MOST_SIMILAR} 之间。"), format!("`first` is from 1 to {MOST_SIMILAR}."));
                    error::bad_input(context, "first", &message)
                })?;
            let inquiry = Inquiry::of(context)?;
            let look = inquiry.service.similar_tasks(&inquiry.visible, task);
            let Some(found) = inquiry.survey(context, look, price::READ_TASK, |similar| similar.looked_at).await?.tasks else {
                return Ok(None);
            };
            Ok(Some(found.into_iter().take(first).map(SimilarTask).collect()))
        };
        find.await.transpose()
    }

    /// 几项任务的对照，2 至 20 项。
    ///
    /// Tasks side by side, 2 to 20 of them.
    #[graphql(directive = heading::apply("几项任务的对照".into()))]
    async fn compare_tasks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "任务的 ID，2 至 20 个，不重复。\n\nThe ids of the tasks, 2 to 20, each once.")] ids: Vec<ID>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Result<TaskComparison> {
        let on = not_after_today(context, on)?;
        let decoded = ids.iter().enumerate().map(|(place, id)| id::decode(context, &format!("ids.{place}"), id));
        let ids: Vec<TaskId> = decoded.collect::<Result<_>>()?;
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        if !(2..=MOST_COMPARED).contains(&ids.len()) || distinct.len() != ids.len() {
            let message = Text::new(
                format!("请给出 2 至 {MOST_COMPARED} 项任务，每项一次；收到 {} 项，其中不同的 {} 项。", ids.len(), distinct.len()),
                format!("Give 2 to {MOST_COMPARED} tasks, each once; these are {}, {} of them different.", ids.len(), distinct.len()),
            );
            return Err(error::bad_input(context, "ids", &message));
        }
        let inquiry = Inquiry::of(context)?;
        let found = inquiry.service.compare_tasks(&inquiry.call, &inquiry.visible, &ids, on).await;
        refusal::answer(context, found)?.map(TaskComparison).map_err(|missing| {
            let place = missing.first().copied().unwrap_or_default();
            let message =
                Text::new("没有这项任务，或您无权查看：请检查 ID。", "There is no such task, or you may not see it: check the id.");
            error::bad_input(context, &format!("ids.{place}"), &message)
        })
    }
}
