//! The rule sets that come with the service. They are constants in code, so they are always there. A test reads them, and finds them
//! without a hole like any other.

use rust_decimal::Decimal;

use super::{
    RuleSet, StatusLight,
    rule_set::{Band, Edge, Gauge, Tolerance},
};
use crate::domain::{language::Text, progress::plan::Curve};

impl RuleSet {
    /// The rule sets that come with the service, the default first.
    #[must_use]
    pub fn built_in() -> [Self; 3] {
        [Self::gap_points(), Self::relative_shortfall(), Self::completion_bands()]
    }

    /// The default: points below the plan, less than 10 green, 10 to 30 yellow (银川's limits with its hole closed), more red.
    #[must_use]
    pub fn gap_points() -> Self {
        Self::first_version(
            "gap-points",
            Text::new("百分点差距", "Gap in percentage points"),
            Gauge::Gap,
            [
                Band { light: StatusLight::Green, lower: None, upper: Some(excluded(10)) },
                Band { light: StatusLight::Yellow, lower: Some(included(10)), upper: Some(included(30)) },
                Band { light: StatusLight::Red, lower: Some(excluded(30)), upper: None },
            ],
        )
    }

    /// 三亚: a task below the plan is yellow, and red if it is below by more than half of it.
    #[must_use]
    pub fn relative_shortfall() -> Self {
        Self::first_version(
            "relative-shortfall",
            Text::new("相对差距", "Relative shortfall"),
            Gauge::Shortfall,
            [
                Band { light: StatusLight::Green, lower: None, upper: Some(included(0)) },
                Band { light: StatusLight::Yellow, lower: Some(excluded(0)), upper: Some(included(50)) },
                Band { light: StatusLight::Red, lower: Some(excluded(50)), upper: None },
            ],
        )
    }

    /// 大足: red below 30 % done whatever the date, and blue on acceptance. Of its five colours three are measured here: its orange and
    /// yellow are one, up to 60 %.
    #[must_use]
    pub fn completion_bands() -> Self {
        Self::first_version(
            "completion-bands",
            Text::new("完成率分档", "Bands of completion"),
            Gauge::Completion,
            [
                Band { light: StatusLight::Green, lower: Some(included(60)), upper: None },
                Band { light: StatusLight::Yellow, lower: Some(included(30)), upper: Some(excluded(60)) },
                Band { light: StatusLight::Red, lower: None, upper: Some(excluded(30)) },
            ],
        )
    }

    fn first_version(code: &str, name: Text, gauge: Gauge, bands: [Band; 3]) -> Self {
        Self {
            code: code.into(),
            version: 1,
            name,
            gauge,
            curve: Curve::OwnPlan,
            bands: bands.into(),
            about_tolerance: Tolerance::default(),
        }
    }
}

impl Default for RuleSet {
    fn default() -> Self {
        Self::gap_points()
    }
}

fn included(percent: u32) -> Edge {
    Edge { at: Decimal::from(percent), is_included: true }
}

fn excluded(percent: u32) -> Edge {
    Edge { at: Decimal::from(percent), is_included: false }
}
