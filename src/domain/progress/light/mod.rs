//! 红黄绿灯: where a task stands, by the rules of its jurisdiction, and why.

mod built_in;
mod judge;
mod problem;
mod proof;
mod remedy;
mod rule_set;

use chrono::NaiveDate;
pub use entity::StatusLight;

pub use judge::judge;
pub use problem::RuleSetProblem;
pub use proof::{Proof, Step};
pub use remedy::{FigureNeed, Need};
pub use rule_set::{Band, Edge, Gauge, RuleSet, Tolerance, Written, WrittenBand};

use super::{completion::TaskCompletion, plan::Plan};
use crate::domain::language::Text;

/// So many due reports missing in a row make a light stale.
pub const STALE_AFTER: u32 = 2;

/// After so many due reports silence is no shelter: what nobody has reported by then keeps a light from grey and from green.
pub const UNANSWERED_AFTER: u32 = 2;

/// Whether work on a task goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 在办.
    Open,
    /// 暂停.
    Suspended,
    /// 办结: the office accepted on this date that it is done.
    Closed(NaiveDate),
}

/// The inputs of a light, all as of one date.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Whether work goes on.
    pub standing: Standing,
    /// The completion, by the reports accepted by then.
    pub completion: &'a TaskCompletion,
    /// The planned share.
    pub plan: &'a Plan,
    /// How many of the reports that were due by then are missing, counted back from the last due one to one that is there. Always 0
    /// where the light is for the public, which does not know of reports that are not accepted.
    pub missing_in_a_row: u32,
    /// How many reports had fallen due by then, whether they came or not. It follows from public facts alone.
    pub due: u32,
}

/// A light and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The light.
    pub light: StatusLight,
    /// Whether two or more due reports in a row are missing, so that the light may show an old state.
    pub is_stale: bool,
    /// Why.
    pub proof: Proof,
}

/// The common name of a light.
#[must_use]
pub fn name(light: StatusLight) -> Text {
    match light {
        StatusLight::Blue => Text::new("蓝灯", "Blue"),
        StatusLight::Green => Text::new("绿灯", "Green"),
        StatusLight::Yellow => Text::new("黄灯", "Yellow"),
        StatusLight::Red => Text::new("红灯", "Red"),
        StatusLight::Grey => Text::new("灰灯", "Grey"),
    }
}

#[cfg(test)]
mod tests;
