//! 亮灯规则: versioned data of a jurisdiction. Each is a row of bands over one measured number, written as notices print them. A row is
//! rejected if a number would have no light, or two. Example: 银川 prints yellow from 10 to 30 points and red above, and leaves 0 to 10
//! open.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{RuleSetProblem, StatusLight};
use crate::domain::{language::Text, progress::plan::Curve, share::Share};

/// The measure of a rule set, always in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gauge {
    /// 差距: planned − completion, in percentage points.
    Gap,
    /// 相对差距: (planned − completion) ÷ planned; `None` while the planned share is zero.
    Shortfall,
    /// 完成率: completion alone, whatever the date.
    Completion,
}

/// An end of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The percentage.
    pub at: Decimal,
    /// Whether it is in the band itself.
    pub is_included: bool,
}

/// The numbers that get one light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The light.
    pub light: StatusLight,
    /// Where it begins; `None` where nothing is too small.
    pub lower: Option<Edge>,
    /// Where it ends; `None` where nothing is too large.
    pub upper: Option<Edge>,
}

/// A version of a jurisdiction's rules. Made by reading its written form, so that one with a hole does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct RuleSet {
    pub(super) code: String,
    pub(super) version: u32,
    pub(super) name: Text,
    pub(super) gauge: Gauge,
    pub(super) curve: Curve,
    /// From the best light to the worst.
    pub(super) bands: Vec<Band>,
    /// How much below an approximate target is still met.
    pub(super) about_tolerance: Tolerance,
}

/// 约数的容差: how far below its value an approximate target (`ABOUT`) is met, in percent of it. Downward alone: more is never less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance(Decimal);

impl Tolerance {
    /// The most that it may be.
    pub const MOST: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

    /// A tolerance; `None` below nothing and above [`Self::MOST`].
    #[must_use]
    pub fn new(percent: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Self::MOST).contains(&percent).then_some(Self(percent))
    }

    /// In percent.
    #[must_use]
    pub fn percent(self) -> Decimal {
        self.0
    }

    /// The share from which on an approximate target is met.
    #[must_use]
    pub fn met_from(self) -> Share {
        Share::whole().minus(&Share::from_percent(self.0))
    }
}

/// 5 %, unless a rule set says otherwise.
impl Default for Tolerance {
    fn default() -> Self {
        Self(Decimal::from_parts(5, 0, 0, false, 0))
    }
}

fn usual_tolerance() -> Decimal {
    Tolerance::default().percent()
}

/// How a rule set is stored and exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Written {
    /// A slug that stays the same in all versions.
    pub code: String,
    /// Which version, from 1. A version that has judged is never changed: there is a next one.
    pub version: u32,
    /// Its name in Chinese.
    pub name: String,
    /// Its name in English.
    pub name_english: String,
    /// Its measure.
    pub gauge: Gauge,
    /// By which curve something is planned.
    pub curve: Curve,
    /// From `GREEN` to `RED`.
    pub bands: Vec<WrittenBand>,
    /// How much below an approximate target is still met, in percent; the usual where a version was written before there was one.
    #[serde(default = "usual_tolerance")]
    pub about_tolerance: Decimal,
}

/// A band as it is stored: at most one lower and one upper end, percentages as decimal strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrittenBand {
    /// The light.
    pub light: StatusLight,
    /// 以上（含）: from this number on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    /// 超过: above this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    /// 以下（含）: up to this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Decimal>,
    /// 不足: below this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Decimal>,
}

