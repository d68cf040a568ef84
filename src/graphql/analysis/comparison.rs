//! 横向比较: jurisdictions under an indicator.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use endpoint::heading;

use super::breakdown;
use crate::{
    domain::{
        self,
        analysis::comparison::{Absence, Combined, Obstacle, Row},
        language::Text,
    },
    graphql::{
        catalogue::indicator::Indicator,
        enumeration::{Comparator, StatusLight},
        error::{self, OrFail as _},
        inquiry::Inquiry,
        loader,
        notices::{notice::Notice, target::Target, task::Task},
        places::jurisdiction::{self, Jurisdiction, Population},
        price,
        progress::{
            ledger::not_after_today,
            state::{rounded, shown},
        },
        scalar::{self, Date, Decimal},
    },
    service::analysis::comparison::{self as service, Scope},
};

/// How many years or jurisdictions may be chosen.
const CHOICES: usize = 100;

/// Jurisdictions under an indicator.
pub struct Comparison {
    indicator: domain::catalogue::indicator::Indicator,
    found: service::Comparison,
}

/// 一个指标下各辖区的横向比较：谁承诺多少、完成多少、排第几，谁没有这一项。
///
/// Jurisdictions under an indicator: who promised how much, who delivers, in which place, and who has no such item.
#[Object]
impl Comparison {
    /// 指标。
    ///
    /// The indicator.
    #[graphql(directive = heading::apply("指标".into()))]
    async fn indicator(&self) -> Indicator {
        self.indicator.clone().into()
    }

    /// 截至哪一天。
    ///
    /// As of which date.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    async fn on(&self) -> Date {
        Date(self.found.on)
    }

    /// 有这一项的辖区和年份，按规范顺序、年份。
    ///
    /// Those that have such an item, in the official order and by year.
    #[graphql(directive = heading::apply("有这一项的辖区和年份".into()))]
    fn rows(&self, context: &Context<'_>) -> Result<Vec<ComparisonRow>> {
        Inquiry::of(context)?.spend(context, self.found.rows.len())?;
        Ok(self.found.rows.iter().cloned().map(ComparisonRow).collect())
    }

    /// 没有这一项的辖区，按年份、规范顺序。
    ///
    /// Those that have none, by year and in the official order.
    #[graphql(directive = heading::apply("没有这一项的辖区".into()))]
    fn absent(&self, context: &Context<'_>) -> Result<Vec<ComparisonAbsence>> {
        Inquiry::of(context)?.spend(context, self.found.absent.len())?;
        Ok(self.found.absent.iter().cloned().map(ComparisonAbsence).collect())
    }
}

/// A jurisdiction in a year.
#[derive(Clone)]
pub struct ComparisonRow(pub(in crate::graphql) Row);

/// 比较的一行：一个辖区一年。同一通知中有几个目标的合并为一个数，“其中”项不重复计。
///
/// A row: one jurisdiction in one year. Several targets of one notice are one figure, and parts of others are not counted again.
#[Object]
impl ComparisonRow {
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

    /// 作出承诺的通知。
    ///
    /// The notice that makes the promise.
    #[graphql(directive = heading::apply("作出承诺的通知".into()))]
    async fn notice(&self, context: &Context<'_>) -> Result<Notice> {
        Ok(loader::required(context, self.0.notice_id).await?.into())
    }

    /// 目标值的含义；不能合为一个数的为 null。
    ///
    /// What reaching the target means; null where the targets cannot be one.
    #[graphql(directive = heading::apply("目标值的含义".into()))]
    async fn comparator(&self) -> Option<Comparator> {
        self.0.figures.comparator.map(Into::into)
    }

    /// 目标值，按指标的计量单位；不能合为一个数的为 null。
    ///
    /// How much was promised, in the indicator's unit; null where the targets cannot be one.
    #[graphql(directive = heading::apply("目标值".into()))]
    async fn target(&self) -> Option<Decimal> {
        self.0.figures.target.map(Decimal)
    }

