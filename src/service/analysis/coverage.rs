//! 覆盖: the map of who does what.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{JurisdictionId, TaskId};

use crate::{
    domain::{
        analysis::{
            comparison::Item,
            coverage::{self, Map, Row},
        },
        catalogue::{indicator::Indicator, topic::Topic},
    },
    service::{
        Call, Refusal, Service,
        progress::state::{judged, reckoning},
    },
    store::{StoreError, Visible},
};

/// What every jurisdiction below a root does, by topics and indicators.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// As of which date.
    pub on: NaiveDate,
    /// The topics, in the order of the catalogue.
    pub topics: Vec<Topic>,
    /// The indicators, in the order of the catalogue.
    pub indicators: Vec<Indicator>,
    /// Every jurisdiction in every year.
    pub rows: Vec<Row>,
    /// How many tasks were judged.
    pub judged: usize,
}

impl Service {
    /// What a jurisdiction and all below it do in some years, in each topic, and under each indicator where that is asked for.
    ///
    /// # Errors
    /// A fault of ours.
    pub async fn coverage(
        &self,
        call: &Call,
        visible: &Visible,
        root: JurisdictionId,
        years: &BTreeSet<i32>,
        by_indicator: bool,
        on: Option<NaiveDate>,
    ) -> Result<Coverage, Refusal> {
        let tree = visible.jurisdictions().await?;
        let within = tree.subtree(root);
        let places: Vec<JurisdictionId> = tree.all().iter().map(|jurisdiction| jurisdiction.id).filter(|id| within.contains(id)).collect();
        let wanted: Vec<i32> = years.iter().copied().collect();
        let dossiers = visible.dossiers_of_places(&places, &wanted).await?;
        let reckoning = reckoning(visible, self.zone, call.occasion.at, dossiers.iter()).await?;
        let on = on.unwrap_or_else(|| reckoning.today());
        // What was promised later is no promise of that day.
        let promised = dossiers.iter().filter(|dossier| dossier.notice.is_issued_by(on)).collect();
        let judged = judged(promised, on, &reckoning).await?;
        let items: Vec<Item<'_>> = judged.iter().map(|(dossier, state)| Item { dossier, state }).collect();
        let tasks: Vec<TaskId> = judged.iter().map(|(dossier, _)| dossier.task.id).collect();
        let (topics, indicators) = (visible.topics().await?, visible.indicators().await?);
        let mut notices = visible.notices_in_force().await?;
        notices.retain(|notice| notice.is_issued_by(on));
        let topics_of = visible.topics_of_tasks(&tasks).await?.into_iter().collect();
        let map = Map { places: &places, years, topics: &topics, indicators: if by_indicator { &indicators } else { &[] } };
        let rows = coverage::rows(&map, &notices, &items, &topics_of).map_err(StoreError::from)?;
        Ok(Coverage { on, rows, topics, indicators, judged: judged.len() })
    }
}
