//! Why something is no rule set.

use std::fmt;

use rust_decimal::Decimal;

use super::StatusLight;
use crate::domain::language::Text;

/// Why something is no rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSetProblem {
    /// It has no code, or no version from 1.
    Unnamed,
    /// Its bands are not green, yellow and red, or green and red, in this order: blue and grey are not measured.
    Lights,
    /// A band has two lower or two upper ends.
    TwoEnds(StatusLight),
    /// No number lies in a band.
    EmptyBand(StatusLight),
    /// A band has no end where another begins.
    OpenBetween(StatusLight),
    /// Numbers have no light: those between two ends, or all beyond one.
    Hole {
        /// After this number.
        from: Option<Decimal>,
        /// Before this one.
        to: Option<Decimal>,
    },
    /// Numbers have two lights.
    Overlap {
        /// From this number.
        from: Decimal,
        /// To this one.
        to: Decimal,
    },
    /// A task on schedule would not be green.
    OnScheduleNotGreen,
    /// A task without any progress would not be red.
    NeverRed,
    /// The tolerance of approximate targets is not within 0 and 50 percent.
    Tolerance,
}

impl RuleSetProblem {
    /// The fault and the remedy.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Unnamed => Text::new("规则须有代码和从 1 起的版本号，请补充。", "A rule set has a code and a version from 1: add them."),
            Self::Lights => Text::new(
                "分档须依次为 GREEN、YELLOW、RED（可省略 YELLOW）；蓝灯和灰灯不按数值判定，请勿列入。",
                "Bands are GREEN, YELLOW and RED in this order, YELLOW being optional; leave out blue and grey, which are not measured.",
            ),
            Self::TwoEnds(light) => of_light(light, |light, english| {
                Text::new(
                    format!("{light}一档的同一端写了两个界限，请保留一个。"),
                    format!("The {english} band has two limits at the same end: keep one."),
                )
            }),
            Self::EmptyBand(light) => of_light(light, |light, english| {
                Text::new(
                    format!("{light}一档不含任何数值，请更正界限。"),
                    format!("No number lies in the {english} band: correct its limits."),
                )
            }),
            Self::OpenBetween(light) => of_light(light, |light, english| {
                Text::new(
                    format!("{light}一档与相邻一档之间缺少界限，请补充。"),
                    format!("There is no limit between the {english} band and its neighbour: add it."),
                )
            }),
            Self::Hole { from, to } => Text::new(
                format!("{} 没有对应的灯，请补齐界限。", between(from, to, ["小于", "大于", "至", "之间"])),
                format!("No light for numbers {}: close the gap.", between(from, to, ["below ", "above ", " to ", ""])),
            ),
            Self::Overlap { from, to } => Text::new(
                format!("{from} 至 {to} 对应两种灯，请只归入一档。"),
                format!("Two lights for numbers {from} to {to}: leave them to one band."),
            ),
            Self::OnScheduleNotGreen => {
                Text::new("达到序时进度的任务必须为绿灯，请更正界限。", "Who is on schedule must be green: correct the limits.")
            }
            Self::Tolerance => Text::new(
                "约数的容差须在 0 至 50（百分数）之间，请更正。",
                "The tolerance of approximate targets is between 0 and 50 percent: correct it.",
            ),
            Self::NeverRed => {
                Text::new("全部未完成的任务必须为红灯，请更正界限。", "Who has done nothing of everything must be red: correct the limits.")
            }
        }
    }
}

/// A text that names a light in both languages.
fn of_light(light: StatusLight, text: impl FnOnce(String, String) -> Text) -> Text {
    let [chinese, english] = super::name(light).into_wordings();
    text(chinese, english.to_lowercase())
}

fn between(from: Option<Decimal>, to: Option<Decimal>, [below, above, and, within]: [&str; 4]) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from}{and}{to}{within}"),
        (None, Some(to)) => format!("{below}{to}"),
        (Some(from), None) => format!("{above}{from}"),
        (None, None) => String::new(),
    }
}

impl fmt::Display for RuleSetProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(formatter)
    }
}

impl std::error::Error for RuleSetProblem {}