    /// 完成数；没有被接受的填报的为 null。
    ///
    /// How much is achieved; null while nothing is accepted.
    #[graphql(directive = heading::apply("完成数".into()))]
    async fn achieved(&self) -> Option<Decimal> {
        self.0.figures.achieved.map(Decimal)
    }

    /// 合并的目标数，“其中”项不计。
    ///
    /// How many targets are in it, parts of others left out.
    #[graphql(directive = heading::apply("合并的目标数".into()))]
    async fn target_count(&self) -> u64 {
        self.0.figures.targets
    }

    /// 其中已有已接受的数的目标数。
    ///
    /// How many of them are reported.
    #[graphql(directive = heading::apply("其中已有已接受的数的目标数".into()))]
    async fn reported_count(&self) -> u64 {
        self.0.figures.reported
    }

    /// 其中已完成的目标数：合计的完成率为 1，不等于每个目标都完成。
    ///
    /// How many of them are met: a completion of 1 in all does not say that each of them is.
    #[graphql(directive = heading::apply("其中已完成的目标数".into()))]
    async fn met_count(&self) -> u64 {
        self.0.figures.met
    }

    /// 已报目标的目标值之和，即完成率的分母；都没有报的为 null。
    ///
    /// How much those promise that are reported, of which the completion is a share; null while none is.
    #[graphql(directive = heading::apply("已报目标的目标值之和".into()))]
    async fn reported_target(&self) -> Option<Decimal> {
        self.0.figures.reported_target.map(Decimal)
    }

