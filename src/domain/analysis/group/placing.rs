//! The groups, and the members of each.

use std::collections::{BTreeMap, HashMap};

use entity::{IndicatorId, JurisdictionId, ReportState, StatusLight, TopicId, UnitId};
use uuid::Uuid;

use crate::domain::{
    catalogue::{indicator::Indicator, topic::Topic},
    places::{jurisdiction::Tree, unit::Unit},
    progress::{period::Period, standing::Phase},
};

/// In how many groups members may be put by one request, one in several groups counted for each. Units by lead units of a task for
/// everybody would otherwise make more groups than memory holds.
pub const MOST_PLACES: usize = 500_000;

/// The common value of the members of a group in one respect. `None` is also a group, for members without a value: grouping loses no
/// member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The jurisdiction of the notice.
    Jurisdiction(JurisdictionId),
    /// A unit with a part in the task; that of the report.
    Unit(Option<UnitId>),
    /// A unit that leads the task.
    LeadUnit(Option<UnitId>),
    /// A topic of the task.
    Topic(Option<TopicId>),
    /// An indicator that a target of the task is under.
    Indicator(Option<IndicatorId>),
    /// The year of the notice.
    Year(i32),
    /// The light of the task.
    Light(StatusLight),
    /// How the task stands.
    Phase(Phase),
    /// Where the report stands.
    ReportState(ReportState),
    /// A month.
    Month(Period),
}

/// A group: the common values of its members, in the order of the request, and the numbers computed from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<F> {
    /// The common values.
    pub keys: Vec<Key>,
    /// The computed numbers.
    pub figures: F,
}

/// More places than one request may fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyPlaces;

/// Puts every member into each group that it belongs to. `keys` gives the values of a member in each respect, and the member is in the
/// group of every combination. A member that has nothing in some respect is in no group.
///
/// # Errors
/// The members have more than [`MOST_PLACES`] places.
pub fn groups<M>(members: &[M], keys: impl Fn(&M) -> Vec<Vec<Key>>) -> Result<BTreeMap<Vec<Key>, Vec<&M>>, TooManyPlaces> {
    let mut found: BTreeMap<Vec<Key>, Vec<&M>> = BTreeMap::new();
    let mut places = 0_usize;
    for member in members {
        let respects = keys(member);
        let here = respects.iter().fold(1_usize, |product, respect| product.saturating_mul(respect.len()));
        places = places.saturating_add(here);
        if places > MOST_PLACES {
            return Err(TooManyPlaces);
        }
        let combinations = respects.iter().fold(vec![Vec::new()], |combinations: Vec<Vec<Key>>, respect| {
            combinations.iter().flat_map(|known| respect.iter().map(|key| known.iter().copied().chain([*key]).collect())).collect()
        });
        for combination in combinations {
            found.entry(combination).or_default().push(member);
        }
    }
    Ok(found)
}

/// In which order groups stand: that of the catalogue, the official one of places and units, that of time.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    jurisdictions: HashMap<JurisdictionId, i32>,
    units: HashMap<UnitId, (i32, i32)>,
    topics: HashMap<TopicId, i32>,
    indicators: HashMap<IndicatorId, i32>,
}

/// A group without a value in some respect comes last. Groups of equal rank are ordered by their ids, so an order is the same each time.
type Rank = (bool, i32, i32, Uuid);

impl Ranks {
    /// The order of these.
    #[must_use]
    pub fn new<'a>(
        tree: &Tree,
        units: impl IntoIterator<Item = &'a Unit>,
        topics: impl IntoIterator<Item = &'a Topic>,
        indicators: impl IntoIterator<Item = &'a Indicator>,
    ) -> Self {
        let jurisdictions: HashMap<JurisdictionId, i32> = tree.all().iter().map(|place| (place.id, place.position)).collect();
        let place = |unit: &Unit| jurisdictions.get(&unit.jurisdiction_id).copied().unwrap_or(i32::MAX);
        Self {
            units: units.into_iter().map(|unit| (unit.id, (place(unit), unit.position))).collect(),
            topics: topics.into_iter().map(|topic| (topic.id, topic.position)).collect(),
            indicators: indicators.into_iter().map(|indicator| (indicator.id, indicator.position)).collect(),
            jurisdictions,
        }
    }

    /// The rank of each of a group's keys.
    #[must_use]
    pub fn of(&self, keys: &[Key]) -> Vec<Rank> {
        keys.iter().map(|key| self.rank(key)).collect()
    }

    fn rank(&self, key: &Key) -> Rank {
        let known = |rank: Option<&i32>, id: Uuid| (false, rank.copied().unwrap_or(i32::MAX), 0, id);
        let plain = |rank: i32, within: i32| (false, rank, within, Uuid::nil());
        match key {
            Key::Jurisdiction(id) => known(self.jurisdictions.get(id), id.0),
            Key::Unit(Some(id)) | Key::LeadUnit(Some(id)) => {
                let (place, position) = self.units.get(id).copied().unwrap_or((i32::MAX, i32::MAX));
                (false, place, position, id.0)
            }
            Key::Topic(Some(id)) => known(self.topics.get(id), id.0),
            Key::Indicator(Some(id)) => known(self.indicators.get(id), id.0),
            Key::Unit(None) | Key::LeadUnit(None) | Key::Topic(None) | Key::Indicator(None) => (true, 0, 0, Uuid::nil()),
            Key::Year(year) => plain(*year, 0),
            Key::Light(light) => plain(
                match light {
                    StatusLight::Blue => 0,
                    StatusLight::Green => 1,
                    StatusLight::Yellow => 2,
                    StatusLight::Red => 3,
                    StatusLight::Grey => 4,
                },
                0,
            ),
            Key::Phase(phase) => plain(*phase as i32, 0),
            Key::ReportState(state) => plain(
                match state {
                    ReportState::Draft => 0,
                    ReportState::Submitted => 1,
                    ReportState::Returned => 2,
                    ReportState::Accepted => 3,
                },
                0,
            ),
            Key::Month(month) => {
                plain(chrono::Datelike::year(&month.starts_on()), chrono::Datelike::month(&month.starts_on()).try_into().unwrap_or(0))
            }
        }
    }
}
