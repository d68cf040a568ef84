//! 分解落实: a target that is split over units, beside what each of them reports and what its own notice promises.

use async_graphql::{Context, Object, Result};
use chrono::NaiveDate;
use endpoint::heading;
use entity::{JurisdictionId, TargetId};
use futures_util::future::try_join_all;

use super::comparison::ComparisonRow;
use crate::{
    domain::{self, analysis::breakdown, notices::target::Target},
    graphql::{
        inquiry::Inquiry,
        loader::{self, AllocationsOf, RowsUnder},
        places::{
            jurisdiction::{self, Jurisdiction},
            unit::Unit,
        },
        progress::state::shown,
        scalar::{self, Decimal},
    },
};

/// A target that is split.
pub struct Breakdown {
    pub(in crate::graphql) target: Target,
    pub(in crate::graphql) year: i32,
    pub(in crate::graphql) on: NaiveDate,
    pub(in crate::graphql) jurisdiction_id: JurisdictionId,
    pub(in crate::graphql) found: breakdown::Breakdown,
}

/// 目标任务的分解落实情况：各单位的份额、填报数和差额，合计是否与目标相符，与其自身通知的重复之处。
///
/// How a target is split: each unit's share, what it reports and lacks; whether the shares make the target; and what its own notice promises of the same.
#[Object]
impl Breakdown {
    /// 有份额或填报数的各单位，按分工顺序。
    ///
    /// Every unit with a share or a figure, in the order of the assignments.
    #[graphql(directive = heading::apply("有份额或填报数的各单位".into()))]
    fn parts(&self, context: &Context<'_>) -> Result<Vec<BreakdownPart>> {
        Inquiry::of(context)?.spend(context, self.found.parts.len())?;
        let part = |part: &breakdown::Part| BreakdownPart {
            part: part.clone(),
            indicator_id: self.target.indicator_id,
            year: self.year,
            on: self.on,
            above: self.jurisdiction_id,
        };
        Ok(self.found.parts.iter().map(part).collect())
    }

    /// 份额合计；比率不相加，为 null。
    ///
    /// What the shares add up to; null of rates, which are not added.
    #[graphql(directive = heading::apply("份额合计".into()))]
    async fn allocated(&self) -> Option<Decimal> {
        self.found.allocated.map(Decimal)
    }

    /// 计入的填报数合计；比率不相加，为 null。
    ///
    /// What those reports add up to that are counted; null of rates.
    #[graphql(directive = heading::apply("计入的填报数合计".into()))]
    async fn reported(&self) -> Option<Decimal> {
        self.found.reported.map(Decimal)
    }

    /// 市本级：本级自己单位的份额之和，其余为下级的；没有分解的为 null。
    ///
    /// What the units of the same level answer for together, the rest being that of those below; null where nothing is split.
    #[graphql(directive = heading::apply("市本级".into()))]
    async fn own_part(&self, context: &Context<'_>) -> Option<Result<Decimal>> {
        own_part(context, &[self.target.id], self.jurisdiction_id).await.map(|part| part.map(Decimal)).transpose()
    }

    /// 有份额的单位数。
    ///
    /// How many units have a share.
    #[graphql(directive = heading::apply("有份额的单位数".into()))]
    async fn allocated_count(&self) -> usize {
        self.found.parts.iter().filter(|part| part.allocated.is_some()).count()
    }

    /// 已有被接受的数的单位数。
    ///
    /// How many units have reported.
    #[graphql(directive = heading::apply("已有被接受的数的单位数".into()))]
    async fn reported_count(&self) -> usize {
        self.found.parts.iter().filter(|part| part.reported.is_some()).count()
    }

    /// 份额合计减目标值。
    ///
    /// The shares together less the target.
    #[graphql(directive = heading::apply("份额合计减目标值".into()))]
    async fn difference(&self) -> Option<Decimal> {
        self.found.difference.map(Decimal)
    }

    /// 份额合计是否与目标相符：恰为的相等，不少于的不少于。
    ///
    /// Whether the shares make the target: exactly, or at least, as the target says.
    #[graphql(directive = heading::apply("份额合计是否与目标相符".into()))]
    async fn makes_the_target(&self) -> Option<bool> {
        self.found.makes_the_target
    }
}

/// What one unit answers for.
pub struct BreakdownPart {
    part: breakdown::Part,
    indicator_id: Option<entity::IndicatorId>,
    year: i32,
    on: NaiveDate,
    above: JurisdictionId,
}

/// 一个单位的份额与落实。
///
/// What one unit answers for and reports.
#[Object]
impl BreakdownPart {
    /// 单位。
    ///
    /// The unit.
    #[graphql(directive = heading::apply("单位".into()))]
    async fn unit(&self, context: &Context<'_>) -> Result<Unit> {
        Ok(loader::required(context, self.part.unit_id).await?.into())
    }