    /// 完成率：完成数 ÷ 已报目标的目标值，可超过 1；没有被接受的填报或没有完成率的为 null。
    ///
    /// Achieved ÷ what those promise that are reported, above 1 where more was done; null while none is, and where there is no completion.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.figures.completion.as_ref().map(shown)
    }

    /// 灯：其任务的灯，几项任务的取最需要关注的：红、黄、灰、绿、蓝。
    ///
    /// The light of its task; of several, the first of red, yellow, grey, green, blue.
    #[graphql(directive = heading::apply("灯".into()))]
    async fn light(&self) -> StatusLight {
        self.0.light.into()
    }

    /// 名次：当年同级已报的辖区中按完成率，并列的名次相同，随后的空出；尚未报或不可比的为 null。不随所选辖区而变。
    ///
    /// The place by completion among the jurisdictions of its level that have reported in its year, equal ones sharing it: 1, 2, 2, 4; null without a report, and where it cannot be compared. It does not depend on which jurisdictions were asked for.
    #[graphql(directive = heading::apply("名次".into()))]
    async fn rank(&self) -> Option<u32> {
        self.0.rank.map(|rank| rank.place)
    }

    /// 在多少个辖区中的名次。
    ///
    /// Among how many it has its place.
    #[graphql(directive = heading::apply("在多少个辖区中的名次".into()))]
    async fn ranked_among(&self) -> Option<u32> {
        self.0.rank.map(|rank| rank.among)
    }

    /// 占上级辖区同年目标的比重，0 至 1；上级没有这一项，或为比率的为 null。
    ///
    /// Its target as a share of the one of the level above in that year; null where that has none, and of rates.
    #[graphql(directive = heading::apply("占上级辖区同年目标的比重".into()))]
    async fn share_of_parent_target(&self) -> Option<scalar::Share> {
        self.0.share_of_parent_target.as_ref().map(shown)
    }

    /// 比重超过 1 的原因；不超过的为 null。
    ///
    /// Why that is more than 1; null where it is not.
    #[graphql(directive = heading::apply("比重超过 1 的原因".into()))]
    fn share_explanation(&self, context: &Context<'_>) -> Result<Option<String>> {
        let language = Inquiry::of(context)?.language;
        Ok(self.0.above_parent().map(|why| why.in_language(language).to_owned()))
    }

    /// 市本级：目标分解以后，分给本级自己单位的份额之和；没有分解的为 null。
    ///
    /// What its own units answer for where the target is split; null where it is not.
    #[graphql(directive = heading::apply("市本级".into()))]
    async fn own_part(&self, context: &Context<'_>) -> Option<Result<Decimal>> {
        breakdown::own_part(context, &self.0.targets, self.0.jurisdiction_id).await.map(|part| part.map(Decimal)).transpose()
    }

    /// 目标值比上一年增减；上一年没有这一项的为 null。
    ///
    /// Its target less the one of the year before; null where that has none.
    #[graphql(directive = heading::apply("目标值比上一年增减".into()))]
    async fn change_from_previous_year(&self) -> Option<Decimal> {
        self.0.change_from_previous_year.map(Decimal)
    }

    /// 折算所据的常住人口；没有数据的为 null。
    ///
    /// The residents that figures are shared among; null where none are known.
    #[graphql(directive = heading::apply("折算所据的常住人口".into()))]
    async fn population(&self, context: &Context<'_>) -> Option<Result<Population>> {
        self.residents(context).await.transpose().map(|found| found.map(Population))
    }

    /// 每万人目标值；比率和没有人口数据的为 null。
    ///
    /// The target for ten thousand residents; null of rates, and where no residents are known.
    #[graphql(directive = heading::apply("每万人目标值".into()))]
    async fn target_per_ten_thousand(&self, context: &Context<'_>) -> Option<Result<Decimal>> {
        self.per_ten_thousand(context, self.0.figures.target).await.transpose()
    }

    /// 每万人完成数；没有被接受的填报的、比率和没有人口数据的为 null。
    ///
    /// What is achieved for ten thousand residents; null while nothing is accepted, of rates, and where no residents are known.
    #[graphql(directive = heading::apply("每万人完成数".into()))]
    async fn achieved_per_ten_thousand(&self, context: &Context<'_>) -> Option<Result<Decimal>> {
        self.per_ten_thousand(context, self.0.figures.achieved).await.transpose()
    }

    /// 为何不可比；可比的为 null。
    ///
    /// Why it cannot be compared; null where it can.
    #[graphql(directive = heading::apply("为何不可比".into()))]
    async fn not_comparable(&self, context: &Context<'_>) -> Option<Result<NotComparable>> {
        self.0.figures.obstacle.map(|obstacle| NotComparable::told(context, obstacle))
    }

    /// 数字背后的目标任务。
    ///
    /// The targets behind the figures.
    #[graphql(directive = heading::apply("数字背后的目标任务".into()))]
    async fn targets(&self, context: &Context<'_>) -> Result<Vec<Target>> {
        let targets = self.0.targets.iter().map(|id| loader::required(context, *id));
        Ok(futures_util::future::try_join_all(targets).await?.into_iter().map(Target::from).collect())
    }

    /// 数字背后的任务。
    ///
    /// The tasks behind the figures.
    #[graphql(directive = heading::apply("数字背后的任务".into()))]
    async fn tasks(&self, context: &Context<'_>) -> Result<Vec<Task>> {
        tasks(context, &self.0.tasks).await
    }

    /// 是否含演示用的虚构数据。
    ///
    /// Whether anything in it was invented for the demo.
    #[graphql(directive = heading::apply("是否含演示用的虚构数据".into()))]
    async fn invented(&self) -> bool {
        self.0.demonstration
    }
}

impl ComparisonRow {
    async fn residents(&self, context: &Context<'_>) -> Result<Option<domain::places::population::Population>> {
        jurisdiction::in_year(context, self.0.jurisdiction_id, self.0.year).await
    }

    async fn per_ten_thousand(&self, context: &Context<'_>, figure: Option<rust_decimal::Decimal>) -> Result<Option<Decimal>> {
        let Some(figure) = figure.filter(|_| self.0.figures.adds_up) else { return Ok(None) };
        let population = self.residents(context).await?;
        Ok(population.and_then(|population| population.per_ten_thousand(figure)).as_ref().map(rounded))
    }
}

/// A jurisdiction without such an item.
pub struct ComparisonAbsence(Absence);

/// 当年没有这一项的辖区。
///
/// A jurisdiction that has no such item in a year.
#[Object]
impl ComparisonAbsence {
    /// 年份。
    ///
    /// The year.
    #[graphql(directive = heading::apply("年份".into()))]
    async fn year(&self) -> i32 {
        self.0.year
    }

