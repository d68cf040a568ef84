//! 横向比较、趋势: what jurisdictions promise and deliver under an indicator.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{Cadence, IndicatorId, JurisdictionId, NoticeId};

use crate::{
    domain::{
        analysis::{
            comparison::{self, Absence, Item, Row},
            trend::{self, Point},
        },
        catalogue::indicator::Indicator,
        progress::dossier::{Dossier, Reckoning},
    },
    service::{
        Call, Refusal, Service,
        progress::{
            held::Held,
            state::{judged, reckoning},
        },
    },
    store::{StoreError, Visible},
};

/// What is compared; what is left out is not narrowed.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The years.
    pub years: Option<Vec<i32>>,
    /// The jurisdictions, each for itself and not for those below it.
    pub jurisdictions: Option<Vec<JurisdictionId>>,
}

/// Jurisdictions under an indicator.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// As of which date.
    pub on: NaiveDate,
    /// Those that have such an item, in the official order and by year.
    pub rows: Vec<Row>,
    /// Those that have none.
    pub absent: Vec<Absence>,
    /// How many tasks were judged.
    pub judged: usize,
    /// What was read for them.
    pub held: Held,
}

/// A year of a jurisdiction under an indicator.
#[derive(Clone, Debug)]
pub struct TrendYear {
    /// The year, beside the others.
    pub row: Row,
    /// How its figure grew.
    pub points: Vec<Point>,
}

impl Service {
    /// Who promises what under an indicator, and who has no such item.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn comparison(
        &self,
        call: &Call,
        visible: &Visible,
        indicator: &Indicator,
        scope: &Scope,
        on: Option<NaiveDate>,
    ) -> Result<Comparison, Refusal> {
        let (dossiers, reckoning) = self.under(call, visible, &[indicator.id]).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        let tree = visible.jurisdictions().await?;
        let mut rows = rows(visible, indicator, dossiers.iter().collect(), on, &reckoning).await?;
        let mut notices = visible.notices_in_force().await?;
        let held = Held::by(&dossiers).with_notices(&notices);
        notices.retain(|notice| notice.is_issued_by(on));
        let places: Vec<JurisdictionId> = match &scope.jurisdictions {
            Some(chosen) => tree.all().iter().map(|jurisdiction| jurisdiction.id).filter(|id| chosen.contains(id)).collect(),
            None => tree.all().iter().map(|jurisdiction| jurisdiction.id).collect(),
        };
        let years: BTreeSet<i32> = match &scope.years {
            Some(years) => years.iter().copied().collect(),
            None => notices.iter().map(|notice| notice.year).collect(),
        };
        let absent = comparison::absent(&rows, &notices, &places, &years);
        rows.retain(|row| places.contains(&row.jurisdiction_id) && years.contains(&row.year));
        Ok(Comparison { on, rows, absent, judged: dossiers.len(), held })
    }

    /// How the figure of a jurisdiction under an indicator grew, over the years and over the periods of each.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn trend(
        &self,
        call: &Call,
        visible: &Visible,
        indicator: &Indicator,
        jurisdiction: JurisdictionId,
        cadence: Cadence,
    ) -> Result<Vec<TrendYear>, Refusal> {
        let (dossiers, reckoning) = self.under(call, visible, &[indicator.id]).await?;
        let today = reckoning.today();
        let mut rows = rows(visible, indicator, dossiers.iter().collect(), today, &reckoning).await?;
        rows.retain(|row| row.jurisdiction_id == jurisdiction);
        let mut by_notice: HashMap<NoticeId, Vec<&Dossier>> = HashMap::new();
        for dossier in &dossiers {
            by_notice.entry(dossier.notice.id).or_default().push(dossier);
        }
        let year = |row: Row| {
            let of_notice = by_notice.get(&row.notice_id).map(Vec::as_slice).unwrap_or_default();
            let points = trend::points(indicator, of_notice, row.year, cadence, today, &reckoning).map_err(StoreError::from)?;
            Ok(TrendYear { row, points })
        };
        rows.into_iter().map(year).collect()
    }

    async fn under(&self, call: &Call, visible: &Visible, indicators: &[IndicatorId]) -> Result<(Vec<Dossier>, Reckoning), Refusal> {
        Ok(under(visible, self.zone, call.occasion.at, indicators).await?)
    }
}

/// All rows under each of these indicators, as of a date.
///
/// # Errors
/// A statement failed.
pub async fn rows_under(
    visible: &Visible,
    zone: Tz,
    now: DateTime<Utc>,
    indicators: &[IndicatorId],
    on: NaiveDate,
) -> Result<HashMap<IndicatorId, Vec<Row>>, StoreError> {
    let (dossiers, reckoning) = under(visible, zone, now, indicators).await?;
    let mut found = HashMap::new();
    for (id, indicator) in visible.indicators_by_id(indicators).await? {
        let is_of = |dossier: &&Dossier| dossier.goals.iter().any(|goal| goal.target().indicator_id == Some(id));
        found.insert(id, rows(visible, &indicator, dossiers.iter().filter(is_of).collect(), on, &reckoning).await?);
    }
    Ok(found)
}

async fn under(
    visible: &Visible,
    zone: Tz,
    now: DateTime<Utc>,
    indicators: &[IndicatorId],
) -> Result<(Vec<Dossier>, Reckoning), StoreError> {
    let dossiers = visible.dossiers_under_indicators(indicators).await?;
    let reckoning = reckoning(visible, zone, now, dossiers.iter()).await?;
    Ok((dossiers, reckoning))
}

async fn rows(
    visible: &Visible,
    indicator: &Indicator,
    mut dossiers: Vec<&Dossier>,
    on: NaiveDate,
    reckoning: &Reckoning,
) -> Result<Vec<Row>, StoreError> {
    let tree = visible.jurisdictions().await?;
    // What was promised later is no promise of that day.
    dossiers.retain(|dossier| dossier.notice.is_issued_by(on));
    let judged = judged(dossiers, on, reckoning).await?;
    let items: Vec<Item<'_>> = judged.iter().map(|(dossier, state)| Item { dossier, state }).collect();
    Ok(comparison::rows(indicator, &tree, &items)?)
}
