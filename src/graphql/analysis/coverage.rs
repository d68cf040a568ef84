//! 覆盖: the map of who does what.

use async_graphql::{Context, Object, Result};
use endpoint::heading;

use super::comparison::{IndicatorFigures, few};
use crate::{
    domain::analysis::coverage::{IndicatorCell, Row, TopicCell},
    graphql::{
        catalogue::{indicator::Indicator, topic::Topic},
        inquiry::Inquiry,
        loader,
        notices::notice::Notice,
        places::jurisdiction::{self, Jurisdiction},
        price,
        progress::{ledger::not_after_today, state::shown},
        scalar::{self, Date},
    },
    service::analysis::coverage as service,
};

/// What jurisdictions do, by topics and indicators.
pub struct Coverage(service::Coverage);

/// 覆盖情况：各辖区各年做了哪些领域、哪些指标，没做的也列出。
///
/// Which topics and indicators each jurisdiction takes up in each year; those that it does not are shown too.
#[Object]
impl Coverage {
    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    async fn on(&self) -> Date {
        Date(self.0.on)
    }

    /// 全部领域，按目录顺序；各行的 cells 与此一一对应。
    ///
    /// All topics, in the order of the catalogue; the cells of each row follow it.
    #[graphql(directive = heading::apply("全部领域".into()))]
    fn topics(&self, context: &Context<'_>) -> Result<Vec<Topic>> {
        Inquiry::of(context)?.spend(context, self.0.topics.len())?;
        Ok(self.0.topics.iter().cloned().map(Topic::from).collect())
    }

    /// 全部指标，按目录顺序；各行的 indicatorCells 与此一一对应。
    ///
    /// All indicators, in the order of the catalogue; the indicator cells of each row follow it.
    #[graphql(directive = heading::apply("全部指标".into()))]
    fn indicators(&self, context: &Context<'_>) -> Result<Vec<Indicator>> {
        Inquiry::of(context)?.spend(context, self.0.indicators.len())?;
        Ok(self.0.indicators.iter().cloned().map(Indicator::from).collect())
    }

    /// 每个辖区每年一行，按规范顺序、年份；没有通知的也列出。
    ///
    /// A row for each jurisdiction and year, in the official order; those without a notice are shown too.
    #[graphql(directive = heading::apply("每个辖区每年一行".into()))]
    fn rows(&self, context: &Context<'_>) -> Result<Vec<CoverageRow>> {
        Inquiry::of(context)?.spend(context, self.0.rows.len())?;
        Ok(self.0.rows.iter().cloned().map(CoverageRow).collect())
    }
}

/// A jurisdiction in a year.
pub struct CoverageRow(Row);

/// 一个辖区一年的覆盖情况。
///
/// What a jurisdiction takes up in a year.
#[Object]
impl CoverageRow {
    /// 辖区。
    ///
    /// The jurisdiction.
    #[graphql(directive = heading::apply("辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Result<Jurisdiction> {
        jurisdiction::required(context, self.0.jurisdiction_id).await
    }

    /// 年份。
    ///
    /// The year.
    #[graphql(directive = heading::apply("年份".into()))]
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// 其当年的通知；本系统没有的为 null。
    ///
    /// Its notice of that year; null where none is known here.
    #[graphql(directive = heading::apply("其当年的通知".into()))]
    async fn notice(&self, context: &Context<'_>) -> Option<Result<Notice>> {
        Some(loader::required(context, self.0.notice_id?).await.map(Notice::from))
    }

    /// 各领域，按 topics 的顺序。
    ///
    /// Each topic, in the order of `topics`.
    #[graphql(directive = heading::apply("各领域".into()))]
    fn cells(&self, context: &Context<'_>) -> Result<Vec<CoverageCell>> {
        Inquiry::of(context)?.spend(context, self.0.topics.len())?;
        Ok(self.0.topics.iter().cloned().map(CoverageCell).collect())
    }

    /// 各指标，按 indicators 的顺序。
    ///
    /// Each indicator, in the order of `indicators`.
    #[graphql(directive = heading::apply("各指标".into()))]
    fn indicator_cells(&self, context: &Context<'_>) -> Result<Vec<IndicatorCoverageCell>> {
        Inquiry::of(context)?.spend(context, self.0.indicators.len())?;
        Ok(self.0.indicators.iter().cloned().map(IndicatorCoverageCell).collect())
    }
}