impl RuleSet {
    /// The part that is the same in all its versions.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Which version, from 1.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Text {
        &self.name
    }

    /// Its measure.
    #[must_use]
    pub fn gauge(&self) -> Gauge {
        self.gauge
    }

    /// By which curve something is planned.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// How far below its value an approximate target is met.
    #[must_use]
    pub fn about_tolerance(&self) -> Tolerance {
        self.about_tolerance
    }

    /// Its bands, from the best light to the worst.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The band that a number lies in. The last one takes the numbers that no other has, which are exactly those within it: see [`tiles`].
    pub(super) fn band(&self, measured: &Share) -> Option<&Band> {
        self.bands.iter().find(|band| band.contains(measured)).or(self.bands.last())
    }

    /// The end of the green band.
    pub(super) fn green_edge(&self) -> Option<Edge> {
        let green = self.bands.first()?;
        match self.gauge {
            Gauge::Gap | Gauge::Shortfall => green.upper,
            Gauge::Completion => green.lower,
        }
    }

    /// The numbers at which the light changes.
    pub(super) fn thresholds(&self) -> Vec<Decimal> {
        self.bands.iter().flat_map(|band| [band.lower, band.upper]).flatten().map(|edge| edge.at).collect()
    }
}

impl Band {
    /// Whether a number lies in it.
    #[must_use]
    pub fn contains(&self, measured: &Share) -> bool {
        let from_below = self.lower.is_none_or(|edge| match measured.cmp(&Share::from_percent(edge.at)) {
            Ordering::Less => false,
            Ordering::Equal => edge.is_included,
            Ordering::Greater => true,
        });
        let from_above = self.upper.is_none_or(|edge| match measured.cmp(&Share::from_percent(edge.at)) {
            Ordering::Less => true,
            Ordering::Equal => edge.is_included,
            Ordering::Greater => false,
        });
        from_below && from_above
    }

    fn is_empty(&self) -> bool {
        self.lower
            .zip(self.upper)
            .is_some_and(|(lower, upper)| lower.at > upper.at || (lower.at == upper.at && !(lower.is_included && upper.is_included)))
    }

    /// In words, as a condition on the measure: `10 至 30`.
    pub(super) fn text(&self) -> Text {
        let plain = |edge: &Edge| edge.at.normalize();
        match (&self.lower, &self.upper) {
            (None, None) => Text::new("任意值", "anything"),
            (Some(lower), None) if lower.is_included => Text::new(format!("{} 及以上", plain(lower)), format!("{} or more", plain(lower))),
            (Some(lower), None) => Text::new(format!("超过 {}", plain(lower)), format!("more than {}", plain(lower))),
            (None, Some(upper)) if upper.is_included => Text::new(format!("{} 及以下", plain(upper)), format!("{} or less", plain(upper))),
            (None, Some(upper)) => Text::new(format!("不足 {}", plain(upper)), format!("less than {}", plain(upper))),
            (Some(lower), Some(upper)) => {
                let (not_lower, without_lower) = if lower.is_included { ("", "") } else { ("（不含）", " (excluded)") };
                let (not_upper, without_upper) = if upper.is_included { ("", "") } else { ("（不含）", " (excluded)") };
                let (lower, upper) = (plain(lower), plain(upper));
                Text::new(format!("{lower}{not_lower} 至 {upper}{not_upper}"), format!("{lower}{without_lower} to {upper}{without_upper}"))
            }
        }
    }
}

impl TryFrom<Written> for RuleSet {
    type Error = RuleSetProblem;