    /// 辖区。
    ///
    /// The jurisdiction.
    #[graphql(directive = heading::apply("辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Result<Jurisdiction> {
        jurisdiction::required(context, self.0.jurisdiction_id).await
    }

    /// 其当年的通知，其中没有这一项；本系统没有其当年通知的为 null。
    ///
    /// Its notice of that year, which does not name the item; null where no notice of that year is known here.
    #[graphql(directive = heading::apply("其当年的通知".into()))]
    async fn notice(&self, context: &Context<'_>) -> Option<Result<Notice>> {
        Some(loader::required(context, self.0.notice_id?).await.map(Notice::from))
    }
}

/// 不可比的原因。
///
/// Why something cannot be compared.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Obstacle", name = "ComparisonObstacle")]
pub enum ComparisonObstacle {
    /// 有几个比率、总数或人均数。
    ///
    /// Several rates, levels or amounts a head.
    #[graphql(directive = heading::apply("有几个比率、总数或人均数".into()))]
    SeveralRates,
    /// 上限与承诺并存。
    ///
    /// A ceiling beside a promise.
    #[graphql(directive = heading::apply("上限与承诺并存".into()))]
    MixedComparators,
    /// 上限。
    ///
    /// A ceiling.
    #[graphql(directive = heading::apply("上限".into()))]
    Ceiling,
    /// 条款。
    ///
    /// A term.
    #[graphql(directive = heading::apply("条款".into()))]
    Term,
    /// 越小越好。
    ///
    /// Less is better.
    #[graphql(directive = heading::apply("越小越好".into()))]
    LessIsBetter,
}

/// 为何不可比。
///
/// Why something cannot be compared.
#[derive(SimpleObject, Clone)]
pub struct NotComparable {
    /// 原因。
    ///
    /// Why.
    #[graphql(directive = heading::apply("原因".into()))]
    code: ComparisonObstacle,
    /// 说明，以及怎么看。
    ///
    /// In words, and how to read it all the same.
    #[graphql(directive = heading::apply("说明".into()))]
    message: String,
}

impl NotComparable {
    fn told(context: &Context<'_>, obstacle: Obstacle) -> Result<Self> {
        let language = Inquiry::of(context)?.language;
        Ok(Self { code: obstacle.into(), message: obstacle.text().in_language(language).to_owned() })
    }
}

/// The targets of a notice or a task under an indicator, as one figure.
pub struct IndicatorFigures(pub(in crate::graphql) Combined);

/// 同一指标下几个目标任务合并的数。
///
/// Targets under one indicator, as one figure.
#[Object]
impl IndicatorFigures {
    /// 目标值的含义；不能合为一个数的为 null。
    ///
    /// What reaching the target means; null where the targets cannot be one.
    #[graphql(directive = heading::apply("目标值的含义".into()))]
    async fn comparator(&self) -> Option<Comparator> {
        self.0.comparator.map(Into::into)
    }

    /// 目标值；不能合为一个数的为 null。
    ///
    /// How much was promised; null where the targets cannot be one.
    #[graphql(directive = heading::apply("目标值".into()))]
    async fn target(&self) -> Option<Decimal> {
        self.0.target.map(Decimal)
    }

    /// 完成数；没有被接受的填报的为 null。
    ///
    /// How much is achieved; null while nothing is accepted.
    #[graphql(directive = heading::apply("完成数".into()))]
    async fn achieved(&self) -> Option<Decimal> {
        self.0.achieved.map(Decimal)
    }

    /// 合并的目标数，“其中”项不计。
    ///
    /// How many targets are in it, parts of others left out.
    #[graphql(directive = heading::apply("合并的目标数".into()))]
    async fn target_count(&self) -> u64 {
        self.0.targets
    }

    /// 其中已有已接受的数的目标数。
    ///
    /// How many of them are reported.
    #[graphql(directive = heading::apply("其中已有已接受的数的目标数".into()))]
    async fn reported_count(&self) -> u64 {
        self.0.reported
    }

    /// 其中已完成的目标数：合计的完成率为 1，不等于每个目标都完成。
    ///
    /// How many of them are met: a completion of 1 in all does not say that each of them is.
    #[graphql(directive = heading::apply("其中已完成的目标数".into()))]
    async fn met_count(&self) -> u64 {
        self.0.met
    }

