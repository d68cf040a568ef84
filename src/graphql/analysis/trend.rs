//! 趋势: how a figure grew, over the years and within each.

use async_graphql::{Context, Object, Result};
use endpoint::heading;

use super::comparison::ComparisonRow;
use crate::{
    domain::{self, analysis::trend::Point},
    graphql::{
        catalogue::indicator::Indicator,
        enumeration::Cadence,
        error::OrFail as _,
        inquiry::Inquiry,
        places::jurisdiction::{self, Jurisdiction},
        price,
        progress::state::shown,
        scalar::{self, Date, Decimal},
    },
    service::analysis::comparison as service,
};

/// How a figure grew.
pub struct Trend {
    indicator: domain::catalogue::indicator::Indicator,
    jurisdiction: domain::places::jurisdiction::Jurisdiction,
    years: Vec<service::TrendYear>,
}

/// 一个辖区在一个指标下历年和年内的变化。
///
/// How the figure of a jurisdiction under an indicator grew, over the years and within each.
#[Object]
impl Trend {
    /// 指标。
    ///
    /// The indicator.
    #[graphql(directive = heading::apply("指标".into()))]
    async fn indicator(&self) -> Indicator {
        self.indicator.clone().into()
    }

    /// 辖区。
    ///
    /// The jurisdiction.
    #[graphql(directive = heading::apply("辖区".into()))]
    async fn jurisdiction(&self) -> Jurisdiction {
        self.jurisdiction.clone().into()
    }

    /// 有这一项的各年。
    ///
    /// The years that have such an item.
    #[graphql(directive = heading::apply("有这一项的各年".into()))]
    fn years(&self, context: &Context<'_>) -> Result<Vec<TrendYear>> {
        Inquiry::of(context)?.spend(context, self.years.len())?;
        Ok(self.years.iter().cloned().map(TrendYear).collect())
    }
}

/// A year.
pub struct TrendYear(service::TrendYear);

/// 一年：与其他辖区并列的一行，和年内各期。
///
/// A year: its row beside the others, and the periods within.
#[Object]
impl TrendYear {
    /// 年份。
    ///
    /// The year.
    #[graphql(directive = heading::apply("年份".into()))]
    async fn year(&self) -> i32 {
        self.0.row.year
    }

    /// 当年在横向比较中的一行。
    ///
    /// Its row in the comparison.
    #[graphql(directive = heading::apply("当年在横向比较中的一行".into()))]
    async fn row(&self) -> ComparisonRow {
        ComparisonRow(self.0.row.clone())
    }

    /// 年内各期，至今为止。
    ///
    /// The periods of the year, until now.
    #[graphql(directive = heading::apply("年内各期".into()))]
    fn points(&self, context: &Context<'_>) -> Result<Vec<TrendPoint>> {
        Inquiry::of(context)?.spend(context, self.0.points.len())?;
        Ok(self.0.points.iter().cloned().map(TrendPoint).collect())
    }
}

/// How far a figure was at the end of a period.
pub struct TrendPoint(Point);

/// 一期期末的情况，据当日为止已接受的填报。
///
/// How far a figure was at the end of a period, by what was accepted by then.
#[Object]
impl TrendPoint {
    /// 期，例如 2024-04。
    ///
    /// The key of the period, such as 2024-04.
    #[graphql(directive = heading::apply("期".into()))]
    async fn period(&self) -> String {
        self.0.period.key()
    }

    /// 截至哪一天：期末，未到期末的为今天。
    ///
    /// As of which date: the period's end, or today before that.
    #[graphql(directive = heading::apply("截至哪一天".into()))]
    async fn on(&self) -> Date {
        Date(self.0.on)
    }

    /// 完成数；没有被接受的填报的为 null。
    ///
    /// How much was achieved; null while nothing was accepted.
    #[graphql(directive = heading::apply("完成数".into()))]
    async fn achieved(&self) -> Option<Decimal> {
        self.0.achieved.map(Decimal)
    }

    /// 目标数。
    ///
    /// How many targets there are.
    #[graphql(directive = heading::apply("目标数".into()))]
    async fn target_count(&self) -> u64 {
        self.0.targets
    }

    /// 其中到那天已有已接受的数的目标数。
    ///
    /// How many of them were reported by then.
    #[graphql(directive = heading::apply("其中到那天已有已接受的数的目标数".into()))]
    async fn reported_count(&self) -> u64 {
        self.0.reported
    }

    /// 完成率，可超过 1；没有被接受的填报或没有完成率的为 null。
    ///
    /// Achieved ÷ what those promise that were reported, above 1 where more was done; null while none was, and where there is no completion.
    #[graphql(directive = heading::apply("完成率".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.0.completion.as_ref().map(shown)
    }
}

/// Queries for trends.
#[derive(Default)]
pub struct TrendQuery;

#[Object]
impl TrendQuery {
    /// 一个辖区在一个指标下历年和年内的变化；没有这个指标或辖区则为 null。
    ///
    /// How the figure of a jurisdiction under an indicator grew; null if there is no such indicator or jurisdiction.
    #[graphql(directive = heading::apply("一个辖区在一个指标下历年和年内的变化".into()))]
    async fn trend(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "指标代码。\n\nThe code of the indicator.")] indicator: String,
        #[graphql(desc = "辖区代码。\n\nThe code of the jurisdiction.")] jurisdiction: String,
        #[graphql(desc = "年内按什么分期，不写为月。\n\nBy which periods a year is shown; by months when left out.")] cadence: Option<
            Cadence,
        >,
    ) -> Option<Result<Trend>> {
        let find = async {
            let inquiry = Inquiry::of(context)?;
            let cadence = cadence.map_or(entity::Cadence::Monthly, Into::into);
            let Some(jurisdiction) = jurisdiction::by_code(context, &jurisdiction).await? else { return Ok(None) };
            let Some(indicator) = inquiry.visible.indicator_by_code(&indicator).await.or_fail(context)? else { return Ok(None) };
            let look = inquiry.service.trend(&inquiry.call, &inquiry.visible, &indicator, jurisdiction.id, cadence);
            // Each point is a judgement of its own.
            let years = inquiry.survey(context, look, price::READ_TASK, |years| years.iter().map(|year| year.points.len()).sum()).await?;
            Ok(Some(Trend { indicator, jurisdiction, years }))
        };
        find.await.transpose()
    }
}
