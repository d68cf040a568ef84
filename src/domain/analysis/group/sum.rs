//! 合计: the sums of targets that add up. A wrong sum is worse than a missing one, so each reason for a missing sum has a name.

use std::collections::BTreeSet;

use entity::{Aggregation, IndicatorId, JurisdictionId, TargetKind};
use rust_decimal::Decimal;

use crate::domain::{
    analysis::comparison::{Counted, counted},
    language::Text,
    places::jurisdiction::Tree,
    progress::{
        completion::{Measure, TaskCompletion},
        dossier::Dossier,
    },
    share::Share,
};

/// A target that counts under an indicator, as it is added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addend {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// The kind of figure.
    pub kind: TargetKind,
    /// How figures become one.
    pub aggregation: Aggregation,
    /// The meaning of reaching it.
    pub measure: Measure,
    /// How much was promised.
    pub value: Decimal,
    /// How much is achieved; `None` while nobody has reported.
    pub achieved: Option<Decimal>,
    /// Whether it is met; `None` while that is not known.
    pub met: Option<bool>,
}

/// The place and the year of the promise that is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise<'a> {
    /// The jurisdiction of the notice.
    pub jurisdiction_id: JurisdictionId,
    /// Its year.
    pub year: i32,
    /// The targets of a task.
    pub addends: &'a [Addend],
}

/// The sum of targets of one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The indicator.
    pub indicator_id: IndicatorId,
    /// How many targets were added up.
    pub targets: u64,
    /// How much was promised.
    pub promised: Decimal,
    /// How many of them are reported.
    pub reported: u64,
    /// How many of them are met.
    pub met: u64,
    /// How much those promise that are reported, of which the completion is a share.
    pub reported_promised: Decimal,
    /// How much is achieved; `None` while nobody has reported on any.
    pub achieved: Option<Decimal>,
}

/// Why targets are not added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoSum {
    /// They are not of one indicator: different things have no sum.
    SeveralIndicators,
    /// None of a notice that is in force is under the indicator.
    Nothing,
    /// A rate, a level or a price: it has a latest figure, and no sum.
    NotAdditive,
    /// 上限: a ceiling or a term, which nobody sets out to reach.
    NotToReach,
    /// A place and one below it: the upper figure holds the lower one already.
    CityAndDistricts,
    /// 惠及 in several years: the same people would be counted once a year.
    SeveralYears,
    /// More than a decimal holds.
    TooLarge,
}

impl Sum {
    /// Achieved of what those promise that are reported, uncapped; `None` while nobody has reported.
    #[must_use]
    pub fn completion(&self) -> Option<Share> {
        Share::of(self.achieved?, self.reported_promised)
    }
}

impl NoSum {
    /// Why, for people.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::SeveralIndicators => Text::new(
                "不是同一指标的目标不能相加：请按 INDICATOR 分组，或用 filter.indicator 只选一个指标。",
                "Targets of different indicators are not added up: group by INDICATOR, or choose one by `filter.indicator`.",
            ),
            Self::Nothing => Text::new("没有生效通知的目标属于该指标。", "No target of a notice in force is under the indicator."),
            Self::NotAdditive => Text::new(
                "该指标是比率、总数或标准，只有最新值，不能相加。",
                "The indicator is a rate, a level or a standard: it has a latest figure, and no sum.",
            ),
            Self::NotToReach => {
                Text::new("其中有上限或条款，不是要完成的量。", "A ceiling or a term is among them, which is nothing to reach.")
            }
            Self::CityAndDistricts => Text::new(
                "既有上级又有下级：上级的数已包含下级的数。请用 filter.jurisdiction 只选一级。",
                "A place and one below it are among them, and the upper figure holds the lower one: choose one level by `filter.jurisdiction`.",
            ),
            Self::SeveralYears => Text::new(
                "惠及人数跨年相加会重复计算同一批人：请按 YEAR 分组，或只选一年。",
                "Over several years the same people would be counted once a year: group by YEAR, or choose one.",
            ),
            Self::TooLarge => Text::new("合计过大。", "The sum is too large."),
        }
    }
}

impl Addend {
    /// The targets of a task that count under indicators. A target that is part of another under the same indicator is already in that
    /// one's figure.
    #[must_use]
    pub fn of_task(dossier: &Dossier, completion: &TaskCompletion) -> Vec<Self> {
        let indicators: BTreeSet<IndicatorId> = dossier.goals.iter().filter_map(|goal| goal.target().indicator_id).collect();
        let addend = |indicator_id: IndicatorId, counted: Counted<'_>| {
            let target = counted.goal.target();
            Self {
                indicator_id,
                kind: target.kind,
                aggregation: counted.goal.aggregation(),
                measure: counted.goal.measure(),
                value: target.value,
                achieved: counted.completion.achieved,
                met: counted.completion.met,
            }
        };
        indicators.into_iter().flat_map(|id| counted(id, dossier, completion).into_iter().map(move |counted| addend(id, counted))).collect()
    }
}

/// The sum of promises of notices in force under an indicator.
///
/// # Errors
/// Why they do not.
pub fn sum<'a>(indicator: Option<IndicatorId>, promises: impl IntoIterator<Item = Promise<'a>>, tree: &Tree) -> Result<Sum, NoSum> {
    let indicator_id = indicator.ok_or(NoSum::SeveralIndicators)?;
    let mut sum =
        Sum { indicator_id, targets: 0, promised: Decimal::ZERO, reported: 0, met: 0, reported_promised: Decimal::ZERO, achieved: None };
    let (mut places, mut years) = (BTreeSet::new(), BTreeSet::new());
    let mut is_coverage = false;
    for promise in promises {
        for addend in promise.addends.iter().filter(|addend| addend.indicator_id == indicator_id) {
            if addend.aggregation != Aggregation::Sum || matches!(addend.kind, TargetKind::Rate | TargetKind::Level) {
                return Err(NoSum::NotAdditive);
            }
            if addend.measure != Measure::Progress {
                return Err(NoSum::NotToReach);
            }
            places.insert(promise.jurisdiction_id);
            years.insert(promise.year);
            is_coverage |= addend.kind == TargetKind::Coverage;
            sum.targets = sum.targets.saturating_add(1);
            sum.met = sum.met.saturating_add(u64::from(addend.met == Some(true)));
            sum.promised = sum.promised.checked_add(addend.value).ok_or(NoSum::TooLarge)?;
            if let Some(achieved) = addend.achieved {
                sum.reported = sum.reported.saturating_add(1);
                sum.reported_promised = sum.reported_promised.checked_add(addend.value).ok_or(NoSum::TooLarge)?;
                sum.achieved = Some(sum.achieved.unwrap_or_default().checked_add(achieved).ok_or(NoSum::TooLarge)?);
            }
        }
    }
    if sum.targets == 0 {
        return Err(NoSum::Nothing);
    }
    if places.iter().any(|place| is_below_any(*place, &places, tree)) {
        return Err(NoSum::CityAndDistricts);
    }
    if is_coverage && years.len() > 1 {
        return Err(NoSum::SeveralYears);
    }
    Ok(sum)
}

/// Whether one of the places is above this one. This holds whatever the years. A district's promise of last year is in no figure of the
/// city for this year. But a total over the two levels belongs to neither.
fn is_below_any(place: JurisdictionId, places: &BTreeSet<JurisdictionId>, tree: &Tree) -> bool {
    let above = |id: JurisdictionId| tree.by_id(id).and_then(|known| known.parent_id);
    // No more steps than there are places, so that even a broken table ends.
    std::iter::successors(above(place), |id| above(*id)).take(tree.all().len()).any(|upper| places.contains(&upper))
}