    /// 已报目标的目标值之和，即完成率的分母；都没有报的为 null。
    ///
    /// How much those promise that are reported, of which the completion is a share; null while none is.
    #[graphql(directive = heading::apply("已报目标的目标值之和".into()))]
    async fn reported_target(&self) -> Option<Decimal> {
        self.0.reported_target.map(Decimal)
    }

    /// 完成率，可超过 1；没有被接受的填报或没有完成率的为 null。
    ///
    /// Achieved ÷ what those promise that are reported, above 1 where more was done; null while none is, and where there is no completion.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.completion.as_ref().map(shown)
    }

    /// 为何不可比；可比的为 null。
    ///
    /// Why it cannot be compared; null where it can.
    #[graphql(directive = heading::apply("为何不可比".into()))]
    async fn not_comparable(&self, context: &Context<'_>) -> Option<Result<NotComparable>> {
        self.0.obstacle.map(|obstacle| NotComparable::told(context, obstacle))
    }
}

/// These tasks, in this order.
pub(in crate::graphql) async fn tasks(context: &Context<'_>, ids: &[entity::TaskId]) -> Result<Vec<Task>> {
    let tasks = ids.iter().map(|id| loader::required(context, *id));
    Ok(futures_util::future::try_join_all(tasks).await?.into_iter().map(Task::from).collect())
}

/// The choices of an argument, if they are few enough.
pub(in crate::graphql) fn few<T>(context: &Context<'_>, argument: &str, choices: Vec<T>) -> Result<Vec<T>> {
    let count = choices.len();
    if count <= CHOICES {
        return Ok(choices);
    }
    let message = Text::new(
        format!("一次至多选 {CHOICES} 项，收到 {count} 项。请分几次查询。"),
        format!("At most {CHOICES} choices at once, not {count}. Ask in several requests."),
    );
    Err(error::bad_input(context, argument, &message))
}

/// Queries for comparisons.
#[derive(Default)]
pub struct ComparisonQuery;

#[Object]
impl ComparisonQuery {
    /// 一个指标下各辖区的横向比较；没有这个指标则为 null。只比已印发且您可见的通知。
    ///
    /// Jurisdictions under an indicator; null if there is no such indicator. Notices that are issued and that you may see are compared.
    #[graphql(directive = heading::apply("一个指标下各辖区的横向比较".into()))]
    async fn comparison(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "指标代码。\n\nThe code of the indicator.")] indicator: String,
        #[graphql(desc = "年份；不写为有通知的全部年份。\n\nThe years; all that have a notice when left out.")] years: Option<Vec<i32>>,
        #[graphql(
            desc = "辖区代码，不含其下级；不写为全部辖区。\n\nThe codes of the jurisdictions, each without those below it; all when left out."
        )]
        jurisdictions: Option<Vec<String>>,
        #[graphql(desc = "截至哪一天，不晚于今天；不写为今天。\n\nAs of which date, not after today; today when left out.")] on: Option<
            Date,
        >,
    ) -> Option<Result<Comparison>> {
        let find = async {
            let inquiry = Inquiry::of(context)?;
            let on = not_after_today(context, on)?;
            let years = years.map(|years| few(context, "years", years)).transpose()?;
            let jurisdictions = match jurisdictions {
                Some(codes) => Some(jurisdiction::ids(context, "jurisdictions", &few(context, "jurisdictions", codes)?).await?),
                None => None,
            };
            let Some(indicator) = inquiry.visible.indicator_by_code(&indicator).await.or_fail(context)? else { return Ok(None) };
            let scope = Scope { years, jurisdictions };
            let look = inquiry.service.comparison(&inquiry.call, &inquiry.visible, &indicator, &scope, on);
            let mut found = inquiry.survey(context, look, price::READ_TASK, |comparison| comparison.judged).await?;
            inquiry.hold(std::mem::take(&mut found.held)).await;
            Ok(Some(Comparison { indicator, found }))
        };
        find.await.transpose()
    }
}