    fn try_from(written: Written) -> Result<Self, RuleSetProblem> {
        if written.code.trim().is_empty() || written.version == 0 {
            return Err(RuleSetProblem::Unnamed);
        }
        let about_tolerance = Tolerance::new(written.about_tolerance).ok_or(RuleSetProblem::Tolerance)?;
        let bands = written.bands.iter().map(Band::try_from).collect::<Result<Vec<_>, _>>()?;
        let lights: Vec<StatusLight> = bands.iter().map(|band| band.light).collect();
        if !matches!(
            lights.as_slice(),
            [StatusLight::Green, StatusLight::Yellow, StatusLight::Red] | [StatusLight::Green, StatusLight::Red]
        ) {
            return Err(RuleSetProblem::Lights);
        }
        let mut rising = bands.clone();
        if written.gauge == Gauge::Completion {
            rising.reverse();
        }
        tiles(&rising)?;
        let rule_set = Self {
            code: written.code,
            version: written.version,
            name: Text::new(written.name, written.name_english),
            gauge: written.gauge,
            curve: written.curve,
            bands,
            about_tolerance,
        };
        // 达序时进度 is completion ≥ planned share; a task that meets it gets no warning.
        let (on_schedule, nothing_done) = match written.gauge {
            Gauge::Gap | Gauge::Shortfall => (Share::nothing(), Share::whole()),
            Gauge::Completion => (Share::whole(), Share::nothing()),
        };
        let light = |measured: &Share| rule_set.band(measured).map(|band| band.light);
        if light(&on_schedule) != Some(StatusLight::Green) {
            return Err(RuleSetProblem::OnScheduleNotGreen);
        }
        if light(&nothing_done) != Some(StatusLight::Red) {
            return Err(RuleSetProblem::NeverRed);
        }
        Ok(rule_set)
    }
}

impl From<RuleSet> for Written {
    fn from(rule_set: RuleSet) -> Self {
        let bands = rule_set.bands.iter().map(WrittenBand::from).collect();
        let [name, name_english] = rule_set.name.into_wordings();
        let RuleSet { code, version, gauge, curve, about_tolerance, .. } = rule_set;
        Self { code, version, name, name_english, gauge, curve, bands, about_tolerance: about_tolerance.percent() }
    }
}

impl TryFrom<&WrittenBand> for Band {
    type Error = RuleSetProblem;

    fn try_from(written: &WrittenBand) -> Result<Self, RuleSetProblem> {
        let edge = |included: Option<Decimal>, excluded: Option<Decimal>| match (included, excluded) {
            (Some(_), Some(_)) => Err(RuleSetProblem::TwoEnds(written.light)),
            (Some(at), None) => Ok(Some(Edge { at, is_included: true })),
            (None, Some(at)) => Ok(Some(Edge { at, is_included: false })),
            (None, None) => Ok(None),
        };
        let band = Self { light: written.light, lower: edge(written.from, written.above)?, upper: edge(written.up_to, written.below)? };
        if band.is_empty() { Err(RuleSetProblem::EmptyBand(written.light)) } else { Ok(band) }
    }
}

impl From<&Band> for WrittenBand {
    fn from(band: &Band) -> Self {
        let with = |edge: Option<Edge>, is_included: bool| edge.filter(|edge| edge.is_included == is_included).map(|edge| edge.at);
        Self {
            light: band.light,
            from: with(band.lower, true),
            above: with(band.lower, false),
            up_to: with(band.upper, true),
            below: with(band.upper, false),
        }
    }
}

/// Whether bands in rising order cover every number once. They begin and end open. Each begins where the one below it ends, on a number
/// that belongs to exactly one of the two.
fn tiles(rising: &[Band]) -> Result<(), RuleSetProblem> {
    if let Some(first) = rising.first().and_then(|band| band.lower) {
        return Err(RuleSetProblem::Hole { from: None, to: Some(first.at) });
    }
    if let Some(last) = rising.last().and_then(|band| band.upper) {
        return Err(RuleSetProblem::Hole { from: Some(last.at), to: None });
    }
    for (below, above) in rising.iter().zip(rising.iter().skip(1)) {
        // An open end between two bands covers the other as well.
        let (Some(end), Some(begin)) = (below.upper, above.lower) else { return Err(RuleSetProblem::OpenBetween(above.light)) };
        match (end.at.cmp(&begin.at), end.is_included, begin.is_included) {
            (Ordering::Less, _, _) | (Ordering::Equal, false, false) => {
                return Err(RuleSetProblem::Hole { from: Some(end.at), to: Some(begin.at) });
            }
            (Ordering::Greater, _, _) | (Ordering::Equal, true, true) => {
                return Err(RuleSetProblem::Overlap { from: begin.at, to: end.at });
            }
            (Ordering::Equal, _, _) => {}
        }
    }
    Ok(())
}