/// A jurisdiction in a topic.
pub struct CoverageCell(TopicCell);

/// 一个辖区一年在一个领域的任务。
///
/// What a jurisdiction does in a topic in a year.
#[Object]
impl CoverageCell {
    /// 领域。
    ///
    /// The topic.
    #[graphql(directive = heading::apply("领域".into()))]
    async fn topic(&self, context: &Context<'_>) -> Result<Topic> {
        Ok(loader::required(context, self.0.topic_id).await?.into())
    }

    /// 任务数；属几个领域的任务在每个领域各计一次。
    ///
    /// How many tasks; one of several topics counts in each.
    #[graphql(directive = heading::apply("任务数".into()))]
    async fn task_count(&self) -> u64 {
        self.0.tasks
    }

    /// 这些任务的目标数，“其中”项不计。
    ///
    /// How many targets these tasks have, parts of others left out.
    #[graphql(directive = heading::apply("这些任务的目标数".into()))]
    async fn target_count(&self) -> u64 {
        self.0.targets
    }

    /// 其中有完成率的任务数。
    ///
    /// How many of these tasks have a completion.
    #[graphql(directive = heading::apply("其中有完成率的任务数".into()))]
    async fn reported_count(&self) -> u64 {
        self.0.reported
    }

    /// 有完成率的任务的平均，0 至 1；都没有的为 null。
    ///
    /// The mean completion of the tasks that have one, from 0 to 1; null where none has.
    #[graphql(directive = heading::apply("有完成率的任务的平均".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.completion.as_ref().map(shown)
    }
}

/// A jurisdiction under an indicator.
pub struct IndicatorCoverageCell(IndicatorCell);

/// 一个辖区一年在一个指标下的任务。
///
/// What a jurisdiction does under an indicator in a year.
#[Object]
impl IndicatorCoverageCell {
    /// 指标。
    ///
    /// The indicator.
    #[graphql(directive = heading::apply("指标".into()))]
    async fn indicator(&self, context: &Context<'_>) -> Result<Indicator> {
        Ok(loader::required(context, self.0.indicator_id).await?.into())
    }

    /// 有此指标目标的任务数。
    ///
    /// How many tasks have a target under it.
    #[graphql(directive = heading::apply("有此指标目标的任务数".into()))]
    async fn task_count(&self) -> u64 {
        self.0.tasks
    }

    /// 此指标下的目标数，“其中”项不计。
    ///
    /// How many targets are under it, parts of others left out.
    #[graphql(directive = heading::apply("此指标下的目标数".into()))]
    async fn target_count(&self) -> u64 {
        self.0.targets
    }

    /// 合并的数；没有这一项的为 null。
    ///
    /// Their figures as one; null where there is no such item.
    #[graphql(directive = heading::apply("合并的数".into()))]
    async fn figures(&self) -> Option<IndicatorFigures> {
        self.0.figures.clone().map(IndicatorFigures)
    }
}

/// Queries for coverage.
#[derive(Default)]
pub struct CoverageQuery;

#[Object]
impl CoverageQuery {
    /// 一个辖区及其全部下级在各年做了什么；没有这个辖区则为 null。只计已印发且您可见的通知。
    ///
    /// What a jurisdiction and all below it take up in some years; null if there is no such jurisdiction. Notices that are issued and that you may see are counted.
    #[graphql(directive = heading::apply("一个辖区及其全部下级在各年做了什么".into()))]
    async fn coverage(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "最上一级辖区的代码。\n\nThe code of the jurisdiction at the top.")] root: String,
        #[graphql(desc = "年份，至多 100 个。\n\nThe years, at most 100.")] years: Vec<i32>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Option<Result<Coverage>> {
        let find = async {
            let on = not_after_today(context, on)?;
            let years = few(context, "years", years)?.into_iter().collect();
            let Some(root) = jurisdiction::by_code(context, &root).await? else { return Ok(None) };
            let inquiry = Inquiry::of(context)?;
            // A hundred indicators a row are reckoned only for whoever asks for them.
            let by_indicator = context.look_ahead().field("rows").field("indicatorCells").exists();
            let look = inquiry.service.coverage(&inquiry.call, &inquiry.visible, root.id, &years, by_indicator, on);
            Ok(Some(Coverage(inquiry.survey(context, look, price::JUDGED_TASK, |coverage| coverage.judged).await?)))
        };
        find.await.transpose()
    }
}