    /// 单位所属的下级辖区；本级单位的为 null。
    ///
    /// The jurisdiction below that the unit belongs to; null of a unit of the same level.
    #[graphql(directive = heading::apply("单位所属的下级辖区".into()))]
    async fn jurisdiction(&self, context: &Context<'_>) -> Option<Result<Jurisdiction>> {
        match self.below(context).await {
            Ok(below) => Some(jurisdiction::required(context, below?).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// 份额；没有分到的为 null。
    ///
    /// Its share; null where it was handed none.
    #[graphql(directive = heading::apply("份额".into()))]
    async fn allocated(&self) -> Option<Decimal> {
        self.part.allocated.map(Decimal)
    }

    /// 最近被接受的累计数；没有的为 null。
    ///
    /// Its latest accepted figure; null while nothing is accepted.
    #[graphql(directive = heading::apply("最近被接受的累计数".into()))]
    async fn reported(&self) -> Option<Decimal> {
        self.part.reported.map(Decimal)
    }

    /// 该数是否计入目标的完成数；不计入的只供核对。
    ///
    /// Whether that is in the figure of the target; if not, it stands beside it as a check.
    #[graphql(directive = heading::apply("该数是否计入目标的完成数".into()))]
    async fn counted(&self) -> bool {
        self.part.is_counted
    }

    /// 填报数 ÷ 份额，可超过 1；没有份额或尚未报的为 null。
    ///
    /// Reported ÷ allocated, above 1 where more was done; null without a share, and while nothing is accepted.
    #[graphql(directive = heading::apply("填报数 ÷ 份额".into()))]
    async fn completion(&self) -> Option<scalar::Share> {
        self.part.completion.as_ref().map(shown)
    }

    /// 还差多少：份额减填报数；负数为超额，没有份额或尚未报的为 null。
    ///
    /// What it still lacks: allocated less reported; below zero where more was done, null without a share, and while nothing is accepted.
    #[graphql(directive = heading::apply("还差多少".into()))]
    async fn gap(&self) -> Option<Decimal> {
        self.part.gap.map(Decimal)
    }

    /// 该辖区自身当年通知对同一指标的承诺，与份额重复，不可相加；没有的为 null。
    ///
    /// What the unit's own jurisdiction promises under the same indicator in its notice of that year. It overlaps with the share and is never added to it; null where there is none.
    #[graphql(directive = heading::apply("该辖区自身当年通知对同一指标的承诺".into()))]
    async fn own_promise(&self, context: &Context<'_>) -> Option<Result<ComparisonRow>> {
        let find = async {
            let (Some(indicator_id), Some(below)) = (self.indicator_id, self.below(context).await?) else { return Ok(None) };
            let rows = loader::list(context, RowsUnder { indicator_id, on: self.on }).await?;
            Ok(rows.iter().find(|row| row.jurisdiction_id == below && row.year == self.year).cloned().map(ComparisonRow))
        };
        find.await.transpose()
    }
}

impl BreakdownPart {
    /// The jurisdiction of the unit, unless it is the one whose target is split.
    async fn below(&self, context: &Context<'_>) -> Result<Option<JurisdictionId>> {
        let unit: domain::places::unit::Unit = loader::required(context, self.part.unit_id).await?;
        Ok((unit.jurisdiction_id != self.above).then_some(unit.jurisdiction_id))
    }
}

/// 市本级: what the units of a jurisdiction itself answer for of these targets; `None` where none of them is split. Rates have no sum.
pub(in crate::graphql) async fn own_part(
    context: &Context<'_>,
    targets: &[TargetId],
    jurisdiction_id: JurisdictionId,
) -> Result<Option<rust_decimal::Decimal>> {
    let known: Vec<Target> = try_join_all(targets.iter().map(|target| loader::required(context, *target))).await?;
    let adds_up = known.iter().filter(|target| !matches!(target.kind, entity::TargetKind::Rate | entity::TargetKind::Level));
    let shares = try_join_all(adds_up.map(|target| loader::list(context, AllocationsOf(target.id)))).await?.concat();
    let units: Vec<domain::places::unit::Unit> = try_join_all(shares.iter().map(|share| loader::required(context, share.unit_id))).await?;
    let own = shares.iter().zip(units).filter(|(_, unit)| unit.jurisdiction_id == jurisdiction_id).map(|(share, _)| share.value);
    let sum = own.fold(rust_decimal::Decimal::ZERO, rust_decimal::Decimal::saturating_add);
    Ok((!shares.is_empty()).then_some(sum))
}
